"""A small dialog over the window: some fields, a verb on the button, and it stays until what it asks for is done."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from app.errors import Invalid, Problem
from app.views.parts.basic import button, column, label, row
from app.views.parts.fields import FieldRow
from app.views.parts.notice import Notice
from app.words import tr


class FormDialog(QDialog):
    """Asks for values, and tells `confirmed` with them. The caller does the work, then calls `accept` or `problem`.

    Nothing typed is lost by a refusal: the dialog stays, with the reason in it.
    """

    confirmed = Signal(dict)

    def __init__(
        self, parent: QWidget, title: str, verb: str, fields: Mapping[str, FieldRow], *, text: str = "",
        danger: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields = fields
        self._waiting = False
        self.notice = Notice()
        self.go = button(verb, self._confirm, "danger" if danger else "main")
        self.go.setDefault(True)
        self.stop = button(tr("取消"), self.reject)
        words = label(text, wrap=True)
        self.setLayout(
            column(
                label(title, "title", wrap=True), words, *fields.values(), self.notice, 1,
                row(1, self.stop, self.go), gap=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        words.setVisible(bool(text))
        self.setMinimumWidth(460)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its words need at its width; Qt asks them only later."""
        super().showEvent(event)
        if not self.fields:
            self.go.setFocus()
        if (layout := self.layout()) is not None:
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def reject(self) -> None:
        """取消 and Esc; not while what was sent is under way: its answer (a code, shown once) would be lost."""
        if not self._waiting:
            super().reject()

    def values(self) -> dict[str, object]:
        """What is entered, by field."""
        return {key: field.value() for key, field in self.fields.items()}

    def problem(self, problem: Problem) -> None:
        """Say why it was refused: at the field where it has one, else in a line of its own."""
        self.wait(False)
        at_fields = {each.field: each for each in problem.problems} if isinstance(problem, Invalid) else {}
        for key, field in self.fields.items():
            field.show_fault(at_fields.get(key))
        if not at_fields.keys() & self.fields.keys():
            self.notice.problem(problem)

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Say at these fields what is wrong, before anything was sent; the cursor goes to the first."""
        self.wait(False)
        for key, text in faults.items():
            self.fields[key].say(text)
        self.fields[next(iter(faults))].focus()

    def _confirm(self) -> None:
        for field in self.fields.values():
            field.show_fault(None)
        self.notice.hide()
        self.wait(True)
        self.confirmed.emit(self.values())

    def wait(self, waiting: bool) -> None:
        """What was sent can't be called back: neither once more nor away until it is answered."""
        self._waiting = waiting
        self.go.setEnabled(not waiting)
        self.stop.setEnabled(not waiting)
