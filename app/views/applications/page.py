"""用户与申请单: the forms of the own unit, the business users made from them, and the entry of a form (C1, C3, G4)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from app.forms import annex4
from app.policy import Permission
from app.services import applications, drafts, form_list
from app.services.applications import ApplicationRow, Opened
from app.services.context import office_time
from app.views.applications import sheet as sheets
from app.views.applications.entry import Entry
from app.views.applications.list import FormList
from app.views.applications.listing import Listing
from app.views.applications.people import PeopleList
from app.views.applications.printing import print_form
from app.views.applications.sheet import Kept, Sheet
from app.views.applications.unfinished import Unfinished
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import GAP, boxed, button, column, segments
from app.views.parts.page import Page
from app.words import tr

_FORMS, _PEOPLE = range(2)


class ApplicationsPage(Page):
    """Two lists behind tabs; while a form is entered, the entry stands in their place."""

    areas: ClassVar[frozenset[str]] = frozenset({"applications", "business", "people", "certificates", "org"})
    help: ClassVar[str] = "applications"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("用户与申请单"))
        self.forms, self.people = FormList(desk, self.notice), PeopleList(desk, self.notice)
        self.unfinished = Unfinished()
        self.new = button(tr("新建申请单"), self.enter_new, "main", key="Ctrl+N")
        self.entry: Entry | None = None
        self.segments = segments(tr("申请单或用户"), tr("申请单"), tr("用户"))
        self._lists = QStackedWidget()
        self._lists.addWidget(boxed(column(self.unfinished, self.forms, gap=GAP)))
        self._lists.addWidget(self.people)
        self._browse = boxed(column(self.segments, self._lists, gap=GAP))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._browse)
        self.buttons.addWidget(self.new)
        self.body.addWidget(self._stack)
        for each in (self.new, self.forms.empty.button):
            each.setVisible(desk.allows(Permission.ENTER_APPLICATION))
        self.segments.currentChanged.connect(self._switch)
        self.forms.new.connect(self.enter_new)
        self.forms.edit.connect(self.edit)
        self.unfinished.resumed.connect(self.resume)
        self.unfinished.dropped.connect(self._drop)

    def refresh(self) -> None:
        """Look at the list in sight again, and for drafts."""
        self.list.look()
        if self.desk.allows(Permission.ENTER_APPLICATION):
            self._drafts(self.unfinished.show_drafts)

    def open(self, link: Link) -> None:
        """Show `forms` or `people`, and there only the objects of the link; or begin a form: action `new`."""
        if link.action == "new":
            self.enter_new()
            return
        self.leave()
        self.segments.setCurrentIndex(_PEOPLE if link.segment == "people" else _FORMS)
        self.list.restrict(link)

    def search(self) -> None:
        """See Page."""
        self.list.search.setFocus()
        self.list.search.selectAll()

    @property
    def list(self) -> Listing[Any, Any]:
        """The one in sight."""
        return (self.forms, self.people)[self._lists.currentIndex()]

    def enter_new(self) -> None:
        """A new form; what was left unfinished of one is gone on with."""

        def begin(kept: Sequence[Kept]) -> None:
            draft = next((each for each in kept if each.application_id is None), None)
            work = partial(sheets.blank, self.desk.gate, self.desk.actor)
            self.desk.tasks.ask(self, work, "blank").then(lambda sheet: self._enter(sheet, draft))

        self._drafts(begin)

    def edit(self, application_id: int) -> None:
        """Another content for a form that is there; what was left unfinished of it is gone on with."""

        def begin(opened: Opened, kept: Sequence[Kept]) -> None:
            sheet = sheets.of(opened)
            draft = next((each for each in kept if each.application_id == application_id), None)
            entry = self._enter(sheet, draft)
            if draft is not None and draft.key != sheet.key:
                entry.show_theirs(opened)

        self.desk.do(self, applications.work_on, application_id).then(
            lambda opened: self._drafts(lambda kept: begin(opened, kept))
        )

    def resume(self, draft: Kept) -> None:
        """Go on with what was left unfinished."""
        if draft.application_id is None:
            self.enter_new()
        else:
            self.edit(draft.application_id)

    def leave(self) -> None:
        """Back from the entry, if there is one, to the list; what was typed is kept."""
        if self.entry is not None:
            self.entry.keep()
            self._close()
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the entry."""
        if event.key() == Qt.Key.Key_Escape and self.entry is not None:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _switch(self, at: int) -> None:
        self._lists.setCurrentIndex(at)
        self.list.look()

    def _drafts(self, use: Callable[[Sequence[Kept]], object]) -> None:
        """In the lane of the operations: after what was kept or dropped just now."""
        self.desk.tasks.do(self, partial(sheets.kept, self.desk.gate.context, self.desk.actor)).then(use)

    def _enter(self, sheet: Sheet, draft: Kept | None) -> Entry:
        self._close()
        self.notice.hide()
        entry = self.entry = Entry(self.desk, self.notice, sheet, draft.form if draft else None)
        entry.saved.connect(self._saved)
        entry.closed.connect(self.leave)
        self.title.setText(tr("业务类用户实名制申请单（附件4）") + (f" {sheet.number}" if sheet.number else ""))
        self.new.setVisible(False)
        self.buttons.addWidget(entry.head)
        self._stack.addWidget(entry)
        self._stack.setCurrentWidget(entry)
        entry.order_tabs()
        entry.focus()
        if draft is not None:
            told = tr("已接着 {at} 自动保存的内容。", at=office_time(draft.saved_at))
            self.notice.say(told, "", action=tr("不要草稿，重新填写"), does=entry.start_over)
        elif sheet.signed:
            self.notice.say(tr("这张申请单已经签署过：内容改动以后，须重新打印、重新签署。"), "late")
        return entry

    def _close(self) -> None:
        entry, self.entry = self.entry, None
        if entry is None:
            return
        self.notice.hide()  # what it offers is about the entry
        self._stack.setCurrentWidget(self._browse)
        self._stack.removeWidget(entry)
        entry.head.deleteLater()
        entry.deleteLater()
        self.title.setText(tr("用户与申请单"))
        self.new.setVisible(True)
        self.list.table.setFocus()

    def _saved(self, application_id: int, printing: bool) -> None:
        """Say which of 保存 and 提交 has happened, and go on with the form in the list."""
        self._close()
        self.segments.setCurrentIndex(_FORMS)
        self.forms.take(application_id)
        self.refresh()

        def tell(rows: Mapping[int, ApplicationRow]) -> None:
            row = rows[application_id]
            told = tr("已保存 {number}（还没有提交）。下一步：打印，签署后登记，再提交。", number=row.number)
            send = partial(print_form, self, self.desk, self.notice, row)
            self.notice.say(told, action=tr("打印"), does=send)
            if printing:
                send()

        self.desk.ask(self, form_list.rows, (application_id,)).then(tell)

    def _drop(self, draft: Kept) -> None:
        context, actor = self.desk.gate.context, self.desk.actor
        undo = partial(drafts.keep, context, actor, draft.key, annex4.to_json(draft.form))

        def dropped(_: None) -> None:
            self.refresh()
            self.notice.say(tr("草稿已丢弃。"), action=tr("撤销"), does=take_back)

        def take_back() -> None:
            self.desk.tasks.do(self, undo).then(lambda _: self.refresh())

        self.desk.tasks.do(self, partial(drafts.drop, context, actor, draft.key)).then(dropped)
