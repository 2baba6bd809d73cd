"""关于: which program this is, under which licence, what it is made of, and where its data lies."""

import platform
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QWidget

from app import __version__
from app.services.diagnosis import packages
from app.views.desk import Desk
from app.views.parts.basic import GAP, boxed, button, card, column, label, row, scrolled
from app.views.parts.facts import Fact, Facts
from app.views.parts.fields import FieldRow, LineControl
from app.views.tasks import Tasks
from app.words import tr

LICENCE = "GPL-3.0-or-later"


class AboutDialog(QDialog):
    """`places` tells what lies where."""

    def __init__(self, parent: QWidget, tasks: Tasks, places: Iterable[Fact]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("关于"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.parts = Facts()
        about = Facts(
            (
                Fact(tr("版本"), __version__),
                Fact(tr("许可证"), tr("{licence}：可以自由使用、研究、修改和分发", licence=LICENCE)),
                Fact(tr("运行环境"), f"Python {platform.python_version()}，Qt {qVersion()}"),
            )
        )
        whole = boxed(
            column(
                card(label(tr("实名：统一用户管理"), "heading", wrap=True), about),
                card(label(tr("数据放在哪里"), "heading"), *map(_place, places)),
                card(label(tr("使用的组件"), "heading"), self.parts),
                1, gap=GAP,
            )
        )  # fmt: skip
        self.setLayout(
            column(scrolled(whole), row(1, button(tr("关闭"), self.accept, "main")), gap=GAP, margins=(20, 16, 20, 16))
        )
        self.resize(560, 600)
        tasks.ask(self, _installed).then(self.parts.show_facts)


def _place(fact: Fact) -> QWidget:
    """A path in a line of its own: it can't be wrapped, but moved through, and copied."""
    control = LineControl()
    control.line.setReadOnly(True)
    control.set_value(fact.text)
    return FieldRow(fact.name, control)


def _installed() -> Sequence[Fact]:
    try:
        found = packages()
    except metadata.PackageNotFoundError:
        return ()
    return tuple(Fact(name, version or tr("没有安装")) for name, version in found.items())


def places(desk: Desk | None, settings_file: str) -> Iterable[Fact]:
    """Where the office and this computer's settings lie."""
    if desk is not None:
        yield Fact(tr("办公库"), str(desk.folder.absolute()))
    yield Fact(tr("本机设置"), str(Path(settings_file)))
