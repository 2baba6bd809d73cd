"""`shiming demo`'s own rules: its folder, its report, and what becomes of a step that does not do what it says.

The whole walk is in tests/journeys.
"""

import errno
import json
import os
from pathlib import Path

import pytest

from app.commands import dispatch
from app.commands.exits import DONE, NO
from app.demo import run as demo
from app.demo.report import Report
from app.demo.world import Doer, Step, World, demand, refused
from app.errors import Denied
from app.passwords import password_faults


def _step(identity: str, act: object, *, done: bool = False) -> Step:
    def do(world: World) -> list[str]:
        assert callable(act)
        return [str(act())]

    return Step(identity, identity, Doer("李敏", "系统管理员", "吉林省教育厅"), lambda world: done, do)


def _run(monkeypatch: pytest.MonkeyPatch, folder: Path, *steps: Step, options: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr(demo, "STEPS", steps)
    return dispatch(["demo", "--out", str(folder), *options])


def _deny() -> None:
    raise Denied("gate.wrong_post")


def test_a_folder_with_other_things_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert _run(monkeypatch, tmp_path, options=("--fresh",)) == 5
    assert str(tmp_path) in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert not (tmp_path / "report.json").exists()


def test_fresh_removes_only_what_a_demo_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, tmp_path) == DONE
    before = json.loads((tmp_path / "report.json").read_text())
    (tmp_path / "tokens" / "one").mkdir(parents=True)
    for name in ("office.db", "office.vault", "notes.txt"):
        (tmp_path / name).touch()
    assert _run(monkeypatch, tmp_path, options=("--fresh",)) == DONE
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "notes.txt", "report.json"}
    assert json.loads((tmp_path / "report.json").read_text())["people"] != before["people"]


def test_clearing_that_was_cut_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report.plan(tmp_path)
    (tmp_path / "office.vault").touch()
    report.clear()
    assert _run(monkeypatch, tmp_path) == DONE
    assert not (tmp_path / "office.vault").exists()
    assert json.loads((tmp_path / "report.json").read_text())["token"] != report.content["token"]


def test_a_plan_that_was_cut_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report.json.new").write_text('{"steps"')
    assert _run(monkeypatch, tmp_path) == DONE


def test_a_damaged_report_is_said_and_fresh_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, tmp_path) == DONE
    (tmp_path / "office.vault").touch()
    (tmp_path / "report.json").write_bytes((tmp_path / "report.json").read_bytes()[:100])
    assert _run(monkeypatch, tmp_path) == 6
    assert "--fresh" in capsys.readouterr().err
    assert _run(monkeypatch, tmp_path, options=("--fresh",)) == DONE
    assert not (tmp_path / "office.vault").exists()


def test_another_programs_report_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report.json").write_text('{"people": []}')
    (tmp_path / "office.vault").touch()
    assert _run(monkeypatch, tmp_path, options=("--fresh",)) == 5
    assert (tmp_path / "office.vault").exists()


@pytest.mark.parametrize(("place", "code"), [("file", 5), ("file/below", 5), ("/proc/none", 6)])
@pytest.mark.parametrize("command", [("demo",), ("seed", "--units", "1", "--users", "1")])
def test_a_folder_that_cannot_be_made_is_said(
    command: tuple[str, ...], place: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    assert dispatch([*command, "--out", str(tmp_path / place)]) == code
    assert place in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def _fill_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_stops_at_the_step_with_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, tmp_path, _step("first", _fill_disk), _step("later", str)) == 6
    said = capsys.readouterr().out
    assert "✗" in said
    assert "后再次运行同一命令" in said
    assert "later" not in said


def test_a_report_that_cannot_be_kept_stops_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def keep(*_: object) -> None:
        _fill_disk()

    monkeypatch.setattr(Report, "keep", keep)
    assert _run(monkeypatch, tmp_path, _step("first", lambda: "甲")) == 6
    assert "后再次运行同一命令" in capsys.readouterr().out


def test_what_was_told_earlier_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for done in (False, True):
        assert _run(monkeypatch, tmp_path, _step("first", lambda: "甲", done=done)) == DONE
        assert ("当时：甲" in capsys.readouterr().out) is done


def test_planned_passwords_are_good_ones(tmp_path: Path) -> None:
    for person in Report.plan(tmp_path).content["people"]:
        assert not password_faults(person["password"], person["login"], (person["name"],))


def test_a_refusal_that_does_not_happen_fails_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = _step("gate", lambda: refused("偷看", "gate.wrong_post", lambda: None))
    assert _run(monkeypatch, tmp_path, gate, _step("later", str)) == NO
    (entry,) = json.loads((tmp_path / "report.json").read_text())["steps"]
    assert entry["ok"] is False
    assert "偷看" in entry["detail"]
    assert "✗" in capsys.readouterr().out


def test_a_refusal_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, tmp_path, _step("gate", lambda: refused("偷看", "gate.wrong_post", _deny))) == DONE
    (entry,) = json.loads((tmp_path / "report.json").read_text())["steps"]
    assert entry["detail"] == "偷看 → 已拒绝：您登录的岗位没有这项权限。"


def test_another_refusal_than_the_expected_one_fails_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = _step("gate", lambda: refused("偷看", "gate.out_of_scope", _deny))
    assert _run(monkeypatch, tmp_path, gate) == NO


def test_a_check_that_does_not_hold_fails_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, tmp_path, _step("check", lambda: demand(False, "一对密钥"))) == NO


def test_a_step_that_failed_is_taken_again_and_an_earlier_one_is_told_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _run(monkeypatch, tmp_path, _step("first", lambda: "甲"), _step("second", _deny)) == NO
    assert _run(monkeypatch, tmp_path, _step("first", _deny, done=True), _step("second", lambda: "乙")) == DONE
    steps = json.loads((tmp_path / "report.json").read_text())["steps"]
    assert [(step["id"], step["ok"], step["detail"]) for step in steps] == [
        ("first", True, "甲"),
        ("second", True, "乙"),
    ]


def test_json_is_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, tmp_path, _step("first", lambda: "甲"), options=("--json",)) == DONE
    assert json.loads(capsys.readouterr().out) == json.loads((tmp_path / "report.json").read_text())
