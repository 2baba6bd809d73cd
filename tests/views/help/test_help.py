"""F1 opens the page of the guide that fits; Ctrl+/ lists the keys that are really there; 关于 (I3)."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app import __version__, words
from app.demo.cast import PROVINCE, SCHOOL
from app.paths import guide
from app.policy import Post
from app.views.help.about import LICENCE, AboutDialog
from app.views.help.guide import PAGES, GuideText, GuideWindow
from app.views.help.keys import KeysDialog
from app.views.parts.page import Page
from app.views.settings import Settings
from app.views.settings_dialog.dialog import SettingsDialog
from app.views.shell import TABS, Shell
from app.views.shortcuts import HABITS, KEYS
from app.views.window import Window
from tests.support.offices import Office
from tests.views.conftest import Desks, sound
from tests.views.hands import come_first, leave, write

pytestmark = pytest.mark.requirement("I3")


@pytest.fixture
def at_work(tmp_path: Path, sqlite_office: Office, qtbot: QtBot) -> Iterator[Desks]:
    """Desks in the lanes of a window of their own, in which nobody is yet."""
    window = Window(Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)))
    qtbot.addWidget(window, before_close_func=leave)
    with sound(window.tasks):
        yield Desks(sqlite_office, qtbot, window.tasks)


def _entered(at_work: Desks, unit: str, post: Post) -> Window:
    window = at_work.tasks.parent()
    assert isinstance(window, Window)
    desk = at_work.at(unit, post)
    window.enter(desk.gate, desk.person, desk.folder)
    assert window.desk is not None
    window.desk.take_post(post)
    window.resize(1280, 800)
    window.show()
    at_work.settle()
    return window


def _shell(window: Window) -> Shell:
    (shell,) = window.findChildren(Shell)
    return shell


def _press(window: Window, keys: str) -> None:
    """As a hand does, with the keyboard in the shell."""
    come_first(window)
    QTest.keySequence(_shell(window).tabs, KEYS[keys].keys)


def _open(window: Window, kind: type[QDialog]) -> QDialog:
    (dialog,) = (each for each in window.findChildren(kind) if each.isVisible())
    return dialog


def _guide(window: Window) -> GuideWindow:
    dialog = _open(window, GuideWindow)
    assert isinstance(dialog, GuideWindow)
    come_first(dialog)
    return dialog


def _texts(dialog: QDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel)]


@pytest.mark.parametrize(("unit", "post"), [(PROVINCE, Post.SYSTEM), (SCHOOL, Post.SECURITY), (PROVINCE, Post.AUDITOR)])
def test_f1_opens_the_page_of_the_guide_that_fits_each_tab(at_work: Desks, unit: str, post: Post) -> None:
    window = _entered(at_work, unit, post)
    tabs = _shell(window).tabs
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        at_work.settle()
        _press(window, "help")
        page = _shell(window).page
        assert page is not None
        shown = _guide(window)
        assert shown.page == page.help
        assert shown.text.toPlainText().strip()
        assert shown.pages.currentItem().text() == shown.text.toPlainText().splitlines()[0]
        at_work.qtbot.keyClick(shown, Qt.Key.Key_Escape)
        assert not shown.isVisible()


def _classes() -> list[type[Page]]:
    return [getattr(import_module(module), name) for module, _, name in (tab.made_by.partition(":") for tab in TABS)]


def test_every_page_of_the_guide_is_there_and_listed() -> None:
    assert {made.help for made in _classes()} <= set(PAGES)
    assert {path.stem for path in guide("index").parent.glob("*.md")} == set(PAGES)
    for name in PAGES:
        text = guide(name).read_text("utf-8")
        assert text.startswith("# ")
        assert len(text) > 300


def test_every_link_of_the_guide_leads_somewhere() -> None:
    for name in PAGES:
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", guide(name).read_text("utf-8")):
            assert (guide(name).parent / target).exists(), (name, target)


def test_before_the_login_f1_tells_how_to_begin(at_work: Desks) -> None:
    window = at_work.tasks.parent()
    assert isinstance(window, Window)
    window.welcome()
    window.show()
    come_first(window)
    QTest.keySequence(window.centralWidget(), KEYS["help"].keys)
    assert _guide(window).page == "start"


def test_a_lock_closes_what_was_open_beside_the_page(at_work: Desks) -> None:
    window = _entered(at_work, SCHOOL, Post.SYSTEM)
    _press(window, "settings")
    assert _open(window, SettingsDialog).isVisible()
    window.lock("")
    at_work.settle()
    at_work.qtbot.waitUntil(lambda: not window.findChildren(SettingsDialog))


def test_the_guide_is_searched_page_after_page_and_has_a_way_back(at_work: Desks) -> None:
    window = _entered(at_work, SCHOOL, Post.SYSTEM)
    _press(window, "help")
    shown = _guide(window)
    first = shown.page
    assert not shown.back.isEnabled()
    write(shown.search, "锁定")
    at_work.qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    assert shown.text.textCursor().selectedText() == "锁定"
    assert shown.page != first
    seen = set()
    for _ in range(60):
        at_work.qtbot.keyClick(shown.search, Qt.Key.Key_Return)
        seen.add(shown.page)
    assert "troubleshooting" in seen
    write(shown.search, "没有这个词")
    before = shown.page
    at_work.qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    assert "没有这个词" in shown.found.text()
    assert shown.page == before
    while shown.back.isEnabled():
        at_work.qtbot.mouseClick(shown.back, Qt.MouseButton.LeftButton)
    assert shown.page == first


def test_a_link_is_followed_and_the_list_goes_along(at_work: Desks) -> None:
    window = _entered(at_work, SCHOOL, Post.SYSTEM)
    window.beside.help("index")
    shown = _guide(window)
    shown.text.setSource(shown.text.source().resolved(QUrl("holder.md")))
    assert shown.page == "holder"
    assert shown.pages.currentItem().data(Qt.ItemDataRole.UserRole) == "holder"
    at_work.qtbot.keyClick(shown.pages, Qt.Key.Key_Down)
    assert shown.page == PAGES[PAGES.index("holder") + 1]


def test_pictures_are_as_wide_as_the_text_and_may_be_missing(qtbot: QtBot, tmp_path: Path) -> None:
    picture = QImage(1440, 900, QImage.Format.Format_RGB32)
    picture.fill(0)
    assert picture.save(str(tmp_path / "there.png"))
    (tmp_path / "page.md").write_text("# 页\n\n![图](there.png)\n\n![图](missing.png)\n\n完\n", "utf-8")
    text = GuideText()
    qtbot.addWidget(text)
    text.setSource(QUrl.fromLocalFile(str(tmp_path / "page.md")))
    text.resize(800, 900)
    text.show()
    assert 400 < text.document().size().height() < 700
    assert "完" in text.toPlainText()


def test_in_english_the_guide_says_that_it_is_chinese(at_work: Desks) -> None:
    window = _entered(at_work, SCHOOL, Post.SYSTEM)
    window.beside.help("index")
    note = words.tr("使用说明只有中文版。")
    assert [each for each in _guide(window).findChildren(QLabel) if each.text() == note and each.isVisible()] == []
    words.set_language(words.ENGLISH)
    try:
        shown = GuideWindow(window)
        shown.show_page("index")
        note = words.tr("使用说明只有中文版。")
        assert [each for each in shown.findChildren(QLabel) if each.text() == note and each.isVisible()]
    finally:
        words.set_language(words.CHINESE)


def test_each_key_of_the_table_is_live(at_work: Desks) -> None:
    window = _entered(at_work, PROVINCE, Post.AUDITOR)
    shell = _shell(window)
    shell.tabs.setCurrentIndex(shell.tabs.count() - 1)
    at_work.settle()
    looks: list[None] = []
    page = shell.page
    assert page is not None
    page.refresh = lambda: looks.append(None)  # type: ignore[method-assign]
    done = {"help": GuideWindow, "keys": KeysDialog, "settings": SettingsDialog}
    for name in KEYS:
        _press(window, name)
        if name in done:
            _open(window, done[name]).close()
        elif name == "search":
            assert window.focusWidget() is getattr(page, "text")  # noqa: B009
        elif name == "again":
            assert looks
        else:
            assert name == "tab"
            assert shell.tabs.currentIndex() == 0


def test_the_list_of_keys_holds_the_table_and_the_buttons_of_the_page_in_sight(at_work: Desks) -> None:
    window = _entered(at_work, PROVINCE, Post.SYSTEM)
    _shell(window).tabs.setCurrentIndex(1)
    at_work.settle()
    _press(window, "keys")
    said = _texts(_open(window, KeysDialog))
    assert {words.tr(key.does) for key in (*KEYS.values(), *HABITS)} <= set(said)
    assert said[said.index("F2") + 1] == "更名"
    assert "F1" in said
    at_work.qtbot.keyClick(_open(window, KeysDialog), Qt.Key.Key_Escape)
    assert not [each for each in window.findChildren(KeysDialog) if each.isVisible()]


def test_the_guide_s_page_of_keys_names_those_of_the_table() -> None:
    page = guide("shortcuts").read_text("utf-8")
    for key in KEYS.values():
        assert f"`{key.keys}`" in page


def test_about_tells_version_licence_packages_and_where_the_data_lies(at_work: Desks) -> None:
    window = _entered(at_work, SCHOOL, Post.SYSTEM)
    _shell(window).about.emit()
    at_work.settle()
    dialog = _open(window, AboutDialog)
    said = "\n".join((*_texts(dialog), *(line.text() for line in dialog.findChildren(QLineEdit))))
    assert window.desk is not None
    for told in (__version__, LICENCE, str(window.desk.folder), "settings.ini", "sqlalchemy"):
        assert told in said
