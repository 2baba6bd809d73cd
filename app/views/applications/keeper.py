"""Keeps what is being typed, about a second after the last key: a crash or a power cut loses no more (I3)."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import Problem
from app.services import drafts
from app.views.desk import Desk

_PAUSE = 1000  # milliseconds after the last key


class Keeper(QObject):
    """Keeps one draft. In the lane of the operations, so that a draft dropped after a saving stays dropped."""

    kept = Signal()
    failed = Signal(Problem)

    def __init__(self, desk: Desk, key: str, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self.key = desk, key
        self._content = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._keep)

    def note(self, content: str) -> None:
        """This is typed now; it is kept after a pause."""
        self._content = content
        self._pause.start()

    def flush(self) -> None:
        """Keep now what waits for the pause to end."""
        if self._pause.isActive():
            self._pause.stop()
            self._keep()

    def drop(self) -> None:
        """It was saved, or given up."""
        self._pause.stop()
        work = partial(drafts.drop, self._desk.gate.context, self._desk.actor, self.key)
        self._desk.tasks.do(self, work).fails(self.failed.emit)

    def _keep(self) -> None:
        work = partial(drafts.keep, self._desk.gate.context, self._desk.actor, self.key, self._content)
        try:
            self._desk.tasks.do(self, work).then(lambda _: self.kept.emit()).fails(self.failed.emit)
        except RuntimeError:  # the window is closing, and its lanes are closed
            work()
