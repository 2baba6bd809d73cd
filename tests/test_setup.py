"""What `make run` and `make test` do first: quiet when all is there, honest when it is not."""

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts/setup.py"


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, at work on a copy of the project's lists in an empty folder."""
    spec = importlib.util.spec_from_file_location("shiming_setup", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in ("pyproject.toml", "requirements/runtime.txt", "requirements/test.txt"):
        (tmp_path / name).write_text((SCRIPT.parent.parent / name).read_text())
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(module, "UNFINISHED", tmp_path / ".venv/.unfinished")
    return module


class Commands:
    """Stands in for `subprocess.run`: remembers what would have been run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
        self.run: list[list[str]] = []
        monkeypatch.setattr(module.subprocess, "run", self._run)

    def _run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.run.append(command)
        return subprocess.CompletedProcess(command, 0, stdout="not-installed" if command[0] == "dpkg-query" else "")


def test_without_root_it_prints_the_one_line_and_stops(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands = Commands(monkeypatch, setup)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as end:
        setup.main(["runtime"])
    assert "\n    sudo apt-get install -y --no-install-recommends softhsm2" in str(end.value)
    assert all(command[0] == "dpkg-query" for command in commands.run)
    assert not (tmp_path / ".venv").exists()


def test_root_installs_only_what_is_missing(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = Commands(monkeypatch, setup)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(setup, "_is_installed", lambda name: name != "opensc")
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: object())
    setup._install_system_packages("test")
    assert [command[:2] for command in commands.run] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "opensc" in commands.run[1]
    assert "softhsm2" not in commands.run[1]


def test_a_current_folder_is_left_alone(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".venv/bin").mkdir(parents=True)
    setup.PYTHON.touch()
    setup._site_packages().mkdir(parents=True)
    for level in setup.LEVELS:
        setup._stamp(level).write_text(setup._digest(level))
    commands = Commands(monkeypatch, setup)
    assert setup.main(["runtime"]) == setup.main(["test"]) == 0
    assert commands.run == []


def test_a_new_lock_and_a_moved_folder_are_noticed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = setup._digest("runtime")
    (tmp_path / "requirements/runtime.txt").write_text("alembic==1.0\n")
    behind = setup._digest("runtime")
    (tmp_path / "pyproject.toml").rename(tmp_path.parent / "pyproject.toml")
    (tmp_path / "requirements").rename(tmp_path.parent / "requirements")
    monkeypatch.setattr(setup, "ROOT", tmp_path.parent)
    assert len({before, behind, setup._digest("runtime")}) == 3


def test_make_run_passes_a_folder_with_a_space_on_whole() -> None:
    command = ["make", "--silent", "run", "SETUP=true", "ENV=printf '<%s>'", "OUT=a b"]
    done = subprocess.run(command, cwd=SCRIPT.parent.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "<-m><app><window><--demo><a b>"


def test_a_folder_left_half_made_is_made_anew(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leftover = tmp_path / ".venv/lib/half"
    leftover.mkdir(parents=True)
    setup.UNFINISHED.touch()
    Commands(monkeypatch, setup)
    monkeypatch.setattr(setup, "_install_system_packages", lambda level: None)
    assert setup.main(["runtime"]) == 0
    assert capsys.readouterr().out == "正在把 Python 软件包装进 .venv / Installing Python packages into .venv\n"
    assert not leftover.exists()
    assert not setup.UNFINISHED.exists()
    assert setup._is_current("runtime")
