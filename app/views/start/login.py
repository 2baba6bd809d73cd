"""The login: an account's name and password."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent

from app.errors import Denied, Problem
from app.views.parts.basic import button
from app.views.parts.fields import FieldRow, LineControl
from app.views.start.door import Door
from app.views.start.entry import Entry
from app.views.start.secrets import SecretHelp, secret_row
from app.views.tasks import Tasks
from app.words import tr


class Login(Entry):
    """`first_time` with the login typed: a code of activation; `expired` with login and old password."""

    first_time = Signal(str)
    expired = Signal(str, str)

    def __init__(self, tasks: Tasks, door: Door, folder: Path, *, why: str = "", tone: str = "late") -> None:
        super().__init__(tasks, door, folder, tr("登录"), tr("办公库：{folder}", folder=folder), tr("登录"))
        self.login = FieldRow(tr("登录名"), LineControl(), required=True)
        self.password = secret_row(tr("密码"))
        self.first = button(
            tr("首次登录（有密码信封里的激活码）"), lambda: self.first_time.emit(str(self.login.value())), "link"
        )
        self.help = SecretHelp(self.password)
        self.build(self.login, self.password, self.help, self.first)
        if why:
            self.notice.say(why, tone)

    def enter(self) -> None:
        """Open the office with the password."""
        folder, login, password = self.folder, str(self.login.value()), str(self.password.value())
        for field in (self.login, self.password):
            field.say("" if field.value() else tr("请填写。"))
        if not login or not password:
            (self.password if login else self.login).focus()
            return
        self.begin(lambda: self.door.open(folder, login, password))

    def refused(self, problem: Problem) -> None:
        """A password that is too old, or an account not activated, lead on; a wrong one is typed again."""
        login, password = str(self.login.value()), str(self.password.value())
        if isinstance(problem, Denied):
            self.password.set_value("")
        self.password.focus()
        if problem.reason == "login.password_old":
            self.expired.emit(login, password)
        elif problem.reason == "login.activate_first":
            self.first_time.emit(login)

    def showEvent(self, event: QShowEvent) -> None:
        """Say before anybody types when the office's files are not there, or damaged."""
        super().showEvent(event)
        folder = self.folder
        self.tasks.ask(self, lambda: self.door.look(folder), "look").fails(self.notice.problem)
