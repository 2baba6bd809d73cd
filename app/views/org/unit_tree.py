"""The tree on the screen: it keeps what is open and what is selected when the units are looked at again."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from app.services.org import UnitRow
from app.views.org.model import UnitModel
from app.views.org.tree import TOP, Tree
from app.views.parts.table import Empty
from app.words import tr

_SAMPLED = 60


class UnitTree(QTreeView):
    """`chosen` tells of another unit (its id, 0 for none), `activated` of Enter or a double click."""

    chosen = Signal(int)

    def __init__(self, begin: Callable[[], object]) -> None:
        super().__init__()
        self.units = UnitModel(self)
        self._opened: list[int] = []
        self._wide_open = False
        self.setModel(self.units)
        self.empty = Empty("", tr("载入市县"), begin)
        self.empty.setParent(self.viewport())
        self.empty.hide()
        self.setAccessibleName(tr("组织机构"))
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setExpandsOnDoubleClick(False)
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setResizeContentsPrecision(_SAMPLED)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    @property
    def current(self) -> UnitRow | None:
        """The unit selected."""
        return self.units.unit(self.currentIndex())

    def show_tree(self, tree: Tree, *, wide_open: bool = False) -> None:
        """Show a tree; `wide_open` for what a search found, else what was open stays open."""
        chosen = self.currentIndex().internalId() if self.currentIndex().isValid() else TOP
        if not self._wide_open:
            known = self.units.tree.below
            self._opened = [each for each in known if self.isExpanded(self.units.index_of(each))]
        self._wide_open = wide_open
        self.units.show(tree)
        if wide_open:
            self.expandAll()
        else:
            for unit_id in self._opened or tree.below.get(TOP, ()):
                self.expand(self.units.index_of(unit_id))
        self.select(chosen if chosen in tree.rows else next(iter(tree.below.get(TOP, ())), TOP))

    def select(self, unit_id: int) -> None:
        """Select a unit, open those above it, and bring it into sight."""
        index = self.units.index_of(unit_id)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        if not index.isValid():
            self.chosen.emit(TOP)

    def say(self, text: str, action: str = "") -> None:
        """Say below the first line what comes here, with the button that begins it; nothing when empty."""
        self.empty.label.setText(text)
        self.empty.button.setText(action)
        self.empty.button.setVisible(bool(action))
        self.empty.setVisible(bool(text))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """See Qt."""
        super().selectionChanged(selected, deselected)
        if self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().internalId())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens on every system."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of the empty tree in its middle, below the own unit."""
        super().resizeEvent(event)
        self.empty.setGeometry(self.viewport().rect().adjusted(0, 2 * self.fontMetrics().height(), 0, 0))
