"""The org tree: 15,000 units at once, searched as one types, and nothing stands still meanwhile (A1)."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from app.demo.cast import CITY, COUNTY, PROVINCE, SCHOOL
from app.models.org import UnitKind, UnitStatus
from app.policy import Post
from app.services import org
from app.services.org import UnitRow
from app.views.links import Link
from app.views.org.model import UnitModel
from app.views.org.page import OrgPage
from app.views.org.tree import MOST_HITS, TOP, Units
from tests.support.offices import Office
from tests.views.beats import LIMIT, Beat
from tests.views.conftest import Desks
from tests.views.hands import write

pytestmark = pytest.mark.requirement("A1")
Shown = Callable[..., OrgPage]
TRIES = 3
"""The machine may be busy with something else: once in so many is enough."""

_numbers = count(1)


def _unit(kind: UnitKind, name: str, superior: UnitRow | None = None, **told: object) -> UnitRow:
    above = superior.id if superior else None
    row = UnitRow(next(_numbers), kind, name, UnitStatus.ACTIVE, above, above, None, None, None, "", False)
    return replace(row, **told)  # type: ignore[arg-type]


TOP_UNIT = _unit(UnitKind.PROVINCE, "吉林省教育厅", division_code="220000")
COUNTY_UNIT = _unit(UnitKind.COUNTY, "农安县教育局", TOP_UNIT, division_code="220122")
PRIMARY = _unit(UnitKind.SCHOOL, "第一小学", COUNTY_UNIT, school_code="2122000001")
SECOND = _unit(UnitKind.SCHOOL, "实验小学", COUNTY_UNIT, school_code="2122000002")
GONE = _unit(UnitKind.SCHOOL, "旧小学", COUNTY_UNIT, school_code="2122000003", status=UnitStatus.RETIRED)
UNITS = Units((SECOND, GONE, PRIMARY, COUNTY_UNIT, TOP_UNIT))


def test_the_tree_follows_the_reporting_line_in_the_order_of_the_codes() -> None:
    tree = UNITS.tree(retired=False)
    assert tree.below == {TOP: [TOP_UNIT.id], TOP_UNIT.id: [COUNTY_UNIT.id], COUNTY_UNIT.id: [PRIMARY.id, SECOND.id]}
    assert GONE.id in UNITS.tree(retired=True).rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("实验", [SECOND]),
        ("２１２２０００００１", [PRIMARY]),
        ("220122", [COUNTY_UNIT]),
        ("农安 小学", [PRIMARY, SECOND]),
        ("农安", [COUNTY_UNIT]),
        ("旧小学", []),
        ("  ", []),
    ],
)
def test_a_search_finds_by_name_and_codes_and_the_superior_s_name_beside(text: str, found: list[UnitRow]) -> None:
    assert list(UNITS.search(text, retired=False).ids) == [unit.id for unit in found]


def test_who_has_the_very_name_stands_first() -> None:
    other = _unit(UnitKind.SCHOOL, "新实验小学", COUNTY_UNIT, school_code="2122000000")
    hits = Units((TOP_UNIT, COUNTY_UNIT, other, SECOND)).search("实验小学", retired=False)
    assert list(hits.ids) == [SECOND.id, other.id]


def test_the_model_keeps_qt_s_rules(qtmodeltester: object) -> None:
    model = UnitModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for only in (None, [SECOND.id], []):
        model.show(UNITS.tree(retired=True, only=only))
    model.show(UNITS.tree(retired=True))
    county = model.index_of(COUNTY_UNIT.id)
    assert [model.index(row, 0, county).data() for row in range(model.rowCount(county))] == [
        "第一小学",
        "实验小学",
        "旧小学（已停用）",
    ]
    assert model.parent(model.index_of(PRIMARY.id)) == county
    assert tester.model() is model


def test_fifteen_thousand_units_come_and_are_searched_without_a_stand_still(
    many: Office, shown: Shown, desks: Desks, beat: Beat
) -> None:
    page = shown()
    assert len(page.tree.units.tree.rows) == 15_000
    gaps = []
    for _ in range(TRIES):
        with beat.watched():
            page.look_again()
            desks.settle()
            desks.settle()
            for key in "11小学":
                write(page.text, key)
                desks.settle()
            page.text.clear()
            desks.settle()
        gaps.append(beat.longest)
    assert min(gaps) < LIMIT
    assert page.count.text() == "共 15,000 个"


def test_more_hits_than_one_reads_are_counted_and_the_first_are_listed(
    many: Office, shown: Shown, desks: Desks
) -> None:
    page = shown()
    write(page.text, "小学")
    desks.settle()
    assert page.count.text().endswith(f"列出前 {MOST_HITS} 个")
    assert page.tree.current is not None


@pytest.mark.requirement("I3")
def test_by_keyboard_search_the_first_hit_is_selected_and_enter_opens_it(shown: Shown, desks: Desks) -> None:
    page = shown()
    page.tree.setFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_Slash)
    assert page.text.hasFocus()
    write(page.text, "合隆")
    desks.settle()
    assert page.tree.current is not None
    assert page.tree.current.name == SCHOOL
    assert [page.tree.units.tree.rows[each].name for each in page.tree.units.tree.line(page.tree.current.id)] == [
        PROVINCE,
        CITY,
        COUNTY,
        SCHOOL,
    ]
    QTest.keyClick(page.text, Qt.Key.Key_Return)
    desks.settle()
    assert page.text.text() == ""
    assert page.tree.hasFocus()
    assert page.tree.current.name == SCHOOL
    assert len(page.tree.units.tree.rows) == len(desks.office.units)


@pytest.mark.requirement("I3")
def test_escape_ends_a_search_and_what_was_open_before_is_open_again(shown: Shown, desks: Desks) -> None:
    page = shown()
    ids = desks.office.units
    page.tree.expand(page.tree.units.index_of(ids["四平市教育局"]))
    write(page.text, "合隆")
    desks.settle()
    QTest.keyClick(page.text, Qt.Key.Key_Escape)
    desks.settle()
    is_open = {
        name: page.tree.isExpanded(page.tree.units.index_of(ids[name])) for name in ("四平市教育局", "白城市教育局")
    }
    assert is_open == {"四平市教育局": True, "白城市教育局": False}


def test_a_search_that_finds_nothing_says_so(shown: Shown, desks: Desks) -> None:
    page = shown()
    write(page.text, "没有这个单位")
    desks.settle()
    assert page.tree.empty.isVisible()
    assert page.tree.empty.label.text().startswith("没有找到")
    assert page.details.widget().findChild(type(page.tree.empty)) is None
    assert not page.details.body.isVisible()


def test_retired_units_are_shown_when_asked_for(shown: Shown, desks: Desks, tmp_path: Path) -> None:
    office = desks.office
    school = office.units[SCHOOL]
    office.gate.do(office.actor(PROVINCE, Post.SYSTEM), org.retire, school, office.context.clock().date(), "撤并")
    page = shown()
    assert school not in page.tree.units.tree.rows
    page.retired.click()
    desks.settle()
    assert school in page.tree.units.tree.rows
    page.retired.click()
    desks.settle()
    page.open(Link("org", ids=(school,)))
    desks.settle()
    desks.settle()
    assert page.tree.current is not None
    assert page.tree.current.id == school, "a link leads to a retired unit too"
    assert page.retired.isChecked()
