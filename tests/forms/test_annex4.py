"""附件4's rules (C1), its JSON and its hash."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.forms.annex4 import FIELDS, Annex4, UserType, check, content_hash, from_json, from_values, tidy, to_json
from app.messages import MESSAGES, explain
from tests.forms.samples import EXTREME, TODAY, TYPICAL

pytestmark = pytest.mark.requirement("C1")

OPTIONAL = {"school_type", "remarks"}
FORMS = st.builds(
    Annex4,
    **{
        key: st.text(max_size=8)
        for key in Annex4.__dataclass_fields__
        if key not in ("user_types", "wants_certificate")
    },
    user_types=st.frozensets(st.sampled_from(UserType)),
    wants_certificate=st.sampled_from([None, True, False]),
)


def _faults(form: Annex4, *, is_school: bool = True) -> dict[str, str]:
    return {problem.field: problem.reason for problem in check(form, is_school=is_school, today=TODAY)}


def test_a_right_form_has_no_fault() -> None:
    assert _faults(TYPICAL) == {}


def test_all_but_school_type_and_remarks_must_be_filled_in() -> None:
    required = {field.key for field in FIELDS} - OPTIONAL
    assert _faults(Annex4(), is_school=False) == dict.fromkeys(required, "form.required")
    assert _faults(replace(TYPICAL, name=" \u3000"))["name"] == "form.required"


def test_faults_come_in_the_order_of_the_form() -> None:
    keys = [problem.field for problem in check(Annex4(), is_school=True, today=TODAY)]
    assert keys == [field.key for field in FIELDS if field.key != "remarks"]


def test_only_a_school_must_give_its_type() -> None:
    form = replace(TYPICAL, school_type="")
    assert _faults(form, is_school=True) == {"school_type": "form.school_needs_type"}
    assert _faults(form, is_school=False) == {}


@pytest.mark.parametrize("others", [(), (UserType.INQUIRER,), tuple(UserType)])
def test_an_information_administrator_must_apply_for_a_certificate(others: tuple[UserType, ...]) -> None:
    form = replace(TYPICAL, user_types=frozenset({UserType.INFORMATION, *others}), wants_certificate=False)
    assert _faults(form) == {"wants_certificate": "form.needs_certificate"}


@pytest.mark.parametrize("kind", [kind for kind in UserType if kind is not UserType.INFORMATION])
def test_the_other_types_need_no_certificate(kind: UserType) -> None:
    assert _faults(replace(TYPICAL, user_types=frozenset({kind}), wants_certificate=False)) == {}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("id_number", "110105194912310021", "id.check_digit"),
        ("id_number", "11010520501231002X", "id.date"),
        ("office_phone", "办公室", "phone.form"),
        ("email", "wangjun", "email.form"),
        ("mobile", "12345", "mobile.form"),
        ("school_type", "999", "form.school_type"),
        ("name", "王😀", "form.unprintable"),
        ("name", "王\n二", "form.unprintable"),
        ("name", "王" * 51, "form.too_long"),
        ("remarks", "字" * 2001, "form.too_long"),
    ],
)
def test_each_field_has_its_rule(key: str, value: str, reason: str) -> None:
    assert _faults(replace(TYPICAL, **{key: value})) == {key: reason}  # type: ignore[arg-type]


def test_an_unprintable_character_is_named() -> None:
    problem = check(replace(TYPICAL, name="王😀\x07"), is_school=True, today=TODAY)[0]
    assert explain(problem).what == "这些字符打印不出来：😀（U+1F600）、U+0007。"


def test_remarks_may_have_lines_of_their_own() -> None:
    assert _faults(replace(TYPICAL, remarks="一、甲\n　　二、乙")) == {}


def test_tidying_is_what_a_person_meant() -> None:
    typed = replace(TYPICAL, id_number="１１０１０５ 19491231００２ｘ", mobile="+86 138-0431-0000", name=" 王㛃\u3000")
    assert tidy(typed) == TYPICAL


@given(FORMS)
def test_json_round_trip(form: Annex4) -> None:
    assert from_json(to_json(form)) == form


@given(FORMS, FORMS)
def test_the_hash_is_of_all_that_is_stated_and_of_nothing_else(one: Annex4, other: Annex4) -> None:
    assert (content_hash(one) == content_hash(other)) == (one == other)
    assert content_hash(from_json(to_json(one))) == content_hash(one)


def test_the_hash_stays_what_it_was() -> None:
    """It stands on paper: a change of it would call every printed form changed."""
    assert content_hash(TYPICAL) == "38c38964f624dd9962080ec2191aa1ec0265fcf7c66aa4b73718b0f04bbdc364"


def test_json_by_the_labels_of_the_source() -> None:
    given_by_label = {field.label: json.loads(to_json(EXTREME))[field.key] for field in FIELDS}
    assert from_values(given_by_label) == EXTREME


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"mobile": 13804310000}, {"mobile": "form.not_text"}),
        ({"name": None, "phone": ""}, {"name": "form.not_text", "phone": "form.unknown_field"}),
        ({"user_types": "信息管理员"}, {"user_types": "form.not_user_types"}),
        ({"user_types": ["校长", ["信息管理员"]]}, {"user_types": "form.not_user_types"}),
        ({"wants_certificate": "也许"}, {"wants_certificate": "form.not_yes_no"}),
    ],
)
def test_wrong_json_is_named_field_by_field(values: dict[str, Any], faults: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        from_values(values)
    assert {problem.field: problem.reason for problem in caught.value.problems} == faults
    assert set(faults.values()) <= set(MESSAGES)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "3"])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"form\.json"):
        from_json(text)
