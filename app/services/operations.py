"""The one gate. Every operation and query is declared once; the gate checks, works, logs and commits.

Menus, buttons and to-do lists ask the same gate (`may`, `waiting`), so that nothing is offered that would be refused.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

from sqlalchemy import ColumnElement, not_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import Conflict, Denied, Problem
from app.models.base import Base
from app.policy import DUTIES, Permission, allows
from app.services import log
from app.services.changes import Changes
from app.services.context import AppContext, office_day
from app.services.scope import SYSTEM, Actor, in_force, within
from app.services.sealing import Seals

T = TypeVar("T", bound=Base)
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Work:
    """What a service function works with: one transaction, on behalf of one actor, at one moment."""

    session: Session
    actor: Actor
    context: AppContext
    permission: Permission
    now: datetime
    notes: dict[str, str] = field(default_factory=dict)
    """What the log should say besides the changed rows, for instance the reason of a reveal. No personal data."""
    statements: list[dict[str, Any]] = field(default_factory=list)
    """The log's entries for rows that went in by a statement for many, and not through the session."""

    @property
    def seals(self) -> Seals:
        """Sealing and digests with this office's keys."""
        return self.context.seals

    @property
    def today(self) -> date:
        """The day at the office: what papers are dated by."""
        return office_day(self.now)

    def visible(self, unit: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """The scope of this permission, as the filter of a list."""
        return within(DUTIES[self.permission].scope, self.actor, unit)

    def add(self, row: T) -> T:
        """Keep a new row; its id is known afterwards."""
        self.session.add(row)
        self.session.flush()
        return row


class Kept(Exception):
    """Refuse, but keep what was done so far: a wrong try has to be counted."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Operation(Generic[T, P, R]):
    """Something a person does to one object: who may, to which objects, in which of their states."""

    name: str
    permission: Permission
    target: type[T]
    unit: InstrumentedAttribute[Any]
    """The unit that scope is about."""
    ready: ColumnElement[bool]
    """The states in which it can be done."""
    own: Callable[[Actor], ColumnElement[bool]] | None
    """Whether the object concerns the actor in person: then it is refused."""
    also: Callable[[Work, T], bool] | None
    """What the database can't say of readiness: what stands in a sealed form, or in the vault."""
    work: Callable[Concatenate[Work, T, P], R]


@dataclass(frozen=True)
class Query(Generic[P, R]):
    """Something a person looks at. Its function filters by `work.visible(…)`."""

    name: str
    permission: Permission
    work: Callable[Concatenate[Work, P], R]


def operation(
    name: str,
    permission: Permission,
    unit: InstrumentedAttribute[Any],
    *,
    ready: ColumnElement[bool] | None = None,
    own: Callable[[Actor], ColumnElement[bool]] | None = None,
    also: Callable[[Work, Any], bool] | None = None,
) -> Callable[[Callable[Concatenate[Work, T, P], R]], Operation[T, P, R]]:
    """Declare an operation on the table that `unit` belongs to."""

    def declare(work: Callable[Concatenate[Work, T, P], R]) -> Operation[T, P, R]:
        target = cast(type[T], unit.class_)
        return Operation(name, permission, target, unit, true() if ready is None else ready, own, also, work)

    return declare


def query(name: str, permission: Permission) -> Callable[[Callable[Concatenate[Work, P], R]], Query[P, R]]:
    """Declare a query."""

    def declare(work: Callable[Concatenate[Work, P], R]) -> Query[P, R]:
        return Query(name, permission, work)

    return declare


@contextmanager
def recorded(context: AppContext, actor: Actor, permission: Permission, name: str, target: str = "") -> Iterator[Work]:
    """One transaction whose changes are logged at its end.

    Only the gate, the founding, the sign-in and the sowing of test provinces open one.
    """
    at = context.clock()
    kept: Kept | None = None
    with context.database.writing(actor.name) as session:
        work = Work(session, actor, context, permission, at)
        changes = Changes(session)
        try:
            yield work
        except Kept as raised:
            kept = raised
        session.flush()
        entry = log.Entry(name, target, kept.problem.reason if kept else "", work.notes)
        log.append(session, context, actor, at, entry, changes.entries(context.seals) + work.statements)
    if kept:
        raise kept


class Gate:
    """Lets operations and queries through to one office's database, or refuses them and logs that."""

    def __init__(self, context: AppContext) -> None:
        self.context = context

    def close(self) -> None:
        """Close the office, and note in the vault how far its log has come."""
        try:
            log.anchor(self.context)
        finally:
            self.context.close()

    def do(self, actor: Actor, op: Operation[T, P, R], target: int, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Check, work, log, commit. Raises the five kinds of error; then nothing was changed but the log."""
        label = f"{op.target.__tablename__}:{target}"
        try:
            with recorded(self.context, actor, op.permission, op.name, label) as work:
                result = op.work(work, _admitted(work, op, target), *args, **kwargs)
        except Kept as kept:
            raise kept.problem from None
        except Problem as problem:
            self._log_refusal(actor, log.Entry(op.name, label, problem.reason))
            raise
        return result

    def ask(self, actor: Actor, asked: Query[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Answer a query within the actor's scope. Raises Denied."""
        try:
            with self.context.database.reading() as session:
                _require_post(actor, asked.permission)
                if not session.scalar(select(in_force(actor))):
                    raise Denied("gate.post_ended")
                work = Work(session, actor, self.context, asked.permission, self.context.clock())
                return asked.work(work, *args, **kwargs)
        except Denied as problem:
            self._log_refusal(actor, log.Entry(asked.name, "", problem.reason))
            raise

    def may(self, actor: Actor, op: Operation[T, P, R], targets: Sequence[int]) -> set[int]:
        """Those of the targets on which the actor could do it now."""
        return set(self.waiting(actor, op, op.target.id.in_(targets)))

    def waiting(
        self,
        actor: Actor,
        op: Operation[T, P, R],
        which: ColumnElement[bool] | None = None,
        also: Callable[[Work, T], bool] | None = None,
    ) -> list[int]:
        """Every object on which the actor could do it now, oldest first; only those that `which` and `also` pick."""
        if actor is not SYSTEM and (actor.post is None or not allows(actor.post, op.permission)):
            return []
        reach, foreign, ready = _conditions(actor, op)
        query = select(op.target).where(in_force(actor), reach, foreign, ready).order_by(op.target.id)
        if which is not None:
            query = query.where(which)
        checks = [check for check in (op.also, also) if check]
        with self.context.database.reading() as session:
            if not checks:
                return list(session.scalars(query.with_only_columns(op.target.id)))
            work = Work(session, actor, self.context, op.permission, self.context.clock())
            return [row.id for row in session.scalars(query).all() if all(check(work, row) for check in checks)]

    def _log_refusal(self, actor: Actor, entry: log.Entry) -> None:
        """Refused attempts are logged in a transaction of their own: what was refused has been rolled back."""
        with self.context.database.writing(actor.name) as session:
            log.append(session, self.context, actor, self.context.clock(), entry, [])


def _conditions(actor: Actor, op: Operation[T, P, R]) -> tuple[ColumnElement[bool], ...]:
    """In scope, not one's own, in a state for it: the rule behind lists and checks alike."""
    foreign = not_(op.own(actor)) if op.own else true()
    return within(DUTIES[op.permission].scope, actor, op.unit), foreign, op.ready


def _admitted(work: Work, op: Operation[T, P, R], target: int) -> T:
    """The object, locked, if the actor may do this to it now: one statement, since every operation pays for it."""
    _require_post(work.actor, op.permission)
    query = select(op.target, in_force(work.actor), *_conditions(work.actor, op)).where(op.target.id == target)
    found = work.session.execute(query.with_for_update(of=op.target, key_share=True)).one_or_none()
    if found is None:
        raise Denied("gate.out_of_scope")
    row, holds_post, reach, foreign, ready = cast(tuple[T, bool, bool, bool, bool], tuple(found))
    if not holds_post:
        raise Denied("gate.post_ended")
    if not reach:
        raise Denied("gate.out_of_scope")
    if not foreign:
        raise Denied("gate.own_affair")
    if not ready or (op.also and not op.also(work, row)):
        raise Conflict("gate.wrong_state")
    return row


def _require_post(actor: Actor, permission: Permission) -> None:
    if actor is not SYSTEM and (actor.post is None or not allows(actor.post, permission)):
        raise Denied("gate.wrong_post")
