"""设置 (Ctrl+,): this computer's language, font size and idle time; the UKEY models and the office's libraries."""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QTabWidget, QWidget

from app.policy import Permission
from app.views import theme
from app.views.desk import Desk
from app.views.parts.basic import GAP, boxed, button, card, column, label, row, scrolled
from app.views.parts.fields import ChoiceControl, FieldRow
from app.views.settings import IDLE_MINUTES, Settings
from app.views.settings_dialog.libraries import LibrariesPane
from app.views.settings_dialog.models import ModelsPane
from app.words import CHINESE, ENGLISH, N_, language, tr

_LANGUAGES: dict[object, str] = {CHINESE: N_("中文"), ENGLISH: "English"}
"""Each in its own words, never translated: whoever can't read the other finds the way back."""


class SettingsDialog(QDialog):
    """What is chosen holds at once. `language_changed`: the window is to be built anew.

    Without a desk only what belongs to this computer is shown.
    """

    language_changed = Signal()

    def __init__(self, parent: QWidget, settings: Settings, desk: Desk | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("设置"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("设置"))
        self.tabs.addTab(self._general(), tr("本机"))
        if desk is not None:
            self._add(ModelsPane(desk), tr("UKEY 型号"))
        if desk is not None and desk.allows(Permission.MAINTAIN_UKEY_CATALOGUE):
            self.libraries = LibrariesPane(desk)
            self._add(self.libraries, tr("登记的 UKEY 驱动"))
        foot = row(1, button(tr("关闭"), self.accept))
        self.setLayout(column(label(tr("设置"), "title"), self.tabs, foot, gap=GAP, margins=(20, 16, 20, 16)))
        self.resize(860, 560)
        self.language.focus()

    def _add(self, pane: QWidget, title: str) -> None:
        pane.setContentsMargins(0, GAP, 0, 0)
        self.tabs.addTab(pane, title)

    def _general(self) -> QWidget:
        self.language = FieldRow(tr("界面语言（Language）"), ChoiceControl(_LANGUAGES))
        self.language.set_value(language())
        sizes: dict[object, str] = {percent: f"{percent}%" for percent in theme.FONT_SIZES}
        self.font_size = FieldRow(tr("字号"), ChoiceControl(sizes))
        self.font_size.set_value(self._settings.font_size)
        minutes: dict[object, str] = {count: tr("{count} 分钟", count=count) for count in IDLE_MINUTES}
        hint = tr("到时间没有操作，窗口自动退出登录；没填完的内容会保留。")
        self.idle = FieldRow(tr("多久没有操作就退出登录"), ChoiceControl(minutes), hint=hint)
        self.idle.set_value(self._settings.idle_minutes)
        self.language.edited.connect(self._take)
        self.font_size.edited.connect(self._take)
        self.idle.edited.connect(self._take)
        return scrolled(
            boxed(
                column(
                    card(row(column(self.language, self.font_size, self.idle, gap=14), 1)), 1, margins=(0, GAP, 0, 0)
                )
            )
        )

    def _take(self) -> None:
        """Keep what is chosen, and have it hold."""
        self._settings.idle_minutes = int(str(self.idle.value()))
        size = int(str(self.font_size.value()))
        if size != self._settings.font_size:
            self._settings.font_size = size
            theme.apply(cast(QApplication, QApplication.instance()), size)
        self._settings.language = str(self.language.value())
        if self._settings.language != language():
            self.language_changed.emit()
