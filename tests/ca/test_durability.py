"""Kills, full disks and damaged files: nothing half done, nothing lost that was promised, damage named."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from app import durable
from app.ca.embedded import EmbeddedCA
from app.ca.journal import Journal
from app.ca.protocol import IssueState, RevocationReason
from app.errors import Unavailable
from tests.ca.support import OFFICE, ROOT_PASSPHRASE, issue, now, open_ca, request

pytestmark = [pytest.mark.requirement("E6"), pytest.mark.requirement("E3")]
ROOT = Path(__file__).parent.parent.parent
OWNER = b"an authority"


@pytest.mark.skipif(os.name == "nt", reason="needs fork")
@pytest.mark.parametrize(("job", "least"), [("create", 200), ("submit", 100), ("revoke", 200)])
def test_killed_before_any_line(job: str, least: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.ca.cutting", job, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) >= least


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_one_request_and_spoils_none(folder: Path) -> None:
    asked = request()
    with open_ca(folder) as ca:
        first = request()
        certificate = issue(ca, first)
        size = (folder / "journal").stat().st_size
        for room in (0, 1, 500, 1500):
            with full_disk(size + room), pytest.raises(Unavailable, match=r"ca\.store_full"):
                ca.submit(asked)
            assert ca.poll(asked.reference) is IssueState.UNKNOWN
            assert (folder / "journal").stat().st_size == size
        assert ca.fetch(first.reference).certificate == certificate
        issue(ca, asked)
    with open_ca(folder) as ca:
        assert ca.fetch(first.reference).certificate == certificate
        assert ca.poll(asked.reference) is IssueState.ISSUED


def test_a_founding_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with full_disk(1000), pytest.raises(Unavailable, match=r"ca\.store_full"):
        EmbeddedCA.create(tmp_path / "ca", OFFICE, ROOT_PASSPHRASE, now(), issuing_key=key)
    assert list(tmp_path.iterdir()) == []


def test_a_revocation_on_a_full_disk_is_published_later(folder: Path) -> None:
    with open_ca(folder) as ca:
        serial = x509.load_der_x509_certificate(issue(ca)).serial_number
        before = (folder / "crl.pem").read_bytes()
        # Room for the record of the revocation, and not for that of the list.
        with full_disk((folder / "journal").stat().st_size + 250), pytest.raises(Unavailable, match=r"ca\.store_full"):
            ca.revoke(serial, RevocationReason.SUPERSEDED, now())
        assert (folder / "crl.pem").read_bytes() == before
    with open_ca(folder) as ca:
        assert [each.serial_number for each in x509.load_pem_x509_crl(ca.crl())] == [serial]


def test_a_list_that_can_t_be_written_leaves_the_one_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = durable.write

    def full(path: Path, content: bytes) -> None:
        with full_disk(100):
            write(path, content)

    monkeypatch.setattr(durable, "write", full)
    with open_ca(folder) as ca:
        serial, before = x509.load_der_x509_certificate(issue(ca)).serial_number, (folder / "crl.pem").read_bytes()
        with pytest.raises(Unavailable, match=r"ca\.store_full"):
            ca.revoke(serial, RevocationReason.SUPERSEDED, now())
        assert (folder / "crl.pem").read_bytes() == before
        monkeypatch.undo()
        assert [each.serial_number for each in x509.load_pem_x509_crl(ca.crl())] == [serial]
        assert (folder / "crl.pem").read_bytes() == ca.crl()


def test_nothing_is_told_before_it_is_on_the_disk(ca: EmbeddedCA, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    first, second = request(), request()
    ca.submit(first)
    ca.submit(second)
    assert synced == []
    ca.poll(first.reference)
    assert len(synced) == 1
    ca.fetch(second.reference)
    assert len(synced) == 1


def test_a_disk_that_fails_to_keep_its_word_stops_the_authority(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    asked = request()
    ca = open_ca(folder)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", broken)
        ca.submit(asked)
        with pytest.raises(Unavailable, match=r"ca\.store_failed"):
            ca.fetch(asked.reference)
    for call in (lambda: ca.fetch(asked.reference), lambda: ca.submit(request())):
        with pytest.raises(Unavailable, match=r"ca\.store_failed"):
            call()
    with pytest.raises(Unavailable):
        ca.close()
    with open_ca(folder) as again:
        issue(again, asked)


def test_a_damaged_journal_is_located(folder: Path) -> None:
    with open_ca(folder) as ca:
        for _ in range(5):
            issue(ca)
    lines = (folder / "journal").read_bytes().splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        spoilt = line[:20] + bytes([line[20] ^ 1]) + line[21:]
        (folder / "journal").write_bytes(b"".join([*lines[: number - 1], spoilt, *lines[number:]]))
        with pytest.raises(Unavailable) as caught:
            open_ca(folder)
        assert caught.value.reason == "ca.damaged_line"
        assert caught.value.data == {"file": "journal", "line": number}


def test_damage_while_it_is_open_is_noticed_too(ca: EmbeddedCA, folder: Path) -> None:
    asked = request()
    issue(ca, asked)
    content = (folder / "journal").read_bytes()
    (folder / "journal").write_bytes(content.replace(b'"certificate": "MII', b'"certificate": "MIJ'))
    with pytest.raises(Unavailable, match=r"ca\.damaged"):
        ca.fetch(asked.reference)


def test_the_journal_of_another_authority_is_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    EmbeddedCA.create(other, OFFICE, ROOT_PASSPHRASE, now(), issuing_key=ec.generate_private_key(ec.SECP256R1()))
    shutil.copy(other / "journal", folder / "journal")
    with pytest.raises(Unavailable, match=r"ca\.damaged_line"):
        open_ca(folder)


RECORDS = st.lists(st.binary(max_size=40).map(lambda noise: noise.replace(b"\n", b"")), max_size=6)


def _written(path: Path, records: list[bytes]) -> bytes:
    Journal.create(path, OWNER)
    journal = _opened(path)
    for record in records:
        assert journal.read(journal.append(record)) == record
    journal.close()
    return path.read_bytes()


def _opened(path: Path) -> Journal:
    journal = Journal(path, OWNER)
    try:
        for place, record in journal.records():
            assert journal.read(place) == record
    except BaseException:
        journal.close()
        raise
    return journal


def _records(path: Path) -> list[bytes]:
    journal = Journal(path, OWNER)
    try:
        return [record for _, record in journal.records()]
    finally:
        journal.close()


@settings(deadline=None, max_examples=60)
@given(
    records=RECORDS,
    last=st.binary(min_size=1, max_size=40).map(lambda noise: noise.replace(b"\n", b".")),
    data=st.data(),
)
def test_a_line_cut_short_is_taken_away_and_the_rest_stays(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes], last: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    whole = _written(path, records)
    longer = _written(path, [*records, last])
    path.write_bytes(longer[: data.draw(st.integers(len(whole), len(longer) - 1))])
    assert _records(path) == records
    assert path.read_bytes() == whole
    journal = _opened(path)
    journal.append(b"more")
    journal.close()
    assert _records(path) == [*records, b"more"]


@settings(deadline=None, max_examples=150)
@given(records=RECORDS, flip=st.integers(1, 255), data=st.data())
def test_any_byte_changed_is_found_in_its_line(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes], flip: int, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    content = bytearray(_written(path, records))
    place = data.draw(st.integers(0, len(content) - 2))
    line = content[:place].count(b"\n") + 1
    content[place] ^= flip
    path.write_bytes(content)
    with pytest.raises(Unavailable) as caught:
        _records(path)
    assert caught.value.data["line"] == line


@pytest.mark.parametrize("order", [(0, 2, 3), (0, 2, 1, 3), (0, 1, 1, 2, 3), (1, 2, 3), ()])
def test_lines_taken_out_swapped_or_doubled_are_found(tmp_path: Path, order: tuple[int, ...]) -> None:
    lines = _written(tmp_path / "journal", [b"a", b"b", b"c"]).splitlines(keepends=True)
    (tmp_path / "journal").write_bytes(b"".join(lines[each] for each in order))
    with pytest.raises(Unavailable, match=r"ca\.damaged_line"):
        _records(tmp_path / "journal")
