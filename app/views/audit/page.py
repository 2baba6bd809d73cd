"""审计: the log of what administrators did, with filters; its verification and its export (G1, G2)."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSplitter, QWidget

from app import files
from app.policy import POST_NAMES
from app.services import audit, log_list
from app.services.context import office_time
from app.services.log import Fault
from app.services.log_list import ActingPerson, EventRow, LogFilter
from app.services.operation_names import title
from app.views.audit.details import EventDetails, faults_text
from app.views.desk import Desk
from app.views.parts.basic import boxed, button, column, label, row
from app.views.parts.choosing import ask_where
from app.views.parts.fields import ChoiceControl, FieldRow
from app.views.parts.page import Page
from app.views.parts.table import Empty, Table, counted
from app.views.parts.windowed import Windowed
from app.views.tables import Column
from app.words import N_, tr

OUTCOMES = {"done": N_("✓ 完成"), "refused": N_("✕ 拒绝")}

_COLUMNS: Sequence[Column[EventRow]] = (
    Column(N_("序号"), lambda event: str(event.seq)),
    Column(N_("时间"), lambda event: office_time(event.at)),
    Column(N_("人员"), lambda event: event.person or tr("（程序）")),
    Column(N_("岗位"), lambda event: tr(POST_NAMES[event.post]) if event.post else ""),
    Column(N_("操作"), lambda event: title(event.operation)),
    Column(N_("对象"), lambda event: event.target),
    Column(
        N_("结果"), lambda event: tr(OUTCOMES[event.outcome]), lambda event: "" if event.outcome == "done" else "wrong"
    ),
)

_AREAS = {
    "": N_("全部操作"),
    "applications.": N_("申请单"),
    "business.": N_("业务类账号"),
    "certificates.": N_("证书申请"),
    "enrolment.": N_("证书下载"),
    "accounts.": N_("管理类账号"),
    "org.": N_("组织机构"),
    "people.": N_("查看个人信息"),
    "libraries.": N_("UKEY 驱动"),
    "audit.": N_("审计"),
    "sign-in": N_("登录和密码"),
}
_SPANS = {0: N_("今天"), 6: N_("最近 7 天"), 29: N_("最近 30 天"), 364: N_("最近一年"), -1: N_("全部时间")}


class AuditPage(Page):
    """The list at the left, one event in full at the right."""

    areas = frozenset(
        {"applications", "business", "certificates", "enrolment", "accounts", "org", "people", "libraries"}
    )
    help = "auditor"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("操作日志"))
        self.export = button(tr("导出日志…"), self._export)
        self.verify = button(tr("核验日志"), self._verify, "main")
        for each in (self.export, self.verify):
            each.hide()  # until the gate lets them
            self.buttons.addWidget(each)
        self.list = Windowed[EventRow, LogFilter](desk, _COLUMNS, log_list.ids, log_list.rows)
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("人员、操作、编号（Ctrl+F）"))
        self.text.setClearButtonEnabled(True)
        self.span = ChoiceControl({days: tr(text) for days, text in _SPANS.items()})
        self.area = ChoiceControl({key: tr(text) for key, text in _AREAS.items()})
        self.outcome = ChoiceControl({None: tr("全部结果")} | {key: tr(text) for key, text in OUTCOMES.items()})
        self.person = ChoiceControl({None: tr("全部人员")})
        self._count = label("", "muted")
        empty = Empty(tr("没有符合条件的记录。\n换一个时间范围，或清空搜索。"), tr("看全部"), self._all)
        self.table = Table(self.list.model, tr("操作日志"), empty)
        self.details = EventDetails(desk)
        self._lay_out()
        self.list.shown.connect(lambda count: self._count.setText(counted(count)))
        self.table.chosen.connect(self._chosen)
        self.text.textEdited.connect(self._look)
        for control in (self.span, self.area, self.outcome, self.person):
            control.edited.connect(self._look)
        self.span.set_value(29)

    def refresh(self) -> None:
        """Look again, with the filters as they are."""
        self._look()
        self.desk.ask(self, log_list.people).then(self._offer)
        self.desk.may(self, audit.export, [audit.OFFICE]).then(self._allow)

    def search(self) -> None:
        """Ctrl+F."""
        self.text.setFocus()
        self.text.selectAll()

    def wanted(self) -> LogFilter:
        """What the filters say."""
        days, outcome, person = self.span.value(), self.outcome.value(), self.person.value()
        since = self.desk.today - timedelta(days=int(str(days))) if days != -1 else None
        return LogFilter(
            since=since,
            operation=str(self.area.value()) or None,
            person_id=int(str(person)) if person is not None else None,
            outcome="refused" if outcome == "refused" else "done" if outcome == "done" else None,
            text=self.text.text(),
        )

    def _lay_out(self) -> None:
        filters: dict[str, ChoiceControl] = {
            tr("时间"): self.span, tr("操作"): self.area, tr("人员"): self.person, tr("结果"): self.outcome,
        }  # fmt: skip
        search = label(tr("搜索"))
        search.setBuddy(self.text)
        self.text.setAccessibleName(tr("搜索日志"))
        bar: list[QWidget] = [FieldRow(text, control) for text, control in filters.items()]
        bar.append(boxed(column(search, self.text, gap=3)))
        line = row(*bar, gap=10)
        line.setStretch(len(bar) - 1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(boxed(column(self.table, self._count)))
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        self.body.addLayout(line)
        self.body.addWidget(split, 1)

    def _allow(self, offices: set[int]) -> None:
        """The whole log is for the auditor of the office whose database it is."""
        for each in (self.export, self.verify):
            each.setVisible(bool(offices))

    def _look(self) -> None:
        self.list.look(self.wanted())

    def _all(self) -> None:
        self.text.clear()
        for control, value in ((self.span, -1), (self.area, ""), (self.person, None), (self.outcome, None)):
            control.set_value(value)
        self._look()

    def _offer(self, people: Sequence[ActingPerson]) -> None:
        """Put into the filter who has acted; the one chosen stays chosen."""
        box, chosen = self.person.box, self.person.value()
        box.blockSignals(True)
        while box.count() > 1:
            box.removeItem(1)
        for person in people:
            box.addItem(person.name, person.id)
        self.person.set_value(chosen)
        box.blockSignals(False)

    def _chosen(self) -> None:
        event = self.table.current_row()
        self.details.show_event(event.seq if event else None)

    def _verify(self) -> None:
        self.verify.setEnabled(False)
        self.notice.say(tr("正在核对每一条日志和每一行数据……"), "")
        work = partial(self.desk.gate.ask, self.desk.actor, audit.verify)
        pending = self.desk.tasks.job(self, work).then(self._verified).fails(self.notice.problem)
        pending.last(lambda: self.verify.setEnabled(True))

    def _verified(self, faults: Sequence[Fault]) -> None:
        if not faults:
            self.notice.say(tr("日志完整：每一条与前一条相扣，每一行数据与日志相符。"))
            return
        self.notice.say(faults_text(faults), "wrong")

    def _export(self) -> None:
        name = f"audit-{self.desk.today:%Y%m%d}.jsonl"
        ask_where(self, tr("导出日志"), name, tr("日志 (*.jsonl)"), self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the whole log, signed, into a file; that it was exported is in the log."""

        def work() -> str:
            files.save(path, self.desk.gate.do(self.desk.actor, audit.export, audit.OFFICE))
            return self.desk.gate.ask(self.desk.actor, audit.own_fingerprint)

        def told(fingerprint: str) -> None:
            said = tr("已导出到 {path}。签名密钥的指纹：{print}（收件人核对时要用）", path=path, print=fingerprint)
            self.notice.say(said)
            self.look_again()

        self.desk.tasks.job(self, work).then(told).fails(self.notice.problem)
