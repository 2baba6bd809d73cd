"""Child processes with deadlines: PKCS#11 libraries, and parsers of files from outside.

A library can crash, hang, or hold Python's lock for seconds, and a file can be made to exhaust memory. In a process
of its own each of these is an error on one job, and the next job gets a fresh process. Arguments travel over a pipe:
a PIN never stands on a command line, in the environment or in a file.
"""

import faulthandler
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Concatenate, Generic, ParamSpec, TypeVar, cast

from app.errors import Problem, Unavailable
from app.words import tr

S = TypeVar("S")
R = TypeVar("R")
P = ParamSpec("P")

START_LIMIT = 60.0  # seconds for a bare interpreter to answer, on a slow disk with a virus scanner
ORPHAN_GRACE = 2.0  # seconds past its deadline after which a hung child ends itself, should the parent be gone


class Worker(Generic[S]):
    """A child process holding one S, made there by `factory`; after a death or a missed deadline, a fresh one.

    `name` is what a person calls it. Calls from several threads run one after another.
    """

    def __init__(self, factory: Callable[[], S], name: str) -> None:
        self._factory = factory
        self._name = name
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._answering = False
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start the process now, without waiting for it, so that the first job need not."""
        with self._lock:
            self._connection()

    def call(self, method: Callable[Concatenate[S, P], R], deadline: float, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """`method(s, *args, **kwargs)` in the child, within `deadline` seconds.

        A Problem raised there arrives as itself. Raises Unavailable `worker.died` or `worker.timeout` (the process is
        then gone), `worker.memory`.
        """
        with self._lock:
            try:
                succeeded, value = self._exchange((method, deadline, args, kwargs), deadline)
            except BaseException:
                self._kill()  # a late answer must not be taken for the next job's
                raise
        if succeeded:
            return cast(R, value)
        raise cast(BaseException, value)

    def close(self) -> None:
        """End the process; a later call would start a fresh one."""
        with self._lock:
            self._kill()

    def _exchange(self, job: object, deadline: float) -> tuple[bool, object]:
        try:
            pipe = self._connection()
            if not self._answering:
                self._receive(pipe, START_LIMIT)
                self._answering = True
            pipe.send(job)
            return cast(tuple[bool, object], self._receive(pipe, deadline))
        except (EOFError, OSError):
            raise Unavailable("worker.died", job=self._name) from None

    def _receive(self, pipe: Connection, deadline: float) -> object:
        if not pipe.poll(deadline):
            raise Unavailable("worker.timeout", job=self._name, seconds=round(deadline, 1))
        return pipe.recv()

    def _connection(self) -> Connection:
        if self._pipe is not None:
            return self._pipe
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._factory, theirs, self._name), daemon=True)
        self._process.start()
        theirs.close()
        return self._pipe

    def _kill(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe, self._process, self._answering = None, None, False


def run_limited(function: Callable[P, R], deadline: float, memory_mib: int, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """`function(*args, **kwargs)` in a process of its own, for files from outside.

    `memory_mib` limits its whole address space where the system can (Linux). Raises Unavailable `worker.memory`,
    `worker.timeout`, `worker.died`, and whatever Problem the function raises.
    """
    worker = Worker(partial(_Limited, memory_mib), tr("读取文件"))
    try:
        return worker.call(_Limited.run, deadline, function, *args, **kwargs)
    finally:
        worker.close()


class _Limited:
    """A process whose memory is limited from its start."""

    def __init__(self, memory_mib: int) -> None:
        if sys.platform == "linux":
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory_mib << 20, memory_mib << 20))

    def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)


def _serve(factory: Callable[[], S], pipe: Connection, name: str) -> None:
    """The child's life: answer jobs until the parent closes the pipe, or is gone; then it ends without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the whole group; the parent decides
    with suppress(EOFError, OSError):
        pipe.send(None)
        _answer(factory, pipe, name)


def _answer(factory: Callable[[], S], pipe: Connection, name: str) -> None:
    """Job after job. EOFError or OSError as soon as nobody is at the other end."""
    target: S | None = None
    with suppress(Exception):  # made ahead of the first job; what is wrong with it is that job's answer
        target = factory()
    while True:
        job = pipe.recv_bytes()
        try:
            method, deadline, args, kwargs = pickle.loads(job)
            _end_after(deadline + ORPHAN_GRACE)
            target = factory() if target is None else target
            answer = pickle.dumps((True, method(target, *args, **kwargs)))
        except MemoryError:
            answer = pickle.dumps((False, Unavailable("worker.memory", job=name)))
        except Exception as error:
            answer = pickle.dumps((False, _portable(error)))
        _end_after(None)
        pipe.send_bytes(answer)


def _end_after(seconds: float | None) -> None:
    """End this process then, should it hang as an orphan; None: no longer.

    A hung library holds Python's lock, so this has to work without it: by the system's alarm, or by a thread in C.
    """
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds or 0)
    elif seconds is None:
        faulthandler.cancel_dump_traceback_later()
    else:
        faulthandler.dump_traceback_later(seconds, exit=True)


def _portable(error: Exception) -> Exception:
    """A Problem as it is; a bug with the traceback of this side, and as a RuntimeError if it can't travel."""
    if isinstance(error, Problem):
        return error
    where = traceback.format_exc()
    error.add_note("In the worker:\n" + where)
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__} in a worker\n{where}")
    return error
