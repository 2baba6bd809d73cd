"""The QR code in a form's corner: what it says, how it is drawn, and how it is found in a scan (F1, F2).

Plain text, so that any phone shows the form's number: `SHIMING/1 YW-2026-000123 6KBX…`, which is the format's version,
the number, and the first 130 bits of the content hash in base 32.
"""

import re
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, cast

from app.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image
    from typing_extensions import Buffer

VERSION = 1
MODULES_PER_BYTE = 8
SCAN_DPI = 200
"""At which a PDF page is drawn to be read: every code that 300 dpi reads, in half the time."""

_HASH_LENGTH = 26
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z./-]{0,31}")
_TEXT = re.compile(rf"SHIMING/([0-9]{{1,3}}) ({_NUMBER.pattern}) ([A-Z2-7]{{{_HASH_LENGTH}}})")
_BITS = bytes.maketrans(b"\x00\xff", b"01")


@dataclass(frozen=True)
class FormCode:
    """What a code says: the form's number, and the truncated hash of what was printed."""

    number: str
    digest: str
    version: int = VERSION

    @classmethod
    def of(cls, number: str, content_hash: str) -> "FormCode":
        """The code of a form, from its number and its content hash in hexadecimal."""
        return cls(number, b32encode(bytes.fromhex(content_hash)).decode()[:_HASH_LENGTH])

    def matches(self, content_hash: str) -> bool:
        """Whether a form's content is still what was printed."""
        return self == FormCode.of(self.number, content_hash)


def carries(number: str) -> bool:
    """Whether a form's number can stand in a code: digits, capitals, `.`, `/` and `-`, at most 32."""
    return _NUMBER.fullmatch(number) is not None


def encode(code: FormCode) -> str:
    """The code's text. Raises ValueError for a number that it does not carry."""
    text = f"SHIMING/{code.version} {code.number} {code.digest}"
    if not _TEXT.fullmatch(text):
        raise ValueError(f"not for a QR code: {text!r}")
    return text


def drawing(code: FormCode, x: float, y: float, side: float) -> str:
    """PDF operators that paint the code, one bit a module, with its lower left corner at x, y (points)."""
    import zxingcpp

    barcode = zxingcpp.create_barcode(encode(code), zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    picture = memoryview(cast("Buffer", zxingcpp.write_barcode_to_image(barcode, add_quiet_zones=False)))
    modules = len(picture)
    digits = -(-modules // MODULES_PER_BYTE) * 2
    bits = picture.tobytes().translate(_BITS).decode()
    rows = (bits[start : start + modules].ljust(digits * 4, "1") for start in range(0, len(bits), modules))
    data = "".join(f"{int(row, 2):0{digits}x}" for row in rows)
    header = f"BI /W {modules} /H {modules} /BPC 1 /IM true /F /AHx ID"
    return f"q {side:.2f} 0 0 {side:.2f} {x:.2f} {y:.2f} cm\n{header} {data}>\nEI Q"


def decode(scan: bytes) -> list[FormCode]:
    """The codes in a scan, a PDF or a picture, page by page; each once a page.

    Files from outside: services call it in a limited process. Raises Invalid `scan.unreadable` for what is neither.
    """
    return [code for page in _pages(scan) for code in _codes(page)]


def _codes(page: "Image") -> list[FormCode]:
    """Red channel first: there a red stamp across the code is as white as the paper."""
    for channel in (page.getchannel("R"), page.convert("L")):
        codes = list(dict.fromkeys(_read(channel)))
        if codes:
            return codes
    return []


def _read(picture: "Image") -> Iterator[FormCode]:
    import zxingcpp

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for barcode in zxingcpp.read_barcodes(picture, formats=formats):
        match = _TEXT.fullmatch(barcode.text)
        if match:
            yield FormCode(number=match[2], digest=match[3], version=int(match[1]))


def _pages(scan: bytes) -> Iterator["Image"]:
    yield from _pdf_pages(scan) if scan[:1024].find(b"%PDF-") >= 0 else _picture_pages(scan)


def _pdf_pages(scan: bytes) -> Iterator["Image"]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(scan) as document:
            for page in document:
                yield page.render(scale=SCAN_DPI / 72).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Invalid("scan.unreadable", detail=str(error)) from error


def _picture_pages(scan: bytes) -> Iterator["Image"]:
    from PIL import Image, ImageSequence

    try:
        with Image.open(BytesIO(scan)) as picture:
            for page in ImageSequence.Iterator(picture):
                yield page.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid("scan.unreadable", detail=str(error)) from error
