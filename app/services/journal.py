"""The journal of enrolments (E3): who may begin or go on, and what each step's outcome was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Select, select

from app.ca.protocol import Issued, Subject
from app.errors import Conflict, Denied
from app.models.accounts import Account
from app.models.certificates import (
    Certificate,
    CertificateRequest,
    Enrolment,
    EnrolmentStep,
    RequestState,
    RequestStep,
)
from app.policy import Permission
from app.services import certificates, download_codes
from app.services.certificates import RequestRow, own_request
from app.services.operations import Operation, Work, operation, query
from app.services.subjects import subject_of
from app.token.types import KeyKind

P = ParamSpec("P")
R = TypeVar("R")

LIFETIME = timedelta(days=730)
"""How long a holder's certificate is valid."""

_NAMES = {NameOID.SERIAL_NUMBER: "serialNumber"}
"""RFC 4514 has no short name for it, and people read this."""

LEASE = timedelta(minutes=10)
"""Longer than any one step may take; each outcome renews it."""


@dataclass(frozen=True)
class Download:
    """What the holder gives: phone or e-mail, download code, which token, its PIN. Collected before the work begins."""

    contact: str
    code: str = field(repr=False)
    token_serial: str
    pin: str = field(repr=False)
    kind: KeyKind = KeyKind.RSA_2048


@dataclass(frozen=True)
class Ticket:
    """An enrolment as far as it has come."""

    key_id: bytes
    kind: KeyKind
    step: EnrolmentStep
    public_key: bytes | None
    issued: Issued | None
    subject: Subject
    label: str


def _on_request(
    name: str, *states: RequestState
) -> Callable[[Callable[Concatenate[Work, CertificateRequest, P], R]], Operation[CertificateRequest, P, R]]:
    return operation(
        f"enrolment.{name}",
        Permission.OPEN_HOLDER_SCREEN,
        CertificateRequest.unit_id,
        ready=CertificateRequest.state.in_(states),
        own=own_request,
    )


@query("enrolment.find", Permission.OPEN_HOLDER_SCREEN)
def find(work: Work, number: str) -> RequestRow:
    """The own unit's request with this number. Denied `certificate.request_unknown`, whoever else may have it."""
    query = select(CertificateRequest).where(
        CertificateRequest.number == number, work.visible(CertificateRequest.unit_id)
    )
    request = work.session.scalars(query).one_or_none()
    if request is None:
        raise Denied("certificate.request_unknown", number=number)
    return certificates.request_row(request)


@dataclass(frozen=True)
class Progress:
    """How far an enrolment has come, and on which token."""

    step: EnrolmentStep
    token_serial: str


@query("enrolment.progress", Permission.OPEN_HOLDER_SCREEN)
def progress(work: Work, request_id: int) -> Progress | None:
    """What was begun for a request of the own unit, and is not over; None when nothing was."""
    query = (
        select(Enrolment.step, Enrolment.token_serial)
        .join(CertificateRequest, CertificateRequest.id == Enrolment.request_id)
        .where(Enrolment.request_id == request_id, Enrolment.step != EnrolmentStep.PROVED)
        .where(work.visible(CertificateRequest.unit_id))
    )
    found = work.session.execute(query).one_or_none()
    return Progress(*found) if found else None


_UNDER_WAY = (RequestState.CODE_ISSUED, RequestState.KEY_GENERATED, RequestState.ISSUED, RequestState.WRITTEN)


@_on_request("identify", *_UNDER_WAY)
def identify(work: Work, request: CertificateRequest, contact: str, code: str) -> None:
    """Whether this is the holder, before anything is done to a token. A wrong try counts, as in `begin`."""
    download_codes.identify(work, request, contact, code)


@_on_request("begin", *_UNDER_WAY)
def begin(work: Work, request: CertificateRequest, download: Download, lease: str) -> Ticket:
    """The intention to bring this certificate onto this token; or the one there is, to go on with.

    Conflict `enrolment.busy` (another window is at it), `enrolment.other_token` (begun on another one).
    """
    code = download_codes.identify(work, request, download.contact, download.code)
    enrolment = work.session.scalars(_open(request)).one_or_none()
    token = {"token_serial": download.token_serial, "key_kind": download.kind.value}
    if enrolment is None:
        enrolment = Enrolment(request_id=request.id, begun_at=work.now, **token)
    elif _leased(work, enrolment):
        raise Conflict("enrolment.busy")
    elif enrolment.code_id != code.id and enrolment.step is EnrolmentStep.INTENDED:
        enrolment.token_serial, enrolment.key_kind = token.values()
    elif enrolment.token_serial != download.token_serial:
        raise Conflict("enrolment.other_token", serial=enrolment.token_serial)
    code.used_at = code.used_at or work.now
    enrolment.code_id = code.id
    _lease(work, enrolment, lease)
    return _ticket(work, request, work.add(enrolment))


@_on_request("record-key", RequestState.CODE_ISSUED)
def record_key(work: Work, request: CertificateRequest, lease: str, public_key: bytes) -> None:
    """The key pair is on the token."""
    enrolment = _held(work, request, lease)
    enrolment.public_key, enrolment.step = public_key, EnrolmentStep.KEY
    certificates.move(work, request, RequestStep.GENERATE)


@_on_request("record-issued", RequestState.KEY_GENERATED)
def record_issued(work: Work, request: CertificateRequest, lease: str, issued: Issued) -> None:
    """The authority has answered."""
    enrolment = _held(work, request, lease)
    certificate = x509.load_der_x509_certificate(issued.certificate)
    chain = b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in issued.chain)
    work.add(
        Certificate(
            request_id=request.id,
            enrolment_id=enrolment.id,
            issuer=certificate.issuer.rfc4514_string(_NAMES),
            serial=_even(f"{certificate.serial_number:x}"),
            subject=certificate.subject.rfc4514_string(_NAMES),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            der=issued.certificate,
            chain=chain,
        )
    )
    enrolment.step = EnrolmentStep.ISSUED
    certificates.move(work, request, RequestStep.ISSUE)


@_on_request("record-written", RequestState.ISSUED)
def record_written(work: Work, request: CertificateRequest, lease: str) -> None:
    """Certificate and chain are on the token."""
    _held(work, request, lease).step = EnrolmentStep.WRITTEN
    certificates.move(work, request, RequestStep.WRITE)


@_on_request("record-proved", RequestState.WRITTEN)
def record_proved(work: Work, request: CertificateRequest, lease: str) -> None:
    """A signature of the token verifies with the certificate on it; nothing is left to be leased."""
    enrolment = _held(work, request, lease)
    enrolment.step, enrolment.leased_to, enrolment.leased_until = EnrolmentStep.PROVED, "", None
    certificates.move(work, request, RequestStep.PROVE)


@_on_request("release", *_UNDER_WAY, RequestState.CONFIRMED)
def release(work: Work, request: CertificateRequest, lease: str) -> None:
    """This run is over, whatever its outcome: the next may go on at once."""
    query = select(Enrolment).where(Enrolment.request_id == request.id, Enrolment.leased_to == _holder(work, lease))
    for enrolment in work.session.scalars(query):
        enrolment.leased_to, enrolment.leased_until = "", None


def _even(digits: str) -> str:
    """Hexadecimal as other programs print it: two digits a byte."""
    return digits.zfill(len(digits) + len(digits) % 2)


def _open(request: CertificateRequest) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.request_id == request.id, Enrolment.step != EnrolmentStep.PROVED)


def _held(work: Work, request: CertificateRequest, lease: str) -> Enrolment:
    enrolment = work.session.scalars(_open(request)).one_or_none()
    if enrolment is None or enrolment.leased_to != _holder(work, lease):
        raise Conflict("enrolment.lease_lost")
    _lease(work, enrolment, lease)
    return enrolment


def _lease(work: Work, enrolment: Enrolment, lease: str) -> None:
    enrolment.leased_to = _holder(work, lease)
    enrolment.leased_until = work.now + LEASE


def _holder(work: Work, lease: str) -> str:
    """One run of one process."""
    return f"{work.context.instance}:{lease}"


def _leased(work: Work, enrolment: Enrolment) -> bool:
    """Whether another run holds it. Where one process has the database alone, an earlier process's lease is void."""
    if enrolment.leased_until is None or enrolment.leased_until <= work.now:
        return False
    return not work.context.database.one_process or enrolment.leased_to.startswith(f"{work.context.instance}:")


def _ticket(work: Work, request: CertificateRequest, enrolment: Enrolment) -> Ticket:
    subject = subject_of(work, work.session.get_one(Account, request.account_id))
    query = select(Certificate).where(Certificate.enrolment_id == enrolment.id)
    kept = work.session.scalars(query).one_or_none()
    issued = None
    if kept:
        chain = (der.public_bytes(Encoding.DER) for der in x509.load_pem_x509_certificates(kept.chain))
        issued = Issued(kept.der, tuple(chain))
    label = f"{subject.common_name} {request.number}"
    kind = KeyKind(enrolment.key_kind)
    return Ticket(enrolment.uid, kind, enrolment.step, enrolment.public_key, issued, subject, label)
