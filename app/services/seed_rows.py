"""Many new rows of many tables: their ids are given beforehand, and each table goes in by one statement."""

from typing import Any

from sqlalchemy import func, insert, inspect, select

from app.models.accounts import Account, Appointment, Person, Role
from app.models.applications import Application, Decision, Revision, SignOff
from app.models.base import Base, Edited, Leaves, new_uid
from app.models.org import Unit, UnitChange
from app.services.changes import content_digest
from app.services.operations import Work

_TABLES: tuple[type[Base], ...] = (
    Unit,
    UnitChange,
    Person,
    Application,
    Account,
    Appointment,
    Role,
    Revision,
    SignOff,
    Decision,
)
"""Each after those that it refers to."""


class Rows:
    """The rows of one transaction, logged by their digests; only where nobody else writes can ids be given."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._new: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _TABLES}
        self._first = {table: (work.session.scalar(select(func.max(table.id))) or 0) + 1 for table in _TABLES}

    def next_id(self, table: type[Base]) -> int:
        """The id that the next row of this table gets."""
        return self._first[table] + len(self._new[table])

    def add(self, table: type[Base], **values: Any) -> int:
        """A new row, with every column but its id, uid and version; returns its id."""
        values["id"] = number = self.next_id(table)
        if issubclass(table, Leaves):
            values["uid"] = new_uid()
        if issubclass(table, Edited):
            values["version"] = 1
        self._new[table].append(values)
        return number

    def write(self) -> None:
        """Put all rows into the database, and their digests into the log."""
        connection, seals = self._work.session.connection(), self._work.seals
        for table, rows in self._new.items():
            if not rows:
                continue
            name, columns = table.__tablename__, inspect(table).column_attrs.keys()
            assert rows[0].keys() == set(columns), f"{name}: {rows[0].keys() ^ set(columns)}"
            connection.execute(insert(table), rows)
            self._work.statements.extend(
                {"row": f"{name}:{row['id']}", "digest": content_digest(name, row, seals)} for row in rows
            )
