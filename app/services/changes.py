"""What a transaction changed, noted by itself: each row's digest, and its fields before and after, for the log (G1).

Texts and bytes appear as keyed digests unless their column is marked CLEAR: the log can't be cleaned later.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import event
from sqlalchemy import inspect as inspected
from sqlalchemy.orm import ORMExecuteState, Session

from app.models.audit import AuditEvent
from app.models.base import Base, Value, plain
from app.services.sealing import Seals

MANY = 200
"""Beyond so many rows in one operation (imports), new rows are logged by their digests alone."""


class Changes:
    """Notes every row that a session inserts or updates. Deletes and bulk statements are refused."""

    def __init__(self, session: Session) -> None:
        self._before: dict[Base, dict[str, object]] = {}
        self._new: set[Base] = set()
        event.listen(session, "before_flush", self._refuse_delete)
        event.listen(session, "after_flush", self._note)
        event.listen(session, "do_orm_execute", _refuse_bulk)

    def entries(self, seals: Seals) -> list[dict[str, Any]]:
        """One entry a row: `row` (`table:id`), `digest`, and `fields` (value, or [before, after])."""
        brief = len(self._before) > MANY
        return [self._entry(row, seals, brief and row in self._new) for row in self._before]

    def _entry(self, row: Base, seals: Seals, brief: bool) -> dict[str, Any]:
        entry: dict[str, Any] = {"row": name_of(row), "digest": row_digest(row, seals)}
        if brief:
            return entry
        shown = {key: _shown(row, key, getattr(row, key), seals) for key in _columns(row)}
        if row in self._new:
            entry["fields"] = {key: value for key, value in shown.items() if value is not None}
        else:
            old = {key: _shown(row, key, value, seals) for key, value in self._before[row].items()}
            entry["fields"] = {key: [value, shown[key]] for key, value in old.items() if value != shown[key]}
        return entry

    def _note(self, session: Session, _: object) -> None:
        for row in session.new:
            if not isinstance(row, AuditEvent):
                self._new.add(row)
                self._before.setdefault(row, {})
        for row in session.dirty:
            before = self._before.setdefault(row, {})
            for key in _columns(row):
                history = inspected(row).attrs[key].history
                if history.has_changes() and row not in self._new:
                    before.setdefault(key, history.deleted[0] if history.deleted else None)

    @staticmethod
    def _refuse_delete(session: Session, *_: object) -> None:
        if session.deleted:
            raise RuntimeError("rows are ended or retired, never deleted")


def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a bulk statement would escape the log; change rows through the session")


def name_of(row: Base) -> str:
    """`table:id`."""
    return f"{row.__tablename__}:{row.id}"


def row_digest(row: Base, seals: Seals) -> str:
    """16 bytes, hex, over the row's whole content: tells later whether anybody changed it behind the gate's back."""
    return content_digest(row.__tablename__, {key: getattr(row, key) for key in _columns(row)}, seals)


def content_digest(table: str, content: Mapping[str, object], seals: Seals) -> str:
    """The same, of a row that is given by its columns. Empty ones do not count: a later column changes nothing."""
    told = {key: plain(value) for key, value in content.items() if value is not None}
    return seals.digest("row", json.dumps([table, told], sort_keys=True)).hex()[:32]


def _columns(row: Base) -> tuple[str, ...]:
    return _columns_of(type(row))


@cache
def _columns_of(table: type[Base]) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in inspected(table).column_attrs)


def _shown(row: Base, key: str, value: object, seals: Seals) -> Value:
    column = inspected(type(row)).columns[key]
    telling = isinstance(value, str | bytes) and not isinstance(value, StrEnum)
    if not value or not telling or column.info.get("clear"):
        return plain(value)
    return "~" + seals.digest(f"{row.__tablename__}.{key}", str(plain(value))).hex()[:16]
