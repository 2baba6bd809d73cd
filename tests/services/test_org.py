"""The org tree: units come, change with a date, and retire; nothing is deleted (A1)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.commands.demo_cast import CITY, COUNTY, PROVINCE, SCHOOL
from app.commands.demo_data import school_workbook
from app.errors import Conflict, Denied, Invalid
from app.models.org import SUPERIORS, Unit, UnitKind, UnitStatus
from app.policy import Post
from app.services import org, school_import
from app.services.org import NewUnit
from tests.support.offices import Office

pytestmark = pytest.mark.requirement("A1")
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


@pytest.mark.requirement("A4")
def test_a_county_takes_in_its_own_schools_only(office: Office) -> None:
    clerk = office.actor(COUNTY, Post.SYSTEM)
    preview = school_import.preview(office.gate, clerk, school_workbook(), "a.xlsx")
    assert preview.new
    assert {row.county_code for row in preview.new} == {"220122"}


def unit_count(office: Office) -> int:
    with office.context.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Unit)) or 0
