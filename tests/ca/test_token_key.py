"""The issuing key handed in: held in a token, of another kind, someone else's, or signing wrongly."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from app.ca.embedded import EmbeddedCA
from app.ca.profile import PrivateKey
from app.ca.protocol import IssueState, RevocationReason
from app.errors import Conflict, Invalid, Problem, Unavailable
from app.token.host import TokenHost
from app.token.keys import TokenRSAKey
from app.token.types import KeyKind
from tests.ca.support import (
    OFFICE,
    PASSPHRASE,
    ROOT_PASSPHRASE,
    der_file,
    holder_key,
    issue,
    now,
    openssl_verify,
    request,
)
from tests.support.softhsm import USER_PIN

pytestmark = pytest.mark.requirement("E6")


def _create(folder: Path, key: PrivateKey) -> None:
    EmbeddedCA.create(folder, OFFICE, ROOT_PASSPHRASE, now(), issuing_key=key)


@pytest.mark.parametrize("kind", list(KeyKind))
def test_the_issuing_key_in_a_token(tmp_path: Path, token_host: TokenHost, serial: str, kind: KeyKind) -> None:
    folder, key_id = tmp_path / "ca", b"issuing"
    with token_host.open(serial, USER_PIN) as session:
        session.generate(key_id, kind, "签发密钥")
        key = session.private_key(key_id)
        _create(folder, key)
        assert not (folder / "issuing.key.pem").exists()
        with EmbeddedCA.open(folder, now, issuing_key=key) as ca:
            certificate = issue(ca)
            holder = der_file(tmp_path / "holder.pem", certificate)
            assert openssl_verify(folder, holder) == (True, f"{holder}: OK\n")
            number = x509.load_der_x509_certificate(certificate).serial_number
            ca.revoke(number, RevocationReason.KEY_COMPROMISE, now())
            assert "certificate revoked" in openssl_verify(folder, holder)[1]


def test_without_the_token_nothing_is_issued_and_nothing_is_lost(
    tmp_path: Path, token_host: TokenHost, serial: str
) -> None:
    folder, key_id, asked, earlier = tmp_path / "ca", b"issuing", request(), request()
    with token_host.open(serial, USER_PIN) as session:
        session.generate(key_id, KeyKind.EC_P256, "签发密钥")
        key = session.private_key(key_id)
        _create(folder, key)
        ca = EmbeddedCA.open(folder, now, issuing_key=key)
        certificate = issue(ca, earlier)
    with ca:
        with pytest.raises(Problem):
            ca.submit(asked)
        assert ca.poll(asked.reference) is IssueState.UNKNOWN
        assert ca.fetch(earlier.reference).certificate == certificate
    with pytest.raises(Unavailable, match=r"ca\.key_absent"):
        EmbeddedCA.open(folder, now, passphrase=PASSPHRASE)
    with (
        token_host.open(serial, USER_PIN) as session,
        EmbeddedCA.open(folder, now, issuing_key=session.private_key(key_id)) as ca,
    ):
        assert issue(ca, asked) != certificate


def test_a_key_on_p_384(tmp_path: Path) -> None:
    folder, key = tmp_path / "ca", ec.generate_private_key(ec.SECP384R1())
    _create(folder, key)
    with EmbeddedCA.open(folder, now, issuing_key=key) as ca:
        holder = der_file(tmp_path / "holder.pem", issue(ca))
    assert openssl_verify(folder, holder)[0]


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256K1())], ids=["rsa-1024", "k1"]
)
def test_a_key_too_weak_to_issue_is_refused(tmp_path: Path, key: PrivateKey) -> None:
    with pytest.raises(Invalid, match=r"ca\.issuing_key"):
        _create(tmp_path / "ca", key)
    assert list(tmp_path.iterdir()) == []


def test_another_authority_s_key_is_refused(folder: Path) -> None:
    for key in (holder_key(), ec.generate_private_key(ec.SECP256R1())):
        with pytest.raises(Conflict, match=r"ca\.key_mismatch"):
            EmbeddedCA.open(folder, now, issuing_key=key)
    EmbeddedCA.open(folder, now, passphrase=PASSPHRASE).close()


def test_a_token_that_signs_wrongly_is_noticed(tmp_path: Path) -> None:
    real, faulty = rsa.generate_private_key(65537, 2048), False

    def sign(digest: bytes, name: str) -> bytes:
        signature = real.sign(digest, padding.PKCS1v15(), Prehashed(SHA256()))
        return signature[::-1] if faulty else signature

    key = TokenRSAKey(real.public_key(), sign, lambda data: data)
    _create(tmp_path / "ca", key)
    asked = request()
    with EmbeddedCA.open(tmp_path / "ca", now, issuing_key=key) as ca:
        faulty = True
        with pytest.raises(Unavailable, match=r"ca\.signature_faulty"):
            ca.submit(asked)
        assert ca.poll(asked.reference) is IssueState.UNKNOWN
        faulty = False
        issue(ca, asked)
