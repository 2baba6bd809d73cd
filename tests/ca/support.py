"""An embedded authority for tests, people who ask it, and OpenSSL as witness."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.ca import profile
from app.ca.embedded import EmbeddedCA
from app.ca.profile import PrivateKey
from app.ca.protocol import IssueRequest, Subject

OFFICE = "吉林省教育厅"
ROOT_PASSPHRASE, PASSPHRASE = "a root's passphrase", "an issuing key's passphrase"
YEAR = timedelta(days=365)
HOLDER = Subject(
    common_name="欧阳静𬭊",
    organisation="吉林市第一中学",
    province="吉林省",
    locality="吉林市",
    serial_number="7f3a9c",
    email="ouyang.jing@example.cn",
)
Clock = Callable[[], datetime]


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


def open_ca(folder: Path, clock: Clock = now) -> EmbeddedCA:
    """The authority of the test's folder."""
    return EmbeddedCA.open(folder, clock, passphrase=PASSPHRASE)


@cache
def holder_key() -> rsa.RSAPrivateKey:
    """A holder's key pair, as a UKEY would have it."""
    return rsa.generate_private_key(65537, 2048)


def request(key: PrivateKey | None = None, subject: Subject = HOLDER, lifetime: timedelta = 3 * YEAR) -> IssueRequest:
    """A request by this person, under a reference of its own."""
    csr = profile.signing_request(subject, key or holder_key())
    return IssueRequest(token_hex(16), csr, subject, lifetime)


def issue(ca: EmbeddedCA, asked: IssueRequest | None = None) -> bytes:
    """A certificate (DER)."""
    asked = asked or request()
    ca.submit(asked)
    return ca.fetch(asked.reference).certificate


def private_pem(key: PrivateKey) -> bytes:
    """The key as other programs read it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def openssl(*arguments: str | Path, stdin: bytes = b"") -> tuple[bool, str]:
    """Whether OpenSSL's command line agreed, and all that it said."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, timeout=30, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).decode()


def der_file(path: Path, certificate: bytes) -> Path:
    """A certificate as a PEM file."""
    ok, pem = openssl("x509", "-inform", "DER", stdin=certificate)
    assert ok, pem
    path.write_text(pem)
    return path


def openssl_verify(folder: Path, certificate: Path, *options: str) -> tuple[bool, str]:
    """OpenSSL's verdict on a certificate, up to the root, with both lists of revoked certificates, in strict mode."""
    lists = folder.parent / "lists.pem"
    lists.write_bytes((folder / "crl.pem").read_bytes() + (folder / "root-crl.pem").read_bytes())
    trust = ("-CAfile", folder / "root.pem", "-untrusted", folder / "issuing.pem", "-CRLfile", lists)
    return openssl("verify", "-crl_check_all", "-x509_strict", *options, *trust, certificate)
