"""Naming a library: its file is chosen and tried out in a process of its own before it is registered (E7)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services import libraries
from app.services.audit import OFFICE
from app.services.diagnosis_tokens import worth_showing
from app.token import catalogue
from app.token.types import TokenInfo
from app.views.desk import Desk
from app.views.parts.basic import boxed, button, row
from app.views.parts.choosing import ask_file
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import ChoiceControl, Edited, FieldRow, LineControl
from app.views.parts.ukey import ukey_title
from app.words import listing, tr


class LibraryControl(Edited):
    """The path of a library, typed or chosen; `chosen` when a file was chosen."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = LineControl(placeholder=tr("完整的路径"))
        self.line.edited.connect(self.edited)
        self.choose = button(tr("选择文件…"), self._ask)
        self.widget: QWidget = boxed(row(self.line.widget, self.choose))

    def value(self) -> str:
        """The path as it stands there."""
        return self.line.value()

    def set_value(self, value: object) -> None:
        """Show a path."""
        self.line.set_value(value)

    def inputs(self) -> Sequence[QWidget]:
        """The line; the button beside it names itself."""
        return self.line.inputs()

    def take(self, path: Path) -> None:
        """As if this file had been chosen."""
        self.set_value(str(path))
        self.edited.emit()
        self.chosen.emit()

    def _ask(self) -> None:
        kinds = tr("驱动文件 (*.so *.so.* *.dll *.dylib);;所有文件 (*)")
        ask_file(self.widget, tr("选择驱动文件"), kinds, self.take)


class RegisterDialog(FormDialog):
    """Registers only what works here: the button waits for a trial. `registered` with the path."""

    registered = Signal(str)

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        self.library = LibraryControl()
        names: dict[object, str] = {ukey.id: f"{ukey.vendor} {ukey.model}" for ukey in catalogue.models()}
        fields = {
            "path": FieldRow(tr("驱动文件"), self.library, required=True),
            "model": FieldRow(tr("给哪种 UKEY 用"), ChoiceControl({"": tr("其他"), **names})),
        }
        text = tr("先试一试，看能不能用。登记以后由安全管理员确认才使用。")
        super().__init__(parent, tr("登记 UKEY 驱动"), tr("登记这个驱动"), fields, text=text)
        self.desk = desk
        self.go.setEnabled(False)
        self.try_out = button(tr("试一试"), self._try)
        self.try_out.setEnabled(False)
        cast(QVBoxLayout, self.layout()).insertLayout(3, row(self.try_out, 1))
        self.library.edited.connect(self._edited)
        self.library.chosen.connect(self._try)
        self.confirmed.connect(self._register)
        fields["path"].focus()

    def _edited(self) -> None:
        self.go.setEnabled(False)
        self.try_out.setDefault(True)
        self.notice.hide()
        self.fields["path"].show_fault(None)
        self.try_out.setEnabled(bool(self.library.value().strip()))

    def _try(self) -> None:
        path = self.library.value().strip()
        self.try_out.setEnabled(False)
        self.notice.say(tr("正在试用这个驱动，最多十几秒……"), "")

        def worked(seen: Sequence[TokenInfo]) -> None:
            if self.library.value().strip() == path:
                self._worked(seen)

        pending = self.desk.tasks.job(self, lambda: libraries.try_library(Path(path)))
        pending.then(worked).fails(self.notice.problem).last(lambda: self.try_out.setEnabled(True))

    def _worked(self, seen: Sequence[TokenInfo]) -> None:
        self.go.setEnabled(True)
        self.go.setDefault(True)
        if not seen:
            self.notice.say(tr("驱动能用。现在没有看到 UKEY：插上一支再试，可以确认它认得出。"), "late")
            return
        self.notice.say(tr("驱动能用，看到：{ukeys}", ukeys=listing(map(ukey_title, worth_showing(seen)))))
        known = next((token.ukey.id for token in seen if token.ukey), "")
        if known and not self.fields["model"].value():
            self.fields["model"].set_value(known)

    def _register(self, values: Mapping[str, object]) -> None:
        path = str(values["path"]).strip()

        def done(_: int) -> None:
            self.registered.emit(path)
            self.accept()

        pending = self.desk.do(self, libraries.propose, OFFICE, path, str(values["model"]))
        pending.then(done).fails(self.problem)
