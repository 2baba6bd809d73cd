"""One business user beside the list: roles, certificate, form; personal data masked, and shown for a reason (G4)."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from PySide6.QtGui import QHideEvent

from app.services import certificates, people
from app.services.people import PersonalField
from app.views.applications import seen as looks
from app.views.applications.deciding import ask_to_grant
from app.views.applications.pane import Action, Pane, add
from app.views.applications.seen import SeenPerson
from app.views.applications.states import account_state
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import button, copyable, label
from app.views.parts.dialog import FormDialog
from app.views.parts.facts import Fact, Facts
from app.views.parts.fields import ChoiceControl, FieldRow, TextControl
from app.views.parts.notice import Notice
from app.words import N_, listing, tr

_FIELDS: Mapping[PersonalField, str] = {
    PersonalField.ID_NUMBER: N_("身份证号"),
    PersonalField.MOBILE: N_("手机号码"),
    PersonalField.EMAIL: N_("电子邮箱"),
}


class PersonDetails(Pane[SeenPerson]):
    """What was revealed of a person stays until another line is selected, or another page is shown."""

    def __init__(self, desk: Desk, notice: Notice) -> None:
        self.revealed: dict[PersonalField, str] = {}
        super().__init__(desk, notice, tr("选中一个用户，这里显示账号、用户类型和申请单。"), _ACTIONS)

    def look(self, chosen: int) -> Callable[[], SeenPerson]:
        """See Pane."""
        return partial(looks.person, self.desk.gate, self.desk.actor, chosen)

    def possible(self, seen: SeenPerson) -> frozenset[str]:
        """See Pane."""
        return seen.possible

    def show_object(self, chosen: int | None) -> None:
        """See Pane."""
        if chosen != self.shown:
            self.revealed.clear()
        super().show_object(chosen)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was revealed is not left for who comes by later."""
        super().hideEvent(event)
        if self.revealed:
            self.revealed.clear()
            self.show_object(self.shown)

    def reveal(self, field: PersonalField, text: str) -> None:
        """Show a field in full."""
        self.revealed[field] = text
        self.show_object(self.shown)

    def fill(self, seen: SeenPerson) -> None:
        """See Pane."""
        row = seen.row
        add(self.head, copyable(f"{row.name}　{row.login}", "heading"))
        add(self.rest, Facts(self._facts(seen)))
        if seen.form_number:
            link = Link("applications", "forms", tr("{name}的申请单", name=row.name), (row.application_id,))
            text = tr("查看申请单 {number}", number=seen.form_number)
            add(self.rest, button(text, lambda: self.desk.follow.emit(link), "link"))
        if self.revealed:
            add(
                self.rest,
                label(tr("▲ 完整信息只显示到选中别的用户为止；查看的原因已记入日志。"), wrap=True, tone="late"),
            )

    def _facts(self, seen: SeenPerson) -> Iterator[Fact]:
        row, form = seen.row, seen.form
        yield Fact(tr("单位"), row.unit_name)
        yield Fact(tr("状态"), account_state(row.state))
        yield Fact(tr("用户类型"), listing(map(tr, row.roles)) or tr("还没有授予"))
        yield Fact(tr("数字证书"), tr("✓ 有，已在 UKEY 上验证") if row.certificate else tr("－ 没有"))
        masked = {PersonalField.MOBILE: row.mobile}
        if form is not None:
            masked |= {PersonalField.ID_NUMBER: form.id_number, PersonalField.EMAIL: form.email}
        for field, name in _FIELDS.items():
            yield Fact(tr(name), self.revealed.get(field, masked.get(field, "")))


def _grant(pane: PersonDetails, seen: SeenPerson) -> None:
    ask_to_grant(pane, seen.row.id, seen.row.name, seen.form.user_types if seen.form else frozenset())


def _file(pane: PersonDetails, seen: SeenPerson) -> None:
    """Ask for the certificate that the form wants."""
    said = tr("已为{name}申请证书，申请已送上级。", name=seen.row.name)
    pane.desk.do(pane, certificates.file, seen.row.id).then(lambda _: pane.notice.say(said))


def _reveal(pane: PersonDetails, seen: SeenPerson) -> None:
    """Ask what shall be seen in full, and why."""
    fields = {
        "field": FieldRow(tr("查看哪一项"), ChoiceControl({field: tr(name) for field, name in _FIELDS.items()})),
        "reason": FieldRow(tr("原因"), TextControl(2), required=True, hint=tr("原因会记入日志，安全审计员看得到。")),
    }
    dialog = FormDialog(pane, tr("显示{name}的完整信息", name=seen.row.name), tr("显示"), fields)

    def confirmed(values: Mapping[str, object]) -> None:
        field, reason = PersonalField(str(values["field"])), str(values["reason"])

        def shown(text: str) -> None:
            dialog.accept()
            if pane.shown == seen.row.id:
                pane.reveal(field, text)

        pane.desk.do(dialog, people.reveal, seen.row.id, field, reason).then(shown).fails(dialog.problem)

    dialog.confirmed.connect(confirmed)
    dialog.open()


_ACTIONS = (
    Action[PersonDetails, SeenPerson]("business.grant", N_("授予角色"), _grant),
    Action[PersonDetails, SeenPerson]("certificates.file", N_("申请证书"), _file),
    Action[PersonDetails, SeenPerson]("people.reveal", N_("显示完整信息"), _reveal),
)
