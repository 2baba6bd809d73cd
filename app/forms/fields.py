"""What a field of a form is: its label, order and rule as data, for paper, entry dialog and .xlsx template alike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app import codes
from app.errors import FieldProblem, Value
from app.forms import fonts


class Kind(StrEnum):
    """What sort of answer a field takes; it decides the rule, and the control that it is entered with."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    SCHOOL_TYPE = "school_type"
    USER_TYPES = "user_types"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Field:
    """One field: the form's attribute, the source's label, and what may be entered.

    `hint` is the source's own guidance, printed where nothing is entered; `limit` is the most characters it takes.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    hint: str = ""
    limit: int = 200


RULES: Mapping[Kind, Callable[[str, date], str | None]] = {
    Kind.ID_NUMBER: codes.id_number_fault,
    Kind.PHONE: lambda text, _: codes.phone_fault(text),
    Kind.MOBILE: lambda text, _: codes.mobile_fault(text),
    Kind.EMAIL: lambda text, _: codes.email_fault(text),
    Kind.SCHOOL_TYPE: lambda text, _: None if text in codes.SCHOOL_TYPES else "form.school_type",
}
"""Kind → what is wrong with an answer of it: a reason, or None."""

CLEANING: Mapping[Kind, Callable[[str], str]] = {
    Kind.TEXT: fonts.tidy_line,
    Kind.LONG_TEXT: fonts.tidy_text,
    Kind.ID_NUMBER: codes.normalise_id_number,
    Kind.PHONE: codes.normalise,
    Kind.MOBILE: codes.normalise_mobile,
    Kind.EMAIL: codes.normalise,
    Kind.SCHOOL_TYPE: codes.normalise,
}
"""Kind → how an answer is cleaned when it is entered."""


def faults(fields: Sequence[Field], form: object, today: date) -> Iterator[FieldProblem]:
    """What breaks the fields' own rules, in their order; at most one fault a field."""
    for field in fields:
        fault = _fault(field, getattr(form, field.key), today)
        if fault:
            yield fault


def _fault(field: Field, value: object, today: date) -> FieldProblem | None:
    if (isinstance(value, str) and not value.strip()) or value in (None, frozenset()):
        return FieldProblem(field.key, "form.required") if field.required else None
    return _text_fault(field, value, today) if isinstance(value, str) else None


def _text_fault(field: Field, text: str, today: date) -> FieldProblem | None:
    if len(text) > field.limit:
        data: dict[str, Value] = {"limit": field.limit, "length": len(text)}
        return FieldProblem(field.key, "form.too_long", data)
    unprintable = fonts.unprintable(text if field.kind is not Kind.LONG_TEXT else text.replace("\n", ""))
    if unprintable:
        return FieldProblem(field.key, "form.unprintable", {"characters": spelled(unprintable)})
    rule = RULES.get(field.kind)
    reason = rule(text, today) if rule else None
    return FieldProblem(field.key, reason) if reason else None


def spelled(characters: str) -> str:
    """Characters named so that a person can find them, even those that no font shows: `𫠝（U+2B81D）`."""
    return "、".join(
        f"{character}（U+{ord(character):04X}）" if character.isprintable() else f"U+{ord(character):04X}"
        for character in characters
    )
