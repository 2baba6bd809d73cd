"""A fault of the program: one dialog, with a report to save that has no personal data in it, and nothing lost."""

import platform
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, qVersion
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from app import __version__, files
from app.errors import Cancelled
from app.messages import explain
from app.views.parts.basic import button, column, label, row
from app.views.parts.choosing import ask_where
from app.views.parts.notice import Notice
from app.views.tasks import Tasks
from app.words import sentences, tr

_APP = Path(__file__).parents[1]


def report(error: BaseException) -> str:
    """Where in the program it happened, and on which system. No messages and no values: those may name people."""
    lines = [f"shiming {__version__}", f"Python {platform.python_version()}, Qt {qVersion()}", platform.platform(), ""]
    return "\n".join([*lines, *_chain(error)]) + "\n"


def _chain(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield type(error).__name__
        for frame in traceback.extract_tb(error.__traceback__):
            path = Path(frame.filename)
            place = path.relative_to(_APP.parent).as_posix() if path.is_relative_to(_APP) else path.name
            yield f"  {place}:{frame.lineno} {frame.name}"
        error = error.__cause__ or error.__context__


class BugDialog(QDialog):
    """Tells it, shows the report, and saves it."""

    def __init__(self, parent: QWidget, tasks: Tasks, error: BaseException) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("程序出错了"))
        self._tasks = tasks
        self.notice = Notice()
        self.text = QPlainTextEdit(report(error))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        heading = label(tr("报告的内容（没有个人信息）"), "muted")
        heading.setBuddy(self.text)
        self.text.setAccessibleName(tr("报告的内容"))
        close = button(tr("继续工作"), self.accept, "main")
        self.setLayout(
            column(
                label(tr("程序出错了"), "title"),
                label(sentences(*explain(Cancelled("window.bug"))), wrap=True),
                heading, self.text, self.notice,
                row(button(tr("保存报告…"), self._ask), 1, close), gap=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        self.setMinimumWidth(520)
        close.setFocus()

    def save(self, path: Path) -> None:
        """Save the report where the person said."""
        content = self.text.toPlainText().encode()
        self._tasks.job(self, lambda: files.save(path, content)).then(
            lambda _: self.notice.say(tr("已保存到 {path}，请发给维护人员。", path=path))
        ).fails(self.notice.problem)

    def _ask(self) -> None:
        ask_where(self, tr("保存报告"), tr("错误报告.txt"), tr("文本文件 (*.txt)"), self.save)


class BugWatch(QObject):
    """Tells each fault in one dialog over the window, from its making until `stop`; a second one waits its turn."""

    def __init__(self, window: QWidget, tasks: Tasks) -> None:
        super().__init__(window)
        self._window, self._tasks = window, tasks
        self.dialog: BugDialog | None = None
        self._before = sys.excepthook
        sys.excepthook = self._caught
        tasks.bug.connect(self.tell)

    def stop(self) -> None:
        """Leave it to Python again."""
        sys.excepthook = self._before

    def tell(self, error: BaseException) -> None:
        """Open the dialog; what happens while it is open is added to its report."""
        if self.dialog is not None:
            self.dialog.text.appendPlainText(report(error))
            return
        self.dialog = BugDialog(self._window, self._tasks, error)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _caught(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        self._before(kind, error, where)
        if isinstance(error, Exception):
            self.tell(error)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
