"""附件4, 全国教师管理信息系统业务类用户实名制申请单: what is on it, and its rules (source 附件4; C1)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

from app import codes
from app.errors import FieldProblem, Invalid
from app.forms.fields import CLEANING, Field, Kind, faults
from app.words import N_, listing

KIND = "annex4"
ANNEX = "附件4"
TITLE = "全国教师管理信息系统业务类用户实名制申请单"

NOTES = (
    "1.除“办学类型”和“其他补充说明”为非必填项以外，其他内容均为必填项。",
    "2.如学校用户，则须填写“办学类型”。",
    "3.信息管理员必须申请数字证书。",
    "4.《用户实名制申请单》原件由用户管理部门保管。",
)
"""备注, in the source's words; in the first its stray `，。` is set right."""

NO_ACCOUNT = "无"
"""What a new user states as 已拥有登录账号."""


class UserType(StrEnum):
    """教师系统用户类型, in the source's order; its 系统管理员 is not the post of that name."""

    INQUIRER = N_("信息查询员")
    INFORMATION = N_("信息管理员")
    TRAINING = N_("培训管理员")
    SYSTEM = N_("系统管理员")


class SignStep(IntEnum):
    """The four sign-offs, in their order."""

    APPLICANT = 1
    DEPARTMENT = 2
    OFFICE = 3
    ACCEPTANCE = 4


SIGN_LABELS: Mapping[SignStep, str] = {
    SignStep.APPLICANT: N_("申请人确认"),
    SignStep.DEPARTMENT: N_("申请人部门意见"),
    SignStep.OFFICE: N_("办公室意见"),
    SignStep.ACCEPTANCE: N_("用户管理部门受理意见"),
}


@dataclass(frozen=True)
class Signature:
    """A sign-off on paper: who signed, on which day, with what opinion."""

    signer: str
    signed_on: date
    opinion: str = ""


@dataclass(frozen=True)
class Annex4:
    """What an applicant states; all empty is the blank form.

    `school_type` is a code of 办学类型, empty for a unit that is no school; `wants_certificate` is None until answered.
    """

    unit_name: str = ""
    name: str = ""
    id_number: str = ""
    office_phone: str = ""
    email: str = ""
    mobile: str = ""
    school_type: str = ""
    user_types: frozenset[UserType] = frozenset()
    wants_certificate: bool | None = None
    existing_account: str = ""
    address: str = ""
    remarks: str = ""


FIELDS: tuple[Field, ...] = (
    Field("unit_name", N_("申请人单位名称")),
    Field("name", N_("姓名"), limit=50),
    Field("id_number", N_("身份证号"), Kind.ID_NUMBER),
    Field("office_phone", N_("办公电话"), Kind.PHONE),
    Field("email", N_("电子邮箱"), Kind.EMAIL),
    Field("mobile", N_("手机号码"), Kind.MOBILE),
    Field("school_type", N_("办学类型"), Kind.SCHOOL_TYPE, required=False),
    Field("user_types", N_("教师系统用户类型"), Kind.USER_TYPES),
    Field("wants_certificate", N_("申请数字证书"), Kind.YES_NO),
    Field("existing_account", N_("已拥有登录账号"), hint=N_("老用户填写"), limit=100),
    Field("address", N_("单位通讯地址"), hint=N_("×× 省×× 市 ×× 区  ×××××××")),
    Field("remarks", N_("其他补充说明"), Kind.LONG_TEXT, required=False, limit=2000),
)
"""In the source's order."""

BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}
_NAMES: Mapping[str, Mapping[str, Any]] = {
    "school_type": codes.SCHOOL_TYPE_NAMES,
    "wants_certificate": {"是": True, "否": False},
}
"""Field → how its answers are written on paper, and what is kept of them."""


def check(form: Annex4, *, is_school: bool, today: date) -> tuple[FieldProblem, ...]:
    """What breaks the form's rules (备注 1–3), in the fields' order; `today` bounds the date in an ID number."""
    found = list(faults(FIELDS, form, today))
    if is_school and not form.school_type:
        found.append(FieldProblem("school_type", "form.school_needs_type"))
    if UserType.INFORMATION in form.user_types and form.wants_certificate is False:
        found.append(FieldProblem("wants_certificate", "form.needs_certificate"))
    order = list(BY_KEY)
    return tuple(sorted(found, key=lambda problem: order.index(problem.field)))


def tidy(form: Annex4) -> Annex4:
    """The form as it was meant: half-width numbers, no stray spaces, canonical characters. To be used at entry."""
    cleaned: dict[str, Any] = {
        field.key: CLEANING[field.kind](getattr(form, field.key)) for field in FIELDS if field.kind in CLEANING
    }
    return replace(form, **cleaned)


def content_hash(form: Annex4) -> str:
    """SHA-256, in hexadecimal, of all that the form states: two forms have the same one if they state the same."""
    return hashlib.sha256(json.dumps([KIND, 1, _values(form)], sort_keys=True).encode()).hexdigest()


def to_json(form: Annex4) -> str:
    """The form as a JSON object, readable, in the order of its fields."""
    return json.dumps(_values(form), ensure_ascii=False, indent=2)


def from_json(text: str) -> Annex4:
    """A form from a JSON object; what is not given stays empty.

    Raises Invalid `form.json`, with a problem for each field that is unknown or of the wrong type.
    """
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid("form.json", state="syntax", line=error.lineno, column=error.colno) from error
    return from_values(values)


def from_values(values: object) -> Annex4:
    """A form from a mapping by field (`unit_name`) or by the source's label (申请人单位名称); errors as `from_json`.

    办学类型 may be given by name, and 申请数字证书 as 是 or 否.
    """
    if not isinstance(values, Mapping):
        raise Invalid("form.json", state="kind")
    keys = {field.label: field.key for field in FIELDS}
    given: dict[str, Any] = {keys.get(str(key), str(key)): value for key, value in values.items()}
    for key, names in _NAMES.items():
        if isinstance(named := given.get(key), str):
            given[key] = names.get(named.strip(), named)
    problems = tuple(problem for key, value in given.items() if (problem := _type_fault(key, value, listing(keys))))
    if problems:
        raise Invalid("form.json", problems=problems)
    if "user_types" in given:
        given["user_types"] = frozenset(map(UserType, given["user_types"]))
    return Annex4(**given)


def _values(form: Annex4) -> dict[str, Any]:
    return vars(form) | {"user_types": [kind.value for kind in UserType if kind in form.user_types]}


def _type_fault(key: str, value: object, keys: str) -> FieldProblem | None:
    if key not in BY_KEY:
        return FieldProblem(key, "form.unknown_field", {"name": key, "keys": keys})
    field = BY_KEY[key]
    right, reason = _TYPES.get(field.kind, _TEXT)
    return None if right(value) else FieldProblem(key, reason)


def _are_user_types(value: object) -> bool:
    return isinstance(value, list | tuple) and all(item in list(UserType) for item in value)


_TEXT: tuple[Callable[[object], bool], str] = (lambda value: isinstance(value, str), "form.not_text")
_TYPES: Mapping[Kind, tuple[Callable[[object], bool], str]] = {
    Kind.USER_TYPES: (_are_user_types, "form.not_user_types"),
    Kind.YES_NO: (lambda value: value is None or isinstance(value, bool), "form.not_yes_no"),
}
