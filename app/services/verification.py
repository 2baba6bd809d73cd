"""Whether a certificate on a token (UKEY) can be relied upon: its key, its chain, its time, its revocation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from app.errors import Invalid, Problem, Unavailable
from app.token.session import TokenSession


class Check(StrEnum):
    """What is checked, in this order."""

    KEY = "key"
    """A random challenge, signed by the token, verifies with the certificate."""
    CHAIN = "chain"
    """It was issued, through the certificates on the token, by the root."""
    TIME = "time"
    REVOCATION = "revocation"


@dataclass(frozen=True)
class Result:
    """One check: `problem` says why it failed, or, where `done` is False, what was missing to check it by."""

    check: Check
    problem: Problem | None = None
    done: bool = True

    @property
    def failed(self) -> bool:
        """Whether this speaks against the certificate."""
        return self.done and self.problem is not None


@dataclass(frozen=True)
class Verified:
    """A holder's certificate on the token, and what the checks found."""

    key_id: bytes
    certificate: x509.Certificate = field(repr=False)
    results: tuple[Result, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing spoke against it."""
        return not any(result.failed for result in self.results)


@dataclass(frozen=True)
class Grounds:
    """What a verification relies on besides the token: roots, lists of revoked ones.

    Without roots those on the token are used, which prove nothing of where they are from.
    """

    now: datetime
    roots: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()


def read_roots(content: bytes) -> tuple[x509.Certificate, ...]:
    """The root certificates of a file, PEM or DER. Invalid `token.file_unreadable`, `token.not_a_root`."""
    try:
        pem = b"-----BEGIN" in content
        found = x509.load_pem_x509_certificates(content) if pem else [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise Invalid("token.file_unreadable") from error
    for certificate in found:
        if not _is_root(certificate):
            raise Invalid("token.not_a_root", subject=certificate.subject.rfc4514_string())
    return tuple(found)


def read_crl(content: bytes) -> x509.CertificateRevocationList:
    """The list of a file, PEM or DER. Invalid `token.file_unreadable`."""
    try:
        load = x509.load_pem_x509_crl if b"-----BEGIN" in content else x509.load_der_x509_crl
        return load(content)
    except ValueError as error:
        raise Invalid("token.file_unreadable") from error


def verify(session: TokenSession, grounds: Grounds) -> Iterator[Verified]:
    """Check each holder's certificate on a token that is logged in."""
    found = [(key_id, x509.load_der_x509_certificate(der)) for key_id, der in session.certificates()]
    others = [certificate for _, certificate in found if _is_authority(certificate)]
    for key_id, certificate in found:
        if not _is_authority(certificate):
            yield Verified(key_id, certificate, _results(session, key_id, certificate, others, grounds))


def _results(
    session: TokenSession,
    key_id: bytes,
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    grounds: Grounds,
) -> tuple[Result, ...]:
    return (
        _tried(Check.KEY, lambda: _check_key(session, key_id)),
        _chain(certificate, others, grounds),
        _tried(Check.TIME, lambda: _check_time(certificate, grounds.now)),
        _tried(Check.REVOCATION, lambda: _check_revocation(certificate, [*others, *grounds.roots], grounds))
        if grounds.crls
        else Result(Check.REVOCATION, Unavailable("token.no_crl"), done=False),
    )


def _tried(check: Check, work: Callable[[], None]) -> Result:
    try:
        work()
    except Problem as problem:
        return Result(check, problem)
    return Result(check)


def _check_key(session: TokenSession, key_id: bytes) -> None:
    if session.find_public(key_id) is None:
        raise Unavailable("token.no_key", serial=session.serial)
    session.prove(key_id)


def _chain(certificate: x509.Certificate, others: Sequence[x509.Certificate], grounds: Grounds) -> Result:
    """A chain to a root that only the token vouches for is no proof: anybody can put a root there."""
    result = _tried(Check.CHAIN, lambda: _check_chain(certificate, others, grounds))
    if result.failed or grounds.roots:
        return result
    return Result(Check.CHAIN, Unavailable("token.root_unvouched"), done=False)


def _check_chain(certificate: x509.Certificate, others: Sequence[x509.Certificate], grounds: Grounds) -> None:
    """The whole of RFC 5280's path validation, at a moment when the certificate itself counts."""
    roots = list(grounds.roots) or [other for other in others if _is_root(other)]
    if not roots:
        raise Unavailable("token.no_root")
    moment = min(max(grounds.now, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
    verifier = PolicyBuilder().store(Store(roots)).time(moment).build_client_verifier()
    try:
        verifier.verify(certificate, list(others))
    except VerificationError as error:
        state = "time" if "validation time" in str(error) else "broken"
        raise Invalid("token.no_chain", state=state, detail=str(error)) from error


def _check_time(certificate: x509.Certificate, now: datetime) -> None:
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= now <= end:
        raise Invalid("token.certificate_not_valid", start=start.isoformat(), end=end.isoformat())


def _check_revocation(certificate: x509.Certificate, authorities: Sequence[x509.Certificate], grounds: Grounds) -> None:
    issuers = [each for each in authorities if each.subject == certificate.issuer]
    for crl in grounds.crls:
        if crl.issuer == certificate.issuer and any(_signed_by(crl, issuer) for issuer in issuers):
            break
    else:
        raise Invalid("token.crl_foreign")
    if (entry := crl.get_revoked_certificate_by_serial_number(certificate.serial_number)) is not None:
        raise Invalid("token.certificate_revoked", at=entry.revocation_date_utc.isoformat())
    if crl.next_update_utc is not None and crl.next_update_utc < grounds.now:
        raise Invalid("token.crl_old", until=crl.next_update_utc.isoformat())


def _signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and crl.is_signature_valid(key)


def _is_root(certificate: x509.Certificate) -> bool:
    """An authority that signed itself."""
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return _is_authority(certificate)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
