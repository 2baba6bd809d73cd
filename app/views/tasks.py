"""Work beside Qt's thread, in three lanes: operations one after another, queries that a newer one replaces, long jobs.

Nothing slow runs on Qt's thread; what a piece of work answers arrives there again. No work asks the person anything:
reasons, PINs and files are collected before it begins.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.errors import Cancelled, Problem

R = TypeVar("R")

_QUERIES_AT_ONCE = 3
_JOBS_AT_ONCE = 2


class Pending(Generic[R]):
    """Work under way for a widget, and what shall happen on Qt's thread when it is over.

    Nothing happens for a widget that is gone by then, nor for work that was replaced.
    """

    def __init__(self, owner: QObject, fallback: Callable[[Problem], None]) -> None:
        self._owner = owner
        self._then: list[Callable[[R], object]] = []
        self._fails: list[Callable[[Problem], object]] = []
        self._fallback = fallback
        self._lasts: list[Callable[[], object]] = []
        self._always: list[Callable[[], object]] = []
        self.dropped = False

    def then(self, use: Callable[[R], object]) -> "Pending[R]":
        """Call `use` with the answer."""
        self._then.append(use)
        return self

    def fails(self, use: Callable[[Problem], object]) -> "Pending[R]":
        """Call `use` with the Problem that it ended with, in place of the notice at the window's top."""
        self._fails.append(use)
        return self

    def last(self, use: Callable[[], object]) -> "Pending[R]":
        """Call `use` at the end, whatever the end was."""
        self._lasts.append(use)
        return self

    def always(self, use: Callable[[], object]) -> "Pending[R]":
        """Call `use` when the work has ended, though nobody waits for the answer any more."""
        self._always.append(use)
        return self

    def drop(self) -> None:
        """Nobody waits for it any more."""
        self.dropped = True

    def arrive(self, answer: R | None, problem: Problem | None) -> None:
        """What `Tasks` calls on Qt's thread."""
        for always in self._always:
            always()
        if self.dropped or not isValid(self._owner):
            return
        for last in self._lasts:
            last()
        if problem is None:
            for then in self._then:
                then(answer)  # type: ignore[arg-type]  # there was no problem, so it is an R
        else:
            for fails in self._fails or [self._fallback]:
                fails(problem)


class Progress:
    """What a long job tells on its way, and whether somebody wants it to stop."""

    def __init__(self, told: Callable[[int, int], None]) -> None:
        self._told = told
        self._stopped = False

    def at(self, done: int, of: int) -> None:
        """So much is done. Raises Cancelled `command.interrupted` when it shall stop."""
        if self._stopped:
            raise Cancelled("command.interrupted")
        self._told(done, of)

    def stop(self) -> None:
        """Ask the job to stop at its next chance."""
        self._stopped = True


class Tasks(QObject):
    """The three lanes of one window."""

    bug = Signal(Exception)
    """An exception that is no Problem: a fault of the program."""
    refused = Signal(Problem)
    """A Problem for which no widget said what to do."""
    busy = Signal(bool)
    """Whether operations or jobs are under way."""
    _arrived = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations = ThreadPoolExecutor(1, "operations")
        self._queries = ThreadPoolExecutor(_QUERIES_AT_ONCE, "queries")
        self._jobs = ThreadPoolExecutor(_JOBS_AT_ONCE, "jobs")
        self._closing = ThreadPoolExecutor(1, "closing")
        self._newest: dict[tuple[int, str], Pending[Any]] = {}
        self._open: set[Future[None]] = set()
        self._under_way = 0
        self._unanswered = 0
        self.closed = False
        """Whether nothing arrives any more."""
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def do(self, owner: QObject, work: Callable[[], R]) -> Pending[R]:
        """An operation: after those that were begun before it."""
        return self._start(self._operations, owner, work, counted=True)

    def ask(self, owner: QObject, work: Callable[[], R], key: str = "") -> Pending[R]:
        """A query; with a `key`, it replaces the owner's earlier one of the same key."""
        pending = self._start(self._queries, owner, work)
        if key:
            earlier = self._newest.get((id(owner), key))
            if earlier is not None:
                earlier.drop()
            self._newest[id(owner), key] = pending
            pending.always(partial(self._forget, (id(owner), key), pending))
        return pending

    def job(self, owner: QObject, work: Callable[[], R]) -> Pending[R]:
        """Something long: imports, downloads onto a UKEY, looking for tokens."""
        return self._start(self._jobs, owner, work, counted=True)

    def nothing(self, owner: QObject) -> Pending[Any]:
        """No work, and no answer: for what is under way already."""
        pending: Pending[Any] = Pending(owner, self.refused.emit)
        pending.drop()
        return pending

    def finish(self, owner: QObject, work: Callable[[], R]) -> Pending[R]:
        """What may wait for all the lanes (`settle`), and so stands in none of them: closing an office."""
        return self._start(self._closing, owner, work)

    @property
    def quiet(self) -> bool:
        """Whether all that was begun has been answered."""
        return not self._unanswered

    def settle(self) -> None:
        """Wait until everything begun is over; not on Qt's thread."""
        wait(set(self._open))

    def close(self) -> None:
        """Let the threads end after what they are at; nothing arrives any more."""
        self.closed = True
        self._arrived.disconnect(self._deliver)
        for lane in (self._operations, self._queries, self._jobs, self._closing):
            lane.shutdown(wait=False, cancel_futures=True)

    def _start(
        self, lane: ThreadPoolExecutor, owner: QObject, work: Callable[[], R], *, counted: bool = False
    ) -> Pending[R]:
        pending: Pending[R] = Pending(owner, self.refused.emit)
        self._unanswered += 1
        if counted:
            self._under_way += 1
            self.busy.emit(True)
            pending.always(self._one_less)
        future = lane.submit(self._run, pending, work)
        if lane is not self._closing:
            self._open.add(future)
            future.add_done_callback(self._open.discard)
        return pending

    def _one_less(self) -> None:
        self._under_way -= 1
        self.busy.emit(self._under_way > 0)

    def _forget(self, key: tuple[int, str], pending: Pending[Any]) -> None:
        """It was answered: what it holds on to is let go."""
        if self._newest.get(key) is pending:
            del self._newest[key]

    def _run(self, pending: Pending[R], work: Callable[[], R]) -> None:
        """In a lane's thread."""
        try:
            answer, error = None if pending.dropped else work(), None
        except Exception as raised:
            answer, error = None, raised
        if isValid(self):
            self._arrived.emit(pending, answer, error)

    @Slot(object, object, object)
    def _deliver(self, pending: Pending[Any], answer: object, error: Exception | None) -> None:
        self._unanswered -= 1
        if error is not None and not isinstance(error, Problem):
            self.bug.emit(error)
            pending.arrive(None, Cancelled("window.bug"))
            return
        pending.arrive(answer, error)
