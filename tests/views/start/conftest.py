"""The window before the login, with settings, a clock and a cheap price of passwords of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.views.parts.fields import FieldRow
from app.views.settings import Settings
from app.views.start.door import Door
from app.views.window import Window
from tests.support.offices import WEAK, Clock, Template
from tests.views.hands import come_first, leave, write

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def closed_office(template: Callable[[str], Template], tmp_path: Path) -> Path:
    """The folder of a staffed office that nobody has open."""
    folder = tmp_path / "office"
    with template("sqlite").copied(folder):
        return folder


class Front:
    """Somebody at the keyboard, before the window."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    def page(self, kind: type[W]) -> W:
        """The page in sight, when it has come."""
        self.qtbot.waitUntil(lambda: isinstance(self.window.centralWidget().currentWidget(), kind), timeout=20_000)  # type: ignore[attr-defined]
        page = self.window.centralWidget().currentWidget()  # type: ignore[attr-defined]
        assert isinstance(page, kind)
        come_first(self.window)
        return page

    def settle(self) -> None:
        """Until all that was begun has been answered and is shown."""
        self.qtbot.waitUntil(lambda: self.window.tasks.quiet, timeout=20_000)
        QApplication.processEvents()

    def type(self, field: FieldRow, text: str) -> None:
        """Type into an empty line, key by key where a keyboard can."""
        line = field.control.inputs()[0]
        assert isinstance(line, QLineEdit)
        line.setFocus()
        line.clear()
        if text.isascii():
            QTest.keyClicks(line, text)
        else:
            write(line, text)

    def enter(self) -> None:
        """Enter, wherever the cursor is, and what comes of it."""
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, Qt.Key.Key_Return)
        self.settle()


@pytest.fixture
def front(settings: Settings, clock: Clock, qtbot: QtBot) -> Iterator[Front]:
    window = Window(settings, door=Door({"clock": clock, "cost": WEAK}))
    window.resize(1366, 768)
    window.show()
    made = Front(window, qtbot)
    yield made
    if not window.tasks.closed:
        made.settle()
        leave(window)
    window.deleteLater()
