"""The window of somebody at work: who they are and in which post, the tabs of that post, and the page."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QWidget

from app.errors import Problem
from app.models.org import SCHOOL_KINDS
from app.policy import POST_NAMES, Permission
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import button, column, label, row, segments
from app.views.parts.notice import Notice
from app.views.parts.page import Page
from app.views.shortcuts import KEYS, obey
from app.words import N_, tr


@dataclass(frozen=True)
class Tab:
    """A page of the window: where it is made, and which permission shows it (any of them)."""

    key: str
    title: str
    made_by: str
    """`module:Class`; imported when the page is first shown."""
    permissions: frozenset[Permission]
    below: bool = False
    """Only for offices that have units below them."""


TABS = (
    Tab("workbench", N_("工作台"), "app.views.workbench.page:WorkbenchPage", frozenset(Permission)),
    Tab("org", N_("组织机构"), "app.views.org.page:OrgPage", frozenset({Permission.READ_UNITS})),
    Tab(
        "applications",
        N_("用户与申请单"),
        "app.views.applications.page:ApplicationsPage",
        frozenset({Permission.READ_APPLICATIONS}),
    ),
    Tab(
        "certificates",
        N_("证书与 UKEY"),
        "app.views.certificates.page:CertificatesPage",
        frozenset({Permission.READ_CERTIFICATES}),
    ),
    Tab(
        "accounts",
        N_("下级管理员"),
        "app.views.accounts.page:AccountsPage",
        frozenset({Permission.READ_NEXT_LEVEL}),
        below=True,
    ),
    Tab("audit", N_("审计"), "app.views.audit.page:AuditPage", frozenset({Permission.READ_LOG})),
)


class Shell(QWidget):
    """Header, tabs and pages. `settings`, `help` and `keys` are asked of the window."""

    settings = Signal()
    help = Signal()
    keys = Signal()
    about = Signal()
    diagnosis = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.desk = desk
        self.notice = Notice()
        self.tabs = segments(tr("页面"))
        self.tabs.setUsesScrollButtons(False)
        self._stack = QStackedWidget()
        self._pages: dict[str, Page] = {}
        self._shown: list[Tab] = []
        self._who = label()
        self.setLayout(column(self._header(), self.tabs, self.notice, self._stack, gap=0))
        self.tabs.currentChanged.connect(self._switch)
        desk.post_changed.connect(self._take_post)
        desk.follow.connect(self.follow)
        desk.tasks.refused.connect(self._refused)
        for number in range(1, len(TABS) + 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, lambda at=number - 1: self.tabs.setCurrentIndex(at))
        obey(self, {"search": self._search, "again": self._look_again})
        self._take_post()

    @property
    def page(self) -> Page | None:
        """The page in sight."""
        return cast("Page | None", self._stack.currentWidget())

    @property
    def place(self) -> str:
        """Which tab is in sight."""
        return self._shown[self.tabs.currentIndex()].key

    def follow(self, link: Link) -> None:
        """Go where a link leads."""
        at = next((place for place, tab in enumerate(self._shown) if tab.key == link.page), None)
        if at is not None:
            self.tabs.setCurrentIndex(at)
            self._page(self._shown[at]).open(link)

    def _header(self) -> QWidget:
        header = QFrame()
        header.setObjectName("header")
        self._post = button(tr("切换岗位"), self._next_post)
        self._post.setVisible(len(self.desk.person.actors) > 1)
        menu = button(tr("菜单"))
        menu.setMenu(self._menu())
        lock = button(tr("退出"), lambda: self.desk.leave.emit(""))
        demo = label(tr("演示"), "muted") if self.desk.demo else None
        header.setLayout(
            row(label(tr("实名"), "brand"), demo, 1, self._who, self._post, menu, lock, gap=10, margins=(20, 8, 20, 8))
        )
        return header

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        entries: tuple[tuple[str, Callable[[], None], str], ...] = (
            (tr("设置…"), self.settings.emit, "settings"),
            (tr("UKEY 诊断…"), self.diagnosis.emit, ""),
            (tr("使用说明"), self.help.emit, "help"),
            (tr("快捷键"), self.keys.emit, "keys"),
            (tr("关于"), self.about.emit, ""),
        )
        for text, does, key in entries:
            action = menu.addAction(text, does)
            if key:
                action.setShortcut(QKeySequence(KEYS[key].keys))
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
                self.addAction(action)
        return menu

    def _search(self) -> None:
        if self.page is not None:
            self.page.search()

    def _look_again(self) -> None:
        if self.page is not None:
            self.page.look_again()

    def _next_post(self) -> None:
        held = [actor.post for actor in self.desk.person.actors if actor.post is not None]
        at = held.index(self.desk.actor.post) if self.desk.actor.post in held else -1
        self.desk.take_post(held[(at + 1) % len(held)])

    def _take_post(self) -> None:
        """Show what this post may see; the page in sight stays, where the post has it."""
        person, post = self.desk.person, self.desk.actor.post
        name = tr(POST_NAMES[post]) if post else ""
        self._who.setText(tr("{unit} · {name} · {post}", unit=person.unit_name, name=person.name, post=name))
        before = self._shown[self.tabs.currentIndex()].key if self._shown else ""
        self._forget()
        school = self.desk.actor.unit_kind in SCHOOL_KINDS
        allowed = (tab for tab in TABS if any(self.desk.allows(each) for each in tab.permissions))
        self._shown = [tab for tab in allowed if not (tab.below and school)]
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for tab in self._shown:
            self.tabs.addTab(tr(tab.title))
        at = next((place for place, tab in enumerate(self._shown) if tab.key == before), 0)
        self.tabs.setCurrentIndex(at)
        self.tabs.blockSignals(False)
        self._switch(at)
        self.tabs.setFocus()

    def _forget(self) -> None:
        """Pages are made for one post: another one gets its own."""
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()

    def _switch(self, at: int) -> None:
        if 0 <= at < len(self._shown):
            self.notice.hide()
            self._stack.setCurrentWidget(self._page(self._shown[at]))

    def _page(self, tab: Tab) -> Page:
        if tab.key not in self._pages:
            module, _, name = tab.made_by.partition(":")
            page = cast(Page, getattr(import_module(module), name)(self.desk))
            self._pages[tab.key] = page
            self._stack.addWidget(page)
        return self._pages[tab.key]

    def _refused(self, problem: Problem) -> None:
        (self.page.notice if self.page else self.notice).problem(problem)
