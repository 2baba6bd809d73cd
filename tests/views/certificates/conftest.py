"""The page 证书与 UKEY in a window, for somebody in a post; a desk whose UKEYs are this test's software tokens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import TokenLibraries
from app.demo.cast import SCHOOL
from app.policy import Post
from app.views.certificates.page import CertificatesPage
from app.views.links import Link
from app.views.tokens import TokenWatch
from tests.support.faulty import faulty, faulty_host, faulty_library, faulty_serial
from tests.support.offices import Office
from tests.support.softhsm import SoftHsm, serial, softhsm, token_host
from tests.views.conftest import Desks

__all__ = [
    "faulty",
    "faulty_host",
    "faulty_library",
    "faulty_serial",
    "serial",
    "softhsm",
    "token_host",
]

D = TypeVar("D", bound=QDialog)
LEFT = Qt.MouseButton.LeftButton


@dataclass
class Stage:
    """A page that is seen, and what a person does with it."""

    page: CertificatesPage
    desks: Desks
    qtbot: QtBot

    @property
    def office(self) -> Office:
        return self.desks.office

    def settle(self) -> None:
        self.desks.settle()

    def seen(self, what: Callable[[], object], within: int = 20_000) -> None:
        """Wait until it is so; `within` in milliseconds."""
        self.qtbot.waitUntil(lambda: bool(what()), timeout=within)

    def click(self, button: QPushButton) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        self.qtbot.mouseClick(button, LEFT)
        self.settle()

    def texts(self, within: QWidget) -> str:
        """All that is read in a place, a line a label."""
        return "\n".join(each.text() for each in within.findChildren(QLabel) if each.isVisible())

    def offered(self) -> list[str]:
        """The verbs of the actions that can be clicked."""
        buttons = self.page.requests.details.buttons.buttons.values()
        return [each.text() for each in buttons if each.isVisible() and each.isEnabled()]

    def act(self, verb: str) -> None:
        buttons = self.page.requests.details.buttons.buttons.values()
        self.click(next(each for each in buttons if each.isVisible() and each.text() == verb))

    def select(self, at: int = 0) -> None:
        self.page.requests.table.select(at)
        self.settle()

    def dialog(self, kind: type[D]) -> D:
        """The dialog of that kind that is open."""
        return next(each for each in self.page.findChildren(kind) if each.isVisible())

    def to_ukeys(self) -> None:
        """Show the other segment, and wait for the first look."""
        self.page.segments.setCurrentIndex(1)
        self.seen(lambda: self.page.desk.tokens.looked)
        self.settle()


@pytest.fixture
def stage(desks: Desks, qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    """Show the page to the holder of a post, with these libraries."""
    pages: list[CertificatesPage] = []

    def show(
        unit: str = SCHOOL, post: Post = Post.SYSTEM, libraries: tuple[Path, ...] = (), link: Link | None = None
    ) -> Stage:
        desk = desks.at(unit, post)
        desk.tokens = TokenWatch(desks.tasks, lambda: TokenLibraries(libraries, ()))
        page = CertificatesPage(desk)
        pages.append(page)
        qtbot.addWidget(page)
        page.resize(1326, 640)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        if link:
            page.open(link)
        desks.settle()
        desks.settle()
        return Stage(page, desks, qtbot)

    yield show
    for page in pages:
        page.hide()
        desks.tasks.settle()
        page.desk.tokens.close()


@pytest.fixture
def plugged(stage: Callable[..., Stage], softhsm: SoftHsm, serial: str) -> Stage:
    """The segment 插入的 UKEY, with one prepared token."""
    shown = stage(libraries=(softhsm.library,))
    shown.to_ukeys()
    return shown
