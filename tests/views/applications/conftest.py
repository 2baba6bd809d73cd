"""The page 用户与申请单 in a window, for somebody in a post."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.demo.cast import SCHOOL
from app.policy import Post
from app.views.applications.page import ApplicationsPage
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import LineControl, TextControl
from tests.support.offices import Office
from tests.views.conftest import Desks
from tests.views.hands import write

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Stage:
    """A page that is seen, and what a person does with it."""

    page: ApplicationsPage
    desks: Desks
    qtbot: QtBot

    @property
    def office(self) -> Office:
        return self.desks.office

    def settle(self) -> None:
        """Until all is answered; a layout shows what was put into it only with the next event."""
        self.desks.settle()
        QApplication.processEvents()

    def seen(self, what: Callable[[], object]) -> None:
        """Wait until it is so."""
        self.qtbot.waitUntil(lambda: bool(what()), timeout=10_000)

    def click(self, button: QPushButton) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        self.qtbot.mouseClick(button, LEFT)
        self.settle()

    def button(self, text: str, within: QWidget | None = None) -> QPushButton:
        """The visible button with this text."""
        found = [each for each in self.buttons(within) if each.text() == text]
        assert len(found) == 1, [each.text() for each in self.buttons(within)]
        return found[0]

    def buttons(self, within: QWidget | None = None) -> list[QPushButton]:
        return [each for each in (within or self.page).findChildren(QPushButton) if each.isVisible()]

    def texts(self, within: QWidget | None = None) -> str:
        """All that is read, a line a label."""
        labels = (within or self.page).findChildren(QLabel)
        return "\n".join(each.text() for each in labels if each.isVisible())

    def cells(self) -> list[list[str]]:
        """What the list in sight shows."""
        self.settle()
        model = self.page.list.source.model
        read = [[str(model.index(r, c).data()) for c in range(model.columnCount())] for r in range(model.rowCount())]
        if any("…" in row for row in read):
            self.settle()
            return self.cells()
        return read

    def select(self, at: int) -> QWidget:
        """Click a line; the pane beside."""
        self.cells()
        self.page.list.table.select(at)
        self.settle()
        pane = self.page.list.details
        assert isinstance(pane, QWidget)
        return pane

    def dialog(self) -> FormDialog:
        """The dialog that is open."""
        (found,) = [each for each in self.page.findChildren(FormDialog) if each.isVisible()]
        self.settle()
        return found

    def type_into(self, dialog: FormDialog, **values: str) -> None:
        for key, text in values.items():
            control: Any = dialog.fields[key].control
            assert isinstance(control, LineControl | TextControl)
            self.qtbot.keyClick(control.widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            self.qtbot.keyClick(control.widget, Qt.Key.Key_Backspace)
            write(control.widget, text)

    def confirm(self, dialog: FormDialog) -> None:
        self.click(dialog.go)


@pytest.fixture
def stage(desks: Desks, qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    """Show the page to the holder of a post (default: the school's 系统管理员). Refusals unseen fail the test."""
    refused: list[Exception] = []
    desks.tasks.refused.connect(refused.append)

    def show(unit: str = SCHOOL, post: Post = Post.SYSTEM) -> Stage:
        page = ApplicationsPage(desks.at(unit, post))
        qtbot.addWidget(page)
        page.resize(1326, 640)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        made = Stage(page, desks, qtbot)
        made.settle()
        return made

    yield show
    assert refused == []
