"""Facts one below the other: what it is at the left, what it says at the right, to be marked and copied."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.views.parts.basic import clear, copyable, label, set_look
from app.views.parts.notice import SIGNS


class Fact(NamedTuple):
    """One line; a tone comes with its sign. Without a text it is left out."""

    name: str
    text: str
    tone: str = ""


class Facts(QWidget):
    """As many lines as there is something to say."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.setLayout(self._grid)
        self.show_facts(facts)

    def show_facts(self, facts: Iterable[Fact]) -> None:
        """These, in place of those before."""
        clear(self._grid)
        for at, fact in enumerate(fact for fact in facts if fact.text):
            name, text = label(fact.name, "muted"), copyable(_signed(fact))
            set_look(text, tone=fact.tone)
            name.setBuddy(text)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(name, at, 0, top)
            self._grid.addWidget(text, at, 1, top)


def _signed(fact: Fact) -> str:
    return f"{SIGNS[fact.tone]} {fact.text}" if fact.tone else fact.text
