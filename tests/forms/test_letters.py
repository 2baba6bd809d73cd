"""Letters and slips, by witnesses: pdftotext finds each value, and finds it on the right side of each fold."""

import re
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

import pytest

from app.forms.letters import (
    ActivationHalf,
    DownloadSlip,
    HolderPage,
    RecoveryLetter,
    activation_half,
    download_code_slip,
    holder_page,
    recovery_letter,
)
from app.printed_codes import new_half
from tests.forms.samples import EXTREME, RARE
from tests.forms.witness import squeezed, text_of

pytestmark = pytest.mark.requirement("F1")

A4 = 595.28, 841.89
FOLDS = A4[1] / 3, A4[1] * 2 / 3
"""From the top down."""

FIRST, SECOND = "7K3M-09AF-PRTW-X123", "H4E2-KKXW-1Y5C-3RTA"
LONGEST = (EXTREME.unit_name * 4)[:200]


class Case(NamedTuple):
    """A letter's bytes, and what must be on it."""

    pdf: Callable[[], bytes]
    values: tuple[str, ...]


def _recovery(province: str) -> Case:
    letter = RecoveryLetter(province, f"{FIRST}\n{SECOND}", date(2026, 11, 24))
    said = ("恢复信", province, FIRST, SECOND, "2026年11月24日", "封存人一", "封存人二", "不得拍照", "不得存入电脑")
    return Case(lambda: recovery_letter(letter), said)


def _half(unit: str, address: str, name: str, half: int = 1) -> Case:
    letter = ActivationHalf(unit, address, name, "hl-xitong", 1 if half == 1 else 2, FIRST if half == 1 else SECOND)
    post = "系统管理员" if half == 1 else "安全管理员"
    said = (
        "密码信封",
        unit,
        address,
        name,
        "hl-xitong",
        letter.code,
        f"激活码第{half}半",
        f"由上级{post}打印",
        "首次登录",
    )
    return Case(lambda: activation_half(letter), said)


def _slip(unit: str, name: str) -> Case:
    slip = DownloadSlip("ZS-2026-000007", unit, name, FIRST, datetime(2026, 12, 1, 16, 20))
    said = ("ZS-2026-000007", unit, name, FIRST, "2026年12月1日16:20", "输错五次", "空白UKEY", "仅限本人使用，不得外借")
    return Case(lambda: download_code_slip(slip), said)


def _holder(unit: str, name: str) -> Case:
    serial, subject = "3f9a1c0de5b7".zfill(40), f"2.5.4.5=3f2a9ab8c0d1,CN={name},O={unit},L=长春市,ST=吉林省,C=CN"
    token = ("飞天诚信", "ePass2003", "50745c83cb1ef785")
    days = date(2029, 11, 24), datetime(2026, 11, 24, 9, 5)
    holder = HolderPage(name, unit, "ZS-2026-000007", serial, subject, days[0], *token, days[1])
    said = (name, unit, "ZS-2026-000007", serial, subject, *token, "2029年11月24日", "2026年11月24日09:05")
    return Case(lambda: holder_page(holder), (*said, "仅限本人使用，不得外借", "签收单", "本页任何地方都不要写PIN码"))


CASES = {
    "recovery": _recovery("吉林省教育厅"),
    "recovery-long": _recovery(LONGEST),
    "first-half": _half("农安县合隆镇中心小学", "吉林省长春市农安县合隆镇育才路18号", "王𬭊"),
    "second-half": _half("农安县合隆镇中心小学", "吉林省长春市农安县合隆镇育才路18号", "王㛃", 2),
    "half-long": _half(LONGEST, (EXTREME.address * 4)[:200], EXTREME.name),
    "slip": _slip("农安县合隆镇中心小学", "王𬭊"),
    "slip-long": _slip(LONGEST, RARE),
    "holder": _holder("农安县合隆镇中心小学", "王㛃"),
    "holder-long": _holder(LONGEST, RARE),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_value_is_on_the_one_page(case: Case) -> None:
    pdf = case.pdf()
    text = squeezed(text_of(pdf, "-raw"))
    assert [value for value in case.values if squeezed(value).replace("-", "") not in text.replace("-", "")] == []
    assert text_of(pdf).count("\f") == 1
    assert pdf == case.pdf()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_nothing_leaves_the_page_or_runs_into_another_line(case: Case) -> None:
    words = _words(case.pdf())
    for word in words:
        assert word.left >= 30, word
        assert word.right <= A4[0] - 30, word
        assert word.top >= 20, word
        assert word.bottom <= A4[1] - 14, word
    for place, word in enumerate(words):
        assert [other for other in words[place + 1 :] if word.overlaps(other)] == [], word


@pytest.mark.requirement("B4")
@pytest.mark.parametrize("name", ["first-half", "second-half", "half-long"])
def test_the_address_is_outside_and_the_code_inside(name: str) -> None:
    """Folded at its thirds, only the upper one shows; the middle one has the code, and whose it is."""
    case = CASES[name]
    top, middle, bottom = _thirds(_words(case.pdf()))
    unit, address, person, login, code = case.values[1:6]
    assert [value for value in (unit, address, person) if squeezed(value) not in top] == []
    assert [group for group in code.split("-") if group not in middle] == []
    assert login in middle
    assert [group for group in code.split("-") if group in top + bottom] == []
    assert login not in top


@pytest.mark.requirement("E9")
@pytest.mark.parametrize("name", ["holder", "holder-long"])
def test_the_receipt_is_cut_off_with_all_that_was_signed_for(name: str) -> None:
    words = _words(CASES[name].pdf())
    cut = next(word.bottom for word in words if "沿此线裁下" in word.text)
    strip = "".join(word.text for word in words if word.top > cut)
    person, unit, *_ = CASES[name].values
    wanted = (person, squeezed(unit), "50745c83cb1ef785", "3f9a1c0de5b7", "不得外借", "持证人（签字）：", "日期：")
    assert [value for value in wanted if value not in strip] == []


def test_secrets_do_not_show_in_a_report_of_a_fault() -> None:
    shown = [
        RecoveryLetter("吉林省教育厅", FIRST, date(2026, 11, 24)),
        ActivationHalf("某校", "某地", "某人", "x", 1, FIRST),
        DownloadSlip("ZS-1", "某校", "某人", FIRST, datetime(2026, 12, 1)),
    ]
    assert FIRST not in repr(shown)


def test_all_text_is_in_embedded_fonts() -> None:
    pdf = CASES["holder-long"].pdf()
    assert set(re.findall(rb"/BaseFont /(\S+)", pdf)) == set(re.findall(rb"/FontName /(\S+)", pdf))


def test_a_printed_half_has_its_groups_in_cells() -> None:
    code = new_half(1)
    letter = ActivationHalf("某校", "某地", "某人", "x", 1, code)
    assert set(code.split("-")) <= {word.text for word in _words(activation_half(letter))}


class Word(NamedTuple):
    """A piece of text and where poppler sees it, in points from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: "Word") -> bool:
        """By more than the air that fonts have above and below their characters."""
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        low = min(self.bottom - self.top, other.bottom - other.top)
        wide = min(self.right, other.right) - max(self.left, other.left)
        return wide > 0.5 and high > 0.45 * low


def _words(pdf: bytes) -> list[Word]:
    pattern = r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
    found = re.findall(pattern, text_of(pdf, "-bbox"))
    return [
        Word(float(left), float(top), float(right), float(bottom), text) for left, top, right, bottom, text in found
    ]


def _thirds(words: list[Word]) -> tuple[str, str, str]:
    """What stands above the upper fold, between the two, and below."""
    ends = (0.0, *FOLDS, A4[1])
    parts = [
        "".join(word.text for word in words if start <= word.top and word.bottom <= end)
        for start, end in pairwise(ends)
    ]
    assert sum(map(len, parts)) == sum(len(word.text) for word in words), "something stands across a fold"
    return parts[0], parts[1], parts[2]
