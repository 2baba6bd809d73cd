"""Some releases of PySide6 lose a reference at each void call, and die of it after about 5,000 (docs/decisions)."""

import sys

from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

_CALLS = 20_000


def test_twenty_thousand_calls_lose_nothing(qtbot: QtBot) -> None:
    line, label = QLineEdit(), QLabel()
    qtbot.addWidget(line)
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(_CALLS // 4):
        line.setText(str(number))
        line.setEnabled(bool(number % 2))
        label.setText(line.text())
        label.setVisible(False)
    assert sys.getrefcount(None) > before - 1000
    assert label.text() == str(_CALLS // 4 - 1)
