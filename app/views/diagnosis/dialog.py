"""UKEY 诊断 (E7): which layer fails and what to do, the code to read out, the rest of the program, and the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app import files
from app.errors import Problem
from app.services import diagnosis, diagnosis_tokens
from app.services.diagnosis import Finding
from app.services.diagnosis_report import report
from app.services.diagnosis_tokens import LayerFinding
from app.views.desk import Desk
from app.views.parts.basic import GAP, boxed, button, card, column, label, row, scrolled
from app.views.parts.choosing import ask_where
from app.views.parts.facts import Fact, Facts
from app.views.parts.layers import TONES, Layers
from app.views.parts.notice import Notice
from app.words import tr


@dataclass(frozen=True)
class Looked:
    """One look at everything."""

    layers: Sequence[LayerFinding]
    others: Sequence[Finding]

    @property
    def findings(self) -> Sequence[Finding]:
        """All of it as a list, for the report."""
        return (*map(diagnosis_tokens.as_finding, self.layers), *self.others)


class DiagnosisDialog(QDialog):
    """Looks as soon as it is shown. All the looking is done in a lane."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("UKEY 诊断"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._looked: Looked | None = None
        self.notice = Notice()
        self.layers, self.others = Layers(), Facts()
        self.rest = card(label(tr("程序和办公库"), "heading"), self.others)
        self.again = button(tr("再查一次"), self.look, "main", key="F5")
        self.save = button(tr("保存诊断报告…"), self._ask_where)
        inside = boxed(column(self.layers, self.rest, 1, gap=GAP))
        foot = row(button(tr("关闭"), self.accept), 1, self.save, self.again)
        whole = column(
            label(tr("UKEY 诊断"), "title"), self.notice, scrolled(inside), foot, gap=GAP, margins=(20, 16, 20, 16)
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.resize(720, 600)
        self.layers.hide()
        self.rest.hide()
        self.look()

    def look(self) -> None:
        """Look again at everything; what was found before stays in sight meanwhile."""
        self.again.setEnabled(False)
        self.save.setEnabled(False)
        self.notice.say(tr("正在逐层检查，可能要等十几秒……"), "")
        self._desk.tasks.job(self, lambda: _look(self._desk)).then(self._show).fails(self._failed)

    def save_to(self, path: Path) -> None:
        """Write the report of the last look, which names nobody, into a file."""
        looked, folder = self._looked, self._desk.folder
        if looked is None:
            return

        def work() -> None:
            files.save(path, report(folder, looked.findings).encode())

        said = tr("已保存到 {path}。里面没有姓名、登录名和证件号码，可以发给维护人员。", path=path)
        self._desk.tasks.job(self, work).then(lambda _: self.notice.say(said)).fails(self.notice.problem)

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        self.notice.hide()
        self.layers.show_findings(looked.layers)
        self.others.show_facts(Fact(each.area, _said(each), TONES[each.state]) for each in looked.others)
        self.layers.show()
        self.rest.show()
        self._ready()
        if diagnosis_tokens.first_failing(looked.layers) is None:
            self.notice.say(tr("UKEY 的各层都正常。"))

    def _failed(self, problem: Problem) -> None:
        self.notice.problem(problem)
        self._ready()

    def _ready(self) -> None:
        self.again.setEnabled(True)
        self.save.setEnabled(self._looked is not None)

    def _ask_where(self) -> None:
        name = tr("实名诊断报告") + f"-{self._desk.today:%Y%m%d}.txt"
        ask_where(self, tr("保存诊断报告"), name, tr("文本文件 (*.txt)"), self.save_to)


def _look(desk: Desk) -> Looked:
    """In a lane: each library in a process of its own, with a deadline."""
    from app import bootstrap

    libraries = bootstrap.token_libraries(desk.gate)
    layers = diagnosis_tokens.look(libraries.paths, libraries.faults)
    others = (*diagnosis.software(), *diagnosis.printing(), *diagnosis.office(desk.folder, open_here=True))
    return Looked(layers, others)


def _said(finding: Finding) -> str:
    return "\n".join(text for text in (finding.what, finding.todo) if text)
