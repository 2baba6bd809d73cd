"""Typing secrets: shown if one wants, a word about Caps Lock, and a new password's rules, ticked as they are met."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from app.errors import FieldProblem
from app.messages import explain
from app.views.parts.basic import column, label, row, set_look
from app.views.parts.fields import FieldRow, LineControl
from app.words import N_, sentences, tr

_RULES: Mapping[str, str] = {
    "password.short": N_("至少 {length} 个字符"),
    "password.classes": N_("小写字母、大写字母、数字、其他符号，至少 {classes} 种"),
    "password.foreseen": N_("没有成串的重复、连续或键盘上相邻的字符"),
    "password.about_person": N_("不含登录名、姓名、电话、邮箱"),
}
"""The fault that shows a rule is not met yet → the rule."""


def secret_row(text: str) -> FieldRow:
    """A line whose characters are not seen."""
    return FieldRow(text, LineControl(secret=True), required=True)


class SecretHelp(QWidget):
    """Below secret lines: a tick to show them, and a word when Caps Lock is on (as far as keys tell)."""

    def __init__(self, *rows: FieldRow) -> None:
        super().__init__()
        self._lines = [cast(QLineEdit, each) for field in rows for each in field.control.inputs()]
        self.shown = QCheckBox(tr("显示输入的内容"))
        self.caps = label(tr("▲ 大写锁定已打开"), "hint", tone="late")
        self.caps.hide()
        self.setLayout(row(self.shown, 1, self.caps))
        self.shown.toggled.connect(self._show)
        for line in self._lines:
            line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Learn from each letter: a capital without Shift, or the other way round."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            text = event.text()
            if event.key() == Qt.Key.Key_CapsLock:
                self.caps.setVisible(self.caps.isHidden())
            elif len(text) == 1 and text.isascii() and text.isalpha():
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.caps.setVisible(text.isupper() != shift)
        return False

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for line in self._lines:
            line.setEchoMode(mode)


class NewPassword(QWidget):
    """A new password, twice. `about` tells the login, and what others know of the person."""

    edited = Signal()

    def __init__(self, about: Callable[[], tuple[str, Sequence[str]]]) -> None:
        super().__init__()
        self._about = about
        self.first, self.again = secret_row(tr("新密码")), secret_row(tr("再输入一次新密码"))
        self.rules: dict[str, QLabel] = {reason: label("", "hint", wrap=True) for reason in (*_RULES, "same")}
        self.setLayout(column(self.first, self.again, SecretHelp(self.first, self.again), *self.rules.values(), gap=6))
        for field in (self.first, self.again):
            field.edited.connect(self.look)
        self.look()

    def value(self) -> str:
        """The password entered."""
        return str(self.first.value())

    def faults(self) -> tuple[FieldProblem, ...]:
        """What keeps it from being a password, but for the person's earlier ones."""
        from app.passwords import password_faults  # cryptography: the window is painted first

        return password_faults(self.value(), *self._about())

    def accepted(self) -> bool:
        """Whether it can be taken; else the fault is shown at its field, with the cursor there."""
        faults, same = self.faults(), self.value() == self.again.value()
        self.first.show_fault(faults[0] if faults else None)
        self.again.say("" if same or faults else tr("两次输入的密码不一样，请再输入一次。"))
        if faults or not same:
            (self.first if faults else self.again).focus()
        return same and not faults

    def refused(self, problems: Sequence[FieldProblem]) -> None:
        """Show why the office did not take it."""
        self.first.say(sentences(*(part for each in problems for part in explain(each))))
        self.first.focus()

    def look(self) -> None:
        """Tick the rules that are met."""
        from app.passwords import DEFAULT_RULES

        typed = self.value()
        missing = {fault.reason for fault in self.faults()} if typed else {*_RULES}
        if not typed or typed != self.again.value():
            missing.add("same")
        texts = {reason: tr(text, **vars(DEFAULT_RULES)) for reason, text in _RULES.items()}
        texts["same"] = tr("两次输入一致")
        for reason, shown in self.rules.items():
            met = reason not in missing
            shown.setText(f"{'✓' if met else '○'} {texts[reason]}")
            set_look(shown, tone="good" if met else "")
        self.edited.emit()
