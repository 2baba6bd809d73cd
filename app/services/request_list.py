"""The list of certificate requests, for windows: filtered, sorted, and only what is in sight read (§二.5; E1, I1)."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.models.accounts import Account, Person
from app.models.certificates import CertificateRequest, RequestState
from app.models.org import Unit
from app.policy import Permission
from app.services import business, certificates, lists
from app.services.certificates import RequestRow
from app.services.operations import Work, query


@dataclass(frozen=True)
class RequestLine(RequestRow):
    """A request as a long list shows it: with names instead of numbers, and the holder's user types (for `tr`)."""

    unit_name: str
    desk_name: str
    holder_name: str
    login: str
    user_types: tuple[str, ...]


@dataclass(frozen=True)
class RequestFilter:
    """Which requests a list shows; what is not given does not narrow it."""

    text: str = ""
    """Part of the number or of the holder's name."""
    states: Collection[RequestState] = ()
    unit_id: int | None = None
    """That unit and all below it."""


class RequestOrder(StrEnum):
    """What a list of requests is sorted by."""

    FILED = "filed"
    HOLDER = "holder"
    UNIT = "unit"
    STATE = "state"


_KEYS: Mapping[RequestOrder, lists.Key] = {
    RequestOrder.FILED: CertificateRequest.id,
    RequestOrder.HOLDER: Person.name,
    RequestOrder.UNIT: Unit.path,
    RequestOrder.STATE: lists.in_turn(CertificateRequest.state, RequestState),
}


@query("certificates.ids", Permission.READ_CERTIFICATES)
def ids(
    work: Work, chosen: RequestFilter, by: RequestOrder = RequestOrder.FILED, *, descending: bool = True
) -> "array[int]":
    """The requests in reach that a filter lets through, in order: what a list shows of them is asked for by `rows`."""
    query = (
        select(CertificateRequest.id)
        .join(Account, Account.id == CertificateRequest.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(Unit, Unit.id == CertificateRequest.unit_id)
        .where(work.visible(CertificateRequest.unit_id))
    )
    if text := chosen.text.strip():
        found = (column.contains(text, autoescape=True) for column in (CertificateRequest.number, Person.name))
        query = query.where(or_(*found))
    if chosen.states:
        query = query.where(CertificateRequest.state.in_(chosen.states))
    if chosen.unit_id is not None:
        query = query.where(lists.from_unit_down(work, chosen.unit_id))
    return lists.ids(work, query, _KEYS[by], CertificateRequest.id, descending=descending)


@query("certificates.rows", Permission.READ_CERTIFICATES)
def rows(work: Work, ids: Sequence[int]) -> Mapping[int, RequestLine]:
    """What a list shows of these requests, as far as they are in reach."""
    desk = aliased(Unit)
    query = (
        select(CertificateRequest, Unit.name, desk.name, Person.name, Account.login)
        .join(Account, Account.id == CertificateRequest.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(Unit, Unit.id == CertificateRequest.unit_id)
        .join(desk, desk.id == CertificateRequest.desk_id)
        .where(CertificateRequest.id.in_(ids))
    )
    found = list(lists.in_reach(work, query, CertificateRequest.unit_id))
    types = business.user_types(work, [request.account_id for request, *_ in found])
    return {
        request.id: RequestLine(
            **vars(certificates.request_row(request)),
            unit_name=unit,
            desk_name=at,
            holder_name=holder,
            login=login,
            user_types=types.get(request.account_id, ()),
        )
        for request, unit, at, holder, login in found
    }
