"""Ways into an office by real keys: login, first login, a password too old, and what stands in the way (G4, B4)."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app import bootstrap
from app.demo.cast import COUNTY, SCHOOL, Administrator
from app.policy import Post
from app.printed_codes import new_half
from app.services import accounts
from app.services.sign_in import PASSWORD_AGE
from app.views.settings import Settings
from app.views.shell import Shell
from app.views.start.login import Login
from app.views.start.passwords import Activation, Renewal
from app.views.start.welcome import Welcome
from tests.support.offices import WEAK, Clock, Template, password
from tests.views.looks import faults
from tests.views.start.conftest import Front

pytestmark = pytest.mark.requirement("G4")
LOGIN, NEW = "hl-xitong", "Nq7!wZk2#bVx"
NEWCOMER = Administrator(SCHOOL, "hl-new", "钱进", "220122199205061233", "13804310020", (Post.SECURITY,))


def _log_in(front: Front, folder: Path, login: str = LOGIN, secret: str = "") -> Login:
    front.window.login(folder)
    page = front.page(Login)
    front.type(page.login, login)
    front.type(page.password, secret or password(login))
    front.enter()
    return page


def test_without_a_known_office_the_first_page_offers_what_there_is(front: Front) -> None:
    front.window.begin()
    page = front.page(Welcome)
    assert faults(page) == []


def test_login_by_keyboard_shows_the_unit_and_the_office_is_remembered(
    front: Front, closed_office: Path, settings: Settings
) -> None:
    _log_in(front, closed_office)
    front.page(Shell)
    assert front.window.windowTitle() == SCHOOL
    assert settings.offices == [closed_office]
    front.window.lock()
    page = front.page(Login)
    assert front.window.windowTitle() != SCHOOL
    _log_in(front, closed_office)
    front.page(Shell)
    front.window.lock()
    page = front.page(Login)
    assert page.folder == closed_office
    front.window.begin()
    assert front.page(Login).folder == closed_office, "the next start begins there"


def test_a_wrong_password_is_said_in_place_and_the_login_stays(front: Front, closed_office: Path) -> None:
    page = _log_in(front, closed_office, secret="wrong")
    assert "账号或密码不正确" in page.notice.text
    assert (page.login.value(), page.password.value()) == (LOGIN, "")
    assert page.password.control.inputs()[0].hasFocus()
    assert faults(page) == []


def test_after_failures_one_waits_and_sees_how_long(front: Front, closed_office: Path, clock: Clock) -> None:
    page = _log_in(front, closed_office, secret="wrong")
    for _ in range(10):
        if not page.go.isEnabled():
            break
        front.type(page.password, "wrong")
        front.enter()
    assert not page.go.isEnabled()
    first = page.notice.text
    assert "秒后再试" in first
    front.qtbot.waitUntil(lambda: page.notice.text != first, timeout=3000)
    clock.forward(hours=1)
    front.qtbot.waitUntil(page.go.isEnabled, timeout=30_000)
    front.type(page.password, password(LOGIN))
    front.enter()
    front.page(Shell)


def test_caps_lock_is_told_and_the_password_shown_when_asked_for(front: Front, closed_office: Path) -> None:
    front.window.login(closed_office)
    page = front.page(Login)
    line = page.password.control.inputs()[0]
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "A")
    assert page.help.caps.isVisible()
    QTest.keyClick(line, Qt.Key.Key_B)
    assert not page.help.caps.isVisible()
    assert line.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClick(page.help.shown, Qt.Key.Key_Space)
    assert line.echoMode() is QLineEdit.EchoMode.Normal


def test_missing_and_damaged_files_are_told_before_anybody_types(front: Front, closed_office: Path) -> None:
    front.window.login(closed_office.parent / "nothing")
    page = front.page(Login)
    front.settle()
    assert "没有找到口令库文件" in page.notice.text
    (closed_office / bootstrap.VAULT).write_bytes(b"damaged")
    front.window.login(closed_office)
    page = front.page(Login)
    front.settle()
    assert "已损坏" in page.notice.text


def test_an_office_that_another_program_has_open_is_told_so(front: Front, closed_office: Path, clock: Clock) -> None:
    gate, _ = bootstrap.open_office(closed_office, LOGIN, password(LOGIN), clock=clock, cost=WEAK)
    try:
        page = _log_in(front, closed_office)
        assert "正由另一个程序打开" in page.notice.text
    finally:
        gate.close()
    front.type(page.password, password(LOGIN))
    front.enter()
    front.page(Shell)


def test_an_expired_password_leads_to_a_new_one(front: Front, closed_office: Path, clock: Clock) -> None:
    clock.moment += PASSWORD_AGE + timedelta(seconds=1)
    _log_in(front, closed_office)
    page = front.page(Renewal)
    front.type(page.password.first, "short")
    front.enter()
    assert "请至少用" in page.password.first.fault.text()
    for again in (password(LOGIN), NEW):
        front.type(page.password.first, again)
        front.type(page.password.again, again)
        front.enter()
        if again != NEW:
            assert "最近用过" in page.password.first.fault.text(), "what the office alone knows stands at the field too"
    front.page(Shell)
    front.window.lock()
    front.page(Login)
    _log_in(front, closed_office, secret=NEW)
    front.page(Shell)


@pytest.fixture
def letters(template: object, tmp_path: Path) -> tuple[Path, str, str]:
    """An office's folder, and both halves of the code of somebody who has never logged in."""
    assert callable(template)
    made = template("sqlite")
    assert isinstance(made, Template)
    with made.copied(tmp_path / "office") as office:
        gate, clerk, second = office.gate, office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)
        form = gate.do(clerk, accounts.take_in, office.units[SCHOOL], NEWCOMER.form)
        gate.do(second, accounts.review, form)
        account = gate.do(clerk, accounts.create, form, NEWCOMER.login)
        first = gate.do(clerk, accounts.print_first_half, account).half
        gate.do(second, accounts.authorise, account)
        return tmp_path / "office", first, gate.do(second, accounts.print_second_half, account).half


@pytest.mark.requirement("B4")
def test_a_first_login_with_two_halves_sets_the_password(front: Front, letters: tuple[Path, str, str]) -> None:
    folder, first, second = letters
    front.window.login(folder)
    page = front.page(Login)
    front.type(page.login, NEWCOMER.login)
    page.first.setFocus()
    QTest.keyClick(page.first, Qt.Key.Key_Space)
    activation = front.page(Activation)
    assert faults(activation) == []
    assert activation.login.value() == NEWCOMER.login
    front.type(activation.halves[0], second)
    front.type(activation.halves[1], second[:-1])
    front.enter()
    assert "填的是另一半" in activation.halves[0].fault.text()
    assert "应为 16 个字符" in activation.halves[1].fault.text()
    front.type(activation.halves[0], first.lower())
    front.type(activation.halves[1], second.replace("-", ""))
    front.type(activation.password.first, NEW)
    front.type(activation.password.again, NEW + "x")
    front.enter()
    assert "不一样" in activation.password.again.fault.text()
    front.type(activation.password.again, NEW)
    front.enter()
    front.page(Shell)
    assert front.window.desk is not None
    assert front.window.desk.person.name == NEWCOMER.name


@pytest.mark.requirement("B4")
def test_a_code_that_opens_nothing_is_refused_and_nothing_typed_is_lost(
    front: Front, letters: tuple[Path, str, str]
) -> None:
    folder, first, _second = letters
    front.window.login(folder)
    front.page(Login).first_time.emit(NEWCOMER.login)
    page = front.page(Activation)
    other = new_half(2)
    front.type(page.halves[0], first)
    front.type(page.halves[1], other)
    for field in (page.password.first, page.password.again):
        front.type(field, NEW)
    front.enter()
    assert "账号或密码不正确" in page.notice.text
    assert (page.halves[0].value(), page.halves[1].value(), page.password.value()) == (first, other, NEW)


def test_the_rules_of_a_password_are_ticked_as_they_are_met(front: Front, closed_office: Path) -> None:
    front.window.login(closed_office)
    front.page(Login).first_time.emit(LOGIN)
    page = front.page(Activation)
    rules = page.password.rules
    assert not any(each.text().startswith("✓") for each in rules.values())
    front.type(page.password.first, "abcdefghijkl")
    met = {reason for reason, each in rules.items() if each.text().startswith("✓")}
    assert met == {"password.short", "password.about_person"}
    front.type(page.password.first, NEW)
    front.type(page.password.again, NEW)
    assert all(each.text().startswith("✓") for each in rules.values())
