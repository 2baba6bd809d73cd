"""What the ways into an office share: opening it beside Qt's thread, and what is said when that is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLayout, QWidget
from shiboken6 import isValid

from app.errors import Problem
from app.views.parts.basic import button, label, row
from app.views.start.door import Door
from app.views.start.frame import StartPage
from app.views.tasks import Tasks
from app.words import tr

if TYPE_CHECKING:
    from app.services.operations import Gate
    from app.services.sign_in import SignedIn

Opening = Callable[[], "tuple[Gate, SignedIn]"]
Entering = Callable[["Gate", "SignedIn"], object]


class Entry(StartPage):
    """`entered` with the office's gate and who it is; `back` to the page before."""

    entered = Signal(object, object)
    back = Signal()

    def __init__(self, tasks: Tasks, door: Door, folder: Path, title: str, text: str, verb: str) -> None:
        super().__init__(title, text)
        self.tasks, self.door, self.folder = tasks, door, folder
        self.go = button(verb, self.enter, "main")
        self._return = button(tr("返回"), self.back.emit, "link")
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._seconds = 0

    def enter(self) -> None:
        """Try with what is typed."""
        raise NotImplementedError

    def refused(self, problem: Problem) -> None:
        """Where the cursor goes, and what else a subclass does about it."""

    def build(self, *parts: QWidget | QLayout) -> None:
        """Fill the card: these, the buttons, and whose the account is."""
        self.fill(*parts, row(self._return, 1, self.go), label(tr("账号仅限本人使用，不得转借。"), "hint", wrap=True))

    def begin(self, opening: Opening) -> None:
        """Open the office."""
        self.notice.hide()
        open_office(self, self.tasks, opening, self.entered.emit, self._refused)

    def _refused(self, problem: Problem) -> None:
        if problem.reason != "password.refused":  # that one is said at the field
            self.notice.problem(problem)
        self.refused(problem)
        if problem.reason == "login.wait":
            self._wait(int(problem.data["seconds"] or 0))

    def _wait(self, seconds: int) -> None:
        """Count down; only then one can try again."""
        self._seconds = seconds + 1
        self.go.setEnabled(False)
        self._clock.start()
        self._tick()

    def _tick(self) -> None:
        self._seconds -= 1
        if self._seconds > 0:
            self.notice.say(tr("多次登录失败，请等 {seconds} 秒后再试。", seconds=self._seconds), "late")
            return
        self._clock.stop()
        self.go.setEnabled(True)
        self.notice.say(tr("现在可以再试。忘记密码的，请按附件3申请密码重置。"), "")


def open_office(
    page: QWidget, tasks: Tasks, opening: Opening, enter: Entering, refused: Callable[[Problem], object]
) -> None:
    """Open an office for a page, which obeys nobody meanwhile, its keys included; `refused` may be tried again.

    An office that comes when the page or the window is gone is closed at once: nobody else would.
    """
    page.setEnabled(False)

    def work() -> "tuple[Gate, SignedIn]":
        opened = opening()
        if tasks.closed:
            opened[0].close()
        return opened

    def arrived(opened: "tuple[Gate, SignedIn]") -> None:
        if isValid(page):
            enter(*opened)
        else:
            tasks.finish(tasks, opened[0].close)

    def failed(problem: Problem) -> None:
        if isValid(page):
            page.setEnabled(True)
            refused(problem)

    tasks.do(tasks, work).then(arrived).fails(failed)
