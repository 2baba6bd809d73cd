"""What a person sets for this computer: language, font size, the offices opened lately. Nothing personal, no secret."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.views.theme import FONT_SIZES
from app.words import CHINESE, ENGLISH

_KEPT = 6
IDLE_MINUTES = (5, 10, 15, 30)
"""After so many minutes without a touch, the window locks (G4); the settings offer these."""


class Settings:
    """The settings of this user of the computer, kept by Qt in the system's own place."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("shiming", "shiming")

    @property
    def file(self) -> str:
        """Where they are kept: a file, or a place in the registry."""
        return self._store.fileName()

    @property
    def language(self) -> str:
        """`zh_CN` or `en`."""
        return ENGLISH if self._store.value("language") == ENGLISH else CHINESE

    @language.setter
    def language(self, language: str) -> None:
        self._store.setValue("language", language)

    @property
    def font_size(self) -> int:
        """Per cent."""
        return self._number("font-size", FONT_SIZES, FONT_SIZES[0])

    @font_size.setter
    def font_size(self, percent: int) -> None:
        self._store.setValue("font-size", percent)

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without a touch the window locks."""
        return self._number("idle-minutes", IDLE_MINUTES, IDLE_MINUTES[1])

    @idle_minutes.setter
    def idle_minutes(self, minutes: int) -> None:
        self._store.setValue("idle-minutes", minutes)

    @property
    def offices(self) -> list[Path]:
        """The folders of the offices opened lately, newest first."""
        kept = self._store.value("offices") or []
        return [Path(each) for each in ([kept] if isinstance(kept, str) else kept)]

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, and how large; empty before it was closed once."""
        kept = self._store.value("geometry")
        return kept if isinstance(kept, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    def remember(self, folder: Path) -> None:
        """Put an office to the head of that list."""
        others = [each for each in self.offices if each != folder]
        self._store.setValue("offices", [str(each) for each in [folder, *others][:_KEPT]])

    def _number(self, key: str, allowed: tuple[int, ...], default: int) -> int:
        try:
            found = int(str(self._store.value(key, default)))
        except ValueError:
            return default
        return found if found in allowed else default
