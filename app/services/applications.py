"""实名制申请单 (附件4): entered, printed, signed four times in order, submitted, accepted or returned (C1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from app import codes
from app.errors import Conflict, Invalid
from app.forms import annex4
from app.forms.annex4 import Annex4, Signature, SignStep
from app.models.applications import (
    Application,
    ApplicationState,
    FormKind,
    Revision,
    SignOff,
    Step,
    states_before,
)
from app.models.org import SCHOOL_KINDS, Unit, UnitStatus
from app.policy import Permission
from app.services import records
from app.services.accounts import own_form
from app.services.operations import Work, operation, query


@dataclass(frozen=True)
class ApplicationRow:
    """A form as it stands in a list."""

    id: int
    number: str
    state: ApplicationState
    unit_id: int
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
def edit(work: Work, application: Application, form: Annex4) -> None:
    """Another content: a new revision, which has to be printed and signed anew.

    The same content changes nothing, unless the form was returned: then it goes round again as it is.
    """
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
def sign(work: Work, application: Application, step: SignStep, signature: Signature) -> None:
    """Record one of the first three sign-offs of the printed form, in their order, each once (申请人、部门、办公室)."""
    if step is SignStep.ACCEPTANCE:
        raise Conflict("application.acceptance_is_own_step")
    _add_signature(work, application, step, signature)


@operation("applications.submit", Permission.ENTER_APPLICATION, Application.unit_id, ready=ready(Step.SUBMIT))
def submit(work: Work, application: Application) -> None:
    """Hand the form, signed three times, to the user management department."""
    missing = [step for step in SignStep if step not in _signatures(work, application)]
    if missing != [SignStep.ACCEPTANCE]:
        raise Conflict("application.not_signed", step=int(missing[0]))
    records.move(work, application, Step.SUBMIT)


@operation(
    "applications.accept", Permission.ACCEPT_APPLICATION, Application.unit_id, ready=ready(Step.ACCEPT), own=own_form
)
def accept(work: Work, application: Application, signature: Signature) -> None:
    """用户管理部门受理意见: the fourth sign-off."""
    _add_signature(work, application, SignStep.ACCEPTANCE, signature)
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
    query = select(Application).where(work.visible(Application.unit_id), Application.kind == FormKind.ANNEX4)
    return [_row(application) for application in work.session.scalars(query.order_by(Application.id.desc()))]


@query("applications.open", Permission.READ_APPLICATIONS)
def opened(work: Work, application_id: int) -> Opened:
    """One form of the own unit, its personal data masked."""
    query = select(Application).where(Application.id == application_id, work.visible(Application.unit_id))
    application = work.session.scalars(query).one_or_none()
    if application is None or application.kind is not FormKind.ANNEX4:
        raise Conflict("application.gone")
    found = _opened(work, application)
    return replace(found, form=_masked(found.form))


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


def _add_signature(work: Work, application: Application, step: SignStep, signature: Signature) -> None:
    done = _signatures(work, application)
    if step in done:
        raise Conflict("application.signed_already", step=int(step))
    if int(step) != len(done) + 1:
        raise Conflict("application.out_of_order", step=int(step), due=len(done) + 1)
    _check_signer(application, step, signature, work.today)
    if any(_same_name(signature.signer, earlier.signer) for earlier in done.values()):
        raise Conflict("application.signer_twice", signer=signature.signer.strip())
    if done and signature.signed_on < max(earlier.signed_on for earlier in done.values()):
        raise Invalid("application.signed_before_previous")
    revision = records.current_revision(work.session, application)
    work.add(
        SignOff(
            revision_id=revision.id,
            step=int(step),
            account_id=work.actor.account_id,
            recorded_at=work.now,
            **vars(signature) | {"signer": signature.signer.strip()},
        )
    )


def _check_signer(application: Application, step: SignStep, signature: Signature, today: date) -> None:
    """The applicant signs first, and nobody else does; the three opinions are others', never the applicant's own."""
    signer = signature.signer.strip()
    if not signer:
        raise Invalid("application.signer_missing")
    if _same_name(signer, application.applicant_name) is not (step is SignStep.APPLICANT):
        raise Conflict("application.wrong_signer", step=int(step))
    if signature.signed_on > today:
        raise Invalid("application.signed_in_future")


def _same_name(one: str, other: str) -> bool:
    """Spaces are no difference: 张三 is often set as 张 三."""
    return codes.normalise(one) == codes.normalise(other)


def _signatures(work: Work, application: Application) -> dict[SignStep, Signature]:
    query = (
        select(SignOff)
        .join(Revision, Revision.id == SignOff.revision_id)
        .where(Revision.application_id == application.id, Revision.number == application.revision_number)
        .order_by(SignOff.step)
    )
    return {
        SignStep(row.step): Signature(row.signer, row.signed_on, row.opinion) for row in work.session.scalars(query)
    }


def _opened(work: Work, application: Application) -> Opened:
    revision = records.current_revision(work.session, application)
    form = annex4.from_json(records.text_of(work.seals, revision))
    return Opened(_row(application), form, _signatures(work, application))


def _masked(form: Annex4) -> Annex4:
    return replace(
        form,
        id_number=codes.mask_id_number(form.id_number),
        office_phone=codes.mask_phone(form.office_phone),
        email=codes.mask_email(form.email),
        mobile=codes.mask_phone(form.mobile),
    )


def _row(application: Application) -> ApplicationRow:
    return ApplicationRow(*(getattr(application, key) for key in ApplicationRow.__dataclass_fields__))
