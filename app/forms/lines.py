"""Breaking Chinese text into lines (GB/T 15834: which marks may not begin or end one).

reportlab's own breaking lacks half of these marks and knows no fallback fonts, so forms measure and break by this.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

Measure = Callable[[str], float]
"""How wide a piece of text is; the width of a line is that of its pieces together."""

NOT_FIRST = frozenset(
    "，。、；：？！…—～·•％‰℃°′″％）】》〉」』〕〗］｝”’,.;:?!%)]}>ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々〻"
)
"""What may not begin a line (避头)."""

NOT_LAST = frozenset("（【《〈「『〔〖［｛“‘([{<￥＄$#№")
"""What may not end a line (避尾)."""

_SPACES = " \u3000\t\n"


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break text into lines no wider than `width`, white space at their ends apart.

    The lines put together are the text again: spaces and line feeds stay at the end of the line that they end.
    Words are kept whole and marks off the ends that are forbidden to them, unless such a piece alone is too wide.
    """
    if "\n" not in text and measure(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _pieces(text, width, measure, _RULES):
        if line and (line.endswith("\n") or used + measure(piece.rstrip(_SPACES)) > width):
            lines.append(line)
            line, used = "", 0.0
        line += piece
        used += measure(piece.rstrip("\n"))
    return [*lines, line]


def _pieces(text: str, width: float, measure: Measure, rules: tuple["Rule", ...]) -> Iterator[str]:
    """What may not be parted by the first rule; what is too wide is parted by the next, weaker one."""
    rule, *weaker = rules
    for piece in _split(text, rule):
        if weaker and measure(piece.rstrip(_SPACES)) > width:
            yield from _pieces(piece, width, measure, tuple(weaker))
        else:
            yield piece


def _split(text: str, rule: "Rule") -> Iterator[str]:
    start = 0
    for end in range(1, len(text)):
        if rule(text[end - 1], text[end]):
            yield text[start:end]
            start = end
    if text:
        yield text[start:]


Rule = Callable[[str, str], bool]
"""Whether a line may end between two neighbouring characters."""


def _between_words(before: str, after: str) -> bool:
    return _between_marks(before, after) and (before in _SPACES or not (_in_word(before) and _in_word(after)))


def _between_marks(before: str, after: str) -> bool:
    if before == "\n":
        return True
    return after not in _SPACES and after not in NOT_FIRST and before not in NOT_LAST and not _joins(after)


def _between_characters(before: str, after: str) -> bool:
    return before == "\n" or (after != "\n" and not _joins(after))


_RULES: tuple[Rule, ...] = (_between_words, _between_marks, _between_characters)


@cache
def _in_word(character: str) -> bool:
    """Latin letters, digits and what stands among them (`zhangsan@example.com`), as against ideographs."""
    return unicodedata.east_asian_width(character) in ("Na", "H", "N") and character not in _SPACES


@cache
def _joins(character: str) -> bool:
    """Combining marks and variation selectors belong to the character before them."""
    return unicodedata.category(character) in ("Mn", "Me", "Mc")
