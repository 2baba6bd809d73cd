"""The download code: shown once, and nowhere any more when its dialog is gone (E3)."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication
from shiboken6 import isValid

from app.demo.cast import SCHOOL
from app.models.certificates import RequestState
from app.policy import Post
from app.views.certificates.code import CodeDialog
from app.views.parts.dialog import FormDialog
from tests.support.offices import Office
from tests.views.certificates.conftest import Stage
from tests.views.certificates.test_requests import state

Show = Callable[..., Stage]


@pytest.mark.requirement("E3")
def test_a_code_is_shown_once_and_leaves_the_clipboard(stage: Show, sqlite_office: Office) -> None:
    request = sqlite_office.approved()
    shown = stage(SCHOOL, Post.SECURITY)
    shown.select()
    shown.act("发放下载授权码…")
    shown.click(shown.dialog(FormDialog).go)
    shown.settle()
    dialog = shown.dialog(CodeDialog)
    code = dialog.code.text()
    assert len(code) == 19
    assert "2026-11-30" in shown.texts(dialog)
    assert "不能再次显示" in shown.texts(dialog)
    shown.click(dialog.copy)
    assert QGuiApplication.clipboard().text() == code
    shown.click(dialog.given)
    assert code not in QGuiApplication.clipboard().text()
    assert state(sqlite_office, request) is RequestState.CODE_ISSUED
    assert code not in shown.texts(shown.page)


class Marks:
    """A clipboard that also has what is marked, as on X11: the platform of the tests has none."""

    def __init__(self) -> None:
        self.texts: dict[QClipboard.Mode, str] = {}

    def text(self, mode: QClipboard.Mode) -> str:
        return self.texts.get(mode, "")

    def clear(self, mode: QClipboard.Mode) -> None:
        self.texts.pop(mode)


@pytest.mark.requirement("E3")
@pytest.mark.parametrize("way", ["given", "page"])
def test_the_code_leaves_the_clipboard_however_its_dialog_goes(
    stage: Show, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """With its page too, when the window locks: then the dialog is never finished."""
    sqlite_office.approved()
    shown = stage(SCHOOL, Post.SECURITY)
    shown.select()
    shown.act("发放下载授权码…")
    shown.click(shown.dialog(FormDialog).go)
    dialog = shown.dialog(CodeDialog)
    code, marks = dialog.code.text(), Marks()
    marks.texts = {QClipboard.Mode.Clipboard: code, QClipboard.Mode.Selection: code[:9]}
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: marks)
    if way == "given":
        dialog.given.click()
    else:
        shown.page.requests.deleteLater()
    shown.seen(lambda: not isValid(dialog))
    assert marks.texts == {}


@pytest.mark.requirement("E3")
def test_what_else_is_in_the_clipboard_stays(stage: Show, sqlite_office: Office) -> None:
    sqlite_office.approved()
    shown = stage(SCHOOL, Post.SECURITY)
    shown.select()
    shown.act("发放下载授权码…")
    shown.click(shown.dialog(FormDialog).go)
    QGuiApplication.clipboard().setText("王海涛")
    shown.click(shown.dialog(CodeDialog).given)
    assert QGuiApplication.clipboard().text() == "王海涛"


@pytest.mark.requirement("E3")
def test_the_slip_carries_the_code(stage: Show, sqlite_office: Office) -> None:
    sqlite_office.approved()
    shown = stage(SCHOOL, Post.SECURITY)
    shown.select()
    shown.act("发放下载授权码…")
    shown.click(shown.dialog(FormDialog).go)
    shown.settle()
    assert shown.dialog(CodeDialog).slip().startswith(b"%PDF")
