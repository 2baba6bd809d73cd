"""Step 3: each part of the work as it is done, what it means, and how long it took."""

import time
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from app.models.certificates import EnrolmentStep
from app.views.holder.stages import PARTS
from app.views.parts.basic import button, card, column, label, row, set_look
from app.words import tr

_WAITING, _AT_WORK, _DONE = "○", "●", "✓"


class Part(QWidget):
    """One line: its sign, its title, what it means."""

    def __init__(self, title: str, meaning: str) -> None:
        super().__init__()
        self._meaning = meaning
        self.sign, self.title, self.text = label(_WAITING, "muted"), label(title, "heading"), label(meaning, "muted")
        self.setLayout(row(self.sign, column(self.title, self.text, gap=2), 1, gap=12))

    def show_state(self, sign: str, seconds: float | None = None) -> None:
        """Waiting, at work, or done in so many seconds."""
        self.sign.setText(sign)
        set_look(self.sign, tone="good" if sign != _WAITING else "")
        took = tr("{text} · {seconds:.1f} 秒", text=self._meaning, seconds=seconds) if seconds is not None else ""
        self.text.setText(took or self._meaning)


class WritingPage(QWidget):
    """`stop` when the holder wants it to stop; it stops before the next part."""

    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.parts: Mapping[EnrolmentStep, Part] = {
            step: Part(tr(title), tr(meaning)) for step, (title, meaning) in PARTS.items()
        }
        self._bar = QProgressBar()
        self._bar.setRange(0, len(PARTS))
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("写入证书的进度"))
        self.words: QLabel = label(wrap=True, tone="late")
        self.cancel = button(tr("取消（不会丢失进度）"), self._stop)
        inside = card(*self.parts.values(), self._bar, self.words, 1, gap=14, margins=(24, 24, 24, 24))
        whole = column(inside, row(1, self.cancel), gap=12)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self._began, self._done = time.monotonic(), 0

    def begin(self, reached: EnrolmentStep | None) -> None:
        """A run begins; what an earlier one reached is done already."""
        self._began = time.monotonic()
        self.cancel.setEnabled(True)
        self.words.setText(tr("▲ 请勿拔出 UKEY。万一拔出了，重新插入会从这一步继续。"))
        order = list(PARTS)
        self._done = order.index(reached) + 1 if reached is not None else 0
        for at, part in enumerate(self.parts.values()):
            part.show_state(_DONE if at < self._done else _WAITING)
        self._show_at_work()

    def step(self, step: EnrolmentStep) -> None:
        """A part is done."""
        now = time.monotonic()
        self.parts[step].show_state(_DONE, now - self._began)
        self._began = now
        self._done = max(self._done, list(PARTS).index(step) + 1)  # each run identifies the holder anew
        self._show_at_work()

    def _show_at_work(self) -> None:
        self._bar.setValue(self._done)
        if self._done < len(PARTS):
            list(self.parts.values())[self._done].show_state(_AT_WORK)

    def _stop(self) -> None:
        self.cancel.setEnabled(False)
        self.words.setText(tr("做完手上这一步就停下，进度会保存……"))
        self.stop.emit()
