"""What the auditor (安全审计员) reads: who did what when, and with which outcome (G1, G2).

Reading is not itself in the log; a refused attempt to read is.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, or_, select, text, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.errors import Denied
from app.models.accounts import Account, AccountKind, Person
from app.models.applications import Application
from app.models.audit import AuditEvent
from app.models.certificates import CertificateRequest
from app.models.office import Office
from app.models.org import Unit
from app.models.ukey_library import UkeyLibrary
from app.policy import Permission, Post
from app.services.context import office_midnight
from app.services.operation_names import NAMES, title
from app.services.operations import Work, query
from app.words import N_, tr

Outcome = Literal["done", "refused"]

_MANY = 50
"""So many objects a text may mean; whoever means more has to say more."""

_SHOWN = 500
"""So many rows of one event are told: an import changes thousands."""


@dataclass(frozen=True)
class LogFilter:
    """Which events; what is None or empty does not matter.

    Days are the office's, both included. `operation` is a name or its beginning (`applications.`). `text` is part of an
    operation's title, of a person's name or login, or of a form's or request's number.
    """

    since: date | None = None
    until: date | None = None
    operation: str | None = None
    person_id: int | None = None
    outcome: Outcome | None = None
    text: str = ""


@dataclass(frozen=True)
class EventRow:
    """One event in a list. `person`, `unit_name` are empty and `post` None when the program acted by itself.

    `target` is a label, `申请单 YW-2026-000001`, or `table:id` where there is none; `reason` is a refusal's.
    """

    seq: int
    at: datetime
    person: str
    post: Post | None
    unit_name: str
    operation: str
    target: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class FieldChange:
    """A field before and after. Of personal data only a mark stands in the log (`~` and 16 hex digits)."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """What became of one row: its label, and its changed fields (none told in large imports)."""

    row: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class EventDetail:
    """One event with all that it says; `notes` hold, for instance, the reason of a reveal.

    `changes` are the first 500 changed rows, `changed` is how many there are.
    """

    row: EventRow
    notes: Mapping[str, str]
    changes: tuple[RowChange, ...]
    changed: int


@dataclass(frozen=True)
class ActingPerson:
    """Somebody whose acts stand in the log."""

    id: int
    name: str
    logins: tuple[str, ...]


@query("audit.ids", Permission.READ_LOG)
def ids(work: Work, wanted: LogFilter) -> "array[int]":
    """The numbers of the events in reach that fit, newest first."""
    conditions = tuple(_conditions(work, wanted))
    parts = (select(AuditEvent.id.label("id")).where(reach, *conditions) for reach in _reaches(work))
    return array("q", work.session.scalars(union_all(*parts).order_by(text("id DESC"))))


@query("audit.rows", Permission.READ_LOG)
def rows(work: Work, numbers: Sequence[int]) -> Mapping[int, EventRow]:
    """These events, those out of reach left out."""
    return {row.seq: row for row, _ in _read(work, numbers)}


@query("audit.event", Permission.READ_LOG)
def event(work: Work, seq: int) -> EventDetail:
    """One event in full. Denied `gate.out_of_scope`."""
    for row, content in _read(work, [seq]):
        changes: list[dict[str, Any]] = content.get("changes", [])
        shown = changes[:_SHOWN]
        labels = _labels(work, [change["row"] for change in shown])
        told = tuple(RowChange(labels[change["row"]], _fields(change)) for change in shown)
        return EventDetail(row, content.get("notes", {}), told, len(changes))
    raise Denied("gate.out_of_scope")


@query("audit.people", Permission.READ_LOG)
def people(work: Work) -> tuple[ActingPerson, ...]:
    """Those who have acted for the units in reach, by name."""
    acted = select(AuditEvent.id).where(AuditEvent.account_id == Account.id).exists()
    found = (
        select(Person.id, Person.name, Account.login)
        .join(Account, Account.person_id == Person.id)
        .where(work.visible(Account.unit_id), Account.kind == AccountKind.MANAGEMENT, acted)
        .order_by(Person.name, Person.id, Account.id)
    )
    logins: dict[tuple[int, str], list[str]] = {}
    for number, name, login in work.session.execute(found):
        logins.setdefault((number, name), []).append(login)
    return tuple(ActingPerson(number, name, tuple(theirs)) for (number, name), theirs in logins.items())


def _reaches(work: Work) -> list[ColumnElement[bool]]:
    """Events of the own unit's people; what the program did by itself is for the auditor of the office.

    Apart, since each is then read off the index in order: one condition with OR would be sorted.
    """
    reaches = [work.visible(AuditEvent.unit_id)]
    if work.session.scalar(select(Office.id).where(work.visible(Office.unit_id))):
        reaches.append(AuditEvent.unit_id.is_(None))
    return reaches


def _conditions(work: Work, wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since:
        yield AuditEvent.at >= office_midnight(wanted.since)
    if wanted.until:
        yield AuditEvent.at < office_midnight(wanted.until + timedelta(days=1))
    if wanted.operation:
        yield AuditEvent.operation.startswith(wanted.operation, autoescape=True)
    if wanted.person_id is not None:
        yield AuditEvent.account_id.in_(select(Account.id).where(Account.person_id == wanted.person_id))
    if wanted.outcome:
        yield AuditEvent.outcome == wanted.outcome
    if words := wanted.text.strip():
        yield _says(work, words)


def _says(work: Work, words: str) -> ColumnElement[bool]:
    """Whether an event has to do with what a person typed; the texts are read only when it names an object."""
    operations = [name for name in NAMES if words in title(name)]
    acted = (
        select(Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(or_(Person.name.contains(words, autoescape=True), Account.login.contains(words, autoescape=True)))
        .where(Account.kind == AccountKind.MANAGEMENT)
    )
    meant: list[ColumnElement[bool]] = [AuditEvent.operation.in_(operations), AuditEvent.account_id.in_(acted)]
    targets = (f'"target":"{target}"' for target in _named(work, words))
    return or_(*meant, *(AuditEvent.text.contains(target, autoescape=True) for target in targets))


_LABELS: Mapping[str, tuple[str, InstrumentedAttribute[str]]] = {
    "account": (N_("账号 {name}"), Account.login),
    "application": (N_("申请单 {name}"), Application.number),
    "certificate_request": (N_("证书申请 {name}"), CertificateRequest.number),
    "ukey_library": (N_("UKEY 驱动 {name}"), UkeyLibrary.path),
    "unit": (N_("单位 {name}"), Unit.name),
}
"""Table → what its rows are called, and by which column."""


def _named(work: Work, words: str) -> Iterator[str]:
    """The objects, `table:id`, whose labels have the text in them."""
    for table, (_, column) in _LABELS.items():
        fits = column.icontains(words, autoescape=True)
        for number in work.session.scalars(select(column.class_.id).where(fits).limit(_MANY)):
            yield f"{table}:{number}"


def _labels(work: Work, targets: Iterable[str]) -> dict[str, str]:
    """`table:id` → label, or the same again for what has none."""
    labels = {target: target for target in targets}
    wanted: dict[str, list[int]] = {}
    for target in labels:
        table, _, number = target.partition(":")
        if table in _LABELS and number.isdecimal():
            wanted.setdefault(table, []).append(int(number))
    for table, numbers in wanted.items():
        label, column = _LABELS[table]
        for row, name in work.session.execute(_by_id(column, numbers)):
            labels[f"{table}:{row}"] = tr(label, name=name)
    if "office:1" in labels:
        labels["office:1"] = tr("本办公库")
    return labels


def _by_id(column: InstrumentedAttribute[str], numbers: Sequence[int]) -> Select[int, str]:
    return select(column.class_.id, column).where(column.class_.id.in_(numbers))


def _read(work: Work, numbers: Sequence[int]) -> list[tuple[EventRow, dict[str, Any]]]:
    """The events with what their texts say; a text that somebody has spoilt says nothing."""
    query = (
        select(AuditEvent.id, AuditEvent.at, AuditEvent.operation, AuditEvent.outcome, AuditEvent.text)
        .add_columns(Person.name, Unit.name)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Unit, Unit.id == AuditEvent.unit_id)
        .where(AuditEvent.id.in_(numbers), or_(*_reaches(work)))
    )
    found = [(event, _content(event.text)) for event in work.session.execute(query)]
    labels = _labels(work, {content.get("target", "") for _, content in found})
    return [(_row(event, content, labels), content) for event, content in found]


def _row(event: Any, content: dict[str, Any], labels: Mapping[str, str]) -> EventRow:
    seq, at, operation, outcome, _, person, unit = event
    post = content.get("actor", {}).get("post")
    target = labels[content.get("target", "")]
    named = person or "", Post(post) if post else None, unit or ""
    return EventRow(seq, at, *named, operation, target, outcome, content.get("reason", ""))


def _content(line: str) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _fields(change: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    told = change.get("fields", {})
    pairs = {name: value if isinstance(value, list) else (None, value) for name, value in told.items()}
    return tuple(FieldChange(name, _shown(before), _shown(after)) for name, (before, after) in pairs.items())


def _shown(value: str | int | None) -> str:
    return "" if value is None else str(value)
