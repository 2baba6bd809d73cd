"""The objects on a token that is logged in: key pairs, certificates, and what a cut in the middle left of them."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.errors import Conflict, Problem, Unavailable
from app.token import templates
from app.token.keys import PublicKey, der_signature, digest_info, spki, verify
from app.token.types import KeyKind, ObjectKind, TokenObject

if TYPE_CHECKING:
    from app.token.device import Handle, Session

GONE = frozenset({"token.removed", "token.device_error", "token.session_lost", "token.not_recognised"})
"""After these the session is worth nothing any more; other reasons leave it usable."""
_CHAIN_ID_BYTES = 20


class _PrivateKey(NamedTuple):
    handle: "Handle"
    is_rsa: bool


class Contents:
    """What one login sees and does; keys and certificates go by CKA_ID, the journal's random id."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._found: dict[bytes, _PrivateKey] = {}  # on some tokens, finding a key takes longer than signing
        self._cleared = False

    def close(self) -> None:
        """Log out."""
        self._session.close()

    def objects(self) -> list[TokenObject]:
        """Everything on the token."""
        return self._session.objects()

    def generate(self, key_id: bytes, kind: KeyKind, label: str) -> bytes:
        """Make a key pair, or find the one made before; returns its SPKI. Half a pair is removed and made anew.

        Raises Conflict `token.key_damaged` if a certificate is there without its whole pair: that is not replaced.
        """
        existing = self._whole_pair(key_id)
        if existing is not None:
            return spki(existing)
        self._clear_ruins()
        handle = self._session.generate(kind, *templates.key_pair(key_id, kind, label))
        return spki(self._read_public(handle))

    def find_public(self, key_id: bytes) -> bytes | None:
        """SPKI of the pair's public key."""
        handles = self._session.find(ObjectKind.PUBLIC_KEY, key_id)
        return spki(self._read_public(handles[0])) if handles else None

    def sign(self, key_id: bytes, digest: bytes, hash_name: str) -> bytes:
        """Sign a digest: PKCS#1 v1.5 for RSA, DER for EC."""
        with self._private_key(key_id) as key:
            if key.is_rsa:
                return self._session.sign_rsa(key.handle, digest_info(digest, hash_name))
            return der_signature(self._session.sign_ec(key.handle, digest))

    def decrypt(self, key_id: bytes, data: bytes) -> bytes:
        """Decrypt by RSA, PKCS#1 v1.5; whatever is wrong with the data, it is the same ValueError."""
        try:
            with self._private_key(key_id) as key:
                return self._session.decrypt_rsa(key.handle, data)
        except Problem as problem:
            if problem.reason in GONE | {"token.no_key"}:
                raise
            raise ValueError("decryption failed") from None

    def certificates(self) -> list[tuple[bytes, bytes]]:
        """CKA_ID and DER of each."""
        return [self._session.certificate(handle) for handle in self._session.find(ObjectKind.CERTIFICATE)]

    def write_certificate(self, key_id: bytes, parts: templates.CertificateParts, label: str) -> None:
        """Leave exactly this certificate with the pair: strays and duplicates with its CKA_ID are removed.

        Raises Conflict `token.certificate_foreign` if it is for another key.
        """
        if self.find_public(key_id) != parts.spki:
            raise Conflict("token.certificate_foreign", key_id=key_id.hex())
        self._leave_one(key_id, parts, label)

    def write_chain(self, chain: Sequence[tuple[str, templates.CertificateParts]]) -> None:
        """Write the CA's certificates, each with its label; those already there stay as they are."""
        for label, parts in chain:
            self._leave_one(hashlib.sha256(parts.der).digest()[:_CHAIN_ID_BYTES], parts, label)

    def answer(self, key_id: bytes, challenge: bytes) -> tuple[bytes, bytes]:
        """The certificate as the token gives it back, and the key's signature over a SHA-256 digest.

        Raises Unavailable `token.unproved` if there is not exactly one certificate.
        """
        handles = self._session.find(ObjectKind.CERTIFICATE, key_id)
        if len(handles) != 1:
            raise Unavailable("token.unproved", key_id=key_id.hex())
        return self._session.certificate(handles[0])[1], self.sign(key_id, challenge, "sha256")

    def _clear_ruins(self) -> None:
        """Remove, before this login's first write, what a process killed in the middle of writing left unreadable."""
        if self._cleared:
            return
        for ruin in self._session.ruins():
            with suppress(Problem):  # what cannot be removed harms nothing but memory
                self._session.destroy([ruin])
        self._cleared = True

    def _whole_pair(self, key_id: bytes) -> PublicKey | None:
        """The public key of a pair that works; half a pair with this CKA_ID is removed."""
        privates = self._session.find(ObjectKind.PRIVATE_KEY, key_id)
        publics = self._session.find(ObjectKind.PUBLIC_KEY, key_id)
        if not privates and not publics:
            return None
        if len(privates) == len(publics) == 1 and self._session.was_written(privates[0]):
            with suppress(ValueError):  # a public key whose numbers were never written
                public = self._read_public(publics[0])
                self._check_signs_for(key_id, public)
                return public
        if self._session.find(ObjectKind.CERTIFICATE, key_id):
            raise Conflict("token.key_damaged", key_id=key_id.hex())
        for kind in (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY):
            self._session.destroy(self._session.find(kind, key_id))
        return None

    def _check_signs_for(self, key_id: bytes, public: PublicKey) -> None:
        """Have the private key sign for this public key; one that was written whole is not given up if it can't."""
        challenge = os.urandom(32)
        try:
            verify(public, self.sign(key_id, challenge, "sha256"), challenge)
        except InvalidSignature:
            raise Conflict("token.key_damaged", key_id=key_id.hex()) from None

    @contextmanager
    def _private_key(self, key_id: bytes) -> Iterator[_PrivateKey]:
        if key_id not in self._found:
            handles = self._session.find(ObjectKind.PRIVATE_KEY, key_id)
            if not handles:
                raise Unavailable("token.no_key", key_id=key_id.hex())
            self._found[key_id] = _PrivateKey(handles[0], self._session.is_rsa(handles[0]))
        try:
            yield self._found[key_id]
        except Problem:  # the handles may have ended with it
            self._found.clear()
            raise

    def _read_public(self, handle: "Handle") -> PublicKey:
        """A public key object's numbers. Raises ValueError if they make no key."""
        if self._session.is_rsa(handle):
            modulus, exponent = self._session.rsa_numbers(handle)
            return rsa.RSAPublicNumbers(exponent, modulus).public_key()
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self._session.ec_point(handle))

    def _leave_one(self, key_id: bytes, parts: templates.CertificateParts, label: str) -> None:
        """Exactly one certificate with this CKA_ID, and these bytes."""
        handles = self._session.find(ObjectKind.CERTIFICATE, key_id)
        good = [handle for handle in handles if self._session.certificate(handle)[1] == parts.der][:1]
        self._session.destroy(handle for handle in handles if handle not in good)
        if good:
            return
        self._clear_ruins()
        try:
            self._session.create(templates.certificate(key_id, label, parts))
        except Problem:
            with suppress(Problem):  # a failed write can leave a stray
                self._session.destroy(self._session.find(ObjectKind.CERTIFICATE, key_id))
            raise
