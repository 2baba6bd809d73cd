"""Forms as rows: a new application, its next revision, and its moves, each append-only."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models.applications import TRANSITIONS, Application, ApplicationState, Decision, FormKind, Revision, Step
from app.models.office import Counter
from app.services.operations import Work
from app.services.people import id_digest
from app.services.sealing import Seals

SEALED = "revision.content"
PREFIXES = {FormKind.ANNEX2: "GL", FormKind.ANNEX4: "YW"}
"""管理类 and 业务类: how a form's number begins."""


@dataclass(frozen=True)
class Written:
    """What is kept of a form's text: its JSON, its hash, and whose it is."""

    text: str
    content_hash: str
    name: str
    id_number: str


def enter(work: Work, kind: FormKind, unit_id: int, state: ApplicationState, written: Written) -> Application:
    """A new form with its first revision."""
    application = Application(
        number=next_number(work, PREFIXES[kind]),
        kind=kind,
        state=state,
        unit_id=unit_id,
        revision_number=1,
        applicant_digest=id_digest(work.seals, written.id_number),
        applicant_name=written.name,
        entered_at=work.now,
    )
    work.add(application)
    _add_revision(work, application, written)
    return application


def revise(work: Work, application: Application, written: Written) -> None:
    """The next revision of a form. The sign-offs hang on the one before, and so count no longer."""
    application.revision_number += 1
    application.applicant_digest = id_digest(work.seals, written.id_number)
    application.applicant_name = written.name
    _add_revision(work, application, written)


def move(work: Work, application: Application, step: Step, reason: str = "") -> None:
    """Take a form one step on, with the decision that says who and why. The gate has checked that it is possible."""
    after = TRANSITIONS[application.kind][application.state, step]
    decision = Decision(
        application_id=application.id,
        revision_number=application.revision_number,
        step=step,
        before=application.state,
        after=after,
        reason=reason,
        account_id=work.actor.account_id,
        post=work.actor.post,
        decided_at=work.now,
    )
    application.state = after
    work.add(decision)


def current_revision(session: Session, application: Application) -> Revision:
    """The revision in force."""
    query = select(Revision).where(
        Revision.application_id == application.id, Revision.number == application.revision_number
    )
    return session.scalars(query).one()


def text_of(seals: Seals, revision: Revision) -> str:
    """A revision's JSON."""
    return seals.unseal(SEALED, revision.content).decode()


def _add_revision(work: Work, application: Application, written: Written) -> None:
    work.add(
        Revision(
            application_id=application.id,
            number=application.revision_number,
            content=work.seals.seal(SEALED, written.text.encode()),
            content_hash=written.content_hash,
            account_id=work.actor.account_id,
            entered_at=work.now,
        )
    )


def given(reason: str) -> str:
    """The reason that a return or a refusal needs. Invalid `application.reason_missing`."""
    if not reason.strip():
        raise Invalid("application.reason_missing")
    return reason.strip()


def count_to(work: Work, series: str, value: int) -> None:
    """Let a series of numbers go on after `value`."""
    _counter(work, series).value = value


def next_number(work: Work, prefix: str) -> str:
    """The next of a year's series: `YW-2026-000001`."""
    series = f"{prefix}-{work.today.year}"
    counter = _counter(work, series)
    counter.value += 1
    return f"{series}-{counter.value:06}"


def _counter(work: Work, series: str) -> Counter:
    """How far the series has come, locked."""
    kept = work.session.scalars(select(Counter).where(Counter.series == series).with_for_update()).one_or_none()
    return kept or work.add(Counter(series=series, value=0))
