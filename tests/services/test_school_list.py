"""School lists as offices send them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.data import BAD_SCHOOLS, SCHOOLS, school_workbook
from app.divisions import Level, divisions
from app.errors import FieldProblem, Invalid
from app.messages import explain
from app.services.school_list import SchoolList, read_school_list
from tests.support.workbooks import Cell, workbook

pytestmark = pytest.mark.requirement("A1")

JILIN = {one.code: one.name for one in divisions("22") if one.level is not Level.PROVINCE}
HEADER: list[Cell] = ["学校名称", "学校标识码", "县（市、区）", "办学类型", "学校地址"]
HELONG: list[Cell] = ["农安县合隆镇中心小学", 2122000101, "农安县", "小学", "合隆大街88号"]


def read(*rows: list[Cell], header: list[Cell] = HEADER) -> SchoolList:
    return read_school_list(workbook({"名单": [header, *rows]}), "名单.xlsx", JILIN)


def changed(column: int, value: Cell) -> list[Cell]:
    return [*HELONG[:column], value, *HELONG[column + 1 :]]


def named(faults: tuple[FieldProblem, ...]) -> list[tuple[int | None, str, str]]:
    return [(fault.row, fault.field, fault.reason) for fault in faults]


def test_a_list_as_offices_send_it() -> None:
    found = read_school_list(school_workbook(), "学校名单.xlsx", JILIN)
    assert [row.name for row in found.rows] == [school.name.replace(" ", "") for school in SCHOOLS]
    assert [row.row for row in found.rows] == list(range(5, 45))
    assert found.rows[0].code == "2122000101"
    assert found.rows[0].county_code == "220122"
    assert found.rows[4].county_code == "220100"
    assert named(found.faults) == [
        (45, "county", "school_list.county_missing"),
        (46, "county", "school_list.county_unknown"),
        (47, "code", "school_list.code_repeated"),
        (48, "code", "school_code.form"),
        (49, "code", "school_code.province"),
        (50, "school_type", "school_list.type_unknown"),
    ]
    assert len(found.faults) == len(BAD_SCHOOLS)
    assert found.skipped_sheets == ("填写说明", "下拉选项")


def test_every_fault_can_be_told() -> None:
    found = read_school_list(school_workbook(), "学校名单.xlsx", JILIN)
    repeated = found.faults[2]
    assert repeated.data["sheet"] == "学校名单"
    assert explain(repeated).what == "学校标识码“2122000118”与“学校名单”第 22 行重复。"
    assert all(explain(fault).todo for fault in found.faults)


@pytest.mark.parametrize(
    "code",
    [
        2122000101,
        2122000101.0,
        "2122000101.0",
        "2.122000101E+09",
        "２１２２０００１０１",
        " 2122 000101\u200b",
        "'2122000101",
    ],
)
def test_codes_as_spreadsheets_leave_them(code: Cell) -> None:
    assert read(changed(1, code)).rows[0].code == "2122000101"


@pytest.mark.parametrize(
    ("column", "value", "field", "reason"),
    [
        (0, None, "name", "school_list.name_missing"),
        (0, " \u3000", "name", "school_list.name_missing"),
        (0, 12, "name", "school_list.name_not_words"),
        (0, "学" * 101, "name", "school_list.name_too_long"),
        (1, None, "code", "school_list.code_missing"),
        (1, "2.122E+09", "code", "school_list.code_rounded"),
        (1, 212200010, "code", "school_code.form"),
        (1, "212200010O", "code", "school_code.form"),
        (1, 2121000101, "code", "school_code.province"),
        (2, None, "county", "school_list.county_missing"),
        (2, "九台县", "county", "school_list.county_unknown"),
        (3, "其他", "school_type", "school_list.type_unknown"),
        (3, "小学 311", "school_type", "school_list.type_unknown"),
        (4, "路" * 201, "address", "school_list.address_too_long"),
    ],
)
def test_each_bad_row_is_named_with_its_reason(column: int, value: Cell, field: str, reason: str) -> None:
    found = read(changed(1, 2122000199), changed(column, value))
    assert named(found.faults) == [(3, field, reason)]
    assert explain(found.faults[0]).what


def test_every_fault_of_a_row_is_named_at_once() -> None:
    assert [fault.field for fault in read(["甲", 1, "乙", "丙", ""]).faults] == ["code", "county", "school_type"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("小学", "211"), (211, "211"), ("211", "211"), ("２１１", "211"), ("小学(211)", "211"), ("211-小学", "211")),
        *(("初中", "311"), ("分校、大专班", "419"), (None, ""), (" 小 学 ", "211")),
    ],
)
def test_school_types_by_code_and_by_name(written: Cell, code: str) -> None:
    assert read(changed(3, written)).rows[0].school_type == code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 农安县 第一\u3000中学\n", "农安县第一中学"),
        ("长春市第８７中学（北校区）", "长春市第87中学（北校区）"),
        ("农安县\u200b实验\ufeff小学", "农安县实验小学"),
        ("연길시 제1 중학교", "연길시 제1 중학교"),
        ("Canadian  International School", "Canadian International School"),
    ],
)
def test_names_are_kept_as_meant(typed: str, name: str) -> None:
    assert read(changed(0, typed)).rows[0].name == name


@pytest.mark.parametrize(
    "header",
    [
        ["*学校（机构）名称", "学校（机构）标识码（10位）", "所属县（市、区）", "办学类型代码", "通讯地址"],
        ["单位名称", "单位代码", "区 县", "学校类别", "详细地址"],
        ["校\n名", "标识码", "县区名称", "类型?", "地址："],
        ["学校", "2.学校代码：", "县/市/区", "办学类型", "单位地址"],
    ],
)
def test_headings_are_found_by_what_they_mean(header: list[Cell]) -> None:
    found = read(HELONG, header=header)
    assert [(row.name, row.county_code, row.address) for row in found.rows] == [
        ("农安县合隆镇中心小学", "220122", "合隆大街88号")
    ]


def test_columns_may_stand_in_any_order_among_others() -> None:
    header: list[Cell] = ["序号", "区划代码", "学校办别", "学校标识码", "统一社会信用代码", "学校名称"]
    row: list[Cell] = [1, 220122, "公办", 2122000101, "91350100M000100Y43", "合隆小学"]
    (school,) = read(row, header=header).rows
    assert (school.name, school.code, school.county_name) == ("合隆小学", "2122000101", "农安县")


@pytest.mark.parametrize(
    "row",
    [
        [None, None, None, None, None],
        ["", " ", "\u3000", None, None],
        [None, None, "农安县", None, None],
        ["合计", None, None, None, None],
        ["总 计：1所", None, None, None, None],
        ["农安县小计", 1, None, None, None],
        ["注：本表一式两份。", None, None, None, None],
        ["填表人：张三", None, "联系电话：0431-88904567", None, None],
        HEADER,
        ["学校名称", "标识码", None, None, None],
    ],
)
def test_rows_that_are_no_schools_are_passed_over(row: list[Cell]) -> None:
    found = read(row, HELONG, row)
    assert [school.row for school in found.rows] == [3]
    assert found.faults == ()


def test_a_school_is_not_mistaken_for_a_total() -> None:
    assert read(changed(0, "长春市合计财会学校")).rows[0].name == "长春市合计财会学校"


def test_repeated_rows_point_at_the_first() -> None:
    found = read(HELONG, HELONG, changed(0, "另一所小学"), changed(1, 2122000102))
    assert len(found.rows) == 1
    assert named(found.faults) == [
        (3, "code", "school_list.code_repeated"),
        (3, "name", "school_list.name_repeated"),
        (4, "code", "school_list.code_repeated"),
        (5, "name", "school_list.name_repeated"),
    ]
    assert {fault.data["first_row"] for fault in found.faults} == {2}


def test_the_same_name_in_another_county_is_another_school() -> None:
    assert len(read(HELONG, ["农安县合隆镇中心小学", 2122000102, "德惠市", "", ""]).rows) == 2


def test_a_bad_row_does_not_bar_the_good_one_after_it() -> None:
    found = read(changed(2, ""), HELONG)
    assert [row.row for row in found.rows] == [3]
    assert len(found.faults) == 1


def test_several_sheets_are_one_list() -> None:
    book = workbook(
        {"农安": [["农安县学校"], HEADER, HELONG], "说明": [["请看"]], "补报": [HEADER, [], HELONG, changed(0, None)]}
    )
    found = read_school_list(book, "名单.xlsx", JILIN)
    assert [(row.sheet, row.row) for row in found.rows] == [("农安", 3)]
    assert [(fault.data["sheet"], fault.row) for fault in found.faults] == [("补报", 3), ("补报", 3), ("补报", 4)]
    assert found.faults[0].data["first_sheet"] == "农安"
    assert found.skipped_sheets == ("说明",)


@pytest.mark.parametrize(
    ("rows", "reason", "columns"),
    [
        ([["甲", "乙"], [1, 2]], "school_list.no_header", None),
        ([["学校名称", "学校地址"], ["甲", "乙"]], "school_list.column_missing", "学校标识码、县（市、区）"),
        ([["学校代码", "区划代码"], [1, 2]], "school_list.column_missing", "学校名称"),
        ([], "school_list.no_header", None),
    ],
)
def test_a_table_without_what_is_needed(rows: list[list[Cell]], reason: str, columns: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        read_school_list(workbook({"名单": rows}), "名单.xlsx", JILIN)
    assert caught.value.reason == reason
    assert caught.value.data.get("columns") == columns
    assert explain(caught.value).todo


def test_a_csv_is_read_alike() -> None:
    lines = (
        "吉林省学校名单,,",
        "学校名称,学校标识码,县区",
        "合隆镇中心小学,2.122E+09,农安县",
        "甲小学,2122000102,农安县",
    )
    text = "\r\n".join(lines)
    found = read_school_list(text.encode("gb18030"), "名单.csv", JILIN)
    assert [(row.sheet, row.row, row.name) for row in found.rows] == [("名单", 4, "甲小学")]
    assert named(found.faults) == [(3, "code", "school_list.code_rounded")]


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from([*HEADER, *HELONG, "合计", "2.1E+09", "市直", "220122", "长春市农安县"]),
)


@given(st.lists(st.lists(cells, max_size=6), max_size=8), st.booleans())
def test_any_rows_end_as_schools_or_faults(rows: list[list[Cell]], headed: bool) -> None:
    """As .csv, since that takes any text; the cells of an .xlsx go the same way after `sheets`."""
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, *rows] if headed else rows)
    try:
        found = read_school_list(file.getvalue().encode(), "名单.csv", JILIN)
    except Invalid as problem:
        explain(problem)
        return
    good, bad = {row.row for row in found.rows}, {fault.row for fault in found.faults}
    assert not good & bad
    assert all(explain(fault).what for fault in found.faults)
    assert len({row.code for row in found.rows}) == len(found.rows)


full_width = str.maketrans({str(digit): chr(0xFF10 + digit) for digit in range(10)})
as_typed = st.sampled_from(
    [
        str,
        int,
        float,
        "{}.0".format,
        " {}\u3000".format,
        lambda code: f"{int(code):.9E}",
        lambda code: code.translate(full_width),
    ]
)


@given(
    st.lists(st.tuples(st.integers(0, 999_999), st.sampled_from(sorted(JILIN)), as_typed), unique_by=lambda row: row[0])
)
def test_good_rows_come_back_however_their_codes_were_typed(rows: list[tuple[int, str, object]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for number, county, typed in rows:
        assert callable(typed)
        writer.writerow([f"第{number}小学", typed(f"2122{number:06}"), JILIN[county], "211", ""])
    found = read_school_list(file.getvalue().encode(), "名单.csv", JILIN)
    assert found.faults == ()
    assert [(row.code, row.county_code) for row in found.rows] == [(f"2122{n:06}", county) for n, county, _ in rows]
