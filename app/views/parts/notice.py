"""A line in place: what happened, what to do next, and perhaps one button. No dialog for a simple error."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.errors import Cancelled, FieldProblem, Invalid, Problem
from app.messages import explain
from app.views.parts.basic import button, copyable, label, row, set_look
from app.words import sentences, tr

SIGNS = {"wrong": "✕", "late": "▲", "good": "✓", "": "ℹ"}
"""Never colour alone."""


class Notice(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._sign, self._text = label(), copyable()
        self._button = button("", role="link")
        self._close = button(tr("知道了"), self.hide, role="link")
        self._action: Callable[[], object] | None = None
        self._button.clicked.connect(self._act)
        line = row(self._sign, self._text, self._button, self._close, margins=(12, 8, 8, 8))
        line.setStretch(1, 1)
        line.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)
        self.hide()

    def say(self, text: str, tone: str = "good", *, action: str = "", does: Callable[[], object] | None = None) -> None:
        """Show a sentence: tone `good`, `late`, `wrong` or none; `action` names a button, for instance 撤销."""
        set_look(self, tone=tone)
        set_look(self._sign, tone=tone)
        self._sign.setText(SIGNS[tone])
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._action = does
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))

    def problem(self, problem: Problem) -> None:
        """Show what happened and what to do next; each fault of a list on a line of its own."""
        self.say(problem_text(problem), "" if isinstance(problem, Cancelled) else "wrong")

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()


def problem_text(problem: Problem) -> str:
    """A Problem in words: both sentences, and below them what is wrong with each field."""
    lines = [sentences(*explain(problem))]
    if isinstance(problem, Invalid):
        lines += [_fault_text(fault) for fault in problem.problems]
    return "\n".join(lines)


def _fault_text(fault: FieldProblem) -> str:
    where = tr("第 {row} 行：", row=fault.row) if fault.row else "· "
    return where + sentences(*explain(fault))
