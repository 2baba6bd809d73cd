"""What stands in the vault: slots, and how often they were tried in vain (失败登录).

The counts of failed tries can't be bound to anything, since whoever tries has no key yet: **who can write the file
can set them back**, and is then held up by the cost of each guess alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from app.errors import Conflict, Denied
from app.passwords import Cost

_FREE, _LOCKED_AFTER = 2, 10
_REMEMBERED = 200


class Failure(NamedTuple):
    """A failed try to log in; `slot_id` is None for a login that no slot has."""

    slot_id: bytes | None
    at: datetime


@dataclass(frozen=True)
class Attempts:
    """Failed tries to log in (失败登录) on one slot, or with one login that no slot has."""

    count: int = 0
    """Since the last success."""
    last: datetime | None = None
    unreported: tuple[datetime, ...] = ()
    """Those that the log does not have yet; the oldest are dropped beyond 200."""

    @property
    def locked(self) -> bool:
        """Whether only a form (附件3 账号解锁) opens it again."""
        return self.count >= _LOCKED_AFTER

    def wait(self, now: datetime) -> float:
        """Seconds until the next try: 2 after the third failure, then twice as many after each."""
        # A clock that ran ahead and was set right must not shut people out until then.
        if self.last is None or self.count <= _FREE or now < self.last:
            return 0
        pause = timedelta(seconds=2 ** (self.count - _FREE))
        return max(0, (self.last + pause - now).total_seconds())

    def failed(self, now: datetime) -> "Attempts":
        """With one more failure."""
        return Attempts(self.count + 1, now, (*self.unreported, now)[-_REMEMBERED:])

    def succeeded(self) -> "Attempts":
        """After a success, which was written down as a failure before it was tried."""
        return Attempts(unreported=self.unreported[:-1])

    def reported(self, slot_id: bytes | None, taken: frozenset["Failure"]) -> "Attempts":
        """Without those that the log has by now."""
        return replace(self, unreported=tuple(at for at in self.unreported if Failure(slot_id, at) not in taken))

    def released(self) -> "Attempts":
        """After a form opened the lock."""
        return Attempts(unreported=self.unreported)


@dataclass(frozen=True)
class Lock:
    """One derivation between a secret and what it protects."""

    cost: Cost
    salt: bytes


@dataclass(frozen=True)
class Slot:
    """One way into the office: a key pair whose private half a secret protects, and the office's keys sealed to it."""

    login: bytes
    """Digest of the login: no names in clear."""
    public: str
    """The public half (age, X25519)."""
    locks: tuple[Lock, ...]
    """From the inside out: one for a password, two for a code whose halves two people make."""
    box: bytes
    """The private half, wrapped."""
    mark: bytes
    """Shows that somebody who had the office's keys put this public half here."""
    sealed: bytes = b""
    """The office's keys; empty while the second half is awaited."""
    attempts: Attempts = Attempts()


@dataclass(frozen=True)
class Content:
    """The whole file."""

    office_uid: bytes
    slots: Mapping[bytes, Slot] = field(default_factory=dict)
    strangers: Mapping[bytes, Attempts] = field(default_factory=dict)
    """Failed tries with logins that no slot has, by the login's digest: they are slowed like any other."""
    anchor: tuple[int, bytes] = (0, b"")
    """The newest event of the log that this file has heard of, and its hash."""

    def anchored(self, number: int, head: bytes) -> "Content":
        """With a newer event as anchor; an older one, by a desk that was slower, changes nothing."""
        return replace(self, anchor=(number, head)) if number > self.anchor[0] else self

    def with_slot(self, slot_id: bytes, slot: Slot) -> "Content":
        """With this slot added, or in the place of the one with its id."""
        return replace(self, slots={**self.slots, slot_id: slot})

    def without(self, slot_ids: frozenset[bytes]) -> "Content":
        """With these slots taken away."""
        return replace(self, slots={slot_id: slot for slot_id, slot in self.slots.items() if slot_id not in slot_ids})

    def with_stranger(self, login: bytes, attempts: Attempts) -> "Content":
        """With these tries as the newest; the oldest are dropped beyond 200 logins."""
        others = [item for item in self.strangers.items() if item[0] != login]
        return replace(self, strangers=dict([*others, (login, attempts)][-_REMEMBERED:]))

    def slot(self, slot_id: bytes) -> Slot:
        """The slot with this id. Conflict `vault.slot_gone`."""
        try:
            return self.slots[slot_id]
        except KeyError:
            raise Conflict("vault.slot_gone") from None

    def replaced(self, slot_id: bytes, slot: Slot) -> "Content":
        """With another slot in the place of one that must still be there; failures that the log lacks are kept."""
        return self.with_slot(slot_id, replace(slot, attempts=self.slot(slot_id).attempts.released()))

    def counted(self, slot_id: bytes, change: Callable[[Attempts], Attempts]) -> "Content":
        """With the slot's failures changed."""
        slot = self.slot(slot_id)
        return self.with_slot(slot_id, replace(slot, attempts=change(slot.attempts)))

    def candidates(self, login: bytes, now: datetime) -> dict[bytes, Slot]:
        """The login's slots that may be tried now: two, while the database does not name a new one yet.

        Denied `login.locked`, or `login.wait` with `seconds`; for a login without a slot as for one with.
        """
        found = {slot_id: slot for slot_id, slot in self.slots.items() if slot.login == login and slot.sealed}
        attempts = [slot.attempts for slot in found.values()] or [self.strangers.get(login, Attempts())]
        waits = [each.wait(now) for each in attempts if not each.locked]
        if not waits:
            raise Denied("login.locked")
        if min(waits) > 0:
            raise Denied("login.wait", seconds=ceil(min(waits)))
        return {id_: slot for id_, slot in found.items() if not slot.attempts.locked and not slot.attempts.wait(now)}

    def charged(self, login: bytes, tried: Iterable[bytes], now: datetime) -> "Content":
        """With one more failure for each slot that will be tried, or for the login that has none."""
        content = self
        for slot_id in (slot_ids := list(tried)):
            content = content.counted(slot_id, lambda attempts: attempts.failed(now))
        return content if slot_ids else self.with_stranger(login, self.strangers.get(login, Attempts()).failed(now))

    def failures(self) -> list[Failure]:
        """The failed tries that the log does not have yet, oldest first."""
        found = [Failure(slot_id, at) for slot_id, slot in self.slots.items() for at in slot.attempts.unreported]
        found += [Failure(None, at) for attempts in self.strangers.values() for at in attempts.unreported]
        return sorted(found, key=lambda failure: failure.at)

    def reported(self, taken: frozenset[Failure]) -> "Content":
        """Without the failures that the log has by now."""
        return replace(
            self,
            slots={id_: replace(slot, attempts=slot.attempts.reported(id_, taken)) for id_, slot in self.slots.items()},
            strangers={login: attempts.reported(None, taken) for login, attempts in self.strangers.items()},
        )
