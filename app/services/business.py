"""Business accounts of the own unit: created by the 系统管理员, granted by the 安全管理员 (§二.4; C3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.errors import Conflict
from app.forms import annex4
from app.models.accounts import Account, AccountKind, AccountState, Person, Role
from app.models.applications import Application, ApplicationState, FormKind, Step
from app.models.org import Unit
from app.passwords import canonical_login
from app.policy import Permission
from app.services import records, separation
from app.services.accounts import check_login, own_account, own_form
from app.services.applications import form_of
from app.services.operations import Work, operation, query
from app.services.people import Identity, person_of

TEACHER_SYSTEM = "teacher"
"""全国教师管理信息系统: the subsystem whose roles 附件4 asks for."""

ROLES: Mapping[str, annex4.UserType] = {kind.name.lower(): kind for kind in annex4.UserType}
"""Its roles, in the source's order: as they are kept → the user type (教师系统用户类型) that asks for them."""


@dataclass(frozen=True)
class BusinessRow:
    """A business account as it stands in a list."""

    id: int
    login: str
    name: str
    state: AccountState
    unit_id: int
    application_id: int


GRANTABLE = (Account.kind == AccountKind.BUSINESS) & (Account.state == AccountState.CREATED)


@operation(
    "business.create",
    Permission.CREATE_BUSINESS_ACCOUNT,
    Application.unit_id,
    ready=(Application.kind == FormKind.ANNEX4)
    & (Application.state == ApplicationState.ACCEPTED)
    & ~select(Account.id).where(Account.application_id == Application.id).exists(),
    own=own_form,
)
def create(work: Work, application: Application, login: str) -> int:
    """The account that an accepted form asks for, without any role yet. Returns its id.

    An old user's account (已拥有登录账号) goes on under its own name: `login` must be that one.
    """
    form = form_of(work, application)
    old = _old_account(form)
    if old and login != old:
        raise Conflict("account.continues_another", login=old)
    check_login(work, login)
    separation.check(work, application.unit_id, application.applicant_digest, business=True)
    identity = Identity(form.name, form.id_number, form.mobile, form.email, form.office_phone)
    account = Account(
        login=login,
        login_key=canonical_login(login),
        kind=AccountKind.BUSINESS,
        person_id=person_of(work, identity).id,
        unit_id=application.unit_id,
        application_id=application.id,
        converted_from=old,
    )
    return work.add(account).id


@operation("business.grant", Permission.GRANT_BUSINESS_ROLES, Account.unit_id, ready=GRANTABLE, own=own_account)
def grant(work: Work, account: Account) -> tuple[str, ...]:
    """The roles that the form asks for, no more and no less; with this the form is executed. Returns the roles."""
    application = work.session.get_one(Application, account.application_id)
    separation.check(work, account.unit_id, application.applicant_digest, business=True)
    asked = form_of(work, application).user_types
    roles = tuple(role for role, kind in ROLES.items() if kind in asked)
    for role in roles:
        work.add(Role(account_id=account.id, subsystem=TEACHER_SYSTEM, role=role, since=work.now))
    account.state = AccountState.ACTIVE
    records.move(work, application, Step.EXECUTE)
    return roles


@query("business.list", Permission.READ_APPLICATIONS)
def listed(work: Work) -> Sequence[BusinessRow]:
    """The own unit's business accounts, newest first."""
    query = (
        select(Account.id, Account.login, Person.name, Account.state, Account.unit_id, Account.application_id)
        .join(Person, Person.id == Account.person_id)
        .where(work.visible(Account.unit_id), Account.kind == AccountKind.BUSINESS)
        .order_by(Account.id.desc())
    )
    return [BusinessRow(*row) for row in work.session.execute(query)]


@query("business.suggest-login", Permission.CREATE_BUSINESS_ACCOUNT)
def suggest_login(work: Work, application_id: int) -> str:
    """A login for the account that a form of the own unit asks for. Conflict `application.gone`.

    It is the old account that goes on; or else the unit's code with the first running number that is free today
    (2122000001 and 01), or nothing when there is none left.
    """
    query = select(Application, Unit).join(Unit, Unit.id == Application.unit_id)
    found = work.session.execute(query.where(Application.id == application_id, work.visible(Unit.id))).one_or_none()
    if found is None or found[0].kind is not FormKind.ANNEX4:
        raise Conflict("application.gone")
    application, unit = found
    if old := _old_account(form_of(work, application)):
        return old
    code = unit.school_code or unit.division_code or ""
    logins = [f"{code}{number:02}" for number in range(1, 1000)]
    taken = set(work.session.scalars(select(Account.login_key).where(Account.login_key.in_(logins))))
    return next((login for login in logins if login not in taken), "") if code else ""


def user_types(work: Work, account_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Account → its user types in the teacher system today, in the source's order, for `tr`."""
    held = select(Role.account_id, Role.role).where(Role.account_id.in_(account_ids), Role.ended_at.is_(None))
    roles: dict[int, set[str]] = {}
    for account, role in work.session.execute(held.where(Role.subsystem == TEACHER_SYSTEM)):
        roles.setdefault(account, set()).add(role)
    return {account: tuple(kind for role, kind in ROLES.items() if role in some) for account, some in roles.items()}


def _old_account(form: annex4.Annex4) -> str:
    """已拥有登录账号, or nothing for a new user."""
    return "" if form.existing_account == annex4.NO_ACCOUNT else form.existing_account
