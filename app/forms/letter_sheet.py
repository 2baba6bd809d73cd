"""A letter's page, written from the top down: headings, paragraphs, facts, codes in groups, lines to sign on."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import BytesIO

from app.forms.fitting import SIZES, Fitted, broken
from app.forms.fonts import BOLD, SONG, Face
from app.forms.sheet import AIR, HEIGHT, LEFT, MM, PADDING, RIGHT, TEXT_SIZE, WIDTH, Box, Sheet
from app.words import tr

_TOP = HEIGHT - 25 * MM
_LABEL_WIDTH = 42 * MM
_ROW_HEIGHT = 20 * MM
"""How high a value may stand before it is printed smaller."""
_CODE_SIZE, _CODE_HEIGHT = 26.0, 16 * MM
_SIGN_HEIGHT = 12 * MM
_THIN = 0.5
_DASHES = "[4 3] 0 d"


def page(title: str, draw: Callable[["LetterSheet"], None]) -> bytes:
    """A PDF of one page."""
    stream = BytesIO()
    sheet = LetterSheet(stream, title)
    draw(sheet)
    sheet.end_page()
    sheet.save()
    return stream.getvalue()


def written_day(day: date) -> str:
    """A date as it is written on paper."""
    return tr("{year} 年 {month} 月 {day} 日", year=day.year, month=day.month, day=day.day)


class LetterSheet(Sheet):
    """The sheet with a pen: `y` is the top of what comes next."""

    y = _TOP

    def heading(self, text: str, size: float = 22.0) -> None:
        """In the middle, in bold."""
        self.text_centred(WIDTH / 2, self.y - size, text, size, BOLD)
        self.y -= 2 * size

    def paragraph(
        self, text: str, size: float = TEXT_SIZE, face: Face = SONG, indent: float = 0.0, height: float = HEIGHT
    ) -> None:
        """Lines across the page, with some air after them; smaller where they would be higher than `height`."""
        whole = _whole(text, RIGHT - LEFT - indent, height, (size, *SIZES))
        for line in whole.lines:
            self.text(LEFT + indent, self.y - whole.size, line.rstrip(), whole.size, face)
            self.y -= whole.leading
        self.y -= 1.5 * MM

    def items(self, texts: Iterable[str]) -> None:
        """Numbered paragraphs."""
        for number, text in enumerate(texts, 1):
            self.text(LEFT, self.y - TEXT_SIZE, f"{number}.")
            self.paragraph(text, indent=6 * MM)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """A table of labels and values; a row is as high as its value needs."""
        boxes: list[Box] = []
        width = RIGHT - LEFT - _LABEL_WIDTH
        for label, value in rows:
            whole = _whole(value, width - 2 * PADDING, _ROW_HEIGHT)
            height = len(whole.lines) * whole.leading + 3 * AIR
            self.y -= height
            pair = Box(LEFT, self.y, _LABEL_WIDTH, height), Box(LEFT + _LABEL_WIDTH, self.y, width, height)
            self.label(pair[0], label)
            self.value(pair[1].inside(), whole)
            boxes += pair
        self.grid(boxes)
        self.y -= 5 * MM

    def code(self, code: str) -> None:
        """Large, a cell for each group; each line of the code is a row."""
        boxes: list[Box] = []
        for row in code.splitlines():
            groups = row.split("-")
            width = (RIGHT - LEFT) / len(groups)
            self.y -= _CODE_HEIGHT
            for place, group in enumerate(groups):
                boxes.append(box := Box(LEFT + place * width, self.y, width, _CODE_HEIGHT))
                self.text_centred(box.x + width / 2, box.y + 5 * MM, group, _CODE_SIZE, BOLD)
        self.grid(boxes)
        self.y -= 6 * MM

    def signatures(self, captions: Iterable[str]) -> None:
        """A line for each to sign on, and to put the date on."""
        for caption in captions:
            self.y -= _SIGN_HEIGHT
            self._blank(caption, LEFT, LEFT + 105 * MM)
            self._blank(tr("日期："), LEFT + 112 * MM, RIGHT)

    def fold(self, y: float, caption: str) -> None:
        """A dashed line across the paper, to fold or to cut along."""
        self._line(0, y, WIDTH, _DASHES)
        self.grey()
        self.text_centred(WIDTH / 2, y + 1 * MM, caption, 8)
        self.black()

    def hatch(self, box: Box) -> None:
        """What makes print on the facing side hard to read against the light."""
        steps = range(0, int(box.width + box.height), 3)
        falling = " ".join(f"{box.x + step} {box.y} m {box.x + step - box.height} {box.top} l" for step in steps)
        rising = " ".join(f"{box.x + step - box.height} {box.y} m {box.x + step} {box.top} l" for step in steps)
        clip = f"{box.x} {box.y} {box.width} {box.height} re W n"
        self._canvas.addLiteral(f"q {clip} 0.9 w {falling} {rising} S Q")

    def _blank(self, caption: str, left: float, right: float) -> None:
        self.text(left, self.y, caption)
        self._line(left + SONG.width(caption, TEXT_SIZE), self.y - 1 * MM, right)

    def _line(self, left: float, y: float, right: float, dashes: str = "") -> None:
        self._canvas.addLiteral(f"q {_THIN} w {dashes} {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S Q")


def _whole(text: str, width: float, height: float, sizes: tuple[float, ...] = SIZES) -> Fitted:
    """All of the text, in the largest of `sizes` at which it is no higher than that; in the smallest, if at none."""
    for size in sizes:
        fitted = Fitted(tuple(broken(text, width, size)), size)
        if len(fitted.lines) * fitted.leading <= height:
            break
    return fitted
