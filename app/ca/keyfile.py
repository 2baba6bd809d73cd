"""A private key in a file, under a passphrase.

PKCS#8 with PBES2: scrypt and AES-256-CBC (RFC 5958, RFC 7914), which `openssl pkey` opens as well. The file is built
here because `cryptography` always writes PBKDF2 with 2,048 rounds, where a thief of the file could try millions of
passphrases a second.
"""

import base64
import os

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import ObjectIdentifier

from app.errors import Invalid, Unavailable

LEAST_PASSPHRASE = 12
"""Characters."""

# OWASP's choice within the 32 MiB that OpenSSL allows scrypt in a key file; about 0.12 s a try.
_N, _R, _P = 2**14, 8, 5
_PBES2 = ObjectIdentifier("1.2.840.113549.1.5.13")
_SCRYPT = ObjectIdentifier("1.3.6.1.4.1.11591.4.11")
_AES256_CBC = ObjectIdentifier("2.16.840.1.101.3.4.1.42")


@asn1.sequence
class _ScryptParameters:
    salt: bytes
    cost: int
    block_size: int
    parallelisation: int


@asn1.sequence
class _Derivation:
    algorithm: ObjectIdentifier
    parameters: _ScryptParameters


@asn1.sequence
class _Encryption:
    algorithm: ObjectIdentifier
    vector: bytes


@asn1.sequence
class _Scheme:
    derivation: _Derivation
    encryption: _Encryption


@asn1.sequence
class _Algorithm:
    algorithm: ObjectIdentifier
    parameters: _Scheme


@asn1.sequence
class _EncryptedPrivateKeyInfo:
    algorithm: _Algorithm
    data: bytes


def check_passphrase(passphrase: str) -> None:
    """Invalid `ca.passphrase_short` when it is too short to hold a key."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Invalid("ca.passphrase_short", least=LEAST_PASSPHRASE)


def seal(key: rsa.RSAPrivateKey, passphrase: str) -> bytes:
    """The key as an encrypted PKCS#8 file (PEM)."""
    salt, vector = os.urandom(16), os.urandom(16)
    derived = Scrypt(salt, 32, _N, _R, _P).derive(passphrase.encode())
    encryptor = Cipher(algorithms.AES256(derived), modes.CBC(vector)).encryptor()
    padder = padding.PKCS7(128).padder()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    data = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    return _pem(_EncryptedPrivateKeyInfo(algorithm=_algorithm(salt, vector), data=data))


def unseal(content: bytes, passphrase: str, name: str) -> rsa.RSAPrivateKey:
    """The key in the (undamaged) file called `name`. Invalid `ca.passphrase_wrong`."""
    try:
        key = load_pem_private_key(content, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # An empty one is a TypeError; one wrong one in 256 leaves a valid padding, and then a senseless key.
        raise Invalid("ca.passphrase_wrong", file=name) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Unavailable("ca.damaged", file=name)
    return key


def _algorithm(salt: bytes, vector: bytes) -> _Algorithm:
    parameters = _ScryptParameters(salt=salt, cost=_N, block_size=_R, parallelisation=_P)
    derivation = _Derivation(algorithm=_SCRYPT, parameters=parameters)
    encryption = _Encryption(algorithm=_AES256_CBC, vector=vector)
    return _Algorithm(algorithm=_PBES2, parameters=_Scheme(derivation=derivation, encryption=encryption))


def _pem(info: _EncryptedPrivateKeyInfo) -> bytes:
    lines = base64.b64encode(asn1.encode_der(info))
    rows = b"\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + rows + b"\n-----END ENCRYPTED PRIVATE KEY-----\n"
