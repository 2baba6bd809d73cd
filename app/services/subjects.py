"""Whom a certificate names: what the executed 附件4 says, and where the unit stands (E1)."""

from sqlalchemy import select

from app.ca.protocol import Subject
from app.divisions import name_of
from app.forms.annex4 import Annex4
from app.models.accounts import Account, Person
from app.models.applications import Application
from app.models.org import Unit, UnitKind
from app.services.applications import form_of
from app.services.operations import Work


def executed_form(work: Work, account: Account) -> Annex4:
    """The 附件4 that ordered the account: its phone and e-mail are the reserved ones, whatever later forms say."""
    return form_of(work, work.session.get_one(Application, account.application_id))


def subject_of(work: Work, account: Account) -> Subject:
    """The subject of the account's certificate: the person's product reference stands in it, never the ID number."""
    person = work.session.get_one(Person, account.person_id)
    unit = work.session.get_one(Unit, account.unit_id)
    ancestors = select(Unit).where(Unit.id.in_(map(int, unit.path.strip("/").split("/"))))
    places = {
        ancestor.kind: name_of(ancestor.division_code) or ancestor.name
        for ancestor in work.session.scalars(ancestors)
        if ancestor.division_code
    }
    return Subject(
        common_name=person.name,
        organisation=unit.name,
        province=places[UnitKind.PROVINCE],
        locality=places.get(UnitKind.CITY, ""),
        serial_number=person.uid.hex(),
        email=executed_form(work, account).email,
    )
