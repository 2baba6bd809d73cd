"""The keys of the window, as one table: the shell and the pages before the login obey it, Ctrl+/ shows it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.words import N_


@dataclass(frozen=True)
class Key:
    """A key, as `QKeySequence` reads it, and what it does."""

    keys: str
    does: str


KEYS: Mapping[str, Key] = {
    "help": Key("F1", N_("打开适合这一页的使用说明")),
    "keys": Key("Ctrl+/", N_("列出快捷键")),
    "settings": Key("Ctrl+,", N_("打开设置")),
    "search": Key("Ctrl+F", N_("到这一页的搜索框")),
    "again": Key("F5", N_("重新查看这一页")),
    "tab": Key("Ctrl+1", N_("第一个页面；其余页面依次是 Ctrl+2、Ctrl+3……")),
}
"""What the window itself obeys."""

HABITS: tuple[Key, ...] = (
    Key("Tab", N_("到下一个输入框或按钮；同时按 Shift 是上一个")),
    Key("Space", N_("按下按钮、勾选方框")),
    Key("Return", N_("打开选中的一行；在对话框里是确定")),
    Key("Esc", N_("关闭对话框、清空搜索，不做改动")),
    Key("Alt+Down", N_("打开下拉列表")),
)
"""What holds on every page, by Qt or by the parts that pages are made of."""


def obey(owner: QWidget, does: Mapping[str, Callable[[], object]]) -> None:
    """Let keys of the table do something, while `owner` or a part of it has the keyboard."""
    for name, action in does.items():
        QShortcut(QKeySequence(KEYS[name].keys), owner, action)


def of_page(page: QWidget) -> Iterator[Key]:
    """The keys of a page's own buttons, as far as the person sees these."""
    for each in page.findChildren(QAbstractButton):
        if not each.shortcut().isEmpty() and each.isVisibleTo(page):
            yield Key(each.shortcut().toString(), each.text())
