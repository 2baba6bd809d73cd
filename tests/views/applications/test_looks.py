"""Nothing is cut off and nothing is nameless: in the list, its details, the entry with faults, and the dialogs (I3)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app import words
from app.policy import Post
from app.services import applications
from app.views import theme
from app.views.applications.pane import Pane
from tests.views.applications.conftest import Stage
from tests.views.looks import faults

Show = Callable[..., Stage]


@pytest.fixture(params=[words.CHINESE, words.ENGLISH])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    words.set_language(request.param)
    yield request.param
    words.set_language(words.CHINESE)


@pytest.fixture(params=[(100, 984, 500), (100, 1326, 630), (150, 1326, 630)])
def size(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[tuple[int, int]]:
    """Room for a page in a window of 1024×640 and of 1366×768."""
    percent, width, height = request.param
    theme.apply(qapp, percent)
    yield width, height
    theme.apply(qapp)


def dialog_of(at: Stage, pane: Pane[Any], operation: str) -> None:
    """Open it by its button, look at it, close it."""
    made = next(made for action, made in pane.buttons.items() if action.operation == operation)
    at.click(made)
    assert faults(at.dialog()) == []
    at.dialog().reject()
    at.settle()


@pytest.mark.requirement("I3")
def test_a_form_and_its_dialogs(stage: Show, language: str, size: tuple[int, int]) -> None:
    at = stage()
    at.page.resize(*size)
    form = at.office.signed()
    at.office.gate.do(at.page.desk.actor, applications.submit, form)
    at.page.look_again()
    pane = at.select(0)
    assert isinstance(pane, Pane)
    assert faults(at.page) == []
    for operation in ("applications.accept", "applications.return", "applications.reject", "applications.withdraw"):
        dialog_of(at, pane, operation)


@pytest.mark.requirement("I3")
def test_a_user_and_the_reveal(stage: Show, language: str, size: tuple[int, int]) -> None:
    at = stage(post=Post.SECURITY)
    at.page.resize(*size)
    at.office.granted()
    at.page.segments.setCurrentIndex(1)
    pane = at.select(0)
    assert isinstance(pane, Pane)
    assert faults(at.page) == []
    dialog_of(at, pane, "people.reveal")


@pytest.mark.requirement("I3")
def test_the_entry_with_its_faults(stage: Show, language: str, size: tuple[int, int]) -> None:
    at = stage()
    at.page.resize(*size)
    at.click(at.page.new)
    at.settle()
    assert at.page.entry is not None
    assert faults(at.page) == []
    at.click(at.page.entry.store)
    at.settle()
    assert faults(at.page) == []
    at.page.leave()
    at.settle()
    assert faults(at.page) == []
