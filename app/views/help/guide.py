"""The guide in a window of its own (F1): its pages at the left, the one that fits in sight, a search through all."""

import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QImageReader, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QWidget

from app.paths import guide
from app.views import theme
from app.views.parts.basic import GAP, boxed, button, column, label, row
from app.views.shortcuts import obey
from app.words import CHINESE, language, tr

PAGES = ("index", "start", "workbench", "system", "security", "auditor", "holder", "organisation",
         "applications", "certificates", "ukey", "troubleshooting", "shortcuts")  # fmt: skip
"""The guide's pages by name, in the order of reading."""
_WIDEST = 720
"""Pixels of a picture in the text."""
_ABOVE, _ABOVE_HEADING = 5, 20
"""Pixels above a paragraph."""
_LINE = 125.0
"""Per cent of a line's height."""


class GuideText(QTextBrowser):
    """Shows a page. Links between pages and the way back are Qt's own."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("使用说明"))
        self.setOpenExternalLinks(False)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture not wider than the text; nothing where it is missing. Bold words as Chinese sets them.

        CommonMark takes `**` beside Chinese punctuation for stars (its rule of flanking); a tag says what is meant.
        """
        if kind == QTextDocument.ResourceType.MarkdownResource.value:
            page = Path(QUrl(name).toLocalFile()).read_text("utf-8")
            return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", page)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        reader = QImageReader(QUrl(name).toLocalFile())
        size = reader.size()
        if not size.isValid():
            return QImage(1, 1, QImage.Format.Format_Mono)
        if size.width() > _WIDEST:
            reader.setScaledSize(size.scaled(QSize(_WIDEST, size.height()), Qt.AspectRatioMode.KeepAspectRatio))
        return reader.read()

    def doSetSource(
        self,
        name: QUrl | str,
        /,
        type: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource,  # noqa: A002 - Qt's own name
    ) -> None:
        """Give it room between paragraphs and quiet lines, which Markdown leaves to whoever shows it."""
        super().doSetSource(name, type)
        for table in self.document().rootFrame().childFrames():
            lines = table.frameFormat()
            lines.setBorderBrush(QColor(theme.colours().line))
            table.setFrameFormat(lines)
        cursor, block = QTextCursor(self.document()), self.document().begin()
        while block.isValid():
            room = block.blockFormat()
            room.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            room.setTopMargin(_ABOVE_HEADING if room.headingLevel() > 1 else _ABOVE)
            cursor.setPosition(block.position())
            cursor.setBlockFormat(room)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)


class GuideWindow(QDialog):
    """Stays beside the window while one works; `show_page` brings it to the front."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("使用说明"))
        self.text = GuideText()
        self.pages = QListWidget()
        self.pages.setAccessibleName(tr("使用说明的各页"))
        for name in PAGES:
            item = QListWidgetItem(_title(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.pages.addItem(item)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("在使用说明里查找（Ctrl+F）"))
        self.search.setAccessibleName(tr("在使用说明里查找"))
        self.search.setClearButtonEnabled(True)
        self.found = label("", "muted")
        self.back = button(tr("后退"), self.text.backward, key="Alt+Left")
        self._arrange()
        self.back.setEnabled(False)
        self.text.backwardAvailable.connect(self.back.setEnabled)
        self.text.sourceChanged.connect(self._follow)
        self.pages.currentItemChanged.connect(self._choose)
        self.search.returnPressed.connect(self.find_next)
        self.search.textEdited.connect(lambda _: self.found.clear())

    @property
    def page(self) -> str:
        """The name of the page in sight."""
        return _name(self.text.source())

    def show_page(self, name: str) -> None:
        """Bring a page into sight, and the window to the front."""
        self._turn_to(name)
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def find_next(self) -> None:
        """Go to the next place with the text: in this page, then in the others, then from the top of this one."""
        wanted = self.search.text().strip()
        if not wanted:
            return
        self.found.clear()
        if self.text.find(wanted):
            return
        for name in self._from_here():
            if wanted.casefold() in guide(name).read_text("utf-8").casefold():
                self._turn_to(name)
                self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
                if self.text.find(wanted):
                    return
        self.found.setText(tr("没有找到“{text}”", text=wanted))

    def _from_here(self) -> Iterator[str]:
        at = PAGES.index(self.page)
        yield from (*PAGES[at + 1 :], *PAGES[: at + 1])

    def _arrange(self) -> None:
        note = label(tr("使用说明只有中文版。"), "muted", wrap=True)
        note.setVisible(language() != CHINESE)
        bar = row(self.back, self.search, self.found)
        bar.setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.pages)
        split.addWidget(boxed(column(bar, self.text)))
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        split.setStretchFactor(1, 1)
        split.setSizes([self.fontMetrics().averageCharWidth() * 13, 820])
        whole = column(note, split, margins=(16, 12, 16, 12))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.resize(1000, 600)
        obey(self, {"search": self._to_search})

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _turn_to(self, name: str) -> None:
        self.text.setSource(QUrl.fromLocalFile(str(guide(name))), QTextDocument.ResourceType.MarkdownResource)

    def _follow(self, source: QUrl) -> None:
        """Mark in the list what comes into sight, also after a link and on the way back; `page` is still the last."""
        name = _name(source)
        self.pages.blockSignals(True)
        self.pages.setCurrentRow(PAGES.index(name) if name in PAGES else -1)
        self.pages.blockSignals(False)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._turn_to(item.data(Qt.ItemDataRole.UserRole))


def _name(source: QUrl) -> str:
    return source.fileName().removesuffix(".md")


def _title(name: str) -> str:
    """What stands at the head of a page."""
    return guide(name).read_text("utf-8").partition("\n")[0].lstrip("# ")
