"""工作台: the number on a card is the length of the list that opens, and of what the gate lets through (I1)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QPushButton

from app.demo.cast import COUNTY, PROVINCE, SCHOOL
from app.policy import Post
from app.services import applications
from app.views.links import Link
from app.views.workbench.page import WorkbenchPage
from tests.views.conftest import Desks


def _opened(desks: Desks, unit: str, post: Post) -> WorkbenchPage:
    page = WorkbenchPage(desks.at(unit, post))
    desks.qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    desks.settle()
    return page


def _number(page: WorkbenchPage, key: str) -> str:
    return page.cards[key].findChildren(QLabel)[0].text()


@pytest.mark.requirement("I1")
def test_a_card_counts_what_the_gate_lets_through_and_leads_there(desks: Desks) -> None:
    submitted = [desks.office.entered(), desks.office.entered()]
    page = _opened(desks, SCHOOL, Post.SYSTEM)
    assert _number(page, "applications.print") == "2"
    followed: list[Link] = []
    page.desk.follow.connect(followed.append)
    desks.qtbot.mouseClick(page.cards["applications.print"].findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert followed[0].ids == tuple(submitted)
    assert page.desk.gate.may(page.desk.actor, applications.mark_printed, submitted) == set(submitted)


@pytest.mark.requirement("I1")
def test_it_counts_again_when_something_was_done(desks: Desks) -> None:
    form = desks.office.entered()
    page = _opened(desks, SCHOOL, Post.SYSTEM)
    page.desk.do(page, applications.mark_printed, form)
    desks.settle()
    desks.settle()
    assert set(page.cards) == {"applications.sign"}


@pytest.mark.requirement("I1")
def test_with_nothing_to_do_it_says_so(desks: Desks) -> None:
    page = _opened(desks, SCHOOL, Post.SECURITY)
    assert not page.cards
    assert any("没有等您办的事" in shown.text() for shown in page.findChildren(QLabel) if shown.isVisible())


@pytest.mark.requirement("B1")
def test_an_office_sees_which_units_below_lack_posts(desks: Desks) -> None:
    page = _opened(desks, PROVINCE, Post.SYSTEM)
    QAbstractItemModelTester(page.units, QAbstractItemModelTester.FailureReportingMode.Fatal)
    shown = {page.units.index(at, 0).data(): page.units.index(at, 4).data() for at in range(page.units.rowCount())}
    assert shown["长春市教育局"] == "✓ 岗位齐备"
    assert "还没有系统管理员" in shown["吉林市教育局"]


def test_a_school_has_no_units_below(desks: Desks) -> None:
    page = _opened(desks, SCHOOL, Post.SYSTEM)
    assert not page.below.isVisible()
    assert _opened(desks, COUNTY, Post.SYSTEM).below.isVisible()
