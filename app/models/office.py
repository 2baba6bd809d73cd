"""The office that this database belongs to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CLEAR, Base, Leaves


class Counter(Base):
    """How far a series of numbers has come, `YW-2026`: locked while the next is taken."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(unique=True, info=CLEAR)
    value: Mapped[int]


class Office(Base, Leaves):
    """One row: whose database this is, and the office's two keys, private halves sealed."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    founded_at: Mapped[datetime]
    signing_public: Mapped[bytes] = mapped_column(info=CLEAR)
    """Ed25519, 32 bytes: signs the log's checkpoints, and later packages."""
    signing_private: Mapped[bytes]
    receiving_public: Mapped[str] = mapped_column(info=CLEAR)
    """An age recipient (X25519): what other offices seal packages to."""
    receiving_private: Mapped[bytes]
