"""Step 1: which UKEY is it. Follows plugging in and out; says of each why it can't be taken."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.models.certificates import EnrolmentStep
from app.services import diagnosis_tokens
from app.services.journal import Progress
from app.token.types import PinState, TokenInfo
from app.views.desk import Desk
from app.views.parts.basic import boxed, button, clear, column, label, row, scrolled, set_look
from app.views.parts.layers import Layers
from app.views.parts.notice import Notice
from app.views.parts.ukey import ukey_title
from app.words import tr

_PATIENCE = 3000  # milliseconds without a UKEY until the layers are looked at


class KeyPage(QWidget):
    """`chosen` with the UKEY to go on with."""

    chosen = Signal(TokenInfo)
    looked_at = Signal(TokenInfo)
    """This one is selected; not taken yet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.notice = Notice()
        self._progress: Progress | None = None
        self.blank: Mapping[str, bool] = {}
        self._selected = ""
        self._list = column(gap=8)
        self._words = label(wrap=True)
        self.layers = Layers()
        self.go = button(tr("就用这支"), self._take, "main")
        again = button(tr("重新查找"), desk.tokens.look_afresh, key="F5")
        inside = scrolled(boxed(column(self._words, self._list, self.layers, 1)))
        whole = column(self.notice, inside, row(again, 1, self.go), gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.timeout.connect(self._diagnose)
        desk.tokens.changed.connect(self.look)

    def go_on(self, progress: Progress | None) -> None:
        """What an earlier run began: its UKEY is the one to go on with."""
        self._progress = progress
        if progress is not None:
            self._selected = progress.token_serial

    def look(self) -> None:
        """Ask the UKEYs that are there whether they are blank, then show them."""
        watch, tokens = self.desk.tokens, self.desk.tokens.seen.tokens
        pending = self.desk.tasks.ask(self, lambda: diagnosis_tokens.contents(watch.host, tokens), "contents")
        pending.then(partial(self._show, tokens))

    def _show(self, tokens: Sequence[TokenInfo], blank: Mapping[str, bool]) -> None:
        self.blank = blank
        clear(self._list)
        good = [token for token in tokens if not self.obstacle(token)]
        kept = [token for token in good if token.serial == self._selected]
        self._selected = (kept or good or [tokens[0]])[0].serial if tokens else ""
        for token in tokens:
            self._list.addWidget(self._choice(token))
        self.layers.setVisible(False)
        self._words.setText(self._said(tokens, good))
        self._select(self._selected)
        if tokens:
            self._unseen.stop()
        elif self.isVisible() and self.desk.tokens.looked and not self._unseen.isActive():
            self._unseen.start(_PATIENCE)

    def _said(self, tokens: Sequence[TokenInfo], good: Sequence[TokenInfo]) -> str:
        if not tokens:
            return tr("请插入 UKEY。插好以后这里会自己认出来，大约要 5 秒。")
        if not good:
            return tr("插着的 UKEY 都不能用，原因见下。请换一支。")
        if len(good) == 1:
            return tr("认出了这支 UKEY。请核对颜色和序列号，确认是发给本人的那一支。")
        return tr("插着几支 UKEY。请按颜色和序列号选发给本人的那一支。")

    def obstacle(self, token: TokenInfo) -> str:
        """Why this one can't be taken; empty when it can."""
        progress = self._progress
        if progress and progress.step is not EnrolmentStep.INTENDED and token.serial != progress.token_serial:
            return tr("不是上次用的那一支（序列号 {serial}）", serial=progress.token_serial)
        if token.pin_state is PinState.LOCKED:
            return tr("PIN 码已锁定，请到发放单位解锁")
        if token.write_protected:
            return tr("写保护，不能写入")
        begun = progress is not None and token.serial == progress.token_serial
        if not begun and not self.blank.get(token.serial, not token.initialised):
            return tr("不是空白的：里面已有密钥或证书")
        return ""

    def _choice(self, token: TokenInfo) -> QWidget:
        obstacle = self.obstacle(token)
        serial = tr("序列号 {serial}", serial=token.serial) if token.serial else tr("初始化后才有序列号")
        state = tr("✕ {why}", why=obstacle) if obstacle else tr("✓ 可以用")
        made = button("\n".join((ukey_title(token), serial, state)), partial(self._select, token.serial), "choice")
        made.setCheckable(True)
        made.setEnabled(not obstacle)
        made.setProperty("serial", token.serial)
        return made

    def _select(self, serial: str) -> None:
        """Mark this one."""
        self._selected = serial
        token = self.desk.tokens.seen.token(serial)
        for at in range(self._list.count()):
            made = self._list.itemAt(at).widget()
            made.setProperty("checked", made.property("serial") == serial)
            set_look(made, chosen=str(made.property("serial") == serial))
        self.go.setEnabled(token is not None and not self.obstacle(token))
        if self.go.isEnabled() and not self.isAncestorOf(QApplication.focusWidget() or self):
            self.go.setFocus()
        if token is not None:
            self.looked_at.emit(token)

    def _take(self) -> None:
        token = self.desk.tokens.seen.token(self._selected)
        if token is not None and not self.obstacle(token):
            self.notice.hide()
            self.chosen.emit(token)

    def _diagnose(self) -> None:
        """Nothing is seen for a while: name the layer that fails."""
        self.desk.tasks.ask(self, self.desk.tokens.layers, "layers").then(self._show_layers)

    def _show_layers(self, findings: Sequence[diagnosis_tokens.LayerFinding]) -> None:
        if not self.desk.tokens.seen.tokens:
            self.layers.show_findings(findings)
            self.layers.show()
