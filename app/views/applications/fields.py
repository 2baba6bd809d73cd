"""The fields of 附件4 as controls: its kind decides which control a field gets (C1)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import codes
from app.forms.annex4 import BY_KEY, Annex4, UserType
from app.forms.fields import Field, Kind
from app.views.applications.facts import school_type
from app.views.parts.basic import column, row
from app.views.parts.fields import (
    ChoiceControl,
    Control,
    FieldRow,
    LineControl,
    RadioControl,
    TextControl,
    TicksControl,
)
from app.words import N_, tr

_ROWS: Sequence[Sequence[str]] = (
    ("unit_name",),
    ("name", "id_number"),
    ("office_phone", "email"),
    ("mobile", "school_type"),
    ("user_types",),
    ("wants_certificate", "existing_account"),
    ("address",),
    ("remarks",),
)
"""As the cells stand on the paper."""


def _line(field: Field) -> Control:
    return LineControl()


def _school_types() -> Mapping[object, str]:
    return {"": tr("（没有）"), **{code: school_type(code) for code in codes.SCHOOL_TYPES}}


_CONTROLS: Mapping[Kind, Callable[[Field], Control]] = {
    Kind.TEXT: _line,
    Kind.ID_NUMBER: _line,
    Kind.PHONE: _line,
    Kind.EMAIL: _line,
    Kind.MOBILE: _line,
    Kind.LONG_TEXT: lambda _: TextControl(),
    Kind.SCHOOL_TYPE: lambda _: ChoiceControl(_school_types()),
    Kind.USER_TYPES: lambda _: TicksControl({kind: tr(kind) for kind in UserType}, columns=2),
    Kind.YES_NO: lambda _: RadioControl({True: tr("是"), False: tr("否")}),
}
_HINTS = {
    "wants_certificate": N_("信息管理员必须申请数字证书。"),
    "existing_account": N_("老用户填写；没有的填“无”。"),
}
"""What the paper says elsewhere (备注), or leaves to be known."""


class FormFields(QWidget):
    """All fields of the form."""

    edited = Signal()
    left = Signal(str)
    """The person has gone on from this field."""

    def __init__(self, *, is_school: bool) -> None:
        super().__init__()
        self._needed = frozenset({"school_type"} if is_school else ())
        self.setObjectName("inside")
        self.rows = {key: self._row(BY_KEY[key]) for keys in _ROWS for key in keys}
        self.rows["unit_name"].control.inputs()[0].setProperty("readOnly", True)
        lines = [row(*(self.rows[key] for key in keys), gap=16) for keys in _ROWS]
        for line in lines:
            for at in range(line.count()):
                line.setStretch(at, 1)
                line.setAlignment(line.itemAt(at).widget(), Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(*lines, 1, gap=10))
        self.rows["user_types"].edited.connect(self._ask_for_certificate)

    def form(self) -> Annex4:
        """What is entered, as it was typed."""
        values: dict[str, Any] = {key: field.value() for key, field in self.rows.items()}
        return Annex4(**values)

    def show_form(self, form: Annex4) -> None:
        """Fill all fields."""
        for key, field in self.rows.items():
            field.set_value(getattr(form, key))

    def last(self) -> QWidget:
        """The last input, from which Tab goes on to the buttons."""
        return self.rows["remarks"].control.inputs()[-1]

    def _row(self, field: Field) -> FieldRow:
        hint = tr(_HINTS[field.key]) if field.key in _HINTS else ""
        required = field.required or field.key in self._needed
        made = FieldRow(tr(field.label), _CONTROLS[field.kind](field), required=required, hint=hint)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        made.edited.connect(self.edited)
        made.left.connect(lambda: self.left.emit(field.key))
        return made

    def _ask_for_certificate(self) -> None:
        """Note 3 of the form: who becomes 信息管理员 asks for a certificate."""
        if UserType.INFORMATION in self.form().user_types and not self.rows["wants_certificate"].value():
            self.rows["wants_certificate"].set_value(True)
