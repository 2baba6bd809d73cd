"""An office with people in it, for tests of services: province, city, county and one school, fully staffed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.demo.cast import (
    ADDRESSES,
    ADMINISTRATORS,
    CITY,
    COUNTY,
    HOLDER,
    HOLDER_LOGIN,
    PROVINCE,
    SCHOOL,
    SIGNERS,
    Administrator,
)
from app.forms.annex4 import Annex4, Signature, SignStep
from app.models.accounts import Appointment
from app.models.base import new_uid
from app.models.database import Database, open_postgresql, open_sqlite
from app.models.org import Unit, UnitKind
from app.passwords import Cost
from app.policy import Post
from app.services import accounts, applications, business, certificates, founding, org, sign_in
from app.services.context import AppContext
from app.services.founding import Founder, Province
from app.services.operations import Gate
from app.services.scope import Actor
from app.vault import OfficeKeys, Vault
from tests.support.postgres import Cluster

WEAK = Cost(64, 1, 1)
TODAY = date(2026, 11, 23)
SUPERIOR = {CITY: PROVINCE, COUNTY: CITY, SCHOOL: COUNTY}


def password(login: str) -> str:
    """A password that the rules let pass."""
    return f"Kt9#vzRm2!{login[::-1]}"


@dataclass
class Clock:
    """The one clock, which stands still until a test moves it."""

    moment: datetime = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: int) -> None:
        """Let time pass: `forward(days=8)`."""
        self.moment += timedelta(**span)


@dataclass
class Office:
    """An open office, the actors in it by unit and post, and its units by name."""

    context: AppContext
    clock: Clock
    actors: dict[tuple[str, Post], Actor] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)

    @property
    def gate(self) -> Gate:
        """The office's gate."""
        return Gate(self.context)

    def actor(self, unit: str, post: Post) -> Actor:
        """Who holds the post in the unit."""
        return self.actors[unit, post]

    # How far a form can be brought, each from the one before.

    def entered(self, form: Annex4 = HOLDER) -> int:
        """A form of the school, entered; its id."""
        return self.gate.do(self.actor(SCHOOL, Post.SYSTEM), applications.enter, self.units[SCHOOL], form)

    def signed(self, form: Annex4 = HOLDER) -> int:
        """Printed, and signed three times."""
        clerk, application = self.actor(SCHOOL, Post.SYSTEM), self.entered(form)
        self.gate.do(clerk, applications.mark_printed, application)
        for step, signer in zip((1, 2, 3), (form.name, *SIGNERS[1:3]), strict=True):
            self.gate.do(clerk, applications.sign, application, SignStep(step), Signature(signer, TODAY), 1)
        return application

    def accepted(self, form: Annex4 = HOLDER) -> int:
        """Submitted and accepted."""
        clerk, application = self.actor(SCHOOL, Post.SYSTEM), self.signed(form)
        self.gate.do(clerk, applications.submit, application)
        self.gate.do(clerk, applications.accept, application, Signature(SIGNERS[3], TODAY), 1)
        return application

    def granted(self, form: Annex4 = HOLDER, login: str = HOLDER_LOGIN) -> int:
        """The account, created and granted; its id."""
        account = self.gate.do(self.actor(SCHOOL, Post.SYSTEM), business.create, self.accepted(form), login)
        self.gate.do(self.actor(SCHOOL, Post.SECURITY), business.grant, account)
        return account

    def filed(self, form: Annex4 = HOLDER, login: str = HOLDER_LOGIN) -> int:
        """The certificate request, on the county's desk; its id."""
        return self.gate.do(self.actor(SCHOOL, Post.SYSTEM), certificates.file, self.granted(form, login))

    def at_province(self, form: Annex4 = HOLDER, login: str = HOLDER_LOGIN) -> int:
        """Forwarded by county and city."""
        request = self.filed(form, login)
        for unit in (COUNTY, CITY):
            self.gate.do(self.actor(unit, Post.SYSTEM), certificates.forward, request)
        return request

    def approved(self, form: Annex4 = HOLDER, login: str = HOLDER_LOGIN) -> int:
        """Audited by the province."""
        request = self.at_province(form, login)
        self.gate.do(self.actor(PROVINCE, Post.SECURITY), certificates.approve, request)
        return request

    def with_code(self, form: Annex4 = HOLDER, login: str = HOLDER_LOGIN) -> tuple[int, str]:
        """The request and its download code."""
        request = self.approved(form, login)
        return request, self.gate.do(self.actor(SCHOOL, Post.SECURITY), certificates.issue_code, request)


@dataclass(frozen=True)
class Template:
    """An office that was made once, to be copied for each test."""

    folder: Path
    keys: OfficeKeys
    actors: dict[tuple[str, Post], Actor]
    units: dict[str, int]
    cluster: Cluster | None

    @contextmanager
    def copied(self, place: Path) -> Iterator[Office]:
        """A copy in `place`, opened."""
        shutil.copytree(self.folder, place, dirs_exist_ok=True)
        name = f"t{new_uid().hex()}"
        if self.cluster:
            database = open_postgresql(self.cluster.create(name, "staffed"))
        else:
            database = open_sqlite(place / "office.db", self.keys.database)
        clock = Clock()
        vault = Vault.open(place / "office.vault", WEAK)
        context = AppContext(place, database, vault, self.keys, clock, WEAK)
        try:
            yield Office(context, clock, dict(self.actors), dict(self.units))
        finally:
            context.close()
            if self.cluster:
                self.cluster.drop(name)


def make_template(folder: Path, cluster: Cluster | None) -> Template:
    """Found the office, load the divisions, and staff the units that the holder's certificate passes through."""
    keys, uid = OfficeKeys.generate(), new_uid()
    database = _new_database(folder, keys, cluster)
    context = AppContext(folder, database, Vault.create(folder / "office.vault", uid, WEAK), keys, Clock(), WEAK)
    office = Office(context, Clock())
    founders = [
        Founder(each.form, each.login, password(each.login)) for each in ADMINISTRATORS if each.unit == PROVINCE
    ]
    founding.found(context, Province(PROVINCE, "220000", ADDRESSES[PROVINCE]), founders, uid)
    for founder in founders:
        _enter(office, PROVINCE, sign_in.sign_in(context, founder.login, founder.password))
    clerk = office.actor(PROVINCE, Post.SYSTEM)
    assert clerk.unit_id is not None
    office.gate.do(clerk, org.load_divisions, clerk.unit_id)
    office.units = {unit.name: unit.id for unit in office.gate.ask(clerk, org.units)}
    school = org.NewUnit(UnitKind.SCHOOL, SCHOOL, None, "2122000001", "211", ADDRESSES[SCHOOL])
    office.units[SCHOOL] = office.gate.do(clerk, org.add, office.units[COUNTY], school, "for the tests").id
    for administrator in ADMINISTRATORS:
        if administrator.unit != PROVINCE:
            staff(office, administrator)
    context.close()
    return Template(folder, keys, office.actors, office.units, cluster)


def staff(office: Office, administrator: Administrator) -> int:
    """One administrator by the whole way: form, second look, account, authorisation, letters, first login."""
    superior = SUPERIOR[administrator.unit]
    clerk, authoriser = office.actor(superior, Post.SYSTEM), office.actor(superior, Post.SECURITY)
    gate = office.gate
    form = gate.do(clerk, accounts.take_in, office.units[administrator.unit], administrator.form)
    gate.do(authoriser, accounts.review, form)
    account = gate.do(clerk, accounts.create, form, administrator.login)
    first = gate.do(clerk, accounts.print_first_half, account)
    gate.do(authoriser, accounts.authorise, account)
    second = gate.do(authoriser, accounts.print_second_half, account)
    login = administrator.login
    signed_in = sign_in.activate(office.context, login, first.half + second.half, password(login))
    _enter(office, administrator.unit, signed_in)
    return account


def acting_for(office: Office, staffed: str, unit: str, post: Post) -> Actor:
    """The holder of a post in a staffed unit, who from now on holds it in another one instead."""
    actor = office.actor(staffed, post)
    held = select(Appointment).where(Appointment.account_id == actor.account_id, Appointment.post == post)
    with office.context.database.writing("test") as session:
        row = session.get_one(Unit, office.units[unit])
        session.scalars(held).one().unit_id = row.id
        return replace(actor, unit_id=row.id, unit_path=row.path, unit_kind=row.kind)


def _enter(office: Office, unit: str, signed_in: sign_in.SignedIn) -> None:
    for actor in signed_in.actors:
        assert actor.post is not None
        office.actors[unit, actor.post] = actor


def _new_database(folder: Path, keys: OfficeKeys, cluster: Cluster | None) -> Database:
    if cluster is None:
        return open_sqlite(folder / "office.db", keys.database, create=True)
    return open_postgresql(cluster.create("staffed"))
