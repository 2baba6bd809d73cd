"""`shiming audit`: export and verify the log, on a real office."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands import dispatch
from app.policy import Post
from tests.commands.support import Command, command
from tests.support.offices import Office, password

pytestmark = pytest.mark.requirement("G1")

AUDITOR, MANAGER, COUNTY_AUDITOR = "sheng-shenji", "sheng-guanli", "na-shenji"


@pytest.fixture
def run(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Commands on the staffed office, which nobody else has open."""
    sqlite_office.context.close()
    return command(monkeypatch, capsys, sqlite_office.clock)


@pytest.fixture
def exported(run: Command, tmp_path: Path) -> Path:
    """The office's log, exported by its auditor."""
    file = tmp_path / "log.jsonl"
    code, document = run(["audit", "export", "--office", tmp_path, "--out", file], AUDITOR, password(AUDITOR))
    assert code == 0
    assert document["events"] == len(file.read_bytes().splitlines()) - 2
    return file


def test_an_exported_log_verifies_without_an_office(exported: Path, tmp_path: Path) -> None:
    """In a process of its own, with nothing but the file."""
    ask = [sys.executable, "-m", "app", "audit", "verify", str(exported), "--json"]
    done = subprocess.run(ask, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    document = json.loads(done.stdout)
    assert (done.returncode, document["holds"], document["faults"]) == (0, True, [])
    assert document["log"]["events"] == len(exported.read_bytes().splitlines()) - 2


def test_it_is_said_whose_log_it_is_and_what_it_covers(
    run: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "log.jsonl"
    _, told = run(["audit", "export", "--office", tmp_path, "--out", file], AUDITOR, password(AUDITOR))
    assert dispatch(["audit", "verify", str(file)]) == 0
    said = capsys.readouterr().out
    assert f"共 {told['events']} 条，2026-11-23" in said
    assert told["fingerprint"] in said
    assert run(["audit", "verify", file, "--signer", told["fingerprint"]])[0] == 0
    code, document = run(["audit", "verify", file, "--signer", "0000-0000"])
    assert (code, document["faults"][0]["reason"]) == (1, "log.other_signer")
    assert document["faults"][0]["todo"]


@pytest.mark.parametrize("line", [1, 2, 7, -1])
def test_a_changed_byte_is_located(run: Command, exported: Path, line: int) -> None:
    lines = exported.read_bytes().splitlines(keepends=True)
    number = line if line > 0 else len(lines)
    changed = bytearray(lines[number - 1])
    place = len(changed) // 2
    changed[place] ^= 1
    lines[number - 1] = bytes(changed)
    exported.write_bytes(b"".join(lines))
    code, document = run(["audit", "verify", exported])
    assert code == 1
    assert document["holds"] is False
    assert document["faults"][0]["line"] == number
    assert document["faults"][0]["what"]


def test_a_person_is_told_the_first_bad_line(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join(lines[:4] + lines[5:]))
    assert dispatch(["audit", "verify", str(exported)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("第 5 行")
    assert "第一处在 第 5 行" in said[-1]


def test_what_is_no_log_or_not_there_is_said(run: Command, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{}\n")
    assert run(["audit", "verify", tmp_path / "x.jsonl"])[0] == 3
    code, document = run(["audit", "verify", tmp_path / "absent.jsonl"])
    assert (code, document["error"]["reason"]) == (6, "log.unreadable")


def test_the_offices_own_log_and_rows_verify(run: Command, tmp_path: Path) -> None:
    ask = ["audit", "verify", "--office", tmp_path, "--login", AUDITOR]
    assert run(ask, password(AUDITOR)) == (0, {"holds": True, "faults": []})


@pytest.mark.parametrize("action", ["verify", "export"])
def test_the_wrong_post_is_refused_and_that_is_logged(run: Command, tmp_path: Path, action: str) -> None:
    out = ["--out", tmp_path / "log.jsonl"] if action == "export" else []
    code, document = run(["audit", action, "--office", tmp_path, *out], MANAGER, password(MANAGER))
    assert (code, document["error"]["reason"]) == (4, "gate.wrong_post")
    assert not (tmp_path / "log.jsonl").exists()
    file = tmp_path / "later.jsonl"
    run(["audit", "export", "--office", tmp_path, "--out", file], AUDITOR, password(AUDITOR))
    events = [json.loads(json.loads(line)["text"]) for line in file.read_text("utf-8").splitlines()[1:-1]]
    (refused,) = [
        event for event in events if event["operation"] == f"audit.{action}" and event["outcome"] == "refused"
    ]
    assert refused["actor"]["post"] == Post.SYSTEM


def test_another_units_auditor_cannot_export(run: Command, tmp_path: Path) -> None:
    ask = ["audit", "export", "--office", tmp_path, "--out", tmp_path / "log.jsonl"]
    code, document = run(ask, COUNTY_AUDITOR, password(COUNTY_AUDITOR))
    assert (code, document["error"]["reason"]) == (4, "gate.out_of_scope")


def test_a_wrong_password_is_refused(run: Command, tmp_path: Path) -> None:
    code, document = run(["audit", "verify", "--office", tmp_path], AUDITOR, "wrong")
    assert (code, document["error"]["reason"]) == (4, "login.refused")


def test_a_place_that_cannot_be_written_leaves_nothing(run: Command, tmp_path: Path) -> None:
    ask = ["audit", "export", "--office", tmp_path, "--out", tmp_path / "no" / "log.jsonl"]
    code, document = run(ask, AUDITOR, password(AUDITOR))
    assert (code, document["error"]["reason"]) == (6, "file.not_written")


@pytest.mark.parametrize(
    "arguments",
    [["audit"], ["audit", "verify"], ["audit", "verify", "x", "--office", "y"], ["audit", "export", "--office", "x"]],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    assert dispatch(arguments) == 2
