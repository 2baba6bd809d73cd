"""A dialog whose work is under way stays: its answer, a code shown once, would else be lost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.errors import Invalid
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow, LineControl


def test_what_was_sent_cannot_be_dismissed_before_it_is_answered(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = FormDialog(parent, "发放", "发放", {"reason": FieldRow("原因", LineControl())})
    sent: list[object] = []
    dialog.confirmed.connect(sent.append)
    dialog.open()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert (len(sent), dialog.isVisible()) == (1, True)
    dialog.problem(Invalid("org.reason_missing"))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
