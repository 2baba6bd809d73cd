"""One operation on many objects, one after another through the lane: how far it has come, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtWidgets import QProgressBar, QWidget

from app.errors import Problem
from app.services.operations import Operation
from app.views.desk import Desk
from app.views.parts.basic import button, label, row
from app.views.parts.notice import problem_text
from app.words import tr

_NAMED = 5
"""Refusals that are told one by one."""


@dataclass
class Outcome:
    """How many were done, and what was refused; `left` were not begun, since somebody stopped it."""

    done: int = 0
    refused: dict[int, Problem] = field(default_factory=dict)
    left: int = 0

    def text(self, done: str, names: Mapping[int, str]) -> str:
        """`done` and what was not, each with its name and the reason, as lines."""
        lines = [done] if self.done else []
        if self.left:
            lines.append(tr("已停止，还有 {count} 份没有办。", count=self.left))
        if self.refused:
            lines.append(tr("有 {count} 份没有办成：", count=len(self.refused)))
        for each, problem in list(self.refused.items())[:_NAMED]:
            lines.append(tr("· {name}：{why}", name=names.get(each, str(each)), why=problem_text(problem)))
        if len(self.refused) > _NAMED:
            lines.append(tr("· 等等"))
        return "\n".join(lines)

    @property
    def tone(self) -> str:
        """For the notice."""
        if self.refused and not self.done:
            return "wrong"
        return "late" if self.refused or self.left else "good"


class Batch(QWidget):
    """Progress in place, with a button to stop after the one under way; hidden while there is nothing to do."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._bar, self._line = QProgressBar(), label("", "muted")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("办理进度"))
        self.stop = button(tr("停止"), self._stop)
        whole = row(self._line, self._bar, self.stop)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.hide()
        self._todo: list[int] = []
        self._outcome = Outcome()
        self._after: list[Callable[[], None]] = []

    def run(
        self,
        op: Operation[Any, Any, Any],
        ids: Sequence[int],
        args: Sequence[object],
        then: Callable[[Outcome], object],
    ) -> None:
        """Do it on each, and tell `then` what came of it. What is done is not undone by stopping.

        One run after another: a second one waits for the first.
        """
        self._after.append(partial(self._begin, op, ids, args, then))
        if len(self._after) == 1:
            self._after[0]()

    def _begin(
        self,
        op: Operation[Any, Any, Any],
        ids: Sequence[int],
        args: Sequence[object],
        then: Callable[[Outcome], object],
    ) -> None:
        self._todo, self._outcome = list(reversed(ids)), Outcome()
        self._bar.setRange(0, len(ids))
        self.setVisible(len(ids) > 1)
        gate, actor = self._desk.gate, self._desk.actor
        self._next(lambda target: gate.do(actor, op, target, *args), partial(self._end, op, then))

    def _next(self, do: Callable[[int], object], end: Callable[[], object]) -> None:
        self._tell()
        if not self._todo:
            end()
            return
        target = self._todo.pop()

        def done(_: object) -> None:
            self._outcome.done += 1
            self._next(do, end)

        def refused(problem: Problem) -> None:
            self._outcome.refused[target] = problem
            self._next(do, end)

        self._desk.tasks.do(self, partial(do, target)).then(done).fails(refused)

    def _tell(self) -> None:
        done = self._bar.maximum() - len(self._todo)
        self._bar.setValue(done)
        self._line.setText(tr("{done}/{of}", done=done, of=self._bar.maximum()))

    def _stop(self) -> None:
        self._outcome.left, self._todo = len(self._todo), []

    def _end(self, op: Operation[Any, Any, Any], then: Callable[[Outcome], object]) -> None:
        self.hide()
        self._desk.changed.emit(op.name.partition(".")[0])  # once, not after each
        then(self._outcome)
        self._after.pop(0)
        if self._after:
            self._after[0]()
