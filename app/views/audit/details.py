"""One event in full, and the faults of a log in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import FieldProblem
from app.messages import MESSAGES, explain
from app.policy import POST_NAMES
from app.services import log_list
from app.services.context import office_time
from app.services.log import Fault
from app.services.log_list import EventDetail, RowChange
from app.services.operation_names import title
from app.views.parts.basic import boxed, card, clear, column, copyable, label, scrolled
from app.words import listing, sentences, tr

if TYPE_CHECKING:
    from app.views.desk import Desk

_SHOWN = 20
"""So many faults, and so many changed rows, are told on the screen."""


def faults_text(faults: Sequence[Fault]) -> str:
    """What does not hold, a line a fault."""
    lines = [
        f"{fault.where}：{sentences(*explain(FieldProblem(fault.place, fault.reason)))}" for fault in faults[:_SHOWN]
    ]
    head = tr("日志验证不通过，共 {count} 处，第一处在 {place}。", count=len(faults), place=faults[0].where)
    return "\n".join([head, *lines])


def _fault(fault: Fault) -> str:
    said = sentences(*explain(FieldProblem(fault.place, fault.reason)))
    return tr("{where}：{said}", where=fault.where, said=said)


class EventDetails(QWidget):
    """What an event says, and what it changed: names of fields and references, never personal data."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self.desk = desk
        self._inside = column(gap=8)
        whole = boxed(column(card(self._inside), 1))
        self.setLayout(column(scrolled(whole, tr("选中的记录"))))
        self.setMinimumWidth(280)
        self.show_event(None)

    def show_event(self, seq: int | None) -> None:
        """Show this one, or say that none is selected."""
        clear(self._inside)
        if seq is None:
            self._inside.addWidget(label(tr("选中一条记录，这里显示它的全部内容。"), "muted", wrap=True))
            return
        self.desk.ask(self, log_list.event, seq).then(self._show)

    def _show(self, event: EventDetail) -> None:
        clear(self._inside)
        row = event.row
        self._add(
            label(tr("第 {seq} 条　{operation}", seq=row.seq, operation=title(row.operation)), "heading", wrap=True)
        )
        post = tr(POST_NAMES[row.post]) if row.post else ""
        who = " · ".join(part for part in (row.unit_name, row.person, post) if part) or tr("（程序）")
        self._add(copyable(who), copyable(office_time(row.at)), copyable(tr("对象：{target}", target=row.target)))
        if row.outcome == "refused":
            self._add(label(tr("✕ 被拒绝：{why}", why=_reason(row.reason)), wrap=True, tone="wrong"))
        for name, note in event.notes.items():
            self._add(copyable(tr("{name}：{note}", name=name, note=note)))
        if event.changed:
            self._add(label(tr("改动了 {count} 行数据", count=event.changed), "heading"))
        for change in event.changes[:_SHOWN]:
            self._add(copyable(_change(change), "muted"))
        if event.changed > _SHOWN:
            self._add(label(tr("……其余见导出的日志。"), "hint"))

    def _add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self._inside.addWidget(widget)


def _reason(reason: str) -> str:
    return tr(MESSAGES[reason].what) if reason in MESSAGES and "{" not in MESSAGES[reason].what else reason


def _change(change: RowChange) -> str:
    fields = (
        tr("{field} {before}→{after}", field=each.field, before=each.before, after=each.after)
        if each.before
        else tr("{field} {after}", field=each.field, after=each.after)
        for each in change.fields
    )
    return tr("{row}：{fields}", row=change.row, fields=listing(fields))
