"""Getting a text into its box: smaller if need be, and what is left over goes on an attached page (续见附页)."""

from dataclasses import dataclass

from app.forms.fonts import SONG
from app.forms.lines import wrap

SIZES = (11.0, 10.0, 9.0, 8.0)
ONE_LINE_SIZES = (11.0, 10.0, 9.0)
"""Points, largest first."""

LEADING = 1.36
"""From line to line, in sizes."""

CONTINUED = "（续见附页）"


@dataclass(frozen=True)
class Fitted:
    """A text as it goes into its box, and the rest that does not."""

    lines: tuple[str, ...]
    size: float
    rest: str = ""

    @property
    def leading(self) -> float:
        """From line to line, in points."""
        return self.size * LEADING


def fit(text: str, width: float, height: float, sizes: tuple[float, ...] = SIZES) -> Fitted:
    """The text in the largest of `sizes` at which it goes into the box; in the smallest, with a rest, if at none."""
    if not text:
        return Fitted((), sizes[0])
    for size in sizes:
        lines = broken(text, width, size)
        if len(lines) <= _lines_in(height, size):
            return Fitted(tuple(lines), size)
    shown = max(0, _lines_in(height, size) - 1)
    return Fitted((*lines[:shown], CONTINUED), size, "".join(lines[shown:]))


def fit_line(text: str, width: float, height: float) -> Fitted:
    """As `fit`, but rather a little smaller than broken: a name or a number is read, and found, in one line."""
    for size in ONE_LINE_SIZES:
        lines = broken(text, width, size)
        if len(lines) == 1 + text.count("\n") <= _lines_in(height, size):
            return Fitted(tuple(lines), size)
    return fit(text, width, height)


def broken(text: str, width: float, size: float) -> list[str]:
    """The text in lines of a width, as it is printed at a size."""
    return wrap(text, width / size, lambda piece: SONG.width(piece, 1))


def _lines_in(height: float, size: float) -> int:
    """How many lines go into a height; the space below the last need not."""
    return int((height / size + LEADING - 1) / LEADING)
