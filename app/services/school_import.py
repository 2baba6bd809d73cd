"""Taking in a list of schools (A1): look first, then all good rows in one transaction, when the person says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app import workers
from app.divisions import name_of
from app.errors import FieldProblem, Invalid
from app.models.org import Unit, UnitKind, UnitStatus
from app.policy import Permission
from app.services.operations import Gate, Work, operation, query
from app.services.org import NewUnit, add_unit, record_change
from app.services.school_list import SchoolRow, read_school_list
from app.services.scope import Actor, below

_DEADLINE, _MEMORY = 120.0, 1024
"""Seconds and MiB that reading a file from outside may take."""


@dataclass(frozen=True)
class Preview:
    """What a file would do: schools to add, schools to change, how many stay as they are, bad rows and why."""

    new: tuple[SchoolRow, ...]
    changed: tuple[SchoolRow, ...]
    unchanged: int
    faults: tuple[FieldProblem, ...]


def preview(gate: Gate, actor: Actor, data: bytes, name: str) -> Preview:
    """Read an .xlsx or .csv in a process of its own and compare it with the tree; changes nothing."""
    counties, schools = gate.ask(actor, _known)
    read = workers.run_limited(read_school_list, _DEADLINE, _MEMORY, data, name, counties)
    new = tuple(row for row in read.rows if row.code not in schools)
    changed = tuple(row for row in read.rows if row.code in schools and schools[row.code] != _described(row))
    return Preview(new, changed, len(read.rows) - len(new) - len(changed), read.faults)


@operation("org.import-schools", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE)
def import_schools(work: Work, superior: Unit, rows: Sequence[SchoolRow]) -> int:
    """Add these schools below the unit and bring known ones up to date, all or none; returns how many were new.

    A known school is one with the same 学校标识码: importing a list again doubles nothing.
    """
    reach = {unit.id: unit for unit in work.session.scalars(select(Unit).where(below(superior.path)))}
    bureaus = {unit.division_code: unit for unit in reach.values() if unit.division_code}
    schools = {unit.school_code: unit for unit in reach.values() if unit.school_code}
    for row in rows:
        bureau = bureaus.get(row.county_code)
        if bureau is None:
            raise Invalid("org.out_of_reach")
        if (school := schools.get(row.code)) is None:
            kind = UnitKind.CITY_SCHOOL if bureau.kind is UnitKind.CITY else UnitKind.SCHOOL
            new = NewUnit(kind, row.name, None, row.code, row.school_type or None, row.address)
            add_unit(work, new, bureau, bureau, reason="import")
        elif (school.name, school.school_type or "", school.address) != _described(row):
            school.name, school.school_type, school.address = row.name, row.school_type or None, row.address
            record_change(work, school, work.today, "import")
    return sum(row.code not in schools for row in rows)


@query("org.import-preview", Permission.EDIT_UNITS)
def _known(work: Work) -> tuple[Mapping[str, str], Mapping[str, tuple[str, str, str]]]:
    """The divisions in reach whose bureaus may have schools, by code, and the schools that are there, by code."""
    reach = work.session.scalars(select(Unit).where(work.visible(Unit.id), Unit.status == UnitStatus.ACTIVE)).all()
    codes = {unit.division_code for unit in reach if unit.kind in (UnitKind.CITY, UnitKind.COUNTY)}
    schools = {
        unit.school_code: (unit.name, unit.school_type or "", unit.address) for unit in reach if unit.school_code
    }
    return {code: name for code in codes if code and (name := name_of(code))}, schools


def _described(row: SchoolRow) -> tuple[str, str, str]:
    return row.name, row.school_type, row.address
