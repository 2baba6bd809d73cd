"""A table over SQL: one query for the ids of all that fits a filter, another for the rows that come into sight."""

from array import array
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from app.errors import Problem
from app.services.operations import Query
from app.views.desk import Desk
from app.views.tables import Column, WindowedModel

Row = TypeVar("Row")
Filter = TypeVar("Filter")


class Windowed(QObject, Generic[Row, Filter]):
    """Fills a `WindowedModel` through the gate, beside Qt's thread; a newer filter replaces an older one."""

    shown = Signal(int)
    """How many objects fit."""

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[Column[Row]],
        ids: "Query[..., array[int]]",
        rows: Query[[Sequence[int]], Mapping[int, Row]],
    ) -> None:
        super().__init__()
        self.model = WindowedModel[Row](columns, self)
        self._desk, self._ids, self._rows = desk, ids, rows
        self._looks = 0
        self.model.wanted.connect(self._fetch)

    def look(self, wanted: Filter, only: Sequence[int] | None = None, **order: object) -> None:
        """Show what fits, `order` being what else the query takes; of it only those ids, when they are given."""
        self._desk.ask(self, self._ids, wanted, **order).then(lambda found: self._show(found, only))

    def _show(self, found: "array[int]", only: Sequence[int] | None) -> None:
        if only is not None:
            kept = frozenset(only)
            found = array("q", (each for each in found if each in kept))
        self._looks += 1
        self.model.show(found)
        self.shown.emit(len(found))

    def _fetch(self, ids: Any) -> None:
        work = partial(self._desk.gate.ask, self._desk.actor, self._rows, ids)
        look = self._looks
        self._desk.tasks.ask(self, work).then(partial(self._arrived, look, ids)).fails(partial(self._failed, look, ids))

    def _arrived(self, look: int, ids: Sequence[int], rows: Mapping[int, Row]) -> None:
        """Rows asked for before the last look may be older than the change that led to it."""
        if look == self._looks:
            self.model.arrived(ids, rows)

    def _failed(self, look: int, ids: Sequence[int], problem: Problem) -> None:
        if look == self._looks:
            self.model.missed(ids)
        self._desk.tasks.refused.emit(problem)
