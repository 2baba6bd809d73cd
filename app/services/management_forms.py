"""管理类用户注册申请单 (附件2) as a record: what it states and its rules (B2). Its printed form comes later."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from app import codes
from app.errors import FieldProblem
from app.forms.fields import CLEANING, Kind
from app.policy import Post, posts_fault
from app.services.people import Identity

KIND = "annex2"

_KINDS: Mapping[str, Kind] = {
    "unit_name": Kind.TEXT,
    "name": Kind.TEXT,
    "id_number": Kind.ID_NUMBER,
    "office_phone": Kind.PHONE,
    "email": Kind.EMAIL,
    "mobile": Kind.MOBILE,
    "address": Kind.TEXT,
    "reviewed_by": Kind.TEXT,
    "remarks": Kind.LONG_TEXT,
}


@dataclass(frozen=True)
class Annex2:
    """What an applicant for a post states, with the review by the own unit (经审核) and its stamp."""

    unit_name: str
    name: str
    id_number: str
    office_phone: str
    email: str
    mobile: str
    posts: tuple[Post, ...]
    address: str
    reviewed_by: str
    reviewed_on: str
    """ISO date."""
    remarks: str = ""

    @property
    def identity(self) -> Identity:
        """Who applies."""
        return Identity(self.name, self.id_number, self.mobile, self.email, self.office_phone)


def tidy(form: Annex2) -> Annex2:
    """The form as it was meant: half-width numbers, no stray spaces, canonical characters. To be used at entry."""
    cleaned: dict[str, Any] = {key: CLEANING[kind](getattr(form, key)) for key, kind in _KINDS.items()}
    return replace(form, **cleaned)


def check(form: Annex2, today: date) -> tuple[FieldProblem, ...]:
    """What breaks the form's rules, in the fields' order: all but 其他补充说明 is needed."""
    return tuple(_faults(form, today))


def to_json(form: Annex2) -> str:
    """The form as JSON, its canonical text."""
    return json.dumps(asdict(form), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Annex2:
    """A form from what `to_json` made."""
    values = json.loads(text)
    return Annex2(**values | {"posts": tuple(map(Post, values["posts"]))})


def content_hash(form: Annex2) -> str:
    """SHA-256, hex, of all that the form states."""
    return hashlib.sha256(f"{KIND} 1 {to_json(form)}".encode()).hexdigest()


def _faults(form: Annex2, today: date) -> Iterator[FieldProblem]:
    for key, value in asdict(form).items():
        if isinstance(value, str) and not value.strip() and key != "remarks":
            yield FieldProblem(key, "form.required", {"label": key})
    rules = {
        "id_number": codes.id_number_fault(form.id_number, today),
        "office_phone": codes.phone_fault(form.office_phone),
        "email": codes.email_fault(form.email),
        "mobile": codes.mobile_fault(form.mobile),
        "posts": posts_fault(form.posts),
    }
    yield from (FieldProblem(key, reason, {"label": key}) for key, reason in rules.items() if reason)
