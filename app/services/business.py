"""Business accounts of the own unit: created by the 系统管理员, granted by the 安全管理员 (§二.4; C3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.errors import Conflict
from app.forms import annex4
from app.models.accounts import Account, AccountKind, AccountState, Person, Role
from app.models.applications import Application, ApplicationState, FormKind, Step
from app.passwords import canonical_login
from app.policy import Permission
from app.services import records, separation
from app.services.accounts import check_login, own_account, own_form
from app.services.applications import form_of
from app.services.operations import Work, operation, query
from app.services.people import Identity, person_of

TEACHER_SYSTEM = "teacher"
"""全国教师管理信息系统: the subsystem whose roles 附件4 asks for."""


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
    old = "" if form.existing_account == annex4.NO_ACCOUNT else form.existing_account
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
    roles = tuple(kind.name.lower() for kind in annex4.UserType if kind in form_of(work, application).user_types)
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
