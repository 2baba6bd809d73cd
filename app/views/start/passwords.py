"""Setting a password on the way in: at the first login with the activation code (B4), or when the old one expired."""

from pathlib import Path

from app.errors import Invalid, Problem
from app.messages import explain
from app.views.parts.basic import label
from app.views.parts.fields import FieldRow, LineControl
from app.views.start.door import Door
from app.views.start.entry import Entry
from app.views.start.secrets import NewPassword
from app.views.tasks import Tasks
from app.words import sentences, tr


class Activation(Entry):
    """The first login: the two halves from two letters, and the password from now on."""

    def __init__(self, tasks: Tasks, door: Door, folder: Path, login: str = "") -> None:
        text = tr("两封密码信封里各有一半激活码，两半合起来只能用一次。请在这里设置自己的密码。")
        super().__init__(tasks, door, folder, tr("首次登录"), text, tr("启用账号并登录"))
        self.login = FieldRow(tr("登录名"), LineControl(), required=True)
        hint = tr("四个一组，照信里的写；大小写、横线都不要紧")
        self.halves = (
            FieldRow(tr("激活码第 1 半"), LineControl(placeholder="XXXX-XXXX-XXXX-XXXX"), required=True, hint=hint),
            FieldRow(tr("激活码第 2 半"), LineControl(placeholder="XXXX-XXXX-XXXX-XXXX"), required=True),
        )
        self.password = NewPassword(lambda: (str(self.login.value()), ()))
        self.login.edited.connect(self.password.look)
        self.login.set_value(login)
        self.build(self.login, *self.halves, self.password)

    def enter(self) -> None:
        """Activate the account."""
        folder, login, password = self.folder, str(self.login.value()).strip(), self.password.value()
        if not self._typed():
            return
        code = "".join(str(half.value()) for half in self.halves)
        self.begin(lambda: self.door.activate(folder, login, code, password))

    def refused(self, problem: Problem) -> None:
        """A slip in a half stands at that half; a password that was refused, at the password."""
        if problem.reason == "password.refused" and isinstance(problem, Invalid):
            self.password.refused(problem.problems)
        else:
            self.halves[0].focus()

    def _typed(self) -> bool:
        """Whether all is there and each half is well written; else it is said where it is not."""
        self.login.say("" if str(self.login.value()).strip() else tr("请填写登录名。"))
        for number, half in enumerate(self.halves, start=1):
            half.say(_slip(str(half.value()), number))
        wrong = next((field for field in (self.login, *self.halves) if not field.fault.isHidden()), None)
        if wrong is not None:
            wrong.focus()
        return wrong is None and self.password.accepted()


class Renewal(Entry):
    """Another password in place of one that is too old."""

    def __init__(self, tasks: Tasks, door: Door, folder: Path, login: str, old: str) -> None:
        text = tr("{login} 的密码已超过更换期限。请设一个新密码，然后就登录了。", login=login)
        super().__init__(tasks, door, folder, tr("更换密码"), text, tr("更换密码并登录"))
        self._login, self._old = login, old
        self.password = NewPassword(lambda: (login, ()))
        self.build(self.password, label(tr("最近用过的密码不能再用。"), "hint", wrap=True))

    def enter(self) -> None:
        """Set it, and go in."""
        folder, login, old, new = self.folder, self._login, self._old, self.password.value()
        if self.password.accepted():
            self.begin(lambda: self.door.renew(folder, login, old, new))

    def refused(self, problem: Problem) -> None:
        """The fault of the password stands at it."""
        if isinstance(problem, Invalid):
            self.password.refused(problem.problems)


def _slip(half: str, number: int) -> str:
    """What is wrong with how a half is written; it says nothing about whether it is the right one."""
    from app import printed_codes

    try:
        printed_codes.read_half(half, 1 if number == 1 else 2)
    except Invalid as problem:
        return sentences(*explain(problem))
    return ""
