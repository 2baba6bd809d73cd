"""Windows in tests: a desk in a staffed office, and waiting until the lanes are quiet. Any Qt warning fails a test."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from pytestqt.qtbot import QtBot

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
    from PySide6.QtWidgets import QApplication

    assert isinstance(qapp, QApplication)
    if not qapp.styleSheet():
        theme.apply(qapp)


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
    """Desks in a staffed office of its own."""
    tasks = Tasks()
    try:
        yield Desks(sqlite_office, qtbot, tasks)
    finally:
        tasks.settle()
        tasks.close()


@pytest.fixture
def settled(desks: Desks) -> Callable[[], None]:
    """Wait until the lanes are quiet."""
    return desks.settle
