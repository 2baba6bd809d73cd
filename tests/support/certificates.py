"""Certificates for what tests put on tokens, signed by a key made for the occasion; no CA is needed for that."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_ISSUER = ec.generate_private_key(ec.SECP256R1())
_SINCE = datetime.datetime(2020, 8, 15, tzinfo=datetime.UTC)


def certificate_for(spki: bytes, name: str = "张三") -> bytes:
    """A certificate (DER) for a public key; another one at each call."""
    key = serialization.load_der_public_key(spki)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("测试 CA"))
        .public_key(key)  # type: ignore[arg-type] # a test knows what it passes
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_SINCE + datetime.timedelta(days=3650))
        .sign(_ISSUER, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def ca_certificate() -> bytes:
    """A certificate that plays the CA's (DER); another one at each call."""
    key = _ISSUER.public_key()
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return certificate_for(info, "测试 CA")


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
