"""Windows in tests: a desk in a staffed office, and waiting until the lanes are quiet. Any Qt warning fails a test."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from traceback import format_exception

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import words
from app.demo.cast import ADMINISTRATORS
from app.policy import Post
from app.services.sign_in import SignedIn
from app.views import theme
from app.views.desk import Desk
from app.views.tasks import Tasks
from tests.support.offices import Office


@pytest.fixture(autouse=True)
def dressed(qapp: object) -> None:
    """The look of the program: sizes depend on it."""
    assert isinstance(qapp, QApplication)
    if not qapp.styleSheet():
        theme.apply(qapp)


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """Garbage is collected on Qt's thread only, as `Sweeper` keeps it: widgets that go in a lane can lock up both."""
    gc.disable()
    yield
    gc.enable()


@dataclass
class Desks:
    """Makes desks in one office, and waits for them."""

    office: Office
    qtbot: QtBot
    tasks: Tasks

    def at(self, unit: str, post: Post) -> Desk:
        """Somebody of the unit at work in the post, as after a login."""
        person = next(each for each in ADMINISTRATORS if each.unit == unit and post in each.posts)
        actors = tuple(self.office.actor(unit, each) for each in person.posts)
        desk = Desk(
            self.office.gate, SignedIn(person.login, person.name, unit, actors), self.office.context.folder, self.tasks
        )
        desk.take_post(post)
        return desk

    def settle(self) -> None:
        """Until all that was begun has been answered."""
        self.qtbot.waitUntil(lambda: self.tasks.quiet, timeout=20_000)


@pytest.fixture
def desks(sqlite_office: Office, qtbot: QtBot) -> Iterator[Desks]:
    """Desks in a staffed office of its own. A fault of the program in a lane fails the test."""
    tasks = Tasks()
    try:
        with sound(tasks):
            yield Desks(sqlite_office, qtbot, tasks)
    finally:
        tasks.close()


@contextmanager
def sound(tasks: Tasks) -> Iterator[None]:
    """A fault of the program in one of the lanes fails the test, though nobody waits for its answer."""
    bugs: list[Exception] = []
    tasks.bug.connect(bugs.append)
    yield
    tasks.settle()
    QApplication.processEvents()
    assert bugs == [], "".join(chain.from_iterable(map(format_exception, bugs)))


@pytest.fixture
def settled(desks: Desks) -> Callable[[], None]:
    """Wait until the lanes are quiet."""
    return desks.settle


@pytest.fixture(params=[words.CHINESE, words.ENGLISH])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language that the program speaks."""
    words.set_language(request.param)
    yield request.param
    words.set_language(words.CHINESE)


@pytest.fixture(params=[100, 150])
def size(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[int]:
    """Font sizes, in per cent."""
    theme.apply(qapp, request.param)
    yield request.param
    theme.apply(qapp)
