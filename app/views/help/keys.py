"""快捷键 (Ctrl+/): the window's keys, those of the page in sight, and what holds everywhere."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QWidget

from app.views.parts.basic import GAP, boxed, button, card, column, label, row, scrolled
from app.views.parts.facts import Fact, Facts
from app.views.shortcuts import HABITS, KEYS, Key, of_page
from app.words import tr


class KeysDialog(QDialog):
    """A table of keys, built from those that are really there."""

    def __init__(self, parent: QWidget, page: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("快捷键"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts = {
            tr("整个窗口"): tuple(KEYS.values()),
            tr("这一页的按钮"): tuple(of_page(page)) if page is not None else (),
            tr("到处通用"): HABITS,
        }
        lists = boxed(column(*(_card(title, keys) for title, keys in parts.items() if keys), 1, gap=GAP))
        whole = column(
            scrolled(lists), row(1, button(tr("关闭"), self.accept, "main")), gap=GAP, margins=(20, 16, 20, 16)
        )
        self.setLayout(whole)
        self.resize(560, 600)


def _card(title: str, keys: Iterable[Key]) -> QWidget:
    return card(label(title, "heading"), Facts(_facts(tuple(keys))))


def _facts(keys: Sequence[Key]) -> Iterable[Fact]:
    native = QKeySequence.SequenceFormat.NativeText
    return (Fact(QKeySequence(key.keys).toString(native), tr(key.does)) for key in keys)
