"""Persons, business accounts and personal data (C3, G4)."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.demo.cast import COUNTY, HOLDER, PROVINCE, SCHOOL
from app.errors import Conflict, Denied, Invalid
from app.models.accounts import Account, AccountState, Person, Role
from app.models.audit import AuditEvent
from app.policy import Post
from app.services import business, certificates, journal, people
from app.services.journal import Download
from app.services.people import PersonalField
from tests.support.offices import Office


@pytest.mark.requirement("C3")
def test_an_account_gets_the_roles_of_its_form_and_the_form_is_done(office: Office) -> None:
    account = office.granted()
    with office.context.database.reading() as session:
        roles = session.scalars(select(Role.role).where(Role.account_id == account)).all()
        assert (sorted(roles), session.get_one(Account, account).state) == (
            ["information", "inquirer"],
            AccountState.ACTIVE,
        )
    (row,) = office.gate.ask(office.actor(SCHOOL, Post.SECURITY), business.listed)
    assert (row.id, row.name) == (account, HOLDER.name)


@pytest.mark.requirement("C3")
def test_no_account_from_a_form_that_is_not_accepted_and_one_from_one_that_is(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    form = office.signed()
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, business.create, form, "wang")
    form = office.accepted(replace(HOLDER, remarks="另一张"))
    office.gate.do(clerk, business.create, form, "wang")
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, business.create, form, "wang2")


@pytest.mark.requirement("B3")
def test_who_creates_does_not_grant(office: Office) -> None:
    form = office.accepted()
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.do(office.actor(SCHOOL, Post.SECURITY), business.create, form, "wang")
    account = office.gate.do(office.actor(SCHOOL, Post.SYSTEM), business.create, form, "wang")
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), business.grant, account)


@pytest.mark.requirement("C1")
def test_an_old_account_goes_on_under_its_own_name(office: Office) -> None:
    form = office.accepted(replace(HOLDER, existing_account="22012203001"))
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    with pytest.raises(Conflict, match=r"account\.continues_another"):
        office.gate.do(clerk, business.create, form, "new-name")
    account = office.gate.do(clerk, business.create, form, "22012203001")
    with office.context.database.reading() as session:
        assert session.get_one(Account, account).converted_from == "22012203001"


@pytest.mark.requirement("C3")
def test_a_login_is_suggested_that_is_free_or_that_goes_on(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    first, second = office.accepted(), office.accepted()
    assert office.gate.ask(clerk, business.suggest_login, first) == "212200000101"
    office.gate.do(clerk, business.create, first, "212200000101")
    assert office.gate.ask(clerk, business.suggest_login, second) == "212200000102"
    old = office.accepted(replace(HOLDER, existing_account="22012203001"))
    assert office.gate.ask(clerk, business.suggest_login, old) == "22012203001"
    with pytest.raises(Conflict, match=r"application\.gone"):
        office.gate.ask(office.actor(COUNTY, Post.SYSTEM), business.suggest_login, second)


def test_one_id_number_is_one_person(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    first = office.accepted()
    office.gate.do(clerk, business.create, first, "wang")
    second = office.accepted(replace(HOLDER, mobile="13904310099"))
    office.gate.do(clerk, business.create, second, "wang2")
    with office.context.database.reading() as session:
        digest = people.id_digest(office.context.seals, HOLDER.id_number)
        assert session.scalar(select(func.count()).where(Person.id_digest == digest)) == 1
        assert session.scalars(select(Person.mobile).where(Person.id_digest == digest)).one() == "13904310099"
    other_name = office.accepted(replace(HOLDER, name="王云"))
    with pytest.raises(Conflict, match=r"person\.other_name"):
        office.gate.do(clerk, business.create, other_name, "wang3")


@pytest.mark.requirement("G4")
def test_an_id_number_is_sealed_and_shown_for_a_reason_that_the_log_keeps(office: Office) -> None:
    account = office.granted()
    security = office.actor(SCHOOL, Post.SECURITY)
    with office.context.database.reading() as session:
        person = session.get_one(Person, session.get_one(Account, account).person_id)
        assert HOLDER.id_number.encode() not in person.id_number
    with pytest.raises(Invalid, match=r"people\.reason_missing"):
        office.gate.do(security, people.reveal, account, PersonalField.ID_NUMBER, " ")
    shown = office.gate.do(security, people.reveal, account, PersonalField.ID_NUMBER, "核对身份证原件")
    assert shown == HOLDER.id_number
    with office.context.database.reading() as session:
        last = session.scalars(select(AuditEvent.text).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert "核对身份证原件" in last
    assert HOLDER.id_number not in last
    assert office.gate.do(security, people.reveal, account, PersonalField.MOBILE, "x") == HOLDER.mobile
    assert office.gate.do(security, people.reveal, account, PersonalField.EMAIL, "x") == HOLDER.email


@pytest.mark.requirement("G4")
def test_the_auditor_and_other_units_see_no_full_value(office: Office) -> None:
    account = office.granted()
    for actor in (office.actor(SCHOOL, Post.AUDITOR), office.actor(COUNTY, Post.SECURITY)):
        with pytest.raises(Denied):
            office.gate.do(actor, people.reveal, account, PersonalField.ID_NUMBER, "好奇")


@pytest.mark.requirement("E3")
def test_the_reserved_phone_is_the_one_on_the_holder_s_own_form(office: Office) -> None:
    """Another form for the same person, by whomever, does not change who can download."""
    request, code = office.with_code()
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    other = office.accepted(replace(HOLDER, mobile="13904319999", email="evil@example.com"))
    office.gate.do(clerk, business.create, other, "second")
    download = Download("13904319999", code, "s1", "123456")
    with pytest.raises(Denied, match=r"not_identified"):
        office.gate.do(clerk, journal.begin, request, download, "run")
    ticket = office.gate.do(clerk, journal.begin, request, replace(download, contact=HOLDER.mobile), "run")
    assert ticket.subject.email == HOLDER.email


@pytest.mark.requirement("E1")
def test_names_that_no_certificate_can_hold_are_refused_before_anything_is_made(office: Office) -> None:
    long = "某" * 22
    account = office.granted(replace(HOLDER, name=long))
    with pytest.raises(Invalid, match=r"ca\.subject"):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), certificates.file, account)


@pytest.mark.requirement("E1")
def test_after_a_rejection_a_new_request_can_be_filed(office: Office) -> None:
    request = office.at_province()
    office.gate.do(office.actor(PROVINCE, Post.SECURITY), certificates.reject, request, "误报")
    account = next(row.id for row in office.gate.ask(office.actor(SCHOOL, Post.SYSTEM), business.listed))
    assert office.gate.do(office.actor(SCHOOL, Post.SYSTEM), certificates.file, account) != request
