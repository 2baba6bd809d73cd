"""Persons: one row an ID number; personal data masked, and shown in full only for a reason (G4)."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from app import codes
from app.errors import Conflict, Invalid
from app.models.accounts import Account, Person
from app.policy import Permission
from app.services.operations import Work, operation
from app.services.sealing import Seals

SEALED_ID = "person.id_number"


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as a form states it."""

    name: str
    id_number: str
    mobile: str
    email: str
    office_phone: str


class PersonalField(StrEnum):
    """What of a person is masked everywhere."""

    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    EMAIL = "email"


def id_digest(seals: Seals, id_number: str) -> bytes:
    """The keyed hash by which a person is found and told from another."""
    return seals.digest("id_number", codes.normalise_id_number(id_number))


def person_of(work: Work, identity: Identity) -> Person:
    """The person with this ID number, kept up to date with what the form states; new if there was none.

    Conflict `person.other_name`: the same ID number under another name needs evidence, not a form.
    """
    digest = id_digest(work.seals, identity.id_number)
    person = work.session.scalars(select(Person).where(Person.id_digest == digest)).one_or_none()
    if person is None:
        sealed = work.seals.seal(SEALED_ID, codes.normalise_id_number(identity.id_number).encode())
        person = Person(id_digest=digest, id_number=sealed, name=identity.name)
    elif person.name != identity.name:
        raise Conflict("person.other_name")
    person.mobile, person.email, person.office_phone = identity.mobile, identity.email, identity.office_phone
    return work.add(person)


@operation("people.reveal", Permission.REVEAL_PERSONAL_DATA, Account.unit_id)
def reveal(work: Work, account: Account, field: PersonalField, reason: str) -> str:
    """One field of an account's person in full; the reason goes into the log."""
    if not reason.strip():
        raise Invalid("people.reason_missing")
    work.notes.update(field=field, reason=reason.strip())
    person = work.session.get_one(Person, account.person_id)
    if field is PersonalField.ID_NUMBER:
        return work.seals.unseal(SEALED_ID, person.id_number).decode()
    return person.mobile if field is PersonalField.MOBILE else person.email
