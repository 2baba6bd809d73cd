"""One form beside the list: its four sign-offs, what can be done with it, what it states (masked), and its history."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.models.applications import APPLICATION_STATE_NAMES, ApplicationState, Step
from app.policy import POST_NAMES
from app.services.context import office_time
from app.services.decisions import DecisionRow
from app.views.applications import deciding, seen, signing
from app.views.applications.facts import form_facts
from app.views.applications.pane import Action, Pane, add
from app.views.applications.printing import print_form, save_form
from app.views.applications.progress import Progress
from app.views.applications.seen import SeenForm
from app.views.applications.states import form_state, form_tone
from app.views.desk import Desk
from app.views.parts.basic import copyable, label
from app.views.parts.facts import Facts
from app.views.parts.notice import Notice
from app.words import N_, sentences, tr

_ON_ITS_WAY = frozenset({ApplicationState.DRAFT, ApplicationState.PRINTED, ApplicationState.SUBMITTED})
_NOT_TAKEN = frozenset({ApplicationState.RETURNED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN})


class FormDetails(Pane[SeenForm]):
    """`edit` asks for the entry."""

    edit = Signal(int)

    def __init__(self, desk: Desk, notice: Notice) -> None:
        super().__init__(desk, notice, tr("选中一张申请单，这里显示它的签署进度、内容和可以办理的事。"), _ACTIONS)

    def look(self, chosen: int) -> Callable[[], SeenForm]:
        """See Pane."""
        return partial(seen.form, self.desk.gate, self.desk.actor, chosen)

    def possible(self, seen: SeenForm) -> frozenset[str]:
        """See Pane; what has all its sign-offs is submitted, what lacks one is signed."""
        return seen.possible - {"applications.sign" if seen.on_paper else "applications.submit"}

    def fill(self, seen: SeenForm) -> None:
        """See Pane."""
        row = seen.row
        state = label(form_state(row.state), tone=form_tone(row.state))
        add(self.head, copyable(f"{row.number}　{row.applicant_name}", "heading"), state)
        if row.state in _NOT_TAKEN and (why := _why(seen.decisions)):
            add(self.head, copyable(why))
        due = seen.due if row.state in _ON_ITS_WAY else None
        add(self.rest, label(tr("签署进度"), "heading"), Progress(seen.opened.signatures, due))
        add(self.rest, label(tr("内容（个人信息已遮盖）"), "heading"), Facts(form_facts(seen.opened.form)))
        if seen.decisions:
            add(self.rest, label(tr("办理经过"), "heading"), *map(_told, reversed(seen.decisions)))


_ACTIONS: Sequence[Action[FormDetails, SeenForm]] = (
    Action("applications.sign", N_("登记签署"), signing.sign),
    Action("applications.submit", N_("提交"), deciding.submit),
    Action("applications.accept", N_("受理"), signing.accept),
    Action("business.create", N_("创建账号"), deciding.create),
    Action("business.grant", N_("授予角色"), deciding.grant),
    Action("applications.print", N_("打印"), lambda pane, seen: print_form(pane, pane.desk, pane.notice, seen.row)),
    Action(
        "applications.print", N_("保存为 PDF"), lambda pane, seen: save_form(pane, pane.desk, pane.notice, seen.row)
    ),
    Action("applications.edit", N_("编辑"), lambda pane, seen: pane.edit.emit(seen.row.id)),
    Action("applications.return", N_("退回"), deciding.send_back),
    Action("applications.withdraw", N_("撤回"), deciding.withdraw),
    Action("applications.reject", N_("不予办理"), deciding.reject, "danger"),
)
"""The next step first."""

_WHY = {
    Step.RETURN: N_("退回原因：{reason}"),
    Step.REJECT: N_("不予办理的原因：{reason}"),
    Step.WITHDRAW: N_("撤回原因：{reason}"),
}


def _why(decisions: Sequence[DecisionRow]) -> str:
    """Why it is not taken on, from the last decision that says so."""
    last = next((each for each in reversed(decisions) if each.step in _WHY), None)
    if last is None:
        return ""
    return sentences(tr(_WHY[Step(last.step)], reason=last.reason), tr("（{name}）", name=last.name))


def _told(decision: DecisionRow) -> QWidget:
    after = tr(APPLICATION_STATE_NAMES[ApplicationState(decision.after)])
    post = tr(POST_NAMES[decision.post]) if decision.post else ""
    line = "　".join(part for part in (office_time(decision.decided_at), after, decision.name, post) if part)
    return copyable(f"{line}\n{decision.reason}" if decision.reason else line, "muted")
