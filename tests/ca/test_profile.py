"""What stands in the certificates: RFC 5280, as OpenSSL and GnuTLS read it."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.ca import profile
from app.ca.embedded import EmbeddedCA
from app.ca.profile import Authority
from app.ca.protocol import Subject
from app.errors import Invalid
from tests.ca.support import HOLDER, YEAR, der_file, issue, now, openssl, openssl_verify, request

pytestmark = pytest.mark.requirement("E6")


def test_openssl_reads_a_holder_s_certificate(ca: EmbeddedCA, tmp_path: Path) -> None:
    _, text = openssl(
        "x509", "-in", der_file(tmp_path / "holder.pem", issue(ca)), "-noout", "-text", "-nameopt", "utf8"
    )
    for part in (
        "Version: 3 (0x2)",
        "Signature Algorithm: sha256WithRSAEncryption",
        "C=CN, ST=吉林省, L=吉林市, O=吉林市第一中学, CN=欧阳静𬭊, serialNumber=7f3a9c",
        "CN=吉林省教育厅 签发证书",
        "X509v3 Basic Constraints: critical\n                CA:FALSE",
        "X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment\n",
        "X509v3 Extended Key Usage: \n                TLS Web Client Authentication, E-mail Protection\n",
        "X509v3 Subject Alternative Name: \n                email:ouyang.jing@example.cn",
    ):
        assert part in text, text


def test_each_certificate_names_the_key_of_the_one_above(ca: EmbeddedCA) -> None:
    asked = request()
    issue(ca, asked)
    issued = ca.fetch(asked.reference)
    chain = [x509.load_der_x509_certificate(each) for each in (issued.certificate, *issued.chain)]
    for below, above in pairwise(chain):
        named = below.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        assert named == above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    limits = [each.extensions.get_extension_for_class(x509.BasicConstraints) for each in chain]
    assert [(each.critical, each.value.ca, each.value.path_length) for each in limits] == [
        (True, False, None),
        (True, True, 0),
        (True, True, 1),
    ]
    for each in chain[1:]:
        usage = each.extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical
        assert usage.value.key_cert_sign
        assert usage.value.crl_sign
        assert not usage.value.digital_signature


@pytest.mark.parametrize("purpose", ["sslclient", "smimesign", "smimeencrypt"])
def test_openssl_accepts_it_for_what_it_is_for(ca: EmbeddedCA, folder: Path, tmp_path: Path, purpose: str) -> None:
    holder = der_file(tmp_path / "holder.pem", issue(ca))
    assert openssl_verify(folder, holder, "-purpose", purpose) == (True, f"{holder}: OK\n")


@pytest.mark.parametrize("purpose", ["sslserver", "timestampsign"])
def test_openssl_refuses_it_for_what_it_is_not_for(ca: EmbeddedCA, folder: Path, tmp_path: Path, purpose: str) -> None:
    ok, said = openssl_verify(folder, der_file(tmp_path / "holder.pem", issue(ca)), "-purpose", purpose)
    assert not ok, said


def test_an_ec_key_signs_only(ca: EmbeddedCA, folder: Path, tmp_path: Path) -> None:
    holder = der_file(tmp_path / "holder.pem", issue(ca, request(ec.generate_private_key(ec.SECP256R1()))))
    assert openssl_verify(folder, holder, "-purpose", "smimesign")[0]
    assert not openssl_verify(folder, holder, "-purpose", "smimeencrypt")[0]


@pytest.mark.skipif(not shutil.which("certtool"), reason="gnutls-bin is not installed")
def test_gnutls_accepts_the_chain(ca: EmbeddedCA, tmp_path: Path) -> None:
    chain = der_file(tmp_path / "holder.pem", issue(ca)).read_bytes() + ca.chain_pem
    done = subprocess.run(["certtool", "--verify-chain"], input=chain, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Chain verification output: Verified." in done.stdout


def test_an_authority_can_t_make_another(ca: EmbeddedCA, folder: Path, tmp_path: Path) -> None:
    below = Authority(ec.generate_private_key(ec.SECP256R1()), ca._authority.certificate)
    name = profile.ca_names("冒牌")[1]
    rogue = profile.issuing_certificate(ca._authority, name, below.key.public_key(), now(), now() + YEAR)
    holder = profile.holder_certificate(
        Authority(below.key, rogue), HOLDER, below.key.public_key(), now(), now() + YEAR
    )
    (tmp_path / "holder.pem").write_bytes(holder.public_bytes(Encoding.PEM))
    (folder / "issuing.pem").write_bytes((folder / "chain.pem").read_bytes() + rogue.public_bytes(Encoding.PEM))
    ok, said = openssl(
        "verify", "-CAfile", folder / "root.pem", "-untrusted", folder / "issuing.pem", tmp_path / "holder.pem"
    )
    assert not ok
    assert "path length constraint exceeded" in said


def test_serial_numbers_are_random_and_of_lawful_length(ca: EmbeddedCA) -> None:
    serials = {x509.load_der_x509_certificate(issue(ca)).serial_number for _ in range(20)}
    assert len(serials) == 20
    assert all(2**64 < serial < 2**159 for serial in serials)


def test_years_from_2050_on_are_written_as_rfc_5280_wants(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime(2049, 12, 1, tzinfo=UTC)
    root = profile.root_certificate(key, profile.ca_names("x")[0], start, start + YEAR)
    _, text = openssl("asn1parse", stdin=root.public_bytes(Encoding.PEM))
    assert "UTCTIME           :491201000000Z" in text
    assert "GENERALIZEDTIME   :20501201000000Z" in text


def test_times_of_other_zones_are_kept_as_the_same_moment() -> None:
    moment = datetime.fromisoformat("2026-07-24T08:00:00.999999+08:00")
    assert profile.whole_seconds(moment) == datetime(2026, 7, 24, tzinfo=UTC)


def test_a_province_s_own_school_has_no_city() -> None:
    name = profile.subject_name(replace(HOLDER, locality=""))
    assert [attribute.oid for attribute in name].count(NameOID.LOCALITY_NAME) == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"common_name": ""}, "ca.subject_empty"),
        ({"common_name": "  "}, "ca.subject_empty"),
        ({"common_name": "静" * 22}, "ca.subject_long"),
        ({"organisation": "校" * 65}, "ca.subject_long"),
        ({"organisation": "第一\n中学"}, "ca.subject_character"),
        ({"serial_number": "7f-3a"}, "ca.subject_character"),
        ({"serial_number": "编号"}, "ca.subject_character"),
        ({"email": ""}, "ca.subject_email"),
        ({"email": "静@example.cn"}, "ca.subject_email"),
        ({"email": "a@例子.cn"}, "ca.subject_email"),
        ({"email": "a@b@example.cn"}, "ca.subject_email"),
    ],
)
def test_what_can_t_stand_in_a_certificate_is_named(change: dict[str, str], reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        profile.subject_name(replace(HOLDER, **change))
    assert [(problem.field, problem.reason) for problem in caught.value.problems] == [(next(iter(change)), reason)]


@cache
def _authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, profile.root_certificate(key, profile.ca_names("x")[0], now(), now() + YEAR))


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=24)


@given(st.builds(Subject, WORDS, WORDS, WORDS, st.text("abc012", min_size=1), st.just("a@b.cn"), st.just("") | WORDS))
def test_any_subject_is_refused_or_comes_back_as_it_was(subject: Subject) -> None:
    try:
        name = profile.subject_name(subject)
    except Invalid:
        assert len(subject.common_name.encode()) > 64 or len(subject.serial_number) > 64
        return
    key = _authority().key.public_key()
    made = profile.holder_certificate(_authority(), subject, key, now(), now() + timedelta(days=1))
    read = x509.load_der_x509_certificate(made.public_bytes(Encoding.DER)).subject
    assert read == name
    place = (subject.province, subject.locality) if subject.locality else (subject.province,)
    values = ["CN", *place, subject.organisation, subject.common_name, subject.serial_number]
    assert [attribute.value for attribute in read] == values
