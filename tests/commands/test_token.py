"""`shiming token`: list, info, a whole enrolment and its verification, on SoftHSM and a real office."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.ca import founding
from app.ca.embedded import EmbeddedCA
from app.ca.protocol import RevocationReason
from app.commands import dispatch
from app.demo.cast import HOLDER
from app.errors import Cancelled
from app.models.certificates import EnrolmentStep
from app.policy import Post
from app.services import certificates
from app.services.enrolment import Told, enrol
from app.services.journal import Download
from app.services.operations import Gate
from app.services.scope import Actor
from app.token.host import TokenHost
from tests.commands.support import Command, command
from tests.support.offices import Office, password
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm, serial, softhsm, token_host

__all__ = ["serial", "softhsm", "token_host"]

CLERK, OTHER = "hl-xitong", "hl-anquan"
ROOT_PASSPHRASE, ISSUING_PASSPHRASE = "correct horse battery", "staple 42 mountain"
FOUNDED = datetime(2026, 11, 22, tzinfo=UTC)
STEPS = ["intended", "key", "issued", "written", "proved"]


@dataclass
class Desk:
    """What a holder and the clerk beside them have before the download."""

    folder: Path
    run: Command
    number: str
    code: str

    def enroll(self, serial: str, *pins: str, login: str = CLERK) -> tuple[int, dict[str, Any]]:
        ask = ["token", "enroll", "--office", self.folder, "--login", login, "--request", self.number]
        typed = (password(login), HOLDER.mobile, self.code, ISSUING_PASSPHRASE, *pins)
        return self.run([*ask, "--serial", serial, "--kind", "ec-p256"], *typed)

    def operations(self) -> list[tuple[str, str]]:
        """Operation and outcome of each event in the log."""
        file = self.folder / "log.jsonl"
        ask = ["audit", "export", "--office", self.folder, "--login", "sheng-shenji", "--out", file]
        assert self.run(ask, password("sheng-shenji"))[0] == 0
        events = [json.loads(json.loads(line)["text"]) for line in file.read_text("utf-8").splitlines()[1:-1]]
        return [(event["operation"], event["outcome"]) for event in events]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority with keys that are made quickly; to be copied."""
    folder = tmp_path_factory.mktemp("authority") / "ca"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(founding, "KEY_BITS", 2048)
        EmbeddedCA.create(folder, "吉林省教育厅", ROOT_PASSPHRASE, FOUNDED, issuing_passphrase=ISSUING_PASSPHRASE)
    return folder


@pytest.fixture
def desk(
    sqlite_office: Office,
    softhsm: SoftHsm,
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """An approved request with its download code, at an office that nobody else has open."""
    request, code = sqlite_office.with_code()
    clerk = sqlite_office.actor(HOLDER.unit_name, Post.SYSTEM)
    (row,) = [row for row in sqlite_office.gate.ask(clerk, certificates.listed) if row.id == request]
    sqlite_office.context.close()
    shutil.copytree(authority, softhsm.folder / "ca")
    return Desk(softhsm.folder, command(monkeypatch, capsys, sqlite_office.clock), row.number, code)


def test_tokens_are_listed_and_described(
    serial: str, token_host: TokenHost, capsys: pytest.CaptureFixture[str]
) -> None:
    token_host.close()
    assert dispatch(["token", "list"]) == 0
    said = capsys.readouterr().out
    assert f"{serial}  测试" in said
    assert len(said.splitlines()) == 1, "SoftHSM's empty slot is no UKEY"
    assert "PIN 正常" in said
    assert dispatch(["token", "info", "--serial", serial]) == 0
    said = capsys.readouterr().out
    assert "标签: 测试" in said
    assert not any(line.endswith(": ") for line in said.splitlines())


def test_a_library_can_be_named(softhsm: SoftHsm, serial: str, desk: Desk) -> None:
    code, document = desk.run(["token", "list", "--module", softhsm.library])
    assert code == 0
    assert serial in [token["serial"] for token in document["tokens"]]
    for ask in (["list"], ["info", "--serial", serial]):
        code, document = desk.run(["token", *ask, "--module", softhsm.folder / "absent.so"])
        assert (code, document["error"]["reason"]) == (6, "token.library_absent")
    code, document = desk.run(["token", "info", "--serial", "no-such"])
    assert (code, document["error"]["reason"]) == (6, "token.absent")


@pytest.mark.requirement("E3")
def test_a_certificate_gets_onto_a_token_and_verifies(desk: Desk, serial: str) -> None:
    code, document = desk.enroll(serial, USER_PIN)
    assert (code, document["steps"], document["token"]) == (0, STEPS, serial)
    again = ["token", "enroll", "--office", desk.folder, "--request", desk.number, "--serial", serial]
    code, repeated = desk.run(again, CLERK, password(CLERK))
    assert (code, repeated["certificate"]) == (0, document["certificate"])
    files = ["--root", desk.folder / "ca" / "root.pem", "--crl", desk.folder / "ca" / "crl.pem"]
    code, document = desk.run(["token", "verify", "--serial", serial, *files], USER_PIN)
    (certificate,) = document["certificates"]
    assert (code, certificate["checks"]) == (
        0, {name: {"ok": True} for name in ("key", "chain", "time", "revocation")}
    )  # fmt: skip
    code, document = desk.run(["token", "verify", "--serial", serial], USER_PIN)
    checks = document["certificates"][0]["checks"]
    assert (code, [(name, check["ok"]) for name, check in checks.items()]) == (
        0, [("key", True), ("chain", None), ("time", True), ("revocation", None)]
    )  # fmt: skip
    assert (checks["chain"]["reason"], checks["revocation"]["reason"]) == ("token.root_unvouched", "token.no_crl")


def test_only_a_root_is_taken_for_one(desk: Desk, serial: str, token_host: TokenHost) -> None:
    """Neither the holder's own certificate nor the issuing authority's vouches for anything."""
    desk.enroll(serial, USER_PIN)
    with token_host.open(serial, USER_PIN) as session:
        owned = [der for _, der in session.certificates()]
    token_host.close()
    roots = []
    for number, der in enumerate(owned):
        (desk.folder / f"{number}.der").write_bytes(der)
        ask = ["token", "verify", "--serial", serial, "--root", desk.folder / f"{number}.der"]
        code, document = desk.run(ask, USER_PIN)
        roots.append((code, document.get("error", {}).get("reason")))
    assert sorted(roots) == [(0, None), (3, "token.not_a_root"), (3, "token.not_a_root")]


@pytest.mark.requirement("E3")
def test_a_token_without_pin_is_prepared_first(desk: Desk, softhsm: SoftHsm) -> None:
    code, document = desk.enroll("", SO_PIN, USER_PIN, "246800")
    assert (code, document["error"]["reason"]) == (3, "token.pin_mismatch")
    code, document = desk.enroll("", SO_PIN, USER_PIN, USER_PIN)
    assert (code, document["steps"]) == (0, STEPS)
    code, listed = desk.run(["token", "list"])
    assert (document["token"], desk.number) in [(each["serial"], each["label"]) for each in listed["tokens"]]


@pytest.mark.requirement("E3")
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_what_was_cut_is_gone_on_with(desk: Desk, serial: str, cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_short(
        gate: Gate, actor: Actor, tokens: TokenHost, ca: EmbeddedCA, request: int, download: Download, told: Told
    ) -> EnrolmentStep:
        def until(step: EnrolmentStep) -> None:
            told(step)
            if step == STEPS[cut]:
                raise Cancelled("command.interrupted")

        return enrol(gate, actor, tokens, ca, request, download, until)

    with monkeypatch.context() as patch:
        patch.setattr("app.commands.token_enroll.enrol", cut_short)
        assert desk.enroll(serial, USER_PIN)[0] == 130
    code, document = desk.enroll(serial, USER_PIN)
    assert (code, document["steps"][-1]) == (0, "proved")
    code, document = desk.run(["token", "verify", "--serial", serial], USER_PIN)
    assert (code, len(document["certificates"])) == (0, 1)


def test_the_wrong_post_and_an_unknown_request_are_refused_and_logged(desk: Desk, serial: str) -> None:
    code, document = desk.enroll(serial, USER_PIN, login=OTHER)
    assert (code, document["error"]["reason"]) == (4, "gate.wrong_post")
    code, document = desk.enroll(serial, USER_PIN, login="na-guanli")
    assert (code, document["error"]["reason"]) == (4, "certificate.request_unknown")
    assert desk.number in document["error"]["what"]
    assert desk.operations().count(("enrolment.find", "refused")) == 2


def test_a_wrong_passphrase_or_pin_changes_nothing(desk: Desk, serial: str) -> None:
    ask = ["token", "enroll", "--office", desk.folder, "--request", desk.number, "--serial", serial]
    code, document = desk.run(ask, CLERK, password(CLERK), HOLDER.mobile, desk.code, "wrong passphrase")
    assert (code, document["error"]["reason"]) == (3, "ca.passphrase_wrong")
    code, document = desk.enroll(serial, "000000")
    assert (code, document["error"]["reason"]) == (3, "token.pin_wrong")
    assert desk.enroll(serial, USER_PIN)[0] == 0


def test_what_speaks_against_a_certificate_is_said(desk: Desk, serial: str, authority: Path) -> None:
    _, document = desk.enroll(serial, USER_PIN)
    number = int(str(document["certificate"]["serial"]), 16)
    with EmbeddedCA.open(desk.folder / "ca", lambda: FOUNDED, passphrase=ISSUING_PASSPHRASE) as open_authority:
        open_authority.revoke(number, RevocationReason.KEY_COMPROMISE, FOUNDED)
    crl = desk.folder / "ca" / "crl.pem"
    verify = ["token", "verify", "--serial", serial]
    code, document = desk.run([*verify, "--crl", crl], USER_PIN)
    assert (code, _reasons(document)) == (1, ["token.certificate_revoked"])
    other = desk.folder / "other"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(founding, "KEY_BITS", 2048)
        EmbeddedCA.create(other, "吉林省教育厅", ROOT_PASSPHRASE, FOUNDED, issuing_passphrase=ISSUING_PASSPHRASE)
    code, document = desk.run([*verify, "--root", other / "root.pem", "--crl", other / "crl.pem"], USER_PIN)
    assert (code, _reasons(document)) == (1, ["token.no_chain", "token.crl_foreign"])
    assert desk.run([*verify, "--root", crl], USER_PIN)[0] == 3
    assert desk.run([*verify, "--root", other / "absent.pem"], USER_PIN)[0] == 6


def test_a_token_without_certificate_does_not_verify(desk: Desk, serial: str) -> None:
    assert desk.run(["token", "verify", "--serial", serial], USER_PIN) == (1, {"certificates": []})


@pytest.mark.parametrize("secret", ["--pin", "--password", "--so-pin", "--code", "--passphrase"])
@pytest.mark.parametrize("action", ["enroll", "verify"])
def test_secrets_are_no_arguments(action: str, secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    needed = ["--serial", "1"] + (["--office", "x", "--request", "y"] if action == "enroll" else [])
    assert dispatch(["token", action, *needed, secret, "x"]) == 2
    assert secret in capsys.readouterr().err


def _reasons(document: dict[str, Any]) -> list[str]:
    (certificate,) = document["certificates"]
    return [check["reason"] for check in certificate["checks"].values() if check["ok"] is False]
