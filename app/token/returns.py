"""What a library's return values (CK_RV) mean to a person."""

from app.errors import Conflict, Invalid, Problem, Unavailable

# PKCS#11 v2.40, section 6.
_MEANINGS: dict[int, tuple[type[Problem], str]] = {
    0x00000002: (Unavailable, "token.host_memory"),  # CKR_HOST_MEMORY
    0x00000003: (Unavailable, "token.removed"),  # CKR_SLOT_ID_INVALID: the reader went with the token
    0x00000030: (Unavailable, "token.device_error"),  # CKR_DEVICE_ERROR
    0x00000031: (Unavailable, "token.full"),  # CKR_DEVICE_MEMORY
    0x00000032: (Unavailable, "token.removed"),  # CKR_DEVICE_REMOVED
    0x00000054: (Unavailable, "token.unsupported"),  # CKR_FUNCTION_NOT_SUPPORTED
    0x00000070: (Unavailable, "token.unsupported"),  # CKR_MECHANISM_INVALID
    0x000000A0: (Invalid, "token.pin_wrong"),  # CKR_PIN_INCORRECT
    0x000000A1: (Invalid, "token.pin_characters"),  # CKR_PIN_INVALID
    0x000000A2: (Invalid, "token.pin_rules"),  # CKR_PIN_LEN_RANGE
    0x000000A3: (Conflict, "token.pin_expired"),  # CKR_PIN_EXPIRED
    0x000000A4: (Conflict, "token.pin_locked"),  # CKR_PIN_LOCKED
    0x000000B0: (Unavailable, "token.session_lost"),  # CKR_SESSION_CLOSED
    0x000000B3: (Unavailable, "token.session_lost"),  # CKR_SESSION_HANDLE_INVALID
    0x000000E0: (Unavailable, "token.removed"),  # CKR_TOKEN_NOT_PRESENT
    0x000000E1: (Unavailable, "token.not_recognised"),  # CKR_TOKEN_NOT_RECOGNIZED
    0x000000E2: (Conflict, "token.write_protected"),  # CKR_TOKEN_WRITE_PROTECTED
    0x00000101: (Unavailable, "token.not_logged_in"),  # CKR_USER_NOT_LOGGED_IN
    0x00000102: (Conflict, "token.pin_not_set"),  # CKR_USER_PIN_NOT_INITIALIZED
}


def problem(code: int, name: str) -> Problem:
    """The Problem for a return value; `name` is its symbol, to be read out on the phone."""
    kind, reason = _MEANINGS.get(code, (Unavailable, "token.failed"))
    return kind(reason, code=name)
