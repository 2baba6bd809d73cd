"""What opens beside a page: no word cut off, no control without a name, in both languages, large and small (I3)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.demo.cast import PROVINCE
from app.policy import Post
from app.views.desk import Desk
from app.views.diagnosis.dialog import DiagnosisDialog
from app.views.help.about import AboutDialog, places
from app.views.help.guide import GuideWindow
from app.views.help.keys import KeysDialog
from app.views.settings import Settings
from app.views.settings_dialog.dialog import SettingsDialog
from app.views.settings_dialog.register import RegisterDialog
from tests.support.softhsm import SoftHsm, softhsm
from tests.views.conftest import Desks
from tests.views.looks import faults

__all__ = ["softhsm"]


def _settings(desk: Desk, folder: Path, tab: int) -> QDialog:
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    dialog = SettingsDialog(None, settings, desk)  # type: ignore[arg-type]  # on its own
    dialog.tabs.setCurrentIndex(tab)
    return dialog


DIALOGS: dict[str, Callable[[Desk, Path], QDialog]] = {
    "general": lambda desk, folder: _settings(desk, folder, 0),
    "models": lambda desk, folder: _settings(desk, folder, 1),
    "libraries": lambda desk, folder: _settings(desk, folder, 2),
    "register": lambda desk, _: RegisterDialog(None, desk),  # type: ignore[arg-type]
    "diagnosis": lambda desk, _: DiagnosisDialog(None, desk),  # type: ignore[arg-type]
    "guide": lambda *_: GuideWindow(None),  # type: ignore[arg-type]
    "keys": lambda *_: KeysDialog(None, None),  # type: ignore[arg-type]
    "about": lambda desk, _: AboutDialog(None, desk.tasks, places(desk, "settings.ini")),  # type: ignore[arg-type]
}


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("name", DIALOGS)
def test_nothing_is_cut_off_or_nameless(
    desks: Desks, softhsm: SoftHsm, tmp_path: Path, name: str, language: str, size: int
) -> None:
    dialog = DIALOGS[name](desks.at(PROVINCE, Post.SYSTEM), tmp_path)
    desks.qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(min(dialog.width(), 1024), min(dialog.height(), 600))
    desks.settle()
    QTest.qWait(50)
    assert faults(dialog) == []
    assert dialog.minimumSizeHint().width() <= 1024
    assert dialog.minimumSizeHint().height() <= 640
