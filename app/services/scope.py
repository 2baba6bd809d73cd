"""Scope (A4), written once: the same rule is the filter of a list and the check of an operation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.models.accounts import Account, AccountState, Appointment
from app.models.org import Unit, UnitKind
from app.policy import Post, Scope


@dataclass(frozen=True)
class Actor:
    """A person at work: through which account, in which post, for which unit."""

    account_id: int | None
    person_id: int | None
    id_digest: bytes
    """Keyed hash of the person's ID number: “never for oneself” is a rule on persons."""
    unit_id: int | None
    unit_path: str
    unit_kind: UnitKind | None
    post: Post | None

    @property
    def name(self) -> str:
        """For the database's guard and for leases."""
        return f"account:{self.account_id}" if self.account_id else "system"


SYSTEM = Actor(None, None, b"", None, "", None, None)
"""The program itself: what falls due by itself, and the founding."""


def within(scope: Scope, actor: Actor, unit: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether the row's unit lies in the actor's scope."""
    if actor is SYSTEM:
        return true()
    match scope:
        case Scope.OWN:
            return unit == actor.unit_id
        case Scope.NEXT:
            return unit.in_(select(Unit.id).where(Unit.reports_to_id == actor.unit_id))
        case Scope.SUBTREE if actor.unit_kind is UnitKind.PROVINCE:
            return true()  # all lies below it: a million rows need not be asked one by one
        case Scope.SUBTREE:
            return unit.in_(select(Unit.id).where(below(actor.unit_path)))
        case Scope.PROVINCE:
            return true() if actor.unit_kind is UnitKind.PROVINCE else false()


def below(path: str) -> ColumnElement[bool]:
    """The units whose path begins with `path`: a range, so that the index serves."""
    return (Unit.path >= path) & (Unit.path < path + "~")


def in_force(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's account is active and still holds the post that it acts in."""
    if actor is SYSTEM:
        return true()
    return exists(
        select(Appointment.id)
        .join(Account, Account.id == Appointment.account_id)
        .where(Account.id == actor.account_id, Account.state == AccountState.ACTIVE)
        .where(Appointment.post == actor.post, Appointment.unit_id == actor.unit_id, Appointment.ended_at.is_(None))
    )
