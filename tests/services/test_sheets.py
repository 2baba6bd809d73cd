"""Tables from outside: any bytes end as cells or as a reason."""

import io
import zipfile
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.errors import Invalid
from app.services import sheets
from app.services.sheets import Sheet, code_text, digits_lost, read_sheets
from tests.support.workbooks import Cell, archive, parts, workbook

pytestmark = pytest.mark.requirement("A1")

BOOK = workbook({"名单": [["学校名称", "学校标识码"], ["合隆镇中心小学", 2122000101], [None, True]]})
SHEET = "xl/worksheets/sheet1.xml"


def reason(data: bytes, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        read_sheets(data, name)
    return caught.value.reason


def test_cells_come_as_text_in_their_places() -> None:
    (sheet,) = read_sheets(BOOK, "名单.XLSX")
    assert sheet == Sheet("名单", [("学校名称", "学校标识码"), ("合隆镇中心小学", "2122000101"), ("", "True")])


def test_leading_blank_rows_and_columns_are_kept() -> None:
    rows: list[list[Cell]] = [[None], [None, "x"]]
    (sheet,) = read_sheets(workbook({"A": rows}), "a.xlsx")
    assert list(sheet.rows) == [("", ""), ("", "x")]


def test_vertically_merged_cells_are_filled_and_titles_are_not_spread() -> None:
    rows: list[list[Cell]] = [["标题", None], ["农安县", "甲"], [None, "乙"], [None, "丙"]]
    (sheet,) = read_sheets(workbook({"A": rows}, ["A1:B1", "A2:A4"]), "a.xlsx")
    assert list(sheet.rows) == [("标题", ""), ("农安县", "甲"), ("农安县", "乙"), ("农安县", "丙")]


@pytest.mark.parametrize("kind", ["hidden", "veryHidden"])
def test_of_a_hidden_sheet_nothing_is_read(kind: str) -> None:
    files = parts(workbook({"A": [["x"]], "B": [["y"]]}))
    book = files["xl/workbook.xml"]
    assert book.count(b'state="visible"') == 2
    files["xl/workbook.xml"] = book[::-1].replace(b'"elbisiv"=etats', f'"{kind[::-1]}"=etats'.encode(), 1)[::-1]
    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in read_sheets(archive(files), "a.xlsx")] == [
        ("A", False, 1),
        ("B", True, 0),
    ]


def test_a_code_in_a_cell_formatted_as_a_date_stays_a_code() -> None:
    book, file = Workbook(), io.BytesIO()
    cell = book.worksheets[0].cell(1, 1, 220122)
    cell.number_format = "yyyy-mm-dd"
    book.save(file)
    assert read_sheets(file.getvalue(), "a.xlsx")[0].rows[0] == ("220122",)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2122000101", "2122000101"),
        ("2122000101.0", "2122000101"),
        ("2.122000101E+09", "2122000101"),
        ("2.122000101e9", "2122000101"),
        (" ２１２２０００１０１ ", "2122000101"),
        ("'2122000101", "2122000101"),
        ("", ""),
    ],
)
def test_a_code_comes_back_as_typed(typed: str, code: str) -> None:
    assert code_text(typed) == code
    assert not digits_lost(code)


@pytest.mark.parametrize("cell", [110105194912310021, 1.1010519491231002e17, 2e15, "2.122E+09", "1.10105E+17"])
def test_lost_digits_are_noticed(cell: str | float) -> None:
    (sheet,) = read_sheets(workbook({"A": [[cell]]}), "a.xlsx")
    assert digits_lost(code_text(sheet.rows[0][0]))


@given(st.integers(0, 10**14))
def test_numbers_up_to_fourteen_digits_survive_a_number_cell(number: int) -> None:
    text = sheets._text(float(number))
    assert code_text(text) == str(number)
    assert not digits_lost(text)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "a.xlsx", "sheet.empty_file"),
        (BOOK, "a.xls", "sheet.old_format"),
        (BOOK, "a.csv", "sheet.wrong_extension"),
        (BOOK, "a.docx", "sheet.unsupported"),
        (BOOK, "a", "sheet.unsupported"),
        ("学校名称,代码\n".encode(), "a.xlsx", "sheet.wrong_extension"),
        (b"%PDF-1.7 ...", "a.csv", "sheet.wrong_extension"),
        (b"<html><table></table></html>", "a.csv", "sheet.wrong_extension"),
        (sheets._OLD_OFFICE + bytes(2000), "a.xlsx", "sheet.old_format"),
        (sheets._OLD_OFFICE + bytes(2000) + sheets._ENCRYPTED, "a.xlsx", "sheet.encrypted"),
        (archive({"word/document.xml": b"<w/>"}), "a.xlsx", "sheet.damaged"),
        (archive({"a.txt": b"x"}), "a.xlsx", "sheet.damaged"),
        (b"\x00\x01\x02", "a.csv", "sheet.encoding"),
        (b"a,\xff\xff\xff", "a.csv", "sheet.encoding"),
        (archive(parts(BOOK), zipfile.ZIP_LZMA), "a.xlsx", "sheet.damaged"),
    ],
)
def test_a_file_that_is_not_what_it_says(data: bytes, name: str, expected: str) -> None:
    assert reason(data, name) == expected


def test_a_file_beyond_the_limit() -> None:
    assert reason(bytes(sheets.MAX_FILE + 1), "a.xlsx") == "sheet.too_large"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = archive(parts(BOOK) | {SHEET: bytes(sheets.MAX_UNPACKED)})
    assert len(bomb) < 1 << 20
    assert reason(bomb, "a.xlsx") == "sheet.bomb"


def test_a_bomb_that_lies_about_its_size() -> None:
    content = b"<x>" + bytes(1 << 20)
    bomb = archive({"xl/workbook.xml": content})
    lie = bomb.replace(len(content).to_bytes(4, "little"), (8).to_bytes(4, "little"))
    assert lie != bomb
    assert reason(lie, "a.xlsx") == "sheet.damaged"


def test_pictures_do_not_count() -> None:
    book = archive(parts(BOOK) | {"xl/media/image1.png": bytes(sheets.MAX_UNPACKED + 1)})
    assert len(read_sheets(book, "a.xlsx")[0].rows) == 3


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "ZZ90000"])
def test_a_stray_cell_far_away_is_refused_before_it_fills_the_memory(cell: str) -> None:
    files = parts(BOOK)
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t> </t></is></c></row></sheetData>'.encode()
    files[SHEET] = files[SHEET].replace(b"</sheetData>", far)
    if cell == "XFD1":
        assert len(read_sheets(archive(files), "a.xlsx")[0].rows[0]) == 16384
    else:
        assert reason(archive(files), "a.xlsx") == "sheet.sprawl"


def test_a_far_cell_that_is_only_formatted_does_no_harm() -> None:
    files = parts(BOOK)
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    files[SHEET] = files[SHEET].replace(b"</sheetData>", far)
    assert len(read_sheets(archive(files), "a.xlsx")[0].rows) == 3


def test_a_workbook_cut_anywhere_is_damaged() -> None:
    for size in range(2, len(BOOK) - 22, 37):
        assert reason(BOOK[:size], "a.xlsx") == "sheet.damaged"


@given(st.integers(0, len(BOOK) - 1), st.integers(1, 255))
def test_a_changed_byte_never_escapes_as_anything_else(place: int, change: int) -> None:
    data = bytearray(BOOK)
    data[place] ^= change
    with suppress(Invalid):
        read_sheets(bytes(data), "a.xlsx")


VALUES = [b"-1", b"1e300", b"-1e300", b"", b"4294967296", b"NaN", b"A1:XFD9", b"&#0;", b"<", b'"', b"\xff"]


@given(st.data())
def test_a_changed_part_never_escapes_as_anything_else(data: st.DataObject) -> None:
    files = parts(BOOK)
    name = data.draw(st.sampled_from(sorted(name for name in files if name.endswith((".xml", ".rels")))))
    content = files[name]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 12, len(content))))
    files[name] = content[:start] + data.draw(st.sampled_from(VALUES)) + content[end:]
    with suppress(Invalid):
        read_sheets(archive(files), "a.xlsx")


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xlsx", "a.xls", ".", ""]))
@example(b"PK\x03\x04", "a.xlsx")
@example(b"PK\x05\x06" + bytes(18), "a.xlsx")
@example(b"\xff\xfea", "a.csv")
@example(b'"', "a.csv")
@example(b"\xef\xbb\xbf", "a.csv")
def test_any_bytes_end_as_rows_or_as_a_reason(data: bytes, name: str) -> None:
    with suppress(Invalid):
        read_sheets(data, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_as_programs_write_it(encoding: str, delimiter: str, end: str) -> None:
    rows = [["学校名称", "地址"], ["合隆镇中心小学", '"合隆\n大街"'], [], ["𬭊小学", ""]]
    text = end.join(delimiter.join(row) for row in rows) + end
    (sheet,) = read_sheets(text.encode(encoding), "名单.csv")
    assert sheet.name == "名单"
    assert list(sheet.rows) == [("学校名称", "地址"), ("合隆镇中心小学", "合隆\n大街"), (), ("𬭊小学", "")]


def test_an_open_quote_names_its_line_and_swallows_nothing() -> None:
    with pytest.raises(Invalid) as caught:
        read_sheets(b'a,b\nc,"d\ne,f\n', "a.csv")
    assert (caught.value.reason, caught.value.data["line"]) == ("sheet.csv_quotes", 2)


def test_csv_with_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(read_sheets(b"a\n" * 3, "a.csv")[0].rows) == 3
    assert reason(b"a\n" * 4, "a.csv") == "sheet.sprawl"


def test_columns_are_numbered_as_in_a_spreadsheet() -> None:
    letters = [b"A", b"Z", b"AA", b"AZ", b"BA", b"ZZ", b"AAA", b"XFD"]
    numbers = [sheets._column_number(one) for one in letters]
    assert numbers == [1, 26, 27, 52, 53, 702, 703, 16384]
    assert all(before < after for before, after in pairwise(numbers))
