"""Line breaking: nothing lost, nothing too wide, no mark at an end that is forbidden to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.fonts import SONG
from app.forms.lines import NOT_FIRST, NOT_LAST, wrap

pytestmark = pytest.mark.requirement("F1")

MARKS = "".join(sorted(NOT_FIRST | NOT_LAST))
TEXTS = st.text(
    st.one_of(st.sampled_from(MARKS + " \n\u3000ab19@.-"), st.sampled_from("实名制申请单𬭊䶮𠁁")), max_size=80
)
PROSE = st.lists(
    st.sampled_from(
        [
            "信息",
            "管理员",
            "（附件），",
            "“是”",
            "《申请单》。",
            "报——",
            "2026",
            "ukey ",
            "如：",
            "等……",
            "甲·乙",
            "￥5",
            "a@b.cn；",
        ]
    )
)
"""Ordinary: its marks stand singly or by twos, so that each break can be a good one."""


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)


@given(TEXTS, st.integers(1, 30))
def test_the_lines_put_together_are_the_text(text: str, width: int) -> None:
    lines = wrap(text, width, _width)
    assert "".join(lines) == text
    assert all("\n" not in line[:-1] for line in lines)


@given(TEXTS, st.integers(1, 30))
def test_no_line_is_wider_than_its_room(text: str, width: int) -> None:
    assert all(_width(line.rstrip()) <= width for line in wrap(text, width, _width))


@given(PROSE.map("".join), st.integers(8, 40))
def test_no_mark_stands_where_it_may_not(text: str, width: int) -> None:
    lines = wrap(text, width, _width)
    assert [line for line in lines[1:] if line[0] in NOT_FIRST] == []
    assert [line for line in lines[:-1] if line.rstrip()[-1] in NOT_LAST] == []


@pytest.mark.parametrize("mark", "，：；？！”’》〉…—·、。）】")
def test_what_may_not_begin_a_line_takes_its_neighbour_along(mark: str) -> None:
    assert wrap(f"一二三四五{mark}六", 5, _width) == ["一二三四", f"五{mark}六"]


@pytest.mark.parametrize("mark", "（《“‘【「")
def test_what_may_not_end_a_line_goes_to_the_next(mark: str) -> None:
    assert wrap(f"一二三四{mark}五六", 5, _width) == ["一二三四", f"{mark}五六"]


def test_words_and_numbers_stay_whole() -> None:
    assert wrap("编号 FJ4-2026-000123 的单", 8, _width) == ["编号 ", "FJ4-2026-000123 ", "的单"]


def test_a_word_wider_than_a_line_is_parted_anywhere() -> None:
    assert wrap("abcdefghij", 3, _width) == ["abcdef", "ghij"]


def test_a_line_feed_ends_a_line_and_an_empty_line_stays() -> None:
    assert wrap("甲\n\n乙", 9, _width) == ["甲\n", "\n", "乙"]


def test_widths_come_from_the_font_that_prints() -> None:
    assert SONG.width("𠁁㛃", 10) == 20
    assert SONG.width("i", 10) < SONG.width("m", 10) < 10
