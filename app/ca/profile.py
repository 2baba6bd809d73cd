"""What stands in our certificates and lists of revoked ones (RFC 5280), and in a request for one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.ca.protocol import RevocationReason, Subject
from app.ca.register import Revocation
from app.errors import FieldProblem, Invalid, Unavailable

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
Extension = x509.Extension[x509.ExtensionType]
Digest = hashes.SHA256 | hashes.SHA384

CRL_LIFETIME = timedelta(days=30)
"""Offices fetch the list by hand, so it lives long; it is renewed each day that the authority is used."""
ROOT_CRL_LIFETIME = timedelta(days=366)
CLOCK_SKEW = timedelta(minutes=10)
"""Certificates count from a little earlier, for computers whose clock is slow."""

# Upper bounds of RFC 5280 appendix A.1, in characters; the name's is in bytes, since `cryptography` counts them.
_FIELDS = (
    ("province", NameOID.STATE_OR_PROVINCE_NAME, 128, False),
    ("locality", NameOID.LOCALITY_NAME, 128, True),
    ("organisation", NameOID.ORGANIZATION_NAME, 64, False),
    ("common_name", NameOID.COMMON_NAME, 64, False),
    ("serial_number", NameOID.SERIAL_NUMBER, 64, False),
)
_CA_ROLES = (" 根证书", " 签发证书")
_LONGEST_CA_NAME = 64 - len(_CA_ROLES[1].encode())
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_REFERENCE = re.compile(r"[A-Za-z0-9]+")
_CURVES = (ec.SECP256R1, ec.SECP384R1)


def _extension(value: x509.ExtensionType, *, critical: bool = False) -> Extension:
    return x509.Extension(value.oid, critical, value)


_HOLDER_PURPOSES = _extension(
    x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION])
)


@dataclass(frozen=True)
class Authority:
    """A key that signs, and the certificate that says whose it is."""

    key: PrivateKey
    certificate: x509.Certificate
    doubted: bool = False
    """Whether each signature is verified: a token may sign wrongly, while OpenSSL looks after its own RSA."""

    @cached_property
    def identifier(self) -> Extension:
        """Names the key in what it signs."""
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return _extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own))

    @cached_property
    def digest(self) -> Digest:
        """What the key signs with."""
        return _digest(self.certificate.public_key())


def subject_name(subject: Subject) -> x509.Name:
    """The distinguished name of a holder. Invalid `ca.subject` with a problem for each wrong field."""
    if problems := tuple(_subject_problems(subject)):
        raise Invalid("ca.subject", problems=problems)
    values = [(oid, getattr(subject, field)) for field, oid, _, _ in _FIELDS]
    return _name([(NameOID.COUNTRY_NAME, "CN"), *((oid, value) for oid, value in values if value)])


def signing_request(subject: Subject, key: PrivateKey) -> bytes:
    """A PKCS#10 request (DER) for this person, signed by the holder's key (on the token). Errors: the key's own."""
    builder = x509.CertificateSigningRequestBuilder(subject_name(subject))
    return builder.sign(key, _digest(key.public_key())).public_bytes(Encoding.DER)


def check_signing_request(csr: bytes, subject: Subject) -> PublicKey:
    """The public key that a request brings, once it is certain that it is this person's, who has its other half.

    Invalid `ca.csr_unreadable`, `ca.csr_key`, `ca.csr_signature`, `ca.csr_other_person`.
    """
    try:
        request = x509.load_der_x509_csr(csr)
        key = request.public_key()
        if not request.is_signature_valid:
            raise Invalid("ca.csr_signature")
        names = request.subject
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as fault:
        raise Invalid("ca.csr_unreadable") from fault
    for oid, value in ((NameOID.COMMON_NAME, subject.common_name), (NameOID.SERIAL_NUMBER, subject.serial_number)):
        if [attribute.value for attribute in names.get_attributes_for_oid(oid)] != [value]:
            raise Invalid("ca.csr_other_person")
    return checked_key(key, "ca.csr_key")


def checked_key(key: object, reason: str) -> PublicKey:
    """The key, if it is RSA of 2,048 to 4,096 bits or on P-256 or P-384; otherwise Invalid with the reason."""
    match key:
        case rsa.RSAPublicKey() if 2048 <= key.key_size <= 4096 and key.public_numbers().e >= 65537:
            return key
        case ec.EllipticCurvePublicKey() if isinstance(key.curve, _CURVES):
            return key
    raise Invalid(reason)


def ca_names(name: str) -> tuple[x509.Name, x509.Name]:
    """The distinguished names of root and issuing authority. Invalid `ca.name`: empty or too long."""
    if not 0 < len(name.strip().encode()) <= _LONGEST_CA_NAME:
        raise Invalid("ca.name", most=_LONGEST_CA_NAME // 3)
    country, office = (NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, name)
    root, issuing = (_name([country, office, (NameOID.COMMON_NAME, name + role)]) for role in _CA_ROLES)
    return root, issuing


def root_certificate(key: PrivateKey, name: x509.Name, start: datetime, end: datetime) -> x509.Certificate:
    """A root's certificate, signed by itself."""
    public = key.public_key()
    builder = _certificate(name, public, start, end, _ca_extensions(path_length=1)).issuer_name(name)
    return builder.sign(key, _digest(public))


def issuing_certificate(
    root: Authority, name: x509.Name, key: PublicKey, start: datetime, end: datetime
) -> x509.Certificate:
    """The certificate by which a root lets an authority issue to holders, and to no further authority."""
    return _issue(root, _certificate(name, key, start, end, _ca_extensions(path_length=0)))


def holder_certificate(
    issuing: Authority, subject: Subject, key: PublicKey, start: datetime, end: datetime
) -> x509.Certificate:
    """A person's certificate, for logging in by TLS and for e-mail. Invalid `ca.subject`."""
    # RSA keys also decrypt mail; on a token, EC keys only sign.
    uses = _usage(digital_signature=True, key_encipherment=isinstance(key, rsa.RSAPublicKey))
    extensions = (
        _extension(x509.BasicConstraints(ca=False, path_length=None), critical=True),
        _extension(uses, critical=True),
        _HOLDER_PURPOSES,
        _extension(x509.SubjectAlternativeName([x509.RFC822Name(subject.email)])),
    )
    return _issue(issuing, _certificate(subject_name(subject), key, start, end, extensions))


def revocation_list(
    authority: Authority, number: int, revoked: Iterable[Revocation], now: datetime, lifetime: timedelta
) -> x509.CertificateRevocationList:
    """An authority's list of the certificates that it revoked."""
    builder = x509.CertificateRevocationListBuilder(
        authority.certificate.subject,
        now - CLOCK_SKEW,
        now + lifetime,
        [authority.identifier, _extension(x509.CRLNumber(number))],
        [_revoked(entry) for entry in revoked],
    )
    return builder.sign(authority.key, authority.digest)


def whole_seconds(moment: datetime) -> datetime:
    """The moment in UTC as certificates can hold it."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _subject_problems(subject: Subject) -> Iterable[FieldProblem]:
    for field, oid, most, optional in _FIELDS:
        value: str = getattr(subject, field)
        size = len(value.encode()) if oid == NameOID.COMMON_NAME else len(value)
        if not (optional or value.strip()):
            yield FieldProblem(field, "ca.subject_empty")
        elif size > most:
            yield FieldProblem(field, "ca.subject_long", {"most": most})
        elif not value.isprintable():
            yield FieldProblem(field, "ca.subject_character")
    if subject.serial_number and not _REFERENCE.fullmatch(subject.serial_number):
        yield FieldProblem("serial_number", "ca.subject_character")
    if not _EMAIL.fullmatch(subject.email):
        yield FieldProblem("email", "ca.subject_email")


def _name(values: Iterable[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in values])


def _certificate(
    name: x509.Name, key: PublicKey, start: datetime, end: datetime, extensions: Iterable[Extension]
) -> x509.CertificateBuilder:
    identifier = _extension(x509.SubjectKeyIdentifier.from_public_key(key))
    serial = x509.random_serial_number()
    return x509.CertificateBuilder(None, name, key, serial, start, end, [*extensions, identifier])


def _issue(authority: Authority, builder: x509.CertificateBuilder) -> x509.Certificate:
    builder = builder.issuer_name(authority.certificate.subject)
    builder = builder.add_extension(authority.identifier.value, critical=False)
    certificate = builder.sign(authority.key, authority.digest)
    if authority.doubted:
        try:
            certificate.verify_directly_issued_by(authority.certificate)
        except InvalidSignature as fault:
            raise Unavailable("ca.signature_faulty") from fault
    return certificate


def _ca_extensions(path_length: int) -> tuple[Extension, ...]:
    limits = x509.BasicConstraints(ca=True, path_length=path_length)
    return _extension(limits, critical=True), _extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)


def _revoked(entry: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(entry.serial, whole_seconds(entry.at))
    # RFC 5280 §5.3.1 wants no reason rather than the reason "unspecified".
    if entry.reason is not RevocationReason.UNSPECIFIED:
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(entry.reason.value)), critical=False)
    return builder.build()


def _usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature, False, key_encipherment, False, False, key_cert_sign, crl_sign, False, False
    )


def _digest(key: object) -> Digest:
    return hashes.SHA384() if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size == 384 else hashes.SHA256()
