"""Python's garbage collector, kept from stopping the window: it walks over all objects at once, every thread waiting.

With 15,000 units or a list of 50,000 schools in memory that takes up to a quarter of a second, whenever it pleases.
So it is switched off: while nothing is under way, young objects are looked through often, which takes a moment, and
all of them once nobody has touched the window for a while.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

_EVERY = 300
"""Milliseconds between two looks at the young objects."""
_REST = 15
"""So many looks without a touch make a rest."""
_TOUCHES = frozenset((QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel))
_YOUNG, _ALL = 1, 2


class Sweeper(QObject):
    """Collects at good moments from its making until `stop`. `quiet` says whether nothing is under way."""

    def __init__(self, watched: QObject, quiet: Callable[[], bool]) -> None:
        super().__init__(watched)
        self._quiet, self._untouched, self._swept = quiet, 0, False
        gc.collect()
        gc.freeze()  # what the program consists of is there to stay
        gc.disable()
        watched.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._sweep)
        self._timer.start(_EVERY)

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice each touch."""
        if event.type() in _TOUCHES:
            self._untouched, self._swept = 0, False
        return False

    def _sweep(self) -> None:
        self._untouched += 1
        if not self._quiet():
            return
        if self._untouched < _REST:
            gc.collect(_YOUNG)
        elif not self._swept:
            self._swept = True
            gc.collect(_ALL)
