"""Codes printed in letters: every slip of the fingers is told from a wrong code."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import printed_codes
from app.errors import Invalid
from app.printed_codes import Half

ALPHABET = "0123456789ACEFHKMPRTWXY"
pytestmark = pytest.mark.requirement("B4")

NUMBERS: tuple[Half, Half] = (1, 2)
halves = st.sampled_from(NUMBERS).map(lambda number: (number, printed_codes.new_half(number)))


def _reason(text: str, number: Half) -> str:
    with pytest.raises(Invalid) as caught:
        printed_codes.read_half(text, number)
    return caught.value.reason


def test_each_half_has_at_least_64_random_bits() -> None:
    code = printed_codes.new_half(1).replace("-", "")
    assert (len(code) - 1) * math.log2(len(ALPHABET)) >= 64
    assert len({printed_codes.new_half(1) for _ in range(1000)}) == 1000


@given(halves)
def test_it_is_printed_in_groups_without_look_alikes(half: tuple[Half, str]) -> None:
    groups = half[1].split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert not set("".join(groups)) & set("OQDILJZSBGUVN")


@given(halves)
def test_it_is_read_however_it_was_typed(half: tuple[Half, str]) -> None:
    number, printed = half
    meant = printed.replace("-", "")
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in printed)
    look_alikes = meant.replace("0", "O").replace("1", "l").replace("5", "s").replace("8", "B").replace("2", "z")
    for typed in (printed, printed.lower(), printed.replace("-", " "), f" {meant}\n", full_width, look_alikes):
        assert printed_codes.read_half(typed, number) == meant


@given(halves, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(half: tuple[Half, str], place: int, letter: str) -> None:
    number, printed = half
    code = list(printed.replace("-", ""))
    if code[place] != letter:
        code[place] = letter
        assert _reason("".join(code), number) in {"code.slip", "code.swapped"}


@given(halves, st.integers(0, 15), st.integers(0, 15))
def test_any_two_characters_changed_about_are_noticed(half: tuple[Half, str], one: int, other: int) -> None:
    number, printed = half
    code = list(printed.replace("-", ""))
    if code[one] != code[other]:
        code[one], code[other] = code[other], code[one]
        assert _reason("".join(code), number) in {"code.slip", "code.swapped"}


@given(halves)
def test_the_halves_in_each_others_place_are_told(half: tuple[Half, str]) -> None:
    number, printed = half
    assert _reason(printed, 2 if number == 1 else 1) == "code.swapped"


def test_a_missing_or_an_impossible_character_is_told() -> None:
    printed = printed_codes.new_half(1)
    assert _reason(printed[:-1], 1) == "code.length"
    assert _reason(printed[:-1] + "?", 1) == "code.character"
    assert _reason("", 1) == "code.length"


def test_both_halves_typed_in_one_go_are_the_same_as_one_by_one() -> None:
    first, second = printed_codes.new_half(1), printed_codes.new_half(2)
    whole = printed_codes.join(first, second)
    assert printed_codes.read(f"{first}\n{second}") == whole
    assert printed_codes.split(whole) == (first.replace("-", ""), second.replace("-", ""))
