"""What opens beside a page: the guide, the keys, the settings, the diagnosis, and what program this is."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from app.views.shortcuts import obey

if TYPE_CHECKING:
    from app.views.help.guide import GuideWindow
    from app.views.shell import Shell
    from app.views.window import Window


class Beside(QObject):
    """Opens them over one window; what each is made of is imported when it is first asked for."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._guide: GuideWindow | None = None

    def serve(self, shell: "Shell") -> None:
        """Open what the shell's menu and keys ask for."""
        shell.help.connect(lambda: self.help(shell.page.help if shell.page else "index"))
        shell.keys.connect(lambda: self.keys(shell.page))
        shell.settings.connect(self.settings)
        shell.about.connect(self.about)
        shell.diagnosis.connect(self.diagnosis)

    def serve_page(self, page: QWidget, name: str, *, settings: bool = False) -> None:
        """Let a page without a menu obey the keys; `name` is its page of the guide."""
        obey(page, {"help": lambda: self.help(name), "keys": lambda: self.keys(None)})
        if settings:
            obey(page, {"settings": self.settings})

    def help(self, name: str) -> None:
        """Show a page of the guide; there is one window of it."""
        from app.views.help.guide import GuideWindow

        if self._guide is None:
            self._guide = GuideWindow(self._window)
        self._guide.show_page(name)

    def keys(self, page: QWidget | None) -> None:
        """List the keys, those of the page in sight among them."""
        from app.views.help.keys import KeysDialog

        KeysDialog(self._in_sight, page).open()

    def about(self) -> None:
        """Tell which program this is."""
        from app.views.help.about import AboutDialog, places

        window = self._window
        AboutDialog(self._in_sight, window.tasks, places(window.desk, window.settings.file)).open()

    def diagnosis(self) -> None:
        """Look for why a UKEY is not seen."""
        from app.views.diagnosis.dialog import DiagnosisDialog

        if self._window.desk is not None:
            DiagnosisDialog(self._in_sight, self._window.desk).open()

    def settings(self) -> QDialog:
        """Let the person set this computer up."""
        from app.views.settings_dialog.dialog import SettingsDialog

        dialog = SettingsDialog(self._in_sight, self._window.settings, self._window.desk)
        dialog.language_changed.connect(lambda: self._dress_anew(dialog))
        dialog.open()
        return dialog

    @property
    def _in_sight(self) -> QWidget:
        """What a dialog belongs to: it goes when somebody else may sit there."""
        return cast(QStackedWidget, self._window.centralWidget()).currentWidget()

    def _dress_anew(self, dialog: QDialog) -> None:
        """In the other language: the window, and the settings where they were."""
        place = dialog.pos()
        dialog.accept()
        if self._guide is not None:
            self._guide.close()
            self._guide.deleteLater()
            self._guide = None
        self._window.restart_look()
        self.settings().move(place)
