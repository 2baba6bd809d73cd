"""The four sign-offs on a printed 附件4: in their order, each by somebody else, each once (C1)."""

from datetime import date

from sqlalchemy import select

from app import codes
from app.errors import Conflict, Invalid
from app.forms.annex4 import Signature, SignStep
from app.models.applications import Application, Revision, SignOff
from app.services import records
from app.services.operations import Work


def of(work: Work, application: Application) -> dict[SignStep, Signature]:
    """The sign-offs that count: those of the revision in force."""
    query = (
        select(SignOff)
        .join(Revision, Revision.id == SignOff.revision_id)
        .where(Revision.application_id == application.id, Revision.number == application.revision_number)
        .order_by(SignOff.step)
    )
    return {
        SignStep(row.step): Signature(row.signer, row.signed_on, row.opinion) for row in work.session.scalars(query)
    }


def add(work: Work, application: Application, step: SignStep, signature: Signature) -> None:
    """Record the next one. Conflict or Invalid `application.…` when it is not the turn of this step or signer."""
    done = of(work, application)
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
