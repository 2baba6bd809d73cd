"""Passwords (口令): what a good one is (G4), how a key is derived from one, and how an old one is known again."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from secrets import token_bytes

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.errors import FieldProblem, Unavailable

_KEYBOARD = (
    *("`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/"),
    *("!qaz", "@wsx", "#edc", "$rfv", "%tgb", "^yhn", "&ujm", "*ik,", "(ol.", ")p;/"),
)
_LONGEST = 128


@dataclass(frozen=True)
class Cost:
    """What one guess costs (Argon2id): 256 MiB and about half a second by default; tests take a weak one."""

    memory_kib: int = 256 * 1024
    iterations: int = 3
    lanes: int = 1


DEFAULT_COST = Cost()


@dataclass(frozen=True)
class PasswordRules:
    """The office's settings (密码策略), with safe defaults: the source names no numbers (§六.4)."""

    length: int = 12
    classes: int = 3
    """How many of: small letters, capitals, digits, other characters."""
    unforeseen: int = 7
    """How many different characters must not merely go on from the one before: the same, or its neighbour in the
    alphabet or on the keyboard."""


DEFAULT_RULES = PasswordRules()


def normal(secret: str) -> str:
    """The same secret whichever way the input method was set: full-width letters count as half-width ones (NFKC)."""
    return unicodedata.normalize("NFKC", secret)


def canonical_login(login: str) -> str:
    """A login as it is compared: case, width and blanks around it make no difference."""
    return normal(login).strip().casefold()


def password_faults(
    text: str,
    login: str,
    about: Iterable[str] = (),
    history: Iterable[str] = (),
    rules: PasswordRules = DEFAULT_RULES,
) -> tuple[FieldProblem, ...]:
    """What keeps the text from being a password; () when nothing does.

    `about`: what others know of the person (name, phone, ID number), barred as part of it. `history`: verifiers of the
    last passwords, barred too; each costs a derivation, so they are tried only on a text without other faults.
    """
    password = normal(text)
    found = [*_form_faults(password, rules)]
    if any(len(known.encode()) >= 3 and known in password.casefold() for known in map(_plain, (login, *about))):
        found.append(_fault("password.about_person"))
    if not found and any(matches(verifier, password) for verifier in history):
        found.append(_fault("password.used_before"))
    return tuple(found)


def derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    """A 32-byte key by Argon2id; Unavailable when the machine lacks the memory."""
    try:
        return _argon2(salt, cost).derive(_octets(secret))
    except MemoryError:
        raise _no_memory(cost) from None


def verifier(password: str, cost: Cost) -> str:
    """What is kept to know a password again without keeping it (Argon2id, PHC string with salt and cost)."""
    try:
        return _argon2(token_bytes(16), cost).derive_phc_encoded(_octets(password))
    except MemoryError:
        raise _no_memory(cost) from None


def matches(kept: str, password: str) -> bool:
    """Whether `kept` was made from this password; compared in constant time."""
    try:
        Argon2id.verify_phc_encoded(_octets(password), kept)
    except InvalidKey:
        return False
    return True


def _form_faults(password: str, rules: PasswordRules) -> Iterable[FieldProblem]:
    if len(password) < rules.length:
        yield _fault("password.short", least=rules.length, length=len(password))
    if len(password) > _LONGEST:
        yield _fault("password.long", most=_LONGEST)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in password):
        yield _fault("password.unseen")
    if _classes(password) < rules.classes:
        yield _fault("password.classes", least=rules.classes)
    if _unforeseen(password) < rules.unforeseen:
        yield _fault("password.foreseen")


def _classes(password: str) -> int:
    lower, upper, digit = (
        any(test(letter) for letter in password if letter.isascii()) for test in (str.islower, str.isupper, str.isdigit)
    )
    other = any(not (letter.isascii() and letter.isalnum()) for letter in password)
    return lower + upper + digit + other


def _unforeseen(password: str) -> int:
    """How many different characters do not merely go on from the one before."""
    plain = password.casefold()
    fresh = {after for before, after in pairwise(plain) if not _goes_on(before, after)}
    return len(fresh | set(plain[:1]))


def _goes_on(before: str, after: str) -> bool:
    return abs(ord(after) - ord(before)) <= 1 or any(
        before + after in row or after + before in row for row in _KEYBOARD
    )


def _plain(known: str) -> str:
    return normal(known).casefold().strip()


def _fault(reason: str, **data: int) -> FieldProblem:
    return FieldProblem("password", reason, data)


def _argon2(salt: bytes, cost: Cost) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib)


def _octets(secret: str) -> bytes:
    # Half a surrogate pair must not end in an error that carries the password about.
    return normal(secret).encode("utf-8", "surrogatepass")


def _no_memory(cost: Cost) -> Unavailable:
    return Unavailable("password.memory", mebibytes=cost.memory_kib // 1024)
