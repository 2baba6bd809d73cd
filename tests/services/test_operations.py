"""The gate: every operation × every post, scope, “never for oneself”, states; refusals are in the log (A4, G1)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select, update

from app.demo.cast import ADMINISTRATORS, CITY, COUNTY, HOLDER, PROVINCE, SCHOOL
from app.errors import Conflict, Denied, Invalid
from app.forms.annex4 import Signature
from app.models.accounts import Account, AccountState, Appointment, Person
from app.models.audit import AuditEvent
from app.models.certificates import CertificateRequest
from app.models.office import Office as OfficeRow
from app.models.org import Unit
from app.models.ukey_library import UkeyLibrary
from app.policy import DUTIES, TABLE, Permission, Post, Scope
from app.services import applications, certificates, org
from app.services.operations import Operation, Query, recorded
from tests.support.offices import Office

AREAS = (
    "accounts",
    "applications",
    "audit",
    "business",
    "certificates",
    "form_list",
    "journal",
    "libraries",
    "log_list",
    "org",
    "people",
    "people_list",
    "request_list",
    "school_import",
)


def declared(kind: Any) -> Iterator[Any]:
    seen = set()
    for area in AREAS:
        for thing in vars(import_module(f"app.services.{area}")).values():
            if isinstance(thing, kind) and thing.name not in seen:
                seen.add(thing.name)
                yield thing


OPERATIONS: list[Operation[Any, Any, Any]] = sorted(declared(Operation), key=lambda op: op.name)
QUERIES: list[Query[Any, Any]] = sorted(declared(Query), key=lambda asked: asked.name)


def name(thing: Any) -> str:
    return str(thing.name)


def lacking(things: Sequence[Any]) -> list[Any]:
    """Each thing with each post that may not do it."""
    return [
        pytest.param(thing, post, id=f"{thing.name}-{post}")
        for thing in things
        for post in Post
        if post not in DUTIES[thing.permission].posts
    ]


def last_event(office: Office) -> dict[str, Any]:
    with office.context.database.reading() as session:
        text = session.scalars(select(AuditEvent.text).order_by(AuditEvent.id.desc()).limit(1)).one()
    content: dict[str, Any] = json.loads(text)
    return content


def proposed(office: Office, unit: str) -> int:
    """A library that the unit's system administrator has named."""
    clerk = office.actor(unit, Post.SYSTEM)
    with recorded(office.context, clerk, Permission.EDIT_UKEY_CATALOGUE, "libraries.propose") as work:
        told = {"path": "/opt/ukey.so", "sha256": "00", "model": "", "machine": f"for {unit}"}
        row = UkeyLibrary(unit_id=clerk.unit_id, proposed_by_id=clerk.account_id, proposed_at=work.now, **told)
        return work.add(row).id


def row_of(office: Office, target: Any, unit: str) -> int:
    """Some row of the table that belongs to the unit."""
    with office.context.database.reading() as session:
        if target in (Unit, OfficeRow):
            return office.units[unit] if target is Unit else 1
        rows = session.scalars(select(target.id).where(target.unit_id == office.units[unit]).limit(1))
        found = rows.one_or_none()
    if found is None and target is UkeyLibrary:
        return proposed(office, unit)
    assert found is not None
    return int(found)


def test_each_permission_has_one_row_and_each_operation_a_permission() -> None:
    assert sorted(duty.permission for duty in TABLE) == sorted(Permission)
    used = {op.permission for op in OPERATIONS} | {asked.permission for asked in QUERIES} | {Permission.SIGN_IN}
    assert used == set(Permission)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(("op", "post"), lacking(OPERATIONS))
def test_a_post_that_lacks_the_permission_is_refused_and_that_is_logged(
    sqlite_office: Office, op: Operation[Any, Any, Any], post: Post
) -> None:
    office = sqlite_office
    if op.target is CertificateRequest:
        office.filed()
    holder = office.actor(SCHOOL, post)
    target = row_of(office, op.target, SCHOOL)
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.do(holder, op, target)
    event = last_event(office)
    assert (event["operation"], event["outcome"], event["reason"]) == (op.name, "refused", "gate.wrong_post")
    assert event["target"] == f"{op.target.__tablename__}:{target}"
    assert event["actor"] == {
        "account": holder.account_id,
        "person": holder.person_id,
        "post": post,
        "unit": holder.unit_id,
    }
    assert office.gate.may(holder, op, [target]) == set()
    assert office.gate.waiting(holder, op) == []


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("op", OPERATIONS, ids=name)
def test_the_right_post_of_another_unit_is_refused_and_that_is_logged(
    sqlite_office: Office, op: Operation[Any, Any, Any]
) -> None:
    """Nobody of the school touches the city's; nobody of the city touches the school's, though it is below it."""
    office = sqlite_office
    theirs, other = SCHOOL, CITY
    if op.target is CertificateRequest:
        office.filed()
        theirs, other = CITY, SCHOOL
    post = next(iter(DUTIES[op.permission].posts))
    stranger, target = office.actor(theirs, post), row_of(office, op.target, other)
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(stranger, op, target)
    event = last_event(office)
    assert (event["operation"], event["outcome"], event["reason"]) == (op.name, "refused", "gate.out_of_scope")
    assert office.gate.may(stranger, op, [target]) == set()
    assert target not in office.gate.waiting(stranger, op)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(("asked", "post"), lacking(QUERIES))
def test_a_query_needs_its_permission(sqlite_office: Office, asked: Query[Any, Any], post: Post) -> None:
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        sqlite_office.gate.ask(sqlite_office.actor(SCHOOL, post), asked)
    assert last_event(sqlite_office)["operation"] == asked.name


def test_what_does_not_exist_is_out_of_scope(office: Office) -> None:
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), applications.submit, 999_999)


@pytest.mark.requirement("A4")
def test_the_province_reaches_down_and_the_school_does_not_reach_up(office: Office) -> None:
    clerk = office.actor(PROVINCE, Post.SYSTEM)
    assert len(office.gate.ask(clerk, org.units)) == 80
    assert [unit.name for unit in office.gate.ask(office.actor(SCHOOL, Post.SYSTEM), org.units)] == [SCHOOL]
    below = {unit.name for unit in office.gate.ask(office.actor(COUNTY, Post.AUDITOR), org.units)}
    assert below == {COUNTY, SCHOOL}


@pytest.mark.requirement("A4")
def test_lists_show_only_the_own_unit(office: Office) -> None:
    form = office.entered()
    assert [row.id for row in office.gate.ask(office.actor(SCHOOL, Post.SECURITY), applications.listed)] == [form]
    assert office.gate.ask(office.actor(COUNTY, Post.SYSTEM), applications.listed) == []
    with pytest.raises(Conflict, match=r"application\.gone"):
        office.gate.ask(office.actor(COUNTY, Post.SYSTEM), applications.opened, form)


@pytest.mark.requirement("B1")
def test_nobody_handles_the_own_form_whatever_the_account(office: Office) -> None:
    """The clerk's own 附件4, under whatever account: the rule is on the person."""
    clerk = next(each for each in ADMINISTRATORS if each.login == "hl-xitong")
    own = replace(HOLDER, name=clerk.name, id_number=clerk.id_number, mobile=clerk.mobile)
    form = office.signed(own)
    actor = office.actor(SCHOOL, Post.SYSTEM)
    office.gate.do(actor, applications.submit, form)
    signature = Signature("冯雪", office.clock().date())
    assert office.gate.waiting(actor, applications.accept) == []
    attempts: list[tuple[Operation[Any, Any, Any], tuple[object, ...]]] = [
        (applications.accept, (signature, 1)),
        (applications.send_back, ("x",)),
        (applications.reject, ("x",)),
    ]
    for op, arguments in attempts:
        with pytest.raises(Denied, match=r"gate\.own_affair"):
            office.gate.do(actor, op, form, *arguments)
        assert last_event(office)["reason"] == "gate.own_affair"


@pytest.mark.requirement("I1")
def test_what_waits_is_what_can_be_done(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    form = office.signed()
    assert office.gate.waiting(clerk, applications.submit) == [form]
    assert office.gate.waiting(clerk, applications.accept) == []
    office.gate.do(clerk, applications.submit, form)
    assert office.gate.waiting(clerk, applications.submit) == []
    assert office.gate.waiting(clerk, applications.accept) == [form]
    assert office.gate.may(clerk, applications.accept, [form, form + 1]) == {form}


def test_what_is_not_its_turn_is_a_conflict_and_logged(office: Office) -> None:
    form = office.entered()
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), applications.submit, form)
    assert last_event(office)["reason"] == "gate.wrong_state"


@pytest.mark.requirement("B6")
def test_a_post_that_ended_opens_nothing(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    with office.context.database.writing("test") as session:
        query = select(Appointment).where(Appointment.account_id == clerk.account_id)
        session.scalars(query).one().ended_at = office.clock()
    with pytest.raises(Denied, match=r"gate\.post_ended"):
        office.gate.do(clerk, applications.enter, office.units[SCHOOL], HOLDER)
    with pytest.raises(Denied, match=r"gate\.post_ended"):
        office.gate.ask(clerk, applications.listed)
    assert office.gate.waiting(clerk, applications.enter) == []


@pytest.mark.requirement("B6")
def test_a_disabled_account_opens_nothing(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    with office.context.database.writing("test") as session:
        session.get_one(Account, clerk.account_id).state = AccountState.DISABLED
    with pytest.raises(Denied, match=r"gate\.post_ended"):
        office.gate.do(clerk, applications.enter, office.units[SCHOOL], HOLDER)


@pytest.mark.requirement("G1")
def test_an_event_says_who_what_before_and_after_without_personal_data(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    form = office.signed()
    office.gate.do(clerk, applications.submit, form)
    event = last_event(office)
    assert event["operation"] == "applications.submit"
    assert event["actor"]["post"] == "system"
    changed = {change["row"]: change["fields"] for change in event["changes"]}
    assert changed[f"application:{form}"]["state"] == ["printed", "submitted"]
    with office.context.database.reading() as session:
        log = "\n".join(session.scalars(select(AuditEvent.text)))
    for personal in (HOLDER.name, HOLDER.id_number, HOLDER.mobile, HOLDER.email, "李敏", "13804310001"):
        assert personal not in log


@pytest.mark.requirement("G1")
def test_what_was_refused_changed_nothing_but_the_log(office: Office) -> None:
    form = office.entered()
    with pytest.raises(Invalid):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), applications.edit, form, replace(HOLDER, mobile="1"), 1)
    assert office.gate.ask(office.actor(SCHOOL, Post.SYSTEM), applications.opened, form).row.revision_number == 1


def test_deletes_and_bulk_statements_are_refused_even_behind_the_gate(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    with (
        pytest.raises(RuntimeError, match="never deleted"),
        recorded(office.context, clerk, Permission.SIGN_IN, "t") as work,
    ):
        work.session.delete(work.session.get_one(Unit, 1))
    with (
        pytest.raises(RuntimeError, match="escape the log"),
        recorded(office.context, clerk, Permission.SIGN_IN, "t") as work,
    ):
        work.session.execute(update(Person).values(name="x"))


@pytest.mark.requirement("A4")
def test_only_the_province_audits_and_only_at_its_own_desk(office: Office) -> None:
    request = office.filed()
    auditor = office.actor(PROVINCE, Post.SECURITY)
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(auditor, certificates.approve, request)
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(office.actor(CITY, Post.SECURITY), certificates.approve, request)
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(office.actor(CITY, Post.SYSTEM), certificates.forward, request)


def test_scopes_are_used() -> None:
    assert {duty.scope for duty in TABLE} == set(Scope)
