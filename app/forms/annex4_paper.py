"""附件4 on paper: the cells of the source's table on one A4 page, and attached pages where an answer is long."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO
from typing import BinaryIO

from app import codes
from app.forms import attachment
from app.forms.annex4 import (
    ANNEX,
    BY_KEY,
    NOTES,
    SIGN_LABELS,
    TITLE,
    Annex4,
    Signature,
    SignStep,
    UserType,
    content_hash,
)
from app.forms.fields import Kind
from app.forms.fitting import Fitted, fit, fit_line
from app.forms.fonts import SONG
from app.forms.qr import FormCode
from app.forms.sheet import AIR, HEAD_BOTTOM, LEFT, MM, TEXT_SIZE, Box, Sheet

Key = str | SignStep
"""A field's key, or a sign-off."""

ROWS: tuple[tuple[float, tuple[Key, ...]], ...] = (
    (10.5, ("unit_name",)),
    (10.5, ("name", "id_number")),
    (10.5, ("office_phone", "email")),
    (10.5, ("mobile", "school_type")),
    (15, ("user_types",)),
    (10.5, ("wants_certificate", "existing_account")),
    (11, ("address",)),
    (24, ("remarks",)),
    (18, (SignStep.APPLICANT,)),
    (26, (SignStep.DEPARTMENT,)),
    (26, (SignStep.OFFICE,)),
    (26, (SignStep.ACCEPTANCE,)),
)
"""The table's rows: height in millimetres, and whose label and value stand in it."""

COLUMNS = (34.0, 49.0, 31.0, 56.0)
"""Widths in millimetres: label, value, label, value; a lone value takes the last three."""

LABEL_BREAKS: Mapping[Key, str] = {SignStep.ACCEPTANCE: "用户管理部门\n受理意见"}
EMPTY, TICKED = "□", "☑"
BLANK_DATE = "年         月         日"
KEPT_HINTS = frozenset({"existing_account"})
"""Guidance that stands beside the answer too, since it says who has to give one."""

_HINT_SIZE = 7.5
_HINT_WIDTH = 5 * _HINT_SIZE + 2 * MM
_SIGN_HEIGHT = 12.5 * MM
_NOTE_SIZE, _NOTE_LEADING = 10, 14.5


@dataclass(frozen=True)
class PrintedForm:
    """What one form's paper shows; without a number it has no QR code (the blank form)."""

    number: str
    form: Annex4
    sign_offs: Mapping[SignStep, Signature] = field(default_factory=dict)

    @property
    def code(self) -> FormCode | None:
        """What the QR code says."""
        return FormCode.of(self.number, content_hash(self.form)) if self.number else None


def render(forms: Iterable[PrintedForm]) -> bytes:
    """One PDF of all the forms, each on a page of its own."""
    stream = BytesIO()
    write(forms, stream)
    return stream.getvalue()


def write(forms: Iterable[PrintedForm], stream: BinaryIO) -> None:
    """As `render`, into an open file."""
    sheet = Sheet(stream, TITLE)
    for form in forms:
        _draw(sheet, form)
    sheet.save()


def _draw(sheet: Sheet, printed: PrintedForm) -> None:
    values = {key: _fitted(key, printed) for key in _cells()}
    rests = [(_label(key), value.rest) for key, value in values.items() if value.rest]
    attached = attachment.paginate(rests)
    pages = 1 + len(attached)
    sheet.head(ANNEX, TITLE, printed.code)
    _draw_table(sheet, printed, values)
    _draw_notes(sheet)
    sheet.foot(1, pages)
    sheet.end_page()
    for page, passages in enumerate(attached, 2):
        attachment.draw(sheet, ANNEX, TITLE, printed.code, passages)
        sheet.foot(page, pages)
        sheet.end_page()


@cache
def _cells() -> Mapping[Key, tuple[Box, Box]]:
    """Label and value cell of each field and sign-off."""
    cells: dict[Key, tuple[Box, Box]] = {}
    top = HEAD_BOTTOM
    for height, keys in ROWS:
        top -= height * MM
        widths = COLUMNS if len(keys) > 1 else (COLUMNS[0], sum(COLUMNS[1:]))
        boxes, x = [], LEFT
        for width in widths:
            boxes.append(Box(x, top, width * MM, height * MM))
            x += width * MM
        cells |= {key: (boxes[2 * place], boxes[2 * place + 1]) for place, key in enumerate(keys)}
    return cells


def _label(key: Key) -> str:
    return SIGN_LABELS[key] if isinstance(key, SignStep) else BY_KEY[key].label


def _fitted(key: Key, printed: PrintedForm) -> Fitted:
    box = _text_box(key)
    if isinstance(key, SignStep):
        sign_off = printed.sign_offs.get(key)
        return fit_line(sign_off.opinion if sign_off else "", box.width, box.height)
    text = _shown(key, printed.form)
    return (fit if BY_KEY[key].kind is Kind.LONG_TEXT else fit_line)(text, box.width, box.height)


def _from_top(key: Key) -> bool:
    """Whether running text stands in the cell, from its top down."""
    return isinstance(key, SignStep) or BY_KEY[key].kind is Kind.LONG_TEXT


def _text_box(key: Key) -> Box:
    inside = _cells()[key][1].inside()
    if isinstance(key, SignStep):
        return Box(inside.x, inside.y + _SIGN_HEIGHT, inside.width, inside.height - _SIGN_HEIGHT - AIR)
    if key in KEPT_HINTS:
        return Box(inside.x, inside.y, inside.width - _HINT_WIDTH, inside.height)
    if _from_top(key):
        return Box(inside.x, inside.y, inside.width, inside.height - AIR)
    return inside


def _shown(key: str, form: Annex4) -> str:
    if key == "user_types":
        first, second, third, last = (_tick(kind in form.user_types) + kind for kind in UserType)
        return f"{first}    {second}    {third}\n{last}"
    if key == "wants_certificate":
        return f"{_tick(form.wants_certificate is True)}是   {_tick(form.wants_certificate is False)}否"
    if key == "school_type":
        return codes.SCHOOL_TYPES.get(form.school_type, form.school_type)
    return str(getattr(form, key))


def _tick(ticked: bool) -> str:
    return TICKED if ticked else EMPTY


def _draw_table(sheet: Sheet, printed: PrintedForm, values: Mapping[Key, Fitted]) -> None:
    for key, (label_cell, value_cell) in _cells().items():
        sheet.label(label_cell, LABEL_BREAKS.get(key, _label(key)))
        sheet.value(_text_box(key), values[key], from_top=_from_top(key))
        if isinstance(key, SignStep):
            _draw_signature(sheet, value_cell, key, printed.sign_offs.get(key))
        else:
            _draw_hint(sheet, value_cell.inside(), key, filled=any(values[key].lines))
    sheet.grid([box for boxes in _cells().values() for box in boxes])


def _draw_hint(sheet: Sheet, box: Box, key: str, *, filled: bool) -> None:
    hint = BY_KEY[key].hint
    if not hint or (filled and key not in KEPT_HINTS):
        return
    sheet.grey()
    if filled:
        sheet.text_right(box.right, box.y + box.height / 2 - 0.36 * _HINT_SIZE, hint, _HINT_SIZE)
    else:
        sheet.value(box, fit(hint, box.width, box.height))
    sheet.black()


def _draw_signature(sheet: Sheet, cell: Box, step: SignStep, sign_off: Signature | None) -> None:
    name, day = (sign_off.signer, _date(sign_off.signed_on)) if sign_off else ("", BLANK_DATE)
    caption = "签字：" if step is SignStep.APPLICANT else "签章："
    text, right = caption + name, cell.right - 8 * MM
    sheet.text(min(cell.right - 62 * MM, right - SONG.width(text, TEXT_SIZE)), cell.y + 9.5 * MM, text)
    sheet.text_right(right, cell.y + 3.2 * MM, day)


def _date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _draw_notes(sheet: Sheet) -> None:
    y = _cells()[SignStep.ACCEPTANCE][0].y - 18
    for line in _note_lines():
        sheet.text(LEFT, y, line, _NOTE_SIZE)
        y -= _NOTE_LEADING


def _note_lines() -> Iterator[str]:
    yield "备注："
    yield from NOTES
