"""Certificate requests: filed, forwarded, audited by the province, released by a download code (§二.5; E1, E3)."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import choice
from typing import Concatenate, ParamSpec

from sqlalchemy import ColumnElement, Select, select

from app import codes
from app.ca import profile
from app.errors import Conflict, Denied
from app.models.accounts import Account, AccountKind, AccountState, Person
from app.models.applications import Application, ApplicationState
from app.models.certificates import (
    REQUEST_TRANSITIONS,
    Certificate,
    CertificateRequest,
    DownloadCode,
    Enrolment,
    RequestMove,
    RequestState,
    RequestStep,
    request_states_before,
)
from app.models.org import Unit, UnitKind
from app.policy import Permission
from app.services import records
from app.services.accounts import own_account
from app.services.operations import Kept, Operation, Work, operation, query
from app.services.scope import Actor
from app.services.subjects import executed_form, subject_of

P = ParamSpec("P")

CODE_LIFETIME = timedelta(days=7)
CODE_TRIES = 5
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I: the code is read out on the phone. 16 of them are 80 bits."""


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
)
def file(work: Work, account: Account) -> int:
    """Ask for a certificate for an account whose form is executed; it goes to the superior's desk. Returns its id.

    Invalid `ca.subject` when the names can't stand in a certificate.
    """
    if not executed_form(work, account).wants_certificate:
        raise Conflict("certificate.not_asked_for")
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
    for earlier in work.session.scalars(_open_codes(request)):
        earlier.expires_at = work.now
    code = "".join(choice(_CODE_LETTERS) for _ in range(16))
    digest = code_digest(work, code)
    expires = work.now + CODE_LIFETIME
    work.add(DownloadCode(request_id=request.id, code_digest=digest, issued_at=work.now, expires_at=expires))
    move(work, request, RequestStep.ISSUE_CODE)
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))


def identify(work: Work, request: CertificateRequest, contact: str, code: str) -> DownloadCode:
    """Whether this is the holder: the reserved phone or e-mail, and the code in force. Returns the code's row.

    A wrong try is counted although it is refused; after five the code is dead. Denied `certificate.not_identified`,
    `certificate.code_dead`, `certificate.code_expired`: the first does not say which of the two was wrong.
    """
    current = work.session.scalars(_codes(request).limit(1)).first()
    if current is None:
        raise Denied("certificate.not_identified")
    if current.wrong_tries >= CODE_TRIES:
        raise Denied("certificate.code_dead")
    if current.used_at is None and current.expires_at <= work.now:
        raise Denied("certificate.code_expired")
    form = executed_form(work, work.session.get_one(Account, request.account_id))
    given = codes.normalise(contact).casefold().encode()
    known = [
        hmac.compare_digest(given, codes.normalise(kept).casefold().encode()) for kept in (form.mobile, form.email)
    ]
    if not (hmac.compare_digest(code_digest(work, code), current.code_digest) & any(known)):
        current.wrong_tries += 1
        raise Kept(Denied("certificate.not_identified", tries=CODE_TRIES - current.wrong_tries))
    return current


def code_digest(work: Work, code: str) -> bytes:
    """What is kept of a download code."""
    return work.seals.digest("download-code", codes.normalise(code).replace("-", "").upper())


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


def _codes(request: CertificateRequest) -> Select[DownloadCode]:
    newest = DownloadCode.id.desc()
    return select(DownloadCode).where(DownloadCode.request_id == request.id).order_by(newest)


def _open_codes(request: CertificateRequest) -> Select[DownloadCode]:
    return _codes(request).where(DownloadCode.used_at.is_(None))
