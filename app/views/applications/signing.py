"""Recording the sign-offs that stand on the paper: the next of the first three, and 用户管理部门受理意见 (C1)."""

from datetime import date
from typing import cast

from app.forms.annex4 import Signature, SignStep
from app.services import applications
from app.views.applications.pane import Pane
from app.views.applications.progress import step_name
from app.views.applications.seen import SeenForm
from app.views.parts.dates import DateControl
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow, LineControl, TextControl
from app.views.tasks import Pending
from app.words import sentences, tr


def sign(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Ask for the sign-off whose turn it is, and record it."""
    step, row = cast(SignStep, seen.due), seen.row
    signer = row.applicant_name if step is SignStep.APPLICANT else ""
    dialog = _dialog(pane, seen, step, tr("登记"), signer)

    def go(values: dict[str, object]) -> Pending[None]:
        return pane.desk.do(pane, applications.sign, row.id, step, _signature(values), row.revision_number)

    pane.ask(dialog, go, _next(step))


def accept(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Ask for the fourth sign-off, and accept the form."""
    row = seen.row
    dialog = _dialog(pane, seen, SignStep.ACCEPTANCE, tr("受理"), pane.desk.person.name)

    def go(values: dict[str, object]) -> Pending[None]:
        return pane.desk.do(pane, applications.accept, row.id, _signature(values), row.revision_number)

    pane.ask(dialog, go, tr("已受理 {number}。下一步：创建账号。", number=row.number))


def _next(step: SignStep) -> str:
    """What was recorded, and what comes now: recording is not submitting."""
    after = step_name(SignStep(step + 1)) if step < SignStep.OFFICE else ""
    comes = tr("下一项：{after}。", after=after) if after else tr("三项签署齐了，还没有提交：请点“提交”。")
    return sentences(tr("已登记：{step}。", step=step_name(step)), comes)


def _dialog(pane: Pane[SeenForm], seen: SeenForm, step: SignStep, verb: str, signer: str) -> FormDialog:
    day, opinion = DateControl(pane.desk.today), TextControl(2)
    day.box.setMaximumDate(day.box.date())
    fields = {
        "signer": FieldRow(tr("签署人"), LineControl(limit=100), required=True, hint=tr("照纸面上的签字填写。")),
        "signed_on": FieldRow(tr("签署日期"), day, required=True),
        "opinion": FieldRow(tr("意见"), opinion, hint=tr("照纸面填写；没有写意见的不填。")),
    }
    fields["signer"].set_value(signer)
    text = f"{seen.row.number}　{seen.row.applicant_name}"
    dialog = FormDialog(pane, step_name(step), verb, fields, text=text)
    fields["opinion"].setVisible(step is not SignStep.APPLICANT)
    fields["signer"].focus()
    return dialog


def _signature(values: dict[str, object]) -> Signature:
    return Signature(str(values["signer"]), cast(date, values["signed_on"]), str(values["opinion"]).strip())
