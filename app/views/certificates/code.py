"""A download code (下载授权码), shown once: to be printed, or copied out by hand for the holder."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from app.services.context import office_moment, office_time
from app.services.request_list import RequestLine
from app.views.desk import Desk
from app.views.parts.basic import button, column, copyable, label, row
from app.views.parts.notice import Notice
from app.words import tr


@dataclass(frozen=True)
class Issued:
    """A code, for which request, until when."""

    line: RequestLine
    code: str = field(repr=False)
    until: datetime


class CodeDialog(QDialog):
    """Large, with what the holder has to know. When it is gone, so is the code, from the clipboard too.

    It may go with its page, when the window locks or closes, and then is never `finished`.
    """

    def __init__(self, parent: QWidget, desk: Desk, issued: Issued) -> None:
        super().__init__(parent)
        self._desk, self._issued = desk, issued
        title = tr("{name} 的下载授权码", name=issued.line.holder_name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.notice = Notice()
        self.code = copyable(issued.code, "number", wrap=False)
        self.copy = button(tr("复制"), self._copy)
        self.given = button(tr("已交给持证人"), self.accept, "main")
        once = tr("关闭以后不能再次显示。丢失的，请重新发放：先前的随即作废。")
        papers = (button(tr("打印通知单…"), self._print), button(tr("保存通知单…"), self._save))
        self.setLayout(
            column(
                label(title, "title", wrap=True), self.code, *(label(text, wrap=True) for text in self._rules()),
                label(f"▲ {once}", tone="late", wrap=True), self.notice, 1,
                row(self.copy, *papers, 1, self.given),
                gap=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        for gone in (self.finished, self.destroyed):
            gone.connect(partial(_forget, issued.code))
        self.given.setAutoDefault(False)  # Enter must not put away what is shown once
        self.copy.setFocus()

    def slip(self) -> bytes:
        """In a lane: the notice for the holder."""
        from app.forms.letters import DownloadSlip, download_code_slip

        line, until = self._issued.line, self._issued.until
        local = office_moment(until)
        return download_code_slip(DownloadSlip(line.number, line.unit_name, line.holder_name, self._issued.code, local))

    def _rules(self) -> tuple[str, ...]:
        return (
            tr("证书申请 {number}，{unit}", number=self._issued.line.number, unit=self._issued.line.unit_name),
            tr("七天内有效，到 {until} 为止；只能用一次，输错五次作废。", until=office_time(self._issued.until)),
            tr("请当面或用密封的通知单交给持证人本人，不要用短信、微信转发。仅限本人使用。"),
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._issued.code)
        self.notice.say(tr("已复制；关闭这个窗口时，剪贴板里的授权码会清除。"))

    def _print(self) -> None:
        from app.views.parts.preview import print_pdf

        print_pdf(self, self._desk.tasks, self.notice, self.slip)

    def _save(self) -> None:
        from app.views.parts.preview import save_pdf

        name = tr("下载授权码通知单 {number}.pdf", number=self._issued.line.number)
        save_pdf(self, self._desk.tasks, self.notice, name, self.slip)


def _forget(code: str, *_: object) -> None:
    """Take the code, or a part of it that was marked, out of the clipboard, and of what X11 keeps of each marking."""
    clipboard = QGuiApplication.clipboard()
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
        text = clipboard.text(mode).strip()
        if text and (text in code or code in text):
            clipboard.clear(mode)
