"""The 工作台: what waits for somebody in their post, counted and one click from doing it (I1).

Every row asks the gate, so that what is counted here is what opens, and what can be done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.forms.annex4 import SignStep
from app.models.accounts import Account
from app.models.applications import Application, ApplicationState, Decision, Revision, SignOff
from app.models.base import Base
from app.models.certificates import CertificateRequest, RequestMove
from app.policy import allows
from app.services import accounts, applications, business, certificates, download_codes, journal
from app.services.operations import Gate, Operation, Work
from app.services.scope import Actor
from app.words import N_


@dataclass(frozen=True)
class Waiting:
    """One row of the 工作台. Title and verb are for `tr`."""

    key: str
    """The operation's name: `applications.accept`."""
    title: str
    verb: str
    area: str
    """The page where it is done: `applications`, `accounts`, `people` or `certificates`."""
    ids: tuple[int, ...]
    """What waits, oldest first: the operation can be done on each."""
    oldest: datetime | None
    """Since when the first of them has waited."""
    target: str
    """The table of the ids: `application`, `account` or `certificate_request`."""


Which = Callable[[datetime], ColumnElement[bool]]
"""Of what could be done, what is meant at this moment: a form may be printed again, but does not wait for that."""


@dataclass(frozen=True)
class Task:
    """A row before it is counted."""

    operation: Operation[Any, Any, Any]
    title: str
    verb: str
    area: str
    which: Which | None = None
    also: Callable[[Work, Any], bool] | None = None


def _in_state(state: ApplicationState) -> Which:
    return lambda now: Application.state == state


_SIGNED = (
    select(func.count(SignOff.id))
    .join(Revision, Revision.id == SignOff.revision_id)
    .where(Revision.application_id == Application.id, Revision.number == Application.revision_number)
    .scalar_subquery()
)
_ALL = len(SignStep) - 1
"""The three sign-offs before the acceptance, which is a step of its own."""

_FORMS, _PEOPLE, _CERTIFICATES, _ACCOUNTS = "applications", "people", "certificates", "accounts"


def _without_code(now: datetime) -> ColumnElement[bool]:
    return ~download_codes.works(now)


TASKS: tuple[Task, ...] = (
    Task(applications.mark_printed, N_("待打印的申请单"), N_("去打印"), _FORMS, _in_state(ApplicationState.DRAFT)),
    Task(applications.sign, N_("待登记签署的申请单"), N_("去登记"), _FORMS, lambda now: _SIGNED < _ALL),
    Task(applications.submit, N_("待提交的申请单"), N_("去提交"), _FORMS, lambda now: _SIGNED == _ALL),
    Task(applications.edit, N_("被退回的申请单"), N_("去修改"), _FORMS, _in_state(ApplicationState.RETURNED)),
    Task(applications.accept, N_("待受理的申请单"), N_("去受理"), _FORMS),
    Task(business.create, N_("待创建的账号"), N_("去创建"), _FORMS),
    Task(business.grant, N_("待授权的账号"), N_("去授权"), _PEOPLE),
    Task(certificates.file, N_("待申请的证书"), N_("去申请"), _PEOPLE),
    Task(certificates.refile, N_("被退回的证书申请"), N_("去重报"), _CERTIFICATES),
    Task(certificates.forward, N_("待转报的证书申请"), N_("去转报"), _CERTIFICATES),
    Task(certificates.approve, N_("待审核的证书申请"), N_("去审核"), _CERTIFICATES),
    Task(certificates.issue_code, N_("待发放的下载授权码"), N_("去发放"), _CERTIFICATES, _without_code),
    Task(journal.begin, N_("待下载的证书"), N_("去下载"), _CERTIFICATES, download_codes.works),
    Task(accounts.review, N_("待复核的下级申请单"), N_("去复核"), _ACCOUNTS),
    Task(accounts.create, N_("待创建的下级账号"), N_("去创建"), _ACCOUNTS),
    Task(
        accounts.print_first_half,
        N_("待打印的激活码前半"),
        N_("去打印"),
        _ACCOUNTS,
        also=accounts.awaits_first_half,
    ),
    Task(accounts.authorise, N_("待授权的下级账号"), N_("去授权"), _ACCOUNTS),
    Task(accounts.print_second_half, N_("待打印的激活码后半"), N_("去打印"), _ACCOUNTS),
)
"""In the order of the main job."""


def waiting(gate: Gate, actor: Actor) -> tuple[Waiting, ...]:
    """What waits for the actor: a row for each task of the post, also where nothing waits."""
    return tuple(
        _counted(gate, actor, task)
        for task in TASKS
        if actor.post is not None and allows(actor.post, task.operation.permission)
    )


def _counted(gate: Gate, actor: Actor, task: Task) -> Waiting:
    operation, which = task.operation, task.which(gate.context.clock()) if task.which else None
    ids = tuple(gate.waiting(actor, operation, which, task.also))
    oldest = _since(gate, operation.target, ids[0]) if ids else None
    target = operation.target.__tablename__
    return Waiting(operation.name, task.title, task.verb, task.area, ids, oldest, target)


def _since(gate: Gate, target: type[Base], first: int) -> datetime | None:
    """When the last step before was done: the form's, the request's, or that of the form behind an account."""
    if target is CertificateRequest:
        came, last = CertificateRequest.filed_at, RequestMove.moved_at
        query = select(func.coalesce(func.max(last), came)).where(CertificateRequest.id == first)
        query = query.join(RequestMove, RequestMove.request_id == CertificateRequest.id, isouter=True)
    else:
        came, last = Application.entered_at, Decision.decided_at
        form = (
            select(Account.application_id).where(Account.id == first).scalar_subquery() if target is Account else first
        )
        query = select(func.coalesce(func.max(last), came)).where(Application.id == form)
        query = query.join(Decision, Decision.application_id == Application.id, isouter=True)
    with gate.context.database.reading() as session:
        return session.scalar(query.group_by(came))
