"""工作台: what waits for this person in this post, counted, each one click from doing it (I1)."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.errors import FieldProblem
from app.messages import explain
from app.models.org import SCHOOL_KINDS
from app.policy import POST_NAMES, Permission, Post
from app.services import todo, unit_readiness
from app.services.context import office_day
from app.services.todo import Waiting
from app.services.unit_readiness import UnitReadiness
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import GAP, boxed, button, card, clear, column, label, row, scrolled
from app.views.parts.page import Page
from app.views.parts.table import Empty, Table, titled
from app.views.tables import Column, RowsModel
from app.words import N_, sentences, tr

_CARD_WIDTH = 18
"""A card is as wide as so many Chinese characters."""
_MOST_ACROSS = 4
_PLACES: Mapping[str, tuple[str, str]] = {
    "applications": ("applications", "forms"),
    "people": ("applications", "people"),
    "accounts": ("accounts", ""),
    "certificates": ("certificates", "requests"),
}
_APART: Mapping[str, tuple[str, str]] = {"certificates.file": ("certificates", "file")}
"""What is done elsewhere than on the page of its area."""


def _lacks(unit: UnitReadiness) -> str:
    if not unit.missing:
        return tr("✓ 岗位齐备")
    return "▲ " + sentences(*(explain(FieldProblem("posts", reason)).what for reason in unit.missing))


def _held(post: Post) -> Column[UnitReadiness]:
    return Column(POST_NAMES[post], lambda unit: str(unit.holders[post] or "–"))


_COLUMNS: Sequence[Column[UnitReadiness]] = (
    Column(N_("单位"), lambda unit: unit.name),
    *map(_held, Post),
    Column(N_("状态"), _lacks, lambda unit: "late" if unit.missing else "good"),
)


class WorkbenchPage(Page):
    """Cards with numbers, and below them the units of the next level."""

    areas = frozenset({"applications", "business", "certificates", "enrolment", "accounts", "org"})
    help = "workbench"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("今天要办的事"))
        self._day = label("", "muted")
        self.buttons.addWidget(self._day)
        self.cards: dict[str, QWidget] = {}
        self._across = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._nothing = Empty(tr("现在没有等您办的事。\n有新的申请单、账号或证书轮到您时，会出现在这里。"))
        self._nothing.hide()
        self.units = RowsModel[UnitReadiness](_COLUMNS)
        empty = Empty(tr("下级单位会列在这里。请先在“组织机构”里导入或新增。"), tr("去组织机构"), self._to_org)
        self._table = Table(self.units, tr("下级单位的岗位"), empty)
        self.below = titled(tr("下级单位的三个岗位"), self._table)
        self.below.setVisible(self._has_units_below)
        whole = column(self._grid, self._nothing, self.below, gap=GAP)
        whole.setStretch(2, 1)
        if not self._has_units_below:
            whole.addStretch(1)
        self.body.addWidget(scrolled(boxed(whole)))
        self._table.activated.connect(lambda _: self._to_org())

    @property
    def _has_units_below(self) -> bool:
        return self.desk.allows(Permission.READ_NEXT_LEVEL) and self.desk.actor.unit_kind not in SCHOOL_KINDS

    def refresh(self) -> None:
        """Count again."""
        today = self.desk.today
        self._day.setText(tr("{year}年{month}月{day}日", year=today.year, month=today.month, day=today.day))
        work = partial(todo.waiting, self.desk.gate, self.desk.actor)
        self.desk.tasks.ask(self, work, "waiting").then(self._show)
        if self._has_units_below:
            self.desk.ask(self, unit_readiness.next_level).then(self.units.show)

    def _show(self, rows: Sequence[Waiting]) -> None:
        clear(self._grid)
        waiting = [each for each in rows if each.ids]
        self.cards = {each.key: self._card(each) for each in waiting}
        self._across = 0
        self._place()
        self._nothing.setVisible(not waiting)

    def _place(self) -> None:
        """As many cards in a row as there is room for."""
        across = min(_MOST_ACROSS, max(1, (self.width() - 40) // (_CARD_WIDTH * self.font().pixelSize())))
        if across == self._across:
            return
        self._across = across
        for place, made in enumerate(self.cards.values()):
            self._grid.addWidget(made, place // across, place % across)
        for at in range(self._grid.columnCount()):
            self._grid.setColumnStretch(at, int(at < across))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for another number of cards."""
        super().resizeEvent(event)
        self._place()

    def _card(self, waiting: Waiting) -> QWidget:
        number, title = label(f"{len(waiting.ids):,}", "number"), label(tr(waiting.title), "heading", wrap=True)
        go = button(tr("{verb} →", verb=tr(waiting.verb)), partial(self._go, waiting), "link")
        go.setAccessibleName(f"{tr(waiting.title)} {len(waiting.ids)}")
        return card(number, title, self._since(waiting), row(go, 1), gap=6)

    def _since(self, waiting: Waiting) -> QLabel:
        if waiting.oldest is None:
            return label()
        days = (self.desk.today - office_day(waiting.oldest)).days
        text = tr("最早一件已等 {days} 天", days=days) if days else tr("今天到的")
        return label(text, "muted", wrap=True, tone="late" if days > 3 else "")

    def _go(self, waiting: Waiting) -> None:
        page, segment = _APART.get(waiting.key) or _PLACES[waiting.area]
        self.desk.follow.emit(Link(page, segment, tr(waiting.title), waiting.ids, waiting.target))

    def _to_org(self) -> None:
        self.desk.follow.emit(Link("org"))
