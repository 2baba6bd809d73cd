"""Drawing on A4: text in faces with fallback, boxes, and the head that every form has.

Lengths are in points, from the lower left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from app.forms import qr
from app.forms.fitting import LEADING, Fitted
from app.forms.fonts import BOLD, MAIN, SONG, Face, load
from app.forms.qr import FormCode

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 20 * MM, WIDTH - 20 * MM
HEAD_BOTTOM = HEIGHT - 55 * MM
"""Where the table begins."""

CODE_SIDE = 24 * MM
PADDING, AIR = 2 * MM, 1 * MM
"""Between a cell's lines and its text: at the sides, and above and below."""

TEXT_SIZE = 11.0
OUTLINE, INNER = 1.2, 0.6
GUIDANCE_GREY = 0.42
_ASCENT, _MIDDLE = 0.86, 0.38
"""How far the top and the middle of an ideograph are above the baseline, in sizes."""


@dataclass(frozen=True)
class Box:
    """A cell of a table."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y + self.height

    def inside(self) -> "Box":
        """What is left for text."""
        return Box(self.x + PADDING, self.y + AIR, self.width - 2 * PADDING, self.height - 2 * AIR)


class Sheet:
    """The pages of one PDF file; the same calls give the same bytes."""

    _font: tuple[str, float] | None

    def __init__(self, stream: BinaryIO, title: str) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # text encoding of streams: a fifth of the time, a quarter of the size
        font: Any = load(MAIN).fontName
        size = WIDTH, HEIGHT
        self._canvas = Canvas(stream, pagesize=size, invariant=1, pageCompression=1, lang="zh-CN", initialFontName=font)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Shiming")
        self._canvas.setSubject(title)
        self._canvas.setCreator("Shiming")
        self._begin_page()

    def text(self, x: float, y: float, text: str, size: float = TEXT_SIZE, face: Face = SONG) -> None:
        """One line, from its left end on the baseline."""
        for font, run in face.runs(text):
            if (font, size) != self._font:
                self._text.setFont(font, size)
                self._font = font, size
            self._text.setTextOrigin(x, y)
            self._text.textLine(run)
            x += face.width(run, size)

    def text_right(self, right: float, y: float, text: str, size: float = TEXT_SIZE) -> None:
        """One line, up to its right end."""
        self.text(right - SONG.width(text, size), y, text, size)

    def text_centred(self, middle: float, y: float, text: str, size: float = TEXT_SIZE, face: Face = SONG) -> None:
        """One line, about its middle."""
        self.text(middle - face.width(text, size) / 2, y, text, size, face)

    def label(self, box: Box, label: str) -> None:
        """A label of one or more lines in the middle of its cell."""
        lines = label.split("\n")
        y = _first_baseline(box, len(lines), TEXT_SIZE)
        for line in lines:
            self.text_centred(box.x + box.width / 2, y, line)
            y -= TEXT_SIZE * LEADING

    def value(self, box: Box, fitted: Fitted, *, from_top: bool = False) -> None:
        """Fitted lines in a cell, about its middle or from its top down."""
        y = box.top - _ASCENT * fitted.size if from_top else _first_baseline(box, len(fitted.lines), fitted.size)
        for line in fitted.lines:
            self.text(box.x, y, line.rstrip(), fitted.size)
            y -= fitted.leading

    def grey(self) -> None:
        """Guidance from here on."""
        self._text.setFillGray(GUIDANCE_GREY)

    def black(self) -> None:
        """Ink from here on."""
        self._text.setFillGray(0)

    def grid(self, boxes: Sequence[Box]) -> None:
        """The lines of a table: its cells, and a heavier outline about them all."""
        self._canvas.addLiteral(_lines_of(tuple(boxes)))

    def head(self, annex: str, title: str, code: FormCode | None) -> None:
        """The annex's number on the left, QR code and form number in the right corner, and the title below."""
        self.text(LEFT, HEIGHT - 22 * MM, annex, 14, BOLD)
        self.text_centred(WIDTH / 2, HEAD_BOTTOM + 6 * MM, title, 18, BOLD)
        if code:
            self._canvas.addLiteral(qr.drawing(code, RIGHT - CODE_SIDE, HEIGHT - 12 * MM - CODE_SIDE, CODE_SIDE))
            self.text_right(RIGHT, HEIGHT - 12 * MM - CODE_SIDE - 4.5 * MM, f"编号：{code.number}", 9)

    def foot(self, page: int, pages: int) -> None:
        """Which page of how many, where a form has more than one."""
        if pages > 1:
            self.text_centred(WIDTH / 2, 8 * MM, f"第 {page} 页　共 {pages} 页", 9)

    def end_page(self) -> None:
        """Done with this page; the next one begins."""
        self._canvas.drawText(self._text)
        self._canvas.showPage()
        self._begin_page()

    def save(self) -> None:
        """Write the file."""
        self._canvas.save()

    def _begin_page(self) -> None:
        """One text object a page: a new one for each line takes twice as long."""
        self._text = self._canvas.beginText()
        self._font = None


@lru_cache(maxsize=64)
def _lines_of(boxes: tuple[Box, ...]) -> str:
    """PDF operators for the lines of a table; forms of a kind have them in common."""
    left, bottom = min(box.x for box in boxes), min(box.y for box in boxes)
    right, top = max(box.right for box in boxes), max(box.top for box in boxes)
    cells = " ".join(_rectangle(box) for box in boxes)
    return f"{INNER} w {cells} S\n{OUTLINE} w {_rectangle(Box(left, bottom, right - left, top - bottom))} S"


def _rectangle(box: Box) -> str:
    return f"{box.x:.2f} {box.y:.2f} {box.width:.2f} {box.height:.2f} re"


def _first_baseline(box: Box, lines: int, size: float) -> float:
    """Where the first of some lines stands so that they are in the middle of the box, from top to bottom."""
    return box.y + box.height / 2 + (lines - 1) * size * LEADING / 2 - _MIDDLE * size
