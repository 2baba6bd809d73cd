"""Private keys that stay on a token, as `cryptography` knows private keys: so that it builds whatever they sign."""

from collections.abc import Callable
from typing import Any, NoReturn, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Sign = Callable[[bytes, str], bytes]
"""A digest and the name of its hash → a signature: PKCS#1 v1.5 for RSA, DER for EC."""

_DIGEST_INFO = {
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


def spki(key: PublicKey) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def digest_info(digest: bytes, hash_name: str) -> bytes:
    """What CKM_RSA_PKCS signs for a digest. Raises UnsupportedAlgorithm for a hash out of use."""
    if hash_name not in _DIGEST_INFO:
        raise UnsupportedAlgorithm(f"{hash_name} with a key on a token")
    return _DIGEST_INFO[hash_name] + digest


def der_signature(r_and_s: bytes) -> bytes:
    """An ECDSA signature as certificates carry it, from a token's r‖s."""
    half = len(r_and_s) // 2
    return encode_dss_signature(int.from_bytes(r_and_s[:half], "big"), int.from_bytes(r_and_s[half:], "big"))


def verify(key: PublicKey, signature: bytes, digest: bytes) -> None:
    """Check a signature over a SHA-256 digest. Raises InvalidSignature."""
    algorithm = Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, digest, padding.PKCS1v15(), algorithm)
    else:
        key.verify(signature, digest, ec.ECDSA(algorithm))


class TokenRSAKey(rsa.RSAPrivateKey):
    """An RSA key on a token; signs and decrypts by PKCS#1 v1.5."""

    def __init__(self, public_key: rsa.RSAPublicKey, sign: Sign, decrypt: Callable[[bytes], bytes]) -> None:
        self._public_key = public_key
        self._sign = sign
        self._decrypt = decrypt

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        """Sign data, or a digest with Prehashed; raises UnsupportedAlgorithm for other paddings (PSS)."""
        _require_pkcs1(padding)
        return self._sign(*_digest(data, algorithm))

    def decrypt(self, ciphertext: bytes, padding: Any) -> bytes:
        """Decrypt; every wrong ciphertext is the same ValueError."""
        _require_pkcs1(padding)
        return self._decrypt(ciphertext)

    @property
    def key_size(self) -> int:
        """Bits of the modulus."""
        return self._public_key.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        """The public half."""
        return self._public_key

    def private_numbers(self) -> NoReturn:
        """They never leave the token."""
        raise UnsupportedAlgorithm("a private key on a token cannot be read")

    def private_bytes(self, *_: object) -> NoReturn:
        """They never leave the token."""
        raise UnsupportedAlgorithm("a private key on a token cannot be read")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class TokenECKey(ec.EllipticCurvePrivateKey):
    """An EC key on a token; signs by ECDSA."""

    def __init__(self, public_key: ec.EllipticCurvePublicKey, sign: Sign) -> None:
        self._public_key = public_key
        self._sign = sign

    def sign(self, data: Any, signature_algorithm: Any) -> bytes:
        """Sign data, or a digest with Prehashed."""
        return self._sign(*_digest(data, signature_algorithm.algorithm))

    def exchange(self, algorithm: object, peer_public_key: object) -> NoReturn:
        """The key is made for signatures only."""
        raise UnsupportedAlgorithm("this key on a token signs only")

    @property
    def key_size(self) -> int:
        """Bits of the curve."""
        return self._public_key.key_size

    @property
    def curve(self) -> ec.EllipticCurve:
        """The curve."""
        return self._public_key.curve

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        return self._public_key

    def private_numbers(self) -> NoReturn:
        """They never leave the token."""
        raise UnsupportedAlgorithm("a private key on a token cannot be read")

    def private_bytes(self, *_: object) -> NoReturn:
        """They never leave the token."""
        raise UnsupportedAlgorithm("a private key on a token cannot be read")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def _digest(data: bytes, algorithm: Any) -> tuple[bytes, str]:
    if isinstance(algorithm, Prehashed):
        return data, algorithm._algorithm.name
    hasher = hashes.Hash(algorithm)
    hasher.update(data)
    return hasher.finalize(), algorithm.name


def _require_pkcs1(scheme: object) -> None:
    if not isinstance(scheme, padding.PKCS1v15):
        raise UnsupportedAlgorithm(f"{type(scheme).__name__} with a key on a token")
