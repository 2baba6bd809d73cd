"""A list of schools (学校名单) as offices really send it → good rows, and each bad row with its reason (A1).

Pure: no database, nothing is taken in here. Run it through `workers.run_limited`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import codes
from app.errors import FieldProblem, Invalid, Value
from app.services.counties import Counties
from app.services.sheets import Row, Sheet, code_text, digits_lost, read_sheets
from app.words import N_

HEADINGS: Mapping[str, str] = {
    "name": N_("学校名称"),
    "code": N_("学校标识码"),
    "county": N_("县（市、区）"),
    "county_code": N_("行政区划代码"),
    "city": N_("市（州）"),
    "school_type": N_("办学类型"),
    "address": N_("学校地址"),
}
"""What a column is called; `FieldProblem.field` is one of these keys."""

# What offices write over a column, after `_heading` has taken brackets, signs and digits away.
_SYNONYMS: Mapping[str, re.Pattern[str]] = {
    "name": re.compile("(学校|单位|机构|学校机构)(规范|中文)?(名称|全称)?|校名|名称"),
    "code": re.compile("(学校|单位|机构|学校机构)?(标识码|标识代码|识别码|代码|编码)"),
    "county": re.compile(
        "(所属|所在|隶属)?(县|区|区县|县区|县市|县市区|市县区|县级)(名称|单位)?|(所属|所在)?行政区划?(名称)?"
    ),
    "county_code": re.compile(
        "(所属|所在)?(县级|县|区县|县区|县市区)?(行政)?区划(代码|码|编码)|(县|区县|县区|县市区)(级)?(代码|编码)"
    ),
    "city": re.compile("(所属|所在|隶属)?(市|州|市州|地市|地市州|州市|地级市|设区市|市级)(名称)?"),
    "school_type": re.compile("(学校)?办学类型(名称|代码|码)?|学校(类型|类别)"),
    "address": re.compile("(学校|单位)?(详细|通讯|通信|办学|所在|联系)?地址"),
}
_HEADER_WITHIN = 30
_TOTAL = re.compile(".{0,12}(合计|总计|共计|小计).{0,12}")
_NOTE = re.compile(
    "(注|备注|说明|填表|填报|制表|审核|复核|负责人|单位负责人|联系人|联系电话|经办).{0,1}[:：].*|(注|填表|填报|制表).*"
)
_CODE = re.compile("[0-9]{10}")
_NOT_MEANT = re.compile(r"\(.*?\)|【.*?】|\[.*?\]|[\W\d_]")
# Not Hangul: there the spaces belong to the name.
_CHINESE = r"[\u2E80-\uA4CF\uF900-\uFAFF\uFE30-\uFFEF\U00020000-\U0003FFFF]"
_BETWEEN_CHINESE = re.compile(rf"(?<={_CHINESE})\s+|\s+(?={_CHINESE})")
_MAX_NAME, _MAX_ADDRESS = 100, 200

Checked = tuple[str, str | None]
"""What a cell means, and the reason why it can't be taken."""


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school, checked. `row` counts from 1 as in the sheet. A city-run school (直属学校) has its city's code."""

    sheet: str
    row: int
    name: str
    code: str
    county_code: str
    county_name: str
    school_type: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class SchoolList:
    """What a file holds: schools that can go in, faults by sheet and row, and sheets that were not read."""

    rows: tuple[SchoolRow, ...]
    faults: tuple[FieldProblem, ...]
    skipped_sheets: tuple[str, ...]


def read_school_list(data: bytes, name: str, counties: Mapping[str, str]) -> SchoolList:
    """Read an .xlsx or .csv. `counties`: code → name of each county, and of each city that may have schools of its own.

    Of two rows with the same code, or the same name in one county, the second is the fault. A fault's data has `sheet`
    and `value`. Raises Invalid `sheet.…` or `school_list.…` when the file as a whole can't be read.
    """
    sheets = read_sheets(data, name)
    tables = [(sheet, header) for sheet in sheets if (header := _find_header(sheet)) and not header.missing]
    if not tables:
        raise _no_table(sheets)
    reader = _Reader(Counties(counties))
    for sheet, header in tables:
        reader.read(sheet, header)
    read = {sheet.name for sheet, _ in tables}
    skipped = tuple(sheet.name for sheet in sheets if sheet.name not in read and (sheet.rows or sheet.hidden))
    return SchoolList(tuple(reader.rows), tuple(reader.faults), skipped)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[str, int]

    @property
    def missing(self) -> Sequence[str]:
        """Headings of the columns without which a list is of no use."""
        wanted = ["name", "code", *(() if "county_code" in self.columns else ("county",))]
        return [HEADINGS[field] for field in wanted if field not in self.columns]


def _find_header(sheet: Sheet) -> _Header | None:
    """The row that names most columns; titles and groups of columns stand above it."""
    headers = [_Header(index, _columns(row)) for index, row in enumerate(sheet.rows[:_HEADER_WITHIN])]
    best = max(headers, key=lambda header: len(header.columns), default=None)
    return best if best and len(best.columns) > 1 else None


def _columns(row: Row) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(row):
        heading = _heading(cell)
        field = next((field for field, pattern in _SYNONYMS.items() if pattern.fullmatch(heading)), None)
        if field:
            found.setdefault(field, column)
    return found


def _heading(cell: str) -> str:
    return _NOT_MEANT.sub("", codes.normalise(cell)) if len(cell) < 40 else ""


def _no_table(sheets: Sequence[Sheet]) -> Invalid:
    nearest = min(
        (header for sheet in sheets if (header := _find_header(sheet))), key=lambda h: len(h.missing), default=None
    )
    if nearest is None:
        return Invalid("school_list.no_header")
    return Invalid("school_list.column_missing", row=nearest.row + 1, columns="、".join(nearest.missing))


class _Reader:
    """Goes through the sheets of one file, and remembers what it has taken."""

    def __init__(self, counties: Counties) -> None:
        self.rows: list[SchoolRow] = []
        self.faults: list[FieldProblem] = []
        self._counties = counties
        self._province = next(iter(counties.names), "")[:2]
        self._taken: dict[tuple[str, ...], SchoolRow] = {}

    def read(self, sheet: Sheet, header: _Header) -> None:
        """Take in the rows below the header."""
        for index, row in enumerate(sheet.rows[header.row + 1 :], header.row + 2):
            cells = {field: row[column] for field, column in header.columns.items() if column < len(row)}
            if _is_school(row, cells):
                self._take(sheet.name, index, cells)

    def _take(self, sheet: str, index: int, cells: Mapping[str, str]) -> None:
        found = {
            "name": _name(cells.get("name", "")),
            "code": self._code(cells.get("code", "")),
            "county": self._county(cells),
            "school_type": _school_type(cells.get("school_type", "")),
            "address": _address(cells.get("address", "")),
        }
        faults = [
            FieldProblem(field, reason, _where(sheet, cells.get(field, "")), index)
            for field, (_value, reason) in found.items()
            if reason
        ]
        if not faults:
            name, code, county, school_type, address = (value for value, _reason in found.values())
            school = SchoolRow(sheet, index, name, code, county, self._counties.names[county], school_type, address)
            faults = list(self._repeats(school))
        if not faults:
            self.rows.append(school)
            self._taken |= dict.fromkeys(_identities(school), school)
        self.faults += faults

    def _repeats(self, school: SchoolRow) -> Iterator[FieldProblem]:
        reasons = ("school_list.code_repeated", "school_list.name_repeated")
        for field, reason, identity in zip(("code", "name"), reasons, _identities(school), strict=True):
            if first := self._taken.get(identity):
                data = _where(school.sheet, identity[0]) | {"first_sheet": first.sheet, "first_row": first.row}
                yield FieldProblem(field, reason, data, school.row)

    def _code(self, cell: str) -> Checked:
        code = code_text(cell)
        if not code:
            return "", "school_list.code_missing"
        return code, "school_list.code_rounded" if digits_lost(code) else codes.school_code_fault(code, self._province)

    def _county(self, cells: Mapping[str, str]) -> Checked:
        return self._counties.find(
            code_text(cells.get("county", "")), code_text(cells.get("county_code", "")), cells.get("city", "")
        )


def _where(sheet: str, value: str) -> dict[str, Value]:
    return {"sheet": sheet, "value": value[:60]}


def _identities(school: SchoolRow) -> Sequence[tuple[str, ...]]:
    return (school.code,), (school.name, school.county_code)


def _is_school(row: Row, cells: Mapping[str, str]) -> bool:
    """Whether the row is meant as a school: not blank or only numbered, no header again, no total, no note."""
    if not any(cells.get(field) for field in ("name", "code", "address")):
        return False
    if _CODE.fullmatch(code_text(cells.get("code", ""))):
        return True
    first = codes.normalise(next(cell for cell in row if cell))
    if _TOTAL.fullmatch(first) or _TOTAL.fullmatch(codes.normalise(cells.get("name", ""))):
        return False
    return not _NOTE.match(first) and not _SYNONYMS["name"].fullmatch(_heading(cells.get("name", "")))


def _name(cell: str) -> Checked:
    name = _plain(cell)
    if not name:
        return "", "school_list.name_missing"
    if len(name) > _MAX_NAME:
        return name, "school_list.name_too_long"
    return name, None if any(map(str.isalpha, name)) else "school_list.name_not_words"


def _school_type(cell: str) -> Checked:
    """A code or a name of `SCHOOL_TYPES`, or both in one cell; blank is allowed here."""
    text = code_text(cell)
    number, words = re.sub("[^0-9]", "", text), re.sub(r"[0-9():.-]", "", text)
    named = codes.SCHOOL_TYPE_NAMES.get(words)
    code = number or named or ""
    if text and (code not in codes.SCHOOL_TYPES or (words and named != code)):
        return "", "school_list.type_unknown"
    return code, None


def _address(cell: str) -> Checked:
    address = _plain(cell)
    return address, "school_list.address_too_long" if len(address) > _MAX_ADDRESS else None


def _plain(cell: str) -> str:
    """Words as meant: letters and digits half-width, no unseen characters, no spaces between Chinese characters."""
    words = codes.UNSEEN_OR_WIDE.sub(lambda found: codes.normalise(found[0]), cell)
    return _BETWEEN_CHINESE.sub("", " ".join(words.split()))
