"""The vault as the rest of the house uses it: log in, add and change secrets, change the office's keys, save."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from app import printed_codes
from app.errors import Conflict, Denied, Unavailable
from app.passwords import DEFAULT_COST, Cost, canonical_login, derive
from app.vault import file, slots
from app.vault.records import Attempts, Content, Failure, Slot
from app.vault.slots import OfficeKeys, Place

_RECOVERY = bytes(16)
_PATIENCE = 15.0

Edit = Callable[[Content], Content]


class Unlocked(NamedTuple):
    """What a login gives: the slot, so that the caller can see whether an account still names it, and the keys."""

    slot_id: bytes
    keys: OfficeKeys


class SlotState(NamedTuple):
    """What can be seen of a slot without its secret."""

    slot_id: bytes
    failures: int
    locked: bool
    complete: bool
    """False while the second half of its code is awaited."""


class Vault:
    """The vault file. Changes wait in memory until `save`, which applies them to what the file says at that moment, so
    that two processes do not undo each other's. A lock file (`.lock` beside it) is held while `save` or `unlock` lasts.

    What an attacker who can write the file can do: delete it, put back an older one, and set the counts of failed tries
    back (each try then still costs an Argon2id). What not, is in `slots`; what a thief can try, in `docs/threats.md`.
    """

    def __init__(self, path: Path, content: Content, cost: Cost, *, exists: bool) -> None:
        self._path, self._content, self._cost, self._exists = path, content, cost, exists
        self._edits: list[Edit] = []
        self._lock = FileLock(path.with_name(path.name + ".lock"), timeout=_PATIENCE)

    @classmethod
    def create(cls, path: Path, office_uid: bytes, cost: Cost = DEFAULT_COST) -> "Vault":
        """An empty vault; the file appears with `save`, and never over another one (Conflict `vault.exists`)."""
        return cls(path, Content(office_uid), cost, exists=False)

    @classmethod
    def open(cls, path: Path, cost: Cost = DEFAULT_COST) -> "Vault":
        """The vault at `path`; `cost` is for secrets set from now on, each slot keeps its own.

        Unavailable `vault.absent`, `vault.damaged` (data `previous`: the copy before the last save is there),
        `vault.newer`, `vault.unreadable`.
        """
        return cls(path, file.read(path), cost, exists=True)

    def unlock(self, login: str, password: str, now: datetime) -> Unlocked:
        """Log in. Denied `login.refused` (unknown login or wrong password, after the same time), `login.wait` with
        `seconds`, or `login.locked`.

        The failure is on the disk before the password is tried: a kill gives no free try. A code of two halves is
        given as `printed_codes.join` makes it.
        """
        name = self._digest(login)
        with self._alone():
            before = file.read(self._path)
            candidates = before.candidates(name, now)
            content = before.charged(name, candidates, now)
            file.write(self._path, content)
            try:
                opened = self._try(candidates, password)
            except Unavailable:  # no memory, or a foreign seal: nothing was learnt about the password
                file.write(self._path, before)
                raise
            if opened:
                content = content.counted(opened.slot_id, Attempts.succeeded)
                file.write(self._path, content)
        self._content = self._edited(content)
        if opened is None:
            raise Denied("login.refused")
        return opened

    def unlock_recovery(self, code: str) -> OfficeKeys:
        """Open with the recovery letter (恢复信). Invalid `code.…` for a slip in typing, Denied `recovery.refused`.

        Tries are not counted: 135 bits need no brake, and a passer-by must not be able to lock the last way in.
        """
        secret = printed_codes.read(code)
        slot = self._content.slots.get(_RECOVERY)
        keys = slots.open_slot(self._place(_RECOVERY, b""), slot, secret) if slot else None
        if keys is None:
            raise Denied("recovery.refused")
        return keys

    def add_slot(self, slot_id: bytes, login: str, secret: str, keys: OfficeKeys) -> None:
        """A slot that opens with `secret`. Save, then commit what names it, then `drop` what nothing names."""
        self._put(self._place(slot_id, self._digest(login)), secret, keys)

    def prepare_slot(self, slot_id: bytes, login: str, first_half: str, keys: OfficeKeys) -> None:
        """A slot for a code whose halves two people make: it opens nothing until `complete_slot`."""
        place = self._place(slot_id, self._digest(login))
        slot = slots.new_slot(place, printed_codes.read_half(first_half, 1), self._cost, keys)
        self._change(lambda content: content.with_slot(slot_id, slots.half_open(slot)))

    def complete_slot(self, slot_id: bytes, second_half: str, keys: OfficeKeys) -> None:
        """The second half, by the second person: from now on both together open it.

        Conflict `vault.slot_gone`, or `vault.slot_complete`.
        """
        half = printed_codes.read_half(second_half, 2)
        slot = self._content.slot(slot_id)
        if slot.sealed:
            raise Conflict("vault.slot_complete")
        whole = slots.completed(self._place(slot_id, slot.login), slot, half, self._cost, keys)
        self._change(lambda content: content.replaced(slot_id, whole))

    def replace_secret(self, slot_id: bytes, secret: str, keys: OfficeKeys) -> None:
        """Another secret, and a new key pair, in this slot: first login, change of password. Its failures end.

        Conflict `vault.slot_gone`.
        """
        place = self._place(slot_id, self._content.slot(slot_id).login)
        slot = slots.new_slot(place, secret, self._cost, keys)
        self._change(lambda content: content.replaced(slot_id, slot))

    def add_recovery(self, keys: OfficeKeys) -> str:
        """A new recovery letter: two lines, 135 bits. The one before opens nothing any more."""
        code = "\n".join((printed_codes.new_half(1), printed_codes.new_half(2)))
        self._put(self._place(_RECOVERY, b""), printed_codes.read(code), keys)
        return code

    def reseal(self, keys: OfficeKeys) -> None:
        """Seal these keys to every slot, without anybody's password; `digests` must be what it was.

        Unavailable `vault.foreign` when a public half was put there by nobody who had the office's keys.
        """
        self._change(lambda content: self._resealed(content, keys))

    def release(self, slot_id: bytes) -> None:
        """End the lock and the waiting (账号解锁), because a form says so. Conflict `vault.slot_gone`."""
        self._change(lambda content: content.counted(slot_id, Attempts.released))

    def drop(self, slot_ids: Iterable[bytes]) -> None:
        """Take slots away: those that no account names. Unknown ids are passed over; the recovery letter stays."""
        gone = frozenset(slot_ids) - {_RECOVERY}
        self._change(lambda content: content.without(gone))

    def slots(self) -> tuple[SlotState, ...]:
        """The slots as they were when last read, with the changes that wait; not the recovery letter's."""
        return tuple(_state(slot_id, slot) for slot_id, slot in self._content.slots.items() if slot_id != _RECOVERY)

    def slot(self, slot_id: bytes) -> SlotState | None:
        """One of them, or None when there is none of that id."""
        slot = self._content.slots.get(slot_id)
        return _state(slot_id, slot) if slot else None

    def take_failures(self) -> tuple[Failure, ...]:
        """The failed tries that the log does not have yet, oldest first. Log them, commit, then `save`.

        A kill in between has them logged twice, never lost. A try that a kill cut short counts as failed.
        """
        found = tuple(self._content.failures())
        self._change(lambda content: content.reported(frozenset(found)))
        return found

    def set_anchor(self, number: int, head: bytes) -> None:
        """Note how far the log has come, outside the database: what is cut off its end shows (G1)."""
        self._change(lambda content: content.anchored(number, head))

    @property
    def anchor(self) -> tuple[int, bytes]:
        """Number and hash of the newest event that was noted; 0 before the first."""
        return self._content.anchor

    def save(self) -> None:
        """Write the changes. On any error the file is what it was, and the changes still wait."""
        with self._alone():
            if not self._exists and self._path.exists():
                raise Conflict("vault.exists", file=self._path.name)
            start = file.read(self._path) if self._exists else Content(self._content.office_uid)
            content = self._edited(start)
            file.write(self._path, content)
        self._content, self._edits, self._exists = content, [], True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._lock.acquire()
        except Timeout:
            raise Unavailable("vault.busy", file=self._path.name) from None
        except OSError as error:
            raise Unavailable("vault.not_saved", file=self._path.name, cause=error.strerror) from error
        try:
            yield
        finally:
            self._lock.release()

    def _try(self, candidates: Mapping[bytes, Slot], password: str) -> Unlocked | None:
        if not candidates:
            derive(password, bytes(16), self._cost)
        for slot_id, slot in candidates.items():
            if keys := slots.open_slot(self._place(slot_id, slot.login), slot, password):
                return Unlocked(slot_id, keys)
        return None

    def _change(self, edit: Edit) -> None:
        self._content = edit(self._content)
        self._edits.append(edit)

    def _edited(self, content: Content) -> Content:
        for edit in self._edits:
            content = edit(content)
        return content

    def _put(self, place: Place, secret: str, keys: OfficeKeys) -> None:
        slot = slots.new_slot(place, secret, self._cost, keys)
        self._change(lambda content: content.with_slot(place.slot_id, slot))

    def _resealed(self, content: Content, keys: OfficeKeys) -> Content:
        for slot_id, slot in content.slots.items():
            slots.check_mark(self._place(slot_id, slot.login), slot, keys)
            if slot.sealed:
                content = content.with_slot(slot_id, replace(slot, sealed=slots.seal(slot.public, keys)))
        return content

    def _place(self, slot_id: bytes, login: bytes) -> Place:
        return Place(self._content.office_uid, slot_id, login)

    def _digest(self, login: str) -> bytes:
        name = canonical_login(login).encode("utf-8", "surrogatepass")
        return hashlib.sha256(self._content.office_uid + name).digest()


def _state(slot_id: bytes, slot: Slot) -> SlotState:
    return SlotState(slot_id, slot.attempts.count, slot.attempts.locked, bool(slot.sealed))
