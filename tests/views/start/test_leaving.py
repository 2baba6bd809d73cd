"""Leaving: what was begun is done and what was typed is kept, and no office stays open behind a page that is gone."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel

from app import bootstrap
from app.forms import annex4
from app.services import drafts
from app.services.operations import Gate
from app.services.sign_in import SignedIn
from app.views.applications.entry import Entry
from app.views.applications.page import ApplicationsPage
from app.views.help.guide import GuideWindow
from app.views.shell import Shell
from app.views.start.door import Door
from app.views.start.founding import Founding
from app.views.start.frame import StartPage
from app.views.start.letter import Letter
from app.views.start.login import Login
from tests.support.offices import WEAK, Clock, password
from tests.views.hands import leave, write
from tests.views.start.conftest import Front

LOGIN = "hl-xitong"
CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


class SlowDoor(Door):
    """Opens when the test says so."""

    def __init__(self, clock: Clock) -> None:
        super().__init__({"clock": clock, "cost": WEAK})
        self.now = threading.Event()

    def open(self, folder: Path, login: str, password: str) -> tuple[Gate, SignedIn]:
        self.now.wait()
        return super().open(folder, login, password)


@pytest.fixture
def slow(front: Front, clock: Clock) -> Iterator[SlowDoor]:
    """The window's door, which takes its time."""
    front.window._door = door = SlowDoor(clock)
    yield door
    door.now.set()


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Whether an office was closed."""
    told, close = threading.Event(), Gate.close

    def tell(gate: Gate) -> None:
        close(gate)
        told.set()

    monkeypatch.setattr(Gate, "close", tell)
    return told


def _begin(front: Front, folder: Path) -> Login:
    """Log in; the office is being opened afterwards, unless the door is quick."""
    front.window.login(folder)
    page = front.page(Login)
    front.type(page.login, LOGIN)
    front.type(page.password, password(LOGIN))
    QTest.keyClick(page.password.control.inputs()[0], Qt.Key.Key_Return)
    return page


def _is_closed(front: Front, folder: Path, clock: Clock) -> bool:
    """Whether somebody else can open it."""
    front.settle()
    gate, _ = bootstrap.open_office(folder, LOGIN, password(LOGIN), clock=clock, cost=WEAK)
    gate.close()
    return True


@pytest.fixture
def at_work(front: Front, closed_office: Path) -> Front:
    """Somebody at work."""
    _begin(front, closed_office)
    front.page(Shell)
    front.settle()
    return front


@pytest.mark.requirement("G4")
def test_while_an_office_is_being_opened_its_page_obeys_no_key(
    front: Front, closed_office: Path, slow: SlowDoor
) -> None:
    page = _begin(front, closed_office)
    left: list[object] = []
    page.back.connect(lambda: left.append(page))
    for key, modifier in ((Qt.Key.Key_Comma, CONTROL), (Qt.Key.Key_Slash, CONTROL), (Qt.Key.Key_F1, NONE)):
        QTest.keyClick(front.window, key, modifier)
    QTest.mouseClick(page._return, Qt.MouseButton.LeftButton)
    assert not [each for each in front.window.findChildren(QDialog) if each.isVisible()]
    assert not front.window.findChildren(GuideWindow)
    assert left == []
    slow.now.set()
    front.page(Shell)


@pytest.mark.requirement("G4")
def test_a_refused_opening_gives_the_page_back(front: Front, closed_office: Path, slow: SlowDoor) -> None:
    page = _begin(front, closed_office.parent / "nothing")
    assert not page.isEnabled()
    slow.now.set()
    front.settle()
    assert page.isEnabled()
    assert page.password.control.inputs()[0].hasFocus()
    QTest.keyClick(page, Qt.Key.Key_F1)
    assert front.window.findChildren(GuideWindow)


@pytest.mark.requirement("G4")
def test_an_office_that_comes_when_its_page_is_gone_is_closed(
    front: Front, closed_office: Path, slow: SlowDoor, closed: threading.Event
) -> None:
    _begin(front, closed_office)
    front.window.welcome()
    QTest.qWait(10)  # the page goes
    slow.now.set()
    front.settle()
    assert closed.wait(20)
    assert front.window.desk is None


@pytest.mark.requirement("G4")
def test_an_office_that_comes_when_its_window_is_closed_is_closed(
    front: Front, closed_office: Path, slow: SlowDoor, closed: threading.Event
) -> None:
    _begin(front, closed_office)
    front.window.close()
    assert not front.window.isVisible(), "nobody is at work: nothing is waited for"
    slow.now.set()
    assert closed.wait(20)


def test_while_an_office_is_founded_its_page_obeys_no_key(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of the recovery letter comes to that page alone."""
    front.window.found()
    page = front.page(Founding)
    now = threading.Event()
    monkeypatch.setattr(page, "_door", Door())
    monkeypatch.setattr(Door, "found", lambda *_: now.wait())
    page._found()
    QTest.keyClick(front.window, Qt.Key.Key_F1)
    assert not page.isEnabled()
    assert not front.window.findChildren(GuideWindow)
    front.window.close()
    assert front.window.isVisible()
    now.set()
    front.settle()
    front.page(Letter).sealed.setChecked(True)


@pytest.mark.requirement("I3")
def test_closing_does_what_was_begun_and_meanwhile_says_so(at_work: Front, closed_office: Path, clock: Clock) -> None:
    window, done = at_work.window, list[int]()
    now = threading.Event()
    window.tasks.do(window, now.wait)
    for number in range(3):
        window.tasks.do(window, partial(done.append, number))
    began = time.monotonic()
    for _ in range(2):
        window.close()
    assert time.monotonic() - began < 5
    assert window.isVisible()
    said = "".join(each.text() for each in at_work.page(StartPage).findChildren(QLabel))
    assert "正在保存并关闭…" in said
    assert done == []
    now.set()
    at_work.qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert done == [0, 1, 2]
    assert _is_closed(at_work, closed_office, clock)


@pytest.mark.requirement("I3")
def test_who_closes_the_window_while_it_locks_loses_nothing_either(at_work: Front) -> None:
    window, done = at_work.window, list[int]()
    now = threading.Event()
    window.tasks.do(window, now.wait)
    window.tasks.do(window, partial(done.append, 1))
    window.lock()
    window.close()
    assert window.isVisible()
    now.set()
    at_work.qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert done == [1]


@pytest.mark.requirement("I3")
def test_the_last_keys_before_the_window_closes_are_kept(at_work: Front, closed_office: Path, clock: Clock) -> None:
    shell = at_work.page(Shell)
    shell.tabs.setCurrentIndex(2)
    at_work.settle()
    page = shell.page
    assert isinstance(page, ApplicationsPage)
    page.new.click()
    at_work.qtbot.waitUntil(lambda: isinstance(page.entry, Entry))
    at_work.settle()
    assert page.entry is not None
    write(page.entry.fields.rows["name"].control.inputs()[0], "王")
    leave(at_work.window)
    gate, person = bootstrap.open_office(closed_office, LOGIN, password(LOGIN), clock=clock, cost=WEAK)
    try:
        (kept,) = drafts.kept(gate.context, person.actors[0])
        assert annex4.from_json(kept.content).name == "王"
    finally:
        gate.close()


def test_a_window_in_which_nobody_is_at_work_closes_at_once(front: Front) -> None:
    front.window.begin()
    front.window.close()
    assert not front.window.isVisible()
