"""UKEY 诊断 in a window: the failing layer, the code to read out, the report without personal data (E7)."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from app import bootstrap
from app.bootstrap import TokenLibraries
from app.demo.cast import ADMINISTRATORS, HOLDER, HOLDER_LOGIN, SCHOOL
from app.policy import Post
from app.services.diagnosis_causes import CAUSES, LAYER_NAMES
from app.token import host
from app.token.host import TokenHost
from app.views.diagnosis.dialog import DiagnosisDialog
from tests.support.faulty import Faulty, faulty, faulty_library
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm, softhsm, token_host
from tests.views.conftest import Desks
from tests.views.hands import come_first

__all__ = ["faulty", "faulty_library", "softhsm", "token_host"]

pytestmark = pytest.mark.requirement("E7")


def _opened(desks: Desks) -> DiagnosisDialog:
    dialog = DiagnosisDialog(None, desks.at(SCHOOL, Post.SYSTEM))  # type: ignore[arg-type]  # on its own
    desks.qtbot.addWidget(dialog)
    dialog.open()
    desks.settle()
    return dialog


def _said(dialog: DiagnosisDialog) -> str:
    QApplication.processEvents()  # what has just been put into a layout is shown a moment later
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def test_the_failing_layer_comes_first_with_steps_and_a_code_to_read_out(desks: Desks, softhsm: SoftHsm) -> None:
    """A UKEY that nobody has prepared yet is one of the causes."""
    dialog = _opened(desks)
    said = _said(dialog)
    for layer in LAYER_NAMES.values():
        assert layer in said
    shown = next(code for code in CAUSES if code in said)
    assert f"1. {CAUSES[shown].steps[0]}" in said
    assert "软件" in said
    assert "由另一个程序打开" not in said


def test_looking_again_sees_what_has_changed(desks: Desks, softhsm: SoftHsm, token_host: TokenHost) -> None:
    dialog = _opened(desks)
    assert "还没有初始化" in _said(dialog)
    (blank,) = token_host.tokens()
    serial = token_host.prepare(blank.serial, HOLDER.name, SO_PIN, USER_PIN).serial
    come_first(dialog)
    desks.qtbot.keyClick(dialog, Qt.Key.Key_F5)
    desks.qtbot.waitUntil(lambda: not dialog.again.isEnabled())
    desks.settle()
    assert dialog.again.isEnabled()
    assert serial in _said(dialog)
    assert "可以下载证书" in _said(dialog)


def test_a_driver_that_hangs_is_named_and_stops_nobody(
    desks: Desks, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "SCAN_LIMIT", 1.0)
    faulty.set("C_GetSlotList 1 hang")
    monkeypatch.setattr(bootstrap, "token_libraries", lambda gate: TokenLibraries((faulty.library,), ()))
    said = _said(_opened(desks))
    assert "UK-47" in said
    assert "没有回应" in said


def test_the_report_saved_names_nobody(desks: Desks, softhsm: SoftHsm, token_host: TokenHost, tmp_path: Path) -> None:
    (blank,) = token_host.tokens()
    serial = token_host.prepare(blank.serial, HOLDER.name, SO_PIN, USER_PIN).serial
    desks.office.with_code()
    dialog = _opened(desks)
    assert serial in _said(dialog)
    file = tmp_path / "报告.txt"
    dialog.save_to(file)
    desks.settle()
    assert str(file) in dialog.notice.text
    told = file.read_text("utf-8")
    assert f"…{serial[-4:]}" in told
    people = [(each.name, each.id_number, each.mobile, each.login) for each in ADMINISTRATORS]
    people.append((HOLDER.name, HOLDER.id_number, HOLDER.mobile, HOLDER_LOGIN))
    for private in (serial, desks.office.context.folder.name, *(word for person in people for word in person)):
        assert private not in told


def test_a_report_that_cannot_be_written_says_so(desks: Desks, softhsm: SoftHsm, tmp_path: Path) -> None:
    dialog = _opened(desks)
    dialog.save_to(tmp_path / "none" / "x.txt")
    desks.settle()
    assert "写不了" in dialog.notice.text
    assert dialog.save.isEnabled()
