"""What is wrong with how a window looks: words that are cut off, and controls that have no name for a screen reader."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

_SLACK = 2
"""Pixels that rounding may cost."""


def faults(window: QWidget) -> list[str]:
    """Everything that is cut off, and every control without a name, in what is visible."""
    found = list(_all_faults(window))
    return [f"{type(window).__name__}: {fault}" for fault in found]


def _all_faults(window: QWidget) -> Iterator[str]:
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisibleTo(window) or _is_inner(widget):
            continue
        yield from _cut(widget)
        if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and not _name(widget):
            yield f"no name: {_told(widget)}"


def _is_inner(widget: QWidget) -> bool:
    """Parts of Qt's own making: scroll bars, the line inside a box."""
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), QComboBox | QHeaderView)


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def _told(widget: QWidget) -> str:
    chain: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(chain) < 4:
        chain.append(f"{type(at).__name__}#{at.objectName()}" if at.objectName() else type(at).__name__)
        at = at.parentWidget()
    return " < ".join(chain)


def _cut(widget: QWidget) -> Iterator[str]:
    match widget:
        case QLabel():
            yield from _cut_label(widget)
        case QAbstractButton() if widget.text():
            if widget.width() + _SLACK < widget.sizeHint().width():
                yield f"cut button: {widget.text()!r} {widget.width()} < {widget.sizeHint().width()}"
        case QComboBox() if widget.width() + _SLACK < widget.minimumSizeHint().width():
            yield f"cut box: {widget.currentText()!r}"
        case QTabBar():
            yield from _cut_tabs(widget)
        case QTableView() | QTreeView():
            yield from _cut_cells(widget)
        case QLineEdit():
            yield from _cut_placeholder(widget)


def _cut_placeholder(line: QLineEdit) -> Iterator[str]:
    wanted = line.fontMetrics().horizontalAdvance(line.placeholderText())
    if not line.text() and wanted > line.width() - 16:
        yield f"cut placeholder: {line.placeholderText()!r}"


def _cut_label(label: QLabel) -> Iterator[str]:
    if not label.text() or not label.pixmap().isNull():
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if label.height() + _SLACK < needed:
            yield f"cut text: {label.text()!r} {label.height()} < {needed} high"
        longest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split() or [""])
        if label.text().isascii() and longest > label.width() + _SLACK:
            yield f"cut word: {label.text()!r}"
    elif label.width() + _SLACK < label.sizeHint().width():
        yield f"cut text: {label.text()!r} {label.width()} < {label.sizeHint().width()}"
    elif label.height() + _SLACK < label.sizeHint().height():
        yield f"cut text: {label.text()!r} {label.height()} < {label.sizeHint().height()} high"


def _cut_tabs(bar: QTabBar) -> Iterator[str]:
    for at in range(bar.count()):
        rect = bar.tabRect(at)
        wanted = bar.fontMetrics().horizontalAdvance(bar.tabText(at))
        if rect.right() > bar.width() or rect.width() < wanted:
            yield f"cut tab: {bar.tabText(at)!r}"


def _cut_cells(view: QTableView | QTreeView) -> Iterator[str]:
    model, header = view.model(), view.horizontalHeader() if isinstance(view, QTableView) else view.header()
    for column in range(model.columnCount()):
        text = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        wanted = header.fontMetrics().horizontalAdvance(text)
        if header.isVisible() and not header.isSectionHidden(column) and header.sectionSize(column) < wanted:
            yield f"cut heading: {text!r}"
    margin = view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, view)
    for index in _in_sight(view):
        text = str(index.data() or "").partition("\n")[0]
        room: QRect = view.visualRect(index)
        if view.fontMetrics().horizontalAdvance(text) + margin > room.width() and not _scrolls(view):
            yield f"cut cell: {text!r}"


def _scrolls(view: QAbstractItemView) -> bool:
    """Whether one can scroll to what is cut off."""
    return view.horizontalScrollBar().maximum() > 0


def _in_sight(view: QTableView | QTreeView) -> Iterator[QModelIndex]:
    index = view.indexAt(view.viewport().rect().topLeft())
    for _ in range(40):
        if not index.isValid() or not view.viewport().rect().intersects(view.visualRect(index)):
            return
        for column in range(view.model().columnCount()):
            yield index.siblingAtColumn(column)
        index = view.indexBelow(index) if isinstance(view, QTreeView) else index.siblingAtRow(index.row() + 1)
