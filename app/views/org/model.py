"""The org tree for Qt: indexes carry ids, so that no object has to live as long as an index does."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor

from app.models.org import UNIT_KIND_NAMES, UnitStatus
from app.services.org import UnitRow
from app.views import theme
from app.views.org.tree import TOP, Tree
from app.views.tables import Column, Index
from app.words import N_, tr

_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole


def shown_name(unit: UnitRow) -> str:
    """A unit's name, and that it is retired if it is."""
    return tr("{name}（已停用）", name=unit.name) if unit.status is UnitStatus.RETIRED else unit.name


COLUMNS = (
    Column[UnitRow](N_("单位"), shown_name),
    Column[UnitRow](N_("类型"), lambda unit: tr(UNIT_KIND_NAMES[unit.kind])),
    Column[UnitRow](N_("区划或标识码"), lambda unit: unit.division_code or unit.school_code or ""),
)


class UnitModel(QAbstractItemModel):
    """Shows a `Tree` that was made elsewhere; takes it over as it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tree = Tree({}, {}, {}, {})

    def show(self, tree: Tree) -> None:
        """This tree, in place of the one before."""
        self.beginResetModel()
        self.tree = tree
        self.endResetModel()

    def unit(self, index: Index) -> UnitRow | None:
        """The unit at an index."""
        return self.tree.rows.get(index.internalId()) if index.isValid() else None

    def index_of(self, unit_id: int) -> QModelIndex:
        """Where a unit stands; an invalid index when it is not shown."""
        place = self.tree.places.get(unit_id)
        return _NOWHERE if place is None else self.createIndex(place, 0, unit_id)

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """See Qt."""
        below = self._below(parent)
        if not (0 <= row < len(below) and 0 <= column < len(COLUMNS)):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # Qt's other one is QObject's
        """See Qt."""
        return self.index_of(self.tree.above.get(index.internalId(), TOP)) if index.isValid() else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """See Qt."""
        return len(self._below(parent))

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """See Qt."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """See Qt."""
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return tr(COLUMNS[section].title)
        if orientation is Qt.Orientation.Horizontal and role == _Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """See Qt."""
        unit = self.unit(index)
        if unit is None:
            return None
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            return COLUMNS[index.column()].text(unit)
        if role == _Role.ForegroundRole and unit.status is UnitStatus.RETIRED:
            return QColor(theme.colours().muted)
        return None

    def _below(self, parent: Index) -> Sequence[int]:
        if parent.column() > 0:
            return ()
        return self.tree.below.get(parent.internalId() if parent.isValid() else TOP, ())
