"""What every page works with: the office that is open, who is at work in which post, and the lanes."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from app import bootstrap
from app.models.base import Base
from app.policy import Permission, Post, allows
from app.services.context import office_day
from app.services.operations import Gate, Operation, Query
from app.services.sign_in import SignedIn
from app.views.links import Link
from app.views.tasks import Pending, Tasks
from app.views.tokens import TokenWatch

T = TypeVar("T", bound=Base)
P = ParamSpec("P")
R = TypeVar("R")


class Desk(QObject):
    """An open office, for one person in one post at a time."""

    changed = Signal(str)
    """Something was changed: the area's name, the first part of the operation's (`applications`, `org`, …)."""
    post_changed = Signal()
    follow = Signal(Link)
    """Go to another page."""
    leave = Signal(str)
    """Lock the window; why (a sentence to show, may be empty)."""
    holder = Signal(int)
    """Open the holder's screen for this certificate request."""

    def __init__(self, gate: Gate, person: SignedIn, folder: Path, tasks: Tasks, *, demo: bool = False) -> None:
        super().__init__()
        self.gate, self.person, self.folder, self.tasks, self.demo = gate, person, folder, tasks, demo
        self.actor = person.actors[0]
        self.tokens = TokenWatch(tasks, partial(bootstrap.token_libraries, gate))
        self._under_way: set[tuple[str, int]] = set()
        self.changed.connect(self._look_through)

    @property
    def today(self) -> date:
        """The day at the office."""
        return office_day(self.gate.context.clock())

    def take_post(self, post: Post) -> None:
        """Go on in another of the person's posts."""
        self.actor = self.person.acting_as(post)
        self.post_changed.emit()

    def allows(self, permission: Permission) -> bool:
        """Whether the post in force has it: for what is shown at all. The gate decides."""
        return self.actor.post is not None and allows(self.actor.post, permission)

    def do(
        self, owner: QObject, op: Operation[T, P, R], target: int, /, *args: P.args, **kwargs: P.kwargs
    ) -> Pending[R]:
        """Do an operation through the gate; the pages that show its area look again afterwards.

        A second click, before the first was answered, does nothing.
        """
        what = (op.name, target)
        if what in self._under_way:
            return self.tasks.nothing(owner)
        self._under_way.add(what)
        work = partial(self.gate.do, self.actor, op, target, *args, **kwargs)
        pending = self.tasks.do(owner, work).always(partial(self._under_way.discard, what))
        area = op.name.partition(".")[0]
        return pending.then(lambda _: self.changed.emit(area))

    def ask(self, owner: QObject, asked: Query[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Pending[R]:
        """Ask through the gate; the owner's newer asking of the same query replaces an older one."""
        work = partial(self.gate.ask, self.actor, asked, *args, **kwargs)
        return self.tasks.ask(owner, work, asked.name)

    def may(self, owner: QObject, op: Operation[T, P, R], targets: Sequence[int]) -> Pending[set[int]]:
        """Those of the targets on which it could be done now."""
        return self.tasks.ask(owner, partial(self.gate.may, self.actor, op, targets), f"may {op.name}")

    def _look_through(self, area: str) -> None:
        if area == "libraries":
            self.tokens.ask_libraries()

    def close(self) -> None:
        """Close the office when all that was begun is over; not on Qt's thread."""
        self.tasks.settle()
        self.tokens.close()
        self.gate.close()
