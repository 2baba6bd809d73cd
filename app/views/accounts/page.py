"""下级管理员: 附件2 of the next level, from the paper that came in to the two halves of the activation code (B2–B4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.models.accounts import ACCOUNT_STATE_NAMES, Account
from app.models.applications import APPLICATION_STATE_NAMES
from app.policy import Permission
from app.printed_codes import Half
from app.services import accounts, unit_readiness
from app.services.accounts import HalfCode, ManagementRow
from app.services.operations import Operation
from app.services.unit_readiness import UnitReadiness
from app.views.accounts.take_in import TakeIn
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import boxed, button, label, row
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow, LineControl
from app.views.parts.page import Page
from app.views.parts.paper_dialog import PaperDialog
from app.views.parts.table import Empty, Table, counted
from app.views.tables import Column, RowsModel
from app.words import N_, tr


@dataclass(frozen=True)
class Action:
    """A button of the page: its words, the operation behind it, and on what of the row it is done."""

    text: str
    operation: Operation[Any, Any, Any]
    target: Callable[[ManagementRow], int | None]


def _form(line: ManagementRow) -> int | None:
    return line.application_id


def _account(line: ManagementRow) -> int | None:
    return line.account_id


ACTIONS: Sequence[Action] = (
    Action(N_("复核"), accounts.review, _form),
    Action(N_("创建账号…"), accounts.create, _form),
    Action(N_("打印激活码前半…"), accounts.print_first_half, _account),
    Action(N_("授权"), accounts.authorise, _account),
    Action(N_("打印激活码后半…"), accounts.print_second_half, _account),
)


def _account_state(line: ManagementRow) -> str:
    if line.account_state is None:
        return "–"
    return tr("✓ 已启用") if line.activated else tr(ACCOUNT_STATE_NAMES[line.account_state])


_COLUMNS: Sequence[Column[ManagementRow]] = (
    Column(N_("编号"), lambda line: line.number),
    Column(N_("单位"), lambda line: line.unit_name),
    Column(N_("申请人"), lambda line: line.applicant_name),
    Column(N_("申请单"), lambda line: tr(APPLICATION_STATE_NAMES[line.form_state])),
    Column(N_("登录名"), lambda line: line.login or "–"),
    Column(N_("账号"), _account_state, lambda line: "good" if line.activated else ""),
)


def _show_if(shown: QWidget, may: set[int]) -> None:
    shown.setVisible(bool(may))


class AccountsPage(Page):
    """The forms that came in, and what can be done with the one selected."""

    areas = frozenset({"accounts", "org"})
    help = "system"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("下级管理类用户（附件2）"))
        self.new = button(tr("接收申请单…"), self._take_in, "main", key="Ctrl+N")
        self.new.setVisible(desk.allows(Permission.TAKE_IN_MANAGEMENT_FORM))
        self.buttons.addWidget(self.new)
        self._link: Link | None = None
        self._only = button("", self._show_all)
        self._count = label("", "muted")
        self.rows = RowsModel[ManagementRow](_COLUMNS)
        empty = Empty(
            tr("下级单位送来盖章的《管理类用户注册申请单》（附件2）后，在这里接收、复核、建账号。"),
            tr("接收申请单…") if desk.allows(Permission.TAKE_IN_MANAGEMENT_FORM) else "",
            self._take_in,
        )
        self.table = Table(self.rows, tr("下级管理类用户"), empty)
        self.act = {action.operation.name: button(tr(action.text), partial(self._act, action)) for action in ACTIONS}
        for each in self.act.values():
            each.hide()
        self.body.addLayout(row(self._only, 1, self._count))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(boxed(row(*self.act.values(), 1)))
        self._only.hide()
        self.table.chosen.connect(self._ask_what)
        self.table.activated.connect(lambda _: self._first())

    def refresh(self) -> None:
        """Look again."""
        self.desk.ask(self, accounts.next_level).then(self._show)

    def open(self, link: Link) -> None:
        """Show what a link leads to."""
        self._link = link if link.ids is not None else None
        self.look_again()

    def _show_all(self) -> None:
        self._link = None
        self.refresh()

    def _show(self, lines: Sequence[ManagementRow]) -> None:
        chosen = self.table.current_row()
        if self._link is not None and self._link.ids is not None:
            wanted = frozenset(self._link.ids)
            by_account = self._link.target == "account"
            lines = [line for line in lines if (line.account_id if by_account else line.application_id) in wanted]
            self._only.setText(tr("只看：{title}（{count}） ✕", title=self._link.title, count=len(lines)))
        self._only.setVisible(self._link is not None)
        self._count.setText(counted(len(lines)))
        self.rows.show(lines)
        places = [at for at, line in enumerate(lines) if chosen and line.application_id == chosen.application_id]
        self.table.select(places[0] if places else 0)
        self._ask_what()

    def _ask_what(self) -> None:
        """Show the buttons of what the gate lets this person do with the row."""
        line = self.table.current_row()
        for action in ACTIONS:
            shown, target = self.act[action.operation.name], action.target(line) if line else None
            if target is None:
                shown.hide()
            else:
                self.desk.may(self, action.operation, [target]).then(partial(_show_if, shown))

    def _first(self) -> None:
        """Enter does what the first button does."""
        for shown in self.act.values():
            if shown.isVisible():
                shown.click()
                return

    def _act(self, action: Action) -> None:
        line = self.table.current_row()
        if line is None:
            return
        match action.operation.name:
            case accounts.review.name:
                self._review(line)
            case accounts.create.name:
                self._create(line)
            case accounts.authorise.name:
                self._authorise(line)
            case accounts.print_first_half.name:
                self._print_half(accounts.print_first_half, 1, line)
            case _:
                self._print_half(accounts.print_second_half, 2, line)

    def _review(self, line: ManagementRow) -> None:
        said = tr("{name} 的申请单已复核，可以创建账号了。", name=line.applicant_name)
        self.desk.do(self, accounts.review, line.application_id).then(lambda _: self.notice.say(said))

    def _create(self, line: ManagementRow) -> None:
        login = FieldRow(tr("登录名"), LineControl(), required=True, hint=tr("由本人登录时使用，建好后不能改。"))
        text = tr("按申请单为 {unit} {name} 创建账号。", unit=line.unit_name, name=line.applicant_name)
        dialog = FormDialog(self, tr("创建管理类账号"), tr("创建"), {"login": login}, text=text)

        def create(values: dict[str, object]) -> None:
            pending = self.desk.do(self, accounts.create, line.application_id, str(values["login"]))
            pending.then(lambda _: dialog.accept()).fails(dialog.problem)

        dialog.confirmed.connect(create)
        dialog.open()

    def _authorise(self, line: ManagementRow) -> None:
        if line.account_id is None:
            return
        said = tr("{name} 的账号已按申请单授权。请打印激活码后半。", name=line.applicant_name)
        self.desk.do(self, accounts.authorise, line.account_id).then(lambda _: self.notice.say(said))

    def _print_half(self, operation: Operation[Account, [], HalfCode], half: Half, line: ManagementRow) -> None:
        if line.account_id is not None:
            self.desk.do(self, operation, line.account_id).then(partial(self._letter, half))

    def _letter(self, half: Half, code: HalfCode) -> None:
        """The code is only in this dialog: closed, it is gone."""

        def make() -> bytes:
            from app.forms import letters

            return letters.activation_half(
                letters.ActivationHalf(code.unit_name, code.address, code.name, code.login, half, code.half)
            )

        title = tr("密码信封：激活码前半") if half == 1 else tr("密码信封：激活码后半")
        text = tr("请现在打印，折好封口交给本人。关闭以后不能再看；丢失了可以重新打印，旧的随即作废。")
        PaperDialog(self, self.desk.tasks, title, make, f"{code.login}-{half}.pdf", text).open()

    def _take_in(self) -> None:
        self.desk.ask(self, unit_readiness.next_level).then(self._open_form)

    def _open_form(self, units: Sequence[UnitReadiness]) -> None:
        if not units:
            self.notice.say(
                tr("还没有下级单位。请先在“组织机构”里载入市县，或新增下级单位。"),
                "late",
                action=tr("去组织机构"),
                does=lambda: self.desk.follow.emit(Link("org")),
            )
            return
        dialog = TakeIn(self, self.desk, units)
        dialog.taken.connect(lambda name: self.notice.say(tr("{name} 的申请单已接收，等安全管理员复核。", name=name)))
        dialog.open()
