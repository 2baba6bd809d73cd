"""Entering a 附件4 beside its printed page, which fills as one types (C1, F1, I3)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QSplitter, QWidget

from app.errors import FieldProblem, Invalid, Problem
from app.forms import annex4
from app.forms.annex4 import BY_KEY, Annex4
from app.models.org import SCHOOL_KINDS
from app.services import applications
from app.services.applications import Opened
from app.services.context import office_time
from app.views.applications import sheet as sheets
from app.views.applications.facts import shown
from app.views.applications.fields import FormFields
from app.views.applications.keeper import Keeper
from app.views.applications.printing import paper
from app.views.applications.sheet import Sheet
from app.views.desk import Desk
from app.views.parts.basic import GAP, boxed, button, card, column, label, row
from app.views.parts.fields import Faults
from app.views.parts.notice import Notice, problem_text
from app.views.parts.preview import Paper
from app.words import tr

_PAUSE = 200  # milliseconds without a key before the page is drawn and the fields are checked


class Entry(QWidget):
    """One form being typed. `saved` tells its id, and whether it shall be printed now; `closed` that it was left."""

    saved = Signal(int, bool)
    closed = Signal()

    def __init__(self, desk: Desk, notice: Notice, sheet: Sheet, typed: Annex4 | None = None) -> None:
        super().__init__()
        self.desk, self.notice, self.sheet = desk, notice, sheet
        self._is_school = desk.actor.unit_kind in SCHOOL_KINDS
        self.fields = FormFields(is_school=self._is_school)
        self.faults = Faults(self.fields.rows)
        self.paper = Paper(desk.tasks, tr("打印出来的样子"))
        self.told = label("", "muted")
        self.back = button(tr("返回列表"), self.closed.emit)
        self.print = button(tr("保存并打印"), lambda: self.save(printing=True), key="Ctrl+P")
        self.store = button(tr("保存"), self.save, "main", key="Ctrl+S")
        self.head = boxed(row(self.told, self.back, self.print, self.store))
        self._left: set[str] = set()
        self._asked_to_save = False
        self._keeper = self._new_keeper()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._arrange()
        self.fields.show_form(replace(typed or sheet.form, unit_name=sheet.form.unit_name))
        self._connect()
        self._pause.start()  # first the fields are there to be typed into; the page is drawn when that is done

    def focus(self) -> None:
        """Put the cursor into the first field that is to be filled in."""
        self.fields.rows["name"].focus()

    def order_tabs(self) -> None:
        """From the last field on to the buttons, which stand above; to be called when the head has its place."""
        for before, after in ((self.fields.last(), self.store), (self.store, self.print), (self.print, self.back)):
            QWidget.setTabOrder(before, after)

    def keep(self) -> None:
        """Keep what was typed last."""
        self._keeper.flush()

    def save(self, *, printing: bool = False) -> None:
        """Check all fields, then enter the form or its next revision."""
        self._asked_to_save = True
        self._busy(True)
        form = self.fields.form()
        self.desk.tasks.ask(self, partial(self._faults_of, form), "save").then(
            lambda problems: self._refuse(problems) if problems else self._save(form, printing)
        ).fails(self._failed)

    def start_over(self) -> None:
        """Give up the draft: the fields say again what the office has."""
        typed = self.fields.form()
        self._show(self.sheet.form)
        self._keeper.drop()
        self.told.clear()
        self.notice.say(tr("草稿已丢弃。"), action=tr("撤销"), does=lambda: self._show(typed))

    def show_theirs(self, opened: Opened) -> None:
        """Beside what was typed, what somebody else has saved; from now on, saving replaces that."""
        typed = annex4.tidy(self.fields.form())
        for key, field in self.fields.rows.items():
            differs = getattr(typed, key) != getattr(opened.form, key)
            theirs = shown(opened.form, BY_KEY[key]) or tr("（空）")
            field.hint.setText(tr("现在登记的是：{text}", text=theirs) if differs else "")
            field.hint.setVisible(differs)
        self._keeper.drop()
        self.sheet = sheets.of(opened)
        self._keeper = self._new_keeper()
        self._edited()
        self.notice.say(tr("别人保存的内容已标在各项下面。核对以后再保存，就以这里填的为准。"), "late")

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page, the lock or the end of the program: keep the last second's typing too."""
        self._pause.stop()
        self._keeper.flush()
        super().hideEvent(event)

    def _arrange(self) -> None:
        scroll = QScrollArea()
        scroll.setWidget(self.fields)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left, right = card(scroll), boxed(column(self.faults, self.paper, gap=GAP))
        left.setMinimumWidth(360)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setHandleWidth(GAP)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([580, 420])
        self.setLayout(column(splitter))
        self._scroll = scroll

    def _connect(self) -> None:
        self.fields.edited.connect(self._edited)
        self.fields.left.connect(self._field_left)
        self._pause.timeout.connect(self._look)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        """Bring the field that a link jumped to into sight."""
        if now is not None and self.fields.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now, 0, 60)

    def _new_keeper(self) -> Keeper:
        keeper = Keeper(self.desk, self.sheet.key, self)
        keeper.kept.connect(self._kept)
        keeper.failed.connect(self.notice.problem)
        return keeper

    def _edited(self) -> None:
        self._pause.start()
        self._keeper.note(annex4.to_json(self.fields.form()))

    def _show(self, form: Annex4) -> None:
        self.fields.show_form(form)
        self._edited()

    def _kept(self) -> None:
        at = office_time(self.desk.gate.context.clock())
        self.told.setText(tr("草稿已自动保存 {time}", time=at.split()[1]))

    def _field_left(self, key: str) -> None:
        if key not in self._left:
            self._left.add(key)
            self._pause.start()

    def _look(self) -> None:
        """Draw the page, and check what has been filled in."""
        form = self.fields.form()
        self.paper.show_pdf(lambda: paper(self.sheet.number, annex4.tidy(form), {})())
        if self._left or self._asked_to_save:
            self.desk.tasks.ask(self, partial(self._faults_of, form), "check").then(self._show_faults)

    def _faults_of(self, form: Annex4) -> Sequence[FieldProblem]:
        """For a lane: the first check of all loads the forms' fonts."""
        return annex4.check(annex4.tidy(form), is_school=self._is_school, today=self.desk.today)

    def _show_faults(self, problems: Sequence[FieldProblem]) -> None:
        """Of fields that were not left yet, nothing is said until somebody wants to save."""
        if self._asked_to_save:
            self.faults.show_all(problems)
            return
        told = {problem.field: problem for problem in problems if problem.field in self._left}
        for key, field in self.fields.rows.items():
            field.show_fault(told.get(key))

    def _refuse(self, problems: Sequence[FieldProblem]) -> None:
        self._busy(False)
        self._show_faults(problems)
        self.fields.rows[problems[0].field].focus()

    def _busy(self, busy: bool) -> None:
        """While it is being saved, nothing can be typed that would be lost."""
        self.head.setDisabled(busy)
        self.fields.setDisabled(busy)

    def _save(self, form: Annex4, printing: bool) -> None:
        known, unit = self.sheet.application_id, self.desk.actor.unit_id
        assert unit is not None
        if known is None:
            entered = self.desk.do(self, applications.enter, unit, form)
            entered.then(lambda made: self._done(made, printing)).fails(self._failed)
        else:
            edited = self.desk.do(self, applications.edit, known, form, self.sheet.revision)
            edited.then(lambda _: self._done(known, printing)).fails(self._failed)

    def _done(self, application_id: int, printing: bool) -> None:
        self._keeper.drop()
        self.saved.emit(application_id, printing)

    def _failed(self, problem: Problem) -> None:
        """Nothing typed is lost."""
        self._busy(False)
        if isinstance(problem, Invalid) and problem.problems:
            self._refuse(problem.problems)
        elif problem.reason == "application.changed_meanwhile":
            self.notice.say(problem_text(problem), "wrong", action=tr("对照现在的内容"), does=self._compare)
        else:
            self.notice.problem(problem)

    def _compare(self) -> None:
        known = self.sheet.application_id
        assert known is not None
        self.desk.do(self, applications.work_on, known).then(self.show_theirs)
