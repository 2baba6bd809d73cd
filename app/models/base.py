"""What all tables share: naming, types, and which columns the log may show in clear."""

import secrets
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import DateTime, Dialect, Enum, Index, LargeBinary, MetaData, String, Table, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

CLEAR: dict[Any, Any] = {"clear": True}
"""`info` of a text or bytes column without personal data: the log shows its value, not a keyed digest."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; naive in SQLite, aware everywhere in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it would be somebody's local time."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives the moment back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum], name: str = "") -> Enum:
    """A column that keeps a StrEnum's value as text, with a CHECK on it (`name` tells two in one table apart)."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        name=name or kind.__name__.lower(),
    )


def begins_index(name: str, column: str) -> Index:
    """An index by which a text is found from how it begins (`LIKE 'x%'`); in SQLite the migration makes it NOCASE."""
    return Index(name, column, postgresql_ops={column: "text_pattern_ops"})


def new_uid() -> bytes:
    """16 random bytes: the name of a thing that may leave the office."""
    return secrets.token_bytes(16)


class Base(DeclarativeBase):
    """All tables. Integer primary keys; a row with `append_only` set is never updated or deleted."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        bytes: LargeBinary(),
        str: String(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)


class Leaves:
    """Mixin of what may leave the office."""

    uid: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True, default=new_uid, info=CLEAR)


class Edited:
    """Mixin of what people edit: `version` tells two editors apart (SQLAlchemy's version counter)."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy hands in the class
        return {"version_id_col": cls.version}


Model = TypeVar("Model", bound=type[Base])


def append_only(model: Model) -> Model:
    """Mark a table whose rows are never updated or deleted; the database's triggers hold it."""
    table = model.__table__
    assert isinstance(table, Table)
    table.info["append_only"] = True
    return model


Value = str | int | None


def plain(value: object) -> Value:
    """A column's value as the canonical form that goes into digests and into the log."""
    match value:
        case None | int():
            return value
        case StrEnum():
            return value.value
        case str():
            return value
        case bytes():
            return value.hex()
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")
