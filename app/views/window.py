"""The one window: before the login, at work, or a holder's screen; it locks when nobody touches it."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from app.views.beside import Beside
from app.views.dress import dress
from app.views.links import Link
from app.views.settings import Settings
from app.views.start.demo import ChoosePerson, PrepareDemo
from app.views.start.door import Door
from app.views.start.entry import open_office
from app.views.start.frame import StartPage
from app.views.start.login import Login
from app.views.start.passwords import Activation, Renewal
from app.views.start.welcome import Welcome
from app.views.tasks import Tasks
from app.words import tr

if TYPE_CHECKING:
    from app.services.founding import Province
    from app.services.operations import Gate
    from app.services.sign_in import SignedIn
    from app.views.desk import Desk
    from app.views.holder.screen import HolderScreen
    from app.views.shell import Shell

MINUTE = 60_000
"""Milliseconds."""
_TOUCHES = frozenset((QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin))


class Window(QMainWindow):
    """Shows one thing at a time, and owns the lanes and the open office."""

    def __init__(self, settings: Settings, demo: Path | None = None, door: Door | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.tasks = Tasks(self)
        self.desk: Desk | None = None
        self._demo, self._door = demo, door or Door()
        self.beside = Beside(self)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._idled)
        self._warned, self._busy = False, False
        self._afterwards: Callable[[], object] | None = None
        """What comes when the office that is being closed is closed."""
        self.tasks.busy.connect(self._take_busy)
        self._name()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def begin(self) -> None:
        """Show the first page: the demo's when it was asked for, else the login to the office opened last."""
        if self._demo is not None:
            self.prepare_demo()
        elif self.settings.offices:
            self.login(self.settings.offices[0])
        else:
            self.welcome()

    def welcome(self) -> None:
        """What to open."""
        page = Welcome(self.settings.offices)
        page.opened.connect(self.login)
        page.founding.connect(self.found)
        page.demo.connect(self.prepare_demo)
        self._show(page)

    def login(self, folder: Path, why: str = "", tone: str = "late") -> None:
        """Who is there."""
        page = Login(self.tasks, self._door, folder, why=why, tone=tone)
        page.first_time.connect(lambda login: self._enter_by(Activation(self.tasks, self._door, folder, login)))
        page.expired.connect(lambda login, old: self._enter_by(Renewal(self.tasks, self._door, folder, login, old)))
        page.entered.connect(lambda gate, person: self.enter(gate, person, folder))
        page.back.connect(self.welcome)
        self._show(page)
        page.login.focus()

    def found(self) -> None:
        """A new province."""
        from app.views.start.founding import Founding

        page = Founding(self.tasks, self._door, Path.home() / tr("实名办公库"))
        page.founded.connect(self._show_letter)
        page.back.connect(self.welcome)
        self._show(page)
        page.place.focus()

    def prepare_demo(self) -> None:
        """Make the demo, or what is missing of it."""
        from app.token.software import CONFIGURATION, SETTINGS

        folder = self._demo_folder()
        os.environ[CONFIGURATION] = str(folder / SETTINGS)
        page = PrepareDemo(self.tasks, folder)
        page.ready.connect(self.choose_person)
        page.back.connect(self.welcome)
        self._show(page)
        page.begin()

    def choose_person(self, why: str = "") -> None:
        """Whom to be in the demo."""
        folder = self._demo_folder()
        page = ChoosePerson(folder, why=why)
        page.chosen.connect(lambda login, password: self._enter_demo(page, login, password))
        page.back.connect(self.welcome)
        self._show(page)

    def enter(self, gate: "Gate", person: "SignedIn", folder: Path, *, demo: bool = False) -> None:
        """Somebody is at work from now on."""
        from app.views.desk import Desk

        if not demo:
            self.settings.remember(folder)
        self.desk = Desk(gate, person, folder, self.tasks, demo=demo)
        self.desk.leave.connect(self.lock)
        self.desk.holder.connect(self.show_holder)
        self._show_shell(self.desk)
        self._touched()
        self._name()

    def show_holder(self, request_id: int) -> None:
        """A holder's screen over what the administrator was at, which is there again afterwards."""
        from app.views.holder.screen import HolderScreen

        if self.desk is None:
            return
        screen = HolderScreen(self.desk, request_id)
        screen.left.connect(lambda: self._leave_holder(screen))
        self.beside.serve_page(screen, "holder")
        self._stack.addWidget(screen)
        self._stack.setCurrentWidget(screen)

    def _leave_holder(self, screen: QWidget) -> None:
        self._stack.removeWidget(screen)
        screen.deleteLater()

    def restart_look(self) -> None:
        """Everything anew as the settings say: the same desk at the same page, or the first page."""
        dress(cast(QApplication, QApplication.instance()), self.settings)
        self._name()
        if self.desk is None:
            self.begin()
        else:
            place = self._shell.place
            self._show_shell(self.desk)
            self.desk.follow.emit(Link(place))

    def lock(self, why: str = "") -> None:
        """Close the office, and ask again who is there."""
        if (desk := self.desk) is not None:
            self._leave(desk, partial(self.choose_person, why) if desk.demo else partial(self.login, desk.folder, why))

    def closeEvent(self, event: QCloseEvent) -> None:
        """The office first: the window stays, and says so, until all that was begun is done."""
        page = self._stack.currentWidget()
        if isinstance(page, StartPage) and (why := page.must_stay()):
            page.notice.say(why, "late")
            event.ignore()
            return
        if self.desk is not None:
            self._leave(self.desk, self.close)
        if self._afterwards is not None:
            self._afterwards = self.close  # also when it was locked a moment ago
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.tasks.close()
        super().closeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice each touch."""
        if event.type() in _TOUCHES:
            self._touched()
        return super().eventFilter(watched, event)

    def _touched(self) -> None:
        if self.desk is None:
            return
        if self._warned:
            self._at_work.notice.hide()
        self._warned = False
        self._idle.start((self.settings.idle_minutes - 1) * MINUTE)

    def _idled(self) -> None:
        """A line a minute before; then the office is closed, unless something is being written."""
        minutes = self.settings.idle_minutes
        if self._warned and not self._busy:
            self.lock(tr("{minutes} 分钟没有操作，已自动退出。没填完的内容都还在。", minutes=minutes))
            return
        self._warned = True
        self._at_work.notice.say(tr("很久没有操作，1 分钟后自动退出。按任意键或点一下鼠标，就可以继续。"), "late")
        self._idle.start(MINUTE)

    def _leave(self, desk: "Desk", afterwards: Callable[[], object]) -> None:
        """Close the office in a lane. Its pages go first: what is typed in them then is still begun to be kept."""
        self.desk, self._afterwards = None, afterwards
        self._idle.stop()
        self._show(StartPage(tr("正在保存并关闭…")))
        self._name()
        self.tasks.finish(self, desk.close).last(self._left).always(desk.deleteLater)

    def _left(self) -> None:
        afterwards, self._afterwards = self._afterwards, None
        if afterwards is not None:
            afterwards()

    @property
    def _shell(self) -> "Shell":
        """What is shown while somebody is at work; a holder's screen lies over it."""
        return cast("Shell", self._stack.widget(0))

    @property
    def _at_work(self) -> "Shell | HolderScreen":
        """What is in sight of it."""
        return cast("Shell | HolderScreen", self._stack.currentWidget())

    def _take_busy(self, busy: bool) -> None:
        self._busy = busy

    def _name(self) -> None:
        """The window's title names the unit; Qt adds the program's name."""
        self.setWindowTitle(self.desk.person.unit_name if self.desk else tr("统一用户管理"))

    def _enter_by(self, page: "Activation | Renewal") -> None:
        """Another way in than the password."""
        page.entered.connect(lambda gate, person: self.enter(gate, person, page.folder))
        page.back.connect(lambda: self.login(page.folder))
        self._show(page)
        page.setFocus()
        page.focusNextChild()

    def _show_letter(self, folder: Path, province: "Province", code: str) -> None:
        from app.views.start.letter import Letter

        page = Letter(self.tasks, province.name, code, self._door.today())
        page.done.connect(lambda: self.login(folder, tr("办公库已建好，请用刚才设的登录名和密码登录。"), "good"))
        self._show(page)

    def _demo_folder(self) -> Path:
        from platformdirs import user_data_path

        return self._demo or user_data_path("shiming") / "demo"

    def _enter_demo(self, page: ChoosePerson, login: str, password: str) -> None:
        folder = self._demo_folder()
        opening = partial(_open_demo, folder, login, password)
        open_office(page, self.tasks, opening, partial(self.enter, folder=folder, demo=True), page.notice.problem)

    def _show_shell(self, desk: "Desk") -> None:
        from app.views.shell import Shell

        shell = Shell(desk)
        self.beside.serve(shell)
        self._show(shell)

    def _show(self, page: QWidget) -> None:
        if isinstance(page, StartPage):
            self.beside.serve_page(page, "start", settings=isinstance(page, Welcome | Login))
        before = [self._stack.widget(at) for at in range(self._stack.count())]
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        for each in before:
            self._stack.removeWidget(each)
            each.deleteLater()


def _open_demo(folder: Path, login: str, password: str) -> "tuple[Gate, SignedIn]":
    from app.demo.world import COST

    return Door({"cost": COST}).open(folder, login, password)
