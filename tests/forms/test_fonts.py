"""The fonts: what they must have, what is refused at entry, and that reportlab writes text that comes back."""

import subprocess
import sys
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import codes
from app.forms import annex4, fonts, tounicode
from app.forms.fonts import GETA, SONG, tidy_line, tidy_text, unprintable
from app.paths import resource
from tests.forms.samples import RARE
from tests.forms.witness import text_of

NOT_IN_NOTO = "≒"

pytestmark = pytest.mark.requirement("F1")


def test_every_character_of_gbk_is_there() -> None:
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    gbk = {pair.decode("gbk", "ignore") for pair in pairs}
    assert unprintable("".join(character for character in gbk if character.isprintable())) in ("", NOT_IN_NOTO)


@pytest.mark.parametrize(
    ("first", "last"), [(0x3400, 0x4DB5), (0x4E00, 0x9FEA), (0x20000, 0x2A6D6), (0x2A700, 0x2B734)]
)
def test_every_ideograph_of_gb_18030_is_there(first: int, last: int) -> None:
    assert unprintable("".join(map(chr, range(first, last + 1)))) == ""


def test_the_form_itself_can_be_printed() -> None:
    labels = [*annex4.SIGN_LABELS.values(), *(field.label + field.hint for field in annex4.FIELDS), *annex4.UserType]
    words = "".join(
        [annex4.TITLE, *annex4.NOTES, *labels, *codes.SCHOOL_TYPES.values(), "☑□（续见附页）备注：签章年月日"]
    )
    assert unprintable(words) == ""


@pytest.mark.parametrize("character", ["😀", "\x07", "\t", "\ue000", "\ud800", "\u200b", "⽅"])
def test_what_no_font_prints_is_named_and_shows_as_a_gap(character: str) -> None:
    assert unprintable(f"张{character}三{character}") == character
    assert "".join(run for _, run in SONG.runs(f"张{character}三")) in (f"张{GETA}三", f"张{character}三")


def test_runs_change_font_where_the_main_one_lacks_a_character() -> None:
    assert list(SONG.runs("张𠁁𠀂三")) == [("ShimingSong", "张"), ("ShimingSongExt", "𠁁𠀂"), ("ShimingSong", "三")]


def test_a_ticked_box_is_as_large_as_an_empty_one() -> None:
    face = fonts.load(fonts.MAIN).face
    assert SONG["☑"].width == SONG["□"].width == SONG["☐"].width
    assert len({face.charToGlyph[ord(box)] for box in "☑□☐"}) == 3


@given(st.text(st.sampled_from("张三　 \t\n\u00a0⽅方é"), max_size=20))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    assert tidy_text(tidy_text(text)) == tidy_text(text)
    assert unprintable(tidy_line(text)) == ""


def test_a_radical_pasted_from_a_pdf_becomes_its_ideograph() -> None:
    assert tidy_line("⽅ ⽟⼈") == "方 玉人"


def test_fonts_are_ours_by_name_with_their_licence_beside_them() -> None:
    """OFL: a changed font has another name, and carries its licence."""
    from fontTools.ttLib import TTFont

    licence = resource("fonts", "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    for path in resource("fonts").glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            names = font["name"]
        assert names.getDebugName(1).startswith("Shiming Song")
        assert names.getDebugName(0).split(".")[0].split(",")[0] in licence


def test_rare_characters_come_back_from_the_pdf() -> None:
    assert RARE in text_of(_page(RARE))


def test_the_mending_of_reportlab_is_still_needed() -> None:
    """When this fails, reportlab writes ToUnicode rightly: remove `tounicode` and its call in `fonts`."""
    program = "from reportlab.pdfbase.ttfonts import makeToUnicodeCMap as make; print(make('F', [0x20000] * 101))"
    cmap = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "<D840DC00>" not in cmap or "101 beginbfchar" in cmap


def test_to_unicode_has_utf16_in_blocks_of_a_hundred() -> None:
    lines = tounicode.to_unicode_cmap("F", [0, *range(0x4E00, 0x4E00 + 199), 0x2CB4A]).splitlines()
    assert [line for line in lines if line.endswith("beginbfchar")] == ["100 beginbfchar", "100 beginbfchar"]
    assert "<01> <4E00>" in lines
    assert "<C8> <D872DF4A>" in lines


def test_nothing_heavy_is_loaded_before_something_is_printed() -> None:
    program = (
        "import sys; from app.forms import annex4, annex4_paper, qr; print([name for name in sys.modules"
        " if name.split('.')[0] in ('reportlab', 'PIL', 'zxingcpp', 'pypdfium2', 'numpy')])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def _page(text: str) -> bytes:
    from app.forms.sheet import Sheet

    stream = BytesIO()
    sheet = Sheet(stream, "")
    sheet.text(50, 500, text)
    sheet.end_page()
    sheet.save()
    return stream.getvalue()
