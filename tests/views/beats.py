"""A beat that notices when Qt's thread stands still, beside one of a process that does nothing else.

These machines are busy: what kept the idle process from its beat as well is the machine's doing, and is not counted.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

LIMIT = 0.1
"""Seconds that nobody notices."""
_BEAT = 5  # milliseconds
_IDLE = """
import select, sys, time
print("ready", flush=True)
last = time.monotonic()
while not select.select([sys.stdin], [], [], 0.005)[0]:
    now = time.monotonic()
    if now - last > 0.015:
        print(last, now)
    last = now
"""


class Beat:
    """Counts how long Qt's thread did not come round, while it is watched."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._gaps: list[tuple[float, float]] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setInterval(_BEAT)
        self._timer.timeout.connect(self._tick)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """`longest` has the longest gap, in seconds, afterwards."""
        command = [sys.executable, "-S", "-c", _IDLE]
        with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as idle:
            assert idle.stdout is not None
            idle.stdout.readline()
            self._gaps, self._last = [], time.monotonic()
            self._timer.start()
            try:
                yield
            finally:
                self._tick()
                self._timer.stop()
                told = idle.communicate("")[0]
        elsewhere = [tuple(map(float, line.split())) for line in told.splitlines()]
        self.longest = max(_own(gap, elsewhere) for gap in self._gaps)

    def _tick(self) -> None:
        now = time.monotonic()
        self._gaps.append((self._last, now))
        self._last = now


def _own(gap: tuple[float, float], elsewhere: list[tuple[float, ...]]) -> float:
    """A gap without what an idle process could not work in either."""
    start, end = gap
    return end - start - sum(max(0.0, min(end, to) - max(start, since)) for since, to in elsewhere)
