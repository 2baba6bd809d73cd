"""Controls for the fields of a form: label, input, hint, and the fault below it."""

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import FieldProblem
from app.messages import explain
from app.views.parts.basic import boxed, button, clear, column, label, row, set_look
from app.words import sentences, tr


class Control(Protocol):
    """What a control does for a FieldRow."""

    widget: QWidget

    def value(self) -> object:
        """What is entered."""

    def set_value(self, value: object) -> None:
        """Show a value."""

    def inputs(self) -> Sequence[QWidget]:
        """What takes the keyboard, in order."""


class Edited(QObject):
    """Tells of each change."""

    edited = Signal()


class LineControl(Edited):
    """One line of text; secret for passwords."""

    def __init__(self, *, placeholder: str = "", secret: bool = False, limit: int = 0) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        if limit:
            self.line.setMaxLength(limit)
        self.line.textEdited.connect(lambda _: self.edited.emit())
        self.widget: QWidget = self.line

    def value(self) -> str:
        """The text."""
        return self.line.text()

    def set_value(self, value: object) -> None:
        """Show a text."""
        if self.line.text() != str(value or ""):
            self.line.setText(str(value or ""))

    def inputs(self) -> Sequence[QWidget]:
        """The line."""
        return (self.line,)


class _FewLines(QPlainTextEdit):
    """As high as it must be, where Qt would want a dozen lines."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())


class TextControl(Edited):
    """Several lines of text. Tab leaves it."""

    def __init__(self, lines: int = 3) -> None:
        super().__init__()
        self.text = _FewLines()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(self.text.fontMetrics().lineSpacing() * lines + 20)
        self.text.textChanged.connect(self.edited.emit)
        self.widget: QWidget = self.text

    def value(self) -> str:
        """The text."""
        return self.text.toPlainText()

    def set_value(self, value: object) -> None:
        """Show a text."""
        if self.value() != str(value or ""):
            self.text.setPlainText(str(value or ""))

    def inputs(self) -> Sequence[QWidget]:
        """The text."""
        return (self.text,)


class ChoiceControl(Edited):
    """One of several, by a list that opens: `choices` maps what is kept to what is shown."""

    def __init__(self, choices: Mapping[object, str]) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for value, text in choices.items():
            self.box.addItem(text, value)
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())
        self.widget: QWidget = self.box

    def value(self) -> object:
        """What is kept for the line chosen."""
        return self.box.currentData()

    def set_value(self, value: object) -> None:
        """Choose the line of a value."""
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def inputs(self) -> Sequence[QWidget]:
        """The box."""
        return (self.box,)


class TicksControl(Edited):
    """Any number of several; the value is a frozenset."""

    def __init__(self, choices: Mapping[object, str], columns: int = 4) -> None:
        super().__init__()
        self.boxes = {value: QCheckBox(text) for value, text in choices.items()}
        grid = QGridLayout()
        grid.setContentsMargins(0, 4, 0, 4)
        for place, box in enumerate(self.boxes.values()):
            grid.addWidget(box, place // columns, place % columns)
            box.toggled.connect(lambda _: self.edited.emit())
        grid.setColumnStretch(columns, 1)
        self.widget = QWidget()
        self.widget.setLayout(grid)

    def value(self) -> frozenset[object]:
        """What is ticked."""
        return frozenset(value for value, box in self.boxes.items() if box.isChecked())

    def set_value(self, value: object) -> None:
        """Tick these."""
        for each, box in self.boxes.items():
            box.setChecked(each in cast("frozenset[object]", value or frozenset()))

    def inputs(self) -> Sequence[QWidget]:
        """The boxes."""
        return tuple(self.boxes.values())


class RadioControl(Edited):
    """Exactly one of a few, all seen; None until one is chosen."""

    def __init__(self, choices: Mapping[object, str], hint: str = "") -> None:
        super().__init__()
        self.buttons = {value: QRadioButton(text) for value, text in choices.items()}
        self._group = QButtonGroup()
        for each in self.buttons.values():
            self._group.addButton(each)
            each.toggled.connect(lambda on: self.edited.emit() if on else None)
        self.widget = boxed(row(*self.buttons.values(), label(hint, "hint") if hint else None, 1))

    def value(self) -> object:
        """What is chosen."""
        return next((value for value, each in self.buttons.items() if each.isChecked()), None)

    def set_value(self, value: object) -> None:
        """Choose this one, or none."""
        self._group.setExclusive(False)
        for each, shown in self.buttons.items():
            shown.setChecked(each == value)
        self._group.setExclusive(True)

    def inputs(self) -> Sequence[QWidget]:
        """The buttons."""
        return tuple(self.buttons.values())


class FieldRow(QWidget):
    """A label above or beside its control, and the fault below. `left` tells that the person went on."""

    edited = Signal()
    left = Signal()

    def __init__(self, text: str, control: Control, *, required: bool = False, hint: str = "") -> None:
        super().__init__()
        self.control = control
        self.label = label(text + (" *" if required else ""), wrap=True)
        self.fault = label("", "error", wrap=True)
        self.hint = label(hint, "hint", wrap=True)
        self.fault.hide()
        self.setLayout(column(self.label, control.widget, self.hint, self.fault, gap=3))
        self.hint.setVisible(bool(hint))  # only now: shown without a parent, it would be a window for a moment
        inputs = control.inputs()
        self.label.setBuddy(inputs[0])
        for each in inputs:
            own = getattr(each, "text", None)
            said = own() if isinstance(each, QCheckBox | QRadioButton) and callable(own) else ""
            each.setAccessibleName(f"{text} {said}".strip())
            each.setAccessibleDescription(hint)
            each.installEventFilter(self)
        cast(Edited, control).edited.connect(self.edited)

    def value(self) -> object:
        """What is entered."""
        return self.control.value()

    def set_value(self, value: object) -> None:
        """Show a value."""
        self.control.set_value(value)

    def say(self, text: str) -> None:
        """Show what is wrong with it; nothing when empty."""
        self.fault.setText(f"⚠ {text}" if text else "")
        self.fault.setVisible(bool(text))
        for each in self.control.inputs():
            set_look(each, tone="wrong" if text else "")

    def show_fault(self, problem: FieldProblem | None) -> None:
        """The same for a problem."""
        self.say(sentences(*explain(problem)) if problem else "")

    def focus(self) -> None:
        """Put the cursor here."""
        first = self.control.inputs()[0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the last of the inputs was left."""
        if event.type() is QEvent.Type.FocusOut and QApplication.focusWidget() not in self.control.inputs():
            self.left.emit()
        return super().eventFilter(watched, event)


class Faults(QWidget):
    """What is still wrong, as a list of links that jump to the field."""

    def __init__(self, rows: Mapping[str, FieldRow]) -> None:
        super().__init__()
        self._rows = rows
        self._list: QVBoxLayout = column(gap=0)
        self._head = label("", "error")
        self.setLayout(column(self._head, self._list, gap=2))
        self.hide()

    def show_all(self, problems: Sequence[FieldProblem]) -> None:
        """List these, and mark each at its field; a field that is not among them is clean."""
        told = {problem.field: problem for problem in problems}
        for key, field in self._rows.items():
            field.show_fault(told.get(key))
        clear(self._list)
        self._head.setText(tr("还有 {count} 处需要改正：", count=len(problems)))
        for problem in problems:
            self._list.addWidget(self._link(problem))
        self.setVisible(bool(problems))

    def _link(self, problem: FieldProblem) -> QWidget:
        field = self._rows.get(problem.field)
        where = field.label.text().rstrip(" *") if field else problem.field
        text = tr("{field}：{what}", field=where, what=explain(problem).what)
        return button(text, field.focus if field else None, role="link")
