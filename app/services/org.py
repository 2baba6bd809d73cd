"""The org tree (组织机构, A1): units come, change with a date and a reason, and retire; nothing is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from app.divisions import Division, Level, divisions
from app.errors import Conflict, Invalid
from app.models.org import SUPERIORS, Unit, UnitChange, UnitKind, UnitStatus
from app.policy import Permission
from app.services.operations import Work, operation, query
from app.services.scope import Actor, below

BUREAU = "{division}教育局"
"""How a division's bureau is named until somebody renames it."""


@dataclass(frozen=True)
class NewUnit:
    """What is known of a unit that is to be added."""

    kind: UnitKind
    name: str
    division_code: str | None = None
    school_code: str | None = None
    school_type: str | None = None
    address: str = ""
    statistical: bool = False


@dataclass(frozen=True)
class UnitRow:
    """A unit as it is shown."""

    id: int
    kind: UnitKind
    name: str
    status: UnitStatus
    parent_id: int | None
    reports_to_id: int | None
    division_code: str | None
    school_code: str | None
    school_type: str | None
    address: str
    statistical: bool


@dataclass(frozen=True)
class HistoryRow:
    """What a unit was from a date on, with the names that its superior and its successor have today."""

    valid_from: date
    reason: str
    """What was entered; or `founding`, `divisions`, `import`, `seed` for what came by itself."""
    name: str
    status: UnitStatus
    division_code: str | None
    reports_to_id: int | None
    superior: str
    merged_into: str
    until: date | None
    """The day from which it was something else; None for what it is today."""


def _own_unit(actor: Actor) -> ColumnElement[bool]:
    """The actor's own unit: its superior looks after it. The province, which has none, looks after itself."""
    return (Unit.id == actor.unit_id) & (Unit.kind != UnitKind.PROVINCE)


def unit_row(unit: Unit) -> UnitRow:
    """A unit's row as a frozen value."""
    return UnitRow(*(getattr(unit, key) for key in UnitRow.__dataclass_fields__))


def add_unit(work: Work, new: NewUnit, parent: Unit | None, superior: Unit | None, *, reason: str) -> Unit:
    """A new unit under its division parent and its superior (reporting line), with the first line of its history."""
    if not new.name.strip():
        raise Invalid("org.name_missing")
    if superior is not None and superior.kind not in SUPERIORS[new.kind]:
        raise Invalid("org.wrong_superior", superior=superior.name)
    taken = select(Unit.id).where(Unit.school_code == new.school_code)
    if new.school_code and work.session.scalar(taken):
        raise Conflict("org.code_taken", code=new.school_code)
    unit = Unit(**vars(new) | {"name": new.name.strip()}, path="", status=UnitStatus.ACTIVE)
    unit.parent_id, unit.reports_to_id = (parent.id if parent else None), (superior.id if superior else None)
    work.add(unit)
    unit.path = _path(unit, superior)
    return record_change(work, unit, work.today, reason)


@operation("org.load-divisions", Permission.EDIT_UNITS, Unit.id, ready=Unit.kind == UnitKind.PROVINCE)
def load_divisions(work: Work, province: Unit) -> int:
    """Add the bureau of each city and county of the province that is not there yet; returns how many were added."""
    if not province.division_code:
        raise Invalid("org.division_missing")
    known = {unit.division_code: unit for unit in work.session.scalars(select(Unit).where(below(province.path)))}
    added = 0
    for division in divisions(province.division_code):
        if division.code not in known:
            superior = known[division.parent_code]
            known[division.code] = add_unit(work, _bureau(division), superior, superior, reason="divisions")
            added += 1
    return added


@operation("org.add", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE)
def add(work: Work, superior: Unit, new: NewUnit, reason: str) -> UnitRow:
    """A new unit below this one."""
    return unit_row(add_unit(work, new, superior, superior, reason=_given(reason)))


@operation("org.rename", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE, own=_own_unit)
def rename(work: Work, unit: Unit, name: str, valid_from: date, reason: str) -> UnitRow:
    """Another name from a date on."""
    if not name.strip():
        raise Invalid("org.name_missing")
    unit.name = name.strip()
    return unit_row(record_change(work, unit, valid_from, _given(reason)))


@operation("org.move", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE, own=_own_unit)
def move(work: Work, unit: Unit, superior_id: int, parent_id: int, valid_from: date, reason: str) -> UnitRow:
    """Another superior (reporting line) or division parent; all that is below comes along."""
    superior, parent = _in_reach(work, superior_id), _in_reach(work, parent_id)
    if superior.path.startswith(unit.path) or superior.kind not in SUPERIORS[unit.kind]:
        raise Invalid("org.wrong_superior", superior=superior.name)
    unit.reports_to_id, unit.parent_id = superior.id, parent.id
    old, new = unit.path, _path(unit, superior)
    for below_it in work.session.scalars(select(Unit).where(below(old))):
        below_it.path = new + below_it.path[len(old) :]
    return unit_row(record_change(work, unit, valid_from, _given(reason)))


@operation("org.merge", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE, own=_own_unit)
def merge(work: Work, unit: Unit, into_id: int, valid_from: date, reason: str) -> UnitRow:
    """The unit ends, and another goes on in its place. What reports to it has to be moved first."""
    successor = _in_reach(work, into_id)
    if successor.id == unit.id or successor.kind is not unit.kind or successor.status is UnitStatus.RETIRED:
        raise Invalid("org.wrong_successor", successor=successor.name)
    unit.merged_into_id = successor.id
    return _retired(work, unit, valid_from, reason)


@operation("org.retire", Permission.EDIT_UNITS, Unit.id, ready=Unit.status == UnitStatus.ACTIVE, own=_own_unit)
def retire(work: Work, unit: Unit, valid_from: date, reason: str) -> UnitRow:
    """The unit ends; everything about it stays readable. What reports to it has to be moved first."""
    return _retired(work, unit, valid_from, reason)


@query("org.units", Permission.READ_UNITS)
def units(work: Work) -> Sequence[UnitRow]:
    """The own unit and all below it, superiors before those who report to them."""
    columns = [getattr(Unit, key) for key in UnitRow.__dataclass_fields__]  # as objects, 15,000 would take a second
    query = select(*columns).where(work.visible(Unit.id)).order_by(Unit.path)
    return [UnitRow(*row) for row in work.session.execute(query)]


@query("org.history", Permission.READ_UNITS)
def history(work: Work, unit_id: int) -> Sequence[HistoryRow]:
    """What a unit was, newest first."""
    superior, successor = aliased(Unit), aliased(Unit)
    query = (
        select(UnitChange, superior.name, successor.name)
        .join(superior, superior.id == UnitChange.reports_to_id, isouter=True)
        .join(successor, successor.id == UnitChange.merged_into_id, isouter=True)
        .where(UnitChange.unit_id == unit_id, work.visible(UnitChange.unit_id))
        .order_by(UnitChange.valid_from.desc(), UnitChange.id.desc())
    )
    rows: list[HistoryRow] = []
    for change, above, into in work.session.execute(query):
        until = rows[-1].valid_from if rows else None
        told = (change.valid_from, change.reason, change.name, change.status, change.division_code)
        rows.append(HistoryRow(*told, change.reports_to_id, above or "", into or "", until))
    return rows


def _bureau(division: Division) -> NewUnit:
    kind = UnitKind.CITY if division.level is Level.CITY else UnitKind.COUNTY
    name = BUREAU.format(division=division.name)
    return NewUnit(kind, name, division.code, statistical=division.statistical)


def _retired(work: Work, unit: Unit, valid_from: date, reason: str) -> UnitRow:
    active = select(Unit.name).where(Unit.reports_to_id == unit.id, Unit.status == UnitStatus.ACTIVE)
    if unit.kind is UnitKind.PROVINCE or (name := work.session.scalar(active.limit(1))):
        raise Conflict("org.still_needed", unit=name if unit.kind is not UnitKind.PROVINCE else unit.name)
    unit.status = UnitStatus.RETIRED
    return unit_row(record_change(work, unit, valid_from, _given(reason)))


def _in_reach(work: Work, unit_id: int) -> Unit:
    query = select(Unit).where(Unit.id == unit_id, work.visible(Unit.id), Unit.status == UnitStatus.ACTIVE)
    unit = work.session.scalars(query).one_or_none()
    if unit is None:
        raise Invalid("org.out_of_reach")
    return unit


def _path(unit: Unit, superior: Unit | None) -> str:
    return f"{superior.path if superior else '/'}{unit.id}/"


def record_change(work: Work, unit: Unit, valid_from: date, reason: str) -> Unit:
    """Write what the unit is from a date on into its history."""
    change = UnitChange(unit_id=unit.id, valid_from=valid_from, recorded_at=work.now, reason=reason)
    for key in ("name", "status", "division_code", "parent_id", "reports_to_id", "merged_into_id"):
        setattr(change, key, getattr(unit, key))
    work.add(change)
    return unit


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("org.reason_missing")
    return reason.strip()
