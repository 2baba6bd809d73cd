"""What is known of a token, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

from app.token.catalogue import UkeyModel


class KeyKind(StrEnum):
    """The kinds of key pair made on a token."""

    RSA_2048 = "rsa-2048"
    EC_P256 = "ec-p256"


class PinState(StrEnum):
    """What a token's flags say of a PIN; PKCS#11 tells no number of tries, and none is guessed."""

    NOT_SET = "not-set"
    OK = "ok"
    FEW_LEFT = "few-left"
    LAST_TRY = "last-try"
    LOCKED = "locked"
    TO_BE_CHANGED = "to-be-changed"


class ObjectKind(StrEnum):
    """What may lie on a token."""

    PRIVATE_KEY = "private-key"
    PUBLIC_KEY = "public-key"
    CERTIFICATE = "certificate"
    DATA = "data"
    OTHER = "other"


@dataclass(frozen=True)
class TokenInfo:
    """One token as its library describes it; known by `serial`, which is empty on some that are not initialised.

    Memory in bytes, None where the token does not tell; PIN lengths in bytes.
    """

    library: str
    serial: str
    label: str
    manufacturer: str
    model: str
    hardware: str
    firmware: str
    reader: str
    initialised: bool
    write_protected: bool
    pin_state: PinState
    so_pin_state: PinState
    min_pin: int
    max_pin: int
    free_memory: int | None
    total_memory: int | None
    ukey: UkeyModel | None


@dataclass(frozen=True)
class TokenObject:
    """One object on a token; `size` is a key's bits, or a certificate's bytes, 0 where unknown."""

    kind: ObjectKind
    key_id: bytes
    label: str
    size: int
