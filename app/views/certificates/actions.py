"""What can be done with a certificate request, and with several: a button for each that the gate would let through."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.models.org import UnitKind
from app.policy import DUTIES, Scope
from app.services import certificates, journal
from app.services.operations import Operation
from app.views.desk import Desk
from app.views.parts.basic import button
from app.views.parts.flow import Flow
from app.words import N_, tr

_ASKED_AT_ONCE = 500


@dataclass(frozen=True, eq=False)
class Action:
    """One button. `done` is said afterwards of so many; without it, it is for one request only."""

    operation: Operation[Any, Any, Any]
    verb: str
    done: str = ""
    reason: bool = False
    role: str = ""


APPROVE = Action(certificates.approve, N_("审核通过"), N_("已审核通过 {count} 份。"), role="main")
FORWARD = Action(certificates.forward, N_("转报"), N_("已转报 {count} 份。"), role="main")
REFILE = Action(certificates.refile, N_("重新上报"), N_("已重新上报 {count} 份。"))
RETURN = Action(certificates.send_back, N_("退回…"), N_("已退回 {count} 份。"), reason=True)
REJECT = Action(certificates.reject, N_("不予办理…"), N_("已决定不予办理 {count} 份。"), reason=True, role="danger")
ISSUE_CODE = Action(certificates.issue_code, N_("发放下载授权码…"), role="main")
HOLDER = Action(journal.begin, N_("打开持证人界面"), role="main")

ACTIONS = (APPROVE, FORWARD, REFILE, RETURN, REJECT, ISSUE_CODE, HOLDER)
"""In the order of the buttons."""


class ActionButtons(QWidget):
    """`taken` tells the Action and the ids of those selected on which it can be done."""

    taken = Signal(object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._allowed: Mapping[Action, Sequence[int]] = {}
        self.buttons = {action: self._button(action) for action in ACTIONS if _is_theirs(desk, action)}
        self.setLayout(Flow(*self.buttons.values()))
        self._show({})

    def look(self, ids: Sequence[int]) -> None:
        """Ask the gate what can be done with these."""
        for each in self.buttons.values():
            each.setEnabled(False)
        work = partial(_possible, self._desk, tuple(self.buttons), ids)
        self._desk.tasks.ask(self, work, "possible").then(lambda allowed: self._show(allowed, len(ids)))

    def _show(self, allowed: Mapping[Action, Sequence[int]], of: int = 0) -> None:
        self._allowed = allowed
        shown = [action for action in self.buttons if allowed.get(action) and (of == 1 or action.done)]
        for action, made in self.buttons.items():
            made.setVisible(action in shown)
            made.setEnabled(action in shown)
            if of > 1 and action in shown:
                count, verb = len(allowed[action]), tr(action.verb).rstrip("…")
                made.setText(tr("{verb}（{count}）", verb=verb, count=count))
            else:
                made.setText(tr(action.verb))

    def _button(self, action: Action) -> QPushButton:
        return button(tr(action.verb), lambda: self.taken.emit(action, self._allowed[action]), action.role)


def _is_theirs(desk: Desk, action: Action) -> bool:
    """Whether it is for this post, at this level."""
    duty = DUTIES[action.operation.permission]
    return desk.allows(duty.permission) and (
        duty.scope is not Scope.PROVINCE or desk.actor.unit_kind is UnitKind.PROVINCE
    )


def _possible(desk: Desk, actions: Sequence[Action], ids: Sequence[int]) -> dict[Action, list[int]]:
    """In a lane: on which of these each could be done now, in their order."""
    return {action: _may(partial(desk.gate.may, desk.actor, action.operation), ids) for action in actions}


def _may(may: Callable[[Sequence[int]], set[int]], ids: Sequence[int]) -> list[int]:
    found: set[int] = set()
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        found |= may(ids[start : start + _ASKED_AT_ONCE])
    return [each for each in ids if each in found]
