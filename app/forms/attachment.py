"""附页: where the answers go on that are too long for their cells."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.forms.fitting import LEADING, Fitted, broken
from app.forms.qr import FormCode
from app.forms.sheet import HEAD_BOTTOM, LEFT, MM, PADDING, RIGHT, TEXT_SIZE, Box, Sheet

SUFFIX = "（附页）"
_BOTTOM = 20 * MM
_LABEL_HEIGHT = 9 * MM
_ROOM = HEAD_BOTTOM - _BOTTOM
_BELOW_LAST = (LEADING - 1) * TEXT_SIZE
_INNER_WIDTH = RIGHT - LEFT - 2 * PADDING


@dataclass(frozen=True)
class Passage:
    """The part of an answer that stands on one page."""

    label: str
    text: Fitted

    @property
    def height(self) -> float:
        """Label and lines, in points."""
        return _LABEL_HEIGHT + len(self.text.lines) * self.text.leading + 2 * PADDING - _BELOW_LAST


def paginate(rests: Iterable[tuple[str, str]]) -> list[list[Passage]]:
    """Share what is left of answers, each with its label, among pages."""
    pages: list[list[Passage]] = []
    room = 0.0
    for label, rest in rests:
        lines = tuple(broken(rest, _INNER_WIDTH, TEXT_SIZE))
        while lines:
            count = _lines_in(room)
            if count < 1:
                pages.append([])
                room, count = _ROOM, _lines_in(_ROOM)
            passage = Passage(f"{label}（续）", Fitted(lines[:count], TEXT_SIZE))
            pages[-1].append(passage)
            room -= passage.height
            lines = lines[count:]
    return pages


def _lines_in(room: float) -> int:
    return int((room - _LABEL_HEIGHT - 2 * PADDING + _BELOW_LAST) / (TEXT_SIZE * LEADING))


def draw(sheet: Sheet, annex: str, title: str, code: FormCode | None, passages: list[Passage]) -> None:
    """One attached page, with the form's own head."""
    sheet.head(annex, title + SUFFIX, code)
    top = HEAD_BOTTOM
    boxes: list[Box] = []
    for passage in passages:
        label = Box(LEFT, top - _LABEL_HEIGHT, RIGHT - LEFT, _LABEL_HEIGHT)
        text = Box(LEFT, top - passage.height, RIGHT - LEFT, passage.height - _LABEL_HEIGHT)
        sheet.label(label, passage.label)
        inner = Box(text.x + PADDING, text.y, _INNER_WIDTH, text.height - PADDING)
        sheet.value(inner, passage.text, from_top=True)
        boxes += [label, text]
        top = text.y
    sheet.grid(boxes)
