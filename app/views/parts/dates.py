"""A control for a date."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget

from app.views.parts.fields import Edited


class DateControl(Edited):
    """A date, typed or chosen from a calendar."""

    def __init__(self, day: date) -> None:
        super().__init__()
        self.box = QDateEdit()
        self.box.setCalendarPopup(True)
        self.box.setDisplayFormat("yyyy-MM-dd")
        self.set_value(day)
        self.box.dateChanged.connect(lambda _: self.edited.emit())
        self.widget: QWidget = self.box

    def value(self) -> date:
        """The date entered."""
        day = self.box.date()
        return date(day.year(), day.month(), day.day())

    def set_value(self, value: object) -> None:
        """Show a date."""
        if isinstance(value, date):
            self.box.setDate(QDate(value.year, value.month, value.day))

    def inputs(self) -> Sequence[QWidget]:
        """The box."""
        return (self.box,)
