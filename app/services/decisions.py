"""How a form or a certificate request came to stand where it stands: each decision, and who made it (C1, E1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models.accounts import Account, Person
from app.models.applications import ApplicationState, Decision, Step
from app.models.certificates import RequestMove, RequestState, RequestStep
from app.models.org import Unit
from app.policy import Post
from app.services.operations import Work


@dataclass(frozen=True)
class DecisionRow:
    """One decision: what it changed, why, by whom (nobody: by the program itself), in which post, for which unit."""

    step: Step | RequestStep
    before: ApplicationState | RequestState
    after: ApplicationState | RequestState
    reason: str
    name: str
    post: Post | None
    unit_name: str
    decided_at: datetime


def told(
    work: Work,
    kind: type[Decision] | type[RequestMove],
    unit: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    at: InstrumentedAttribute[datetime],
    which: ColumnElement[bool],
) -> Sequence[DecisionRow]:
    """The decisions of a kind that a condition picks, oldest first; `unit` is the deciding person's, `at` when."""
    name, unit_name = func.coalesce(Person.name, ""), func.coalesce(Unit.name, "")
    query: Select[*tuple[Any, ...]] = (
        select(kind.step, kind.before, kind.after, kind.reason, name, kind.post, unit_name, at)
        .join(Account, Account.id == kind.account_id, isouter=True)
        .join(Person, Person.id == Account.person_id, isouter=True)
        .join(Unit, Unit.id == unit, isouter=True)
        .where(which)
        .order_by(kind.id)
    )
    return [DecisionRow(*row) for row in work.session.execute(query)]
