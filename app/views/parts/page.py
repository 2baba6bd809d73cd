"""What every page has: a heading with its one main action, a place for notices, and looking again when told to."""

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.links import Link
from app.views.parts.basic import GAP, boxed, column, label, row
from app.views.parts.notice import Notice

if TYPE_CHECKING:
    from app.views.desk import Desk


class Page(QWidget):
    """A page of the window. A subclass fills `body`, and looks (again) in `refresh`."""

    areas: ClassVar[frozenset[str]] = frozenset()
    """What it shows: it looks again when something there was changed."""
    help: ClassVar[str] = "index"
    """Which page of the guide F1 opens."""

    def __init__(self, desk: "Desk", title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk
        self.title = label(title, "title")
        self.buttons: QHBoxLayout = row()
        """At the right of the heading: outlined ones first, the main action last."""
        self.notice = Notice()
        self.body: QVBoxLayout = column(gap=GAP)
        head = row(self.title, 1, self.buttons)
        whole = column(head, self.notice, boxed(self.body), gap=GAP, margins=(20, 16, 20, 12))
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self._stale = True
        desk.changed.connect(self._touched)

    def refresh(self) -> None:
        """Look again."""

    def open(self, link: Link) -> None:
        """Show what a link leads to."""

    def search(self) -> None:
        """Ctrl+F: put the cursor into the page's search field, if it has one."""

    def look_again(self) -> None:
        """Look again now if it is seen, else when it is shown next (F5)."""
        self._stale = True
        if self.isVisible():
            self._stale = False
            self.refresh()

    def _touched(self, area: str) -> None:
        if area in self.areas:
            self.look_again()

    def showEvent(self, event: QShowEvent) -> None:
        """Look when it is shown for the first time, or after a change."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()
