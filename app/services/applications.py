"""实名制申请单 (附件4): entered, printed, signed four times in order, submitted, accepted or returned (C1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app import codes
from app.errors import Conflict, Invalid
from app.forms import annex4
from app.forms.annex4 import Annex4, Signature, SignStep
from app.models.accounts import Account, Person
from app.models.applications import (
    Application,
    ApplicationState,
    Decision,
    FormKind,
    Step,
    states_before,
)
from app.models.org import SCHOOL_KINDS, Unit, UnitStatus
from app.policy import Permission
from app.services import decisions, records, sign_offs
from app.services.accounts import own_form
from app.services.decisions import DecisionRow
from app.services.operations import Work, operation, query


@dataclass(frozen=True)
class ApplicationRow:
    """A form as it stands in a list."""

    id: int
    number: str
    state: ApplicationState
    unit_id: int
    unit_name: str
    applicant_name: str
    entered_at: datetime
    revision_number: int


@dataclass(frozen=True)
class Opened:
    """A form to work on, or to print: its revision in force with the sign-offs that count."""

    row: ApplicationRow
    form: Annex4
    signatures: dict[SignStep, Signature]


def ready(step: Step) -> ColumnElement[bool]:
    """The 附件4 forms that can take this step."""
    return (Application.kind == FormKind.ANNEX4) & Application.state.in_(states_before(FormKind.ANNEX4, step))


@operation("applications.enter", Permission.ENTER_APPLICATION, Unit.id, ready=Unit.status == UnitStatus.ACTIVE)
def enter(work: Work, unit: Unit, form: Annex4) -> int:
    """A new form of the own unit, checked; returns its id."""
    written = _checked(work, unit, form)
    return records.enter(work, FormKind.ANNEX4, unit.id, ApplicationState.DRAFT, written).id


@operation("applications.work-on", Permission.ENTER_APPLICATION, Application.unit_id, ready=ready(Step.EDIT))
def work_on(work: Work, application: Application) -> Opened:
    """The form in full, for the clerk who edits it; that they had it is in the log."""
    return _opened(work, application)


@operation("applications.edit", Permission.ENTER_APPLICATION, Application.unit_id, ready=ready(Step.EDIT))
def edit(work: Work, application: Application, form: Annex4, revision: int) -> None:
    """Another content than in `revision`: a new one, which has to be printed and signed anew.

    The same content changes nothing, unless the form was returned: then it goes round again as it is.
    Conflict `application.changed_meanwhile` when `revision`, which the clerk had open, is no longer the newest.
    """
    _check_newest(work, application, revision)
    written = _checked(work, work.session.get_one(Unit, application.unit_id), form)
    same = written.content_hash == records.current_revision(work.session, application).content_hash
    if same and application.state is not ApplicationState.RETURNED:
        return
    records.revise(work, application, written)
    records.move(work, application, Step.EDIT)


@operation("applications.print", Permission.ENTER_APPLICATION, Application.unit_id, ready=ready(Step.PRINT))
def mark_printed(work: Work, application: Application) -> Opened:
    """The form goes onto paper: what stands on it from now on is what people sign."""
    if application.state is ApplicationState.DRAFT:
        records.move(work, application, Step.PRINT)
    return _opened(work, application)


@operation(
    "applications.sign",
    Permission.ENTER_APPLICATION,
    Application.unit_id,
    ready=(Application.kind == FormKind.ANNEX4) & (Application.state == ApplicationState.PRINTED),
)
def sign(work: Work, application: Application, step: SignStep, signature: Signature, revision: int) -> None:
    """Record one of the first three sign-offs (申请人、部门、办公室) of the printed `revision`, in their order.

    Conflict `application.changed_meanwhile` when the paper is not of the newest revision.
    """
    _check_newest(work, application, revision)
    if step is SignStep.ACCEPTANCE:
        raise Conflict("application.acceptance_is_own_step")
    sign_offs.add(work, application, step, signature)


@operation("applications.submit", Permission.ENTER_APPLICATION, Application.unit_id, ready=ready(Step.SUBMIT))
def submit(work: Work, application: Application) -> None:
    """Hand the form, signed three times, to the user management department."""
    missing = [step for step in SignStep if step not in sign_offs.of(work, application)]
    if missing != [SignStep.ACCEPTANCE]:
        raise Conflict("application.not_signed", step=int(missing[0]))
    records.move(work, application, Step.SUBMIT)


@operation(
    "applications.accept", Permission.ACCEPT_APPLICATION, Application.unit_id, ready=ready(Step.ACCEPT), own=own_form
)
def accept(work: Work, application: Application, signature: Signature, revision: int) -> None:
    """用户管理部门受理意见: the fourth sign-off. Conflict `application.changed_meanwhile`, as for the first three."""
    _check_newest(work, application, revision)
    sign_offs.add(work, application, SignStep.ACCEPTANCE, signature)
    records.move(work, application, Step.ACCEPT)


@operation(
    "applications.return", Permission.ACCEPT_APPLICATION, Application.unit_id, ready=ready(Step.RETURN), own=own_form
)
def send_back(work: Work, application: Application, reason: str) -> None:
    """Return the form with a reason; it can be edited and goes round again."""
    records.move(work, application, Step.RETURN, records.given(reason))


@operation(
    "applications.reject", Permission.ACCEPT_APPLICATION, Application.unit_id, ready=ready(Step.REJECT), own=own_form
)
def reject(work: Work, application: Application, reason: str) -> None:
    """Refuse the form for good, with a reason."""
    records.move(work, application, Step.REJECT, records.given(reason))


@operation("applications.withdraw", Permission.ENTER_APPLICATION, Application.unit_id, ready=ready(Step.WITHDRAW))
def withdraw(work: Work, application: Application, reason: str) -> None:
    """The applicant no longer wants it."""
    records.move(work, application, Step.WITHDRAW, records.given(reason))


@query("applications.list", Permission.READ_APPLICATIONS)
def listed(work: Work) -> Sequence[ApplicationRow]:
    """The own unit's forms, newest first."""
    query = lines().where(work.visible(Application.unit_id)).order_by(Application.id.desc())
    return [ApplicationRow(*row) for row in work.session.execute(query)]


@query("applications.open", Permission.READ_APPLICATIONS)
def opened(work: Work, application_id: int) -> Opened:
    """One form of the own unit, its personal data masked."""
    query = select(Application).where(Application.id == application_id, work.visible(Application.unit_id))
    application = work.session.scalars(query).one_or_none()
    if application is None or application.kind is not FormKind.ANNEX4:
        raise Conflict("application.gone")
    found = _opened(work, application)
    return replace(found, form=_masked(found.form))


@query("applications.history", Permission.READ_APPLICATIONS)
def history(work: Work, application_id: int) -> Sequence[DecisionRow]:
    """What was decided on a form of the own unit, oldest first: why it was returned, and by whom."""
    reach = select(Application.id).where(work.visible(Application.unit_id))
    which = (Decision.application_id == application_id) & Decision.application_id.in_(reach)
    return decisions.told(work, Decision, Account.unit_id, Decision.decided_at, which)


def form_of(work: Work, application: Application) -> Annex4:
    """What the form states in its revision in force."""
    return annex4.from_json(records.text_of(work.seals, records.current_revision(work.session, application)))


def _checked(work: Work, unit: Unit, form: Annex4) -> records.Written:
    """The form tidied and checked against its rules. Raises Invalid `form.refused` with each fault at its field."""
    form = annex4.tidy(form)
    if problems := annex4.check(form, is_school=unit.kind in SCHOOL_KINDS, today=work.today):
        raise Invalid("form.refused", problems=problems)
    if form.unit_name != unit.name:
        raise Invalid("form.other_unit", unit=unit.name)
    return records.Written(annex4.to_json(form), annex4.content_hash(form), form.name, form.id_number)


def _opened(work: Work, application: Application) -> Opened:
    revision = records.current_revision(work.session, application)
    form = annex4.from_json(records.text_of(work.seals, revision))
    row = work.session.execute(lines().where(Application.id == application.id)).one()
    return Opened(ApplicationRow(*row), form, sign_offs.of(work, application))


def _masked(form: Annex4) -> Annex4:
    return replace(
        form,
        id_number=codes.mask_id_number(form.id_number),
        office_phone=codes.mask_phone(form.office_phone),
        email=codes.mask_email(form.email),
        mobile=codes.mask_phone(form.mobile),
    )


def lines() -> Select[*tuple[Any, ...]]:
    """The 附件4 forms by the columns of `ApplicationRow`."""
    form = Application
    return (
        select(form.id, form.number, form.state, form.unit_id, Unit.name, form.applicant_name, form.entered_at,
               form.revision_number)
        .join(Unit, Unit.id == form.unit_id)
        .where(form.kind == FormKind.ANNEX4)
    )  # fmt: skip


def _check_newest(work: Work, application: Application, revision: int) -> None:
    if revision != application.revision_number:
        newest = records.current_revision(work.session, application)
        name = select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == newest.account_id)
        raise Conflict("application.changed_meanwhile", name=work.session.scalar(name))
