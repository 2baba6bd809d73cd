"""Numbers and codes that people type: how they are cleaned, checked and masked.

A `*_fault` function wants cleaned text (`normalise…`), and answers None or a reason with a row in `messages`.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date

from app.paths import resource

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
# Control characters, soft hyphen, zero-width and direction marks, byte order mark: pasted along from pages and chats.
_UNSEEN = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
UNSEEN_OR_WIDE = re.compile(f"[{_UNSEEN}０-９Ａ-Ｚａ-ｚ]+")
"""What `normalise` would change in words, where full-width brackets and commas are right."""
_CLEANING: Mapping[int, int | str] = {**_HALF_WIDTH, **_DASHES}
_NOT_TYPED = re.compile(rf"[{_UNSEEN}\s]+")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_CREDIT_CODE = re.compile(f"[{_CREDIT_ALPHABET}]{{18}}")
_SCHOOL_CODE = re.compile(r"[0-9]{10}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(\(0[0-9]{2,3}\)|0[0-9]{2,3}-?)?[2-9][0-9]{6,7}((-|转|x)[0-9]{1,6})?")
_EMAIL = re.compile(
    r"(?=.{1,254}$)(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
    re.ASCII,
)


def normalise(text: str) -> str:
    """A code or number as it was meant: half-width, one kind of dash, no spaces and no unseen characters."""
    return _NOT_TYPED.sub("", text.translate(_CLEANING))


def normalise_id_number(text: str) -> str:
    """A resident ID number (身份证号) or credit code as it is kept: cleaned, in capitals."""
    return normalise(text).upper()


def normalise_mobile(text: str) -> str:
    """A mobile number (手机号码) as it is kept: eleven digits, without +86 and dashes."""
    return re.sub(r"^(\+|00)?86(?=1[0-9]{10}$)", "", normalise(text).replace("-", ""))


def id_number_fault(text: str, today: date) -> str | None:
    """What is wrong with a resident ID number (身份证号, GB 11643-1999); any area code is accepted."""
    if len(text) != 18:
        return "id.length"
    if not _ID_NUMBER.fullmatch(text):
        return "id.characters"
    if not _is_birthday(text[6:14], today):
        return "id.date"
    return None if text[17] == id_check_digit(text) else "id.check_digit"


def credit_code_fault(text: str) -> str | None:
    """What is wrong with a unified social credit code (统一社会信用代码, GB 32100-2015)."""
    if len(text) != 18:
        return "credit_code.length"
    if not _CREDIT_CODE.fullmatch(text):
        return "credit_code.characters"
    return None if text[17] == _credit_check_character(text) else "credit_code.check_digit"


def school_code_fault(text: str, province_code: str) -> str | None:
    """What is wrong with a school code (学校标识码): category, province (`22` or `220000`), serial."""
    if not _SCHOOL_CODE.fullmatch(text):
        return "school_code.form"
    return None if text[2:4] == province_code[:2] else "school_code.province"


def mobile_fault(text: str) -> str | None:
    """What is wrong with a mobile number (手机号码) of the mainland."""
    return None if _MOBILE.fullmatch(text) else "mobile.form"


def phone_fault(text: str) -> str | None:
    """What is wrong with an office telephone (办公电话): a landline, area code and extension as wanted, or a mobile."""
    return None if _LANDLINE.fullmatch(text) or _MOBILE.fullmatch(text) else "phone.form"


def email_fault(text: str) -> str | None:
    """What is wrong with an e-mail address (电子邮箱)."""
    return None if _EMAIL.fullmatch(text) else "email.form"


def mask_id_number(text: str) -> str:
    """First and last character, the rest starred."""
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}" if len(text) > 10 else "*" * len(text)


def mask_phone(text: str) -> str:
    """First three and last four characters; a number too short to hide anything that way is starred whole."""
    return f"{text[:3]}****{text[-4:]}" if len(text) > 10 else "*" * len(text)


def mask_email(text: str) -> str:
    """First character of the name, and the domain."""
    name, at, domain = text.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if len(name) > 1 else f"***{at}{domain if at else ''}"


def _is_birthday(digits: str, today: date) -> bool:
    try:
        born = date.fromisoformat(digits)
    except ValueError:
        return False
    return date(1850, 1, 1) <= born <= today


def id_check_digit(text: str) -> str:
    """The last character of a resident ID number, from the 17 digits before it."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False)) % 11]


def _credit_check_character(text: str) -> str:
    total = sum(_CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(text[:17]))
    return _CREDIT_ALPHABET[-total % 31]


def _school_types() -> tuple[str, Mapping[str, str], Mapping[str, str]]:
    table = tomllib.loads(resource("school_types.toml").read_text("utf-8"))
    names = {name: code for code, name in table["types"].items()}
    return table["version"], table["types"], names | table["also"]


SCHOOL_TYPES_VERSION, SCHOOL_TYPES, SCHOOL_TYPE_NAMES = _school_types()
"""办学类型: the table's version, code → name, and name → code with the short names that are in use."""
