"""Asking for files: Qt's own dialog changes no file, and all dialogs of the program are asked for in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.paths import resource
from app.views.parts.choosing import Take, ask_file, ask_folder, ask_where

WAYS: dict[str, Callable[[QWidget, Take], None]] = {
    "file": lambda parent, take: ask_file(parent, "选择", "名单 (*.csv)", take),
    "folder": lambda parent, take: ask_folder(parent, "选择", take),
    "where": lambda parent, take: ask_where(parent, "保存", "名单.csv", "名单 (*.csv)", take),
}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def _asked(parent: QWidget, way: str, take: Take) -> QFileDialog:
    WAYS[way](parent, take)
    (dialog,) = parent.findChildren(QFileDialog)
    return dialog


@pytest.mark.requirement("E9")
@pytest.mark.parametrize("way", WAYS)
def test_nothing_can_be_renamed_deleted_or_made(parent: QWidget, tmp_path: Path, way: str) -> None:
    (tmp_path / "office.db").write_bytes(b"x")
    dialog = _asked(parent, way, lambda _: None)
    dialog.setDirectory(str(tmp_path))
    assert dialog.testOption(QFileDialog.Option.ReadOnly)
    assert not any(each.isEnabled() for each in dialog.findChildren(QPushButton, "newFolderButton"))


def test_a_name_without_an_ending_gets_one(parent: QWidget, tmp_path: Path) -> None:
    taken: list[Path] = []
    dialog = _asked(parent, "where", taken.append)
    dialog.setDirectory(str(tmp_path))
    (line,) = dialog.findChildren(QLineEdit, "fileNameEdit")
    assert line.text() == "名单.csv"
    line.setText(str(tmp_path / "x"))
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert taken == [tmp_path / "x.csv"]


def test_no_other_place_opens_such_a_dialog() -> None:
    views = resource().parent / "app" / "views"
    found = {path.name for path in views.rglob("*.py") if "QFileDialog" in path.read_text("utf-8")}
    assert found == {"choosing.py"}
