"""What the whole program wears: its names, its language, its look, and Qt's own words in Chinese."""

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from app import __version__
from app.views import theme
from app.views.settings import Settings
from app.words import CHINESE, language, set_language, tr

_QT_WORDS = "qt-words"


def dress(app: QApplication, settings: Settings, asked: str | None = None) -> None:
    """Put on what the settings say; again, when they have changed. A language `asked` for goes before theirs."""
    set_language(asked or settings.language)
    app.setApplicationName("shiming")
    app.setApplicationVersion(__version__)
    app.setApplicationDisplayName(tr("实名"))
    theme.apply(app, settings.font_size)
    if (worn := app.findChild(QTranslator, _QT_WORDS)) is not None:
        app.removeTranslator(worn)
        worn.deleteLater()
    if language() == CHINESE:
        translator = QTranslator(app)
        translator.setObjectName(_QT_WORDS)
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
