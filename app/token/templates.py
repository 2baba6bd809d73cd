"""What is written on a token: the attributes of key pairs and certificates, every usage said outright.

The numbers are PKCS#11's own; a vendor's defaults are never relied upon.
"""

from dataclasses import dataclass
from typing import Final

from app.token.types import KeyKind

CKA_CLASS: Final = 0x00
CKA_TOKEN: Final = 0x01
CKA_PRIVATE: Final = 0x02
CKA_LABEL: Final = 0x03
CKA_VALUE: Final = 0x11
CKA_CERTIFICATE_TYPE: Final = 0x80
CKA_ISSUER: Final = 0x81
CKA_SERIAL_NUMBER: Final = 0x82
CKA_KEY_TYPE: Final = 0x100
CKA_SUBJECT: Final = 0x101
CKA_ID: Final = 0x102
CKA_SENSITIVE: Final = 0x103
CKA_ENCRYPT: Final = 0x104
CKA_DECRYPT: Final = 0x105
CKA_WRAP: Final = 0x106
CKA_UNWRAP: Final = 0x107
CKA_SIGN: Final = 0x108
CKA_SIGN_RECOVER: Final = 0x109
CKA_VERIFY: Final = 0x10A
CKA_VERIFY_RECOVER: Final = 0x10B
CKA_DERIVE: Final = 0x10C
CKA_MODULUS: Final = 0x120
CKA_MODULUS_BITS: Final = 0x121
CKA_PUBLIC_EXPONENT: Final = 0x122
CKA_EXTRACTABLE: Final = 0x162
CKA_EC_PARAMS: Final = 0x180
CKA_EC_POINT: Final = 0x181

CKO_CERTIFICATE: Final = 1
CKO_PUBLIC_KEY: Final = 2
CKO_PRIVATE_KEY: Final = 3
CKC_X_509: Final = 0
CKK_RSA: Final = 0
CKK_EC: Final = 3

_P256: Final = bytes.fromhex("06082a8648ce3d030107")  # the curve's name, DER
_EXPONENT: Final = (65537).to_bytes(3, "big")

Template = list[tuple[int, int | bool | str | bytes]]


def key_pair(key_id: bytes, kind: KeyKind, label: str) -> tuple[Template, Template]:
    """Public and private template. An RSA key also decrypts (e-mail protection); the private key never leaves."""
    rsa = kind is KeyKind.RSA_2048
    both: Template = [(CKA_TOKEN, True), (CKA_KEY_TYPE, CKK_RSA if rsa else CKK_EC), (CKA_ID, key_id)]
    both += [(CKA_LABEL, label), (CKA_DERIVE, False)]
    public: Template = [
        (CKA_CLASS, CKO_PUBLIC_KEY),
        *both,
        (CKA_PRIVATE, False),
        (CKA_VERIFY, True),
        (CKA_VERIFY_RECOVER, False),
        (CKA_ENCRYPT, rsa),
        (CKA_WRAP, False),
        *([(CKA_MODULUS_BITS, 2048), (CKA_PUBLIC_EXPONENT, _EXPONENT)] if rsa else [(CKA_EC_PARAMS, _P256)]),
    ]
    private: Template = [
        (CKA_CLASS, CKO_PRIVATE_KEY),
        *both,
        (CKA_PRIVATE, True),
        (CKA_SENSITIVE, True),
        (CKA_EXTRACTABLE, False),
        (CKA_SIGN, True),
        (CKA_SIGN_RECOVER, False),
        (CKA_DECRYPT, rsa),
        (CKA_UNWRAP, False),
    ]
    return public, private


@dataclass(frozen=True)
class CertificateParts:
    """A certificate (DER) and the parts of it that are written beside it; names and public key are DER too."""

    der: bytes
    subject: bytes
    issuer: bytes
    serial: int
    spki: bytes


def certificate(key_id: bytes, label: str, parts: CertificateParts) -> Template:
    """A certificate that anyone may read without a PIN, as TLS clients do to find it."""
    return [
        (CKA_CLASS, CKO_CERTIFICATE),
        (CKA_CERTIFICATE_TYPE, CKC_X_509),
        (CKA_TOKEN, True),
        (CKA_PRIVATE, False),
        (CKA_ID, key_id),
        (CKA_LABEL, label),
        (CKA_SUBJECT, parts.subject),
        (CKA_ISSUER, parts.issuer),
        (CKA_SERIAL_NUMBER, _der_integer(parts.serial)),
        (CKA_VALUE, parts.der),
    ]


def _der_integer(number: int) -> bytes:
    """DER of a positive integer of at most 20 bytes, as serial numbers are."""
    content = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes([2, len(content)]) + content
