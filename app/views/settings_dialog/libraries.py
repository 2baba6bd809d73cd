"""The libraries that the office adds: named by 系统管理员, confirmed by 安全管理员, withdrawn by either (E7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.errors import Problem
from app.models.ukey_library import LIBRARY_STATE_NAMES, LibraryState
from app.policy import Permission
from app.services import libraries
from app.services.context import office_time
from app.services.libraries import Confirmed, LibraryRow
from app.token import catalogue
from app.token.library import own_machine
from app.views.desk import Desk
from app.views.parts.basic import GAP, button, column, label, row
from app.views.parts.dialog import FormDialog
from app.views.parts.facts import Fact, Facts
from app.views.parts.fields import FieldRow, TextControl
from app.views.parts.notice import Notice, problem_text
from app.views.parts.table import Empty, Table
from app.views.settings_dialog.register import RegisterDialog
from app.views.tables import Column, RowsModel
from app.words import N_, tr

_TOLD_DIGITS, _GROUP = 16, 4
_TONES = {LibraryState.PROPOSED: "late", LibraryState.CONFIRMED: "good", LibraryState.WITHDRAWN: "muted"}
_SIGNS = {LibraryState.PROPOSED: "●", LibraryState.CONFIRMED: "✓", LibraryState.WITHDRAWN: "－"}


@dataclass(frozen=True)
class Listed:
    """A library, and why it is not loaded here although it was confirmed."""

    row: LibraryRow
    problem: Problem | None = None


def hash_text(sha256: str) -> str:
    """The beginning of a hash, in groups to be compared by eye: `3f2a 91bc 7d01 e4aa`."""
    return " ".join(sha256[at : at + _GROUP] for at in range(0, _TOLD_DIGITS, _GROUP))


def model_name(model: str) -> str:
    """What people call the catalogue's model; 其他 for another one."""
    found = next((ukey for ukey in catalogue.models() if ukey.id == model), None)
    return f"{found.vendor} {found.model}" if found else tr("其他")


def _by(person: str, at: datetime | None) -> str:
    return tr("{person}，{at}", person=person, at=office_time(at)) if at else "－"


def _state(listed: Listed) -> str:
    if listed.problem is not None:
        return tr("✕ 没有使用")
    return f"{_SIGNS[listed.row.state]} {tr(LIBRARY_STATE_NAMES[listed.row.state])}"


_COLUMNS: Sequence[Column[Listed]] = (
    Column(N_("状态"), _state, lambda listed: "wrong" if listed.problem else _TONES[listed.row.state]),
    Column(N_("型号"), lambda listed: model_name(listed.row.model)),
    Column(N_("校验值"), lambda listed: hash_text(listed.row.sha256)),
    Column(N_("登记"), lambda listed: _by(listed.row.proposed_by, listed.row.proposed_at)),
    Column(N_("确认"), lambda listed: _by(listed.row.confirmed_by, listed.row.confirmed_at)),
    Column(N_("适用系统"), lambda listed: listed.row.machine),
    Column(N_("驱动文件"), lambda listed: listed.row.path),
    Column(N_("撤销原因"), lambda listed: listed.row.withdrawn_reason),
)


class LibrariesPane(QWidget):
    """The list, and what this post may do with it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.notice = Notice()
        self.model = RowsModel[Listed](_COLUMNS, self)
        nothing = tr("还没有登记过驱动。目录里没有的 UKEY，先登记它的驱动，再由安全管理员确认，才会使用。")
        self.table = Table(self.model, tr("登记的 UKEY 驱动"), Empty(nothing))
        self.register = button(tr("登记驱动…"), self._register, "main")
        self.register.setVisible(desk.allows(Permission.EDIT_UKEY_CATALOGUE))
        self.confirm = button(tr("确认…"), self._confirm)
        self.confirm.setVisible(desk.allows(Permission.CONFIRM_UKEY_CATALOGUE))
        self.withdraw = button(tr("撤销登记…"), self._withdraw, "danger")
        text = tr("驱动是能看到 PIN 码的程序：由系统管理员登记、安全管理员确认以后才使用；文件被换过就不再使用。")
        bar = row(self.register, 1, self.confirm, self.withdraw)
        self.setLayout(column(label(text, "muted", wrap=True), self.notice, self.table, bar, gap=GAP))
        self.table.chosen.connect(self._chosen)
        desk.changed.connect(lambda area: self.look() if area == "libraries" else None)
        self._chosen()
        self.look()

    def look(self) -> None:
        """Look again at the list, and at the files."""
        self.desk.tasks.ask(self, lambda: _listed(self.desk), "libraries").then(self._show)

    def _show(self, rows: Sequence[Listed]) -> None:
        self.model.show(rows)
        self._chosen()
        faults = [problem_text(each.problem) for each in rows if each.problem]
        if faults:
            self.notice.say("\n".join(faults), "wrong")

    def _chosen(self) -> None:
        chosen = self.table.current_row()
        for made, operation in ((self.confirm, libraries.confirm), (self.withdraw, libraries.withdraw)):
            made.setEnabled(False)
            if chosen is not None:
                self.desk.may(self, operation, [chosen.row.id]).then(_enabling(made))

    def _register(self) -> None:
        dialog = RegisterDialog(self, self.desk)
        dialog.registered.connect(
            lambda path: self.notice.say(tr("已登记 {path}。还没有使用：请安全管理员在这里确认。", path=path))
        )
        dialog.open()

    def _confirm(self) -> None:
        if (chosen := self.table.current_row()) is None:
            return
        library = chosen.row
        text = tr("请确认这个文件来自厂家或发放单位。确认以后，本办公库的每台电脑都会使用它。")
        dialog = FormDialog(self, tr("确认 UKEY 驱动"), tr("确认这个驱动"), {}, text=text)
        facts = Facts(
            (
                Fact(tr("驱动文件"), library.path),
                Fact(tr("校验值"), hash_text(library.sha256)),
                Fact(tr("登记"), _by(library.proposed_by, library.proposed_at)),
            )
        )
        cast(QVBoxLayout, dialog.layout()).insertWidget(2, facts)

        def done(_: object) -> None:
            dialog.accept()
            self.notice.say(tr("已确认 {path}，从现在起使用。", path=library.path))

        def confirmed(_: object) -> None:
            self.desk.do(self, libraries.confirm, library.id).then(done).fails(dialog.problem)

        dialog.confirmed.connect(confirmed)
        dialog.open()

    def _withdraw(self) -> None:
        if (chosen := self.table.current_row()) is None:
            return
        library = chosen.row
        fields = {"reason": FieldRow(tr("原因"), TextControl(2), required=True)}
        text = tr("{path}\n\n撤销以后不再使用这个驱动；要再用，须重新登记和确认。", path=library.path)
        dialog = FormDialog(self, tr("撤销登记"), tr("撤销这个驱动的登记"), fields, text=text, danger=True)

        def done(_: object) -> None:
            dialog.accept()
            self.notice.say(tr("已撤销 {path}。", path=library.path))

        def confirmed(values: dict[str, object]) -> None:
            pending = self.desk.do(self, libraries.withdraw, library.id, str(values["reason"]))
            pending.then(done).fails(dialog.problem)

        dialog.confirmed.connect(confirmed)
        dialog.open()
        fields["reason"].focus()


def _enabling(made: QPushButton) -> Callable[[set[int]], None]:
    return lambda allowed: made.setEnabled(bool(allowed))


def _listed(desk: Desk) -> Sequence[Listed]:
    """In a lane: files are hashed."""
    rows = desk.gate.ask(desk.actor, libraries.listed)
    return tuple(Listed(each, _problem(each)) for each in rows)


def _problem(library: LibraryRow) -> Problem | None:
    if library.state is not LibraryState.CONFIRMED or library.machine != own_machine():
        return None
    return libraries.unusable(Confirmed(Path(library.path), library.sha256))
