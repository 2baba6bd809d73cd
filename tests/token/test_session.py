"""A key pair and its certificate on a token: made, found again, proved, and accepted by other programs."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key, pkcs7

from app.errors import Conflict, Invalid, Unavailable
from app.token.host import TokenHost
from app.token.types import KeyKind, ObjectKind
from tests.support.certificates import ca_certificate, certificate_for
from tests.support.softhsm import USER_PIN, SoftHsm

pytestmark = pytest.mark.requirement("E3")
KEY_ID = bytes(range(16))
KINDS = pytest.mark.parametrize("kind", list(KeyKind))


@KINDS
def test_an_enrolment_leaves_one_pair_one_certificate_and_the_chain(
    token_host: TokenHost, serial: str, kind: KeyKind
) -> None:
    chain = [ca_certificate(), ca_certificate()]
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, kind, "张三")
        certificate = certificate_for(spki)
        session.write_certificate(KEY_ID, certificate, "张三")
        session.write_chain(chain)
        session.prove(KEY_ID)
        kinds = sorted(item.kind for item in session.objects())
        assert kinds == [*[ObjectKind.CERTIFICATE] * 3, ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY]
        assert dict(session.certificates())[KEY_ID] == certificate
        assert {item.label for item in session.objects()} == {"张三", "测试 CA"}
    assert not token_host.is_blank(serial)


@KINDS
def test_each_step_run_again_changes_nothing(token_host: TokenHost, serial: str, kind: KeyKind) -> None:
    chain = [ca_certificate()]
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, kind, "张三")
        certificate = certificate_for(spki)
        for _ in range(2):
            assert session.generate(KEY_ID, kind, "张三") == session.find_public(KEY_ID) == spki
            session.write_certificate(KEY_ID, certificate, "张三")
            session.write_chain(chain)
        assert len(session.objects()) == 4


@KINDS
def test_the_private_key_signs_requests_and_certificates(token_host: TokenHost, serial: str, kind: KeyKind) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "张三")])
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, kind, "张三")
        key = session.private_key(KEY_ID)
        assert key.key_size == (2048 if kind is KeyKind.RSA_2048 else 256)
        for algorithm in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512()):
            request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, algorithm)
            assert request.is_signature_valid
        certificate = x509.load_der_x509_certificate(certificate_for(spki))
        envelope = pkcs7.PKCS7SignatureBuilder().set_data(b"data").add_signer(certificate, key, hashes.SHA256())
        assert envelope.sign(serialization.Encoding.DER, [])


def test_an_rsa_key_signs_digests_and_decrypts(token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        public = load_der_public_key(session.generate(KEY_ID, KeyKind.RSA_2048, "张三"))
        key = session.private_key(KEY_ID)
        assert isinstance(key, rsa.RSAPrivateKey)
        assert isinstance(public, rsa.RSAPublicKey)
        digest = hashlib.sha256(b"data").digest()
        signature = key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        public.verify(signature, b"data", padding.PKCS1v15(), hashes.SHA256())
        secret = public.encrypt(b"secret", padding.PKCS1v15())
        assert key.decrypt(secret, padding.PKCS1v15()) == b"secret"
        for wrong in (b"\1" * 256, b"short", b""):
            with pytest.raises(ValueError, match=r"^decryption failed"):
                key.decrypt(wrong, padding.PKCS1v15())
        with pytest.raises(UnsupportedAlgorithm):
            key.sign(b"data", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        with pytest.raises(UnsupportedAlgorithm):
            key.private_numbers()


def test_an_ec_key_signs(token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        key = session.private_key(KEY_ID)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        for _ in range(20):  # r and s of any length in DER
            signature = key.sign(b"data", ec.ECDSA(hashes.SHA256()))
            key.public_key().verify(signature, b"data", ec.ECDSA(hashes.SHA256()))


def test_a_certificate_for_another_key_or_a_damaged_one_is_not_written(token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        other = session.generate(b"other", KeyKind.EC_P256, "李四")
        with pytest.raises(Conflict, match=r"token\.certificate_foreign"):
            session.write_certificate(KEY_ID, certificate_for(other), "张三")
        with pytest.raises(Conflict, match=r"token\.certificate_foreign"):
            session.write_certificate(b"none", certificate_for(other), "张三")
        with pytest.raises(Invalid, match=r"token\.certificate_damaged"):
            session.write_certificate(KEY_ID, certificate_for(other)[:-1], "张三")
        assert session.certificates() == []


def test_a_new_certificate_takes_the_place_of_the_old_one(token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        session.write_certificate(KEY_ID, certificate_for(spki), "张三")
        renewed = certificate_for(spki)
        session.write_certificate(KEY_ID, renewed, "张三")
        assert session.certificates() == [(KEY_ID, renewed)]


def test_nothing_is_proved_without_certificate_or_key(token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        with pytest.raises(Unavailable, match=r"token\.unproved"):
            session.prove(KEY_ID)
        session.write_certificate(KEY_ID, certificate_for(spki), "张三")
        session.prove(KEY_ID)
        with pytest.raises(Unavailable, match=r"token\.no_key"):
            session.private_key(b"none")


def test_the_private_key_cannot_leave_the_token(token_host: TokenHost, serial: str, softhsm: SoftHsm) -> None:
    with token_host.open(serial, USER_PIN) as session:
        session.generate(KEY_ID, KeyKind.RSA_2048, "张三")
    listed = _tool(softhsm, "--login", "--pin", USER_PIN, "--list-objects", "--type", "privkey")
    assert "张三" in listed
    assert "sensitive, always sensitive, never extractable, local" in listed
    usage = next(line for line in listed.splitlines() if "Usage:" in line)
    assert usage.split(":")[1].strip() == "decrypt, sign"


def test_pkcs11_tool_signs_with_the_key(token_host: TokenHost, serial: str, softhsm: SoftHsm, tmp_path: Path) -> None:
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, KeyKind.RSA_2048, "张三")
        certificate = certificate_for(spki)
        session.write_certificate(KEY_ID, certificate, "张三")
    message, signature, read = tmp_path / "message", tmp_path / "signature", tmp_path / "read.der"
    message.write_bytes(b"data")
    _tool(softhsm, "--login", "--pin", USER_PIN, "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", KEY_ID.hex(),
          "--input-file", str(message), "--output-file", str(signature))  # fmt: skip
    public = load_der_public_key(spki)
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature.read_bytes(), b"data", padding.PKCS1v15(), hashes.SHA256())
    _tool(softhsm, "--read-object", "--type", "cert", "--id", KEY_ID.hex(), "--output-file", str(read))
    assert read.read_bytes() == certificate


def test_what_another_program_made_is_used_as_it_is(token_host: TokenHost, serial: str, softhsm: SoftHsm) -> None:
    _tool(softhsm, "--login", "--pin", USER_PIN, "--keypairgen", "--key-type", "EC:prime256v1", "--id", KEY_ID.hex())
    with token_host.open(serial, USER_PIN) as session:
        spki = session.find_public(KEY_ID)
        assert spki is not None
        assert session.generate(KEY_ID, KeyKind.EC_P256, "张三") == spki
        session.write_certificate(KEY_ID, certificate_for(spki), "张三")
        session.prove(KEY_ID)


def _tool(softhsm: SoftHsm, *arguments: str) -> str:
    command = ["pkcs11-tool", "--module", str(softhsm.library), "--token-label", "测试", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
