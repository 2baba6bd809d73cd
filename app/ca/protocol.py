"""What the program asks of a certificate authority, whichever it is (E6)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names: the person of an executed 附件4, and the unit they belong to."""

    common_name: str
    """姓名."""
    organisation: str
    """The unit's full name (单位名称)."""
    province: str
    serial_number: str
    """A reference of the person: letters and digits, and never the ID number (certificates are public)."""
    email: str
    locality: str = ""
    """City (市州); empty for who reports straight to the province."""


@dataclass(frozen=True)
class IssueRequest:
    """One certificate asked for."""

    reference: str
    """The journal's random id in hex. Who asks twice with the same one gets the same certificate."""
    csr: bytes
    """PKCS#10, DER: it brings the public key and the proof that its holder has the private one, nothing else."""
    subject: Subject
    lifetime: timedelta


class IssueState(StrEnum):
    """How far a request is, as the authority tells it."""

    UNKNOWN = "unknown"
    """Never received, or lost by the authority before it was answered: submit it again."""
    PENDING = "pending"
    ISSUED = "issued"
    REFUSED = "refused"


@dataclass(frozen=True)
class Issued:
    """A certificate and what vouches for it, each DER."""

    certificate: bytes
    chain: tuple[bytes, ...]
    """The issuing authority first, the root last."""


class RevocationReason(StrEnum):
    """Why a certificate ends before its time, in the words of RFC 5280 §5.3.1."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION = "cessationOfOperation"


class CertificateAuthority(Protocol):
    """Ask, look, collect: the answer may come at once or days later, and each call may be repeated after a crash.

    Errors of each call: Unavailable `ca.silent` when the authority can't be reached or doesn't answer.
    """

    def submit(self, request: IssueRequest) -> None:
        """Hand the request over. Invalid `ca.csr_…`, `ca.subject`; Conflict `ca.reference_taken`."""

    def poll(self, reference: str) -> IssueState:
        """How far it is."""

    def fetch(self, reference: str) -> Issued:
        """The certificate, the same one each time. Conflict `ca.not_issued` when there is none (yet)."""
