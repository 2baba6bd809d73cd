"""申请证书: the accounts whose executed form asks for a certificate that nobody has asked the province for yet (E1)."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.services import certificates, people_list
from app.services.people_list import PersonRow
from app.views.desk import Desk
from app.views.parts.basic import button, column, label, row
from app.views.parts.table import Empty, Table
from app.views.tables import Column, RowsModel
from app.words import N_, listing, tr

_MOST = 500
"""Listed at once; the rest comes when these are filed."""
_COLUMNS = (
    Column[PersonRow](N_("姓名"), lambda person: person.name),
    Column[PersonRow](N_("登录名"), lambda person: person.login),
    Column[PersonRow](N_("用户类型"), lambda person: listing(map(tr, person.roles))),
)
_LEAST_LINES = 9
"""So high is the list at least, in lines of text: the words of an empty one have to fit too."""


class FilingDialog(QDialog):
    """Lists them, all selected; `chosen` tells the account ids to file, with the names."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget, desk: Desk, only: Sequence[int] | None = None) -> None:
        super().__init__(parent)
        self._desk, self._only = desk, only
        self.setWindowTitle(tr("申请证书"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._model = RowsModel[PersonRow](_COLUMNS, self)
        empty = Empty(tr("现在没有要申请证书的用户。\n申请单要求证书、账号已经授权的用户会列在这里。"))
        self.table = Table(self._model, tr("待申请证书的用户"), empty, many=True)
        self.go = button(tr("申请"), self._go, "main")
        self.go.setEnabled(False)
        self.table.chosen.connect(self._count)
        text = tr("申请报送上级，逐级转报到省级审核。可以按 Ctrl 或 Shift 多选。")
        self.setLayout(
            column(
                label(tr("申请证书"), "title"), label(text, "muted", wrap=True), self.table,
                row(1, button(tr("取消"), self.reject), self.go), gap=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        self.table.setMinimumHeight(_LEAST_LINES * self.fontMetrics().lineSpacing())
        self.resize(560, 420)
        work = partial(desk.gate.waiting, desk.actor, certificates.file)
        desk.tasks.ask(self, work, "waiting").then(self._ask)

    def _ask(self, ids: Sequence[int]) -> None:
        wanted = [each for each in ids if self._only is None or each in self._only][:_MOST]
        self._desk.ask(self, people_list.rows, wanted).then(self._show)

    def _show(self, rows: Mapping[int, PersonRow]) -> None:
        self._model.show(list(rows.values()))
        self.table.selectAll()
        self.table.setFocus()

    def _count(self) -> None:
        count = len(self.table.selected_rows())
        self.go.setEnabled(count > 0)
        self.go.setText(tr("申请（{count}）", count=count) if count else tr("申请"))

    def _go(self) -> None:
        names = {person.id: person.name for person in self.table.selected_rows()}
        self.accept()
        self.chosen.emit(list(names), names)
