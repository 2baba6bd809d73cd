"""Management accounts of the next level: taken in, reviewed, created, authorised, exactly as 附件2 says (B1–B4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select

from app import printed_codes
from app.errors import Conflict, Denied, Invalid
from app.models.accounts import Account, AccountKind, AccountState, Appointment
from app.models.applications import Application, ApplicationState, FormKind, Step, states_before
from app.models.base import new_uid
from app.models.org import Unit, UnitStatus
from app.passwords import canonical_login
from app.policy import Permission, missing_posts
from app.services import management_forms, records, separation
from app.services.management_forms import Annex2
from app.services.operations import Work, operation, query
from app.services.people import id_digest, person_of
from app.services.scope import Actor


@dataclass(frozen=True)
class HalfCode:
    """One half of an activation code (激活码), printed at once and not kept; only its own administrator sees it.

    The rest is what stands on its envelope.
    """

    login: str
    half: str = field(repr=False)
    name: str
    unit_name: str
    address: str


@dataclass(frozen=True)
class ManagementRow:
    """A 附件2 of the next level, and the account made from it, if there is one yet."""

    application_id: int
    number: str
    form_state: ApplicationState
    unit_id: int
    unit_name: str
    applicant_name: str
    account_id: int | None
    login: str
    account_state: AccountState | None
    activated: bool


def annex2_ready(step: Step) -> ColumnElement[bool]:
    """The 附件2 forms that can take this step."""
    return (Application.kind == FormKind.ANNEX2) & Application.state.in_(states_before(FormKind.ANNEX2, step))


def own_form(actor: Actor) -> ColumnElement[bool]:
    """A form that the actor filed for themselves."""
    return Application.applicant_digest == actor.id_digest


def own_account(actor: Actor) -> ColumnElement[bool]:
    """An account of the actor in person."""
    return Account.person_id == actor.person_id


NOT_ACTIVATED = (Account.kind == AccountKind.MANAGEMENT) & Account.activated_at.is_(None)


@operation("accounts.take-in", Permission.TAKE_IN_MANAGEMENT_FORM, Unit.id, ready=Unit.status == UnitStatus.ACTIVE)
def take_in(work: Work, unit: Unit, form: Annex2) -> int:
    """Take in and compare a 附件2 that a unit of the next level sent, as paper or PDF; returns the form's id."""
    form = management_forms.tidy(form)
    if problems := management_forms.check(form, work.today):
        raise Invalid("form.refused", problems=problems)
    if form.unit_name != unit.name:
        raise Invalid("form.other_unit", unit=unit.name)
    if id_digest(work.seals, form.id_number) == work.actor.id_digest:
        raise Conflict("gate.own_affair")
    text, digest = management_forms.to_json(form), management_forms.content_hash(form)
    written = records.Written(text, digest, form.name, form.id_number)
    application = records.enter(work, FormKind.ANNEX2, unit.id, ApplicationState.SUBMITTED, written)
    records.move(work, application, Step.ACCEPT)
    return application.id


@operation(
    "accounts.review",
    Permission.REVIEW_MANAGEMENT_FORM,
    Application.unit_id,
    ready=annex2_ready(Step.REVIEW),
    own=own_form,
)
def review(work: Work, application: Application) -> None:
    """The second look at the same form, by the 安全管理员: the posts must fit what the person is already."""
    separation.check(work, application.unit_id, application.applicant_digest, _form(work, application).posts)
    records.move(work, application, Step.REVIEW)


@operation(
    "accounts.create",
    Permission.CREATE_MANAGEMENT_ACCOUNT,
    Application.unit_id,
    ready=annex2_ready(Step.EXECUTE) & ~select(Account.id).where(Account.application_id == Application.id).exists(),
    own=own_form,
)
def create(work: Work, application: Application, login: str) -> int:
    """The account, as the form says, for the person whom it names; it opens nothing yet. Returns its id."""
    check_login(work, login)
    account = Account(
        login=login,
        login_key=canonical_login(login),
        kind=AccountKind.MANAGEMENT,
        person_id=person_of(work, _form(work, application).identity).id,
        unit_id=application.unit_id,
        application_id=application.id,
        slot_id=new_uid(),
    )
    return work.add(account).id


def awaits_first_half(work: Work, account: Account) -> bool:
    """Whether no letter has been printed yet: it can be printed again, but does not wait for that."""
    return work.context.vault.slot(account.slot_id or b"") is None


@operation(
    "accounts.print-first-half",
    Permission.CREATE_MANAGEMENT_ACCOUNT,
    Account.unit_id,
    ready=NOT_ACTIVATED & Account.state.in_((AccountState.CREATED, AccountState.ACTIVE)),
    own=own_account,
)
def print_first_half(work: Work, account: Account) -> HalfCode:
    """A new first half; whatever was printed before opens nothing any more, so a lost letter is no danger."""
    half, account.slot_id = printed_codes.new_half(1), new_uid()
    work.context.vault.prepare_slot(account.slot_id, account.login, half, work.context.keys)
    work.context.vault.save()
    return _half_code(work, account, half)


@operation(
    "accounts.authorise",
    Permission.AUTHORISE_MANAGEMENT_ACCOUNT,
    Account.unit_id,
    ready=(Account.kind == AccountKind.MANAGEMENT) & (Account.state == AccountState.CREATED),
    own=own_account,
)
def authorise(work: Work, account: Account) -> None:
    """The posts that the form names, no more and no less."""
    application = work.session.get_one(Application, account.application_id)
    posts = _form(work, application).posts
    separation.check(work, account.unit_id, application.applicant_digest, posts)
    for post in posts:
        work.add(Appointment(account_id=account.id, unit_id=account.unit_id, post=post, since=work.now))
    account.state = AccountState.ACTIVE
    records.move(work, application, Step.EXECUTE)


def _awaits_second_half(work: Work, account: Account) -> bool:
    slot = work.context.vault.slot(account.slot_id or b"")
    return slot is not None and not slot.complete


@operation(
    "accounts.print-second-half",
    Permission.AUTHORISE_MANAGEMENT_ACCOUNT,
    Account.unit_id,
    ready=NOT_ACTIVATED & (Account.state == AccountState.ACTIVE),
    own=own_account,
    also=_awaits_second_half,
)
def print_second_half(work: Work, account: Account) -> HalfCode:
    """The second half, once for each first one."""
    half = printed_codes.new_half(2)
    work.context.vault.complete_slot(account.slot_id or b"", half, work.context.keys)
    work.context.vault.save()
    return _half_code(work, account, half)


def _half_code(work: Work, account: Account, half: str) -> HalfCode:
    form = _form(work, work.session.get_one(Application, account.application_id))
    return HalfCode(account.login, half, form.name, form.unit_name, form.address)


@query("accounts.next-level", Permission.READ_NEXT_LEVEL)
def next_level(work: Work) -> Sequence[ManagementRow]:
    """The 附件2 forms of the units that report to the own one, with the accounts made from them, newest first."""
    query = (
        select(Application, Unit.name, Account)
        .join(Unit, Unit.id == Application.unit_id)
        .join(Account, Account.application_id == Application.id, isouter=True)
        .where(work.visible(Application.unit_id), Application.kind == FormKind.ANNEX2)
        .order_by(Application.id.desc())
    )
    return [_management_row(*found) for found in work.session.execute(query)]


@query("accounts.readiness", Permission.READ_UNITS)
def readiness(work: Work, unit_id: int) -> tuple[str, ...]:
    """What the unit's posts lack (B1), as reasons; none when it is ready. Denied for a unit out of reach."""
    if not work.session.scalar(select(Unit.id).where(Unit.id == unit_id, work.visible(Unit.id))):
        raise Denied("gate.out_of_scope")
    return missing_posts(separation.holders(work, unit_id))


def check_login(work: Work, login: str) -> None:
    """Raise when the login is blank, or taken."""
    if not login.strip() or login != login.strip():
        raise Invalid("account.login_blank")
    if work.session.scalar(select(Account.id).where(Account.login_key == canonical_login(login))):
        raise Conflict("account.login_taken")


def _management_row(application: Application, unit_name: str, account: Account | None) -> ManagementRow:
    return ManagementRow(
        application.id,
        application.number,
        application.state,
        application.unit_id,
        unit_name,
        application.applicant_name,
        account.id if account else None,
        account.login if account else "",
        account.state if account else None,
        activated=bool(account and account.activated_at),
    )


def _form(work: Work, application: Application) -> Annex2:
    return management_forms.from_json(records.text_of(work.seals, records.current_revision(work.session, application)))
