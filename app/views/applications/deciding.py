"""The steps of a form besides its sign-offs: submit, return, refuse, withdraw, create the account, grant its roles."""

from typing import Any, cast

from app.forms.annex4 import UserType
from app.models.applications import Application
from app.services import applications, business
from app.services.operations import Operation
from app.views.applications.pane import Pane
from app.views.applications.seen import SeenForm
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow, LineControl, TextControl
from app.words import listing, tr


def submit(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Hand it to the user management department."""
    said = tr("已提交 {number}，等待用户管理部门受理。", number=seen.row.number)
    pane.desk.do(pane, applications.submit, seen.row.id).then(lambda _: pane.notice.say(said))


def send_back(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Return it with a reason."""
    _with_reason(pane, seen, applications.send_back, tr("退回"), tr("已退回 {number}。", number=seen.row.number))


def reject(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Refuse it for good, with a reason."""
    said = tr("已决定不予办理 {number}。", number=seen.row.number)
    _with_reason(pane, seen, applications.reject, tr("不予办理"), said)


def withdraw(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Take it back, with a reason."""
    _with_reason(pane, seen, applications.withdraw, tr("撤回"), tr("已撤回 {number}。", number=seen.row.number))


def create(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Create the account under the login that is suggested; an old user's account goes on under its own name."""
    row, login = seen.row, LineControl(limit=100)
    fields = {"login": FieldRow(tr("登录名"), login, required=True)}
    dialog = FormDialog(pane, tr("为{name}创建账号", name=row.applicant_name), tr("创建账号"), fields, text=row.number)
    pane.desk.ask(dialog, business.suggest_login, row.id).then(
        lambda suggested: None if login.value() else login.set_value(suggested)
    )
    pane.ask(
        dialog,
        lambda values: pane.desk.do(pane, business.create, row.id, str(values["login"])),
        tr("已为{name}创建账号，等待安全管理员授予角色。", name=row.applicant_name),
    )


def grant(pane: Pane[SeenForm], seen: SeenForm) -> None:
    """Grant the roles that the form asks for."""
    ask_to_grant(pane, cast(int, seen.account_id), seen.row.applicant_name, seen.opened.form.user_types)


def ask_to_grant(pane: Pane[Any], account_id: int, name: str, asked: frozenset[UserType]) -> None:
    """Name the roles and the person, then grant them."""
    types = listing(tr(kind) for kind in UserType if kind in asked)
    text = tr("按申请单授予教师系统用户类型：{types}。", types=types)
    pane.ask(
        FormDialog(pane, tr("为{name}授予角色", name=name), tr("授予角色"), {}, text=text),
        lambda _: pane.desk.do(pane, business.grant, account_id),
        tr("已为{name}授予角色，申请单已办结。", name=name),
    )


def _with_reason(
    pane: Pane[SeenForm], seen: SeenForm, operation: Operation[Application, [str], None], verb: str, said: str
) -> None:
    """A step that can't be undone, and whose reason the applicant will see."""
    title = tr("{verb} {number}（{name}）", verb=verb, number=seen.row.number, name=seen.row.applicant_name)
    fields = {"reason": FieldRow(tr("原因"), TextControl(), required=True)}
    dialog = FormDialog(pane, title, verb, fields, danger=operation is not applications.send_back)
    pane.ask(dialog, lambda values: pane.desk.do(pane, operation, seen.row.id, str(values["reason"])), said)
