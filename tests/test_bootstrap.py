"""Opening an office: by a first login, by a new password for one too old, and never half (B4, G4)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from app import bootstrap
from app.demo.cast import COUNTY, SCHOOL, Administrator
from app.errors import Denied, Invalid, Unavailable
from app.policy import Post
from app.printed_codes import new_half
from app.services import accounts, org
from app.services.operations import Gate
from app.services.sign_in import PASSWORD_AGE, SignedIn
from tests.support.offices import WEAK, Clock, Office, Template, password

NEWCOMER = Administrator(SCHOOL, "hl-new", "钱进", "220122199205061233", "13804310020", (Post.SECURITY,))
LOGIN, NEW = "hl-xitong", "Nq7!wZk2#bVx"


class Closed(NamedTuple):
    """An office that nobody has open, the letter of somebody who has never logged in, and the clock."""

    folder: Path
    code: str
    clock: Clock

    def open(self, login: str, secret: str) -> tuple[Gate, SignedIn]:
        return bootstrap.open_office(self.folder, login, secret, clock=self.clock, cost=WEAK)

    def activate(self, code: str, secret: str = NEW) -> tuple[Gate, SignedIn]:
        return bootstrap.activate_office(self.folder, NEWCOMER.login, code, secret, clock=self.clock, cost=WEAK)

    def renew(self, old: str, new: str) -> tuple[Gate, SignedIn]:
        return bootstrap.renew_password(self.folder, LOGIN, old, new, clock=self.clock, cost=WEAK)


@pytest.fixture
def closed(template: Callable[[str], Template], tmp_path: Path) -> Closed:
    with template("sqlite").copied(tmp_path) as office:
        code = _letters(office)
    return Closed(tmp_path, code, office.clock)


def _letters(office: Office) -> str:
    """The newcomer's account, authorised, with both halves printed."""
    gate, clerk, second = office.gate, office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)
    form = gate.do(clerk, accounts.take_in, office.units[SCHOOL], NEWCOMER.form)
    gate.do(second, accounts.review, form)
    account = gate.do(clerk, accounts.create, form, NEWCOMER.login)
    first = gate.do(clerk, accounts.print_first_half, account)
    gate.do(second, accounts.authorise, account)
    return f"{first.half}\n{gate.do(second, accounts.print_second_half, account).half}"


@pytest.mark.requirement("B4")
def test_a_first_login_opens_the_office_and_sets_the_password(closed: Closed) -> None:
    gate, signed_in = closed.activate(closed.code.replace("-", " ").lower())
    try:
        newcomer = signed_in.acting_as(Post.SECURITY)
        assert (signed_in.name, signed_in.unit_name) == (NEWCOMER.name, SCHOOL)
        assert gate.ask(newcomer, org.units)
    finally:
        gate.close()
    closed.open(NEWCOMER.login, NEW)[0].close()
    with pytest.raises(Denied, match=r"login\.refused"):
        closed.activate(closed.code, "Wd4!hYs8#gTn")


@pytest.mark.requirement("B4")
def test_a_first_login_that_fails_leaves_nothing_open_and_the_code_good(closed: Closed) -> None:
    first, second = closed.code.split("\n")
    with pytest.raises(Invalid, match=r"code\.swapped"):
        closed.activate(second + first)
    with pytest.raises(Denied, match=r"login\.refused"):
        closed.activate(new_half(1) + second)
    with pytest.raises(Invalid, match=r"password\.refused") as refused:
        closed.activate(closed.code, "short")
    assert "password.short" in {problem.reason for problem in refused.value.problems}
    closed.open(LOGIN, password(LOGIN))[0].close()
    closed.activate(closed.code)[0].close()


@pytest.mark.requirement("G4")
def test_a_password_too_old_is_changed_at_the_door(closed: Closed) -> None:
    closed.clock.moment += PASSWORD_AGE + timedelta(seconds=1)
    with pytest.raises(Denied, match=r"login\.password_old"):
        closed.open(LOGIN, password(LOGIN))
    with pytest.raises(Invalid, match=r"password\.refused"):
        closed.renew(password(LOGIN), password(LOGIN))
    with pytest.raises(Denied, match=r"login\.refused"):
        closed.renew("wrong", NEW)
    gate, signed_in = closed.renew(password(LOGIN), NEW)
    gate.close()
    assert signed_in.acting_as(Post.SYSTEM).unit_id is not None
    closed.open(LOGIN, NEW)[0].close()
    with pytest.raises(Denied, match=r"login\.refused"):
        closed.open(LOGIN, password(LOGIN))


@pytest.mark.requirement("H2")
def test_the_door_is_one_desks_at_a_time(closed: Closed) -> None:
    """Whichever way it was opened, until it is closed again."""
    gate, _ = closed.activate(closed.code)
    with pytest.raises(Unavailable, match=r"database\.in_use"):
        closed.renew(password(LOGIN), NEW)
    gate.close()
    closed.renew(password(LOGIN), NEW)[0].close()
