"""No word cut off, no control nameless: both segments and every dialog, in both languages and two sizes (I3)."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import words
from app.demo.cast import PROVINCE, SCHOOL
from app.policy import Post
from app.views import theme
from app.views.parts.dialog import FormDialog
from tests.support.offices import Office
from tests.support.softhsm import SoftHsm
from tests.views.certificates.conftest import Stage
from tests.views.looks import faults


@pytest.fixture(params=[(words.CHINESE, 100), (words.ENGLISH, 100), (words.CHINESE, 150), (words.ENGLISH, 150)])
def dressed_so(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    language, size = request.param
    words.set_language(language)
    theme.apply(qapp, size)
    yield
    words.set_language(words.CHINESE)
    theme.apply(qapp)


def look(shown: Stage, widget: QWidget) -> list[str]:
    shown.settle()
    shown.settle()
    shown.qtbot.wait(50)
    return faults(widget)


def look_at_dialog(shown: Stage) -> list[str]:
    shown.settle()
    dialog = shown.dialog(QDialog)
    found = look(shown, dialog)
    dialog.reject()
    return found


@pytest.mark.requirement("I3")
@pytest.mark.usefixtures("dressed_so")
def test_the_requests(stage: Callable[..., Stage], sqlite_office: Office) -> None:
    sqlite_office.at_province()
    shown = stage(PROVINCE, Post.SECURITY)
    shown.select()
    found = look(shown, shown.page)
    for button in shown.page.requests.details.buttons.buttons.values():
        if button.isVisible() and "…" in button.text():
            button.click()
            found += look_at_dialog(shown)
    shown.page.requests.found_authority()
    found += look_at_dialog(shown)
    assert found == []


@pytest.mark.requirement("I3")
@pytest.mark.usefixtures("dressed_so")
def test_filing_and_the_code(stage: Callable[..., Stage], sqlite_office: Office) -> None:
    sqlite_office.approved()
    shown = stage(SCHOOL, Post.SYSTEM)
    shown.page.requests.file()
    found = look_at_dialog(shown)
    shown = stage(SCHOOL, Post.SECURITY)
    shown.select()
    next(each for each in shown.page.requests.details.buttons.buttons.values() if each.isVisible()).click()
    found += look(shown, shown.dialog(QDialog))
    shown.click(shown.dialog(FormDialog).go)
    found += look_at_dialog(shown)
    assert found == []


@pytest.mark.requirement("I3", "E7")
@pytest.mark.usefixtures("dressed_so")
def test_the_ukeys(stage: Callable[..., Stage], softhsm: SoftHsm, serial: str) -> None:
    shown = stage(libraries=(softhsm.library,))
    shown.to_ukeys()
    ukeys = shown.page.ukeys
    found = look(shown, shown.page)
    for button in (ukeys.list_contents, ukeys.change):
        button.click()
        found += look_at_dialog(shown)
    none = stage()
    none.to_ukeys()
    none.seen(lambda: none.page.ukeys.layers.isVisible())
    assert found + look(none, none.page) == []
