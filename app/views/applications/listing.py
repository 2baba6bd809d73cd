"""A list with what narrows it, what it is sorted by, and the details of the selected line beside it."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QWidget

from app.views.links import Link
from app.views.parts.basic import GAP, boxed, button, column, label, row
from app.views.parts.flow import Flow
from app.views.parts.table import Empty, Table, counted
from app.views.parts.windowed import Windowed
from app.words import tr

Row = TypeVar("Row")
Filter = TypeVar("Filter")

_PAUSE = 200  # milliseconds without a key before the list is asked for


class Box(QComboBox, Generic[Row]):
    """One of a few lines: what is kept → what is shown. Qt would turn enums and tuples into something else."""

    def __init__(self, texts: Mapping[Row, str]) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._values = tuple(texts)
        self.addItems(list(texts.values()))

    @property
    def value(self) -> Row:
        """What is kept for the line chosen."""
        return self._values[self.currentIndex()]


class Order(NamedTuple):
    """A line of the sorting box: its words (for `tr`), and what the query is asked with."""

    title: str
    by: object
    descending: bool = False


class Details(Protocol):
    """What a list needs of the pane beside it."""

    def show_object(self, chosen: int | None) -> None:
        """Show this one, or that none is selected."""

    def focus(self) -> None:
        """Put the cursor on the first thing that can be done."""


class Listing(QWidget, Generic[Row, Filter]):
    """Asks for what fits its boxes, and keeps the same line selected when it looks again."""

    looked = Signal()
    """The list has just been filled."""

    def __init__(
        self, source: Windowed[Row, Filter], name: str, empty: Empty, boxes: Mapping[str, Box[Any]],
        orders: Sequence[Order], details: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        self.source = source
        self.table = Table(source.model, name, empty)
        self.details: Details = details
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(tr("Ctrl+F"))
        self.order = Box({order: tr(order.title) for order in orders})
        self.chip = button("", self.show_all)
        self.count = label("", "muted")
        self._boxes = boxes
        self._only: tuple[int, ...] | None = None
        self._current: int | None = None
        self._take_first = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._arrange(details)
        self._connect()

    def wanted(self) -> Filter:
        """What the boxes ask for."""
        raise NotImplementedError

    def look(self) -> None:
        """Ask for the list (again)."""
        self._pause.stop()
        order = self.order.value
        self.source.look(self.wanted(), self._only, by=order.by, descending=order.descending)

    def restrict(self, link: Link) -> None:
        """Show only the objects of a link, and the first of them beside."""
        self._only, self._take_first = link.ids, link.ids is not None
        if link.ids is not None:
            self.chip.setText(tr("只看：{title}（{count}） ✕", title=link.title, count=len(link.ids)))
            self._reset_boxes()
        self.chip.setVisible(link.ids is not None)
        self.look()

    def show_all(self) -> None:
        """Without the restriction."""
        self.restrict(Link("applications"))
        self.search.setFocus()

    def take(self, chosen: int) -> None:
        """Select this one as soon as the list has it."""
        self._current = chosen
        self.look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc steps back: from the details, then from what narrows the list."""
        if event.key() != Qt.Key.Key_Escape or not self._step_back():
            super().keyPressEvent(event)

    def _step_back(self) -> bool:
        if self._current is not None:
            self.table.clearSelection()
            self.table.setFocus()
        elif self._only is not None:
            self.show_all()
        elif self._narrowed():
            self._reset_boxes()
            self.look()
        else:
            return False
        return True

    def _narrowed(self) -> bool:
        return bool(self.search.text()) or any(box.currentIndex() for box in self._boxes.values())

    def _reset_boxes(self) -> None:
        for box in self._boxes.values():
            box.setCurrentIndex(0)
        self.search.clear()

    def _arrange(self, details: QWidget) -> None:
        named = {tr("查找"): self.search, **self._boxes, tr("排序"): self.order}
        pairs = [_named(name, widget) for name, widget in named.items()]
        self.search.setMinimumWidth(self.fontMetrics().averageCharWidth() * 20)
        self.chip.hide()
        bar = boxed(Flow(*pairs, self.chip, gap=12))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(boxed(column(self.table, self.count, gap=4)))
        splitter.addWidget(details)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GAP)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([600, 400])
        whole = column(bar, splitter, gap=10)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self._pause.timeout.connect(self.look)
        self.search.textChanged.connect(lambda _: self._pause.start())
        for box in (*self._boxes.values(), self.order):
            box.currentIndexChanged.connect(lambda _: self._pause.start())
        self.source.shown.connect(self._shown)
        self.table.chosen.connect(self._chosen)
        self.table.activated.connect(self._open)

    def _shown(self, count: int) -> None:
        """Select the same object as before, wherever it stands now."""
        self.count.setText(counted(count))
        ids = self.source.model.ids
        if self._take_first and count:
            self._current = ids[0]
        self._take_first = False
        try:
            self.table.select(ids.index(-1 if self._current is None else self._current))
        except ValueError:
            self._show(None)
        self.looked.emit()

    def _open(self, index: QModelIndex) -> None:
        self.table.select(index.row())
        self.details.focus()

    def _chosen(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        self._show(self.source.model.ids[rows[0].row()] if rows else None)

    def _show(self, chosen: int | None) -> None:
        self._current = chosen
        self.details.show_object(chosen)


def _named(name: str, widget: QWidget) -> QWidget:
    """A box beside its label."""
    said = label(name, "muted")
    said.setBuddy(widget)
    widget.setAccessibleName(name)
    return boxed(row(said, widget, gap=6))
