"""Step 2: who is it. The holder types what was reserved, the download code and the PIN; nothing is sent before."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from app import codes
from app.demo.people import DemoSecrets, DemoUkey
from app.errors import Problem
from app.messages import explain
from app.services.request_list import RequestLine
from app.token.types import TokenInfo
from app.views.holder.run import Order, needs_preparing
from app.views.parts.basic import boxed, button, column, label, row, scrolled
from app.views.parts.facts import Fact, Facts
from app.views.parts.fields import FieldRow, LineControl
from app.views.parts.notice import Notice
from app.views.parts.ukey import pin_fact, ukey_title
from app.views.parts.ukey_pin import PinControl, pin_faults, rules_text
from app.words import sentences, tr

_CODE_LENGTH = 16
_FIELDS: Mapping[str, str] = {
    "certificate.not_identified": "code",
    "certificate.code_dead": "code",
    "certificate.code_expired": "code",
    "token.so_pin_wrong": "so_pin",
    "token.so_pin_locked": "so_pin",
    "ca.passphrase_wrong": "passphrase",
}
"""Where a refusal is said."""


_SECRETS = ("so_pin", "passphrase", "pin", "again")


class IdentityPage(QWidget):
    """`begun` with everything that was typed; what was right stays when something else was wrong."""

    begun = Signal(Order)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.notice = Notice()
        self.which = Facts()
        self.rows = _rows()
        self.go = button(tr("开始写入"), self._begin, "main")
        pairs = (("contact", "code"), ("so_pin", "passphrase"), ("pin", "again"))
        lines = [_side_by_side(self.rows[left], self.rows[right]) for left, right in pairs]
        inside = scrolled(boxed(column(self.which, *lines, 1, gap=10)))
        back = button(tr("换一支 UKEY"), self.back.emit)
        words = label(tr("PIN 码只送进 UKEY，程序不保存；请不要告诉任何人。"), "hint", wrap=True)
        whole = column(self.notice, inside, words, row(back, 1, self.go), gap=10)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        for line in self.findChildren(QLineEdit):
            line.returnPressed.connect(self.go.click)

    def show_token(self, request: RequestLine, token: TokenInfo) -> None:
        """For this UKEY: one without a PIN gets its first."""
        self._request, self._token = request, token
        first = needs_preparing(token)
        self.rows["so_pin"].setVisible(first)
        self.rows["again"].setVisible(first)
        pin = self.rows["pin"]
        pin.label.setText(tr("给 UKEY 设一个新的 PIN 码 *") if first else tr("UKEY 的 PIN 码 *"))
        pin.hint.setText(rules_text(token) if first else "")
        pin.hint.setVisible(first)
        which = f"{ukey_title(token)}\n{tr('序列号 {serial}', serial=token.serial)}"
        self.which.show_facts((Fact("UKEY", which), pin_fact(token)))

    def fill_in(self, secrets: DemoSecrets) -> None:
        """In the demo nobody has letters or a head full of PINs: what the administrator would type is typed already."""
        self.rows["passphrase"].set_value(secrets.issuing_passphrase)
        if (of_token := _of_token(secrets, self._token)) is not None:
            self.rows["so_pin"].set_value(of_token.so_pin)

    def tell_demo(self, secrets: DemoSecrets) -> None:
        """And what the holder would know is told."""
        holder = next((each for each in secrets.holders if each.number == self._request.number), None)
        told = [tr("演示：管理员输入的口令已填好。")]
        if holder is not None:
            told.append(
                tr("持证人的手机号 {mobile}，下载授权码 {code}。", mobile=holder.mobile, code=holder.download_code)
            )
        of_token = _of_token(secrets, self._token)
        if of_token is not None and of_token.user_pin:
            told.append(tr("这支 UKEY 的 PIN 码 {pin}。", pin=of_token.user_pin))
        self.notice.say(sentences(*told), "")

    def forget(self) -> None:
        """Secrets are typed anew for each run: neither the holder nor whoever comes next can look at them."""
        for key in _SECRETS:
            self.rows[key].set_value("")

    def clear(self) -> None:
        """Nothing of this holder stays."""
        for field in self.rows.values():
            field.set_value("")

    def focus(self) -> None:
        """The cursor goes to the first field that is still empty."""
        empty = [field for field in self.rows.values() if not field.isHidden() and not str(field.value())]
        if empty:
            empty[0].focus()

    def refused(self, problem: Problem) -> None:
        """Say at its field what was wrong. What is not secret stays as it was typed."""
        key = "pin" if problem.reason.startswith("token.pin_") else _FIELDS.get(problem.reason, "")
        if key:
            self.rows[key].say(sentences(*explain(problem)))
            self.rows[key].focus()
        else:
            self.notice.problem(problem)
            self.focus()

    def _begin(self) -> None:
        self.notice.hide()
        values = {key: str(field.value()) for key, field in self.rows.items()}
        wrong = self._faults(values)
        for key, field in self.rows.items():
            field.say(wrong.get(key, ""))
        if wrong:
            self.rows[next(iter(wrong))].focus()
            return
        del values["again"]
        self.forget()
        self.begun.emit(Order(self._request, self._token, **values))

    def _faults(self, values: Mapping[str, str]) -> dict[str, str]:
        """What can be seen to be wrong before anything is sent: on some UKEYs a try would be lost."""
        wrong = {
            key: tr("请填写。") for key, field in self.rows.items() if not field.isHidden() and not values[key].strip()
        }
        if "code" not in wrong and len(codes.normalise(values["code"]).replace("-", "")) != _CODE_LENGTH:
            wrong["code"] = tr("授权码应是 16 位，请对照通知单核对。")
        if needs_preparing(self._token) and "pin" not in wrong:
            wrong |= pin_faults(self._token, values["pin"], values["again"])
        return {key: wrong[key] for key in self.rows if key in wrong}


def _of_token(secrets: DemoSecrets, token: TokenInfo) -> DemoUkey | None:
    return next((each for each in secrets.ukeys if each.serial == token.serial), None)


def _side_by_side(left: FieldRow, right: FieldRow) -> QLayout:
    """As wide as each other, and in one line though one of them has a fault below."""
    line = row(gap=16)
    for each in (left, right):
        line.addWidget(each, 1, Qt.AlignmentFlag.AlignTop)
    return line


def _rows() -> dict[str, FieldRow]:
    """In the order of the keyboard."""
    return {
        "contact": FieldRow(tr("预留的手机号或邮箱"), LineControl(), required=True, hint=tr("申请单上填的那一个")),
        "code": FieldRow(tr("下载授权码"), LineControl(), required=True, hint=tr("16 位，不分大小写，横线可省")),
        "so_pin": FieldRow(
            tr("UKEY 的管理员 PIN 码"),
            PinControl(revealing=False),
            required=True,
            hint=tr("由管理员输入：UKEY 还没有设 PIN 码"),
        ),
        "passphrase": FieldRow(
            tr("签发口令"),
            PinControl(revealing=False),
            required=True,
            hint=tr("由管理员输入：打开本省的签发密钥"),
        ),
        "pin": FieldRow(tr("PIN 码"), PinControl(), required=True),
        "again": FieldRow(tr("再输入一次新的 PIN 码"), PinControl(), required=True),
    }
