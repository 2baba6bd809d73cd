"""Certificate requests: filed, forwarded, audited by the province, released by a download code (§二.5; E1, E3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec

from sqlalchemy import ColumnElement, select

from app.ca import profile
from app.errors import Conflict
from app.models.accounts import Account, AccountKind, AccountState, Person
from app.models.applications import Application, ApplicationState
from app.models.certificates import (
    REQUEST_TRANSITIONS,
    Certificate,
    CertificateRequest,
    Enrolment,
    RequestMove,
    RequestState,
    RequestStep,
    request_states_before,
)
from app.models.org import Unit, UnitKind
from app.policy import Permission
from app.services import decisions, download_codes, records
from app.services.accounts import own_account
from app.services.decisions import DecisionRow
from app.services.operations import Operation, Work, operation, query
from app.services.scope import Actor
from app.services.subjects import executed_form, subject_of

P = ParamSpec("P")


@dataclass(frozen=True)
class RequestRow:
    """A request as it stands in a list."""

    id: int
    number: str
    state: RequestState
    unit_id: int
    desk_id: int
    account_id: int
    filed_at: datetime


@dataclass(frozen=True)
class IssuedRow:
    """A certificate that was issued: serial number (hex), subject (RFC 4514), DER, chain (PEM), and its token."""

    serial: str
    subject: str
    not_after: datetime
    der: bytes
    chain: bytes
    token_serial: str


def ready(step: RequestStep) -> ColumnElement[bool]:
    """The requests that can take this step."""
    return CertificateRequest.state.in_(request_states_before(step))


def own_request(actor: Actor) -> ColumnElement[bool]:
    """A request for a certificate of the actor's own."""
    return CertificateRequest.holder_digest == actor.id_digest


_AT_PROVINCE = CertificateRequest.desk_id.in_(select(Unit.id).where(Unit.kind == UnitKind.PROVINCE))


def _asked_for(work: Work, account: Account) -> bool:
    return bool(executed_form(work, account).wants_certificate)


@operation(
    "certificates.file",
    Permission.FILE_CERTIFICATE_REQUEST,
    Account.unit_id,
    ready=(Account.kind == AccountKind.BUSINESS)
    & (Account.state == AccountState.ACTIVE)
    & select(Application.id)
    .where(Application.id == Account.application_id, Application.state == ApplicationState.EXECUTED)
    .exists()
    & ~select(CertificateRequest.id)
    .where(CertificateRequest.account_id == Account.id, CertificateRequest.state != RequestState.REJECTED)
    .exists(),
    own=own_account,
    also=_asked_for,
)
def file(work: Work, account: Account) -> int:
    """Ask for the certificate that an executed form asks for; the request goes to the superior's desk. Returns its id.

    Invalid `ca.subject` when the names can't stand in a certificate.
    """
    profile.subject_name(subject_of(work, account))  # what can't stand in a certificate is found before a key is made
    unit = work.session.get_one(Unit, account.unit_id)
    request = CertificateRequest(
        number=records.next_number(work, "ZS"),
        account_id=account.id,
        unit_id=unit.id,
        desk_id=unit.reports_to_id or unit.id,
        holder_digest=work.session.get_one(Person, account.person_id).id_digest,
        filed_at=work.now,
    )
    return work.add(request).id


@operation(
    "certificates.forward",
    Permission.FORWARD_CERTIFICATE_REQUEST,
    CertificateRequest.desk_id,
    ready=ready(RequestStep.FORWARD) & ~_AT_PROVINCE,
)
def forward(work: Work, request: CertificateRequest) -> None:
    """Seen, and passed on to the next desk upward."""
    superior = work.session.get_one(Unit, request.desk_id).reports_to_id
    if superior is None:
        raise Conflict("gate.wrong_state")
    request.desk_id = superior
    move(work, request, RequestStep.FORWARD)


def _audit(
    step: RequestStep,
) -> Callable[[Callable[Concatenate[Work, CertificateRequest, P], None]], Operation[CertificateRequest, P, None]]:
    return operation(
        f"certificates.{step.value}",
        Permission.AUDIT_CERTIFICATE_REQUEST,
        CertificateRequest.unit_id,
        ready=ready(step) & _AT_PROVINCE,
        own=own_request,
    )


@_audit(RequestStep.APPROVE)
def approve(work: Work, request: CertificateRequest, reason: str = "") -> None:
    """The province's audit: passed."""
    move(work, request, RequestStep.APPROVE, reason)


@_audit(RequestStep.RETURN)
def send_back(work: Work, request: CertificateRequest, reason: str) -> None:
    """The province's audit: back to the holder's unit, with a reason."""
    move(work, request, RequestStep.RETURN, records.given(reason))
    request.desk_id = request.unit_id


@_audit(RequestStep.REJECT)
def reject(work: Work, request: CertificateRequest, reason: str) -> None:
    """The province's audit: refused for good, with a reason."""
    move(work, request, RequestStep.REJECT, records.given(reason))


@operation(
    "certificates.refile",
    Permission.FILE_CERTIFICATE_REQUEST,
    CertificateRequest.unit_id,
    ready=ready(RequestStep.REFILE),
    own=own_request,
)
def refile(work: Work, request: CertificateRequest) -> None:
    """A returned request goes up again."""
    request.desk_id = work.session.get_one(Unit, request.unit_id).reports_to_id or request.unit_id
    move(work, request, RequestStep.REFILE)


@operation(
    "certificates.issue-code",
    Permission.ISSUE_DOWNLOAD_CODE,
    CertificateRequest.unit_id,
    ready=ready(RequestStep.ISSUE_CODE),
    own=own_request,
)
def issue_code(work: Work, request: CertificateRequest) -> str:
    """A download code (下载授权码) for the holder: shown once, good once, for seven days. An earlier one ends."""
    code = download_codes.issue(work, request)
    move(work, request, RequestStep.ISSUE_CODE)
    return code


def move(work: Work, request: CertificateRequest, step: RequestStep, reason: str = "") -> None:
    """Take a request one step on, with the row that says who and why. The gate has checked that it is possible."""
    after = REQUEST_TRANSITIONS[request.state, step]
    moved = RequestMove(
        request_id=request.id,
        step=step,
        before=request.state,
        after=after,
        reason=reason,
        unit_id=work.actor.unit_id,
        account_id=work.actor.account_id,
        post=work.actor.post,
        moved_at=work.now,
    )
    request.state = after
    work.add(moved)


@query("certificates.list", Permission.READ_CERTIFICATES)
def listed(work: Work) -> Sequence[RequestRow]:
    """The requests of the own unit and those below it, newest first."""
    query = select(CertificateRequest).where(work.visible(CertificateRequest.unit_id))
    rows = work.session.scalars(query.order_by(CertificateRequest.id.desc()))
    return [request_row(row) for row in rows]


def request_row(request: CertificateRequest) -> RequestRow:
    """A request's row as a frozen value."""
    return RequestRow(*(getattr(request, key) for key in RequestRow.__dataclass_fields__))


@query("certificates.history", Permission.READ_CERTIFICATES)
def history(work: Work, request_id: int) -> Sequence[DecisionRow]:
    """What was decided on a request in reach, oldest first."""
    reach = select(CertificateRequest.id).where(work.visible(CertificateRequest.unit_id))
    which = (RequestMove.request_id == request_id) & RequestMove.request_id.in_(reach)
    return decisions.told(work, RequestMove, RequestMove.unit_id, RequestMove.moved_at, which)


@query("certificates.issued", Permission.READ_CERTIFICATES)
def issued(work: Work, request_id: int) -> IssuedRow | None:
    """The certificate that came of a request, if there is one yet."""
    query = (
        select(Certificate, Enrolment.token_serial)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(CertificateRequest, CertificateRequest.id == Certificate.request_id)
        .where(Certificate.request_id == request_id, work.visible(CertificateRequest.unit_id))
    )
    found = work.session.execute(query).first()
    if found is None:
        return None
    certificate, token_serial = found
    return IssuedRow(
        certificate.serial, certificate.subject, certificate.not_after, certificate.der, certificate.chain, token_serial
    )
