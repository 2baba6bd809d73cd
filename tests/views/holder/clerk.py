"""An administrator and a holder before the real window; run as a program, it downloads until it is killed or done.

`python -m tests.views.holder.clerk FOLDER REQUEST CODE` tells on its output what the screen says of an earlier run
(`says over` when that one did all), each step that is done, and `done`.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QWidget

from app.demo.cast import HOLDER, SCHOOL_SYSTEM
from app.models.certificates import RequestState
from app.views import theme
from app.views.holder.screen import HolderScreen
from app.views.holder.stages import Stage
from app.views.holder.wizard import Wizard
from app.views.settings import Settings
from app.views.shell import Shell
from app.views.start.door import Door
from app.views.start.login import Login
from app.views.window import Window
from tests.ca.support import PASSPHRASE
from tests.support.offices import WEAK, Clock, password
from tests.support.softhsm import SO_PIN, USER_PIN
from tests.views.hands import come_first

PATIENCE = 60
"""Seconds."""


class Clerk:
    """The school's 系统管理员 at the window of an office; then the holder at the screen that is opened there."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        self.window = Window(settings, door=Door({"clock": Clock(), "cost": WEAK}))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.login(folder)
        page = self.in_sight
        assert isinstance(page, Login)
        for field, text in ((page.login, SCHOOL_SYSTEM.login), (page.password, password(SCHOOL_SYSTEM.login))):
            _type(field.control.inputs()[0], text)
        QTest.keyClick(page.password.control.inputs()[0], Qt.Key.Key_Return)
        self.until(lambda: isinstance(self.in_sight, Shell))

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait for something to be seen."""
        end = time.monotonic() + PATIENCE
        while not ready():
            assert time.monotonic() < end, f"still at {self.in_sight}"
            QTest.qWait(10)

    @property
    def in_sight(self) -> QWidget:
        """What the window shows."""
        stack = self.window.centralWidget()
        assert isinstance(stack, QStackedWidget)
        return stack.currentWidget()

    @property
    def screen(self) -> HolderScreen:
        """The holder's screen."""
        found = self.in_sight
        assert isinstance(found, HolderScreen)
        return found

    @property
    def wizard(self) -> Wizard:
        """What it has in it once it knows the request."""
        assert self.screen.wizard is not None
        return self.screen.wizard

    def open_screen(self, request: int) -> None:
        """For one certificate request."""
        assert self.window.desk is not None
        self.window.desk.holder.emit(request)
        self.until(lambda: self.screen.wizard is not None)

    def see_key(self) -> None:
        """Wait until a UKEY is recognised that can be taken."""
        self.until(lambda: self.window.tasks.quiet and self.wizard.key.go.isEnabled())

    def take_key(self) -> None:
        """The UKEY that is selected."""
        self.see_key()
        QTest.keyClick(self.wizard.key.go, Qt.Key.Key_Space)
        self.until(lambda: self.wizard.stage is Stage.IDENTITY)

    def identify(self, code: str) -> None:
        """Type what is asked for, and begin."""
        typed = {
            "contact": HOLDER.mobile, "code": code, "pin": USER_PIN, "again": USER_PIN, "so_pin": SO_PIN,
            "passphrase": PASSPHRASE,
        }  # fmt: skip
        for key, field in self.wizard.identity.rows.items():
            if not field.isHidden():
                _type(field.control.inputs()[0], typed[key])
        QTest.keyClick(self.wizard.identity.go, Qt.Key.Key_Space)

    def press_escape(self) -> None:
        """Wherever the cursor is."""
        come_first(self.window)
        QTest.keyClick(self.window, Qt.Key.Key_Escape)

    def close(self) -> None:
        """Close the window; it goes once the office is closed."""
        self.until(lambda: self.window.tasks.quiet)
        self.window.close()
        self.until(lambda: not self.window.isVisible())

    def lock_back(self, text: str) -> None:
        """Give a password where the screen asks for it."""
        line = self.screen._lock.password.control.inputs()[0]
        self.until(line.isVisible)
        _type(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.until(lambda: self.window.tasks.quiet)


def _type(line: QWidget, text: str) -> None:
    """Key by key, in place of what stands there."""
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, text)


def main(folder: Path, request: int, code: str) -> None:
    """Log in, and download as far as it gets."""
    app = QApplication(sys.argv[:1])
    theme.apply(app)
    clerk = Clerk(folder)
    clerk.open_screen(request)
    if clerk.wizard.request.state is RequestState.CONFIRMED:
        print("says over", flush=True)
    else:
        clerk.see_key()
        print("says", clerk.wizard.key.notice.text, flush=True)
        clerk.wizard.run.stepped.connect(lambda step: print("step", step.value, flush=True))
        clerk.take_key()
        clerk.identify(code)
        clerk.until(lambda: clerk.wizard.stage is Stage.DONE)
        print("done", flush=True)
    clerk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
