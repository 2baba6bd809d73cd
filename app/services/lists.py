"""Long lists, for a window onto a million rows: all their ids at once, and what is shown of those in sight."""

import re
from array import array
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models.org import Unit
from app.services.operations import Work
from app.services.scope import below

Key = ColumnElement[Any] | InstrumentedAttribute[Any]


def ids(work: Work, query: Select[Any], *keys: Key, descending: bool) -> "array[int]":
    """The ids that a query of one column finds, sorted by the keys."""
    turned = (key.desc() if descending else key.asc() for key in keys)
    return array("q", work.session.execute(query.order_by(*turned)).scalars())


def in_reach(work: Work, query: Select[*tuple[Any, ...]], unit: InstrumentedAttribute[int]) -> Iterator[Sequence[Any]]:
    """The rows of a query by ids that lie in the actor's scope.

    Scope is asked of each row that is found: as a condition it would have SQLite look for each id under each unit.
    """
    for *row, reached in work.session.execute(query.add_columns(work.visible(unit))):
        if reached:
            yield row


def begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Whether a text begins so; one pattern, since SQLite reads no index for one that is put together in SQL."""
    return column.like(re.sub(r"[%_/]", r"/\g<0>", text) + "%", escape="/")


def from_unit_down(work: Work, unit_id: int) -> ColumnElement[bool]:
    """This unit and all below it, in a query that joins `Unit`."""
    path = work.session.scalar(select(Unit.path).where(Unit.id == unit_id))
    return below(path) if path else false()


def in_turn(column: InstrumentedAttribute[Any], kind: type[StrEnum]) -> ColumnElement[int]:
    """A sort key for a state: the place that it has among the states, not in the alphabet."""
    return case({state: place for place, state in enumerate(kind)}, value=column)
