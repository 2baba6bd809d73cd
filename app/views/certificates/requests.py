"""证书申请: the requests in reach, by state and text, what is known of the one selected, and what can be done (E1)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QWidget

from app.models.certificates import REQUEST_STATE_NAMES, RequestState
from app.services import certificates, download_codes, request_list
from app.services.context import office_time
from app.services.request_list import RequestFilter, RequestLine
from app.views.certificates import authority
from app.views.certificates.actions import HOLDER, ISSUE_CODE, Action
from app.views.certificates.authority import FoundAuthority
from app.views.certificates.batch import Batch, Outcome
from app.views.certificates.code import CodeDialog, Issued
from app.views.certificates.details import Details
from app.views.certificates.filing import FilingDialog
from app.views.certificates.states import at_desk, state_text, state_tone
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import GAP, boxed, button, card, column, label, row
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow, TextControl
from app.views.parts.notice import Notice
from app.views.parts.table import Empty, Table, counted
from app.views.parts.windowed import Windowed
from app.views.tables import Column
from app.words import N_, sentences, tr

_PAUSE = 250
"""Milliseconds after the last key before the list is looked up."""
_COLUMNS: Sequence[Column[RequestLine]] = (
    Column(N_("编号"), lambda line: line.number),
    Column(N_("持证人"), lambda line: line.holder_name),
    Column(N_("单位"), lambda line: line.unit_name),
    Column(N_("状态"), lambda line: state_text(line.state), lambda line: state_tone(line.state)),
    Column(N_("现在在"), at_desk),
    Column(N_("申请时间"), lambda line: office_time(line.filed_at)),
)


class RequestsPane(QWidget):
    """List at the left, details at the right; several may be selected and decided at once."""

    def __init__(self, desk: Desk, notice: Notice) -> None:
        super().__init__()
        self.desk, self.notice = desk, notice
        self._link: Link | None = None
        self._kept: tuple[int, int] | None = None
        """What was selected last, and in which line: when it has left the list, the next one has come there."""
        self._list = Windowed[RequestLine, RequestFilter](desk, _COLUMNS, request_list.ids, request_list.rows)
        empty = Empty(tr("这里会列出证书申请。\n申请单执行、账号授权以后，由本单位系统管理员申请证书。"))
        self.table = Table(self._list.model, tr("证书申请"), empty, many=True)
        self.details = Details(desk)
        self.batch = Batch(desk)
        self.table.chosen.connect(self._choose)
        self._list.shown.connect(self._shown)
        self._list.model.dataChanged.connect(lambda: self._choose())
        self.details.taken.connect(self._take)
        self._authority = self._authority_card()
        whole = column(self._authority, self._filters(), self.batch, self._split(), gap=GAP)
        whole.setStretch(3, 1)
        whole.setContentsMargins(0, 0, 0, 0)
        self.setLayout(whole)
        QWidget.setTabOrder(self.table, self.details)

    def refresh(self) -> None:
        """Look again, keeping what is selected."""
        states = (state,) if (state := self.state.currentData()) else ()
        link = self._link
        self._list.look(RequestFilter(self.text.text(), states), link.ids if link else None)
        if authority.founds(self.desk):
            missing = partial(authority.is_missing, self.desk)
            self.desk.tasks.ask(self, missing, "authority").then(self._authority.setVisible)

    def open(self, link: Link) -> None:
        """Only what a link leads to, or the dialog for what is still to be filed."""
        if link.segment == "file":
            self.file(link.ids)
            return
        self._link = link if link.ids is not None else None
        self._only.setVisible(self._link is not None)
        self._only_text.setText(tr("只看：{title}", title=link.title))
        self.text.clear()
        self.state.setCurrentIndex(0)
        self._kept = (link.ids[0], 0) if link.ids else None
        self.refresh()

    def selected_ids(self) -> list[int]:
        """What is selected, from the top down, whether its rows are here yet or not."""
        ids = self._list.model.ids
        return [ids[at] for at in self.table.selected_places()]

    def file(self, only: Sequence[int] | None = None) -> None:
        """Ask whose certificates to file."""
        dialog = FilingDialog(self, self.desk, only)
        dialog.chosen.connect(
            lambda ids, names: self._run(
                Action(certificates.file, N_("申请"), N_("已申请 {count} 份，报送上级。")), ids, (), names
            )
        )
        dialog.open()

    def found_authority(self) -> None:
        """Ask for the passphrases of the embedded authority, and found it."""
        FoundAuthority(self, self.desk, self._founded).open()

    def _filters(self) -> QWidget:
        self.text, self.state = QLineEdit(), QComboBox()
        self.text.setPlaceholderText(tr("编号或持证人"))
        self.text.setToolTip("Ctrl+F")
        self.text.setAccessibleName(tr("查找证书申请"))
        self.text.setClearButtonEnabled(True)
        self.state.setAccessibleName(tr("状态"))
        self.state.addItem(tr("全部状态"), None)
        for state, name in REQUEST_STATE_NAMES.items():
            self.state.addItem(tr(name), state)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.refresh)
        self.text.textChanged.connect(lambda _: self._pause.start(_PAUSE))
        self.state.currentIndexChanged.connect(lambda _: self.refresh())
        find, by = label(tr("查找")), label(tr("状态"))
        find.setBuddy(self.text)
        by.setBuddy(self.state)
        self._count, self._only_text = label("", "muted"), label("", "muted", wrap=True)
        self._only = boxed(row(self._only_text, button(tr("看全部"), self._all, "link")))
        self._only.hide()
        line = row(find, self.text, by, self.state, self._only, 1, self._count)
        line.setStretch(1, 2)
        return boxed(line)

    def _split(self) -> QSplitter:
        split = QSplitter()
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        return split

    def _authority_card(self) -> QWidget:
        text = tr("本省还没有签发证书的机构（CA）。建立以后，持证人才能下载证书。")
        found = button(tr("建立内置 CA…"), self.found_authority)
        made = card(row(label(f"▲ {text}", tone="late", wrap=True), found), margins=(12, 8, 12, 8))
        made.hide()
        return made

    def _founded(self) -> None:
        self._authority.hide()
        self.notice.say(tr("内置 CA 已建立。请把根密钥文件 ca/root.key.pem 移到光盘或 U 盘上，锁进保险柜。"))

    def _all(self) -> None:
        self._link = None
        self._only.hide()
        self.refresh()

    def _shown(self, count: int) -> None:
        self._count.setText(counted(count))
        if not count or self._kept is None:
            self._choose()
            return
        ids, (kept, place) = self._list.model.ids, self._kept
        self.table.select(next((at for at, each in enumerate(ids) if each == kept), min(place, count - 1)))

    def _choose(self) -> None:
        ids = self.selected_ids()
        if len(ids) > 1:
            self.details.show_many(ids)
        elif (line := self.table.current_row()) is not None:
            self._kept = line.id, self.table.currentIndex().row()
            self.details.show_request(line)
        elif not ids:
            self.details.show_none()

    def _take(self, action: Action, ids: Sequence[int]) -> None:
        if action is HOLDER:
            self.desk.holder.emit(ids[0])
        elif action is ISSUE_CODE:
            self._ask_for_code()
        elif action.reason:
            self._ask_reason(action, ids)
        else:
            self._run(action, ids, (), _named(self.table.selected_rows()))

    def _ask_reason(self, action: Action, ids: Sequence[int]) -> None:
        names = _named(self.table.selected_rows())
        verb = tr(action.verb).rstrip("…")
        whom = names.get(ids[0], "") if len(ids) == 1 else tr("{count} 份申请", count=len(ids))
        fields = {"reason": FieldRow(tr("原因"), TextControl(), required=True, hint=tr("申请单位会看到。"))}
        title = tr("{verb}：{whom}", verb=verb, whom=whom)
        dialog = FormDialog(self, title, verb, fields, danger=action.role == "danger")

        def confirmed(values: Mapping[str, str]) -> None:
            if not values["reason"].strip():
                dialog.refuse({"reason": tr("请写明原因。")})
                return
            dialog.accept()
            self._run(action, ids, (values["reason"],), names)

        dialog.confirmed.connect(confirmed)
        dialog.open()
        fields["reason"].focus()

    def _ask_for_code(self) -> None:
        line = self.table.current_row()
        if line is None:
            return
        text = tr("授权码只显示一次。请在持证人在场、或准备好打印通知单时发放。")
        if line.state is not RequestState.PROVINCE_APPROVED:
            text = sentences(text, tr("先前发放的授权码随即作废。"))
        title = tr("给 {name} 发放下载授权码", name=line.holder_name)
        dialog = FormDialog(self, title, tr("发放下载授权码"), {}, text=text)

        def issued(code: str) -> None:
            dialog.accept()
            until = self.desk.gate.context.clock() + download_codes.LIFETIME
            CodeDialog(self, self.desk, Issued(line, code, until)).open()

        dialog.confirmed.connect(
            lambda _: self.desk.do(self, certificates.issue_code, line.id).then(issued).fails(dialog.problem)
        )
        dialog.open()

    def _run(self, action: Action, ids: Sequence[int], args: Sequence[object], names: Mapping[int, str]) -> None:
        def end(outcome: Outcome) -> None:
            self.details.setEnabled(True)
            unnamed = [each for each in outcome.refused if each not in names]
            if unnamed:  # selected beyond what the list has fetched
                self.desk.ask(self, request_list.rows, unnamed).then(
                    lambda lines: tell(outcome, _named(lines.values()))
                )
            else:
                tell(outcome, names)

        def tell(outcome: Outcome, names: Mapping[int, str]) -> None:
            self.notice.say(outcome.text(tr(action.done, count=outcome.done), names), outcome.tone)

        self.details.setEnabled(False)
        self.batch.run(action.operation, ids, args, end)


def _named(lines: Iterable[RequestLine]) -> dict[int, str]:
    return {line.id: tr("{name}（{number}）", name=line.holder_name, number=line.number) for line in lines}
