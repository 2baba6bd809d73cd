"""Build the faces that the forms are printed with, into `resources/fonts/`.

reportlab embeds TrueType outlines only, and Debian's Song faces have cubic ones, so they are redrawn:

    apt-get install fonts-noto-cjk fonts-hanazono
    python scripts/build_fonts.py

Three files come out, the same bytes each time (about two minutes):

- `ShimingSong-Regular.ttf`: Noto Serif CJK SC; GBK, Extension A, and all it has beyond the basic plane;
- `ShimingSong-Bold.ttf`: its bold, for titles; GB 2312;
- `ShimingSongExt-Regular.ttf`: HanaMinB; what is left of Extensions B to F, as GB 18030-2022 asks.

They have names of their own, as their licence (OFL.txt beside them) wants of a changed font.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

NOTO = Path("/usr/share/fonts/opentype/noto")
HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
OUTPUT = Path(__file__).resolve().parent.parent / "resources" / "fonts"

NOTO_NOTICE = "© 2017-2022 Adobe (http://www.adobe.com/). Redrawn from Noto Serif CJK SC 2.001."
HANAZONO_NOTICE = "Copyright (c) 2011, GlyphWiki Project. Subset of a font of 2017-09-04."
LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
LICENCE_URL = "https://openfontlicense.org"

MAX_ERROR = 1.0
"""How far a quadratic outline may leave the cubic one, in thousandths of the em."""

TEXT_BLOCKS = (
    (0x0020, 0x024F),  # Latin
    (0x2000, 0x206F),  # punctuation: — … “ ” ‰
    (0x2100, 0x27BF),  # letterlike, numbers, arrows, mathematics, boxes, marks
    (0x3000, 0x33FF),  # CJK punctuation, kana, enclosed, units
    (0x3400, 0x4DBF),  # Extension A
    (0x4E00, 0x9FFF),  # unified ideographs
    (0xFF00, 0xFFEF),  # full-width forms
    (0x1F100, 0x1F1FF),  # enclosed letters and numbers
    (0x20000, 0x2F7FF),  # Extensions B to F
    (0x30000, 0x3FFFF),  # Extension G and on
)
EXTENSIONS = ((0x20000, 0x2EBEF),)
KANGXI = range(0x2F00, 0x2FE0)
"""Radicals that share a glyph with an ideograph and would come back in its stead."""

BALLOT_BOX, TICKED_BOX, WHITE_SQUARE, CHECK_MARK = 0x2610, 0x2611, 0x25A1, 0x2713


def main() -> None:
    parser = argparse.ArgumentParser(description="build the fonts of the forms")
    parser.add_argument("--out", type=Path, default=OUTPUT)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    regular = redrawn("NotoSerifCJK-Regular.ttc", within(TEXT_BLOCKS) | charset("gbk"))
    name(regular, "Shiming Song", "Regular", NOTO_NOTICE)
    save(regular, out / "ShimingSong-Regular.ttf")

    bold = redrawn("NotoSerifCJK-Bold.ttc", charset("gb2312") | set(range(0x20, 0x7F)))
    name(bold, "Shiming Song", "Bold", NOTO_NOTICE)
    save(bold, out / "ShimingSong-Bold.ttf")

    extensions = subset(TTFont(HANAZONO / "HanaMinB.ttf"), within(EXTENSIONS) - set(regular.getBestCmap()))
    name(extensions, "Shiming Song Ext", "Regular", HANAZONO_NOTICE)
    save(extensions, out / "ShimingSongExt-Regular.ttf")


def within(blocks: Iterable[tuple[int, int]]) -> set[int]:
    """All code points of some blocks."""
    return {code for first, last in blocks for code in range(first, last + 1)}


def charset(encoding: str) -> set[int]:
    """All characters of a double-byte encoding that have a Unicode of their own."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    characters = {pair.decode(encoding, "ignore") for pair in pairs}
    return {ord(character) for character in characters if len(character) == 1}


def redrawn(collection: str, codes: set[int]) -> TTFont:
    """The simplified Chinese face of a Noto collection, cut to `codes`, with quadratic outlines."""
    faces = TTCollection(NOTO / collection).fonts
    font = next(face for face in faces if face["name"].getDebugName(1) == "Noto Serif CJK SC")
    subset(font, codes - set(KANGXI))
    with_quadratic_outlines(font)
    add_boxes(font)
    return font


def subset(font: TTFont, codes: set[int]) -> TTFont:
    """Cut the font down to `codes`, in place: no layout features, no hints, no vertical metrics."""
    options = Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "FFTM", "gasp"]
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes & set(font.getBestCmap()))
    subsetter.subset(font)
    return font


def with_quadratic_outlines(font: TTFont) -> None:
    """Turn a font with cubic (CFF) outlines into a TrueType one, in place."""
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    outlines = {}
    for glyph in order:
        pen = TTGlyphPen(None)
        glyphs[glyph].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        outlines[glyph] = pen.glyph()
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder = order
    font["glyf"].glyphs = outlines
    font["maxp"] = true_type_maxima(len(order))
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"


def true_type_maxima(glyphs: int) -> object:
    """A TrueType `maxp` table without instructions; fontTools reckons the outlines' own figures."""
    table = newTable("maxp")
    table.tableVersion = 0x00010000
    table.numGlyphs = glyphs
    for unused in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"):
        setattr(table, unused, 0)
    table.maxZones, table.maxSizeOfInstructions, table.maxComponentElements = 1, 0, 0
    return table


def add_boxes(font: TTFont) -> None:
    """Add ☐ and ☑, which Noto lacks, out of □ and ✓, so that a ticked box is as large as an empty one."""
    cmap = font.getBestCmap()
    if WHITE_SQUARE not in cmap or CHECK_MARK not in cmap:
        return
    square, mark = cmap[WHITE_SQUARE], cmap[CHECK_MARK]
    add_composite(font, BALLOT_BOX, [(square, (1, 0, 0, 1, 0, 0))])
    add_composite(font, TICKED_BOX, [(square, (1, 0, 0, 1, 0, 0)), (mark, (0.85, 0, 0, 0.85, 214, 40))])


def add_composite(font: TTFont, code: int, parts: list[tuple[str, tuple[float, ...]]]) -> None:
    """Give `code` a glyph put together from others; it is as wide as the first."""
    pen = TTGlyphPen(font.getGlyphSet())
    for part, matrix in parts:
        pen.addComponent(part, matrix)
    glyph = f"u{code:04X}"
    font["glyf"][glyph] = pen.glyph()
    font["hmtx"][glyph] = font["hmtx"][parts[0][0]]
    font["maxp"].numGlyphs = len(font.getGlyphOrder())
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap[code] = glyph


def name(font: TTFont, family: str, style: str, notice: str) -> None:
    """Give the font its own names."""
    full = family if style == "Regular" else f"{family} {style}"
    postscript = f"{family.replace(' ', '')}-{style}"
    texts = {0: notice, 1: family, 2: style, 3: f"1.000;{postscript}", 4: full, 5: "Version 1.000", 6: postscript}
    texts |= {13: LICENCE, 14: LICENCE_URL}
    font["name"] = newTable("name")
    font["name"].names = []
    for number, text in texts.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["head"].fontRevision = 1.0
    font["head"].modified = font["head"].created


def save(font: TTFont, path: Path) -> None:
    """Write the font and say what is in it."""
    font.recalcTimestamp = False
    font.save(path)
    print(f"{path.name}: {len(font.getBestCmap())} characters, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
