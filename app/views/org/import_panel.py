"""Taking in a list of schools: look at what it would do, then all good rows at once, or none."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from app import files
from app.errors import Problem
from app.services import school_import
from app.services.operations import Gate
from app.services.school_import import Preview
from app.services.scope import Actor
from app.views.desk import Desk
from app.views.org.import_rows import FAULTS, SCHOOLS, save_faults
from app.views.parts.basic import GAP, boxed, button, card, column, label, row, segments
from app.views.parts.choosing import ask_where
from app.views.parts.notice import Notice
from app.views.parts.table import Empty, Table
from app.views.tables import RowsModel
from app.views.tasks import Progress
from app.words import listing, tr


class SchoolImport(QWidget):
    """`left` when nothing was taken in; `imported` with how many schools were new and how many were changed."""

    left = Signal()
    imported = Signal(int, int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._progress: Progress | None = None
        self._preview: Preview | None = None
        self.notice = Notice()
        self._title, self.counts = label("", "heading", wrap=True), label(wrap=True)
        self._skipped = label("", tone="late", wrap=True)
        self._tabs = segments(tr("名单里的行"))
        self.faults, self.schools = RowsModel(FAULTS, self), RowsModel(SCHOOLS, self)
        self._rows = QStackedWidget()
        self._rows.addWidget(Table(self.faults, tr("有误的行"), Empty(tr("没有有误的行，全部可以导入。"))))
        self._rows.addWidget(Table(self.schools, tr("可以导入的行"), Empty(tr("没有这样的行。"))))
        self._save = button(tr("另存有误的行…"), self._ask_where)
        self._back = button(tr("不导入，返回"), self.stop, key="Esc")
        self.go = button("", self._import, "main")
        self._build()
        self._tabs.currentChanged.connect(self._switch)

    def read(self, path: Path) -> None:
        """Read a file and compare it with the tree, beside Qt's thread."""
        self._title.setText(tr("导入学校：{file}", file=path.name))
        self._preview = None
        self._show_busy(tr("正在读取名单，并与现有单位核对…"))
        self._progress = progress = Progress(lambda done, of: None)
        gate, actor = self._desk.gate, self._desk.actor
        self._desk.tasks.job(self, lambda: _look(gate, actor, path, progress)).then(
            lambda preview: self._arrived(preview, progress)
        ).fails(lambda problem: self._failed(problem, progress))

    def stop(self) -> None:
        """Go back; what is being read is left alone."""
        if self._progress is not None:
            self._progress.stop()
        self._progress = None
        self.left.emit()

    def _build(self) -> None:
        self._bar, self._busy_text = QProgressBar(), label("", "muted", wrap=True)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._busy = boxed(column(self._busy_text, self._bar))
        self._found = boxed(column(self.counts, self._skipped, self._tabs, self._rows, gap=GAP))
        foot = row(self._back, 1, self._save, self.go)
        whole = card(self._title, self.notice, self._busy, self._found, foot, gap=GAP)
        whole.layout().setStretch(3, 1)  # type: ignore[union-attr]
        self.setLayout(column(whole))

    def _show_busy(self, text: str) -> None:
        self.notice.hide()
        self._busy_text.setText(text)
        self._busy.show()
        self._found.hide()
        self._save.hide()
        self.go.hide()

    def _arrived(self, preview: Preview, progress: Progress) -> None:
        if progress is not self._progress:
            return  # the person went back, or took another file
        self._progress, self._preview = None, preview
        self._busy.hide()
        self._found.show()
        count = len(preview.new) + len(preview.changed)
        self.counts.setText(
            tr(
                "新增 {new} 所，更新 {changed} 所，不变 {unchanged} 所，有误 {faults} 行（不导入）",
                new=f"{len(preview.new):,}", changed=f"{len(preview.changed):,}",
                unchanged=f"{preview.unchanged:,}", faults=f"{len(preview.faults):,}",
            )
        )  # fmt: skip
        sheets = listing(preview.skipped_sheets)
        self._skipped.setText(tr("▲ 没有读取的工作表：{sheets}", sheets=sheets))
        self._skipped.setVisible(bool(sheets))
        self._show_tabs(preview)
        self._save.setVisible(bool(preview.faults))
        self.go.setText(tr("导入 {count} 所", count=f"{count:,}"))
        self.go.setVisible(True)
        self.go.setEnabled(count > 0)
        (self.go if count else self._back).setFocus()

    def _show_tabs(self, preview: Preview) -> None:
        self._tabs.blockSignals(True)
        while self._tabs.count():
            self._tabs.removeTab(0)
        for text in (
            tr("有误 {count}", count=f"{len(preview.faults):,}"),
            tr("新增 {count}", count=f"{len(preview.new):,}"),
            tr("更新 {count}", count=f"{len(preview.changed):,}"),
        ):
            self._tabs.addTab(text)
        self._tabs.setCurrentIndex(0 if preview.faults or not preview.new else 1)
        self._tabs.blockSignals(False)
        self.faults.show(preview.faults)
        self._switch(self._tabs.currentIndex())

    def _switch(self, at: int) -> None:
        if self._preview is not None and at > 0:
            self.schools.show((self._preview.new, self._preview.changed)[at - 1])
        self._rows.setCurrentIndex(min(at, 1))

    def _failed(self, problem: Problem, progress: Progress) -> None:
        if progress is self._progress:
            self._progress = None
            self._busy.hide()
            self.notice.problem(problem)
            self._back.setFocus()

    def _import(self) -> None:
        preview = self._preview
        if preview is None:
            return
        rows = preview.new + preview.changed
        self._show_busy(tr("正在导入 {count} 所学校：全部导入，或一所也不导入。请稍候…", count=f"{len(rows):,}"))
        self._back.hide()
        unit = self._desk.actor.unit_id or 0
        self._desk.do(self, school_import.import_schools, unit, rows).then(
            lambda new: self.imported.emit(new, len(rows) - new)
        ).fails(self._not_imported).last(self._back.show)

    def _not_imported(self, problem: Problem) -> None:
        self._busy.hide()
        self._found.show()
        self.go.show()
        self.notice.problem(problem)

    def _ask_where(self) -> None:
        ask_where(self, tr("另存有误的行"), tr("有误的行.csv"), tr("CSV 文件 (*.csv)"), self.save_faults)

    def save_faults(self, path: Path) -> None:
        """Save the bad rows where the person said."""
        faults = self._preview.faults if self._preview else ()
        self._desk.tasks.job(self, lambda: save_faults(path, faults)).then(
            lambda _: self.notice.say(tr("有误的行已保存到 {path}。改正后再导入这个文件即可。", path=path))
        ).fails(self.notice.problem)


def _look(gate: Gate, actor: Actor, path: Path, progress: Progress) -> Preview:
    """In a lane. Raises Cancelled as soon as nobody waits for it."""
    data = files.read(path)
    progress.at(0, 1)
    found = school_import.preview(gate, actor, data, path.name)
    progress.at(1, 1)
    return found
