"""组织机构 (A1): the tree of units, what is known of each, changes with date and reason, and lists of schools."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QSplitter, QStackedWidget

from app.models.org import SCHOOL_KINDS, UnitKind, UnitStatus
from app.policy import Permission
from app.services import org, school_import
from app.services.org import UnitRow
from app.views.desk import Desk
from app.views.links import Link
from app.views.org.details import Details, Known, know
from app.views.org.dialogs import UnitDialogs
from app.views.org.import_panel import SchoolImport
from app.views.org.tree import MOST_HITS, TOP, Hits, Tree, Units
from app.views.org.unit_tree import UnitTree
from app.views.parts.basic import GAP, boxed, button, column, label, row
from app.views.parts.choosing import ask_file
from app.views.parts.page import Page
from app.words import tr

_LISTS = (".xlsx", ".csv")


class OrgPage(Page):
    """The tree at the left, the unit selected at the right; in their place the preview of a school list."""

    areas = frozenset({"org", "accounts"})
    help = "organisation"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("组织机构"))
        self.units = Units(())
        self._wanted = TOP
        self.dialogs = UnitDialogs(self, desk, self._done)
        self.text, self.retired, self.count = QLineEdit(), QCheckBox(tr("显示已停用的")), label("", "muted")
        self.tree = UnitTree(self._begin)
        self.lists = button(tr("导入学校名单…"), self.ask_for_list)
        self._make_actions()
        self.details = Details(list(self.offered.values())[1:])
        self.schools = SchoolImport(desk)
        self._stack = QStackedWidget()
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Look at all units again, in a lane; what is open and selected stays."""
        gate, actor = self.desk.gate, self.desk.actor
        self.desk.tasks.ask(self, lambda: Units(gate.ask(actor, org.units)), "units").then(self._arrived)
        self.desk.may(self, school_import.import_schools, [self._own]).then(
            lambda ids: self.lists.setVisible(self._own in ids)
        )

    def open(self, link: Link) -> None:
        """Select the first unit of a link; `import` asks for a list of schools."""
        self._wanted = link.ids[0] if link.ids else TOP
        self.look_again()
        if link.action == "import":
            self.ask_for_list()

    def search(self) -> None:
        """Ctrl+F."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def ask_for_list(self) -> None:
        """Ask for the file of a list of schools."""
        ask_file(self, tr("选择学校名单"), tr("学校名单 (*.xlsx *.csv)"), self.import_list)

    def import_list(self, path: Path) -> None:
        """Show what a list of schools would do."""
        self.notice.hide()
        for each in (self.lists, *self.offered.values()):
            each.setEnabled(False)
        self._stack.setCurrentWidget(self.schools)
        self.schools.read(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A list of schools may be dropped here, by whoever may import one."""
        if not self.lists.isHidden() and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the list that was dropped."""
        if path := _dropped(event):
            event.acceptProposedAction()
            self.import_list(path)

    @property
    def _own(self) -> int:
        return self.desk.actor.unit_id or 0

    def _make_actions(self) -> None:
        dialogs = self.dialogs
        self.offered: dict[str, QPushButton] = {
            org.add.name: button(tr("新增下级单位"), self._with_unit(dialogs.add), "main", key="Ins"),
            org.rename.name: button(tr("更名"), self._with_unit(dialogs.rename), key="F2"),
            org.move.name: button(tr("调整上级"), self._with_unit(lambda unit: dialogs.move(unit, self.units))),
            org.merge.name: button(tr("合并"), self._with_unit(lambda unit: dialogs.merge(unit, self.units))),
            org.retire.name: button(tr("停用"), self._with_unit(dialogs.retire)),
        }
        for each in self.offered.values():
            each.setVisible(self.desk.allows(Permission.EDIT_UNITS))
        self.lists.hide()
        self._allow(frozenset())

    def _with_unit(self, does: Callable[[UnitRow], object]) -> Callable[[], None]:
        def clicked() -> None:
            if (unit := self.tree.current) is not None:
                does(unit)

        return clicked

    def _arrange(self) -> None:
        self.buttons.addWidget(self.lists)
        self.buttons.addWidget(self.offered[org.add.name])
        find = label(tr("查找"))
        find.setBuddy(self.text)
        self.text.setAccessibleName(tr("查找单位"))
        self.text.setPlaceholderText(tr("名称、区划代码或学校标识码（Ctrl+F）"))
        self.text.setClearButtonEnabled(True)
        bar = row(find, self.text, self.retired, self.count)
        bar.setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(boxed(column(bar, self.tree)))
        split.addWidget(self.details)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([600, 400])
        self._stack.addWidget(split)
        self._stack.addWidget(self.schools)
        self.body.addWidget(self._stack)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        self.text.textChanged.connect(lambda _: self._show())
        self.text.returnPressed.connect(self._open_hit)
        self.retired.toggled.connect(lambda _: self._show())
        self.tree.chosen.connect(self._choose)
        self.tree.activated.connect(lambda _: self._open_hit())
        self.details.followed.connect(self._reveal)
        self.schools.left.connect(self._leave_list)
        self.schools.imported.connect(self._imported)
        keys: tuple[tuple[Qt.Key, QLineEdit | UnitTree, Callable[[], object]], ...] = (
            (Qt.Key.Key_Slash, self.tree, self.search),
            (Qt.Key.Key_Down, self.text, self.tree.setFocus),
            (Qt.Key.Key_Escape, self.text, self.text.clear),
        )
        for key, where, does in keys:
            QShortcut(QKeySequence(key), where, does, context=Qt.ShortcutContext.WidgetShortcut)

    def _arrived(self, units: Units) -> None:
        self.units = units
        self._show()

    def _show(self) -> None:
        """The tree of what is wanted is put together in a lane too."""
        units, text, retired = self.units, self.text.text(), self.retired.isChecked()
        wanted = units.rows.get(self._wanted)
        if wanted and (text or (wanted.status is UnitStatus.RETIRED and not retired)):
            self._reveal(wanted.id)
            return
        work: Callable[[], tuple[Tree, Hits]] = lambda: _searched(units, text, retired=retired)  # noqa: E731
        self.desk.tasks.ask(self, work, "tree").then(lambda found: self._shown(*found, searched=bool(text.strip())))

    def _shown(self, tree: Tree, hits: Hits, *, searched: bool) -> None:
        self.tree.show_tree(tree, wide_open=searched)
        if self._wanted in tree.rows or hits.ids:
            self.tree.select(self._wanted if self._wanted in tree.rows else hits.ids[0])
        self._wanted = TOP
        total = f"{hits.total:,}" if searched else f"{len(tree.rows):,}"
        if not searched:
            self.count.setText(tr("共 {count} 个", count=total))
        elif hits.total > MOST_HITS:
            self.count.setText(tr("找到 {count} 个，列出前 {most} 个", count=total, most=MOST_HITS))
        else:
            self.count.setText(tr("找到 {count} 个", count=total))
        self._show_empty(tree, searched=searched)

    def _show_empty(self, tree: Tree, *, searched: bool) -> None:
        own = tree.rows.get(self._own)
        alone = own is not None and len(tree.rows) == 1 and own.kind not in SCHOOL_KINDS
        if searched and not tree.rows:
            self.tree.say(tr("没有找到。请换一个词，或少输入几个字。"))
        elif not searched and own is not None and alone:
            province = own.kind is UnitKind.PROVINCE
            here = (
                tr("这里将列出全省的教育局和学校。先载入市县，再导入学校名单。")
                if province
                else tr("这里将列出下级单位。")
            )
            action = tr("载入市县") if province else tr("导入学校名单…")
            self.tree.say(here, action if self.desk.allows(Permission.EDIT_UNITS) else "")
        else:
            self.tree.say("")

    def _begin(self) -> None:
        """The button of the empty tree."""
        own = self.units.rows.get(self._own)
        if own is None or own.kind is not UnitKind.PROVINCE:
            self.ask_for_list()
            return
        self.desk.do(self, org.load_divisions, own.id).then(
            lambda added: self.notice.say(tr("已载入 {count} 个市县教育局。接下来可以导入学校名单。", count=added))
        )

    def _choose(self, unit_id: int) -> None:
        unit = self.units.rows.get(unit_id)
        self.details.show_unit(unit, self.units)
        self._allow(frozenset())
        if unit is not None:
            gate, actor = self.desk.gate, self.desk.actor
            self.desk.tasks.ask(self, lambda: know(gate, actor, unit), "known").then(
                lambda known: self._know(unit, known)
            )

    def _know(self, unit: UnitRow, known: Known) -> None:
        if (current := self.tree.current) is not None and current.id == unit.id:
            self.details.show_known(unit, known)
            self._allow(known.allowed)

    def _allow(self, names: frozenset[str]) -> None:
        for name, each in self.offered.items():
            each.setEnabled(name in names)

    def _open_hit(self) -> None:
        """Enter: the unit in its place in the whole tree."""
        if (unit := self.tree.current) is not None:
            self._reveal(unit.id)
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reveal(self, unit_id: int) -> None:
        self._wanted = unit_id
        retired = self.units.rows[unit_id].status is UnitStatus.RETIRED
        for control in (self.text, self.retired):
            control.blockSignals(True)
        self.text.clear()
        self.retired.setChecked(self.retired.isChecked() or retired)
        for control in (self.text, self.retired):
            control.blockSignals(False)
        self._show()

    def _done(self, unit_id: int, text: str, back: Callable[[], object] | None = None) -> None:
        self._wanted = unit_id
        self.notice.say(text, action=tr("撤销") if back else "", does=back)

    def _leave_list(self) -> None:
        self.lists.setEnabled(True)
        self._stack.setCurrentIndex(0)
        self.look_again()

    def _imported(self, new: int, changed: int) -> None:
        self._leave_list()
        self.notice.say(tr("已导入学校名单：新增 {new} 所，更新 {changed} 所。", new=new, changed=changed))


def _searched(units: Units, text: str, *, retired: bool) -> tuple[Tree, Hits]:
    """The whole tree, or what a search found with those above."""
    hits = units.search(text, retired=retired)
    return units.tree(retired=retired, only=hits.ids if text.strip() else None), hits


def _dropped(event: QDropEvent) -> Path | None:
    """The one list of schools that is dragged, if it is one."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in _LISTS else None
