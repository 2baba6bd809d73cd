"""Signing in: failures counted and logged, passwords with an age, slots that nothing names (G4, B4)."""

import json
from itertools import pairwise

import pytest
from sqlalchemy import select

from app.demo.cast import PROVINCE, SCHOOL
from app.errors import Denied, Invalid
from app.models.accounts import Account, AccountState
from app.models.audit import AuditEvent
from app.models.base import new_uid
from app.policy import Post
from app.services import sign_in
from app.services.sign_in import PASSWORDS_BARRED
from tests.support.offices import Office, password

pytestmark = pytest.mark.requirement("G4")
LOGIN = "hl-xitong"


def events(office: Office) -> list[dict[str, str]]:
    with office.context.database.reading() as session:
        return [json.loads(text) for text in session.scalars(select(AuditEvent.text).order_by(AuditEvent.id))]


def test_a_person_is_known_in_each_of_their_posts(office: Office) -> None:
    signed_in = sign_in.sign_in(office.context, "sheng-guanli", password("sheng-guanli"))
    assert [actor.post for actor in signed_in.actors] == [Post.SYSTEM, Post.SECURITY]
    assert (signed_in.name, signed_in.unit_name) == ("李敏", PROVINCE)
    assert signed_in.acting_as(Post.SECURITY) == office.actor(PROVINCE, Post.SECURITY)
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        signed_in.acting_as(Post.AUDITOR)


def test_failed_tries_reach_the_log_with_the_next_success(office: Office) -> None:
    for _ in range(2):
        with pytest.raises(Denied, match=r"login\.refused"):
            sign_in.sign_in(office.context, LOGIN, "wrong")
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.sign_in(office.context, "nobody", "wrong")
    before = len(events(office))
    sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    logged = events(office)[before:]
    refused = [event for event in logged if event["outcome"] == "refused"]
    account = office.actor(SCHOOL, Post.SYSTEM).account_id
    assert [event["target"] for event in refused] == [f"account:{account}", f"account:{account}", ""]
    sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    assert sum(event["outcome"] == "refused" for event in events(office)) == len(refused)


def test_the_fourth_failure_waits_and_the_tenth_locks(office: Office) -> None:
    for _ in range(3):
        with pytest.raises(Denied, match=r"login\.refused"):
            sign_in.sign_in(office.context, LOGIN, "wrong")
    with pytest.raises(Denied, match=r"login\.wait"):
        sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    for _ in range(7):
        office.clock.forward(hours=1)
        with pytest.raises(Denied, match=r"login\.refused"):
            sign_in.sign_in(office.context, LOGIN, "wrong")
    office.clock.forward(days=30)
    with pytest.raises(Denied, match=r"login\.locked"):
        sign_in.sign_in(office.context, LOGIN, password(LOGIN))


def test_a_disabled_account_is_refused_and_that_is_logged(office: Office) -> None:
    with office.context.database.writing("test") as session:
        account = session.scalars(select(Account).where(Account.login == LOGIN)).one()
        account.state = AccountState.DISABLED
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    last = events(office)[-1]
    assert (last["operation"], last["outcome"], last["reason"]) == ("sign-in", "refused", "login.refused")


def test_a_password_of_ninety_days_has_to_be_changed(office: Office) -> None:
    office.clock.forward(days=90)
    sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    office.clock.forward(seconds=1)
    with pytest.raises(Denied, match=r"login\.password_old"):
        sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    sign_in.change_password(office.context, LOGIN, password(LOGIN), "Nq7!wZk2#bVx")
    sign_in.sign_in(office.context, LOGIN, "Nq7!wZk2#bVx")
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.sign_in(office.context, LOGIN, password(LOGIN))


def test_the_last_passwords_are_barred(office: Office) -> None:
    passwords = [password(LOGIN), *(f"Nq7!wZk2#bVx{letter}" for letter in "QFJPWM")]
    for old, new in pairwise(passwords):
        sign_in.change_password(office.context, LOGIN, old, new)
    for barred in passwords[-PASSWORDS_BARRED:]:
        with pytest.raises(Invalid, match=r"password\.refused") as refused:
            sign_in.change_password(office.context, LOGIN, passwords[-1], barred)
        assert [problem.reason for problem in refused.value.problems] == ["password.used_before"]
    sign_in.change_password(office.context, LOGIN, passwords[-1], passwords[0])


def test_a_weak_password_changes_nothing(office: Office) -> None:
    with pytest.raises(Invalid, match=r"password\.refused"):
        sign_in.change_password(office.context, LOGIN, password(LOGIN), "short")
    sign_in.sign_in(office.context, LOGIN, password(LOGIN))


def test_a_slot_that_no_account_names_opens_nothing_and_is_cleared(office: Office) -> None:
    """What a kill between the vault and the database leaves."""
    vault = office.context.vault
    vault.add_slot(new_uid(), LOGIN, "Left7#over!Slot", office.context.keys)
    vault.save()
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.sign_in(office.context, LOGIN, "Left7#over!Slot")
    count = len(vault.slots())
    sign_in.drop_unnamed_slots(office.context)
    left = len(vault.slots())
    assert left == (count - 1 if office.context.database.one_process else count)
    sign_in.sign_in(office.context, LOGIN, password(LOGIN))


def test_a_kill_after_the_new_slot_keeps_the_old_password(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sign_in, "keep_password", killed)
        with pytest.raises(Killed):
            sign_in.change_password(office.context, LOGIN, password(LOGIN), "Nq7!wZk2#bVx")
    sign_in.sign_in(office.context, LOGIN, password(LOGIN))
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.sign_in(office.context, LOGIN, "Nq7!wZk2#bVx")
