"""The list of business users, for windows: filtered, sorted, and only what is in sight read (A4; C3, I1)."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import CompoundSelect, Select, select

from app import codes
from app.models.accounts import Account, AccountKind, AccountState, Person
from app.models.certificates import Certificate, CertificateRequest, RequestState
from app.models.org import Unit
from app.passwords import canonical_login
from app.policy import Permission
from app.services import business, lists
from app.services.operations import Work, query


@dataclass(frozen=True)
class PersonRow:
    """A business account as the list shows it; the mobile number is masked, roles are user types (for `tr`)."""

    id: int
    login: str
    name: str
    unit_name: str
    state: AccountState
    roles: tuple[str, ...]
    mobile: str
    certificate: bool
    application_id: int


@dataclass(frozen=True)
class PeopleFilter:
    """Which users a list shows; what is not given does not narrow it."""

    text: str = ""
    """How the name or the login begins."""
    state: AccountState | None = None
    unit_id: int | None = None
    """That unit and all below it."""
    with_certificate: bool | None = None
    """Whether there is a valid certificate, proved on its UKEY."""


class PeopleOrder(StrEnum):
    """What a list of users is sorted by."""

    UNIT = "unit"
    """Superiors before those who report to them."""
    LOGIN = "login"
    NAME = "name"
    ENTERED = "entered"


_KEYS: Mapping[PeopleOrder, lists.Key] = {
    PeopleOrder.UNIT: Unit.path,
    PeopleOrder.LOGIN: Account.login_key,
    PeopleOrder.NAME: Person.name,
    PeopleOrder.ENTERED: Account.id,
}


@query("people.ids", Permission.READ_PEOPLE)
def ids(
    work: Work, chosen: PeopleFilter, by: PeopleOrder = PeopleOrder.UNIT, *, descending: bool = False
) -> "array[int]":
    """The users in reach that a filter lets through, in order: what a list shows of them is asked for by `rows`."""
    query = select(Account.id).where(work.visible(Account.unit_id), Account.kind == AccountKind.BUSINESS)
    if by is PeopleOrder.UNIT or chosen.unit_id is not None:
        query = query.join(Unit, Unit.id == Account.unit_id)
    if by is PeopleOrder.NAME:
        query = query.join(Person, Person.id == Account.person_id)
    if text := chosen.text.strip():
        query = query.where(Account.id.in_(_begins(text)))
    if chosen.state:
        query = query.where(Account.state == chosen.state)
    if chosen.unit_id is not None:
        query = query.where(lists.from_unit_down(work, chosen.unit_id))
    if chosen.with_certificate is not None:
        certified = Account.id.in_(_certified(work))
        query = query.where(certified if chosen.with_certificate else ~certified)
    return lists.ids(work, query, _KEYS[by], Account.id, descending=descending)


@query("people.rows", Permission.READ_PEOPLE)
def rows(work: Work, ids: Sequence[int]) -> Mapping[int, PersonRow]:
    """What a list shows of these users, as far as they are in reach."""
    query: Select[*tuple[Any, ...]] = (
        select(Account.id, Account.login, Person.name, Unit.name, Account.state, Person.mobile, Account.application_id)
        .join(Person, Person.id == Account.person_id)
        .join(Unit, Unit.id == Account.unit_id)
        .where(Account.id.in_(ids), Account.kind == AccountKind.BUSINESS)
    )
    types = business.user_types(work, ids)
    certified = set(work.session.scalars(_certified(work).where(CertificateRequest.account_id.in_(ids))))
    return {
        id_: PersonRow(
            id_, login, name, unit, state, types.get(id_, ()), codes.mask_phone(mobile), id_ in certified, form
        )
        for id_, login, name, unit, state, mobile, form in lists.in_reach(work, query, Account.unit_id)
    }


def _begins(text: str) -> CompoundSelect[int]:
    """The accounts whose login, or whose person's name, begins so."""
    named = select(Account.id).join(Person, Person.id == Account.person_id).where(lists.begins(Person.name, text))
    return named.union_all(select(Account.id).where(lists.begins(Account.login_key, canonical_login(text))))


def _certified(work: Work) -> Select[int]:
    """The accounts with a certificate that is valid today, and that a signature on the UKEY has proved."""
    return (
        select(CertificateRequest.account_id)
        .join(Certificate, Certificate.request_id == CertificateRequest.id)
        .where(CertificateRequest.state == RequestState.CONFIRMED, Certificate.not_after > work.now)
    )
