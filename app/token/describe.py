"""What a token says of itself, in our terms."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from app.token.catalogue import recognise
from app.token.types import PinState, TokenInfo

CKF_WRITE_PROTECTED: Final = 0x2
CKF_USER_PIN_INITIALIZED: Final = 0x8
CKF_TOKEN_INITIALIZED: Final = 0x400
CKF_PIN_COUNT_LOW: Final = 0x10000  # the holder's; the security officer's flags stand four bits higher
CKF_PIN_FINAL_TRY: Final = 0x20000
CKF_PIN_LOCKED: Final = 0x40000
CKF_PIN_TO_BE_CHANGED: Final = 0x80000
_OFFICER: Final = 4
TOKEN_TEXTS: Final = (32, 32, 16, 16)  # bytes of label, manufacturer, model, serial number in CK_TOKEN_INFO
READER_TEXT: Final = (64,)  # of the description in CK_SLOT_INFO

_GRAVEST_FIRST = (
    (CKF_PIN_LOCKED, PinState.LOCKED),
    (CKF_PIN_FINAL_TRY, PinState.LAST_TRY),
    (CKF_PIN_COUNT_LOW, PinState.FEW_LEFT),
    (CKF_PIN_TO_BE_CHANGED, PinState.TO_BE_CHANGED),
)


def decode(raw: bytes) -> str:
    """A text of a token, as a person wrote it: UTF-8, else GBK, else with replacement characters."""
    raw = raw.split(b"\0")[0].strip()
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def pin_states(flags: int) -> tuple[PinState, PinState]:
    """The state of the holder's PIN and of the security officer's: the gravest thing that the flags say."""
    return (
        _pin_state(flags, is_set=bool(flags & CKF_USER_PIN_INITIALIZED)),
        _pin_state(flags >> _OFFICER, is_set=bool(flags & CKF_TOKEN_INITIALIZED)),
    )


def describe(library: Path, token: Any, texts: Iterable[bytes], reader: bytes) -> TokenInfo:
    """A CK_TOKEN_INFO as a value: its numbers from PyKCS11's structure, its texts raw."""
    label, manufacturer, model, serial = map(decode, texts)
    pin_state, so_pin_state = pin_states(token.flags)
    return TokenInfo(
        library=str(library),
        serial=serial,
        label=label,
        manufacturer=manufacturer,
        model=model,
        hardware=_version(token.hardwareVersion),
        firmware=_version(token.firmwareVersion),
        reader=decode(reader),
        initialised=bool(token.flags & CKF_TOKEN_INITIALIZED),
        write_protected=bool(token.flags & CKF_WRITE_PROTECTED),
        pin_state=pin_state,
        so_pin_state=so_pin_state,
        min_pin=token.ulMinPinLen,
        max_pin=token.ulMaxPinLen,
        free_memory=_told(token.ulFreePublicMemory),
        total_memory=_told(token.ulTotalPublicMemory),
        ukey=recognise(manufacturer, model),
    )


def _pin_state(flags: int, *, is_set: bool) -> PinState:
    if not is_set:
        return PinState.NOT_SET
    return next((state for flag, state in _GRAVEST_FIRST if flags & flag), PinState.OK)


def _told(size: int) -> int | None:
    """A size that the token tells: all bits set is CK_UNAVAILABLE_INFORMATION, 32 of them on Windows."""
    return None if size in (2**32 - 1, 2**64 - 1) else size


def _version(version: Any) -> str:
    return f"{version.major}.{version.minor}"
