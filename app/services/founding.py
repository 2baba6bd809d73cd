"""Founding a province's office: its own unit, the first three posts, two people present (B1, B3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from app import passwords
from app.errors import FieldProblem, Invalid
from app.models.accounts import Account, AccountKind, AccountState, Appointment
from app.models.applications import ApplicationState, FormKind
from app.models.base import new_uid
from app.models.office import Office
from app.models.org import UnitKind
from app.policy import Permission, Post, missing_posts
from app.services import management_forms, org, records
from app.services.context import AppContext, office_day
from app.services.management_forms import Annex2
from app.services.operations import Work, recorded
from app.services.people import person_of
from app.services.scope import SYSTEM
from app.services.sign_in import keep_password


@dataclass(frozen=True)
class Founder:
    """One of the people present: the own form (附件2), and the login and password just chosen."""

    form: Annex2
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Province:
    """The province whose office is founded: the name of its bureau, its division code, its address."""

    name: str
    division_code: str
    address: str


def check(founders: Sequence[Founder], context: AppContext) -> None:
    """Raise Invalid `founding.refused` with all that is wrong: forms, posts, passwords, logins used twice."""
    today = office_day(context.clock())
    problems: list[FieldProblem] = []
    for row, founder in enumerate(founders, start=1):
        form = founder.form
        about = (form.name, form.mobile, form.email)
        faults = management_forms.check(form, today)
        faults += passwords.password_faults(founder.password, founder.login, about)
        problems += [FieldProblem(fault.field, fault.reason, fault.data, row) for fault in faults]
    people = {founder.form.id_number: number for number, founder in enumerate(founders)}
    holders = {
        post: [people[founder.form.id_number] for founder in founders if post in founder.form.posts] for post in Post
    }
    problems += [FieldProblem("posts", reason) for reason in missing_posts(holders)]
    if len({passwords.canonical_login(founder.login) for founder in founders}) < len(founders):
        problems.append(FieldProblem("login", "account.login_taken"))
    if problems:
        raise Invalid("founding.refused", problems=tuple(problems))


def found(context: AppContext, province: Province, founders: Sequence[Founder], office_uid: bytes) -> str:
    """Write the office's first rows and the vault's first slots; returns the recovery letter's code."""
    founders = [replace(founder, form=management_forms.tidy(founder.form)) for founder in founders]
    check(founders, context)
    letter = context.vault.add_recovery(context.keys)
    with recorded(context, SYSTEM, Permission.SIGN_IN, "office.found") as work:
        division = org.NewUnit(UnitKind.PROVINCE, province.name, province.division_code, address=province.address)
        unit = org.add_unit(work, division, None, None, reason="founding")
        _add_office(work, unit.id, office_uid)
        for founder in founders:
            _add_founder(work, unit.id, founder)
    context.vault.save()
    return letter


def _add_office(work: Work, unit_id: int, uid: bytes) -> None:
    signing, receiving = Ed25519PrivateKey.generate(), x25519.Identity.generate()
    office = Office(
        id=1,
        uid=uid,
        unit_id=unit_id,
        founded_at=work.now,
        signing_public=signing.public_key().public_bytes_raw(),
        signing_private=work.seals.seal("office.signing_private", signing.private_bytes_raw()),
        receiving_public=str(receiving.to_public()),
        receiving_private=work.seals.seal("office.receiving_private", str(receiving).encode()),
    )
    work.add(office)


def _add_founder(work: Work, unit_id: int, founder: Founder) -> None:
    """Their forms stand executed from the beginning: nobody was there before them who could have handled them."""
    form = founder.form
    written = records.Written(
        management_forms.to_json(form), management_forms.content_hash(form), form.name, form.id_number
    )
    application = records.enter(work, FormKind.ANNEX2, unit_id, ApplicationState.EXECUTED, written)
    slot_id = new_uid()
    work.context.vault.add_slot(slot_id, founder.login, founder.password, work.context.keys)
    account = work.add(
        Account(
            login=founder.login,
            login_key=passwords.canonical_login(founder.login),
            kind=AccountKind.MANAGEMENT,
            state=AccountState.ACTIVE,
            person_id=person_of(work, form.identity).id,
            unit_id=unit_id,
            application_id=application.id,
            slot_id=slot_id,
        )
    )
    keep_password(work, account, founder.password)
    for post in form.posts:
        work.add(Appointment(account_id=account.id, unit_id=unit_id, post=post, since=work.now))
