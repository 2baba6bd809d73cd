"""All tokens (UKEY) of this desk: found by scanning libraries, known by serial number, each in a process of its own."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, Self

from app.errors import Problem, Unavailable
from app.token.keystore import Keystore
from app.token.library import fault
from app.token.port import INFO_LIMIT, Port
from app.token.session import TokenSession
from app.token.types import TokenInfo
from app.words import tr
from app.workers import Worker

SCAN_LIMIT: Final = 10.0  # seconds; C_Initialize alone can take four
LOGIN_LIMIT: Final = 30.0
PREPARE_LIMIT: Final = 120.0  # formatting a card


class TokenHost:
    """All tokens seen through some libraries; one process for scanning each library, one for each token in use.

    Every method that takes a serial number raises Unavailable `token.absent`, `token.removed`, `worker.died`,
    `worker.timeout`; the next call gets a fresh process. Threads may share a host.
    """

    def __init__(self, libraries: Sequence[Path]) -> None:
        self._libraries = tuple(dict.fromkeys(libraries))
        self._scanners: dict[Path, Worker[Keystore]] = {}
        self._faults: dict[Path, Problem] = {}
        self._seen: dict[Path, list[TokenInfo]] = {}
        self._ports: dict[str, Port] = {}
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tokens(self, *, afresh: bool = False) -> list[TokenInfo]:
        """The tokens plugged in now, each once, though two libraries may know it.

        A library that failed is left out from then on, and named in `faults`, until somebody looks `afresh`: all
        libraries are then loaded anew.
        """
        with self._lock:
            if afresh:
                self._forget()
            with ThreadPoolExecutor(max_workers=max(1, len(self._libraries))) as pool:
                self._seen = dict(zip(self._libraries, pool.map(self._scan, self._libraries), strict=True))
            found: dict[str, TokenInfo] = {}
            for info in (info for seen in self._seen.values() for info in seen):
                found.setdefault(info.serial or info.library, info)
            self._close_absent({info.serial for info in found.values()})
            return list(found.values())

    def faults(self) -> list[Problem]:
        """What is wrong with libraries, as last looked at: wrong machine, not loadable, crashed, hung."""
        return list(self._faults.values())

    def look_through(self, libraries: Sequence[Path]) -> None:
        """Look through these libraries from now on; a session that is open goes on."""
        with self._lock:
            for library in set(self._libraries) - set(libraries):
                self._forget(library)
                self._seen.pop(library, None)
            self._libraries = tuple(dict.fromkeys(libraries))

    def info(self, serial: str) -> TokenInfo:
        """What the token says of itself, now."""
        return self._port(serial).call(Keystore.info, INFO_LIMIT)

    def is_blank(self, serial: str) -> bool:
        """Whether it shows no key and no certificate to somebody without the PIN; so it is when not initialised."""
        return self._port(serial).call(Keystore.is_blank, INFO_LIMIT)

    def prepare(self, serial: str, label: str, so_pin: str, user_pin: str) -> TokenInfo:
        """Initialise a token that is not, and set the first PIN where there is none; safe to run again.

        The serial number can change by it: go on with the one returned. Raises Invalid `token.so_pin_wrong`,
        `token.pin_length`, `token.label_long`; Conflict `token.so_pin_locked`.
        """
        with self._port(serial).reserved() as port:
            info = port.call(Keystore.prepare, PREPARE_LIMIT, label, so_pin, user_pin)
        if info.serial != serial:
            with self._lock:
                self._ports.pop(serial).close()
                self._forget(port.library)  # some libraries find a new token only when loaded anew
                self._ports[info.serial] = Port(port.library, info.serial)
        return info

    def open(self, serial: str, pin: str) -> TokenSession:
        """Log in, sending the PIN once. The session is a context manager.

        Raises Invalid `token.pin_wrong` (`state`, and `tries` where the token tells a number, else None) or
        `token.pin_length`; Conflict `token.pin_locked`, `token.pin_not_set`, `token.in_use`.
        """
        port = self._port(serial)
        port.reserve()
        try:
            port.call(Keystore.login, LOGIN_LIMIT, pin)
        except BaseException:
            port.release()
            raise
        return TokenSession(port)

    def change_pin(self, serial: str, old: str, new: str) -> None:
        """Change the holder's PIN; raises as `open` does."""
        with self._port(serial).reserved() as port:
            port.call(Keystore.change_pin, LOGIN_LIMIT, old, new)

    def close(self) -> None:
        """End all processes, and with them all logins."""
        with self._lock:
            for port in self._ports.values():
                port.close()
            self._ports.clear()
            self._forget()

    def _scan(self, library: Path) -> list[TokenInfo]:
        if library in self._faults:
            return []
        try:
            return self._scanner(library).call(Keystore.tokens, SCAN_LIMIT)
        except Problem as problem:
            if any(port.is_reserved and port.library == library for port in self._ports.values()):
                return self._seen.get(library, [])  # it is busy with a token, not broken
            self._faults[library] = _fault_of(library, problem)
            return []

    def _scanner(self, library: Path) -> Worker[Keystore]:
        """The process that looks at a library. Raises Unavailable `token.library_…` for one that can't be loaded."""
        if library not in self._scanners:
            problem = fault(library)
            if problem is not None:
                raise problem
            self._scanners[library] = Worker(partial(Keystore, library), tr("驱动 {name}", name=library.name))
        return self._scanners[library]

    def _port(self, serial: str) -> Port:
        """The way to a token; one not seen lately is looked for, with libraries loaded anew if need be."""
        with self._lock:
            if serial not in self._ports:
                self._ports[serial] = Port(self._library_of(serial), serial)
            return self._ports[serial]

    def _library_of(self, serial: str) -> Path:
        for look in (lambda: None, self.tokens, lambda: self.tokens(afresh=True)):
            look()
            for library, seen in self._seen.items():
                if any(info.serial == serial for info in seen):
                    return library
        raise Unavailable("token.absent", serial=serial)

    def _forget(self, library: Path | None = None) -> None:
        """End the scanning of one library, or of all, so that the next look loads them anew."""
        for path in self._libraries if library is None else (library,):
            self._faults.pop(path, None)
            if path in self._scanners:
                self._scanners.pop(path).close()

    def _close_absent(self, present: set[str]) -> None:
        for serial in set(self._ports) - present:
            if not self._ports[serial].is_reserved:
                self._ports.pop(serial).close()


def _fault_of(library: Path, problem: Problem) -> Problem:
    """What went wrong with a library while no token was meant yet."""
    if problem.reason.startswith(("token.library_", "worker.")):
        problem.data = {"library": str(library), **problem.data}
        return problem
    return Unavailable("token.library_failed", library=str(library), code=problem.data.get("code"))
