"""Taking in a 附件2 that a unit of the next level sent, as paper or PDF: typed in and compared."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.errors import Invalid, Problem
from app.services import accounts
from app.services.unit_readiness import UnitReadiness
from app.views.desk import Desk
from app.views.parts import annex2
from app.views.parts.basic import boxed, button, column, label, row, scrolled
from app.views.parts.fields import ChoiceControl, Faults, FieldRow
from app.views.parts.notice import Notice
from app.words import tr


class TakeIn(QDialog):
    """The fields of the paper. It stays open, with all that was typed, until the form is taken in."""

    taken = Signal(str)
    """The applicant's name."""

    def __init__(self, parent: QWidget, desk: Desk, units: Sequence[UnitReadiness]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("接收管理类用户注册申请单（附件2）"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        self._warned = False
        self.unit = ChoiceControl({unit.unit_id: unit.name for unit in units})
        self.rows = annex2.rows(desk.today)
        self.notice, self.faults = Notice(), Faults(self.rows)
        unit = FieldRow(tr("送来申请单的单位"), self.unit, required=True)
        scroll = scrolled(boxed(column(unit, *self.rows.values(), gap=10)))
        self.go = button(tr("核对无误，接收"), self._take_in, "main")
        words = label(tr("照着盖了章的纸面逐项录入；纸面上没有的，请退回补填，不要代填。"), "muted", wrap=True)
        whole = column(
            label(self.windowTitle(), "title", wrap=True), words, self.notice, self.faults, scroll,
            row(1, button(tr("取消"), self.reject), self.go), gap=10, margins=(20, 16, 20, 16),
        )  # fmt: skip
        whole.setStretch(4, 1)
        self.setLayout(whole)
        self.resize(620, 720)
        self.unit.edited.connect(self._name_unit)
        self._name_unit()

    def reject(self) -> None:
        """取消 and Esc: what was typed goes only when it is said twice."""
        typed = any(str(self.rows[key].value()).strip() for key in ("name", "id_number", "mobile", "email"))
        if typed and not self._warned:
            self._warned = True
            self.notice.say(tr("已录入的内容还没有接收。再按一次“取消”就放弃它们。"), "late")
            return
        super().reject()

    def _name_unit(self) -> None:
        self.rows["unit_name"].set_value(self.unit.box.currentText())

    def _take_in(self) -> None:
        unit = self.unit.value()
        if not isinstance(unit, int):
            return
        self.go.setEnabled(False)
        form = annex2.read(self.rows)
        pending = self.desk.do(self, accounts.take_in, unit, form)
        pending.then(lambda _: self._done(form.name)).fails(self._refused)

    def _done(self, name: str) -> None:
        self.accept()
        self.taken.emit(name)

    def _refused(self, problem: Problem) -> None:
        self.go.setEnabled(True)
        at_fields = problem.problems if isinstance(problem, Invalid) else ()
        self.faults.show_all(at_fields)
        if at_fields:
            self.notice.hide()
            self.rows[at_fields[0].field].focus()
        else:
            self.notice.problem(problem)
