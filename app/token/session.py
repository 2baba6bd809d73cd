"""A login on one token, from the program's side: each call is one round trip to the token's process."""

import os
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID

from app.errors import Invalid, Problem, Unavailable
from app.token.contents import GONE, Contents
from app.token.keys import PrivateKey, PublicKey, TokenECKey, TokenRSAKey, spki, verify
from app.token.port import Port
from app.token.templates import CertificateParts
from app.token.types import KeyKind, TokenObject

P = ParamSpec("P")
R = TypeVar("R")

SIGN_LIMIT = 30.0  # seconds; cards take less than one
WRITE_LIMIT = 60.0  # a look at a hundred objects can take 20
GENERATE_LIMIT = 180.0  # some cards look for primes for more than a minute
_ENDING = GONE | {"worker.died", "worker.timeout", "token.not_logged_in"}


class TokenSession:
    """One login by one PIN, sent once: if it is lost, all further calls are Unavailable, and the person types again.

    Every call can raise Unavailable `token.removed`, `token.full` (`free` bytes), `worker.died`, `worker.timeout` and
    the other reasons of `token.…`. Use it as a context manager; it logs out at the end.
    """

    def __init__(self, port: Port) -> None:
        self.serial = port.serial
        self._port = port
        self._ended = False
        self._public: dict[bytes, bytes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Log out. A second time does nothing."""
        if not self._ended:
            self._ended = True
            self._port.release()

    def objects(self) -> list[TokenObject]:
        """Everything on the token."""
        return self._call(Contents.objects, WRITE_LIMIT)

    def generate(self, key_id: bytes, kind: KeyKind, label: str) -> bytes:
        """Make a key pair on the token and return its public key (SPKI, DER); run again, return the same one.

        Half a pair, left by a cut, is removed and made anew. Raises Conflict `token.key_damaged` if a certificate
        is there without its whole pair.
        """
        self._public[key_id] = self._call(Contents.generate, GENERATE_LIMIT, key_id, kind, label)
        return self._public[key_id]

    def find_public(self, key_id: bytes) -> bytes | None:
        """The pair's public key (SPKI, DER), or None."""
        return self._call(Contents.find_public, WRITE_LIMIT, key_id)

    def private_key(self, key_id: bytes) -> PrivateKey:
        """The private key, as `cryptography` knows them; its work is done on the token, while this login lasts.

        Raises Unavailable `token.no_key`.
        """
        public_der = self._public.get(key_id) or self.find_public(key_id)
        if public_der is None:
            raise Unavailable("token.no_key", serial=self.serial, key_id=key_id.hex())
        public = load_der_public_key(public_der)

        def sign(digest: bytes, hash_name: str) -> bytes:
            return self._call(Contents.sign, SIGN_LIMIT, key_id, digest, hash_name)

        def decrypt(data: bytes) -> bytes:
            return self._call(Contents.decrypt, SIGN_LIMIT, key_id, data)

        if isinstance(public, rsa.RSAPublicKey):
            return TokenRSAKey(public, sign, decrypt)
        assert isinstance(public, ec.EllipticCurvePublicKey)
        return TokenECKey(public, sign)

    def write_certificate(self, key_id: bytes, certificate: bytes, label: str) -> None:
        """Leave exactly this certificate (DER) with the pair; strays and duplicates with its CKA_ID are removed.

        Raises Invalid `token.certificate_damaged`; Conflict `token.certificate_foreign` if it is for another key.
        """
        self._call(Contents.write_certificate, WRITE_LIMIT, key_id, _parts(_parse(certificate)), label)

    def write_chain(self, certificates: Sequence[bytes]) -> None:
        """Write the CA's certificates (DER); those already there stay as they are."""
        chain = [_parse(certificate) for certificate in certificates]
        self._call(Contents.write_chain, WRITE_LIMIT, [(_common_name(parsed), _parts(parsed)) for parsed in chain])

    def certificates(self) -> list[tuple[bytes, bytes]]:
        """CKA_ID and DER of each certificate."""
        return self._call(Contents.certificates, WRITE_LIMIT)

    def prove(self, key_id: bytes) -> None:
        """Have a random challenge signed, and checked with the certificate as the token gives it back.

        Raises Unavailable `token.unproved` if there is no certificate, or the signature is not its key's.
        """
        challenge = os.urandom(32)
        certificate, signature = self._call(Contents.answer, SIGN_LIMIT, key_id, challenge)
        try:
            verify(_public_key(_parse(certificate)), signature, challenge)
        except (InvalidSignature, Invalid):
            raise Unavailable("token.unproved", serial=self.serial, key_id=key_id.hex()) from None

    def _call(
        self, method: Callable[Concatenate[Contents, P], R], deadline: float, /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        if self._ended:
            raise Unavailable("token.not_logged_in", serial=self.serial)
        try:
            return self._port.within(method, deadline, *args, **kwargs)
        except Problem as problem:
            if problem.reason in _ENDING:
                self.close()
            raise


def _parse(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        raise Invalid("token.certificate_damaged") from None


def _public_key(certificate: x509.Certificate) -> PublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise Invalid("token.certificate_damaged")
    return key


def _parts(certificate: x509.Certificate) -> CertificateParts:
    return CertificateParts(
        der=certificate.public_bytes(Encoding.DER),
        subject=certificate.subject.public_bytes(),
        issuer=certificate.issuer.public_bytes(),
        serial=certificate.serial_number,
        spki=spki(_public_key(certificate)),
    )


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
