"""The way to one token: its worker process, and its Problems with what the worker can't know."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from app.errors import Conflict, Problem
from app.token.contents import GONE, Contents
from app.token.keystore import Keystore
from app.words import tr
from app.workers import Worker

P = ParamSpec("P")
R = TypeVar("R")

INFO_LIMIT = 20.0  # seconds
_FRESH_PROCESS = GONE | {"token.absent"}


class Port:
    """One token by library and serial number; after a removal the next call gets a fresh process."""

    def __init__(self, library: Path, serial: str) -> None:
        self.library = library
        self.serial = serial
        self._worker = Worker(partial(Keystore, library, serial), tr("UKEY {serial}", serial=serial or "—"))
        self._reserved = threading.Lock()
        self._worker.warm()

    def call(
        self, method: Callable[Concatenate[Keystore, P], R], deadline: float, /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do it in the token's process."""
        try:
            return self._worker.call(method, deadline, *args, **kwargs)
        except Problem as problem:
            if problem.reason in _FRESH_PROCESS:
                self._worker.close()
            problem.data = {"serial": self.serial, **problem.data}
            if problem.reason == "token.full":
                problem.data = {**problem.data, "free": self._free_memory()}
            raise

    def within(
        self, method: Callable[Concatenate[Contents, P], R], deadline: float, /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do it with the token's objects, by the login that there is."""
        return self.call(Keystore.within, deadline, method, *args, **kwargs)

    def reserve(self) -> None:
        """Take it for one login. Raises Conflict `token.in_use` while another part of the program has it."""
        if not self._reserved.acquire(blocking=False):
            raise Conflict("token.in_use", serial=self.serial)

    def release(self) -> None:
        """Log out, if the token is still there, and leave it to others."""
        with suppress(Problem):
            self.call(Keystore.logout, INFO_LIMIT)
        self._reserved.release()

    @contextmanager
    def reserved(self) -> Iterator["Port"]:
        """Take it for one piece of work that logs in by itself."""
        self.reserve()
        try:
            yield self
        finally:
            self._reserved.release()

    @property
    def is_reserved(self) -> bool:
        """Whether somebody is logged in, or about to be."""
        return self._reserved.locked()

    def close(self) -> None:
        """End the process, and with it any login."""
        self._worker.close()

    def _free_memory(self) -> int | None:
        with suppress(Problem):
            return self._worker.call(Keystore.info, INFO_LIMIT).free_memory
        return None
