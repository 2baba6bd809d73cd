"""PKCS#11 libraries (UKEY 驱动) that an office has added to those of the catalogue (E7)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CLEAR, Base, Edited, words
from app.words import N_


class LibraryState(StrEnum):
    """A library is proposed by one post and confirmed by another before any desk loads it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


LIBRARY_STATE_NAMES: Mapping[LibraryState, str] = {
    LibraryState.PROPOSED: N_("已登记，待确认"),
    LibraryState.CONFIRMED: N_("已确认"),
    LibraryState.WITHDRAWN: N_("已撤销"),
}


class UkeyLibrary(Base, Edited):
    """One library file: where it lies, what it was when it was proposed, and who vouches for it."""

    __tablename__ = "ukey_library"
    __table_args__ = (
        Index(
            "uq_ukey_library_living",
            "path",
            "machine",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_by_somebody"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """The unit whose office it is."""
    path: Mapped[str] = mapped_column(info=CLEAR)
    """As typed; absolute."""
    sha256: Mapped[str] = mapped_column(info=CLEAR)
    """Of the file's content, 64 hex digits."""
    model: Mapped[str] = mapped_column(info=CLEAR)
    """The id of the catalogue's model that it is for; empty for another one."""
    machine: Mapped[str] = mapped_column(info=CLEAR)
    """What it is made for, as `token.library.own_machine` tells: `Linux x86_64`."""
    state: Mapped[LibraryState] = mapped_column(words(LibraryState), default=LibraryState.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="", info=CLEAR)
