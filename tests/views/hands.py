"""What hands do: Chinese comes through an input method, since key presses are for ASCII only."""

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def write(widget: QWidget, text: str) -> None:
    """Write a text, Chinese included, where the cursor of the widget is."""
    widget.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def come_first(window: QWidget) -> None:
    """Bring a window to the front, and wait until the keyboard is there: the platform says so a moment later."""
    for _ in range(100):
        window.activateWindow()
        QTest.qWait(10)
        if QApplication.activeWindow() is window:
            return
    raise AssertionError("the window does not come to the front")


def leave(window: QWidget) -> None:
    """Close a window, and wait until it is gone: it keeps first what was begun in it."""
    window.close()
    for _ in range(2000):
        if not window.isVisible():
            return
        QTest.qWait(10)
    raise AssertionError("the window does not close")
