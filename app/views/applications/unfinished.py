"""Forms that somebody has begun to type and not saved, found again: after a crash, the lock, or another page (I3)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.services.context import office_time
from app.views.applications.sheet import Kept
from app.views.parts.basic import boxed, button, clear, column, label, row
from app.words import tr


class Unfinished(QFrame):
    """A line for each: go on with it, or give it up."""

    resumed = Signal(object)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._lines: QVBoxLayout = column(gap=4, margins=(12, 6, 8, 6))
        self.setLayout(self._lines)
        self.hide()

    def show_drafts(self, drafts: Sequence[Kept]) -> None:
        """These, in place of those before."""
        clear(self._lines)
        for draft in drafts:
            self._lines.addWidget(self._line(draft))
        self.setVisible(bool(drafts))

    def _line(self, draft: Kept) -> QWidget:
        name = draft.form.name.strip() or tr("还没填姓名")
        what = tr("新申请单") if draft.application_id is None else tr("对已有申请单的修改")
        text = tr(
            "ℹ 上次没填完：{what}（{name}），自动保存于 {at}", what=what, name=name, at=office_time(draft.saved_at)
        )
        go_on = button(tr("继续填写"), lambda: self.resumed.emit(draft))
        drop = button(tr("丢弃"), lambda: self.dropped.emit(draft), "link")
        for each in (go_on, drop):
            each.setAccessibleDescription(text)
        line = row(label(text, wrap=True), go_on, drop)
        line.setStretch(0, 1)
        return boxed(line)
