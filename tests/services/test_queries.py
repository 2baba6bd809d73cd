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
from app.models.applications import Application, FormKind
from app.models.certificates import CertificateRequest
from app.policy import DUTIES, Post, Scope
from app.services import accounts, audit, journal
from app.services.journal import Download
from app.services.operations import Query
from app.services.school_list import SchoolRow
from tests.services.test_operations import QUERIES, last_event, name
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
    school, county = office.units[SCHOOL], office.units[COUNTY]
    return {
        "accounts.next-level": (COUNTY, (), lambda rows: any(row.unit_id == school for row in rows)),
        "accounts.readiness": (COUNTY, (school,), lambda _: True),
        "applications.list": (SCHOOL, (), bool),
        "applications.open": (SCHOOL, (form,), bool),
        "audit.verify": (PROVINCE, (), lambda _: True),
        "business.list": (SCHOOL, (), bool),
        "certificates.issued": (COUNTY, (request,), bool),
        "certificates.list": (COUNTY, (), bool),
        "enrolment.find": (SCHOOL, (number,), bool),
        "org.history": (COUNTY, (school,), bool),
        "org.import-counties": (COUNTY, (), lambda counties: "220122" in counties),
        "org.import-preview": (
            PROVINCE,
            ([school_row("2122000001")],),
            lambda told: bool(told.changed) or SCHOOL in str(told.faults),
        ),
        "org.units": (COUNTY, (), lambda rows: any(row.id in (school, county) for row in rows)),
    }


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
