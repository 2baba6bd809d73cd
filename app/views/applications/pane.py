"""The pane beside a list: a card that scrolls, the buttons for what can be done, and what is known of the object."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.views.desk import Desk
from app.views.parts.basic import boxed, button, card, clear, column, label
from app.views.parts.dialog import FormDialog
from app.views.parts.flow import Flow
from app.views.parts.notice import Notice
from app.views.tasks import Pending
from app.words import tr

Seen = TypeVar("Seen")
P = TypeVar("P", bound="Pane[Any]")


@dataclass(frozen=True)
class Action(Generic[P, Seen]):
    """A button: which operation must be possible for it, its words (for `tr`), and what a click begins."""

    operation: str
    text: str
    begin: Callable[[P, Seen], object]
    role: str = ""


class Pane(QScrollArea, Generic[Seen]):
    """Looks at one object at a time, and again when told to; the buttons stay where they are, so the focus does."""

    def __init__(self, desk: Desk, notice: Notice, nothing: str, actions: Sequence[Action[Any, Seen]]) -> None:
        super().__init__()
        self.desk, self.notice = desk, notice
        self.shown: int | None = None
        self._seen: Seen | None = None
        self._focus_due = False
        self._nothing = card(label(nothing, "muted", wrap=True))
        self.head: QVBoxLayout = column(gap=6)
        self.rest: QVBoxLayout = column(gap=8)
        self.buttons = {action: self._button(action) for action in actions}
        self._bar = boxed(Flow(*self.buttons.values()))
        self._card = card(self.head, self._bar, self.rest, gap=10)
        inside = boxed(column(self._nothing, self._card, 1))
        inside.setObjectName("inside")
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(300)
        self.show_object(None)

    def look(self, chosen: int) -> Callable[[], Seen]:
        """The work that looks at the object, for a lane."""
        raise NotImplementedError

    def possible(self, seen: Seen) -> frozenset[str]:
        """The operations that the gate would let through."""
        raise NotImplementedError

    def fill(self, seen: Seen) -> None:
        """Put what is known into `head` and `rest`."""
        raise NotImplementedError

    def show_object(self, chosen: int | None) -> None:
        """Show this one, or that none is selected; what was shown stays in sight until the new answer is there."""
        if chosen != self.shown:
            self._seen, self._focus_due = None, False  # no button works on another object than is selected
        self.shown = chosen
        self._nothing.setVisible(chosen is None)
        if chosen is None:
            self._card.hide()
            return
        self.desk.tasks.ask(self, self.look(chosen), "look").then(self._arrived)

    def focus(self) -> None:
        """Put the cursor on the first button, as soon as it is there."""
        first = next((each for each in self.buttons.values() if not each.isHidden()), None)
        self._focus_due = self._seen is None
        if not self._focus_due and first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self, dialog: FormDialog, go: Callable[[dict[str, object]], Pending[Any]], said: str) -> None:
        """Open a dialog; what it confirms is done, and then told. A refusal stays in the dialog."""

        def done(_: object) -> None:
            dialog.accept()
            self.notice.say(said)

        dialog.confirmed.connect(lambda values: go(values).then(done).fails(dialog.problem))
        dialog.open()

    def _arrived(self, seen: Seen) -> None:
        self._seen = seen
        clear(self.head)
        clear(self.rest)
        self.fill(seen)
        possible = self.possible(seen)
        for action, made in self.buttons.items():
            made.setVisible(action.operation in possible)
        self._bar.setVisible(any(not made.isHidden() for made in self.buttons.values()))
        self._card.show()
        if self._focus_due:
            self.focus()

    def _button(self, action: Action[Any, Seen]) -> QPushButton:
        made = button(tr(action.text), lambda: self._begin(action), action.role)
        made.hide()
        return made

    def _begin(self, action: Action[Any, Seen]) -> None:
        if self._seen is not None:
            action.begin(self, self._seen)


def add(layout: QVBoxLayout, *parts: QWidget | QLayout) -> None:
    """Put these below what is there."""
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
