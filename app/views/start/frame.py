"""What the pages before the login share: a card in the middle of an empty window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLayout, QPushButton, QWidget

from app.views.parts.basic import boxed, card, column, label, row, scrolled
from app.views.parts.notice import Notice


class StartPage(QWidget):
    """A narrow card in the middle; `notice` stands above what a subclass puts into it by `fill`."""

    def __init__(self, title: str, text: str = "", width: int = 560) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.notice = Notice()
        words = label(text, "muted", wrap=True)
        words.setVisible(bool(text))
        self._parts = column(gap=12)
        self.card = card(
            label(title, "title", wrap=True), words, self.notice, self._parts, gap=12, margins=(28, 24, 28, 24)
        )
        self.card.setMaximumWidth(width)
        self.card.setMinimumWidth(min(width, 480))
        scroll = scrolled(boxed(column(1, row(1, self.card, 1), 2)))
        self.setLayout(column(scroll))

    def must_stay(self) -> str:
        """Why the window can't be closed now, as a sentence; empty when it can."""
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the cursor, or the main one, as in a dialog."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        at = QApplication.focusWidget()
        buttons = [at] if isinstance(at, QPushButton) else self.findChildren(QPushButton)
        for pressed in buttons:
            if pressed is at or (pressed.property("role") == "main" and pressed.isVisible()):
                pressed.click()
                return

    def fill(self, *parts: QWidget | QLayout) -> None:
        """Put these into the card, below each other."""
        for part in parts:
            if isinstance(part, QWidget):
                self._parts.addWidget(part)
            else:
                self._parts.addLayout(part)
