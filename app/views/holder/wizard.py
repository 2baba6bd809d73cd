"""The four steps in order, by the table of stages; the UKEY's card beside them."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.demo.people import DemoSecrets
from app.errors import Problem
from app.models.certificates import EnrolmentStep
from app.services import certificates, journal
from app.services.certificates import IssuedRow
from app.services.journal import Progress
from app.services.request_list import RequestLine
from app.token.types import PinState, TokenInfo
from app.views.desk import Desk
from app.views.holder.done_page import DonePage
from app.views.holder.identity_page import IdentityPage
from app.views.holder.key_page import KeyPage
from app.views.holder.run import Order, Run
from app.views.holder.stages import NEXT, PARTS, Event, Stage
from app.views.holder.writing_page import WritingPage
from app.views.parts.basic import GAP, boxed, clear, column, label, row, set_look
from app.views.parts.ukey import UkeyCard
from app.words import sentences, tr

_GONE = frozenset({"token.removed", "token.absent", "token.session_lost", "token.not_logged_in", "worker.died"})
"""The UKEY was pulled, or its library died of it: it has to be found again."""


class Wizard(QWidget):
    """One request's download. `finished` when the holder is done."""

    finished = Signal()

    def __init__(self, desk: Desk, request: RequestLine) -> None:
        super().__init__()
        self.desk, self.request = desk, request
        self.stage = Stage.KEY
        self.token: TokenInfo | None = None
        self.reached: EnrolmentStep | None = None
        self.secrets: DemoSecrets | None = None
        """In the demo: what its people would have in their heads and letters."""
        self._watching = False
        self.run = Run(desk)
        self.key, self.identity = KeyPage(desk), IdentityPage()
        self.writing, self.done = WritingPage(), DonePage(desk)
        self._marks = {stage: label() for stage in Stage}
        self._pages = QStackedWidget()
        for page in (self.key, self.identity, self.writing, self.done):
            self._pages.addWidget(page)
        self._beside: QVBoxLayout = column()
        whole = row(self._pages, boxed(self._beside), gap=GAP)
        whole.setStretch(0, 3)
        whole.setStretch(1, 2)
        self.setLayout(column(row(*self._marks.values(), 1, gap=18), whole, gap=GAP))
        self._connect()
        self._show(Stage.KEY)
        desk.ask(self, journal.progress, request.id).then(self._resume)

    def _connect(self) -> None:
        self.key.chosen.connect(self._chosen)
        self.key.looked_at.connect(self._show_card)
        self.identity.back.connect(lambda: self._on(Event.BACK))
        self.identity.begun.connect(self._begin)
        self.writing.stop.connect(self.run.stop)
        self.run.stepped.connect(self._stepped)
        self.run.prepared.connect(self._prepared)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(self._failed)
        self.done.finished.connect(self.finished)
        self.desk.tokens.changed.connect(self._look)

    def _on(self, event: Event) -> None:
        """Go where the table says."""
        self._show(NEXT[self.stage, event])

    def _show(self, stage: Stage) -> None:
        self.stage = stage
        self._watch()
        self._pages.setCurrentIndex(list(Stage).index(stage))
        for at, (each, mark) in enumerate(self._marks.items(), 1):
            _mark(mark, at, each, stage)

    def _watch(self) -> None:
        """Follow plugging in and out, but leave the UKEY alone while it is written to."""
        wanted = self.isVisible() and self.stage in (Stage.KEY, Stage.IDENTITY)
        if wanted is not self._watching:
            self._watching = wanted
            (self.desk.tokens.start if wanted else self.desk.tokens.stop)()

    def showEvent(self, event: QShowEvent) -> None:
        """Look from now on."""
        super().showEvent(event)
        self._watch()
        self.key.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no longer."""
        super().hideEvent(event)
        self._watch()

    def _resume(self, progress: Progress | None) -> None:
        """An earlier run was cut: say where, and which UKEY it was."""
        self._keep_progress(progress)
        if progress is None:
            return
        title = tr(PARTS[progress.step][0])
        where = tr("上次做到“{part}”就断开了，进度还在。", part=title)
        how = tr(
            "请插上同一支 UKEY（序列号 {serial}），会从那里接着做，不会重复生成密钥。", serial=progress.token_serial
        )
        self.key.notice.say(sentences(where, how), "")
        self.key.look()

    def _chosen(self, token: TokenInfo) -> None:
        self.token = token
        self.identity.show_token(self.request, token)
        self.identity.forget()
        self._help_out()
        if self.secrets is not None:
            self.identity.tell_demo(self.secrets)
        self._on(Event.CHOSEN)
        self.identity.focus()

    def _help_out(self) -> None:
        if self.secrets is not None:
            self.identity.fill_in(self.secrets)

    def _begin(self, order: Order) -> None:
        self._on(Event.BEGUN)
        self.writing.begin(self.reached)
        self.run.start(order)
        self.writing.cancel.setFocus()

    def _prepared(self, serial: str) -> None:
        """The UKEY has its PIN from now on, and perhaps another serial number."""
        if self.token is not None:
            self.token = replace(self.token, serial=serial, initialised=True, pin_state=PinState.OK)
            self.identity.show_token(self.request, self.token)

    def _stepped(self, step: EnrolmentStep) -> None:
        self.reached = step
        self.writing.step(step)

    def _ended(self, reached: EnrolmentStep) -> None:
        if reached is not EnrolmentStep.PROVED:
            self._on(Event.REFUSED)
            self.identity.notice.say(
                tr("签发机构还没有答复，申请已保留。请过一会儿再来，从这一步继续；UKEY 可以先拔下。"), "late"
            )
            return
        self.desk.ask(self, certificates.issued, self.request.id).then(self._finish)

    def _finish(self, issued: IssuedRow | None) -> None:
        if issued is not None and self.token is not None:
            self.done.show_issued(self.request, self.token, issued)
            self._on(Event.PROVED)
            self.identity.clear()
            serial = self.token.serial
            self.desk.tasks.ask(self, lambda: self.desk.tokens.host.info(serial)).then(self._show_written)
            self.done.go.setFocus()

    def _show_written(self, token: TokenInfo) -> None:
        self.key.blank = {token.serial: False}
        self._show_card(token)

    def _failed(self, problem: Problem) -> None:
        """Nothing is lost: what is on the UKEY and in the journal stays, and the next run goes on from there."""
        self.desk.ask(self, journal.progress, self.request.id).then(self._keep_progress)
        if problem.reason in _GONE:
            self._on(Event.PULLED)
            self.key.notice.problem(problem)
            return
        self._on(Event.REFUSED)
        self.identity.refused(problem)
        self._help_out()

    def _keep_progress(self, progress: Progress | None) -> None:
        self.key.go_on(progress)
        self.reached = progress.step if progress else None

    def _look(self) -> None:
        """While its PIN is asked for: what has become of the UKEY. One that is pulled has to be found again."""
        if self.stage is not Stage.IDENTITY or self.token is None:
            return
        now = self.desk.tokens.seen.token(self.token.serial)
        if now is None:
            self._on(Event.PULLED)
            self.key.notice.say(tr("UKEY 被拔出了。重新插上就可以继续；已输入的内容还在。"), "late")
            return
        self.token = now
        self.identity.show_token(self.request, now)
        self._show_card(now)

    def _show_card(self, token: TokenInfo) -> None:
        clear(self._beside)
        self._beside.addWidget(UkeyCard(token, blank=self.key.blank.get(token.serial)))


def _mark(mark: QLabel, at: int, each: Stage, current: Stage) -> None:
    order = list(Stage)
    done = order.index(each) < order.index(current) or current is Stage.DONE
    sign = "✓" if done else "●" if each is current else "○"
    mark.setText(f"{sign} {at} {tr(each.value)}")
    set_look(mark, role="heading" if each is current else "muted", tone="good" if done else "")
