"""Password rules, and knowing an old password again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Unavailable
from app.passwords import Cost, PasswordRules, derive, matches, normal, password_faults, verifier

WEAK = Cost(8, 1, 1)
GOOD = "Lake-42-mountain"
pytestmark = pytest.mark.requirement("G4")


def _reasons(text: str, login: str = "zhang3", **more: tuple[str, ...]) -> set[str]:
    return {fault.reason for fault in password_faults(text, login, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [GOOD, "春眠不觉晓 4 Birds", "tr0ub4dor&Staple", "Wo3-ai-chang-bai"])
def test_good_passwords_pass(text: str) -> None:
    assert _reasons(text) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Lake-42-mnt", "password.short"),
        (GOOD * 9, "password.long"),
        (GOOD + "\n", "password.unseen"),
        (GOOD + "\ud83d", "password.unseen"),
        ("lakemountain42", "password.classes"),
        ("Aa1!Aa1!Aa1!Aa1!", "password.foreseen"),
        ("Abcdefgh12345678", "password.foreseen"),
        ("Qwertyuiop!@#456", "password.foreseen"),
        ("!QAZ@WSX1qaz2wsx", "password.foreseen"),
        ("Lake-zhang3-mount", "password.about_person"),
        ("Lake-ZHANG3-mount", "password.about_person"),
        ("Ｌａｋｅ-zhang3-mount", "password.about_person"),
    ],
)
def test_each_rule_names_itself(text: str, reason: str) -> None:
    assert reason in _reasons(text)


def test_what_others_know_of_the_person_is_barred() -> None:
    assert _reasons("Lake-李明-mount42", about=("李明", "13800000000")) == {"password.about_person"}
    assert _reasons("Lake-13800000000", about=("李明", "13800000000")) == {"password.about_person"}
    assert _reasons(GOOD, about=("", "a")) == set()


def test_the_last_ones_are_barred() -> None:
    history = (verifier("Some-0ther-thing", WEAK), verifier(GOOD, WEAK))
    assert _reasons(GOOD, history=history) == {"password.used_before"}
    assert _reasons("Lake-43-mountain", history=history) == set()


def test_the_office_can_ask_for_more() -> None:
    rules = PasswordRules(length=20, classes=4)
    assert {fault.reason for fault in password_faults(GOOD, "x", rules=rules)} == {"password.short"}


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=50)
def test_a_verifier_knows_its_password_and_no_other(one: str, other: str) -> None:
    kept = verifier(one, WEAK)
    assert matches(kept, one)
    assert matches(kept, other) == (normal(one) == normal(other))
    assert len(one) < 8 or one not in kept


def test_full_width_letters_count_as_the_half_width_ones() -> None:
    assert matches(verifier("Lake-42", WEAK), "Ｌａｋｅ－４２")


def test_the_same_password_gives_another_verifier_each_time() -> None:
    assert verifier(GOOD, WEAK) != verifier(GOOD, WEAK)


def test_too_little_memory_is_said_and_not_the_password() -> None:
    with pytest.raises(Unavailable) as caught:
        derive(GOOD, bytes(16), Cost(2**30, 1, 1))
    assert caught.value.reason == "password.memory"
    assert GOOD not in repr(caught.value)
