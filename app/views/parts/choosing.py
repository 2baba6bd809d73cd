"""Asking for a file or a folder. Where the dialog is Qt's own, nothing can be renamed, deleted or made in it:

somebody without a right to the office's files may sit there, a holder at the holder's screen for instance.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

Take = Callable[[Path], object]
"""What is done with the place chosen; nothing is done when none is."""


def ask_file(parent: QWidget, title: str, kinds: str, take: Take) -> None:
    """Ask for a file that is there; `kinds` as Qt writes them: `名单 (*.xlsx *.csv)`."""
    dialog = _dialog(parent, title, take)
    dialog.setNameFilter(kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()


def ask_folder(parent: QWidget, title: str, take: Take) -> None:
    """Ask for a folder."""
    dialog = _dialog(parent, title, take)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.open()


def ask_where(parent: QWidget, title: str, name: str, kinds: str, take: Take) -> None:
    """Ask where to save; a name typed without an ending gets that of `name`, which is offered."""
    dialog = _dialog(parent, title, take)
    dialog.setNameFilter(kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix)
    dialog.selectFile(name)
    dialog.open()


def _dialog(parent: QWidget, title: str, take: Take) -> QFileDialog:
    made = QFileDialog(parent, title)
    made.setOption(QFileDialog.Option.ReadOnly)
    made.fileSelected.connect(lambda chosen: take(Path(chosen)))
    made.finished.connect(made.deleteLater)
    return made
