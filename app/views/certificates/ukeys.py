"""插入的 UKEY: what is plugged in now, what each says of itself, what is on it, and its PIN (E3, E7)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from app.services.diagnosis_tokens import LayerFinding
from app.token.types import PinState, TokenInfo
from app.views.certificates import contents
from app.views.certificates.contents import Thing
from app.views.desk import Desk
from app.views.parts.basic import GAP, boxed, button, column, label, row, scrolled
from app.views.parts.layers import Layers
from app.views.parts.notice import Notice, problem_text
from app.views.parts.table import Empty, Table, titled
from app.views.parts.ukey import UkeyCard, pin_fact, ukey_title
from app.views.parts.ukey_pin import ChangePinDialog, PinDialog
from app.views.tables import Column, RowsModel
from app.views.tasks import Pending
from app.words import N_, tr

R = TypeVar("R")

_UNSEEN_AGAIN = 5000
"""Milliseconds: some keys show themselves as a CD-ROM first, and become a key about so long after plugging."""
_UNSEEN, _SEEN = 1, 2
"""Places of the stack; before them one that is empty, until there was a look."""
_UNUSABLE = (PinState.NOT_SET, PinState.LOCKED)
_COLUMNS: Sequence[Column[TokenInfo]] = (
    Column(N_("UKEY"), ukey_title),
    Column(N_("序列号"), lambda info: info.serial),
    Column(N_("PIN 码"), lambda info: pin_fact(info).text, lambda info: pin_fact(info).tone),
    Column(N_("标签"), lambda info: info.label),
)


def _key(info: TokenInfo) -> tuple[str, str, str]:
    """What makes it the same token at the next look; one that is not initialised may have no serial number."""
    return info.serial, info.library, info.reader


class UkeysPane(QWidget):
    """Follows plugging and unplugging while it is seen. When there is nothing to see it says which layer fails."""

    def __init__(self, desk: Desk, notice: Notice) -> None:
        super().__init__()
        self.desk, self.notice = desk, notice
        self._watching = False
        self._blank: dict[tuple[str, str, str], bool] = {}
        self.list_contents = button(tr("这支 UKEY 里有什么…"), self._ask_contents)
        self.change = button(tr("修改 PIN 码…"), self._ask_change)
        self._model = RowsModel[TokenInfo](_COLUMNS, self)
        self.table = Table(self._model, tr("插入的 UKEY"), Empty(""))
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda _: self.list_contents.click())
        self.layers = Layers()
        self._line = label(tr("正在查找 UKEY…"), "muted", wrap=True)
        self.again = button(tr("重新查找"), self.look_afresh)
        self.again.setToolTip("F5")
        self.card: UkeyCard | None = None
        self._listed: tuple[str, str, str] | None = None
        self._places = QStackedWidget()
        for place in (QWidget(), scrolled(self.layers, tr("为什么没有看到 UKEY")), self._tokens()):
            self._places.addWidget(place)
        head = row(self._line, self.again)
        head.setStretch(0, 1)
        whole = column(head, self._places, gap=GAP)
        whole.setStretch(1, 1)
        whole.setContentsMargins(0, 0, 0, 0)
        self.setLayout(whole)
        self._unseen = QTimer(self)
        self._unseen.setInterval(_UNSEEN_AGAIN)
        self._unseen.timeout.connect(self._ask_layers)
        desk.tokens.changed.connect(self._show)

    def look_afresh(self) -> None:
        """Load all drivers anew, and look: somebody may just have installed one."""
        self._line.setText(tr("正在重新查找：重新装入所有驱动…"))
        self.again.setEnabled(False)
        self.desk.tokens.ended.connect(self._looked_afresh, Qt.ConnectionType.SingleShotConnection)
        self.desk.tokens.look_afresh()

    @property
    def info(self) -> TokenInfo | None:
        """The token selected."""
        return self.table.current_row()

    def showEvent(self, event: QShowEvent) -> None:
        """Look from now on."""
        super().showEvent(event)
        if not self._watching:
            self._watching = True
            self.desk.tokens.start()
            if self.desk.tokens.looked:
                self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no longer."""
        super().hideEvent(event)
        if self._watching:
            self._watching = False
            self._unseen.stop()
            self.desk.tokens.stop()

    def _tokens(self) -> QWidget:
        """The keys at the left; the one selected at the right."""
        self._things = RowsModel[Thing](contents.COLUMNS, self)
        self.things = Table(self._things, tr("UKEY 里的内容"), Empty(tr("这支 UKEY 是空白的：没有密钥，也没有证书。")))
        self._inside = titled(tr("这支 UKEY 里有什么"), self.things)
        self._right = column(row(self.list_contents, self.change, 1), self._inside, 1, gap=GAP)
        split = QSplitter()
        split.addWidget(self.table)
        self._scroll = scrolled(boxed(self._right), tr("选中的 UKEY"))
        split.addWidget(self._scroll)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        split.setSizes([1, 1])
        return split

    def _looked_afresh(self) -> None:
        self.again.setEnabled(True)
        self._show()

    def _show(self) -> None:
        """What the last look found."""
        if not (self._watching and self.desk.tokens.looked):
            return
        seen, kept = self.desk.tokens.seen, _key(self.info) if self.info else None
        self._model.show(seen.tokens)
        if seen.tokens:
            self._unseen.stop()
            self._line.setText(tr("看到 {count} 支 UKEY。插上或拔下，这里会跟着变。", count=len(seen.tokens)))
            self._places.setCurrentIndex(_SEEN)
            self.table.select(next((at for at, info in enumerate(seen.tokens) if _key(info) == kept), 0))
        else:
            self._line.setText(tr("没有看到 UKEY。插上以后，这里会跟着变。"))
            self._unseen.start()
            self._ask_layers()
        if seen.tokens and seen.faults:
            self.notice.say("\n".join(map(problem_text, seen.faults)), "late")

    def _ask_layers(self) -> None:
        self.desk.tasks.ask(self, self.desk.tokens.layers, "layers").then(self._show_layers)

    def _show_layers(self, findings: Sequence[LayerFinding]) -> None:
        self.layers.show_findings(findings)
        if not self._model.rowCount():
            self._places.setCurrentIndex(_UNSEEN)

    def _choose(self) -> None:
        if (info := self.info) is None:
            return
        key = _key(info)
        self._show_card(info)
        self._inside.setVisible(self._listed == key)
        asked = self.desk.tasks.ask(self, lambda: self.desk.tokens.host.is_blank(info.serial), "blank")
        asked.then(partial(self._told_blank, key)).fails(lambda _: None)  # pulled out: the next look says so

    def _show_card(self, info: TokenInfo) -> None:
        blank, usable = self._blank.get(_key(info)), info.initialised and info.pin_state not in _UNUSABLE
        if self.card is None:
            self.card = UkeyCard(info, blank=blank)
            self._right.insertWidget(2, self.card)
        self.card.show_token(info, blank=blank)
        self.list_contents.setEnabled(usable)
        self.change.setEnabled(usable)

    def _told_blank(self, key: tuple[str, str, str], blank: bool) -> None:
        self._blank[key] = blank
        if self.info is not None and _key(self.info) == key:
            self._show_card(self.info)

    def _ask_contents(self) -> None:
        if (info := self.info) is None:
            return
        purpose = tr("私钥要输入 PIN 码才看得到。只查看，不改动。")
        dialog = PinDialog(self, info, tr("这支 UKEY 里有什么"), tr("查看"), purpose)

        def read(values: dict[str, str]) -> None:
            dialog.notice.say(tr("正在读取，请勿拔出…"), "")
            pin, today = values["pin"], self.desk.today
            reading = self._do(dialog, info, lambda: contents.read(self.desk.tokens.host, info.serial, pin, today))
            reading.then(partial(self._show_contents, info))

        dialog.confirmed.connect(read)
        dialog.open()

    def _show_contents(self, info: TokenInfo, things: Sequence[Thing]) -> None:
        self._things.show(things)
        self._listed = _key(info)
        self._inside.setVisible(self.info is not None and _key(self.info) == self._listed)
        self._scroll.verticalScrollBar().setValue(0)
        self.things.setFocus()

    def _ask_change(self) -> None:
        if (info := self.info) is None:
            return
        dialog = ChangePinDialog(self, info)

        def change(old: str, new: str) -> None:
            dialog.notice.say(tr("正在修改，请勿拔出…"), "")
            done = tr("UKEY {serial} 的 PIN 码已修改。从现在起用新的。", serial=info.serial)
            changing = self._do(dialog, info, lambda: self.desk.tokens.host.change_pin(info.serial, old, new))
            changing.then(lambda _: self.notice.say(done))

        dialog.changed.connect(change)
        dialog.open()

    def _do(self, dialog: PinDialog, info: TokenInfo, work: Callable[[], R]) -> Pending[R]:
        """Have a UKEY do what its PIN is needed for, and read it again."""
        pending = self.desk.tasks.job(self, work).then(lambda _: dialog.accept()).fails(dialog.problem)
        return pending.last(partial(self._read_again, info))

    def _read_again(self, info: TokenInfo) -> None:
        def arrived(now: TokenInfo) -> None:
            if self.info is not None and _key(self.info) == _key(now):
                self._show_card(now)

        reading = self.desk.tasks.ask(self, lambda: self.desk.tokens.host.info(info.serial), "info")
        reading.then(arrived).fails(lambda _: None)
