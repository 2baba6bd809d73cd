"""Labels, buttons, cards and rows in the one look of the program."""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

L = TypeVar("L", bound=QBoxLayout)

GAP = 12
"""Pixels between cards."""


def label(text: str = "", role: str = "", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A text: role `title`, `heading`, `muted`, `hint`, `error`, `number`; tone `good`, `late`, `wrong`."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    set_look(made, role=role, tone=tone)
    return made


def copyable(text: str = "", role: str = "", *, wrap: bool = True) -> QLabel:
    """A text that can be marked and copied."""
    made = label(text, role, wrap=wrap)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return made


def button(text: str, clicked: Callable[[], object] | None = None, role: str = "", *, key: str = "") -> QPushButton:
    """A button: role `main` (one a page), `danger`, `link`, `choice`, or none; `key` is its shortcut."""
    made = QPushButton(text)
    made.setAutoDefault(role == "main")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    set_look(made, role=role)
    if clicked is not None:
        made.clicked.connect(lambda: clicked())
    if key:
        made.setShortcut(QKeySequence(key))
        made.setToolTip(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))
    return made


def set_look(widget: QWidget, **properties: str) -> None:
    """Set what the style sheet asks for, and have it looked at again."""
    changed = False
    for name, value in properties.items():
        if (widget.property(name) or "") != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


Part = QWidget | QLayout | int | None
"""What stands in a row or column: an int is a stretch, None is left out."""


def row(*parts: Part, gap: int = 8, margins: Sequence[int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Things beside each other."""
    return _filled(QHBoxLayout(), parts, gap, margins)


def column(*parts: Part, gap: int = 8, margins: Sequence[int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Things below each other."""
    return _filled(QVBoxLayout(), parts, gap, margins)


def boxed(layout: QLayout) -> QWidget:
    """A layout as a widget, without a frame."""
    made = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    made.setLayout(layout)
    return made


def card(*parts: Part, gap: int = 8, margins: Sequence[int] = (16, 16, 16, 16)) -> QFrame:
    """A white card with things below each other."""
    made = QFrame()
    made.setObjectName("card")
    made.setLayout(column(*parts, gap=gap, margins=margins))
    return made


def segments(name: str, *texts: str) -> QTabBar:
    """Tabs without a frame, for the parts of a window or page; `name` is for who hears it."""
    made = QTabBar()
    made.setAccessibleName(name)
    made.setDrawBase(False)
    made.setExpanding(False)
    for text in texts:
        made.addTab(text)
    return made


def scrolled(inside: QWidget, name: str = "") -> QScrollArea:
    """Something that may be higher than its place. With a `name` it takes the keyboard, to scroll."""
    made = QScrollArea()
    inside.setObjectName("inside")
    made.setWidget(inside)
    made.setWidgetResizable(True)
    made.setAccessibleName(name)
    if not name:
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if (inner := cast("QLayout | None", item.layout())) is not None:
            clear(inner)
        elif (widget := cast("QWidget | None", item.widget())) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def _filled(layout: L, parts: Sequence[Part], gap: int, margins: Sequence[int]) -> L:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        elif isinstance(part, int):
            layout.addStretch(part)
    return layout
