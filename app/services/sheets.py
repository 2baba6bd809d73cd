"""Tables that offices send (.xlsx, .csv), as sheets of text cells.

Pure functions over bytes that nobody vouches for: whatever is wrong with a file is an `Invalid` reason. Run them in a
limited process all the same: the decoder is native code.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import PurePath

import python_calamine as calamine

from app import codes
from app.errors import Invalid

MAX_FILE = 32 << 20
"""Bytes of a file that is taken at all."""
MAX_UNPACKED = 96 << 20
"""Bytes of a workbook's parts once unpacked: some 200,000 rows of ten columns."""
MAX_ROWS = 200_000
MAX_CELLS = 4_000_000
"""Cells between the first and the furthest used one, since that whole area is held in memory."""

Row = tuple[str, ...]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = (
    _OLD_OFFICE,
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
_WORKSHEET = calamine.SheetTypeEnum.WorkSheet
# Cells with something in them; bounded, so that it stays linear on whatever is there instead of XML.
_USED_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]{0,200}(?<!/)>(?!</)')
_DECIMAL = re.compile(r"[0-9]+\.0*")
_SCIENTIFIC = re.compile(r"[0-9]\.?[0-9]*[eE]\+?[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is the sheet's first row, blank or not. Of a hidden sheet nothing is read."""

    name: str
    rows: Sequence[Row]
    hidden: bool = False


def read_sheets(data: bytes, name: str) -> Sequence[Sheet]:
    """All sheets of a file; `name` is the file's name. Vertically merged cells are filled with their value.

    Raises Invalid `sheet.…` for a file that is damaged, too large, encrypted, or not what its name says.
    """
    if not data:
        raise Invalid("sheet.empty_file", file=PurePath(name).name)
    if len(data) > MAX_FILE:
        raise Invalid("sheet.too_large", file=PurePath(name).name, mib=MAX_FILE >> 20)
    match PurePath(name).suffix.lower():
        case ".xlsx":
            return _read_xlsx(data, PurePath(name).name)
        case ".csv":
            return (Sheet(PurePath(name).stem, _read_csv(data, PurePath(name).name)),)
        case ".xls" | ".et" | ".xlsm" | ".ods":
            raise Invalid("sheet.old_format", file=PurePath(name).name)
    raise Invalid("sheet.unsupported", file=PurePath(name).name)


def code_text(cell: str) -> str:
    """A code or number as typed, where a spreadsheet has made `2122000010.0` or `2.122000010E+09` of it."""
    text = codes.normalise(cell).lstrip("'")
    if _DECIMAL.fullmatch(text):
        return text.partition(".")[0]
    if _SCIENTIFIC.fullmatch(text):
        digits, _, exponent = text.lower().partition("e")
        if len(digits.replace(".", "")) > int(exponent):
            return str(int(Decimal(text)))
    return text


def digits_lost(code: str) -> bool:
    """Whether a spreadsheet has rounded this code (`code_text`), so that it must be typed anew, as text."""
    return _SCIENTIFIC.fullmatch(code) is not None


def _read_xlsx(data: bytes, name: str) -> Sequence[Sheet]:
    if data.startswith(_OLD_OFFICE):
        raise Invalid("sheet.encrypted" if _ENCRYPTED in data else "sheet.old_format", file=name)
    if not data.startswith(b"PK"):
        raise Invalid("sheet.wrong_extension", file=name)
    repacked = io.BytesIO(_repack(data, name))
    try:
        with calamine.load_workbook(repacked) as workbook:
            kinds = enumerate(workbook.sheets_metadata)
            return [_sheet(workbook, index, meta) for index, meta in kinds if meta.typ == _WORKSHEET]
    except (calamine.CalamineError, ArithmeticError, ValueError) as error:
        raise Invalid("sheet.damaged", file=name) from error


def _repack(data: bytes, name: str) -> bytes:
    """The workbook's XML parts in a fresh archive: what the decoder unpacks is exactly what was measured here."""
    target, room = io.BytesIO(), MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as parts:
            for entry in _parts(source):
                with source.open(entry) as file:
                    content = file.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise Invalid("sheet.bomb", file=name, mib=MAX_UNPACKED >> 20)
                _measure(content, name)
                parts.writestr(entry.filename, content)
    except Invalid:
        raise
    except Exception as error:  # zipfile lets a dozen kinds through from damaged archives
        raise Invalid("sheet.damaged", file=name) from error
    return target.getvalue()


def _parts(source: zipfile.ZipFile) -> Iterable[zipfile.ZipInfo]:
    wanted = {entry.filename: entry for entry in source.infolist() if entry.filename.endswith((".xml", ".rels"))}
    # Without styles a number is a number: a code in a cell that is formatted as a date would come as a day, or crash.
    wanted.pop("xl/styles.xml", None)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in wanted.values()):
        raise zipfile.BadZipFile
    return wanted.values()


def _measure(content: bytes, name: str) -> None:
    """Refuse a sheet whose furthest cell spans an area that wouldn't fit: as a rule a blank typed in the last row."""
    width, height = 0, 0
    for column, row in _USED_CELL.findall(content) if b"sheetData" in content else ():
        width, height = max(width, _column_number(column)), max(height, int(row))
    if width * height > MAX_CELLS or height > MAX_ROWS:
        raise Invalid("sheet.sprawl", file=name, columns=width, rows=height)


@cache
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet(workbook: calamine.CalamineWorkbook, index: int, meta: calamine.SheetMetadata) -> Sheet:
    if meta.visible != calamine.SheetVisibleEnum.Visible:
        return Sheet(meta.name, (), hidden=True)
    sheet = workbook.get_sheet_by_index(index)
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and not row[left]:
                row[left] = rows[top][left]
    return Sheet(meta.name, [tuple(row) for row in rows])


def _text(cell: object) -> str:
    if isinstance(cell, float):
        if not cell.is_integer():
            return repr(cell)
        # Beyond fifteen digits a number cell has lost the rest: leave it in the form that `digits_lost` knows.
        return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.14e}"
    return str(cell).strip()


def _read_csv(data: bytes, name: str) -> Sequence[Row]:
    if data.startswith(_FOREIGN) or data.lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise Invalid("sheet.wrong_extension", file=name)
    text = _decode(data, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    start = 1
    try:
        for row in reader:
            rows.append(tuple(cell.strip() for cell in row))
            start = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                raise Invalid("sheet.sprawl", file=name, columns=len(row), rows=len(rows))
    except csv.Error as error:
        raise Invalid("sheet.csv_quotes", file=name, line=start) from error
    return rows


def _decode(data: bytes, name: str) -> str:
    """Excel writes UTF-8 with a mark, GB18030 or UTF-16 with a mark, by the version and the choice in "save as"."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid("sheet.encoding", file=name)


def _delimiter(text: str) -> str:
    start = text[:4096]
    return max(",\t;", key=start.count)
