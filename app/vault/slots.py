"""One way into the office: a key pair (age, X25519), the private half wrapped by Argon2id of a secret, the office's
keys sealed to the public half.

Two things that somebody who can write the file, but never had the office's keys, must not manage:
to have an account open with keys of the writer's own choice, and to have the next keys sealed to a public half of the
writer's own. Both are stopped by a key that only a holder of the office's keys can know (`_mark_key`): it lies wrapped
beside each private half and is compared after opening, and it marks each public half.
"""

import hmac
from dataclasses import dataclass, field, replace
from secrets import token_bytes

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from pyrage.x25519 import Identity, Recipient

from app import printed_codes
from app.errors import Unavailable
from app.passwords import Cost, derive
from app.vault.records import Lock, Slot

_KEY = 32
_NONCE = 12


@dataclass(frozen=True)
class OfficeKeys:
    """The office's keys, 32 bytes each. `digests` stays for the office's life: the log can't be made anew."""

    database: bytes = field(repr=False)
    fields: bytes = field(repr=False)
    digests: bytes = field(repr=False)
    former: bytes = field(default=b"", repr=False)
    """The database's key before a change that is not known to be finished."""

    @classmethod
    def generate(cls) -> "OfficeKeys":
        """Fresh random keys, for the founding."""
        return cls(token_bytes(_KEY), token_bytes(_KEY), token_bytes(_KEY))

    def rotated(self) -> "OfficeKeys":
        """With a new database key: `reseal` these and save, change the database, then `reseal` what `settled` gives."""
        return replace(self, database=token_bytes(_KEY), former=self.database)

    def settled(self) -> "OfficeKeys":
        """Without the former database key, once the database opens with the new one."""
        return replace(self, former=b"")


@dataclass(frozen=True)
class Place:
    """Where a slot stands: bound to what is wrapped, so that nothing can be carried to another slot or office."""

    office_uid: bytes
    slot_id: bytes
    login: bytes
    """Digest of the login."""

    def context(self, public: str) -> bytes:
        """The associated data of all that is wrapped or marked here."""
        return f"{self.office_uid.hex()}|{self.slot_id.hex()}|{self.login.hex()}|{public}".encode()


def new_slot(place: Place, secret: str, cost: Cost, keys: OfficeKeys) -> Slot:
    """A slot with a fresh key pair that `secret` opens."""
    identity = Identity.generate()
    public = str(identity.to_public())
    lock, box = _wrap(secret, cost, _mark_key(keys) + str(identity).encode(), place.context(public))
    return Slot(place.login, public, (lock,), box, _mark(place, public, keys), seal(public, keys))


def half_open(slot: Slot) -> Slot:
    """The slot without the keys, until the second half of its code is there."""
    return replace(slot, sealed=b"")


def completed(place: Place, slot: Slot, second_half: str, cost: Cost, keys: OfficeKeys) -> Slot:
    """The slot wrapped once more by the second half, and with the keys."""
    check_mark(place, slot, keys)
    outer, box = _wrap(second_half, cost, slot.box, place.context(slot.public))
    return replace(slot, locks=(*slot.locks, outer), box=box, sealed=seal(slot.public, keys))


def open_slot(place: Place, slot: Slot, secret: str) -> OfficeKeys | None:
    """The keys, or None when the secret is wrong. Unavailable `vault.foreign` when others' keys were put there."""
    parts = printed_codes.split(secret) if len(slot.locks) > 1 else (secret,)
    inside = slot.box
    for part, lock in zip(reversed(parts), reversed(slot.locks), strict=True):
        try:
            inside = _unwrap(part, lock, inside, place.context(slot.public))
        except (InvalidTag, ValueError):
            return None
    keys = _unseal(slot.sealed, Identity.from_str(inside[_KEY:].decode()))
    if keys is None or not hmac.compare_digest(inside[:_KEY], _mark_key(keys)):
        raise _foreign(place)
    return keys


def seal(public: str, keys: OfficeKeys) -> bytes:
    """The keys, for the holder of the private half only."""
    sealed: bytes = pyrage.encrypt(
        keys.database + keys.fields + keys.digests + keys.former, [Recipient.from_str(public)]
    )
    return sealed


def check_mark(place: Place, slot: Slot, keys: OfficeKeys) -> None:
    """Unavailable `vault.foreign` when the public half was not put here by a holder of the office's keys."""
    if not hmac.compare_digest(slot.mark, _mark(place, slot.public, keys)):
        raise _foreign(place)


def _unseal(sealed: bytes, identity: Identity) -> OfficeKeys | None:
    try:
        opened = pyrage.decrypt(sealed, [identity])
    except pyrage.DecryptError:
        return None
    parts = [opened[start : start + _KEY] for start in range(0, len(opened), _KEY)]
    return OfficeKeys(*parts) if len(parts) in (3, 4) else None


def _mark(place: Place, public: str, keys: OfficeKeys) -> bytes:
    return hmac.digest(_mark_key(keys), place.context(public), "sha256")


def _mark_key(keys: OfficeKeys) -> bytes:
    return hmac.digest(keys.digests, b"shiming vault mark", "sha256")


def _wrap(secret: str, cost: Cost, inside: bytes, context: bytes) -> tuple[Lock, bytes]:
    lock, nonce = Lock(cost, token_bytes(16)), token_bytes(_NONCE)
    cipher = ChaCha20Poly1305(derive(secret, lock.salt, lock.cost))
    return lock, nonce + cipher.encrypt(nonce, inside, context)


def _unwrap(secret: str, lock: Lock, box: bytes, context: bytes) -> bytes:
    cipher = ChaCha20Poly1305(derive(secret, lock.salt, lock.cost))
    return cipher.decrypt(box[:_NONCE], box[_NONCE:], context)


def _foreign(place: Place) -> Unavailable:
    return Unavailable("vault.foreign", slot=place.slot_id.hex())
