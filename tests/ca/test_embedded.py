"""The embedded authority: one request, one certificate, for whom it was asked, and for nobody else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ca import profile
from app.ca.embedded import EmbeddedCA
from app.ca.protocol import CertificateAuthority, IssueRequest, IssueState
from app.errors import Conflict, Invalid, Unavailable
from tests.ca.support import (
    HOLDER,
    OFFICE,
    PASSPHRASE,
    ROOT_PASSPHRASE,
    YEAR,
    holder_key,
    issue,
    now,
    open_ca,
    request,
)

pytestmark = pytest.mark.requirement("E6")


def test_submit_poll_fetch(ca: EmbeddedCA) -> None:
    authority: CertificateAuthority = ca
    asked = request()
    assert authority.poll(asked.reference) is IssueState.UNKNOWN
    with pytest.raises(Conflict, match=r"ca\.not_issued"):
        authority.fetch(asked.reference)
    authority.submit(asked)
    assert authority.poll(asked.reference) is IssueState.ISSUED
    issued = authority.fetch(asked.reference)
    certificate, issuing, root = (x509.load_der_x509_certificate(each) for each in (issued.certificate, *issued.chain))
    assert certificate.public_key() == holder_key().public_key()
    certificate.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)


@pytest.mark.requirement("E3")
def test_asking_again_gives_the_same_certificate(folder: Path) -> None:
    asked = request(ec.generate_private_key(ec.SECP256R1()))
    with open_ca(folder) as ca:
        first = issue(ca, asked)
        assert issue(ca, asked) == first
    with open_ca(folder) as ca:
        assert ca.fetch(asked.reference).certificate == first
        assert issue(ca, replace(asked, lifetime=YEAR)) == first


@pytest.mark.requirement("E3")
def test_a_request_signed_anew_after_a_crash_is_the_same_request(ca: EmbeddedCA) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    asked, again = request(key), request(key)
    assert asked.csr != again.csr
    assert issue(ca, asked) == issue(ca, replace(again, reference=asked.reference))


def test_a_reference_stands_for_one_key_and_one_person(ca: EmbeddedCA) -> None:
    asked = request()
    first = issue(ca, asked)
    other_person = request(subject=replace(HOLDER, common_name="王芳"))
    for other in (request(rsa.generate_private_key(65537, 2048)), other_person):
        with pytest.raises(Conflict, match=r"ca\.reference_taken"):
            ca.submit(replace(other, reference=asked.reference))
    assert ca.fetch(asked.reference).certificate == first


def test_the_subject_comes_from_the_request_and_never_from_the_csr(ca: EmbeddedCA) -> None:
    claimed = replace(HOLDER, organisation="吉林省教育厅", email="minister@example.cn")
    asked = replace(request(), csr=profile.signing_request(claimed, holder_key()))
    certificate = x509.load_der_x509_certificate(issue(ca, asked))
    assert certificate.subject == profile.subject_name(HOLDER)
    mailbox = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert mailbox.get_values_for_type(x509.RFC822Name) == [HOLDER.email]


def test_extensions_asked_for_in_a_csr_are_ignored(ca: EmbeddedCA) -> None:
    wish = x509.BasicConstraints(ca=True, path_length=None)
    builder = x509.CertificateSigningRequestBuilder(profile.subject_name(HOLDER)).add_extension(wish, critical=True)
    asked = replace(request(), csr=builder.sign(holder_key(), SHA256()).public_bytes(Encoding.DER))
    certificate = x509.load_der_x509_certificate(issue(ca, asked))
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("field", ["common_name", "serial_number"])
def test_a_csr_for_another_person_is_refused(ca: EmbeddedCA, field: str) -> None:
    other = replace(HOLDER, **{field: "other"})
    _refused(ca, replace(request(), csr=profile.signing_request(other, holder_key())), "ca.csr_other_person")


def test_a_csr_that_names_nobody_or_two_is_refused(ca: EmbeddedCA) -> None:
    own = list(profile.subject_name(HOLDER))
    for names in ([], [*own, x509.NameAttribute(NameOID.COMMON_NAME, HOLDER.common_name)]):
        builder = x509.CertificateSigningRequestBuilder(x509.Name(names))
        csr = builder.sign(holder_key(), SHA256()).public_bytes(Encoding.DER)
        _refused(ca, replace(request(), csr=csr), "ca.csr_other_person")


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),
        rsa.generate_private_key(3, 2048),
        ec.generate_private_key(ec.SECP224R1()),
        ec.generate_private_key(ec.SECP256K1()),
        dsa.generate_private_key(2048),
    ],
    ids=["rsa-1024", "e=3", "p-224", "secp256k1", "dsa"],
)
def test_weak_and_unknown_keys_are_refused(ca: EmbeddedCA, key: rsa.RSAPrivateKey) -> None:
    _refused(ca, request(key), "ca.csr_key")


def test_a_key_of_another_kind_is_refused(ca: EmbeddedCA) -> None:
    builder = x509.CertificateSigningRequestBuilder(profile.subject_name(HOLDER))
    csr = builder.sign(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER)
    _refused(ca, replace(request(), csr=csr), "ca.csr_key")


@pytest.mark.parametrize("csr", [b"", b"-----BEGIN CERTIFICATE REQUEST-----", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_csr_is_refused(ca: EmbeddedCA, csr: bytes) -> None:
    _refused(ca, replace(request(), csr=csr), "ca.csr_unreadable")


def test_a_csr_signed_by_another_key_is_refused(ca: EmbeddedCA) -> None:
    csr = bytearray(request().csr)
    csr[-1] ^= 1
    _refused(ca, replace(request(), csr=bytes(csr)), "ca.csr_signature")


GOOD_KEY = ec.generate_private_key(ec.SECP256R1())
GOOD = request(GOOD_KEY)


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, len(GOOD.csr) - 1), flip=st.integers(1, 255))
def test_a_damaged_csr_never_brings_another_key(place: int, flip: int) -> None:
    csr = bytearray(GOOD.csr)
    csr[place] ^= flip
    try:
        key = profile.check_signing_request(bytes(csr), HOLDER)
    except Invalid:
        return
    # One bit of a BIT STRING's length is slack.
    assert key == GOOD_KEY.public_key()


@given(st.binary(max_size=200))
def test_noise_is_never_a_csr(noise: bytes) -> None:
    with pytest.raises(Invalid, match=r"ca\.csr_unreadable"):
        profile.check_signing_request(noise, HOLDER)


def test_a_lifetime_ends_with_the_authority(folder: Path) -> None:
    with open_ca(folder) as ca:
        usual = x509.load_der_x509_certificate(issue(ca))
        longest = x509.load_der_x509_certificate(issue(ca, request(lifetime=50 * YEAR)))
        end = x509.load_pem_x509_certificates(ca.chain_pem)[0].not_valid_after_utc
        with pytest.raises(Invalid, match=r"ca\.lifetime"):
            ca.submit(request(lifetime=timedelta()))
    assert abs(usual.not_valid_after_utc - now() - 3 * YEAR) < timedelta(minutes=1)
    assert longest.not_valid_after_utc == end


@pytest.mark.parametrize(("years", "reason"), [(11, r"ca\.expired"), (-1, r"ca\.clock")])
def test_outside_the_authority_s_own_time_nothing_is_issued(folder: Path, years: int, reason: str) -> None:
    with open_ca(folder, lambda: now() + years * YEAR) as ca:
        asked = request()
        with pytest.raises(Unavailable, match=reason):
            ca.submit(asked)
        assert ca.poll(asked.reference) is IssueState.UNKNOWN


def test_one_process_at_a_time(folder: Path) -> None:
    with open_ca(folder), pytest.raises(Unavailable, match=r"ca\.in_use"):
        open_ca(folder)
    open_ca(folder).close()


def test_a_wrong_passphrase_opens_nothing_and_blocks_nothing(folder: Path) -> None:
    for wrong in ("not this passphrase", "", None):
        with pytest.raises(Invalid, match=r"ca\.passphrase_wrong"):
            EmbeddedCA.open(folder, now, passphrase=wrong)
    open_ca(folder).close()


def test_the_root_s_key_may_be_kept_elsewhere(folder: Path) -> None:
    key = (folder / "root.key.pem").rename(folder.parent / "safe.pem")
    with open_ca(folder) as ca:
        issue(ca)
        with pytest.raises(Unavailable, match=r"ca\.key_absent"):
            ca.renew_root_crl(ROOT_PASSPHRASE)
        key.rename(folder / "root.key.pem")
        ca.renew_root_crl(ROOT_PASSPHRASE)


def test_an_absent_authority_is_said_to_be_absent(folder: Path) -> None:
    for missing in ("issuing.pem", "journal", "lock"):
        (folder / missing).unlink()
        with pytest.raises(Unavailable, match=r"ca\.absent"):
            open_ca(folder)


@pytest.mark.parametrize(
    "name", ["root.pem", "issuing.pem", "chain.pem", "issuing.key.pem", "root.key.pem", "SHA256SUMS"]
)
def test_a_changed_file_is_named(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(Unavailable) as caught:
        open_ca(folder)
    assert caught.value.reason in {"ca.damaged", "ca.absent"}
    assert caught.value.data["file"]
    if name != "SHA256SUMS":
        assert caught.value.data == {"file": name}


@pytest.mark.parametrize(
    ("name", "root", "issuing", "reason"),
    [
        (OFFICE, "short", PASSPHRASE, r"ca\.passphrase_short"),
        (OFFICE, ROOT_PASSPHRASE, "short", r"ca\.passphrase_short"),
        (OFFICE, ROOT_PASSPHRASE, None, r"ca\.passphrase_short"),
        ("", ROOT_PASSPHRASE, PASSPHRASE, r"ca\.name"),
        ("教" * 40, ROOT_PASSPHRASE, PASSPHRASE, r"ca\.name"),
    ],
)
def test_a_founding_that_can_t_be_leaves_nothing(
    tmp_path: Path, name: str, root: str, issuing: str | None, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        EmbeddedCA.create(tmp_path / "ca", name, root, now(), issuing_passphrase=issuing)
    assert list(tmp_path.iterdir()) == []


def test_founding_twice_is_refused(folder: Path) -> None:
    before = (folder / "root.pem").read_bytes()
    with pytest.raises(Conflict, match=r"ca\.exists"):
        EmbeddedCA.create(folder, OFFICE, ROOT_PASSPHRASE, now(), issuing_passphrase=PASSPHRASE)
    assert (folder / "root.pem").read_bytes() == before


def _refused(ca: EmbeddedCA, asked: IssueRequest, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        ca.submit(asked)
    assert caught.value.reason == reason
    assert ca.poll(asked.reference) is IssueState.UNKNOWN
