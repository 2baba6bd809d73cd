"""The UKEYs of this computer, looked at about once a second while somebody wants to know."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.bootstrap import TokenLibraries
from app.errors import Problem
from app.services.diagnosis_probe import probe
from app.services.diagnosis_tokens import LayerFinding, ukey_layers, worth_showing
from app.token.host import TokenHost
from app.token.types import TokenInfo
from app.views.tasks import Tasks

_EVERY = 1000  # milliseconds between the end of one look and the next


@dataclass(frozen=True)
class Seen:
    """What a look found: the tokens, and what is wrong with libraries."""

    tokens: tuple[TokenInfo, ...] = ()
    faults: tuple[Problem, ...] = ()

    def token(self, serial: str) -> TokenInfo | None:
        """The token with this serial number."""
        return next((info for info in self.tokens if info.serial == serial), None)


class TokenWatch(QObject):
    """Follows plugging and unplugging. It looks only between `start` and `stop`, never on Qt's thread."""

    changed = Signal()
    ended = Signal()
    """A look is over, whatever came of it."""

    def __init__(self, tasks: Tasks, libraries: Callable[[], TokenLibraries]) -> None:
        super().__init__()
        self.seen = Seen()
        self.looked = False
        """Whether there was a look yet."""
        self.libraries = TokenLibraries((), ())
        """Those that are looked through, and why others are not."""
        self._tasks, self._which = tasks, libraries
        self._known = False
        self._first = threading.Lock()
        self._host = TokenHost(())
        self._wanted = 0
        self._looking = self._afresh = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    @property
    def host(self) -> TokenHost:
        """The host itself, for work in a lane: at first use the libraries are asked for, and hashed."""
        with self._first:
            if not self._known:
                self._ask_libraries()
        return self._host

    def ask_libraries(self) -> None:
        """The office has changed what may be loaded: from the next look on it holds here."""
        if self._known:
            self._tasks.ask(self, self._ask_libraries, "libraries")

    def start(self) -> None:
        """Look from now on; to be matched by `stop`."""
        self._wanted += 1
        if self._wanted == 1:
            self._look()

    def stop(self) -> None:
        """Look no longer, when nobody else wants it."""
        self._wanted -= 1
        if not self._wanted:
            self._timer.stop()

    def look_afresh(self) -> None:
        """Load all libraries anew, and look: for who has just installed a driver."""
        self._afresh = True
        self._look()

    def layers(self) -> tuple[LayerFinding, ...]:
        """Why a UKEY is not seen, layer by layer, from the last look; not on Qt's thread."""
        seen = self.seen
        return ukey_layers(seen.tokens, seen.faults, probe(self.libraries.paths), {})

    def close(self) -> None:
        """End the libraries' processes; not on Qt's thread."""
        self._host.close()

    def _look(self) -> None:
        """One look at a time: a library that hangs holds one thread, and no more."""
        if self._looking:
            return
        self._looking, afresh, self._afresh = True, self._afresh, False
        self._tasks.ask(self, lambda: self._see(afresh=afresh)).then(self._arrived).last(self._go_on)

    def _ask_libraries(self) -> None:
        found = self._which()
        self._host.look_through(found.paths)
        self.libraries, self._known = found, True

    def _see(self, *, afresh: bool = False) -> Seen:
        if afresh:
            self._ask_libraries()
        tokens = self.host.tokens(afresh=afresh)
        return Seen(tuple(worth_showing(tokens)), (*self.libraries.faults, *self.host.faults()))

    def _arrived(self, seen: Seen) -> None:
        fresh = not self.looked or _told(seen) != _told(self.seen)
        self.seen, self.looked = seen, True
        if fresh:
            self.changed.emit()

    def _go_on(self) -> None:
        """However the look ended, the next comes in its turn; at once, when somebody asked for one meanwhile."""
        self._looking = False
        if self._afresh:
            self._look()
            return
        self.ended.emit()
        if self._wanted:
            self._timer.start(_EVERY)


def _told(seen: Seen) -> object:
    """What makes two looks the same."""
    return seen.tokens, [(fault.reason, dict(fault.data)) for fault in seen.faults]
