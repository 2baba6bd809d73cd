"""Killed at any moment, run again: exactly one pair and one certificate, and no ruin left in sight."""

import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from app.errors import Problem, Unavailable
from app.token.host import TokenHost
from app.token.types import KeyKind, ObjectKind
from tests.support import faulty as ckr
from tests.support.certificates import ca_certificate, certificate_for
from tests.support.faulty import Faulty
from tests.support.softhsm import USER_PIN, SoftHsm

pytestmark = pytest.mark.requirement("E3")
KEY_ID = bytes(range(16))
CHAIN = [ca_certificate()]
ONE_OF_EACH = {ObjectKind.PRIVATE_KEY: 1, ObjectKind.PUBLIC_KEY: 1, ObjectKind.CERTIFICATE: 2}
CUTS = [
    *(f"C_GenerateKeyPair 1 {how}" for how in ("crash", "crash-after")),
    *(f"C_CreateObject {number} {how}" for number in (1, 2) for how in ("crash", "crash-after")),
    *(f"C_Sign {number} crash-after" for number in (1, 2)),
    *(f"C_FindObjectsInit {number} crash" for number in (1, 4, 8)),
    "C_Login 1 crash-after",
    "C_CloseSession 1 crash",
]
MOMENTS = {"C_GenerateKeyPair": range(700, 9000, 700), "C_CreateObject": range(100, 4000, 330)}  # microseconds


class Enrolment:
    """What the journal keeps from run to run: the id, and the certificate once there is one."""

    def __init__(self, host: TokenHost, serial: str, key_id: bytes = KEY_ID) -> None:
        self.host, self.serial, self.key_id = host, serial, key_id
        self.certificate: bytes | None = None
        self.spki: bytes | None = None

    def run(self, *, kill_after: float | None = None) -> None:
        with self.host.open(self.serial, USER_PIN) as session, _killed(self.host, self.serial, kill_after):
            spki = session.generate(self.key_id, KeyKind.EC_P256, "张三")
            assert self.certificate is None or spki == self.spki, "a second key, and a certificate lost"
            self.spki = spki
            self.certificate = self.certificate or certificate_for(spki)
            session.write_certificate(self.key_id, self.certificate, "张三")
            session.write_chain(CHAIN)
            session.prove(self.key_id)

    def check(self) -> None:
        with self.host.open(self.serial, USER_PIN) as session:
            assert Counter(item.kind for item in session.objects()) == ONE_OF_EACH
            assert dict(session.certificates())[self.key_id] == self.certificate


@pytest.mark.parametrize("cut", CUTS)
def test_cut_at_a_call_and_run_again(faulty: Faulty, faulty_host: TokenHost, faulty_serial: str, cut: str) -> None:
    enrolment = Enrolment(faulty_host, faulty_serial)
    faulty.set(cut)
    with suppress(Unavailable):  # a login that is cut only when it ends has done its work
        enrolment.run()
    assert faulty.fired() == 1
    enrolment.run()
    enrolment.check()


@pytest.mark.parametrize(("function", "moments"), MOMENTS.items())
def test_killed_in_the_middle_of_a_write_again_and_again(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str, function: str, moments: range
) -> None:
    enrolment = Enrolment(faulty_host, faulty_serial)
    for microseconds in moments:
        faulty.set(f"{function} 1 during {microseconds}")
        with suppress(Unavailable):
            enrolment.run()
    faulty.set()
    enrolment.run()
    enrolment.check()


def test_a_storm_of_kills(token_host: TokenHost, serial: str, softhsm: SoftHsm) -> None:
    enrolment = Enrolment(token_host, serial)
    for round_number in range(12):
        with suppress(Unavailable):
            enrolment.run(kill_after=0.003 * round_number)
    enrolment.run()
    enrolment.check()
    listed = subprocess.run(
        ["pkcs11-tool", "--module", str(softhsm.library), "--token-label", "测试", "--list-objects", "--login",
         "--pin", USER_PIN],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert Counter(line.split(" Object")[0] for line in listed.splitlines() if " Object;" in line) == {
        "Private Key": 1,
        "Public Key": 1,
        "Certificate": 2,
    }


def test_half_a_pair_is_made_anew(token_host: TokenHost, serial: str, softhsm: SoftHsm) -> None:
    for missing in ("privkey", "pubkey"):
        with token_host.open(serial, USER_PIN) as session:
            before = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        _delete(softhsm, missing)
        with token_host.open(serial, USER_PIN) as session:
            after = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
            assert after != before
            assert len(session.objects()) == 2


def test_a_certificate_without_its_key_is_not_given_another_key(
    token_host: TokenHost, serial: str, softhsm: SoftHsm
) -> None:
    Enrolment(token_host, serial).run()
    _delete(softhsm, "privkey")
    with token_host.open(serial, USER_PIN) as session:
        with pytest.raises(Problem, match=r"token\.key_damaged"):
            session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        with pytest.raises(Unavailable, match=r"token\.no_key"):
            session.prove(KEY_ID)


def test_a_key_that_fails_to_sign_once_is_not_given_up(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str
) -> None:
    with faulty_host.open(faulty_serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        faulty.set(f"C_Sign 1 return {ckr.CKR_GENERAL_ERROR:#x}")
        with pytest.raises(Unavailable, match=r"token\.failed"):
            session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        assert session.generate(KEY_ID, KeyKind.EC_P256, "张三") == spki


def test_duplicates_and_strays_are_cleaned(token_host: TokenHost, serial: str, softhsm: SoftHsm) -> None:
    enrolment = Enrolment(token_host, serial)
    enrolment.run()
    assert enrolment.certificate is not None
    for content in (enrolment.certificate, certificate_for(enrolment.spki or b"", "李四")):
        file = softhsm.folder / "stray.der"
        file.write_bytes(content)
        _tool(softhsm, "--write-object", str(file), "--type", "cert", "--id", KEY_ID.hex())
    enrolment.run()
    enrolment.check()


@contextmanager
def _killed(host: TokenHost, serial: str, after: float | None) -> Iterator[None]:
    """SIGKILL the token's process, some seconds into its work.

    Not while it logs in: SoftHSM rewrites the file of the whole token then, and loses it if it is killed at that.
    """
    process = host._ports[serial]._worker._process
    if after is None or process is None or process.pid is None:
        yield
        return
    timer = threading.Timer(after, os.kill, (process.pid, signal.SIGKILL))
    timer.start()
    try:
        yield
    finally:
        timer.join()


def _delete(softhsm: SoftHsm, kind: str) -> None:
    _tool(softhsm, "--delete-object", "--type", kind, "--id", KEY_ID.hex())


def _tool(softhsm: SoftHsm, *arguments: str) -> None:
    command = ["pkcs11-tool", "--module", str(softhsm.library), "--token-label", "测试", "--login", "--pin", USER_PIN]
    subprocess.run([*command, *arguments], check=True, capture_output=True)
