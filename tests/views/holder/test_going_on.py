"""What a holder's screen does when a download is gone on with, and around it (E3, E9)."""

import time
from datetime import UTC, datetime

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.bootstrap import TokenLibraries
from app.demo.cast import SCHOOL, SCHOOL_SYSTEM
from app.models.certificates import EnrolmentStep
from app.policy import Post
from app.services import certificates
from app.token.host import TokenHost
from app.token.software import CONFIGURATION, write_configuration
from app.views.holder.key_page import KeyPage
from app.views.holder.stages import Stage
from app.views.holder.writing_page import WritingPage
from tests.support.offices import password
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm, softhsm_library
from tests.views.conftest import Desks
from tests.views.hands import write
from tests.views.holder.conftest import Visit, open_screen

pytestmark = pytest.mark.requirement("E3")


def test_what_an_earlier_run_did_stays_done_while_a_new_one_goes_on(desks: Desks) -> None:
    page = WritingPage()
    desks.qtbot.addWidget(page)
    page.begin(EnrolmentStep.KEY)
    page.step(EnrolmentStep.INTENDED)  # told again by each run
    assert [part.sign.text() for part in page.parts.values()] == ["✓", "✓", "●", "○", "○"]
    page.step(EnrolmentStep.ISSUED)
    assert [part.sign.text() for part in page.parts.values()] == ["✓", "✓", "✓", "●", "○"]


@pytest.mark.requirement("E7")
def test_a_ukey_lost_before_its_key_was_made_is_no_dead_end(
    visit: Visit, softhsm: SoftHsm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another code the journal takes another UKEY, as long as nothing is on the first."""
    _begin_and_cut(visit)
    visit.screen.hide()
    visit.screen.desk.tokens.close()
    office, other = visit.desks.office, softhsm.folder / "other"
    monkeypatch.setenv(CONFIGURATION, str(write_configuration(other)))
    code = office.gate.do(office.actor(SCHOOL, Post.SECURITY), certificates.issue_code, visit.request)
    with TokenHost([softhsm_library()]) as host:
        (blank,) = host.tokens()
        serial = host.prepare(blank.serial, "另一支", SO_PIN, USER_PIN).serial
    again = open_screen(visit.desks, visit.request, code)
    again.at(Stage.KEY)
    again.click(again.wizard.key.go)
    again.at(Stage.IDENTITY)
    again.identify()
    again.at(Stage.DONE)
    again.check_token(again.screen.desk.tokens.host)
    assert again.wizard.token is not None
    assert again.wizard.token.serial == serial
    again.screen.hide()
    again.screen.desk.tokens.close()


def _begin_and_cut(visit: Visit) -> None:
    visit.at(Stage.KEY)
    visit.click(visit.wizard.key.go)
    visit.at(Stage.IDENTITY)
    visit.identify()
    visit.at(Stage.WRITING)
    visit.wizard.writing.cancel.click()
    visit.at(Stage.IDENTITY)
    assert visit.wizard.reached is EnrolmentStep.INTENDED


def test_the_pages_of_the_office_look_again_after_a_run_that_was_cut(visit: Visit) -> None:
    changed: list[str] = []
    visit.at(Stage.KEY)
    visit.screen.desk.changed.connect(changed.append)
    _begin_and_cut(visit)
    assert changed == ["enrolment"]


@pytest.mark.requirement("E9")
def test_the_printed_page_tells_the_office_s_time(visit: Visit) -> None:
    visit.desks.office.clock.moment = datetime.now(UTC).replace(hour=20, minute=30)
    visit.at(Stage.KEY)
    visit.click(visit.wizard.key.go)
    visit.at(Stage.IDENTITY)
    visit.identify()
    visit.at(Stage.DONE)
    document = pypdfium2.PdfDocument(visit.wizard.done._page())
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "04:30" in text  # 20:30 UTC
    assert "20:30" not in text


def test_enter_in_a_line_does_what_the_main_button_does(visit: Visit, desks: Desks) -> None:
    visit.at(Stage.KEY)
    visit.click(visit.wizard.key.go)
    visit.at(Stage.IDENTITY)
    rows = visit.wizard.identity.rows
    QTest.keyClick(rows["pin"].control.inputs()[0], Qt.Key.Key_Return)
    assert rows["contact"].fault.isVisible()
    left: list[bool] = []
    visit.screen.left.connect(lambda: left.append(True))
    visit.click(visit.screen.leave)
    line: QWidget = visit.screen._lock.password.control.inputs()[0]
    write(line, password(SCHOOL_SYSTEM.login))
    QTest.keyClick(line, Qt.Key.Key_Return)
    desks.settle()
    assert left


@pytest.mark.requirement("E7")
def test_a_look_at_the_ukeys_does_not_wait_for_their_libraries(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_gate: object) -> TokenLibraries:
        time.sleep(0.5)
        return TokenLibraries((), ())

    monkeypatch.setattr(bootstrap, "token_libraries", slow)
    page = KeyPage(desks.at(SCHOOL, Post.SYSTEM))
    desks.qtbot.addWidget(page)
    began = time.monotonic()
    page.look()
    assert time.monotonic() - began < 0.1
    desks.settle()
