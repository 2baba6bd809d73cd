"""The window: it locks when nobody touches it, tells a fault of the program, and keeps its size (G4, I3)."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.views import window as window_module
from app.views.bugs import BugWatch, report
from app.views.settings import Settings
from app.views.shell import Shell
from app.views.start.login import Login
from app.views.window import Window
from tests.support.offices import password
from tests.views.looks import faults
from tests.views.start.conftest import Front

LOGIN = "hl-xitong"


@pytest.fixture
def at_work(front: Front, closed_office: Path, monkeypatch: pytest.MonkeyPatch) -> Front:
    """Somebody at work, in a window whose minutes are short."""
    monkeypatch.setattr(window_module, "MINUTE", 150)
    front.window.settings.idle_minutes = 5
    front.window.login(closed_office)
    page = front.page(Login)
    front.type(page.login, LOGIN)
    front.type(page.password, password(LOGIN))
    front.enter()
    front.page(Shell)
    return front


@pytest.mark.requirement("G4")
def test_it_warns_a_minute_before_and_then_locks(at_work: Front) -> None:
    shell = at_work.page(Shell)
    at_work.qtbot.waitUntil(lambda: "1 分钟后自动退出" in shell.notice.text)
    page = at_work.page(Login)
    assert "5 分钟没有操作，已自动退出" in page.notice.text
    assert at_work.window.desk is None


@pytest.mark.requirement("G4")
def test_a_touch_after_the_warning_lets_it_stay(at_work: Front) -> None:
    shell = at_work.page(Shell)
    at_work.qtbot.waitUntil(lambda: bool(shell.notice.text))
    QTest.keyClick(shell, Qt.Key.Key_Shift)
    assert shell.notice.text == ""
    QTest.qWait(300)
    assert at_work.window.desk is not None, "the minutes count from the touch"
    at_work.page(Login)


@pytest.mark.requirement("G4")
def test_it_does_not_lock_while_something_is_written(at_work: Front) -> None:
    busy: list[bool] = []
    at_work.window.tasks.busy.connect(busy.append)
    at_work.window.tasks.job(at_work.window, lambda: QTest.qSleep(1500))
    at_work.qtbot.waitUntil(lambda: not busy[-1], timeout=3000)
    assert at_work.window.desk is not None
    at_work.page(Login)


@pytest.fixture
def watch(front: Front) -> Iterator[BugWatch]:
    made = BugWatch(front.window, front.window.tasks)
    yield made
    made.stop()


@pytest.mark.requirement("I3")
def test_a_fault_of_the_program_is_told_once_and_its_report_saved(
    front: Front, watch: BugWatch, tmp_path: Path
) -> None:
    def fail() -> None:
        raise ValueError("王𬭊 220122199003074618")

    front.window.begin()
    for _ in range(2):
        front.window.tasks.do(front.window, fail).fails(lambda _: None)
    front.settle()
    dialog = watch.dialog
    assert dialog is not None
    text = dialog.text.toPlainText()
    assert text.count("ValueError") == 2
    assert "tests/" not in text.split("ValueError")[0]
    assert "220122" not in text
    assert "王" not in text
    assert faults(dialog) == []
    dialog.save(tmp_path / "报告.txt")
    front.settle()
    assert (tmp_path / "报告.txt").read_text(encoding="utf-8") == text
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert watch.dialog is None
    assert front.window.isVisible()


@pytest.mark.qt_no_exception_capture
def test_a_fault_in_a_slot_reaches_the_same_dialog(front: Front, watch: BugWatch) -> None:
    error = KeyError("x")
    sys.excepthook(KeyError, error, None)
    assert watch.dialog is not None
    assert "KeyError" in watch.dialog.text.toPlainText()
    assert "KeyError" in report(error)


def test_it_is_as_large_as_it_was(tmp_path: Path, qapp: QApplication) -> None:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    first = Window(settings)
    first.resize(700, 500)
    first.show()
    first.close()
    again = Window(settings)
    again.restoreGeometry(settings.geometry)
    assert (again.width(), again.height()) == (700, 500)
    again.close()
    for each in (first, again):
        each.deleteLater()
