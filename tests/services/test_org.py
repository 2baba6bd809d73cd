"""The org tree: units come, change with a date, and retire; nothing is deleted (A1)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.demo.cast import CITY, COUNTY, PROVINCE, SCHOOL
from app.demo.data import SCHOOLS, School, school_workbook
from app.errors import Conflict, Denied, Invalid
from app.models.org import SUPERIORS, Unit, UnitKind, UnitStatus
from app.policy import Post
from app.services import org, school_import
from app.services.org import NewUnit
from app.services.school_import import Preview
from tests.support.offices import Office, acting_for

pytestmark = pytest.mark.requirement("A1")
ELSEWHERE, KNOWN = "四平市教育局", "2122000001"
"""A unit without people, and the 学校标识码 of the school that is there."""
DAY, WHY = date(2026, 12, 1), "吉教发〔2026〕1号"


def clerk_do(office: Office, operation: Any, unit: str, *args: Any) -> Any:
    return office.gate.do(office.actor(PROVINCE, Post.SYSTEM), operation, office.units[unit], *args)


def unit(office: Office, unit_id: int) -> Unit:
    with office.context.database.reading() as session:
        return session.get_one(Unit, unit_id)


def test_jilin_is_there_with_its_nine_cities_and_sixty_nine_counties_and_zones(office: Office) -> None:
    with office.context.database.reading() as session:
        count = dict(session.execute(select(Unit.kind, func.count()).group_by(Unit.kind)).all())
        zones = session.scalar(select(func.count()).where(Unit.statistical))
        moved = session.scalars(select(Unit).where(Unit.division_code == "220184")).one()
    assert (count[UnitKind.CITY], count[UnitKind.COUNTY], zones) == (9, 69, 9)
    assert moved.name == "公主岭市教育局"
    assert unit(office, moved.reports_to_id or 0).name == CITY


def test_loading_the_divisions_again_adds_nothing(office: Office) -> None:
    assert clerk_do(office, org.load_divisions, PROVINCE) == 0


def test_every_unit_lies_below_its_superior(office: Office) -> None:
    with office.context.database.reading() as session:
        units = {unit.id: unit for unit in session.scalars(select(Unit))}
    for each in units.values():
        superior = units.get(each.reports_to_id or 0)
        assert each.path == (f"{superior.path}{each.id}/" if superior else f"/{each.id}/")
        assert superior is None or superior.kind in SUPERIORS[each.kind]


def test_a_rename_keeps_the_old_name_with_its_time(office: Office) -> None:
    clerk_do(office, org.rename, SCHOOL, "农安县合隆镇第一小学", DAY, WHY)
    history = office.gate.ask(office.actor(PROVINCE, Post.AUDITOR), org.history, office.units[SCHOOL])
    assert [(row.name, row.valid_from) for row in history] == [
        ("农安县合隆镇第一小学", DAY),
        (SCHOOL, date(2026, 11, 23)),
    ]


def test_the_history_names_superiors_and_successor_and_says_until_when(office: Office) -> None:
    new = NewUnit(UnitKind.SCHOOL, "农安县合隆镇新小学", school_code="2122000002")
    into = clerk_do(office, org.add, COUNTY, new, WHY)
    clerk_do(office, org.rename, SCHOOL, "第一小学", DAY, WHY)
    clerk_do(office, org.merge, SCHOOL, into.id, date(2026, 12, 31), "撤并")
    history = office.gate.ask(office.actor(PROVINCE, Post.SYSTEM), org.history, office.units[SCHOOL])
    assert [(row.superior, row.merged_into, row.until, row.reason) for row in history] == [
        (COUNTY, into.name, None, "撤并"),
        (COUNTY, "", date(2026, 12, 31), WHY),
        (COUNTY, "", DAY, "for the tests"),
    ]


@pytest.mark.parametrize(("name", "reason"), [(" ", WHY), ("新名", " ")])
def test_a_change_needs_a_name_and_a_reason(office: Office, name: str, reason: str) -> None:
    with pytest.raises(Invalid, match=r"org\.(name|reason)_missing"):
        clerk_do(office, org.rename, SCHOOL, name, DAY, reason)


def test_a_move_takes_everything_below_along(office: Office) -> None:
    """农安县 comes under another city: its schools' paths follow; its division parent may stay."""
    other = office.units["四平市教育局"]
    clerk_do(office, org.move, COUNTY, other, office.units[CITY], DAY, WHY)
    county, school = unit(office, office.units[COUNTY]), unit(office, office.units[SCHOOL])
    assert (county.reports_to_id, county.parent_id) == (other, office.units[CITY])
    assert school.path.startswith(county.path)
    assert county.path.startswith(unit(office, other).path)


def test_a_county_directly_under_the_province(office: Office) -> None:
    clerk_do(office, org.move, COUNTY, office.units[PROVINCE], office.units[CITY], DAY, WHY)
    assert unit(office, office.units[COUNTY]).reports_to_id == office.units[PROVINCE]


@pytest.mark.parametrize(("what", "under"), [(CITY, COUNTY), (SCHOOL, CITY), (COUNTY, SCHOOL), (CITY, CITY)])
def test_no_unit_comes_under_itself_or_under_the_wrong_kind(office: Office, what: str, under: str) -> None:
    with pytest.raises(Invalid, match=r"org\.wrong_superior"):
        clerk_do(office, org.move, what, office.units[under], office.units[under], DAY, WHY)


def test_a_retired_unit_stays_readable_and_does_nothing_more(office: Office) -> None:
    clerk_do(office, org.retire, SCHOOL, DAY, WHY)
    assert unit(office, office.units[SCHOOL]).status is UnitStatus.RETIRED
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        clerk_do(office, org.rename, SCHOOL, "x", DAY, WHY)
    assert len(office.gate.ask(office.actor(PROVINCE, Post.SYSTEM), org.history, office.units[SCHOOL])) == 2


def test_a_unit_with_active_ones_below_does_not_retire(office: Office) -> None:
    for name in (COUNTY, PROVINCE):
        with pytest.raises(Conflict, match=r"org\.still_needed"):
            clerk_do(office, org.retire, name, DAY, WHY)


def test_a_merger_names_its_successor(office: Office) -> None:
    new = NewUnit(UnitKind.SCHOOL, "农安县合隆镇新小学", school_code="2122000002")
    into = clerk_do(office, org.add, COUNTY, new, WHY)
    with pytest.raises(Invalid, match=r"org\.wrong_successor"):
        clerk_do(office, org.merge, SCHOOL, office.units[COUNTY], DAY, WHY)
    clerk_do(office, org.merge, SCHOOL, into.id, DAY, WHY)
    assert unit(office, office.units[SCHOOL]).merged_into_id == into.id


def test_a_school_code_is_one_school_s(office: Office) -> None:
    new = NewUnit(UnitKind.SCHOOL, "另一所小学", school_code="2122000001")
    with pytest.raises(Conflict, match=r"org\.code_taken"):
        clerk_do(office, org.add, COUNTY, new, WHY)


@pytest.mark.requirement("A4")
def test_a_county_looks_after_what_is_below_it_only(office: Office) -> None:
    clerk = office.actor(COUNTY, Post.SYSTEM)
    office.gate.do(clerk, org.rename, office.units[SCHOOL], "农安县合隆镇第一小学", DAY, WHY)
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(clerk, org.rename, office.units["九台区教育局"], "x", DAY, WHY)
    other = office.units["九台区教育局"]
    with pytest.raises(Invalid, match=r"org\.out_of_reach"):
        office.gate.do(clerk, org.move, office.units[SCHOOL], other, other, DAY, WHY)


def test_a_list_of_schools_is_looked_at_first_and_then_taken_in_whole(office: Office) -> None:
    clerk = office.actor(PROVINCE, Post.SYSTEM)
    preview = school_import.preview(office.gate, clerk, school_workbook(), "学校名单.xlsx")
    assert len(preview.faults) == 6
    assert all(fault.row and fault.reason for fault in preview.faults)
    assert unit_count(office) == 80
    assert clerk_do(office, school_import.import_schools, PROVINCE, preview.new) == len(preview.new)
    assert unit_count(office) == 80 + len(preview.new)


def test_the_same_list_again_doubles_nothing_and_a_changed_one_updates(office: Office) -> None:
    clerk = office.actor(PROVINCE, Post.SYSTEM)
    preview = school_import.preview(office.gate, clerk, school_workbook(), "a.xlsx")
    clerk_do(office, school_import.import_schools, PROVINCE, preview.new)
    again = school_import.preview(office.gate, clerk, school_workbook(), "a.xlsx")
    assert (again.new, again.changed, again.unchanged) == ((), (), len(preview.new))
    first = preview.new[0]
    renamed = type(first)(**{name: getattr(first, name) for name in type(first).__slots__} | {"name": "改了名的学校"})
    assert clerk_do(office, school_import.import_schools, PROVINCE, [renamed]) == 0
    assert unit_count(office) == 80 + len(preview.new)
    with office.context.database.reading() as session:
        assert session.scalars(select(Unit.name).where(Unit.school_code == first.code)).one() == "改了名的学校"


def test_an_import_that_fails_half_way_has_not_happened(office: Office) -> None:
    clerk = office.actor(PROVINCE, Post.SYSTEM)
    rows = list(school_import.preview(office.gate, clerk, school_workbook(), "a.xlsx").new)
    bad = type(rows[0])(
        **{name: getattr(rows[0], name) for name in type(rows[0]).__slots__} | {"county_code": "990000"}
    )
    with pytest.raises(Invalid, match=r"org\.out_of_reach"):
        clerk_do(office, school_import.import_schools, PROVINCE, [*rows, bad])
    assert unit_count(office) == 80


def look(office: Office, unit: str, *schools: School) -> Preview:
    workbook = school_workbook(schools, ())
    return school_import.preview(office.gate, office.actor(unit, Post.SYSTEM), workbook, "a.xlsx")


def test_the_sheets_that_were_not_read_are_named(office: Office) -> None:
    assert look(office, PROVINCE, SCHOOLS[1]).skipped_sheets == ("填写说明", "下拉选项")


@pytest.mark.parametrize(
    ("unit", "place", "reason"),
    [
        (PROVINCE, ("长春市", "榆树市"), "org.other_county"),
        (CITY, ("长春市", "九台区"), "org.other_county"),
        (ELSEWHERE, ("四平市", "梨树县"), "org.code_taken"),
    ],
    ids=["province", "city", "elsewhere"],
)
def test_a_known_school_in_another_county_is_named_and_not_taken_in(
    office: Office, unit: str, place: tuple[str, str], reason: str
) -> None:
    """Whoever may see the other county hears which school it is; others, only that the code is taken."""
    rows = [replace(row, code=KNOWN) for row in look(office, PROVINCE, School(*place, "校名", 2122000999, "", "")).new]
    if unit == ELSEWHERE:
        office.actors[unit, Post.SYSTEM] = acting_for(office, COUNTY, unit, Post.SYSTEM)
    actor = office.actor(unit, Post.SYSTEM)
    answer = office.gate.ask(actor, school_import.compared, rows)
    assert (answer.new, answer.changed, answer.unchanged) == ((), (), 0)
    assert [(fault.reason, fault.row) for fault in answer.faults] == [(reason, rows[0].row)]
    assert (SCHOOL in str(answer)) is (reason == "org.other_county")
    with pytest.raises(Conflict, match=reason.replace(".", r"\.")) as refused:
        office.gate.do(actor, school_import.import_schools, office.units[unit], rows)
    assert refused.value.data["code"] == KNOWN


def test_faults_of_the_file_and_of_the_tree_stand_in_one_preview(office: Office) -> None:
    elsewhere = School("长春市", "榆树市", "别的校名", 2122000001, "小学", "")
    preview = look(office, PROVINCE, SCHOOLS[1], elsewhere, SCHOOLS[2]._replace(county="没有的县"))
    assert {fault.reason for fault in preview.faults} == {"org.other_county", "school_list.county_unknown"}
    assert [row.code for row in preview.new] == ["3122000102"]


def test_a_retired_school_does_not_come_back_by_a_list(office: Office) -> None:
    clerk_do(office, org.retire, SCHOOL, DAY, WHY)
    again = School("长春市", "农安县", "新校名", 2122000001, "小学", "")
    preview = look(office, PROVINCE, again)
    assert [(fault.reason, fault.data["code"]) for fault in preview.faults] == [("org.school_retired", KNOWN)]
    assert (preview.new, preview.changed, preview.unchanged) == ((), (), 0)
    rows = [replace(row, code=KNOWN) for row in look(office, PROVINCE, again._replace(code=2122000999)).new]
    with pytest.raises(Conflict, match=r"org\.school_retired") as refused:
        clerk_do(office, school_import.import_schools, PROVINCE, rows)
    assert refused.value.data["code"] == KNOWN
    assert unit(office, office.units[SCHOOL]).name == SCHOOL


def test_a_retired_bureau_does_not_stand_for_the_one_that_works(office: Office) -> None:
    twin = clerk_do(office, org.add, CITY, NewUnit(UnitKind.COUNTY, "榆树市教育委员会", "220182"), WHY)
    office.units[twin.name] = twin.id
    clerk_do(office, org.merge, twin.name, office.units["榆树市教育局"], DAY, WHY)
    school = School("长春市", "榆树市", "榆树市第一小学", 2122000999, "小学", "")
    preview = look(office, PROVINCE, school)
    assert clerk_do(office, school_import.import_schools, PROVINCE, preview.new) == 1
    with office.context.database.reading() as session:
        superior = session.scalars(select(Unit.reports_to_id).where(Unit.school_code == "2122000999")).one()
    assert superior == office.units["榆树市教育局"]


@pytest.mark.requirement("A4")
def test_a_county_takes_in_its_own_schools_only(office: Office) -> None:
    clerk = office.actor(COUNTY, Post.SYSTEM)
    preview = school_import.preview(office.gate, clerk, school_workbook(), "a.xlsx")
    assert preview.new
    assert {row.county_code for row in preview.new} == {"220122"}


def unit_count(office: Office) -> int:
    with office.context.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Unit)) or 0


@pytest.mark.requirement("A4")
def test_a_unit_is_looked_after_by_its_superior_not_by_itself(office: Office) -> None:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    with pytest.raises(Denied, match=r"gate\.own_affair"):
        office.gate.do(clerk, org.retire, office.units[SCHOOL], DAY, WHY)
    with pytest.raises(Denied, match=r"gate\.own_affair"):
        office.gate.do(clerk, org.rename, office.units[SCHOOL], "自改的名字", DAY, WHY)
    clerk_do(office, org.rename, PROVINCE, "吉林省教育委员会", DAY, WHY)


def test_no_unit_comes_under_a_retired_one(office: Office) -> None:
    empty = office.units["双阳区教育局"]
    office.gate.do(office.actor(PROVINCE, Post.SYSTEM), org.retire, empty, DAY, WHY)
    with pytest.raises(Invalid, match=r"org\.out_of_reach"):
        clerk_do(office, org.move, SCHOOL, empty, empty, DAY, WHY)
