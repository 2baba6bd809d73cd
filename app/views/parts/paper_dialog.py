"""A paper to print or to save, over the window: letters and slips whose codes are shown only once."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.views.parts.basic import button, column, label, row
from app.views.parts.notice import Notice
from app.views.parts.preview import Paper, print_pdf, save_pdf
from app.views.tasks import Tasks
from app.words import tr


class PaperDialog(QDialog):
    """Shows what `make` renders (in a lane), and prints or saves it under `name`."""

    def __init__(
        self, parent: QWidget, tasks: Tasks, title: str, make: Callable[[], bytes], name: str, text: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.notice = Notice()
        self.paper = Paper(tasks, title)
        self.paper.show_pdf(make)
        words = label(text, wrap=True)
        words.setVisible(bool(text))
        save = button(tr("保存为 PDF…"), lambda: save_pdf(self, tasks, self.notice, name, make))
        self.print = button(tr("打印"), lambda: print_pdf(self, tasks, self.notice, make), "main")
        buttons = row(button(tr("关闭"), self.accept), 1, save, self.print)
        whole = column(
            label(title, "title", wrap=True), words, self.notice, self.paper, buttons, gap=10, margins=(20, 16, 20, 16)
        )
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.resize(560, 700)
