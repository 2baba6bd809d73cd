"""Asking for a PIN: of which UKEY, what for, how it stands; shown or hidden, with a word about Caps Lock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.errors import FieldProblem, Invalid, Problem
from app.messages import explain
from app.token.catalogue import PinRules
from app.token.types import PinState, TokenInfo
from app.views.parts.basic import boxed, button, column, label, row
from app.views.parts.dialog import FormDialog
from app.views.parts.facts import Fact, Facts
from app.views.parts.fields import Edited, FieldRow
from app.views.parts.ukey import pin_fact, ukey_title
from app.words import sentences, tr

_OF_NEW = frozenset({"token.pin_rules", "token.pin_characters"})
"""What a UKEY says of a PIN that it is to take from now on."""


class PinControl(Edited):
    """A line for a PIN, hidden unless it is asked to be shown. What is typed goes to the UKEY and is kept nowhere.

    Not `revealing`: somebody else sits before it, as the holder before what the administrator has typed.
    """

    def __init__(self, *, revealing: bool = True) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.textEdited.connect(lambda _: self.edited.emit())
        self.line.installEventFilter(self)
        self.reveal = button(tr("显示"), role="link")
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._reveal)
        self.caps = label(tr("▲ 大写锁定（Caps Lock）开着"), "hint", tone="late")
        self.caps.hide()
        self.widget: QWidget = boxed(column(row(self.line, self.reveal if revealing else None), self.caps, gap=2))

    def value(self) -> str:
        """What is typed."""
        return self.line.text()

    def set_value(self, value: object) -> None:
        """Take a text; hidden, whatever was shown before."""
        self.reveal.setChecked(False)
        self.line.setText(str(value or ""))

    def inputs(self) -> Sequence[QWidget]:
        """The line; the button beside it names itself."""
        return (self.line,)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A capital without Shift tells of Caps Lock: Qt itself does not say."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.text().isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.setVisible(event.text().isascii() and event.text().isupper() is not shifted)
        return super().eventFilter(watched, event)

    def _reveal(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.reveal.setText(tr("隐藏") if shown else tr("显示"))


class PinDialog(FormDialog):
    """Asks for the PIN of one UKEY, in `fields["pin"]`. A wrong one keeps the dialog, with the state that it left."""

    def __init__(
        self, parent: QWidget, info: TokenInfo, title: str, verb: str, purpose: str,
        fields: Mapping[str, FieldRow] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            parent, title, verb, fields or {"pin": FieldRow(tr("PIN 码"), PinControl(), required=True)}, text=purpose
        )
        self._info = info
        self._which = Facts()
        cast(QVBoxLayout, self.layout()).insertWidget(2, self._which)
        self._show_state(info.pin_state)
        next(iter(self.fields.values())).focus()

    def problem(self, problem: Problem) -> None:
        """Say why it was refused: at the PIN that it is about, which is marked to be typed over."""
        if not problem.reason.startswith("token.pin_") or (isinstance(problem, Invalid) and problem.problems):
            super().problem(problem)
            return
        field = self._meant(problem.reason)
        self.wait(False)
        self.notice.hide()
        self._show_state(PinState(str(problem.data.get("state") or self._info.pin_state)))
        field.say(sentences(*explain(problem)))
        field.focus()
        cast(PinControl, field.control).line.selectAll()

    def _meant(self, reason: str) -> FieldRow:
        """Which PIN a reason is about."""
        return next(iter(self.fields.values()))

    def _show_state(self, state: PinState) -> None:
        self._info = replace(self._info, pin_state=state)
        which = Fact("UKEY", f"{ukey_title(self._info)}\n{tr('序列号 {serial}', serial=self._info.serial)}")
        self._which.show_facts((which, pin_fact(self._info)))


class ChangePinDialog(PinDialog):
    """Asks for the PIN in force, in `old`, and twice for another, in `new`, before anything is sent.

    `changed` tells both when they keep the rules of token and model.
    """

    changed = Signal(str, str)

    def __init__(self, parent: QWidget, info: TokenInfo) -> None:
        fields = {
            "old": FieldRow(tr("现在的 PIN 码"), PinControl(), required=True),
            "new": FieldRow(tr("新的 PIN 码"), PinControl(), required=True, hint=rules_text(info)),
            "again": FieldRow(tr("再输入一次新的 PIN 码"), PinControl(), required=True),
        }
        purpose = tr("修改以后，用这支 UKEY 登录和签名都要输入新的 PIN 码。只有持证人本人知道它；程序不保存。")
        super().__init__(parent, info, tr("修改 PIN 码"), tr("修改 PIN 码"), purpose, fields)
        self.confirmed.connect(self._check)

    def _check(self, values: Mapping[str, str]) -> None:
        wrong = pin_faults(self._info, values["new"], values["again"])
        if wrong:
            self.refuse({"new" if key == "pin" else key: text for key, text in wrong.items()})
        else:
            self.changed.emit(values["old"], values["new"])

    def _meant(self, reason: str) -> FieldRow:
        return self.fields["new" if reason in _OF_NEW else "old"]


def pin_rules(info: TokenInfo) -> PinRules:
    """What a PIN of this UKEY may be: the limits that the token tells, and the model's of the catalogue."""
    if info.ukey is None:
        return PinRules(info.min_pin, info.max_pin, digits_only=False)
    model = info.ukey.pin
    longest = min(info.max_pin, model.max_length)
    return PinRules(max(info.min_pin, model.min_length), longest, model.digits_only)


def pin_faults(info: TokenInfo, new: str, again: str) -> dict[str, str]:
    """What is wrong with a new PIN (`pin`) and its second typing (`again`), before it is sent: it could cost a try."""
    rules, wrong = pin_rules(info), dict[str, str]()
    if not rules.min_length <= len(new.encode()) <= rules.max_length:
        limits = {"min": rules.min_length, "max": rules.max_length}
        wrong["pin"] = sentences(*explain(FieldProblem("pin", "token.pin_length", limits)))
    elif rules.digits_only and not (new.isascii() and new.isdigit()):
        wrong["pin"] = tr("这种 UKEY 的 PIN 码只能用数字。")
    if new != again:
        wrong["again"] = tr("两次输入的 PIN 码不一样；UKEY 没有改动。")
    return wrong


def rules_text(info: TokenInfo) -> str:
    """The rules of a UKEY's PIN, before one is typed."""
    rules = pin_rules(info)
    if rules.digits_only:
        return tr("{min} 到 {max} 位数字", min=rules.min_length, max=rules.max_length)
    return tr("{min} 到 {max} 位，用数字和英文字母", min=rules.min_length, max=rules.max_length)
