"""The frame of the holder's screen: opened by an administrator, it shows nothing else, and locks back."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedWidget, QWidget

from app.demo.people import DemoPerson, DemoSecrets, people, secrets
from app.errors import Denied, Problem
from app.services import request_list, sign_in
from app.services.request_list import RequestLine
from app.services.sign_in import SignedIn
from app.views.desk import Desk
from app.views.holder.wizard import Wizard
from app.views.parts.basic import button, card, column, label, row
from app.views.parts.fields import FieldRow
from app.views.parts.notice import Notice
from app.views.parts.ukey_pin import PinControl
from app.words import tr


class HolderScreen(QWidget):
    """`left` once the administrator who opened it has given their password."""

    left = Signal()

    def __init__(self, desk: Desk, request_id: int) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.desk = desk
        self.wizard: Wizard | None = None
        self.notice = Notice()
        self._stack = QStackedWidget()
        self._title = label(tr("下载证书到 UKEY"), "title")
        self.leave = button(tr("返回（需管理员密码）"), self.lock)
        self._lock = _Lock(desk)
        self._lock.opened.connect(self.left)
        self._lock.stayed.connect(self._stay)
        self._stack.addWidget(self._lock)
        header = QFrame()
        header.setObjectName("header")
        header.setLayout(row(label(tr("实名"), "brand"), self._title, 1, self.leave, margins=(20, 8, 20, 8), gap=16))
        only = card(label(tr("教育 CA 证书是本人的网络身份标识，仅限本人使用，不得外借。"), "muted", wrap=True))
        inside = column(self.notice, self._stack, only, gap=12, margins=(20, 16, 20, 16))
        inside.setStretch(1, 1)
        self.setLayout(column(header, inside, gap=0))
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.lock)
        escape.setContext(Qt.ShortcutContext.WindowShortcut)
        desk.ask(self, request_list.rows, (request_id,)).then(lambda rows: self._open(rows.get(request_id)))
        desk.tasks.refused.connect(self.notice.problem)

    def lock(self) -> None:
        """Ask for the administrator's password; the download stays as it is behind it."""
        self._lock.ask()
        self._stack.setCurrentWidget(self._lock)
        self.leave.setEnabled(False)

    def _stay(self) -> None:
        self.leave.setEnabled(True)
        if self.wizard is not None:
            self._stack.setCurrentWidget(self.wizard)

    def _open(self, request: RequestLine | None) -> None:
        if request is None:
            self.lock()
            return
        said = tr("下载证书到 UKEY　{name}　{number}", name=request.holder_name, number=request.number)
        self._title.setText(said)
        self.wizard = Wizard(self.desk, request)
        self.wizard.finished.connect(self.lock)
        self._stack.addWidget(self.wizard)
        self._stack.setCurrentWidget(self.wizard)
        if self.desk.demo:
            self.desk.tasks.ask(self, partial(secrets, self.desk.folder)).then(self._help_out)

    def _help_out(self, known: DemoSecrets | None) -> None:
        if self.wizard is not None:
            self.wizard.secrets = known


class _Lock(QWidget):
    """`opened` by the password of the account that opened the screen, and by no other; `stayed` to go back."""

    opened = Signal()
    stayed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.notice = Notice()
        self.password = FieldRow(tr("{name} 的密码", name=desk.person.name), PinControl())
        self.go = button(tr("回到工作台"), self._try, "main")
        inside = card(
            label(tr("请管理员输入自己的密码"), "title", wrap=True),
            label(tr("持证人的操作到此结束。其他人不能从这里进入办公库。"), "muted", wrap=True),
            self.notice, self.password, row(button(tr("继续下载"), self.stayed.emit), 1, self.go), gap=12,
        )  # fmt: skip
        inside.setMinimumWidth(440)
        self.setLayout(column(1, row(1, inside, 1), 2))
        for line in self.findChildren(QLineEdit):
            line.returnPressed.connect(self.go.click)

    def ask(self) -> None:
        """Empty, with the cursor in it; in the demo, where nobody was told a password, it is filled in."""
        self.password.set_value("")
        self.notice.hide()
        self.password.focus()
        if self.desk.demo:
            self.desk.tasks.ask(self, partial(people, self.desk.folder)).then(self._fill_in)

    def _fill_in(self, known: Sequence[DemoPerson]) -> None:
        own = next(each for each in known if each.login == self.desk.person.login)
        self.password.set_value(own.password)
        self.notice.say(tr("演示：{name} 的密码已填好。", name=own.name), "")

    def _try(self) -> None:
        self.go.setEnabled(False)
        login, context = self.desk.person.login, self.desk.gate.context
        work = partial(sign_in.sign_in, context, login, str(self.password.value()))
        pending = self.desk.tasks.do(self, work).then(self._recognised).fails(self._refused)
        pending.last(lambda: self.go.setEnabled(True))

    def _recognised(self, person: SignedIn) -> None:
        if {actor.account_id for actor in person.actors} != {actor.account_id for actor in self.desk.person.actors}:
            self._refused(Denied("login.refused"))
            return
        self.opened.emit()

    def _refused(self, problem: Problem) -> None:
        self.password.set_value("")
        self.notice.problem(problem)
        self.password.focus()
