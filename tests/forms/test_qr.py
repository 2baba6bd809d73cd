"""QR codes: what is written is read again, from PDF and pictures, turned, stamped, at 150 to 300 dpi."""

import math
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.errors import Invalid
from app.forms import qr
from app.forms.annex4_paper import PrintedForm, render
from app.forms.qr import FormCode
from tests.forms.samples import EXTREME, TYPICAL
from tests.forms.witness import drawn

pytestmark = [pytest.mark.requirement("F1"), pytest.mark.requirement("F2")]

NUMBER = "FJ4-2026-000123"
FORM = PrintedForm(NUMBER, TYPICAL)
RED = (214, 40, 40)
NUMBERS = st.from_regex(r"[0-9A-Z][0-9A-Z./-]{0,31}", fullmatch=True)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render([FORM])


def _file(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "bmp")
    return stream.getvalue()


@settings(max_examples=30, deadline=None)
@given(NUMBERS, HASHES)
def test_what_is_printed_is_read(number: str, digest: str) -> None:
    code = FormCode.of(number, digest)
    assert qr.decode(_page_with(code)) == [code]


def _page_with(code: FormCode) -> bytes:
    from app.forms.sheet import Sheet

    stream = BytesIO()
    sheet = Sheet(stream, "")
    sheet.head("附件4", "申请单", code)
    sheet.end_page()
    sheet.save()
    return stream.getvalue()


def test_a_phone_shows_the_number() -> None:
    assert qr.encode(FormCode.of(NUMBER, "00" * 32)) == f"SHIMING/1 {NUMBER} {'A' * 26}"


@pytest.mark.parametrize("number", ["", "a", "FJ4 1", "单号1", "1" * 33, "-1"])
def test_a_number_that_a_code_cannot_carry_is_a_bug(number: str) -> None:
    with pytest.raises(ValueError, match="QR"):
        qr.encode(FormCode.of(number, "00" * 32))


def test_every_page_of_a_file_is_read_attached_pages_too() -> None:
    forms = [PrintedForm(f"FJ4-2026-{place:06}", form) for place, form in enumerate([TYPICAL, EXTREME, TYPICAL])]
    assert qr.decode(render(forms)) == [forms[0].code, forms[1].code, forms[1].code, forms[2].code]


@pytest.mark.parametrize(("dpi", "angle"), [(150, 0), (150, 3), (150, 90), (200, 45), (200, 180), (300, 271)])
def test_at_any_angle(pdf: bytes, tmp_path: Path, dpi: int, angle: int) -> None:
    with Image.open(drawn(pdf, tmp_path, dpi)) as page:
        turned = page.convert("RGB").rotate(angle, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert qr.decode(_file(turned)) == [FORM.code]


@pytest.mark.parametrize(("dpi", "angle"), [(150, 0), (150, 7), (200, 90), (200, 181), (300, 3)])
def test_under_a_red_stamp(pdf: bytes, tmp_path: Path, dpi: int, angle: int) -> None:
    with Image.open(drawn(pdf, tmp_path, dpi)) as page:
        picture = page.convert("RGB")
    _stamp(picture, dpi)
    turned = picture.rotate(angle, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert qr.decode(_file(turned)) == [FORM.code]


def _stamp(page: Image.Image, dpi: int) -> None:
    """A round seal of 42 mm, as offices have them, with ring, star and bars of text, its middle on the code."""
    unit = dpi / 25.4
    x, y, radius = 178 * unit, 24 * unit, 21 * unit
    seal = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(seal)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=round(1.2 * unit))
    star = [
        (x + _far(point, unit) * math.sin(point * math.pi / 5), y - _far(point, unit) * math.cos(point * math.pi / 5))
        for point in range(10)
    ]
    pen.polygon(star, fill=RED)
    for place in range(14):
        turn = place * math.tau / 14
        pen.line(
            (
                x + 13 * unit * math.sin(turn),
                y + 13 * unit * math.cos(turn),
                x + 17 * unit * math.sin(turn + 0.2),
                y + 17 * unit * math.cos(turn),
            ),
            fill=RED,
            width=round(unit),
        )
    from PIL import ImageChops

    page.paste(ImageChops.multiply(page, seal))


def _far(point: int, unit: float) -> float:
    return (7 if point % 2 == 0 else 2.8) * unit


def test_grey_is_tried_when_the_red_channel_shows_nothing() -> None:
    """A code printed in red is as white as its paper there."""
    page = Image.new("RGB", (600, 600), "white")
    with Image.open(BytesIO(_scan(FORM))) as printed:
        code = printed.convert("L").crop((1280, 80, 1520, 320)).resize((480, 480))
    page.paste(Image.merge("RGB", (Image.new("L", code.size, 255), code, code)), (60, 60))
    assert qr.decode(_file(page)) == [FORM.code]


def _scan(form: PrintedForm) -> bytes:
    import pypdfium2

    return _file(pypdfium2.PdfDocument(render([form]))[0].render(scale=200 / 72).to_pil())


def test_a_scanned_pdf_and_a_jpeg_are_read() -> None:
    with Image.open(BytesIO(_scan(FORM))) as scan:
        for kind in ("pdf", "jpeg", "tiff"):
            stream = BytesIO()
            scan.convert("RGB").save(stream, kind)
            assert qr.decode(stream.getvalue()) == [FORM.code]


def test_a_page_without_a_code_and_a_stranger_s_code_give_nothing() -> None:
    import zxingcpp

    assert qr.decode(render([PrintedForm("", TYPICAL)])) == []
    foreign = zxingcpp.create_barcode("https://example.com", zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(foreign, scale=8))
    assert qr.decode(_file(picture)) == []


@pytest.mark.parametrize("scan", [b"", b"hello", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00"])
def test_what_is_no_scan_is_refused(scan: bytes) -> None:
    with pytest.raises(Invalid, match=r"scan\.unreadable"):
        qr.decode(scan)
