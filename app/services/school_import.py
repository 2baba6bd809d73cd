"""Taking in a list of schools (A1): look first, then all good rows in one transaction, when the person says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, not_, select

from app import workers
from app.divisions import name_of
from app.errors import Conflict, FieldProblem, Invalid, Value
from app.models.org import Unit, UnitKind, UnitStatus
from app.policy import Permission
from app.services.operations import Gate, Work, operation, query
from app.services.org import NewUnit, add_unit, record_change
from app.services.school_list import SchoolRow, read_school_list
from app.services.scope import Actor, below

_DEADLINE, _MEMORY = 120.0, 1024
"""Seconds and MiB that reading a file from outside may take."""


@dataclass(frozen=True)
class Compared:
    """What rows would do: schools to add, schools to change, how many stay as they are, bad rows and why."""

    new: tuple[SchoolRow, ...]
    changed: tuple[SchoolRow, ...]
    unchanged: int
    faults: tuple[FieldProblem, ...]


@dataclass(frozen=True)
class Preview(Compared):
    """What a file would do, and the sheets in it that were not read."""

    skipped_sheets: tuple[str, ...]


def preview(gate: Gate, actor: Actor, data: bytes, name: str) -> Preview:
    """Read an .xlsx or .csv in a process of its own and compare it with the tree; changes nothing."""
    read = workers.run_limited(read_school_list, _DEADLINE, _MEMORY, data, name, gate.ask(actor, counties))
    found = gate.ask(actor, compared, read.rows)
    return Preview(**vars(found) | {"faults": read.faults + found.faults}, skipped_sheets=read.skipped_sheets)


@operation("org.import-schools", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE)
def import_schools(work: Work, superior: Unit, rows: Sequence[SchoolRow]) -> int:
    """Add these schools below the unit and bring known ones up to date, all or none; returns how many were new.

    A known school is one with the same 学校标识码: importing a list again doubles nothing. Raises Conflict
    `org.code_taken`, `org.school_retired` or `org.other_county`, with the code, for what the preview names as a fault.
    """
    tree = _tree(work, below(superior.path))
    for row in rows:
        if fault := tree.fault(row):
            raise Conflict(fault.reason, **fault.data)
        bureau = tree.bureau(row)
        if (school := tree.schools.get(row.code)) is None:
            kind = UnitKind.CITY_SCHOOL if bureau.kind is UnitKind.CITY else UnitKind.SCHOOL
            new = NewUnit(kind, row.name, None, row.code, row.school_type or None, row.address)
            add_unit(work, new, bureau, bureau, reason="import")
        elif not _agrees(school, row):
            school.name, school.school_type, school.address = row.name, row.school_type or None, row.address
            record_change(work, school, work.today, "import")
    return sum(row.code not in tree.schools for row in rows)


@query("org.import-counties", Permission.EDIT_UNITS)
def counties(work: Work) -> Mapping[str, str]:
    """The divisions in reach whose bureaus may have schools: code → name."""
    codes = _tree(work, work.visible(Unit.id)).bureaus
    return {code: name for code in codes if (name := name_of(code))}


@query("org.import-preview", Permission.EDIT_UNITS)
def compared(work: Work, rows: Sequence[SchoolRow]) -> Compared:
    """What importing these rows would do. Of a school out of reach only that its code is taken."""
    tree = _tree(work, work.visible(Unit.id))
    faults = {row: fault for row in rows if (fault := tree.fault(row))}
    good = [row for row in rows if row not in faults]
    new = tuple(row for row in good if row.code not in tree.schools)
    changed = tuple(row for row in good if row.code in tree.schools and not _agrees(tree.schools[row.code], row))
    return Compared(new, changed, len(good) - len(new) - len(changed), tuple(faults.values()))


@dataclass(frozen=True)
class _Tree:
    """What is there: bureaus that work, by division; schools in reach, by code; the codes of schools elsewhere."""

    bureaus: Mapping[str, Unit]
    schools: Mapping[str, Unit]
    elsewhere: frozenset[str]

    def bureau(self, row: SchoolRow) -> Unit:
        """Whose school it is. Raises Invalid `org.out_of_reach`."""
        if row.county_code not in self.bureaus:
            raise Invalid("org.out_of_reach")
        return self.bureaus[row.county_code]

    def fault(self, row: SchoolRow) -> FieldProblem | None:
        """What keeps a row out although it is well written."""
        said: dict[str, Value] = {"sheet": row.sheet, "value": row.code, "code": row.code}
        if row.code in self.elsewhere:
            return FieldProblem("code", "org.code_taken", said, row.row)
        school = self.schools.get(row.code)
        if school is None:
            return None
        said |= {"school": school.name, "county": row.county_name}
        if school.status is UnitStatus.RETIRED:
            return FieldProblem("code", "org.school_retired", said, row.row)
        if self.bureau(row).id not in (school.parent_id, school.reports_to_id):
            return FieldProblem("county", "org.other_county", said, row.row)
        return None


def _tree(work: Work, reach: ColumnElement[bool]) -> _Tree:
    units = work.session.scalars(select(Unit).where(reach)).all()
    bureaus = {
        unit.division_code: unit
        for unit in units
        if unit.division_code
        and unit.kind in (UnitKind.CITY, UnitKind.COUNTY)
        and unit.status is UnitStatus.ACTIVE  # a retired one must not stand for its successor
    }
    elsewhere = work.session.scalars(select(Unit.school_code).where(not_(reach), Unit.school_code.is_not(None)))
    schools = {unit.school_code: unit for unit in units if unit.school_code}
    return _Tree(bureaus, schools, frozenset(code for code in elsewhere if code))


def _agrees(school: Unit, row: SchoolRow) -> bool:
    return (school.name, school.school_type or "", school.address) == (row.name, row.school_type, row.address)
