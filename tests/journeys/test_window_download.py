"""A certificate through the real window: locked back, two UKEYs at once, killed and started again (E3, E7, E9)."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTabBar
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app import bootstrap
from app.demo.cast import PROVINCE_AUDITOR, SCHOOL_SYSTEM
from app.models.certificates import Certificate, Enrolment, EnrolmentStep
from app.services import audit
from app.token.host import TokenHost
from app.token.types import KeyKind, ObjectKind
from app.views import theme
from app.views.holder.stages import Stage
from app.views.shell import Shell
from tests.ca.conftest import founded
from tests.support.demo import ROOT
from tests.support.offices import WEAK, Clock, Template, password
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm, softhsm
from tests.views.holder.clerk import Clerk

__all__ = ["founded", "softhsm"]

pytestmark = pytest.mark.requirement("E3")

CUTS = (EnrolmentStep.INTENDED, EnrolmentStep.KEY, EnrolmentStep.ISSUED, EnrolmentStep.WRITTEN)


@dataclass(frozen=True)
class Place:
    """An office that nobody has open, with its authority, an approved request and its code."""

    folder: Path
    request: int
    code: str
    softhsm: SoftHsm

    def host(self) -> TokenHost:
        """The UKEYs of this test."""
        return TokenHost([self.softhsm.library])

    def check_exactly_one(self) -> str:
        """One key pair, one certificate, the same in the journal; the log holds. Answers the UKEY's serial number."""
        login = PROVINCE_AUDITOR.login
        gate, auditor = bootstrap.open_office(self.folder, login, password(login), clock=Clock(), cost=WEAK)
        with closing(gate), gate.context.database.reading() as session:
            enrolment = session.scalars(select(Enrolment)).one()
            certificate = session.scalars(select(Certificate)).one()
            assert gate.ask(auditor.acting_as(PROVINCE_AUDITOR.post), audit.verify) == ()
        assert enrolment.step is EnrolmentStep.PROVED
        with self.host() as host, host.open(enrolment.token_serial, USER_PIN) as token:
            objects, certificates = token.objects(), dict(token.certificates())
        for kind in (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY):
            assert [thing.key_id for thing in objects if thing.kind is kind] == [enrolment.uid]
        assert certificates[enrolment.uid] == certificate.der
        return enrolment.token_serial


@pytest.fixture
def place(template: Callable[[str], Template], founded: Path, softhsm: SoftHsm, tmp_path: Path) -> Place:
    folder = tmp_path / "office"
    with template("sqlite").copied(folder) as office:
        request, code = office.with_code()
    shutil.copytree(founded, folder / "ca")
    return Place(folder, request, code, softhsm)


@pytest.fixture
def clerk(place: Place, qtbot: QtBot) -> Iterator[Clerk]:
    """Logged in, in this process."""
    theme.apply(QApplication.instance())  # type: ignore[arg-type]  # pytest-qt made it
    made = Clerk(place.folder)
    yield made
    if made.window.isVisible():
        made.close()
    made.window.deleteLater()


@pytest.mark.requirement("E9")
def test_a_holder_sees_nothing_of_the_office_and_leaves_it_as_it_was(clerk: Clerk, place: Place) -> None:
    shell = clerk.in_sight
    assert isinstance(shell, Shell)
    shell.tabs.setCurrentIndex(2)
    clerk.open_screen(place.request)
    assert not [shown for shown in clerk.window.findChildren(QTabBar) if shown.isVisible()]
    clerk.see_key()
    clerk.press_escape()
    clerk.lock_back("not the password")
    assert clerk.screen._lock.isVisible()
    assert not clerk.wizard.isVisible()
    clerk.screen._lock.stayed.emit()
    clerk.take_key()
    clerk.identify(place.code)
    clerk.until(lambda: clerk.wizard.stage is Stage.DONE)
    QTest.keyClick(clerk.wizard.done.go, Qt.Key.Key_Space)
    clerk.lock_back(password(SCHOOL_SYSTEM.login))
    assert clerk.in_sight is shell
    assert shell.tabs.currentIndex() == 2
    clerk.close()
    place.check_exactly_one()


@pytest.mark.requirement("E7")
def test_of_two_ukeys_the_blank_one_is_taken_and_the_other_left_alone(clerk: Clerk, place: Place) -> None:
    with place.host() as host:
        (blank,) = host.tokens()
        used = host.prepare(blank.serial, "用过的", SO_PIN, USER_PIN).serial
        with host.open(used, USER_PIN) as token:
            token.generate(b"x" * 16, KeyKind.EC_P256, "别人的")
            before = set(token.objects())
        blank = next(info for info in host.tokens(afresh=True) if info.serial != used)
        fresh = host.prepare(blank.serial, "新领的", SO_PIN, USER_PIN).serial
    clerk.open_screen(place.request)
    clerk.see_key()
    shown = {serial: made for made in _choices(clerk) for serial in (used, fresh) if serial in made.text()}
    assert "不是空白的" in shown[used].text()
    assert not shown[used].isEnabled()
    clerk.take_key()
    clerk.identify(place.code)
    clerk.until(lambda: clerk.wizard.stage is Stage.DONE)
    clerk.close()
    assert place.check_exactly_one() == fresh
    with place.host() as host, host.open(used, USER_PIN) as token:
        assert set(token.objects()) == before


@pytest.mark.requirement("E7")
def test_of_two_blank_ukeys_the_one_that_was_chosen_is_written(clerk: Clerk, place: Place) -> None:
    with place.host() as host:
        for label in ("甲", "乙"):
            blank = next(info for info in host.tokens(afresh=True) if not info.initialised)
            host.prepare(blank.serial, label, SO_PIN, USER_PIN)
    clerk.open_screen(place.request)
    clerk.see_key()
    (other,) = (made for made in _choices(clerk) if not made.property("checked"))
    chosen = str(other.property("serial"))
    QTest.keyClick(other, Qt.Key.Key_Space)
    clerk.take_key()
    clerk.identify(place.code)
    clerk.until(lambda: clerk.wizard.stage is Stage.DONE)
    clerk.close()
    assert place.check_exactly_one() == chosen


def _choices(clerk: Clerk) -> list[QPushButton]:
    return [made for made in clerk.wizard.key.findChildren(QPushButton) if made.property("role") == "choice"]


@pytest.mark.timeout(600)
def test_killed_after_each_step_it_goes_on_and_says_so(place: Place) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    said = [_run(place, cut, chance.uniform(0, 0.03)) for cut in (*CUTS, None)]
    assert said[0] == ""
    assert "断开" in said[1]
    assert all("断开" in text or text == "over" for text in said[2:])
    place.check_exactly_one()


def _run(place: Place, cut: EnrolmentStep | None, seconds: float) -> str:
    """Let the window go on until it has told of a step, and kill it so much later; what it said at its start."""
    command = [sys.executable, "-m", "tests.views.holder.clerk", str(place.folder), str(place.request), place.code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        said = window.stdout.readline().removeprefix("says").strip()
        for line in window.stdout:
            if cut is not None and line.split() == ["step", cut.value]:
                time.sleep(seconds)
                window.send_signal(signal.SIGKILL)
                return said
        assert window.wait() == 0
    return said
