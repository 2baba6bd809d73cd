"""The demo: it is prepared step by step, and then one chooses whom to be."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from app.errors import Problem
from app.policy import POST_NAMES
from app.views.parts.basic import button, label, row
from app.views.start.frame import StartPage
from app.views.tasks import Tasks
from app.words import listing, tr

if TYPE_CHECKING:
    from app.demo.people import DemoPerson


class PrepareDemo(StartPage):
    """Makes the demo province, or what is missing of it; `ready` at the end, `back` to the first page."""

    ready = Signal()
    back = Signal()
    _told = Signal(int, int, str)

    def __init__(self, tasks: Tasks, folder: Path) -> None:
        super().__init__(
            tr("正在准备演示"),
            tr("一个虚构的吉林省：建库、导入学校、任命管理员、办理申请单。约半分钟；中断了下次接着做。"),
        )
        self._bar, self._line = QProgressBar(), label("", "muted", wrap=True)
        self._bar.setTextVisible(False)
        self._again = button(tr("再试一次"), self.begin, "main")
        self._again.hide()
        self.fill(self._bar, self._line, row(button(tr("返回"), self.back.emit, "link"), 1, self._again))
        self._tasks, self._folder = tasks, folder
        self._told.connect(self._show)

    def begin(self) -> None:
        """Take the steps that are not taken yet."""
        self._again.hide()
        self.notice.hide()
        self._tasks.job(self, self._prepare).then(lambda _: self.ready.emit()).fails(self._failed)

    def _prepare(self) -> None:
        from app.demo import run

        with run.opened(self._folder) as report:
            if run.ready(report):
                return
            for taken in run.take(self._folder, report, run.PRACTICE):
                self._told.emit(taken.number, len(run.PRACTICE), taken.step.name(tr))
                if taken.problem:
                    raise taken.problem

    def _show(self, number: int, of: int, line: str) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(number)
        self._line.setText(tr("{number}/{of}　{line}", number=number, of=of, line=line))

    def _failed(self, problem: Problem) -> None:
        self.notice.problem(problem)
        self._again.show()
        self._again.setFocus()


class ChoosePerson(StartPage):
    """Whom to be in the demo; `chosen` with the login and password of one of its people."""

    chosen = Signal(str, str)
    back = Signal()

    def __init__(self, folder: Path, *, why: str = "") -> None:
        from app.demo.people import people

        super().__init__(
            tr("演示：选择以谁的身份登录"),
            tr("都是虚构的人。正式使用时，每个人用自己的登录名和密码登录。"),
        )
        self.fill(
            *(self._person(person) for person in people(folder)),
            row(button(tr("返回"), self.back.emit, "link"), 1),
        )
        if why:
            self.notice.say(why, "late")

    def _person(self, person: "DemoPerson") -> QWidget:
        posts = listing(tr(POST_NAMES[post]) for post in person.posts)
        text = tr("{unit}　{name}　{posts}", unit=person.unit, name=person.name, posts=posts)
        return button(text, lambda: self.chosen.emit(person.login, person.password), "choice")
