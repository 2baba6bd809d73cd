"""The list of forms: what it shows, what narrows it, where a link leads, and its keys."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.demo.cast import HOLDER, SCHOOL
from app.policy import Post
from app.views.links import Link
from app.views.parts.table import Empty
from tests.views.applications.conftest import Stage
from tests.views.hands import write

Show = Callable[..., Stage]
OTHER = replace(HOLDER, name="李红", id_number="220122199003074634")


@pytest.mark.requirement("C1", "I1")
def test_forms_are_listed_newest_first_with_sign_and_word(stage: Show) -> None:
    at = stage()
    at.office.signed()
    at.office.entered(OTHER)
    at.page.look_again()
    assert at.cells() == [
        ["YW-2026-000002", "李红", "○ 草稿", "2026-11-23", SCHOOL],
        ["YW-2026-000001", "王𬭊", "○ 已打印", "2026-11-23", SCHOOL],
    ]
    assert at.page.forms.count.text() == "共 2 条"


def test_the_model_keeps_qts_rules(stage: Show) -> None:
    at = stage()
    model = at.page.forms.source.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    at.office.entered()
    at.page.look_again()
    assert at.cells()
    assert tester.model() is model


@pytest.mark.requirement("I1")
def test_text_state_and_order_narrow_and_sort(stage: Show) -> None:
    at = stage()
    at.office.signed()
    at.office.entered(OTHER)
    forms = at.page.forms
    write(forms.search, "李")
    at.seen(lambda: forms.source.model.rowCount() == 1)
    assert at.cells()[0][1] == "李红"
    forms.search.clear()
    forms._boxes["状态"].setCurrentText("○ 已打印")
    at.seen(lambda: [row[1] for row in at.cells()] == ["王𬭊"])
    forms._boxes["状态"].setCurrentIndex(0)
    forms.order.setCurrentText("最早的在前")
    at.seen(lambda: [row[1] for row in at.cells()] == ["王𬭊", "李红"])


@pytest.mark.requirement("I1", "I3")
def test_a_link_shows_only_its_forms_and_the_chip_leads_back(stage: Show) -> None:
    at = stage()
    first, _ = at.office.entered(), at.office.entered(OTHER)
    at.page.open(Link("applications", "forms", "待打印的申请单", (first,), "application"))
    assert [row[1] for row in at.cells()] == ["王𬭊"]
    assert at.page.forms.chip.text() == "只看：待打印的申请单（1） ✕"
    assert "YW-2026-000001　王𬭊" in at.texts(), "the first is open, to be worked on at once"
    at.click(at.page.forms.chip)
    assert len(at.cells()) == 2
    assert not at.page.forms.chip.isVisible()


@pytest.mark.requirement("I3")
def test_esc_steps_back_from_details_link_and_filters(stage: Show) -> None:
    at = stage()
    made = at.office.entered()
    at.page.open(Link("applications", "forms", "待打印的申请单", (made,)))
    at.settle()
    at.seen(lambda: "轮到这一项" in at.texts())
    table = at.page.forms.table
    at.qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert "轮到这一项" not in at.texts()
    at.qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert not at.page.forms.chip.isVisible()
    write(at.page.forms.search, "没有这个人")
    at.seen(lambda: at.page.forms.source.model.rowCount() == 0)
    at.qtbot.keyClick(at.page.forms.search, Qt.Key.Key_Escape)
    at.seen(lambda: at.page.forms.source.model.rowCount() == 1)


@pytest.mark.requirement("I3")
def test_enter_goes_to_the_first_thing_to_do_and_the_search_takes_the_cursor(stage: Show) -> None:
    at = stage()
    at.office.entered()
    at.page.look_again()
    at.cells()
    at.page.search()
    assert at.page.focusWidget() is at.page.forms.search
    at.page.forms.table.setFocus()
    at.qtbot.keyClick(at.page.forms.table, Qt.Key.Key_Return)
    at.settle()
    assert at.page.focusWidget() is at.button("打印")


def test_the_empty_list_has_the_one_button_that_begins(stage: Show) -> None:
    at = stage()
    (empty,) = [each for each in at.page.findChildren(Empty) if each.isVisible()]
    assert "附件4" in empty.label.text()
    at.click(empty.button)
    at.seen(lambda: at.page.entry)


@pytest.mark.requirement("C1", "G4")
def test_who_may_only_read_sees_masked_data_and_no_button(stage: Show) -> None:
    at = stage(post=Post.AUDITOR)
    at.office.entered()
    at.page.look_again()
    pane = at.select(0)
    assert at.buttons(pane) == []
    assert not at.page.new.isVisible()
    told = at.texts(pane)
    assert "2****************8" in told
    assert HOLDER.id_number not in told
    assert HOLDER.mobile not in told
