"""A PDF on the screen, its printing and saving. Rendered in memory: a look at a form leaves nothing on the disk."""

import threading
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFrame, QWidget

from app import files
from app.views.parts.choosing import ask_where
from app.views.parts.notice import Notice
from app.views.tasks import Tasks
from app.words import tr

_POINTS = 72
_PRINTED = 300
"""Dots an inch on paper."""
_one_at_a_time = threading.Lock()
"""PDFium serves one thread at a time."""


def pages(pdf: bytes, dots: float) -> list[QImage]:
    """Each page as a picture of so many dots an inch; not on Qt's thread."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_picture(page.render(scale=dots / _POINTS, rev_byteorder=True)) for page in document]
        finally:
            document.close()


def _picture(bitmap: pypdfium2.PdfBitmap) -> QImage:
    kind = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBX8888}[bitmap.n_channels]
    return QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, kind).copy()


class Paper(QFrame):
    """One page after another, as wide as there is room for."""

    def __init__(self, tasks: Tasks, name: str) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.setAccessibleName(name)
        self._tasks = tasks
        self._make: Callable[[], bytes] | None = None
        self._pictures: list[QImage] = []
        self.setMinimumWidth(240)

    def show_pdf(self, make: Callable[[], bytes]) -> None:
        """Show what `make` renders, beside Qt's thread; a newer one replaces it."""
        self._make = make
        self._render()

    def sizeHint(self) -> QSize:
        """About an A4 page."""
        return QSize(420, 594)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width asks for other pictures."""
        super().resizeEvent(event)
        self._render()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pages in the middle, one below the other."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for picture, place in zip(self._pictures, self._places(), strict=True):
                painter.drawImage(place, picture)

    def _places(self) -> list[QRect]:
        """Where each page stands: all of them fit into the height."""
        count = max(1, len(self._pictures))
        found, top = [], 12
        for picture in self._pictures:
            room = QSize(self.width() - 24, (self.height() - 12 * (count + 1)) // count)
            size = picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            found.append(QRect(QPoint((self.width() - size.width()) // 2, top), size))
            top += size.height() + 12
        return found

    def _render(self) -> None:
        make = self._make
        if make is None:
            return
        dots = max(36.0, (self.width() - 24) * self.devicePixelRatioF() / 8.27)
        self._tasks.ask(self, lambda: pages(make(), dots), "paper").then(self._arrived)

    def _arrived(self, pictures: list[QImage]) -> None:
        self._pictures = pictures
        self.update()


def save_pdf(parent: QWidget, tasks: Tasks, notice: Notice, name: str, make: Callable[[], bytes]) -> None:
    """Ask where, and save there what `make` renders; tell by the notice."""

    def save(path: Path) -> None:
        tasks.job(parent, lambda: files.save(path, make())).then(
            lambda _: notice.say(tr("已保存到 {path}", path=path))
        ).fails(notice.problem)

    ask_where(parent, tr("保存为 PDF"), name, tr("PDF 文件 (*.pdf)"), save)


def print_pdf(parent: QWidget, tasks: Tasks, notice: Notice, make: Callable[[], bytes]) -> None:
    """Ask for a printer, and print there what `make` renders."""
    if not QPrinterInfo.availablePrinterNames():
        notice.say(tr("这台电脑没有安装打印机。请保存为 PDF，拿到有打印机的电脑上打印。"), "late")
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def send() -> None:
        tasks.job(parent, lambda: _print(printer, pages(make(), _PRINTED))).then(
            lambda _: notice.say(tr("已送到打印机 {name}", name=printer.printerName()))
        ).fails(notice.problem)

    dialog.accepted.connect(send)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()


def _print(printer: QPrinter, pictures: list[QImage]) -> None:
    with QPainter(printer) as painter:
        for number, picture in enumerate(pictures):
            if number:
                printer.newPage()
            painter.drawImage(painter.viewport(), picture)
