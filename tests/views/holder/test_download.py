"""The download through the window, with a real token: the whole way, and every way that it can be cut (E3, E9)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.demo.cast import HOLDER, SCHOOL_SYSTEM
from app.models.certificates import EnrolmentStep, RequestState
from app.views.holder.stages import Stage
from tests.ca.support import PASSPHRASE
from tests.support.faulty import CKR_DEVICE_REMOVED, CKR_PIN_INCORRECT, Faulty
from tests.support.offices import password
from tests.support.softhsm import SO_PIN, USER_PIN
from tests.views.conftest import Desks
from tests.views.hands import write
from tests.views.holder.conftest import Visit, open_screen, state_of

pytestmark = pytest.mark.requirement("E3")


def _until_identity(visit: Visit) -> None:
    visit.at(Stage.KEY)
    visit.click(visit.wizard.key.go)
    visit.at(Stage.IDENTITY)


def test_the_whole_way(visit: Visit) -> None:
    _until_identity(visit)
    visit.identify()
    visit.at(Stage.DONE)
    assert "仅限本人使用" in " ".join(
        shown.text() for shown in visit.wizard.done.findChildren(type(visit.screen._title))
    )
    assert state_of(visit.desks, visit.request) == RequestState.CONFIRMED
    visit.check_token(visit.screen.desk.tokens.host)


def test_the_whole_way_by_the_keyboard_alone(visit: Visit) -> None:
    visit.at(Stage.KEY)
    visit.desks.qtbot.waitUntil(visit.wizard.key.go.isEnabled, timeout=30_000)
    visit.wizard.key.go.setFocus()
    QTest.keyClick(visit.wizard.key.go, Qt.Key.Key_Space)
    visit.at(Stage.IDENTITY)
    for text in (HOLDER.mobile, visit.code.lower().replace("-", " "), SO_PIN, PASSPHRASE, USER_PIN, USER_PIN):
        QTest.keyClicks(_focused(), text)
        _tab_to_next_line()
    visit.wizard.identity.go.setFocus()
    QTest.keyClick(visit.wizard.identity.go, Qt.Key.Key_Space)
    visit.at(Stage.DONE)
    assert QApplication.focusWidget() is visit.wizard.done.go


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _tab_to_next_line() -> None:
    """Tab, past the button that shows a secret."""
    for _ in range(3):
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
        if isinstance(_focused(), QLineEdit):
            return


def test_a_wrong_code_is_told_at_its_field_and_what_was_right_stays(visit: Visit) -> None:
    _until_identity(visit)
    visit.identify(code="2345-6789-ABCD-EFGH")
    visit.at(Stage.IDENTITY)
    rows = visit.wizard.identity.rows
    visit.desks.qtbot.waitUntil(rows["code"].fault.isVisible)
    assert rows["contact"].value() == HOLDER.mobile
    assert rows["pin"].value() == ""
    visit.identify()
    visit.at(Stage.DONE)


def test_what_can_be_seen_to_be_wrong_is_not_sent(visit: Visit) -> None:
    _until_identity(visit)
    visit.identify(code="ABC", again="no")
    visit.desks.settle()
    assert visit.wizard.stage is Stage.IDENTITY
    assert visit.wizard.identity.rows["code"].fault.isVisible()
    assert visit.wizard.identity.rows["again"].fault.isVisible()


def test_a_wrong_pin_is_told_in_words_and_never_sent_again(faulty_visit: tuple[Visit, Faulty]) -> None:
    visit, faulty = faulty_visit
    _prepare_and_cut(visit)
    faulty.set(f"C_Login * return {CKR_PIN_INCORRECT:#x}")
    faulty.forget_calls()
    visit.identify(pin="999999")
    visit.at(Stage.IDENTITY)
    visit.desks.qtbot.waitUntil(visit.wizard.identity.rows["pin"].fault.isVisible, timeout=30_000)
    assert "PIN 码不正确" in visit.wizard.identity.rows["pin"].fault.text()
    assert faulty.calls("C_Login") == 1
    faulty.set()
    visit.identify()
    visit.at(Stage.DONE)


def test_cancelled_it_stops_at_the_next_step_and_goes_on_later(visit: Visit) -> None:
    _prepare_and_cut(visit)
    assert visit.wizard.reached is not EnrolmentStep.PROVED
    visit.identify()
    visit.at(Stage.DONE)
    visit.check_token(visit.screen.desk.tokens.host)


def _prepare_and_cut(visit: Visit) -> None:
    """To where the journal has begun and the holder has pressed 取消."""
    _until_identity(visit)
    visit.identify()
    visit.at(Stage.WRITING)
    visit.wizard.writing.cancel.click()
    visit.at(Stage.IDENTITY)


def test_pulled_it_says_so_and_goes_on_when_it_is_back(faulty_visit: tuple[Visit, Faulty]) -> None:
    visit, faulty = faulty_visit
    _prepare_and_cut(visit)
    faulty.set(f"C_GenerateKeyPair 1 return {CKR_DEVICE_REMOVED:#x}", f"C_SignInit 1 return {CKR_DEVICE_REMOVED:#x}")
    visit.identify()
    visit.at(Stage.KEY)
    assert "拔出" in visit.wizard.key.notice.text
    faulty.set()
    _until_identity(visit)
    visit.identify()
    visit.at(Stage.DONE)
    visit.check_token(visit.screen.desk.tokens.host)


def test_another_window_goes_on_where_this_one_was_cut_and_says_so(visit: Visit) -> None:
    _prepare_and_cut(visit)
    visit.screen.hide()
    again = open_screen(visit.desks, visit.request, visit.code)
    again.at(Stage.KEY)
    visit.desks.qtbot.waitUntil(lambda: "断开" in again.wizard.key.notice.text, timeout=30_000)
    _until_identity(again)
    again.identify()
    again.at(Stage.DONE)
    again.check_token(again.screen.desk.tokens.host)
    again.screen.hide()
    again.screen.desk.tokens.close()


@pytest.mark.requirement("E9")
def test_it_locks_back_and_opens_only_by_the_administrators_password(visit: Visit, desks: Desks) -> None:
    visit.at(Stage.KEY)
    left: list[bool] = []
    visit.screen.left.connect(lambda: left.append(True))
    visit.click(visit.screen.leave)
    lock = visit.screen._lock
    assert lock.isVisible()
    assert not visit.wizard.isVisible()
    write(lock.password.control.inputs()[0], "wrong password")
    visit.click(lock.go)
    desks.settle()
    assert not left
    write(lock.password.control.inputs()[0], password(SCHOOL_SYSTEM.login))
    visit.click(lock.go)
    desks.settle()
    assert left


def test_no_secret_stays_in_a_field(visit: Visit) -> None:
    _until_identity(visit)
    visit.identify(code="2345-6789-ABCD-EFGH")
    visit.at(Stage.IDENTITY)
    rows = visit.wizard.identity.rows
    visit.desks.qtbot.waitUntil(rows["code"].fault.isVisible)
    assert [rows[key].value() for key in ("so_pin", "passphrase", "pin", "again")] == [""] * 4
    visit.identify()
    visit.at(Stage.DONE)
    assert {str(field.value()) for field in rows.values()} == {""}
