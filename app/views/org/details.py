"""What is known of one unit, at the right of the tree: facts, readiness, history, and what can be done with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app import codes
from app.errors import FieldProblem
from app.messages import explain
from app.models.org import SCHOOL_KINDS, SUPERIORS, UNIT_KIND_NAMES, UnitKind, UnitStatus
from app.services import accounts, org
from app.services.operations import Gate, Operation
from app.services.org import HistoryRow, UnitRow
from app.services.scope import Actor
from app.views.org.history import entries
from app.views.org.tree import Units
from app.views.parts.basic import boxed, button, card, clear, column, copyable, label, set_look
from app.words import sentences, tr

OPERATIONS: Sequence[Operation[Any, ..., Any]] = (org.add, org.rename, org.move, org.merge, org.retire)


@dataclass(frozen=True)
class Known:
    """What the gate says of a unit."""

    history: Sequence[HistoryRow]
    missing: Sequence[str]
    """What its posts lack, as reasons."""
    allowed: frozenset[str]
    """Names of the operations that may be done now."""


def know(gate: Gate, actor: Actor, unit: UnitRow) -> Known:
    """Ask for all of it at once; in a lane."""
    asked = [op for op in OPERATIONS if _possible(op, unit.kind)]
    allowed = frozenset(op.name for op in asked if gate.may(actor, op, [unit.id]))
    missing = gate.ask(actor, accounts.readiness, unit.id)
    return Known(gate.ask(actor, org.history, unit.id), missing, allowed)


class Details(QScrollArea):
    """`followed` asks to show another unit, by its id."""

    followed = Signal(int)

    def __init__(self, actions: Sequence[QPushButton]) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name, self._status = copyable(role="heading"), label(wrap=True)
        self._facts = QGridLayout()
        self._facts.setColumnStretch(1, 1)
        self._facts.setHorizontalSpacing(12)
        self._posts: QVBoxLayout = column(gap=4)
        self._history: QVBoxLayout = column(gap=10)
        buttons = QGridLayout()
        for place, each in enumerate(actions):
            buttons.addWidget(each, place // 2, place % 2)
        self.body = card(
            self._name, self._status, buttons, self._facts,
            label(tr("岗位"), "heading"), self._posts, label(tr("沿革"), "heading"), self._history, 1, gap=10,
        )  # fmt: skip
        inside = boxed(column(self.body))
        inside.setObjectName("inside")
        self.setWidget(inside)
        self.body.hide()

    def show_unit(self, unit: UnitRow | None, units: Units) -> None:
        """What the list knows already; posts and history come by `show_known`."""
        self.body.setVisible(unit is not None)
        for layout in (self._facts, self._posts, self._history):
            clear(layout)
        if unit is None:
            return
        self._name.setText(unit.name)
        retired = unit.status is UnitStatus.RETIRED
        self._status.setText(tr("✕ 已停用") if retired else tr("✓ 在用"))
        set_look(self._status, tone="wrong" if retired else "good")
        for name, value in _facts(unit).items():
            self._fact(name, copyable(value))
        self._links(unit, units)

    def show_known(self, unit: UnitRow, known: Known) -> None:
        """What the gate says: the posts that are not filled, and what the unit was."""
        clear(self._posts)
        clear(self._history)
        if unit.status is UnitStatus.ACTIVE:
            for reason in known.missing:
                text = "▲ " + sentences(*explain(FieldProblem("posts", reason)))
                self._posts.addWidget(label(text, wrap=True, tone="late"))
        if not known.missing or unit.status is UnitStatus.RETIRED:
            done = tr("✓ 三个岗位都已配齐") if not known.missing else tr("单位已停用，不再配备。")
            self._posts.addWidget(label(done, wrap=True, tone="" if known.missing else "good"))
        for entry in entries(known.history):
            what = copyable(tr("{day}　{what}", day=entry.day.isoformat(), what=entry.what))
            self._history.addWidget(boxed(column(what, label(entry.why, "hint", wrap=True), gap=2)))

    def _links(self, unit: UnitRow, units: Units) -> None:
        """The units above it, as far as they are in sight."""
        above = {tr("上级单位"): unit.reports_to_id}
        if unit.parent_id != unit.reports_to_id:
            above[tr("行政区划上属于")] = unit.parent_id
        for name, unit_id in above.items():
            if unit_id is not None and (superior := units.rows.get(unit_id)):
                follow: Callable[[], None] = lambda to=superior.id: self.followed.emit(to)  # type: ignore[misc]  # noqa: E731
                self._fact(name, button(superior.name, follow, "link"))

    def _fact(self, name: str, value: QWidget) -> None:
        at = self._facts.count() // 2  # rowCount never shrinks
        told = label(name, "muted")
        told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._facts.addWidget(told, at, 0, Qt.AlignmentFlag.AlignTop)
        self._facts.addWidget(value, at, 1)


def _possible(op: Operation[Any, ..., Any], kind: UnitKind) -> bool:
    """What a unit's kind rules out is not offered: nothing comes below a school, and there is one province only."""
    if op is org.add:
        return kind not in SCHOOL_KINDS
    if op is org.move:
        return bool(SUPERIORS[kind] - {UnitKind.PROVINCE})
    return op is org.rename or kind is not UnitKind.PROVINCE


def _facts(unit: UnitRow) -> Mapping[str, str]:
    """What has a value, under its name."""
    kind = tr(UNIT_KIND_NAMES[unit.kind])
    all_of_it = {
        tr("类型"): tr("{kind}（统计用区划）", kind=kind) if unit.statistical else kind,
        tr("行政区划代码"): unit.division_code or "",
        tr("学校标识码"): unit.school_code or "",
        tr("办学类型"): codes.SCHOOL_TYPES.get(unit.school_type or "", ""),
        tr("通讯地址"): unit.address,
    }
    return {name: value for name, value in all_of_it.items() if value}
