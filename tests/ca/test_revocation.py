"""Certificates that end before their time, and the lists that say so."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from app.ca.embedded import EmbeddedCA
from app.ca.protocol import RevocationReason
from app.errors import Conflict, Invalid
from tests.ca.support import ROOT_PASSPHRASE, YEAR, der_file, issue, now, open_ca, openssl, openssl_verify

pytestmark = pytest.mark.requirement("E6")


def _serial(certificate: bytes) -> int:
    return x509.load_der_x509_certificate(certificate).serial_number


def _number(folder: Path) -> int:
    crl = x509.load_pem_x509_crl((folder / "crl.pem").read_bytes())
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_openssl_refuses_a_revoked_certificate_and_only_that(ca: EmbeddedCA, folder: Path, tmp_path: Path) -> None:
    kept, revoked = issue(ca), issue(ca)
    paths = der_file(tmp_path / "kept.pem", kept), der_file(tmp_path / "revoked.pem", revoked)
    assert [openssl_verify(folder, path)[0] for path in paths] == [True, True]
    ca.revoke(_serial(revoked), RevocationReason.KEY_COMPROMISE, now())
    assert openssl_verify(folder, paths[0])[0]
    ok, said = openssl_verify(folder, paths[1])
    assert not ok
    assert "certificate revoked" in said


def test_openssl_reads_the_list(ca: EmbeddedCA, folder: Path) -> None:
    reasons = list(RevocationReason)
    for reason in reasons:
        ca.revoke(_serial(issue(ca)), reason, now())
    ok, text = openssl(
        "crl", "-in", folder / "crl.pem", "-noout", "-text", "-verify", "-CAfile", folder / "issuing.pem"
    )
    assert ok
    assert "verify OK" in text
    for said in ("Key Compromise", "Affiliation Changed", "Superseded", "Cessation Of Operation"):
        assert text.count(said) == 1
    assert "Unspecified" not in text
    assert text.count("Serial Number:") == len(reasons)
    assert "X509v3 Authority Key Identifier" in text


def test_revoking_twice_keeps_the_first_reason_and_moment(ca: EmbeddedCA) -> None:
    serial, at = _serial(issue(ca)), now() - timedelta(hours=1)
    ca.revoke(serial, RevocationReason.SUPERSEDED, at)
    ca.revoke(serial, RevocationReason.KEY_COMPROMISE, now())
    (entry,) = x509.load_pem_x509_crl(ca.crl())
    assert entry.revocation_date_utc == at.replace(microsecond=0)
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.superseded


def test_only_what_was_issued_here_can_be_revoked(ca: EmbeddedCA) -> None:
    with pytest.raises(Conflict, match=r"ca\.serial_unknown"):
        ca.revoke(42, RevocationReason.UNSPECIFIED, now())


def test_a_revocation_outlives_the_process(folder: Path) -> None:
    with open_ca(folder) as ca:
        serial = _serial(issue(ca))
        ca.revoke(serial, RevocationReason.UNSPECIFIED, now())
    with open_ca(folder) as ca:
        assert [entry.serial_number for entry in x509.load_pem_x509_crl(ca.crl())] == [serial]


def test_a_list_is_made_anew_when_it_is_due_and_not_before(folder: Path) -> None:
    later = timedelta()

    def clock() -> datetime:
        return now() + later

    with open_ca(folder, clock) as ca:
        first = ca.crl()
        assert ca.crl() == first == (folder / "crl.pem").read_bytes()
        number = _number(folder)
        later = timedelta(days=2)
        assert ca.crl() != first
        assert _number(folder) == number + 1


@pytest.mark.parametrize("content", [None, b"", b"noise", "other"])
def test_a_lost_or_wrong_list_is_made_anew_with_a_higher_number(folder: Path, content: bytes | str | None) -> None:
    number, path = _number(folder), folder / "crl.pem"
    if content is None:
        path.unlink()
    else:
        path.write_bytes((folder / "root-crl.pem").read_bytes() if isinstance(content, str) else content)
    open_ca(folder).close()
    assert _number(folder) == number + 1


def test_the_root_s_list_is_renewed_with_the_root_s_passphrase(folder: Path, tmp_path: Path) -> None:
    with open_ca(folder, lambda: now() + YEAR) as ca:
        holder = der_file(tmp_path / "holder.pem", issue(ca))
        in_a_year = ("-attime", str(int((now() + YEAR + timedelta(days=3)).timestamp())))
        assert "CRL has expired" in openssl_verify(folder, holder, *in_a_year)[1]
        with pytest.raises(Invalid, match=r"ca\.passphrase_wrong"):
            ca.renew_root_crl("not the root's passphrase")
        ca.renew_root_crl(ROOT_PASSPHRASE)
        assert openssl_verify(folder, holder, *in_a_year)[0]
