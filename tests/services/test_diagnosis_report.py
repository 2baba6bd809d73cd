"""The report that is sent to whoever maintains the program: all that helps, and nobody's data (E7)."""

from pathlib import Path

import pytest

from app import __version__
from app.demo.cast import ADMINISTRATORS, HOLDER, HOLDER_LOGIN
from app.errors import Unavailable
from app.services import diagnosis
from app.services.diagnosis import Finding, State, fault
from app.services.diagnosis_report import report
from app.services.diagnosis_tokens import tokens
from app.token.host import TokenHost
from tests.support.offices import Office
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm

pytestmark = pytest.mark.requirement("E7")


def test_nobody_of_the_office_stands_in_it(
    sqlite_office: Office, softhsm: SoftHsm, token_host: TokenHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor of the token, whose label is its holder's name; nor whose home folder it is."""
    home = softhsm.folder / "chenjing"
    folder = home / "王𬭊的办公库"
    home.mkdir()
    sqlite_office.with_code()
    sqlite_office.context.close()
    folder.symlink_to(sqlite_office.context.folder)
    monkeypatch.setattr(Path, "home", lambda: home)
    (blank,) = token_host.tokens()
    serial = token_host.prepare(blank.serial, HOLDER.name, SO_PIN, USER_PIN).serial
    findings = [*diagnosis.software(), *diagnosis.printing(), *tokens(), *diagnosis.office(folder)]
    assert serial in str(findings)
    assert folder.name in str(findings)
    said = report(folder, findings)
    people = [(each.name, each.id_number, each.mobile, each.login) for each in ADMINISTRATORS]
    people.append((HOLDER.name, HOLDER.id_number, HOLDER.mobile, HOLDER_LOGIN))
    for personal in (word for person in people for word in person):
        assert personal not in said
    for private in (serial, home.name, folder.name, HOLDER.email):
        assert private not in said
    assert f"…{serial[-4:]}" in said
    assert __version__ in said
    assert "办公库文件夹" in said


@pytest.mark.parametrize(
    "path",
    ["/" + "home/zhangsan/ukey.so", r"C:\Users\张三\ukey.dll", "/" + "Users/zhangsan/ukey.dylib"],
)
def test_nobody_s_home_folder_is_named(path: str) -> None:
    said = report(None, [fault("UKEY 驱动", Unavailable("token.library_absent", library=path))])
    assert "zhangsan" not in said
    assert "张三" not in said
    assert "~" in said
    assert "ukey." in said


def test_a_finding_is_told_with_its_code_steps_and_detail() -> None:
    finding = Finding("USB 口", State.FAULT, "没有看到。", "1. 插上。\n2. 再看。", "PyKCS11 1.5", "UK-31")
    lines = report(None, [finding]).splitlines()
    assert lines[-4:] == [
        "[故障] USB 口: 没有看到。 (UK-31)",
        "       1. 插上。",
        "       2. 再看。",
        "       PyKCS11 1.5",
    ]


def test_what_is_short_or_nameless_is_left_as_it_is() -> None:
    finding = Finding("UKEY 内容", State.OK, "序列号 1234，见 . 和 /", serial="1234")
    for folder in (Path(), Path("/")):
        assert "序列号 1234，见 . 和 /" in report(folder, [finding])
