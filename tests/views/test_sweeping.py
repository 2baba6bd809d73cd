"""Python's collector keeps out of the way of the window: never while something is under way, soon afterwards (I3)."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.views.sweeping import Sweeper


class _Knot:
    """Garbage that only the collector can take away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def under_way(qapp: QApplication) -> Iterator[list[str]]:
    """What is under way, by a sweeper that asks."""
    work: list[str] = []
    sweeper = Sweeper(qapp, lambda: not work)
    yield work
    sweeper.stop()
    assert gc.isenabled()


@pytest.mark.requirement("I3")
def test_nothing_is_collected_while_something_is_under_way_and_soon_afterwards(
    under_way: list[str], qapp: QApplication
) -> None:
    assert not gc.isenabled()
    under_way.append("import")
    gone = weakref.ref(_Knot())
    QTest.qWait(700)
    assert gone() is not None
    under_way.clear()
    QTest.qWait(700)
    assert gone() is None
