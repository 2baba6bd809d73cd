"""The log (日志): a hash chain over canonical text, with signed checkpoints (G1)."""

import hashlib
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, append_only

GENESIS = bytes(32)
"""What the first event is chained to."""


def chained(previous: bytes, text: str) -> bytes:
    """The hash of an event: SHA-256 over the previous event's hash and this event's text."""
    return hashlib.sha256(previous + text.encode()).digest()


@append_only
class AuditEvent(Base):
    """One event. `text` (canonical JSON) is what counts; the other columns repeat parts of it, for filters.

    `id` is the sequence number, without gaps from 1; triggers refuse any other, and any change.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_list", "unit_id", "id", "at", "operation", "account_id", "outcome"),)
    """All that a list of a unit's events filters by: it is read off the index, without the texts."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    hash: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(index=True)
    operation: Mapped[str] = mapped_column(index=True)
    outcome: Mapped[str]
    unit_id: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(index=True)


CHECKPOINT = "log.checkpoint"
"""The operation of an event that signs all before it: `signature` in its notes, over `checkpoint_statement`."""


def checkpoint_statement(office_uid: bytes, number: int, head: bytes) -> bytes:
    """The bytes that a checkpoint signs (Ed25519): whose log, up to which event, with which hash."""
    return b"shiming checkpoint 1\0" + office_uid + number.to_bytes(8, "big") + head
