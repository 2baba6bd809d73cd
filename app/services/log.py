"""Writing the log, and proving it (G1): each event is chained to the one before; checkpoints are signed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Base
from app.models.audit import CHECKPOINT, GENESIS, AuditEvent, chained, checkpoint_statement
from app.models.base import plain
from app.models.office import Office
from app.services.changes import row_digest
from app.services.context import AppContext
from app.services.scope import Actor
from app.services.sealing import Seals
from app.words import tr

T = TypeVar("T", bound=Base)
R = TypeVar("R")

_CHUNK = 500
_UNREADABLE = (ValueError, LookupError, TypeError)
"""What comes of a moment that is none, a state that there is not, or an event that is no JSON."""

_CHAIN_LOCK = 0x5348494D
"""PostgreSQL's advisory lock for the chain; taken last, so that desks work side by side until then."""


@dataclass(frozen=True)
class Entry:
    """What an event is about: operation, object (`table:id`), reason of a refusal (empty when done), notes."""

    operation: str
    target: str
    refused: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def append(
    session: Session, context: AppContext, actor: Actor, at: datetime, entry: Entry, changes: list[dict[str, Any]]
) -> AuditEvent:
    """Write the next event: lock, head, insert; the caller commits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    number, previous = head(session)
    outcome = "refused" if entry.refused else "done"
    content = {
        "seq": number + 1,
        "at": plain(at),
        "operation": entry.operation,
        "target": entry.target,
        "outcome": outcome,
        "reason": entry.refused,
        "actor": {"account": actor.account_id, "person": actor.person_id, "post": actor.post, "unit": actor.unit_id},
        "notes": dict(entry.notes),
        "changes": changes,
    }
    line = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    event = AuditEvent(
        id=number + 1, text=line, hash=chained(previous, line), at=at, operation=entry.operation, outcome=outcome,
        unit_id=actor.unit_id, account_id=actor.account_id,
    )  # fmt: skip
    session.add(event)
    session.flush()
    return event


def head(session: Session) -> tuple[int, bytes]:
    """Sequence number and hash of the newest event; 0 and GENESIS before the first."""
    newest = session.execute(select(AuditEvent.id, AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)).first()
    return (newest[0], newest[1]) if newest else (0, GENESIS)


def add_checkpoint(session: Session, context: AppContext, actor: Actor, at: datetime) -> None:
    """Sign the head of the chain, in an event of its own."""
    number, digest = head(session)
    office = session.scalars(select(Office)).one()
    signature = signing_key(context.seals, office).sign(checkpoint_statement(office.uid, number, digest))
    append(session, context, actor, at, Entry(CHECKPOINT, "", notes={"signature": signature.hex()}), [])


def signing_key(seals: Seals, office: Office) -> Ed25519PrivateKey:
    """The office's key for signing."""
    return Ed25519PrivateKey.from_private_bytes(seals.unseal("office.signing_private", office.signing_private))


@dataclass(frozen=True)
class Fault:
    """Where the record does not hold: an event's number or a row's name, and the reason."""

    place: str
    reason: str

    @property
    def where(self) -> str:
        """The place for a person: the line of an export, the event, or the row."""
        table, _, number = self.place.partition(":")
        match table:
            case "line":
                return tr("第 {number} 行", number=number)
            case "audit_event":
                return tr("第 {number} 条日志", number=number)
            case _:
                return tr("数据行 {row}", row=self.place)


def anchor(context: AppContext) -> None:
    """Note the head of the chain in the vault, outside the database."""
    with context.database.reading() as session:
        context.vault.set_anchor(*head(session))
    context.vault.save()


def chain_faults(session: Session, anchor: tuple[int, bytes]) -> Iterator[Fault]:
    """Every event whose number, hash, signature or repeated columns do not fit its text, or the vault's `anchor`.

    Whoever can write the database can cut events off its end, or make the whole chain anew; the vault knows better.
    """
    office = session.scalars(select(Office)).one()
    expected, previous = 1, GENESIS
    for number, event in _each(session, AuditEvent, _typed):
        place = f"audit_event:{number}"
        if number != expected:
            yield Fault(place, "log.gap")
        expected = number + 1
        if event is None:
            yield Fault(place, "log.columns")
            continue
        if event.hash != chained(previous, event.text):
            yield Fault(place, "log.changed")
        elif not _columns_fit(event):
            yield Fault(place, "log.columns")
        elif not checkpoint_holds(event.text, previous, office.uid, office.signing_public):
            yield Fault(place, "log.signature")
        elif number == anchor[0] and event.hash != anchor[1]:
            yield Fault(place, "log.rewritten")
        previous = event.hash
    if expected <= anchor[0]:
        yield Fault(f"audit_event:{expected}", "log.cut")


def checkpoint_holds(line: str, previous: bytes, office_uid: bytes, public_key: bytes) -> bool:
    """Whether an event is no checkpoint, or one whose signature over everything before it verifies."""
    content = json.loads(line)
    if content["operation"] != CHECKPOINT:
        return True
    statement = checkpoint_statement(office_uid, content["seq"] - 1, previous)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(content["notes"]["signature"]), statement)
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def _typed(event: AuditEvent) -> AuditEvent:
    """SQLite keeps whatever somebody puts into a column."""
    match (event.text, event.hash):
        case (str(), bytes()):
            return event
    raise TypeError("an event's text or hash")


def _columns_fit(event: AuditEvent) -> bool:
    columns = (event.id, plain(event.at), event.operation, event.outcome, event.unit_id, event.account_id)
    try:
        content = json.loads(event.text)
        actor = content["actor"]
        told = (content[key] for key in ("seq", "at", "operation", "outcome"))
        return columns == (*told, actor["unit"], actor["account"])
    except _UNREADABLE:
        return False


def row_faults(session: Session, seals: Seals) -> Iterator[Fault]:
    """Every row of the office's tables that is not as the log last described it: changed, added or removed outside."""
    last: dict[str, str] = {}
    for line in session.scalars(select(AuditEvent.text).order_by(AuditEvent.id).execution_options(yield_per=1000)):
        with suppress(*_UNREADABLE):  # the chain's faults name such an event
            last.update((change["row"], change["digest"]) for change in json.loads(line)["changes"])
    for name, digest in _digests(session, seals):
        if (told := last.pop(name, None)) is None:
            yield Fault(name, "log.row_added")
        elif told != digest:
            yield Fault(name, "log.row_changed")
    yield from (Fault(name, "log.row_removed") for name in last)


def _digests(session: Session, seals: Seals) -> Iterator[tuple[str, str | None]]:
    """Name and digest of each row; no digest where a column holds what the program could not have put there."""
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.local_table.description):
        model: type[Base] = mapper.class_
        if model is not AuditEvent:
            for number, digest in _each(session, model, lambda row: row_digest(row, seals)):
                yield f"{model.__tablename__}:{number}", digest


def _each(session: Session, model: type[T], use: Callable[[T], R]) -> Iterator[tuple[int, R | None]]:
    """Each row's id, and what `use` makes of the row; None where it cannot even be read."""
    ids = session.scalars(select(model.id).order_by(model.id)).all()
    for start in range(0, len(ids), _CHUNK):
        yield from _some(session, model, ids[start : start + _CHUNK], use)


def _some(session: Session, model: type[T], ids: Sequence[int], use: Callable[[T], R]) -> list[tuple[int, R | None]]:
    """One read for all; where one of them cannot be read, halving finds it."""
    try:
        rows = session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id))
        return [(row.id, use(row)) for row in rows]
    except _UNREADABLE:
        if len(ids) == 1:
            return [(ids[0], None)]
        half = len(ids) // 2
        return _some(session, model, ids[:half], use) + _some(session, model, ids[half:], use)
