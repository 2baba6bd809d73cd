"""新建省级办公库: an office is founded by the people of its first three posts, all of them present (B1, B3)."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from app.errors import FieldProblem, Invalid, Problem
from app.messages import explain
from app.policy import Post, missing_posts
from app.views.parts.basic import button, column, label, row, set_look
from app.views.start.door import Door
from app.views.start.founding_steps import PersonStep, PlaceStep
from app.views.start.frame import StartPage
from app.views.tasks import Tasks
from app.words import sentences, tr

_PEOPLE, _MOST_PEOPLE = 2, 3
_WIDTH = 720


class Founding(StartPage):
    """`founded` with folder, province and the code of the recovery letter; `back` to the first page."""

    founded = Signal(Path, object, str)
    back = Signal()

    def __init__(self, tasks: Tasks, door: Door, folder: Path) -> None:
        text = tr("三个岗位至少由两人担任，都要在场。系统管理员、安全管理员可由一人兼任；安全审计员须另外一人。")
        super().__init__(tr("新建省级办公库"), text, _WIDTH)
        self._tasks, self._door = tasks, door
        self.heading, self.posts = label("", "heading", wrap=True), label("", wrap=True)
        self.place = PlaceStep(folder)
        self.people: list[PersonStep] = []
        self._at = 0
        self._column = column(self.place, gap=0)
        for _ in range(_PEOPLE):
            self._add_person()
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.hide()
        self.previous = button(tr("上一步"), self._go_back)
        self.more = button(tr("增加一人"), self._one_more, "link")
        self.go = button("", self._go_on, "main")
        self.fill(self.heading, self._column, self.posts, self._bar, row(self.previous, self.more, 1, self.go))
        self._show(0)

    @property
    def step(self) -> PlaceStep | PersonStep:
        """The step in sight."""
        return self.people[self._at - 1] if self._at else self.place

    def _add_person(self) -> None:
        step = PersonStep(len(self.people) + 1, self._door.today())
        step.edited.connect(self._look)
        self.people.append(step)
        self._column.addWidget(step)

    def _one_more(self) -> None:
        self._add_person()
        self._show(len(self.people))

    def _go_back(self) -> None:
        if self._at:
            self._show(self._at - 1)
        else:
            self.back.emit()

    def _go_on(self) -> None:
        """The next step; after the last one the office is founded."""
        step = self.step
        accepted = step.accepted(self.place.province()) if isinstance(step, PersonStep) else step.accepted()
        if not accepted:
            return
        if self._at < len(self.people):
            self._show(self._at + 1)
        else:
            self._found()

    def _show(self, at: int) -> None:
        self.notice.hide()
        self._at, last = at, at == len(self.people)
        for each in (self.place, *self.people):
            each.setVisible(each is self.step)
        self.heading.setText(self.step.title)
        self.go.setText(tr("建立办公库") if last else tr("下一步"))
        self.more.setVisible(last and len(self.people) < _MOST_PEOPLE)
        self.posts.setVisible(at > 0)
        self._look()
        self.step.focus()

    def _look(self) -> None:
        """Say what the posts still lack, as ticks are set."""
        holders = {post: {step.person for step in self.people if post in step.posts} for post in Post}
        own = self.step.fault_of_posts() if isinstance(self.step, PersonStep) else None
        reasons = [own] if own == "posts.auditor_alone" else list(missing_posts(holders))
        lines = ["▲ " + sentences(*explain(FieldProblem("posts", reason))) for reason in reasons]
        people = len(set().union(*holders.values()))
        self.posts.setText("\n".join(lines) or tr("✓ 三个岗位已配齐，由 {count} 人担任", count=people))
        set_look(self.posts, tone="late" if lines else "good")

    def must_stay(self) -> str:
        """The code of the letter comes to this page alone, and once."""
        return "" if self.isEnabled() else tr("正在建库，请等它完成：恢复码只在这里显示一次。")

    def _found(self) -> None:
        province, folder = self.place.province(), self.place.folder
        founders = [step.founder(province) for step in self.people]
        self.notice.hide()
        self._bar.show()
        self.setEnabled(False)  # the keys too: the code of the letter comes to this page alone, and once
        self._tasks.job(self, lambda: self._door.found(folder, province, founders)).then(
            lambda code: self.founded.emit(folder, province, code)
        ).fails(self._refused)

    def _refused(self, problem: Problem) -> None:
        """Back to the person or the place that it is about."""
        self._bar.hide()
        self.setEnabled(True)
        told = problem.problems if isinstance(problem, Invalid) else ()
        persons = sorted({each.row for each in told if each.row})
        if persons:
            self._show(persons[0])
            self.people[persons[0] - 1].show_faults([each for each in told if each.row == persons[0]])
        elif not told:
            self._show(0)
        self.notice.problem(problem)
