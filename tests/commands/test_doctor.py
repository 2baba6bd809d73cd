"""`shiming doctor`: it names what is there, what is not, and what to do."""

import json
import sqlite3
from importlib import metadata
from pathlib import Path

import pytest
from filelock import FileLock

from app.commands import dispatch
from app.passwords import Cost
from app.services import diagnosis, diagnosis_tokens
from app.services.diagnosis import Finding, State
from app.vault import OfficeKeys, Vault
from tests.support.softhsm import SoftHsm, serial, softhsm, token_host

__all__ = ["serial", "softhsm", "token_host"]

pytestmark = pytest.mark.requirement("E7")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office's folder as it looks from outside: an encrypted file, and a vault with one login."""
    (tmp_path / "office.db").write_bytes(bytes(range(256)) * 16)
    vault = Vault.create(tmp_path / "office.vault", bytes(16), Cost(8, 1, 1))
    vault.add_slot(b"1" * 16, "zhang", "Lake-42-mountain", OfficeKeys.generate())
    vault.save()
    (tmp_path / "office.db").chmod(0o600)
    (tmp_path / "office.vault").chmod(0o600)
    return tmp_path


def _wrong(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if finding.state in (State.NOTE, State.FAULT)]


def test_all_is_well_with_a_token_plugged_in(
    softhsm: SoftHsm, serial: str, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dispatch(["doctor", "--office", str(office), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["faults"] == 0
    said = " ".join(finding["what"] for finding in document["findings"])
    for expected in ("SQLCipher", "组件齐全", str(softhsm.library), serial, "可登录的账号 1 个"):
        assert expected in said
    assert "PyKCS11 1.5" in " ".join(finding["detail"] for finding in document["findings"])
    (database,) = [finding for finding in document["findings"] if finding["area"] == "办公库" and finding["todo"]]
    assert "shiming audit verify --office" in database["todo"]
    assert sum(finding["area"] == "UKEY 型号" for finding in document["findings"]) == 1


def test_lines_for_people_name_the_state_and_what_to_do(softhsm: SoftHsm, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch(["doctor", "--office", str(softhsm.folder / "no-such")]) == 1
    lines = capsys.readouterr().out.splitlines()
    absent = next(number for number, line in enumerate(lines) if line.startswith("[故障] 办公库: 没有数据库文件"))
    assert "从备份恢复" in lines[absent + 1]
    assert lines[-1].startswith("故障 2 处")


@pytest.mark.usefixtures("softhsm")
def test_a_blank_token_is_seen_as_blank() -> None:
    said = [finding.what for finding in diagnosis_tokens.tokens()]
    assert any("SoftHSM" in what and "空白的，还没有初始化" in what for what in said)


def test_a_cause_is_shown_with_its_code_and_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "ukey.so"
    library.write_bytes(b"hello")
    monkeypatch.setattr(diagnosis_tokens, "libraries", lambda: (library,))
    assert dispatch(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.endswith("(UK-52)"))
    assert lines[place].startswith(f"[故障] 驱动与系统: {library}")
    assert [line.strip()[:2] for line in lines[place + 1 : place + 3]] == ["1.", "2."]


def test_a_missing_package_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda name: ["no-such-package==1"])
    assert "缺少组件：no-such-package。" in _wrong(list(diagnosis.software()))


def test_no_driver_stops_work() -> None:
    findings = list(diagnosis_tokens.tokens([]))
    assert "没有安装任何 UKEY 驱动。" in _wrong(findings)
    assert {"UK-31", "UK-33"} & {finding.code for finding in findings}


def test_a_library_for_another_machine_is_named(tmp_path: Path) -> None:
    library = tmp_path / "eps2003csp11.dll"
    library.write_bytes(b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0\x4c\x01")
    (problem,) = [finding for finding in diagnosis_tokens.tokens([library]) if finding.state is State.FAULT]
    assert str(library) in problem.what
    assert "x86" in problem.what
    assert problem.todo


def test_a_damaged_office_is_noticed_without_its_keys(office: Path) -> None:
    assert _wrong(list(diagnosis.office(office))) == []
    (office / "office.db").write_bytes(bytes(5000))
    (office / "office.vault").write_bytes(b"damaged")
    what = _wrong(list(diagnosis.office(office)))
    assert "数据库文件不完整（5000 字节）。" in what
    assert len(what) == 2


def test_a_database_that_is_not_encrypted_is_a_fault(office: Path) -> None:
    (office / "office.db").unlink()
    with sqlite3.connect(office / "office.db") as plain:
        plain.execute("CREATE TABLE t (x)")
    plain.close()
    assert "数据库文件没有加密。" in _wrong(list(diagnosis.office(office)))


def test_files_open_to_others_and_an_office_in_use_are_noted(office: Path) -> None:
    (office / "office.db").chmod(0o644)
    with FileLock(office / "office.db.lock"):
        what = _wrong(list(diagnosis.office(office)))
    assert what == ["这台电脑的其他用户也能读 office.db。", "办公库正由另一个程序打开。"]


def test_a_demo_is_looked_at_with_its_own_ukey(
    serial: str, softhsm: SoftHsm, office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # so that the test's end takes away what the command sets
    monkeypatch.delenv("SOFTHSM2_CONF")
    assert softhsm.folder == office
    assert dispatch(["doctor", "--office", str(office)]) == 0
    assert serial in capsys.readouterr().out


def test_a_software_ukey_out_of_reach_is_no_fault(monkeypatch: pytest.MonkeyPatch, softhsm: SoftHsm) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "/nonexistent/softhsm2.conf")
    findings = [finding for finding in diagnosis_tokens.tokens([softhsm.library]) if "软件 UKEY" in finding.what]
    assert [finding.state for finding in findings] == [State.NOTE]
