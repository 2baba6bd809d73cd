"""The list of 附件4 forms, for windows: filtered, sorted, and only what is in sight read (C1, I1)."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select

from app.models.applications import Application, ApplicationState, FormKind, Revision
from app.policy import Permission
from app.services import applications, lists
from app.services.applications import ApplicationRow
from app.services.operations import Work, query


@dataclass(frozen=True)
class FormFilter:
    """Which forms a list shows; what is not given does not narrow it."""

    text: str = ""
    """Part of the number or of the applicant's name."""
    states: Collection[ApplicationState] = ()
    mine: bool = False
    """Only those that the actor entered."""


class FormOrder(StrEnum):
    """What a list of forms is sorted by."""

    ENTERED = "entered"
    NAME = "name"
    STATE = "state"


_KEYS: Mapping[FormOrder, lists.Key] = {
    FormOrder.ENTERED: Application.id,
    FormOrder.NAME: Application.applicant_name,
    FormOrder.STATE: lists.in_turn(Application.state, ApplicationState),
}


@query("applications.ids", Permission.READ_APPLICATIONS)
def ids(work: Work, chosen: FormFilter, by: FormOrder = FormOrder.ENTERED, *, descending: bool = True) -> "array[int]":
    """The own unit's forms that a filter lets through, in order: what a list shows of them is asked for by `rows`."""
    query = select(Application.id).where(work.visible(Application.unit_id), Application.kind == FormKind.ANNEX4)
    if text := chosen.text.strip():
        found = (column.contains(text, autoescape=True) for column in (Application.number, Application.applicant_name))
        query = query.where(or_(*found))
    if chosen.states:
        query = query.where(Application.state.in_(chosen.states))
    if chosen.mine:
        first = select(Revision.application_id).where(Revision.number == 1)
        query = query.where(Application.id.in_(first.where(Revision.account_id == work.actor.account_id)))
    return lists.ids(work, query, _KEYS[by], Application.id, descending=descending)


@query("applications.rows", Permission.READ_APPLICATIONS)
def rows(work: Work, ids: Sequence[int]) -> Mapping[int, ApplicationRow]:
    """What a list shows of these forms of the own unit."""
    query = applications.lines().where(work.visible(Application.unit_id), Application.id.in_(ids))
    return {row.id: ApplicationRow(*row) for row in work.session.execute(query)}
