"""A certificate's way onto a UKEY (证书自助下载, §四; E3): intention, act, outcome, so that it can be cut anywhere.

`enrol` goes through the steps; each outcome is an operation of its own. What was cut is gone on with by calling it
again with the same code: the journal and the token say what is there, so there is never a second key.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.ca import profile
from app.ca.protocol import CertificateAuthority, Issued, IssueRequest, IssueState
from app.errors import Conflict, Problem, Unavailable
from app.models.certificates import EnrolmentStep
from app.services import journal
from app.services.journal import LIFETIME, Download, Ticket
from app.services.operations import Gate
from app.services.scope import Actor
from app.token.host import TokenHost
from app.token.session import TokenSession
from app.token.types import ObjectKind

Told = Callable[[EnrolmentStep], None]
"""Hears of each step when it is done. It may raise Cancelled: nothing is lost by that."""


def enrol(
    gate: Gate,
    actor: Actor,
    tokens: TokenHost,
    authority: CertificateAuthority,
    request_id: int,
    download: Download,
    told: Told = lambda step: None,
) -> EnrolmentStep:
    """Bring the certificate onto the token, going on from wherever an earlier run was cut.

    Returns PROVED, or KEY when the authority will answer later. Raises what the gate, the token and the authority
    raise; afterwards the same call goes on.
    """
    tokens.info(download.token_serial)
    lease = token_hex(8)
    ticket = gate.do(actor, journal.begin, request_id, download, lease)
    run = _Run(gate, actor, authority, request_id, lease, told)
    try:
        told(EnrolmentStep.INTENDED)
        with tokens.open(download.token_serial, download.pin) as session:
            reached = run.go(ticket, session)
    except BaseException:
        with suppress(Problem):  # what went wrong first is what has to be told
            run.release()
        raise
    if reached is not EnrolmentStep.PROVED:
        run.release()
    return reached


@dataclass(frozen=True)
class _Run:
    gate: Gate
    actor: Actor
    authority: CertificateAuthority
    request_id: int
    lease: str
    told: Told

    def go(self, ticket: Ticket, session: TokenSession) -> EnrolmentStep:
        self._key(ticket, session)
        issued = ticket.issued or self._certificate(ticket, session)
        if issued is None:
            return EnrolmentStep.KEY
        self._write(ticket, session, issued)
        session.prove(ticket.key_id)
        self.gate.do(self.actor, journal.record_proved, self.request_id, self.lease)
        self.told(EnrolmentStep.PROVED)
        return EnrolmentStep.PROVED

    def release(self) -> None:
        """Let the next run go on at once."""
        self.gate.do(self.actor, journal.release, self.request_id, self.lease)

    def _key(self, ticket: Ticket, session: TokenSession) -> None:
        """Make the key pair, or find the one that was made before the cut."""
        if ticket.step is not EnrolmentStep.INTENDED:
            if session.find_public(ticket.key_id) != ticket.public_key:
                raise Conflict("enrolment.key_gone", serial=session.serial)
            return
        kinds = (ObjectKind.PRIVATE_KEY, ObjectKind.CERTIFICATE)
        if any(thing.kind in kinds and thing.key_id != ticket.key_id for thing in session.objects()):
            raise Conflict("enrolment.not_blank", serial=session.serial)
        public_key = session.generate(ticket.key_id, ticket.kind, ticket.label)
        self.gate.do(self.actor, journal.record_key, self.request_id, self.lease, public_key)
        self.told(EnrolmentStep.KEY)

    def _certificate(self, ticket: Ticket, session: TokenSession) -> Issued | None:
        """Ask the authority; asking again with the same reference gives the same certificate."""
        key = session.private_key(ticket.key_id)
        reference = ticket.key_id.hex()
        csr = profile.signing_request(ticket.subject, key)
        if self.authority.poll(reference) is IssueState.UNKNOWN:  # what it has, it answers, whatever was renamed since
            self.authority.submit(IssueRequest(reference, csr, ticket.subject, LIFETIME))
        match self.authority.poll(reference):
            case IssueState.PENDING:
                return None
            case IssueState.REFUSED:
                raise Conflict("enrolment.refused_by_ca")
            case IssueState.UNKNOWN:
                raise Unavailable("ca.silent")
        issued = self.authority.fetch(reference)
        _check_is_for(issued, key)
        self.gate.do(self.actor, journal.record_issued, self.request_id, self.lease, issued)
        self.told(EnrolmentStep.ISSUED)
        return issued

    def _write(self, ticket: Ticket, session: TokenSession, issued: Issued) -> None:
        session.write_chain(issued.chain)
        session.write_certificate(ticket.key_id, issued.certificate, ticket.label)
        if ticket.step is not EnrolmentStep.WRITTEN:
            self.gate.do(self.actor, journal.record_written, self.request_id, self.lease)
        self.told(EnrolmentStep.WRITTEN)


def _check_is_for(issued: Issued, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    """A certificate for another key than the token's is worth nothing, whoever signed it."""
    from cryptography import x509

    certified = x509.load_der_x509_certificate(issued.certificate).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if certified.public_bytes(*form) != key.public_key().public_bytes(*form):
        raise Conflict("enrolment.wrong_certificate")
