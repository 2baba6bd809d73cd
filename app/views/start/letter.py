"""The recovery letter (恢复信) of an office just founded: shown once, to be printed and sealed before anything else."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from app.views.parts.basic import button, label, row
from app.views.start.frame import StartPage
from app.views.tasks import Tasks
from app.words import tr


class Letter(StartPage):
    """`done` when it is printed and sealed."""

    done = Signal()

    def __init__(self, tasks: Tasks, province: str, code: str, founded_on: date) -> None:
        text = tr("办公库已建好。所有人都无法登录时，只有这个恢复码能打开它。现在打印，两人封存；以后不能再看到。")
        super().__init__(tr("恢复信"), text)
        self._tasks, self._facts = tasks, (province, code, founded_on)
        self.code = label(code, "number", wrap=True)
        self.sealed = QCheckBox(tr("已打印，并由两人封存"))
        self.go = button(tr("去登录"), self.done.emit, "main")
        self.go.setEnabled(False)
        self.sealed.toggled.connect(self.go.setEnabled)
        self.print = button(tr("打印…"), self._print)
        self.fill(
            self.code,
            row(self.print, button(tr("保存为 PDF…"), self._save), 1),
            label(
                tr("保存的 PDF 只用来拿到有打印机的电脑上打印，打印后请立即删除。不要拍照，不要抄录。"),
                "hint",
                wrap=True,
            ),
            self.sealed,
            row(1, self.go),
        )
        self.print.setFocus()

    def must_stay(self) -> str:
        """The code is nowhere else."""
        return "" if self.sealed.isChecked() else tr("恢复信还没有封存。请先打印并勾选；关闭以后就再也看不到恢复码。")

    def make(self) -> bytes:
        """The PDF; in a lane, since drawing takes a moment, and what it needs a moment more."""
        from app.forms.letters import RecoveryLetter, recovery_letter

        return recovery_letter(RecoveryLetter(*self._facts))

    def _print(self) -> None:
        from app.views.parts.preview import print_pdf

        print_pdf(self, self._tasks, self.notice, self.make)

    def _save(self) -> None:
        from app.views.parts.preview import save_pdf

        save_pdf(self, self._tasks, self.notice, tr("恢复信.pdf"), self.make)
