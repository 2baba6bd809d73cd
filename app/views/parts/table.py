"""A table in the look of the program: whole rows, one tab stop, and words where it is empty."""

from collections.abc import Callable
from itertools import islice
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.views.parts.basic import boxed, button, column, label
from app.views.tables import RowsModel, WindowedModel
from app.words import tr

Row = TypeVar("Row")

MOST_SELECTED = 500
"""Rows that can be selected, and worked on, at once."""
_SAMPLED = 60
"""Rows in sight that decide how wide a column is."""


class Empty(QWidget):
    """What an empty place says: what is missing, and the one button that begins it."""

    def __init__(self, text: str, action: str = "", does: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.label = label(text, "muted", wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = button(action, does)
        inner = column(1, self.label, self.button, 1, gap=12, margins=(24, 24, 24, 24))
        inner.setAlignment(self.button, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(inner)
        self.button.setVisible(bool(action))


class Table(QTableView, Generic[Row]):
    """Shows a model's rows. `chosen` tells of another selection, `activated` of Enter or a double click."""

    chosen = Signal()

    def __init__(
        self, model: RowsModel[Row] | WindowedModel[Row], name: str, empty: Empty, *, many: bool = False
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.rows = model
        self.setModel(model)
        self._empty = empty
        empty.setParent(self.viewport())
        self._dress(many=many)
        model.modelReset.connect(self._reset)
        model.dataChanged.connect(lambda: self._fit())
        self._reset()

    def selected_rows(self) -> list[Row]:
        """The rows selected, as far as they are here; those that never came into sight are not fetched for this."""
        return [row for at in self.selected_places() if (row := self.rows.here(at)) is not None]

    def selected_places(self) -> list[int]:
        """Where they are, from the top; `MOST_SELECTED` at most."""
        chosen = self.selectionModel().selection()
        spans = sorted((each.top(), each.bottom()) for each in map(chosen.at, range(chosen.size())))
        return list(islice((at for top, bottom in spans for at in range(top, bottom + 1)), MOST_SELECTED))

    def selectAll(self) -> None:
        """The first `MOST_SELECTED`: of all that match a filter there may be a million."""
        last = min(self.rows.rowCount(), MOST_SELECTED) - 1
        if last >= 0:
            corner = self.rows.index(last, self.rows.columnCount() - 1)
            chosen = QItemSelection(self.rows.index(0, 0), corner)
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def current_row(self) -> Row | None:
        """The row with the cursor, if it is selected."""
        found = self.selected_rows()
        return found[0] if found else None

    def select(self, at: int) -> None:
        """Select the row at a place, and bring it into sight."""
        if 0 <= at < self.rows.rowCount():
            self.selectRow(at)
            self.scrollTo(self.rows.index(at, 0))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """See Qt."""
        super().selectionChanged(selected, deselected)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens on every system; Esc is left to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of the empty table in its middle."""
        super().resizeEvent(event)
        self._empty.resize(self.viewport().size())

    def sizeHint(self) -> QSize:
        """A few rows; it takes what room there is."""
        return QSize(480, 240)

    def changeEvent(self, event: QEvent) -> None:
        """Another font size asks for other widths."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self.model() is not None:
            self._fit()

    def _dress(self, *, many: bool) -> None:
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setResizeContentsPrecision(_SAMPLED)
        header.setSectionsClickable(False)

    def _reset(self) -> None:
        self._empty.setVisible(self.rows.rowCount() == 0)
        self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 14)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        self.resizeColumnsToContents()
        header.setStretchLastSection(True)


def titled(text: str, table: QWidget) -> QWidget:
    """A table below its heading, which is its label."""
    heading = label(text, "heading")
    heading.setBuddy(table)
    return boxed(column(heading, table))


def counted(count: int) -> str:
    """How many lines a list has."""
    return tr("共 {count} 条", count=f"{count:,}")
