"""Starting the window: language, look, and what happens to a fault of the program."""

import sys
import threading
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.paths import resource
from app.views import theme
from app.views.bugs import BugWatch
from app.views.dress import dress
from app.views.settings import Settings
from app.views.sweeping import Sweeper
from app.views.window import Window

_SMALLEST = (1024, 640)
_USUAL = (1280, 800)
_STARTED = 3000
"""Milliseconds until all is imported that the program consists of."""


def run(*, demo: Path | None = None, language: str | None = None) -> int:
    """Open the window, and stay until it is closed; the exit code."""
    app = QApplication(sys.argv[:1])
    settings = Settings()
    dress(app, settings, language)
    app.styleHints().colorSchemeChanged.connect(lambda _: theme.apply(app, settings.font_size))
    window = Window(settings, demo)
    window.setMinimumSize(*_SMALLEST)
    window.resize(QSize(*_USUAL).boundedTo(app.primaryScreen().availableSize()))
    window.restoreGeometry(settings.geometry)
    BugWatch(window, window.tasks)
    window.begin()
    window.show()
    QTimer.singleShot(0, warm)
    QTimer.singleShot(_STARTED, lambda: Sweeper(app, lambda: window.tasks.quiet))
    return app.exec()


def warm() -> None:
    """Once the window is painted: the forms' fonts, for rare characters in names, and what the login will need."""
    for name in theme.OWN_FONTS:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))  # takes some 20 ms in all
    threading.Thread(target=import_module, args=("app.bootstrap",), daemon=True).start()
