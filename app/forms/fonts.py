"""The faces that forms are printed with, and what they can print.

reportlab has no fallback and prints a missing glyph as nothing: here each character finds the first font that has it,
and the entry check asks the same question. Fonts are loaded at first use (77 ms the main one).
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from app.forms import tounicode
from app.paths import resource

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

GETA = "〓"
"""Printed for a character that no font has, as typesetters do, so that the gap is seen."""

MAIN = "ShimingSong"

_WIDE_SPACE = "\u3000"

_FILES = {
    MAIN: "ShimingSong-Regular.ttf",
    "ShimingSong-Bold": "ShimingSong-Bold.ttf",
    "ShimingSongExt": "ShimingSongExt-Regular.ttf",
}


class Glyph(NamedTuple):
    """A character as it is printed: which font, what it shows, and its width in ems."""

    font: str
    character: str
    width: float


class Face(dict[str, Glyph]):
    """A chain of fonts, as a table of characters: the first font that has a character prints it."""

    def __init__(self, *fonts: str) -> None:
        super().__init__()
        self._fonts = fonts

    def __missing__(self, character: str) -> Glyph:
        glyph = self[character] = self._look_up(character) or self[GETA]
        return glyph

    def prints(self, character: str) -> bool:
        """Whether one of the fonts has the character."""
        return self[character].character == character

    def width(self, text: str, size: float) -> float:
        """How wide the text is at a size, in points."""
        return size * sum([self[character].width for character in text])

    def runs(self, text: str) -> Iterator[tuple[str, str]]:
        """The text in pieces of one font each: (font, what to print)."""
        for font, glyphs in groupby([self[character] for character in text], key=lambda glyph: glyph.font):
            yield font, "".join([glyph.character for glyph in glyphs])

    def _look_up(self, character: str) -> Glyph | None:
        code = ord(character)
        for name in self._fonts:
            face = load(name).face
            if code in face.charToGlyph:
                return Glyph(name, character, face.charWidths[code] / 1000)
        return None


SONG = Face(MAIN, "ShimingSongExt")
"""宋体, for all text."""

BOLD = Face("ShimingSong-Bold", MAIN, "ShimingSongExt")
"""宋体加粗, for titles."""


def unprintable(text: str) -> str:
    """The characters, each once, that a form cannot show: no font has them, or they are controls."""
    return "".join(dict.fromkeys(c for c in text if not (c.isprintable() or c == _WIDE_SPACE) or not SONG.prints(c)))


def tidy_line(text: str) -> str:
    """Text on one line as it was meant: inner white space is one space, and none is left at the ends."""
    return " ".join(_unified(text).split())


def tidy_text(text: str) -> str:
    """Text of several lines as it was meant: no white space at the end of a line, no empty lines around it."""
    lines = [line.rstrip() for line in _unified(text).replace("\t", " ").splitlines()]
    return "\n".join(lines).strip()


def _unified(text: str) -> str:
    """Ideographs for the radicals (pasted from a PDF) and compatibility forms that stand for them."""
    return unicodedata.normalize("NFC", "".join(map(_ideograph, text)))


def _ideograph(character: str) -> str:
    return unicodedata.normalize("NFKC", character) if "\u2e80" <= character <= "\u2fd5" else character


@cache
def load(name: str) -> "TTFont":
    """One of the fonts, known to reportlab by its name from here on."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    tounicode.mend()
    font = TTFont(name, str(resource("fonts", _FILES[name])))
    pdfmetrics.registerFont(font)
    return font
