"""Choosing a unit by typing a part of its name or code."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.services.org import UnitRow
from app.views.org.tree import Units
from app.views.parts.basic import boxed, column
from app.views.parts.fields import Edited
from app.words import tr

_SHOWN = 50
_LINES = 4


class UnitControl(Edited):
    """A search line over a list of units; the value is the id of the one chosen, or None."""

    def __init__(self, units: Units, suits: Callable[[UnitRow], bool]) -> None:
        super().__init__()
        self.line, self.list = QLineEdit(), QListWidget()
        self.line.setPlaceholderText(tr("输入名称、区划代码或标识码的一部分"))
        self.line.setClearButtonEnabled(True)
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(self.list.fontMetrics().lineSpacing() * _LINES)
        self.widget: QWidget = boxed(column(self.line, self.list, gap=4))
        self._units, self._suits = units, suits
        self.line.textEdited.connect(self._search)
        self.line.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda *_: self.edited.emit())
        self._search("")

    def value(self) -> int | None:
        """The unit chosen."""
        item: QListWidgetItem | None = self.list.currentItem()
        return None if item is None else int(item.data(Qt.ItemDataRole.UserRole))

    def set_value(self, value: object) -> None:
        """Choose a unit that is in the list."""
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == value:
                self.list.setCurrentRow(place)

    def inputs(self) -> Sequence[QWidget]:
        """The search line, then the list."""
        return self.line, self.list

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while one types."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in keys:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            place = self.list.currentRow() + step
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, place)))
            return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        """Nothing typed: all that suit, none chosen. Else the best that suits is chosen at once."""
        rows = self._units.rows
        ids = self._units.search(text, retired=False).ids if text.strip() else rows.keys()
        suiting = [rows[unit_id] for unit_id in ids if self._suits(rows[unit_id])][:_SHOWN]
        self.list.clear()
        for unit in suiting:
            above = rows.get(unit.reports_to_id or 0)
            name = tr("{name}（{superior}）", name=unit.name, superior=above.name) if above else unit.name
            item = QListWidgetItem(name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, unit.id)
        if text.strip() and suiting:
            self.list.setCurrentRow(0)
        self.edited.emit()
