"""Sowing a province: schools, administrators and business users in any number, for tests and for measuring.

Every row is logged as the gate logs it, in chunks, so that the log accounts for the whole database. The bureaus must be
there. Administrators hold their posts but no password: their superiors can print activation codes for them.
"""

import gc
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.divisions import divisions
from app.forms import annex4
from app.forms.annex4 import NO_ACCOUNT, Annex4, SignStep, UserType
from app.models.accounts import Account, AccountKind, AccountState, Appointment, Person, Role
from app.models.applications import TRANSITIONS, Application, ApplicationState, Decision, FormKind, Revision, SignOff
from app.models.applications import Step as FormStep
from app.models.base import new_uid
from app.models.office import Counter
from app.models.org import Unit, UnitChange, UnitKind, UnitStatus
from app.passwords import canonical_login
from app.policy import Permission, Post
from app.services import management_forms, records
from app.services.business import TEACHER_SYSTEM
from app.services.context import AppContext
from app.services.invented import Inventor
from app.services.management_forms import Annex2
from app.services.operations import recorded
from app.services.people import SEALED_ID, Identity, id_digest
from app.services.records import Written
from app.services.scope import SYSTEM
from app.services.seed_rows import Rows

Told = Callable[[str, int, int], None]
"""Hears what is being made (`schools`, `staff`, `users`), how many there are, and how many there will be."""

CHUNK = 400
"""Units or users in one transaction: some five thousand rows."""

_SPAN = timedelta(days=300)
"""How long ago the first form was entered."""

_POSTS = (Post.SYSTEM, Post.SECURITY), (Post.AUDITOR,)
"""Of the two people in each unit."""
_COURSES = {
    FormKind.ANNEX2: (ApplicationState.SUBMITTED, (FormStep.ACCEPT, FormStep.REVIEW, FormStep.EXECUTE)),
    FormKind.ANNEX4: (ApplicationState.DRAFT, (FormStep.PRINT, FormStep.SUBMIT, FormStep.ACCEPT, FormStep.EXECUTE)),
}
_BY_SECURITY = (FormStep.REVIEW, FormStep.EXECUTE)
_TYPES, _SHARES = tuple(UserType), (60, 18, 16, 6)
_WEIGHTS = {UnitKind.PROVINCE: 30, UnitKind.CITY: 15, UnitKind.COUNTY: 8}
"""How many users a unit tends to have, where a school has two."""


@dataclass(frozen=True)
class Desk:
    """A unit as its forms know it: where it is, the account that works there, and who signs what the applicant has."""

    unit: Unit
    address: str
    account_id: int
    signers: tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    """What the rows of one form have in common: of whom, handled through which account, and when."""

    kind: FormKind
    unit_id: int
    account_id: int
    at: datetime


class Sower:
    """Makes the rows of one office: schools, then the people of each unit, then users."""

    def __init__(self, context: AppContext, inventor: Inventor, told: Told = lambda kind, done, of: None) -> None:
        self._context, self._inventor, self._told = context, inventor, told
        self._now, self._seals = context.clock(), context.seals
        self._units = self._all_units()
        with context.database.reading() as session:
            self._numbers = Tally({counter.series: counter.value for counter in session.scalars(select(Counter))})
            account = session.scalars(select(Account).order_by(Account.id)).first()
        self._names = {division.code: division.name for division in divisions(self._units[0].division_code or "")}
        self._desks: dict[int, Desk] = {}
        self._seat(self._units[0], account.id if account else 0, inventor.name())

    def sow(self, units: int, users: int) -> None:
        """Schools until there are so many units, administrators for each, and so many business users."""
        self._schools(units - len(self._units))
        self._staff([unit for unit in self._units if unit.id not in self._desks])
        self._users(users)

    def _schools(self, count: int) -> None:
        bureaus = [unit for unit in self._units if unit.kind is UnitKind.COUNTY]
        for rows, places in self._chunks("schools", count):
            for place in places:
                self._school(rows, bureaus[place % len(bureaus)])
        self._units = self._all_units()

    def _school(self, rows: Rows, bureau: Unit) -> None:
        school = self._inventor.school(self._units[0].division_code or "", self._place(bureau))
        told: dict[str, Any] = {"name": school.name, "status": UnitStatus.ACTIVE, "division_code": None}
        told |= {"parent_id": bureau.id, "reports_to_id": bureau.id, "merged_into_id": None}
        number = rows.add(
            Unit,
            kind=UnitKind.SCHOOL,
            path=f"{bureau.path}{rows.next_id(Unit)}/",
            school_code=school.code,
            school_type=school.school_type,
            address=self._address(bureau),
            statistical=False,
            **told,
        )
        day = self._now.date()
        rows.add(UnitChange, unit_id=number, valid_from=day, recorded_at=self._now, reason="seed", **told)

    def _staff(self, units: list[Unit]) -> None:
        for rows, places in self._chunks("staff", len(units)):
            for place in places:
                unit, system = units[place], self._inventor.person()
                self._seat(unit, self._administrator(rows, unit, system, _POSTS[0]), system.name)
                self._administrator(rows, unit, self._inventor.person(), _POSTS[1])

    def _administrator(self, rows: Rows, unit: Unit, person: Identity, posts: tuple[Post, ...]) -> int:
        superior, at = self._desks[unit.reports_to_id or 0], self._now - _SPAN
        form = Annex2(
            unit_name=unit.name,
            address=unit.address or self._address(unit),
            reviewed_by=superior.signers[1],
            reviewed_on=at.date().isoformat(),
            posts=posts,
            **vars(person),
        )
        text, digest = management_forms.to_json(form), management_forms.content_hash(form)
        case = Case(FormKind.ANNEX2, unit.id, superior.account_id, at)
        application = self._form(rows, case, Written(text, digest, person.name, person.id_number))
        account_id = self._account(rows, case, application, person)
        for post in posts:
            rows.add(Appointment, account_id=account_id, unit_id=unit.id, post=post, since=at, ended_at=None)
        return account_id

    def _users(self, count: int) -> None:
        desks = list(self._desks.values())
        weights = [_WEIGHTS.get(desk.unit.kind, 2) for desk in desks]
        chosen = desks[:count] + self._inventor.random.choices(desks, weights, k=max(0, count - len(desks)))
        for rows, places in self._chunks("users", count):
            for place in places:
                first = place < len(desks)  # each unit has somebody who keeps its records
                kind = UserType.INFORMATION if first else self._inventor.random.choices(_TYPES, _SHARES)[0]
                self._user(rows, chosen[place], kind, self._now - _SPAN * (1 - place / count))

    def _user(self, rows: Rows, desk: Desk, kind: UserType, at: datetime) -> None:
        person = self._inventor.person()
        form = Annex4(
            unit_name=desk.unit.name,
            school_type=desk.unit.school_type or "",
            user_types=frozenset({kind}),
            wants_certificate=kind is UserType.INFORMATION,
            existing_account=NO_ACCOUNT,
            address=desk.address,
            **vars(person),
        )
        case = Case(FormKind.ANNEX4, desk.unit.id, desk.account_id, at)
        written = Written(annex4.to_json(form), annex4.content_hash(form), form.name, form.id_number)
        application = self._form(rows, case, written)
        self._sign(rows, case, rows.next_id(Revision) - 1, (person.name, *desk.signers))
        account_id = self._account(rows, case, application, person)
        role = kind.name.lower()
        rows.add(Role, account_id=account_id, subsystem=TEACHER_SYSTEM, role=role, since=at, ended_at=None)

    def _form(self, rows: Rows, case: Case, written: Written) -> int:
        """An executed form, with its one revision and the decisions that brought it there; its id."""
        prefix = f"{records.PREFIXES[case.kind]}-{case.at.year}"
        self._numbers[prefix] += 1
        application = rows.add(
            Application,
            number=f"{prefix}-{self._numbers[prefix]:06}",
            kind=case.kind,
            state=ApplicationState.EXECUTED,
            unit_id=case.unit_id,
            revision_number=1,
            applicant_digest=id_digest(self._seals, written.id_number),
            applicant_name=written.name,
            entered_at=case.at,
        )
        rows.add(
            Revision,
            application_id=application,
            number=1,
            content=self._seals.seal(records.SEALED, written.text.encode()),
            content_hash=written.content_hash,
            account_id=case.account_id,
            entered_at=case.at,
        )
        self._decide(rows, case, application)
        return application

    def _decide(self, rows: Rows, case: Case, application: int) -> None:
        state, steps = _COURSES[case.kind]
        for step in steps:
            before, state = state, TRANSITIONS[case.kind][state, step]
            rows.add(
                Decision,
                application_id=application,
                revision_number=1,
                step=step,
                before=before,
                after=state,
                reason="",
                account_id=case.account_id,
                post=Post.SECURITY if step in _BY_SECURITY else Post.SYSTEM,
                decided_at=case.at,
            )

    def _sign(self, rows: Rows, case: Case, revision: int, signers: tuple[str, ...]) -> None:
        for step, signer in zip(SignStep, signers, strict=True):
            rows.add(
                SignOff,
                revision_id=revision,
                step=int(step),
                signer=signer,
                signed_on=case.at.date(),
                opinion="",
                account_id=case.account_id,
                recorded_at=case.at,
            )

    def _account(self, rows: Rows, case: Case, application: int, person: Identity) -> int:
        told = vars(person) | {
            "id_number": self._seals.seal(SEALED_ID, person.id_number.encode()),
            "id_digest": id_digest(self._seals, person.id_number),
        }
        manages = case.kind is FormKind.ANNEX2
        return rows.add(
            Account,
            login=(login := person.email.partition("@")[0]),
            login_key=canonical_login(login),
            kind=AccountKind.MANAGEMENT if manages else AccountKind.BUSINESS,
            state=AccountState.ACTIVE,
            person_id=rows.add(Person, **told),
            unit_id=case.unit_id,
            application_id=application,
            slot_id=new_uid() if manages else None,
            converted_from="",
            activated_at=None,
            password_set_at=None,
        )

    def _all_units(self) -> list[Unit]:
        with self._context.database.reading() as session:
            return list(session.scalars(select(Unit).order_by(Unit.id)))

    def _seat(self, unit: Unit, account_id: int, administrator: str) -> None:
        """The unit's desk; users sit in units that have one."""
        signers = (self._inventor.name(), self._inventor.name(), administrator)
        self._desks[unit.id] = Desk(unit, unit.address or self._address(unit), account_id, signers)

    def _address(self, bureau: Unit) -> str:
        return self._inventor.address(self._names[self._units[0].division_code or ""], self._place(bureau))

    def _place(self, bureau: Unit) -> str:
        return self._names[bureau.division_code or ""] if bureau.kind is not UnitKind.PROVINCE else ""

    def _chunks(self, kind: str, count: int) -> Iterator[tuple[Rows, range]]:
        """Transactions with the places that each of them fills; what a chunk has added is written at its end."""
        for start in range(0, count, CHUNK):
            places = range(start, min(start + CHUNK, count))
            with _uncollected(), recorded(self._context, SYSTEM, Permission.SIGN_IN, f"seed.{kind}") as work:
                rows = Rows(work)
                yield rows, places
                rows.write()
                for series, value in self._numbers.items():
                    records.count_to(work, series, value)
            self._told(kind, places.stop, count)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would walk over all the rows of a chunk again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
