"""What is known of the certificate request selected: the holder, how it came to stand there, and its certificate."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.models.certificates import RequestStep
from app.policy import POST_NAMES
from app.services import certificates
from app.services.certificates import IssuedRow
from app.services.context import office_day, office_time
from app.services.decisions import DecisionRow
from app.services.request_list import RequestLine
from app.views.certificates.actions import ActionButtons
from app.views.certificates.expiry import expiry
from app.views.certificates.states import STEP_NAMES, at_desk, state_text, state_tone
from app.views.desk import Desk
from app.views.parts.basic import GAP, boxed, card, clear, column, copyable, label, set_look
from app.views.parts.facts import Fact, Facts
from app.views.parts.table import Empty
from app.words import listing, tr


class Details(QScrollArea):
    """The pane at the right. `taken` tells of a button, as ActionButtons does."""

    taken = Signal(object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._id: int | None = None
        self.buttons = ActionButtons(desk)
        self.buttons.taken.connect(self.taken)
        self._empty = Empty(tr("在左边选一份申请，这里显示它的经过、证书和可以办的事。"))
        self._name, self._state = label("", "heading", wrap=True), label("", wrap=True)
        self._facts, self._certificate = Facts(), Facts()
        self._history: QVBoxLayout = column(gap=10)
        self._request = card(self._name, self._state, self._facts, self.buttons, gap=10)
        self._issued = card(label(tr("证书"), "heading"), self._certificate)
        self._way = card(label(tr("经过"), "heading"), self._history)
        inside = boxed(column(self._empty, self._request, self._issued, self._way, 1, gap=GAP))
        inside.setObjectName("inside")
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setAccessibleName(tr("证书申请的详细情况"))
        self.show_none()

    def show_none(self) -> None:
        """Nothing is selected."""
        self._id = None
        self._show_parts()

    def show_many(self, ids: Sequence[int]) -> None:
        """Several are selected: only what can be done with them."""
        self._id = None
        self._show_parts(self._request)
        self._facts.hide()
        self._state.hide()
        self._name.setText(tr("选中了 {count} 份申请", count=f"{len(ids):,}"))
        self.buttons.look(ids)

    def show_request(self, line: RequestLine) -> None:
        """One is selected."""
        fresh, self._id = line.id != self._id, line.id
        if fresh:
            self._show_parts(self._request)
        self._facts.show()
        self._state.show()
        self._name.setText(tr("{name}　{number}", name=line.holder_name, number=line.number))
        self._state.setText(state_text(line.state))
        set_look(self._state, tone=state_tone(line.state))
        self._facts.show_facts(_request_facts(line))
        self.buttons.look((line.id,))
        self._desk.ask(self, certificates.history, line.id).then(partial(self._show_history, line))
        self._desk.ask(self, certificates.issued, line.id).then(self._show_issued)

    def _show_parts(self, *shown: QWidget) -> None:
        for part in (self._request, self._issued, self._way):
            part.setVisible(part in shown)
        self._empty.setVisible(not shown)

    def _show_history(self, line: RequestLine, history: Sequence[DecisionRow]) -> None:
        if self._id != line.id:
            return
        clear(self._history)
        self._history.addWidget(_entry(tr("申请"), line.unit_name, office_time(line.filed_at), ""))
        for each in history:
            who = " ".join(part for part in (each.unit_name, each.name, _post(each)) if part) or tr("由程序记录")
            self._history.addWidget(
                _entry(tr(STEP_NAMES[RequestStep(each.step)]), who, office_time(each.decided_at), each.reason)
            )
        self._way.show()

    def _show_issued(self, issued: IssuedRow | None) -> None:
        self._issued.setVisible(issued is not None and self._id is not None)
        if issued is not None:
            self._certificate.show_facts(
                (
                    Fact(tr("序列号"), issued.serial),
                    Fact(tr("证书主题"), issued.subject),
                    expiry(office_day(issued.not_after), self._desk.today),
                    Fact("UKEY", tr("序列号 {serial}", serial=issued.token_serial)),
                )
            )


def _request_facts(line: RequestLine) -> Sequence[Fact]:
    return (
        Fact(tr("单位"), line.unit_name),
        Fact(tr("登录名"), line.login),
        Fact(tr("用户类型"), listing(map(tr, line.user_types))),
        Fact(tr("申请时间"), office_time(line.filed_at)),
        Fact(tr("现在在"), at_desk(line)),
    )


def _post(each: DecisionRow) -> str:
    return tr(POST_NAMES[each.post]) if each.post else ""


def _entry(step: str, who: str, when: str, reason: str) -> QWidget:
    said = copyable(tr("原因：{reason}", reason=reason)) if reason else None
    return boxed(column(label(step, wrap=True), label(f"{when}　{who}", "hint", wrap=True), said, gap=2))
