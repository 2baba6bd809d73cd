"""Codes that are printed in a letter and typed from it: activation codes (激活码) and the recovery letter (恢复信).

A code is two halves, each printed by itself: 15 random characters (67 bits) and a check character, in groups of four.
The 23 characters have no look-alikes among them, and what is typed for one (O for 0, I for 1, S for 5…) is understood.
23 is a prime, so the check character finds every single slip and every two characters that changed places. It also
carries the half's number: halves typed in each other's place are told apart from a wrong code.
"""

import secrets
from typing import Literal

from app.codes import normalise
from app.errors import Invalid

Half = Literal[1, 2]

_ALPHABET = "0123456789ACEFHKMPRTWXY"
_LOOK_ALIKES = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "S": "5", "B": "8"})
_LENGTH = 16


def new_half(number: Half) -> str:
    """A fresh half (67 random bits), as it is printed: `7K3M-09AF-…`."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))
    code = body + _ALPHABET[_check(body, number)]
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


def read_half(text: str, number: Half) -> str:
    """The 16 characters that were meant, however they were grouped.

    Invalid `code.length`, `code.character`, `code.swapped` or `code.slip` tell a slip of the fingers before the code
    is tried; they say nothing about whether it is the right one.
    """
    code = _clean(text)
    if len(code) != _LENGTH:
        raise Invalid("code.length", half=number, length=len(code))
    if not set(code) <= set(_ALPHABET):
        raise Invalid("code.character", half=number)
    other: Half = 2 if number == 1 else 1
    check = _ALPHABET.index(code[-1])
    if check == _check(code[:-1], number):
        return code
    raise Invalid("code.swapped" if check == _check(code[:-1], other) else "code.slip", half=number)


def join(first: str, second: str) -> str:
    """Both halves as typed → the one secret that the vault is asked with."""
    return read_half(first, 1) + read_half(second, 2)


def read(text: str) -> str:
    """Both halves typed in one go, as `join` reads them one by one."""
    return join(*split(_clean(text)))


def split(secret: str) -> tuple[str, str]:
    """The halves of what `join` made; anything else is cut at the same place, and will not open anything."""
    return secret[:_LENGTH], secret[_LENGTH:]


def _clean(text: str) -> str:
    return normalise(text).replace("-", "").upper().translate(_LOOK_ALIKES)


def _check(body: str, number: Half) -> int:
    return (number + sum(place * _ALPHABET.index(letter) for place, letter in enumerate(body, 1))) % len(_ALPHABET)
