"""设置: language, font size and idle time hold at once; UKEY libraries by two posts (E7, G4, I3)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app import words
from app.demo.cast import PROVINCE, SCHOOL
from app.policy import Post
from app.services import libraries
from app.token import catalogue
from app.token.host import TokenHost
from app.views import theme
from app.views.desk import Desk
from app.views.org.page import OrgPage
from app.views.parts.dialog import FormDialog
from app.views.settings import Settings
from app.views.settings_dialog.dialog import SettingsDialog
from app.views.settings_dialog.libraries import LibrariesPane
from app.views.settings_dialog.models import ModelsPane
from app.views.settings_dialog.register import RegisterDialog
from app.views.shell import Shell
from app.views.start.welcome import Welcome
from app.views.window import Window
from app.words import tr
from tests.support.offices import Office
from tests.support.softhsm import SoftHsm, serial, softhsm, token_host
from tests.views.conftest import Desks, sound
from tests.views.hands import come_first, leave, write

__all__ = ["serial", "softhsm", "token_host"]


@pytest.fixture
def settings(tmp_path: Path, qapp: QApplication) -> Iterator[Settings]:
    """Settings of the test's own; afterwards all is Chinese and small again."""
    yield Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    words.set_language(words.CHINESE)
    theme.apply(qapp)


@pytest.fixture
def at_work(settings: Settings, sqlite_office: Office, qtbot: QtBot) -> Iterator[Desks]:
    """Desks in the lanes of a window of their own."""
    window = Window(settings)
    qtbot.addWidget(window, before_close_func=leave)
    with sound(window.tasks):
        yield Desks(sqlite_office, qtbot, window.tasks)


@pytest.fixture
def window(at_work: Desks) -> Window:
    """That window, with somebody of the province at work in it."""
    window = at_work.tasks.parent()
    assert isinstance(window, Window)
    desk = at_work.at(PROVINCE, Post.SYSTEM)
    window.enter(desk.gate, desk.person, desk.folder)
    window.resize(1280, 800)
    window.show()
    at_work.settle()
    return window


def _settings(window: Window) -> SettingsDialog:
    (dialog,) = (each for each in window.findChildren(SettingsDialog) if each.isVisible())
    return dialog


def _shell(window: Window) -> Shell:
    (shell,) = (each for each in window.findChildren(Shell) if each.isVisible())
    return shell


def _said(shell: Shell) -> str:
    return "\n".join(each.text() for each in shell.findChildren(QLabel))


def _press(qtbot: QtBot, window: Window, key: Qt.Key) -> None:
    come_first(window)
    qtbot.keyClick(_shell(window).tabs, key, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.requirement("I3")
def test_the_language_changes_at_once_and_back_with_the_same_page(window: Window, at_work: Desks) -> None:
    _shell(window).tabs.setCurrentIndex(1)
    at_work.settle()
    _press(at_work.qtbot, window, Qt.Key.Key_Comma)
    choice = _settings(window).language.control.inputs()[0]
    at_work.qtbot.keyClick(choice, Qt.Key.Key_Down)
    at_work.settle()
    assert words.language() == words.ENGLISH
    shell = _shell(window)
    assert isinstance(shell.page, OrgPage)
    assert tr("系统管理员") != "系统管理员"
    assert tr("系统管理员") in _said(shell)
    at_work.qtbot.keyClick(_settings(window).language.control.inputs()[0], Qt.Key.Key_Up)
    at_work.settle()
    assert "系统管理员" in _said(_shell(window))
    assert isinstance(_shell(window).page, OrgPage)
    assert window.settings.language == words.CHINESE


@pytest.mark.requirement("I3")
def test_the_language_can_be_changed_before_anybody_is_at_work(settings: Settings, qtbot: QtBot) -> None:
    window = Window(settings)
    qtbot.addWidget(window)
    window.begin()
    window.show()
    come_first(window)
    (welcome,) = window.findChildren(Welcome)
    qtbot.keyClick(welcome, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = _settings(window)
    assert dialog.tabs.count() == 1
    qtbot.keyClick(dialog.language.control.inputs()[0], Qt.Key.Key_Down)
    assert words.language() == words.ENGLISH
    (again,) = (each for each in window.findChildren(Welcome) if each.isVisible())
    assert again is not welcome


@pytest.mark.requirement("I3")
def test_the_font_grows_at_once_and_is_kept(window: Window, at_work: Desks) -> None:
    before = _shell(window).tabs.fontMetrics().height()
    _press(at_work.qtbot, window, Qt.Key.Key_Comma)
    shell = _shell(window)
    _settings(window).font_size.control.set_value(150)
    assert shell.tabs.fontMetrics().height() > before * 1.3
    assert _shell(window) is shell
    assert window.settings.font_size == 150


@pytest.mark.requirement("G4")
def test_the_idle_time_is_kept(window: Window, at_work: Desks) -> None:
    _press(at_work.qtbot, window, Qt.Key.Key_Comma)
    _settings(window).idle.control.set_value(5)
    assert window.settings.idle_minutes == 5
    at_work.qtbot.keyClick(_settings(window), Qt.Key.Key_Escape)
    assert not [each for each in window.findChildren(SettingsDialog) if each.isVisible()]


def _dialog(desks: Desks, desk: Desk, settings: Settings) -> SettingsDialog:
    dialog = SettingsDialog(None, settings, desk)  # type: ignore[arg-type]  # on its own
    desks.qtbot.addWidget(dialog)
    dialog.open()
    desks.settle()
    return dialog


@pytest.mark.requirement("E7")
def test_the_catalogue_shows_each_model_and_whether_its_library_is_here(
    desks: Desks, settings: Settings, softhsm: SoftHsm
) -> None:
    dialog = _dialog(desks, desks.at(SCHOOL, Post.AUDITOR), settings)
    assert [dialog.tabs.tabText(at) for at in range(dialog.tabs.count())] == ["本机", "UKEY 型号"]
    (pane,) = dialog.findChildren(ModelsPane)
    QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows = {pane.model.index(at, 1).data(): pane.model.index(at, 3).data() for at in range(pane.model.rowCount())}
    assert rows["ePass2003"] == "○ 没有安装"
    assert "✓ 已安装" in rows.values()


@pytest.fixture
def file(softhsm: SoftHsm, tmp_path: Path) -> Path:
    """A real library, in a place of its own."""
    return Path(shutil.copy(softhsm.library, tmp_path / "厂家驱动.so"))


def _libraries(desks: Desks, settings: Settings, post: Post) -> LibrariesPane:
    dialog = _dialog(desks, desks.at(PROVINCE, post), settings)
    dialog.tabs.setCurrentIndex(2)
    return dialog.libraries


def _opened(pane: LibrariesPane, kind: type[FormDialog]) -> FormDialog:
    return next(each for each in pane.findChildren(kind) if each.isVisible())


def _register(desks: Desks, pane: LibrariesPane, file: Path) -> RegisterDialog:
    """As far as the trial."""
    desks.qtbot.mouseClick(pane.register, Qt.MouseButton.LeftButton)
    dialog = _opened(pane, RegisterDialog)
    assert isinstance(dialog, RegisterDialog)
    line = dialog.library.inputs()[0]
    write(line, str(file))
    assert not dialog.go.isEnabled()
    desks.qtbot.keyClick(line, Qt.Key.Key_Return)
    desks.settle()
    return dialog


def _registered(desks: Desks, settings: Settings, file: Path) -> LibrariesPane:
    pane = _libraries(desks, settings, Post.SYSTEM)
    desks.qtbot.mouseClick(_register(desks, pane, file).go, Qt.MouseButton.LeftButton)
    desks.settle()
    desks.settle()
    return pane


def _confirming(desks: Desks, settings: Settings) -> tuple[LibrariesPane, FormDialog]:
    pane = _libraries(desks, settings, Post.SECURITY)
    pane.table.select(0)
    desks.settle()
    desks.qtbot.mouseClick(pane.confirm, Qt.MouseButton.LeftButton)
    return pane, _opened(pane, FormDialog)


def _paths(desk: Desk) -> list[str]:
    """The libraries that the desk looks through, now that it looks."""
    assert isinstance(desk.tokens.host, TokenHost)
    return [str(path) for path in desk.tokens.libraries.paths]


@pytest.mark.requirement("E7")
def test_a_library_is_tried_out_named_by_one_post_and_confirmed_by_another(
    desks: Desks, settings: Settings, file: Path, serial: str
) -> None:
    pane = _libraries(desks, settings, Post.SYSTEM)
    QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert not pane.confirm.isVisible()
    dialog = _register(desks, pane, file)
    assert "看到" in dialog.notice.text
    desks.qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    desks.settle()
    desks.settle()
    assert pane.model.index(0, 0).data() == "● 已登记，待确认"
    assert "安全管理员" in pane.notice.text
    assert str(file) not in _paths(pane.desk)
    guard, question = _confirming(desks, settings)
    assert not guard.register.isVisible()
    assert str(file) in [each.text() for each in question.findChildren(QLabel)]
    desks.qtbot.mouseClick(question.go, Qt.MouseButton.LeftButton)
    desks.settle()
    desks.settle()
    assert guard.model.index(0, 0).data() == "✓ 已确认"
    assert str(file) in _paths(desks.at(SCHOOL, Post.SYSTEM))


@pytest.mark.requirement("E7")
def test_a_desk_that_looks_already_sees_by_it_from_its_confirmation_to_its_withdrawal(
    desks: Desks, settings: Settings, file: Path, serial: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "libraries", tuple)
    _registered(desks, settings, file)
    guard, question = _confirming(desks, settings)
    watch = guard.desk.tokens
    assert watch.host.tokens() == []
    desks.qtbot.mouseClick(question.go, Qt.MouseButton.LeftButton)
    desks.settle()
    desks.settle()
    assert serial in [token.serial for token in watch.host.tokens()]
    guard.desk.do(guard, libraries.withdraw, 1, "厂家已停止维护")
    desks.settle()
    desks.settle()
    assert watch.host.tokens() == []
    watch.close()


@pytest.mark.requirement("E7")
def test_a_changed_file_is_not_confirmed(desks: Desks, settings: Settings, file: Path) -> None:
    _registered(desks, settings, file)
    guard, question = _confirming(desks, settings)
    file.write_bytes(file.read_bytes() + b"\0")
    desks.qtbot.mouseClick(question.go, Qt.MouseButton.LeftButton)
    desks.settle()
    assert question.isVisible()
    assert "被换过" in question.notice.text
    assert guard.model.index(0, 0).data() == "● 已登记，待确认"


@pytest.mark.requirement("E7")
def test_a_file_changed_later_is_not_used_and_the_list_and_the_watch_say_so(
    desks: Desks, settings: Settings, file: Path
) -> None:
    _registered(desks, settings, file)
    _, question = _confirming(desks, settings)
    desks.qtbot.mouseClick(question.go, Qt.MouseButton.LeftButton)
    desks.settle()
    file.write_bytes(file.read_bytes() + b"\0")
    later = _libraries(desks, settings, Post.SYSTEM)
    assert later.model.index(0, 0).data() == "✕ 没有使用"
    assert "被换过" in later.notice.text
    later.desk.tokens.start()
    desks.settle()
    later.desk.tokens.stop()
    later.desk.tokens.close()
    assert [fault.reason for fault in later.desk.tokens.seen.faults] == ["library.changed"]


@pytest.mark.requirement("E7")
def test_a_registered_library_is_withdrawn_with_a_reason(desks: Desks, settings: Settings, file: Path) -> None:
    pane = _registered(desks, settings, file)
    pane.table.select(0)
    desks.settle()
    desks.qtbot.mouseClick(pane.withdraw, Qt.MouseButton.LeftButton)
    dialog = _opened(pane, FormDialog)
    desks.qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    desks.settle()
    assert "原因" in dialog.notice.text
    write(dialog.fields["reason"].control.inputs()[0], "厂家已停止维护")
    desks.qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    desks.settle()
    desks.settle()
    assert pane.model.index(0, 0).data() == "－ 已撤销"
    assert pane.model.index(0, 7).data() == "厂家已停止维护"


@pytest.mark.requirement("E7")
def test_a_library_that_does_not_work_is_not_registered(desks: Desks, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.so").write_bytes(b"hello")
    dialog = _register(desks, _libraries(desks, settings, Post.SYSTEM), tmp_path / "x.so")
    assert "不是驱动程序库" in dialog.notice.text
    assert not dialog.go.isEnabled()
    assert dialog.library.value() == str(tmp_path / "x.so")
