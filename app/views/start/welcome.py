"""The first page: open an office, found a province's, or try the demo."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.views.parts.basic import boxed, button, column, label
from app.views.parts.choosing import ask_folder
from app.views.start.frame import StartPage
from app.words import tr


class Welcome(StartPage):
    """`opened` with the folder of an office, `founding` for a new one, `demo` to try."""

    opened = Signal(Path)
    founding = Signal()
    demo = Signal()

    def __init__(self, lately: list[Path]) -> None:
        super().__init__(tr("实名：统一用户管理"), tr("教育系统实名用户、申请单与数字证书。可以不联网使用。"))
        self.fill(
            *self._lately(lately),
            self._choice(tr("打开办公库…"), tr("本单位已经建好办公库，选它所在的文件夹"), self._ask),
            self._choice(
                tr("新建省级办公库…"), tr("省级首次使用：登记前三个岗位，两人在场，打印恢复信"), self.founding.emit
            ),
            self._choice(tr("试用演示"), tr("一个虚构的省份，从申请单到 UKEY 里的证书都可以试"), self.demo.emit),
        )

    def _lately(self, offices: list[Path]) -> list[QWidget]:
        return [
            self._choice(tr("打开 {name}", name=folder.name), str(folder), partial(self.opened.emit, folder))
            for folder in offices
        ]

    def _choice(self, title: str, text: str, does: Callable[[], object]) -> QWidget:
        made = button(title, does, "choice")
        made.setAccessibleDescription(text)
        return boxed(column(made, label(text, "hint", wrap=True), gap=2))

    def _ask(self) -> None:
        ask_folder(self, tr("选择办公库所在的文件夹"), self.opened.emit)
