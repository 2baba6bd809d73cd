"""A 附件4 onto paper, or into a file for another computer's printer (F1)."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from app.forms.annex4 import Annex4, Signature, SignStep
from app.services import applications
from app.services.applications import ApplicationRow, Opened
from app.views.desk import Desk
from app.views.parts import preview
from app.views.parts.notice import Notice


def paper(number: str, form: Annex4, signed: Mapping[SignStep, Signature]) -> Callable[[], bytes]:
    """What renders the form, for a lane."""

    def make() -> bytes:
        from app.forms import annex4_paper

        return annex4_paper.render([annex4_paper.PrintedForm(number, form, signed)])

    return make


def print_form(owner: QWidget, desk: Desk, notice: Notice, row: ApplicationRow) -> None:
    """Send it to a printer; from now on it counts as printed."""

    def send(opened: Opened) -> None:
        preview.print_pdf(owner, desk.tasks, notice, _of(opened))

    desk.do(owner, applications.mark_printed, row.id).then(send)


def save_form(owner: QWidget, desk: Desk, notice: Notice, row: ApplicationRow) -> None:
    """Keep it as a file; from now on it counts as printed."""

    def save(opened: Opened) -> None:
        preview.save_pdf(owner, desk.tasks, notice, f"{opened.row.number}.pdf", _of(opened))

    desk.do(owner, applications.mark_printed, row.id).then(save)


def _of(opened: Opened) -> Callable[[], bytes]:
    return paper(opened.row.number, opened.form, opened.signatures)
