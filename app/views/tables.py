"""Models for tables: a few rows that are all here, or a window on ids of which a million may come from SQL."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from app.views import theme
from app.words import tr

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

BLOCK = 256
"""Rows that are fetched together."""
_BLOCKS_KEPT = 12


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, and what stands in it for a row; `tone` is a colour of the palette (`wrong`, `late`)."""

    title: str
    """Marked with N_; translated where it is shown."""
    text: Callable[[Row], str]
    tone: Callable[[Row], str] = lambda row: ""


class _Model(QAbstractTableModel, Generic[Row]):
    """What both models share: how a row is shown."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns

    def row(self, at: int) -> Row | None:
        """The row at a place; None while it is on its way."""
        raise NotImplementedError

    def here(self, at: int) -> Row | None:
        """The row at a place, if it is here; it is not asked for."""
        return self.row(at)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """See Qt."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self.columns[section].title)
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if not index.isValid() or role not in _SHOWN:
            return None
        row, column = self.row(index.row()), self.columns[index.column()]
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.ForegroundRole:
            tone = column.tone(row)
            return QColor(getattr(theme.colours(), tone)) if tone else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tr(column.title)}: {column.text(row)}"
        return column.text(row)


_SHOWN = frozenset(
    (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
)


class RowsModel(_Model[Row]):
    """Rows that are all here."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """These, in place of those before."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, at: int) -> Row | None:
        """The row at a place."""
        return self._rows[at]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """See Qt."""
        return 0 if parent.isValid() else len(self._rows)


class WindowedModel(_Model[Row]):
    """Ids that are all here, and rows that are fetched in blocks as they come into sight."""

    wanted = Signal(object)
    """Ids whose rows are needed; answer with `arrived`."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._ids: array[int] = array("q")
        self._blocks: OrderedDict[int, list[Row | None]] = OrderedDict()
        self._asked: set[int] = set()

    @property
    def ids(self) -> "array[int]":
        """All ids, in their order."""
        return self._ids

    def show(self, ids: "array[int]") -> None:
        """These objects, in place of those before."""
        self.beginResetModel()
        self._ids = ids
        self._blocks.clear()
        self._asked.clear()
        self.endResetModel()

    def arrived(self, asked: Sequence[int], rows: Mapping[int, Row]) -> None:
        """The rows of a block that was `wanted`."""
        if not asked or not len(self._ids):
            return
        for number in tuple(self._asked):
            start = number * BLOCK
            if self._ids[start] == asked[0] and list(self._ids[start : start + BLOCK]) == list(asked):
                self._keep(number, [rows.get(each) for each in asked])
                last = min(start + BLOCK, len(self._ids)) - 1
                self.dataChanged.emit(self.index(start, 0), self.index(last, len(self.columns) - 1))

    def row(self, at: int) -> Row | None:
        """The row at a place; None while it is on its way, or when it is there no more."""
        number = at // BLOCK
        block = self._blocks.get(number)
        if block is not None:
            self._blocks.move_to_end(number)
            return block[at % BLOCK]
        if number not in self._asked:
            self._asked.add(number)
            self.wanted.emit(tuple(self._ids[number * BLOCK : (number + 1) * BLOCK]))
        return None

    def here(self, at: int) -> Row | None:
        """The row at a place, if it has come."""
        block = self._blocks.get(at // BLOCK)
        return block[at % BLOCK] if block else None

    def missed(self, asked: Sequence[int]) -> None:
        """What was `wanted` did not come: it is asked for again when it is looked at again."""
        self._asked -= {number for number in self._asked if self._ids[number * BLOCK] == asked[0]}

    def rowCount(self, parent: Index = _ROOT) -> int:
        """See Qt."""
        return 0 if parent.isValid() else len(self._ids)

    def _keep(self, number: int, rows: list[Row | None]) -> None:
        self._asked.discard(number)
        self._blocks[number] = rows
        while len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
