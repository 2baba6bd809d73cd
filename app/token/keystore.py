"""What is done with one token, in its worker process: whatever writes can be run again after a cut at any point."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from app.errors import Conflict, Invalid, Problem, Unavailable
from app.token.contents import Contents
from app.token.types import ObjectKind, PinState, TokenInfo

P = ParamSpec("P")
R = TypeVar("R")

_LABEL_BYTES = 32
_PATIENCE = 20.0  # seconds
_OFFICER = {"token.pin_wrong": "token.so_pin_wrong", "token.pin_locked": "token.so_pin_locked"}


class Keystore:
    """A library, and the one token behind it with this serial number (None: only for looking around)."""

    def __init__(self, library: Path, serial: str | None = None) -> None:
        from app.token.device import Device  # PyKCS11 stays out of the program's own process

        self._device = Device(library)
        self._serial = serial or ""
        self._contents: Contents | None = None
        self._held = ExitStack()

    def tokens(self) -> list[TokenInfo]:
        """All tokens seen through the library."""
        return [info for _, info in self._device.tokens()]

    def info(self) -> TokenInfo:
        """What the token says of itself, now."""
        return self._device.find(self._serial)[1]

    def is_blank(self) -> bool:
        """Whether it shows no key and no certificate to somebody without the PIN."""
        slot, info = self._device.find(self._serial)
        if not info.initialised:
            return True
        session = self._device.open(slot)
        try:
            return not (session.find(ObjectKind.PUBLIC_KEY) or session.find(ObjectKind.CERTIFICATE))
        finally:
            session.close()

    def prepare(self, label: str, so_pin: str, user_pin: str) -> TokenInfo:
        """Initialise a token that is not, and set the first PIN where there is none."""
        if len(label.encode()) > _LABEL_BYTES:
            raise Invalid("token.label_long", limit=_LABEL_BYTES)
        self.logout()
        with self._alone():
            return self._prepare(label, so_pin, user_pin)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process of this person's is at work on the token: one may have outlived its program.

        It finishes what it is at, for instance a key pair, and that must be seen before anything is made.
        Raises Conflict `token.in_use`.
        """
        name = hashlib.sha256(self._serial.encode()).hexdigest()[:32]
        folder = user_cache_path("shiming", ensure_exists=True)
        try:
            with FileLock(folder / f"token-{name}.lock", timeout=_PATIENCE):
                yield
        except Timeout:
            raise Conflict("token.in_use", serial=self._serial) from None

    def _prepare(self, label: str, so_pin: str, user_pin: str) -> TokenInfo:
        slot, info = self._device.find(self._serial)
        _check_length(so_pin, info)
        _check_length(user_pin, info)
        if not info.initialised:
            self._device.initialise(slot, so_pin, label)
            info = self._device.info(slot)
            self._serial = info.serial
        if info.pin_state is PinState.NOT_SET:
            self._set_first_pin(slot, so_pin, user_pin)
        return self._device.info(slot)

    def login(self, pin: str) -> None:
        """Log in as the holder, sending the PIN once. A token that says its PIN is locked or not set gets none."""
        self.logout()
        with ExitStack() as held:
            held.enter_context(self._alone())
            slot, info = self._device.find(self._serial)
            _check_usable(info)
            _check_length(pin, info)
            session = self._device.open(slot)
            try:
                session.login(pin)
            except Problem as problem:
                session.close()
                raise self._refused(problem, slot) from None
            self._contents, self._held = Contents(session), held.pop_all()

    def logout(self) -> None:
        """End the session, if there is one."""
        if self._contents is not None:
            self._contents.close()
            self._contents = None
        self._held.close()

    def within(self, method: Callable[Concatenate[Contents, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Work on the token's objects. Raises Unavailable `token.not_logged_in`, also in a fresh process."""
        if self._contents is None:
            raise Unavailable("token.not_logged_in")
        return method(self._contents, *args, **kwargs)

    def change_pin(self, old: str, new: str) -> None:
        """Change the holder's PIN, sending the old one once."""
        self.logout()
        with self._alone():
            slot, info = self._device.find(self._serial)
            _check_usable(info)
            _check_length(old, info)
            _check_length(new, info)
            session = self._device.open(slot)
            try:
                session.change_pin(old, new)
            except Problem as problem:
                raise self._refused(problem, slot) from None
            finally:
                session.close()

    def _set_first_pin(self, slot: int, so_pin: str, user_pin: str) -> None:
        session = self._device.open(slot)
        try:
            session.login(so_pin, officer=True)
            session.set_first_pin(user_pin)
        except Problem as problem:
            reason = _OFFICER.get(problem.reason, problem.reason)
            raise type(problem)(reason, **problem.data) from None
        finally:
            session.close()

    def _refused(self, problem: Problem, slot: int) -> Problem:
        """After a wrong PIN: with what the token now says of the tries left (PKCS#11 gives no number)."""
        if problem.reason != "token.pin_wrong":
            return problem
        return Invalid("token.pin_wrong", tries=None, state=self._device.info(slot).pin_state)


def _check_usable(info: TokenInfo) -> None:
    if not info.initialised:
        raise Conflict("token.not_initialised")
    if info.pin_state is PinState.NOT_SET:
        raise Conflict("token.pin_not_set")
    if info.pin_state is PinState.LOCKED:
        raise Conflict("token.pin_locked")


def _check_length(pin: str, info: TokenInfo) -> None:
    """Before it is sent: a PIN of impossible length would cost a try on some tokens."""
    try:
        length = len(pin.encode())
    except UnicodeEncodeError:  # its text would carry the PIN
        raise Invalid("token.pin_characters") from None
    if not info.min_pin <= length <= info.max_pin:
        raise Invalid("token.pin_length", min=info.min_pin, max=info.max_pin)
