"""The dialogs that change a unit: what they ask for, and at which field a refusal is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app import codes
from app.errors import FieldProblem, Invalid, Problem
from app.models.org import SCHOOL_KINDS, SUPERIORS, UNIT_KIND_NAMES, UnitKind
from app.services import org
from app.services.org import NewUnit, UnitRow
from app.views.desk import Desk
from app.views.org.picker import UnitControl
from app.views.org.tree import Units
from app.views.parts.dates import DateControl
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import ChoiceControl, FieldRow, LineControl, RadioControl, TextControl
from app.views.tasks import Pending
from app.words import tr

_FIELDS: Mapping[str, str] = {
    "org.name_missing": "name",
    "org.reason_missing": "reason",
    "org.code_taken": "school_code",
    "org.wrong_superior": "superior",
    "org.out_of_reach": "superior",
    "org.wrong_successor": "into",
}
"""Reason → the field that it is about, where the dialog has it."""

_WIDTH = 560

Done = Callable[[UnitRow], object]


class UnitDialogs:
    """Opens the dialogs over a page; `done` hears which unit was changed, with the sentence to say and a way back."""

    def __init__(self, page: QWidget, desk: Desk, done: Callable[..., object]) -> None:
        self._page, self._desk, self._done = page, desk, done

    def add(self, superior: UnitRow) -> FormDialog:
        """新增下级单位."""
        kinds: dict[object, str] = {
            kind: tr(UNIT_KIND_NAMES[kind]) for kind in UnitKind if superior.kind in SUPERIORS[kind]
        }
        types: dict[object, str] = {"": ""}
        types.update(codes.SCHOOL_TYPES)
        fields = {
            "kind": FieldRow(tr("类型"), ChoiceControl(kinds)),
            "name": FieldRow(tr("单位名称"), LineControl(limit=100), required=True, hint=tr("与公章一致的全称")),
            "school_code": FieldRow(tr("学校标识码"), LineControl(limit=10), hint=tr("教育统计中的 10 位数字")),
            "school_type": FieldRow(tr("办学类型"), ChoiceControl(types)),
            "division_code": FieldRow(tr("行政区划代码"), LineControl(limit=6), hint=tr("六位数字，没有的留空")),
            "address": FieldRow(tr("通讯地址"), LineControl(limit=200)),
            "reason": _reason(),
        }
        title = tr("在“{superior}”之下新增单位", superior=superior.name)
        dialog = FormDialog(self._page, title, tr("新增"), fields)
        fields["kind"].edited.connect(lambda: _show_for(fields))
        _show_for(fields)

        def confirmed(told: dict[str, Any]) -> None:
            reason = told.pop("reason")
            told["kind"] = UnitKind(told["kind"])  # Qt gives back a plain text
            new = NewUnit(**{key: value for key, value in told.items() if value})
            self._send(dialog, self._desk.do(dialog, org.add, superior.id, new, reason), self._added)

        return self._open(dialog, confirmed, "name")

    def rename(self, unit: UnitRow) -> FormDialog:
        """更名."""
        fields = {"name": FieldRow(tr("新名称"), LineControl(limit=100), required=True), **self._when_and_why()}
        fields["name"].set_value(unit.name)
        dialog = FormDialog(self._page, tr("“{name}”更名", name=unit.name), tr("更名"), fields)

        def confirmed(told: dict[str, Any]) -> None:
            pending = self._desk.do(dialog, org.rename, unit.id, told["name"], told["day"], told["reason"])
            self._send(dialog, pending, lambda after: self._renamed(unit, after, told))

        return self._open(dialog, confirmed, "name")

    def move(self, unit: UnitRow, units: Units) -> FormDialog:
        """调整上级."""
        ways: dict[object, str] = {True: tr("与上级相同"), False: tr("不变：{name}", name=_name(units, unit.parent_id))}
        control = UnitControl(units, lambda each: each.kind in SUPERIORS[unit.kind] and each.id != unit.reports_to_id)
        fields = {
            "superior": FieldRow(tr("新的上级单位"), control, required=True),
            "along": FieldRow(tr("行政区划上属于"), RadioControl(ways)),
            **self._when_and_why(),
        }
        fields["along"].set_value(True)
        now = tr("现在的上级：{superior}。下级单位随之调整。", superior=_name(units, unit.reports_to_id))
        dialog = FormDialog(self._page, tr("调整“{name}”的上级", name=unit.name), tr("调整"), fields, text=now)

        def confirmed(told: dict[str, Any]) -> None:
            superior = told["superior"] or 0
            parent = superior if told["along"] else unit.parent_id or 0
            pending = self._desk.do(dialog, org.move, unit.id, superior, parent, told["day"], told["reason"])
            self._send(dialog, pending, lambda after: self._moved(unit, after, told))

        return self._open(dialog, confirmed, "superior")

    def merge(self, unit: UnitRow, units: Units) -> FormDialog:
        """合并."""
        control = UnitControl(units, lambda each: each.kind is unit.kind and each.id != unit.id)
        fields = {"into": FieldRow(tr("并入的单位"), control, required=True), **self._when_and_why()}
        text = tr("合并后“{name}”停用，不能撤销；它的全部记录仍可查看。", name=unit.name)
        title, verb = tr("合并“{name}”", name=unit.name), tr("并入所选单位")
        dialog = FormDialog(self._page, title, verb, fields, text=text, danger=True)

        def confirmed(told: dict[str, Any]) -> None:
            pending = self._desk.do(dialog, org.merge, unit.id, told["into"] or 0, told["day"], told["reason"])
            self._send(dialog, pending, lambda after: self._done(after.id, tr("“{name}”已合并", name=unit.name)))

        return self._open(dialog, confirmed, "into")

    def retire(self, unit: UnitRow) -> FormDialog:
        """停用."""
        fields = self._when_and_why()
        text = tr("停用不能撤销。停用后不能再为它办理任何事，全部记录仍可查看。")
        title, verb = tr("停用“{name}”", name=unit.name), tr("停用{name}", name=unit.name)
        dialog = FormDialog(self._page, title, verb, fields, text=text, danger=True)

        def confirmed(told: dict[str, Any]) -> None:
            pending = self._desk.do(dialog, org.retire, unit.id, told["day"], told["reason"])
            self._send(dialog, pending, lambda after: self._done(after.id, tr("“{name}”已停用", name=unit.name)))

        return self._open(dialog, confirmed, "reason")

    def _when_and_why(self) -> dict[str, FieldRow]:
        return {"day": FieldRow(tr("生效日期"), DateControl(self._desk.today)), "reason": _reason()}

    def _open(self, dialog: FormDialog, confirmed: Callable[[dict[str, Any]], None], first: str) -> FormDialog:
        dialog.setMinimumWidth(_WIDTH)
        dialog.confirmed.connect(confirmed)
        dialog.open()
        dialog.fields[first].focus()
        return dialog

    def _send(self, dialog: FormDialog, pending: Pending[UnitRow], done: Done) -> None:
        pending.then(done).then(lambda _: dialog.accept()).fails(lambda problem: _refused(dialog, problem))

    def _added(self, unit: UnitRow) -> None:
        self._done(unit.id, tr("已新增“{name}”", name=unit.name))

    def _renamed(self, before: UnitRow, after: UnitRow, told: Mapping[str, Any]) -> None:
        def back() -> None:
            reason = tr("撤销更名（{reason}）", reason=told["reason"])
            undone = tr("已改回“{name}”", name=before.name)
            self._desk.do(self._page, org.rename, after.id, before.name, told["day"], reason).then(
                lambda unit: self._done(unit.id, undone)
            )

        self._done(after.id, tr("“{before}”已更名为“{after}”", before=before.name, after=after.name), back)

    def _moved(self, before: UnitRow, after: UnitRow, told: Mapping[str, Any]) -> None:
        def back() -> None:
            old = (before.reports_to_id or 0, before.parent_id or 0)
            reason = tr("撤销调整（{reason}）", reason=told["reason"])
            undone = tr("“{name}”已调整回原来的上级", name=before.name)
            self._desk.do(self._page, org.move, after.id, *old, told["day"], reason).then(
                lambda unit: self._done(unit.id, undone)
            )

        self._done(after.id, tr("“{name}”的上级已调整", name=before.name), back)


def _reason() -> FieldRow:
    hint = tr("例如文件名称和文号；记入沿革，以后不能修改")
    return FieldRow(tr("原因（依据）"), TextControl(2), required=True, hint=hint)


def _name(units: Units, unit_id: int | None) -> str:
    """A unit above the own scope has no row here."""
    row = units.rows.get(unit_id or 0)
    return row.name if row else tr("上级单位")


def _show_for(fields: Mapping[str, FieldRow]) -> None:
    """Schools have a code and a type, bureaus a division."""
    school = fields["kind"].value() in SCHOOL_KINDS
    for key, shown in (("school_code", school), ("school_type", school), ("division_code", not school)):
        fields[key].setVisible(shown)
        if not shown:
            fields[key].set_value("")


def _refused(dialog: FormDialog, problem: Problem) -> None:
    """Show it at the field that it is about, and put the cursor there."""
    field = _FIELDS.get(problem.reason, "")
    if field in dialog.fields:
        problem = Invalid(problem.reason, problems=(FieldProblem(field, problem.reason, problem.data),))
    dialog.problem(problem)
    if field in dialog.fields:
        dialog.fields[field].focus()
