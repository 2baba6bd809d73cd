"""The steps of the founding: where the office shall be and whose it is, then each of the people present."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from app.divisions import name_of, provinces
from app.errors import FieldProblem
from app.policy import Post, posts_fault
from app.services import management_forms
from app.services.founding import Founder, Province
from app.views.parts import annex2
from app.views.parts.basic import button, column, label, row
from app.views.parts.choosing import ask_folder
from app.views.parts.fields import ChoiceControl, FieldRow, LineControl
from app.views.start.secrets import NewPassword
from app.words import N_, tr

_MUNICIPALITIES = ("11", "12", "31", "50")
"""直辖市, by how their codes begin."""
_TOGETHER = (
    ("name", "id_number"),
    ("office_phone", "mobile"),
    ("email", "login"),
    ("posts",),
    ("reviewed_by", "reviewed_on"),
    ("remarks",),
)
"""What stands beside each other; unit and address are the office's own."""


class PlaceStep(QWidget):
    """The folder, and the province with its education department."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.title = tr("第 1 步：省份和文件夹")
        names: dict[object, str] = {"": tr("请选择"), **{each.code: each.name for each in provinces()}}
        hint = tr("办公库的全部数据都在这个文件夹里（加密）；请选一个空文件夹")
        self.rows = {
            "division_code": FieldRow(tr("省份"), ChoiceControl(names), required=True),
            "name": FieldRow(tr("省级单位名称"), LineControl(limit=100), required=True, hint=tr("与公章一致的全称")),
            "address": FieldRow(tr("单位详细地址"), LineControl(limit=200), required=True),
            "folder": FieldRow(tr("文件夹"), LineControl(), required=True, hint=hint),
        }
        choose = button(tr("选择文件夹…"), self._ask)
        self.setLayout(column(*self.rows.values(), row(choose, 1), 1, gap=10))
        self.rows["folder"].set_value(str(folder))
        self.rows["division_code"].edited.connect(self._name)
        self._name()

    @property
    def folder(self) -> Path:
        """Where the office shall be."""
        return Path(str(self.rows["folder"].value()).strip())

    def province(self) -> Province:
        """What is entered."""
        told = {key: str(self.rows[key].value()).strip() for key in ("name", "division_code", "address")}
        return Province(**told)

    def accepted(self) -> bool:
        """Whether one can go on; else it is said at the first field that keeps one."""
        for each in self.rows.values():
            each.say("" if str(each.value() or "").strip() else tr("这一项为必填项，请补充。"))
        return _clean(self.rows.values())

    def focus(self) -> None:
        """Put the cursor into the first field."""
        self.rows["division_code"].focus()

    def _name(self) -> None:
        """As such a department is usually called; it can be written otherwise."""
        code = str(self.rows["division_code"].value())
        province = name_of(code) or ""
        usual = N_("{province}教育委员会") if code.startswith(_MUNICIPALITIES) else N_("{province}教育厅")
        self.rows["name"].set_value(tr(usual, province=province) if province else "")

    def _ask(self) -> None:
        ask_folder(self, tr("选择办公库的文件夹"), lambda chosen: self.rows["folder"].set_value(str(chosen)))


class PersonStep(QWidget):
    """One of the people present: the own 附件2, and login and password of one's own choice."""

    edited = Signal()

    def __init__(self, number: int, today: date) -> None:
        super().__init__()
        self.title = tr("第 {step} 步：第 {number} 位在场人员", step=number + 1, number=number)
        self._today = today
        self.rows = annex2.rows(today)
        self.rows["login"] = FieldRow(tr("登录名"), LineControl(limit=50), required=True, hint=tr("今后用它登录"))
        self.password = NewPassword(lambda: (str(self.rows["login"].value()), self._about()))
        words = label(tr("由本人填写，密码由本人输入，其他人请回避。"), "muted", wrap=True)
        pairs = [_beside(*(self.rows[key] for key in keys)) for keys in _TOGETHER]
        self.setLayout(column(words, *pairs, self.password, 1, gap=10))
        inputs = [each for keys in _TOGETHER for key in keys for each in self.rows[key].control.inputs()]
        for before, after in pairwise((*inputs, *self.password.first.control.inputs())):
            QWidget.setTabOrder(before, after)
        for key in ("login", "name", "mobile", "email"):
            self.rows[key].edited.connect(self.password.look)
        for key in ("posts", "id_number"):
            self.rows[key].edited.connect(self.edited)

    @property
    def posts(self) -> frozenset[Post]:
        """The posts ticked."""
        return frozenset(annex2.read(self.rows).posts)

    @property
    def person(self) -> object:
        """Who it is, by ID number; by the step while none is entered."""
        return str(self.rows["id_number"].value()).strip().upper() or self

    def founder(self, province: Province) -> Founder:
        """What is entered."""
        self.rows["unit_name"].set_value(province.name)
        self.rows["address"].set_value(province.address)
        form = management_forms.tidy(annex2.read(self.rows))
        return Founder(form, str(self.rows["login"].value()).strip(), self.password.value())

    def accepted(self, province: Province) -> bool:
        """Whether one can go on; else each fault is said at its field, with the cursor at the first."""
        founder = self.founder(province)
        self.show_faults(management_forms.check(founder.form, self._today))
        if not founder.login:
            self.rows["login"].show_fault(FieldProblem("login", "account.login_blank"))
        return _clean(self.rows.values()) and self.password.accepted()

    def show_faults(self, problems: Sequence[FieldProblem]) -> None:
        """Say what is wrong with the fields; those not named are clean."""
        told = {problem.field: problem for problem in reversed(problems)}  # the first of a field counts
        for key, field in self.rows.items():
            field.show_fault(told.get(key))

    def fault_of_posts(self) -> str | None:
        """Why these ticks can't stand together, as a reason."""
        return posts_fault(self.posts)

    def focus(self) -> None:
        """Put the cursor into the first field."""
        self.rows["name"].focus()

    def _about(self) -> Sequence[str]:
        return [str(self.rows[key].value()) for key in ("name", "mobile", "email")]


def _beside(*fields: FieldRow) -> QLayout:
    """Of the same width, their tops aligned."""
    line = row(*fields, gap=16)
    for place, field in enumerate(fields):
        line.setStretch(place, 1)
        line.setAlignment(field, Qt.AlignmentFlag.AlignTop)
    return line


def _clean(rows: Iterable[FieldRow]) -> bool:
    """Whether no field has a fault; the first that has one gets the cursor."""
    faulty = next((field for field in rows if not field.fault.isHidden()), None)
    if faulty is not None:
        faulty.focus()
    return faulty is None
