"""What each query shows, and to whom it shows nothing (A4)."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from app.ca.protocol import Issued
from app.demo.cast import CITY, COUNTY, HOLDER, PROVINCE, SCHOOL
from app.errors import Conflict, Denied
from app.models.accounts import Account, AccountKind, Person
from app.models.applications import Application, FormKind
from app.models.audit import AuditEvent
from app.models.certificates import CertificateRequest
from app.models.ukey_library import LibraryState, UkeyLibrary
from app.policy import DUTIES, Permission, Post, Scope
from app.services import accounts, audit, journal
from app.services.form_list import FormFilter
from app.services.journal import Download
from app.services.log_list import LogFilter
from app.services.operations import Query, recorded
from app.services.people_list import PeopleFilter
from app.services.request_list import RequestFilter
from app.services.school_list import SchoolRow
from app.token.library import own_machine
from tests.services.test_operations import QUERIES, last_event, name, proposed
from tests.support.certificates import ca_certificate, certificate_for
from tests.support.offices import Office, acting_for

Shows = Callable[[Any], bool]
"""Whether an answer shows something of the school, or of what lies above it."""


def school_row(code: str) -> SchoolRow:
    return SchoolRow("名单", 2, "别的校名", code, "220113", "九台区")


def what_a_query_needs(office: Office) -> dict[str, tuple[str, tuple[object, ...], Shows]]:
    """Query → a unit whose people are shown something by it, what it is asked with, and how that is seen."""
    request = with_certificate(office)
    with office.context.database.reading() as session:
        number = session.get_one(CertificateRequest, request).number
        form = session.scalars(select(Application.id).where(Application.kind == FormKind.ANNEX4)).one()
        account = session.scalars(select(Account.id).where(Account.kind == AccountKind.BUSINESS)).one()
        clerk = session.get_one(Person, office.actor(SCHOOL, Post.SYSTEM).person_id).name
        of_the_clerk = AuditEvent.account_id == office.actor(SCHOOL, Post.SYSTEM).account_id
        event = session.scalars(select(AuditEvent.id).where(of_the_clerk).limit(1)).one()
    confirmed(office, proposed(office, SCHOOL))
    school, county = office.units[SCHOOL], office.units[COUNTY]
    return {
        "accounts.next-level": (COUNTY, (), lambda rows: any(row.unit_id == school for row in rows)),
        "accounts.readiness": (COUNTY, (school,), lambda _: True),
        "applications.history": (SCHOOL, (form,), bool),
        "applications.ids": (SCHOOL, (FormFilter(),), bool),
        "applications.list": (SCHOOL, (), bool),
        "applications.open": (SCHOOL, (form,), bool),
        "applications.rows": (SCHOOL, ([form],), bool),
        "audit.event": (SCHOOL, (event,), bool),
        "audit.ids": (SCHOOL, (LogFilter(),), lambda numbers: event in numbers),
        "audit.people": (SCHOOL, (), lambda people: any(person.name == clerk for person in people)),
        "audit.rows": (SCHOOL, ([event],), bool),
        "audit.verify": (PROVINCE, (), lambda _: True),
        "business.list": (SCHOOL, (), bool),
        "business.suggest-login": (SCHOOL, (form,), bool),
        "certificates.history": (COUNTY, (request,), bool),
        "certificates.ids": (COUNTY, (RequestFilter(),), bool),
        "certificates.issued": (COUNTY, (request,), bool),
        "certificates.list": (COUNTY, (), bool),
        "certificates.rows": (COUNTY, ([request],), bool),
        "enrolment.find": (SCHOOL, (number,), bool),
        "enrolment.progress": (SCHOOL, (request,), bool),
        "libraries.confirmed": (SCHOOL, (), bool),
        "libraries.list": (SCHOOL, (), bool),
        "org.history": (COUNTY, (school,), bool),
        "org.import-counties": (COUNTY, (), lambda counties: "220122" in counties),
        "org.import-preview": (
            PROVINCE,
            ([school_row("2122000001")],),
            lambda told: bool(told.changed) or SCHOOL in str(told.faults),
        ),
        "org.units": (COUNTY, (), lambda rows: any(row.id in (school, county) for row in rows)),
        "people.ids": (COUNTY, (PeopleFilter(),), bool),
        "people.rows": (COUNTY, ([account],), bool),
    }


def confirmed(office: Office, library: int) -> None:
    """The library, as if its file were there."""
    guard = office.actor(SCHOOL, Post.SECURITY)
    with recorded(office.context, guard, Permission.CONFIRM_UKEY_CATALOGUE, "libraries.confirm") as work:
        row = work.session.get_one(UkeyLibrary, library)
        row.state, row.machine = LibraryState.CONFIRMED, own_machine()
        row.confirmed_by_id, row.confirmed_at = guard.account_id, work.now


def with_certificate(office: Office) -> int:
    """A request of the school whose certificate was issued."""
    request, code = office.with_code()
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    office.gate.do(clerk, journal.begin, request, Download(HOLDER.mobile, code, "s1", "123456"), "run")
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    office.gate.do(clerk, journal.record_key, request, "run", spki)
    office.gate.do(clerk, journal.record_issued, request, "run", Issued(certificate_for(spki), (ca_certificate(),)))
    return request


OF_THE_WHOLE_OFFICE = {"audit.fingerprint"}
"""Told to anybody outside anyway, so that they can check an exported log."""


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("asked", [asked for asked in QUERIES if asked.name not in OF_THE_WHOLE_OFFICE], ids=name)
def test_a_query_shows_nothing_of_another_unit(sqlite_office: Office, asked: Query[Any, Any]) -> None:
    """Neither to a sibling, nor to those above where a unit's records are its own."""
    office = sqlite_office
    unit, arguments, shows = what_a_query_needs(office)[asked.name]
    duty = DUTIES[asked.permission]
    for post in duty.posts:
        assert shows(office.gate.ask(office.actor(unit, post), asked, *arguments))
        strangers = [] if duty.scope is Scope.SUBTREE else [office.actor(CITY, post)]
        for stranger in (*strangers, acting_for(office, CITY, "九台区教育局", post)):
            try:
                answer = office.gate.ask(stranger, asked, *arguments)
            except (Denied, Conflict):
                continue
            assert not shows(answer)


@pytest.mark.requirement("G1")
@pytest.mark.parametrize("unit", [SCHOOL, COUNTY, CITY])
def test_the_log_of_the_whole_office_is_not_for_a_unit_s_auditor(sqlite_office: Office, unit: str) -> None:
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        sqlite_office.gate.ask(sqlite_office.actor(unit, Post.AUDITOR), audit.verify)
    assert last_event(sqlite_office)["operation"] == "audit.verify"


@pytest.mark.requirement("A4")
def test_how_ready_a_unit_is_is_told_to_those_above_it_only(sqlite_office: Office) -> None:
    office = sqlite_office
    for unit in (COUNTY, SCHOOL):
        assert office.gate.ask(office.actor(unit, Post.AUDITOR), accounts.readiness, office.units[SCHOOL]) == ()
    for unit in (PROVINCE, CITY, COUNTY):
        with pytest.raises(Denied, match=r"gate\.out_of_scope"):
            office.gate.ask(office.actor(SCHOOL, Post.AUDITOR), accounts.readiness, office.units[unit])
