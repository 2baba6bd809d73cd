"""Changing units at the window: each through the gate, with date and reason; refusals stay at their field (A1)."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.demo.cast import CITY, COUNTY, PROVINCE, SCHOOL
from app.models.org import UnitStatus
from app.policy import Post
from app.services import org
from app.views.org.page import OrgPage
from app.views.parts.dialog import FormDialog
from tests.views.conftest import Desks
from tests.views.hands import write
from tests.views.looks import faults

pytestmark = pytest.mark.requirement("A1")
Shown = Callable[..., OrgPage]
WHY = "吉教发〔2026〕1号"
ZONE = "九台区教育局"


def _chosen(page: OrgPage, desks: Desks, name: str) -> None:
    page.tree.select(desks.office.units[name])
    page.tree.setFocus()
    _settled(desks)


def _dialog(desks: Desks) -> FormDialog:
    """A shortcut clicks its button, which takes a moment."""
    desks.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FormDialog)
    return dialog


def _undo(page: OrgPage) -> None:
    next(each for each in page.notice.findChildren(QPushButton) if each.text() == "撤销").click()


def _settled(desks: Desks) -> None:
    """Until what was done is shown: new labels appear with the next event."""
    desks.settle()
    QApplication.processEvents()


def _row(desks: Desks, unit_id: int) -> org.UnitRow:
    rows = desks.office.gate.ask(desks.office.actor(PROVINCE, Post.SYSTEM), org.units)
    return next(row for row in rows if row.id == unit_id)


def _words(page: OrgPage) -> str:
    return "\n".join(label.text() for label in page.details.findChildren(QLabel) if label.isVisible())


def test_the_details_say_what_the_unit_is_what_its_posts_lack_and_what_it_was(shown: Shown, desks: Desks) -> None:
    page = shown()
    _chosen(page, desks, SCHOOL)
    words = _words(page)
    for told in (SCHOOL, "✓ 在用", "2122000001", "小学", "✓ 三个岗位都已配齐", f"登记：{SCHOOL}", "for the tests"):
        assert told in words
    _chosen(page, desks, ZONE)
    assert "▲ 还没有系统管理员。" in _words(page)
    assert "载入市县" in _words(page)


@pytest.mark.requirement("I3")
def test_rename_by_keyboard_and_take_it_back(shown: Shown, desks: Desks) -> None:
    page = shown()
    _chosen(page, desks, SCHOOL)
    QTest.keyClick(page.tree, Qt.Key.Key_F2)
    dialog = _dialog(desks)
    line = QApplication.focusWidget()
    assert line is not None
    QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    write(line, "合隆镇第一小学")
    QTest.keyClick(line, Qt.Key.Key_Return)
    _settled(desks)
    assert "没有写明原因" in dialog.fields["reason"].fault.text(), "the refusal stands at its field"
    assert dialog.fields["name"].value() == "合隆镇第一小学", "and nothing typed is lost"
    reason = QApplication.focusWidget()
    assert reason is not None
    assert reason is dialog.fields["reason"].control.widget
    write(reason, WHY)
    QTest.keyClick(reason, Qt.Key.Key_Tab)
    dialog.go.setFocus()
    QTest.keyClick(dialog.go, Qt.Key.Key_Space)
    _settled(desks)
    school = desks.office.units[SCHOOL]
    assert _row(desks, school).name == "合隆镇第一小学"
    assert page.tree.current is not None
    assert page.tree.current.name == "合隆镇第一小学"
    assert f"由“{SCHOOL}”更名为“合隆镇第一小学”" in _words(page)
    assert WHY in _words(page)
    _undo(page)
    _settled(desks)
    assert _row(desks, school).name == SCHOOL
    assert f"撤销更名（{WHY}）" in _words(page)


@pytest.mark.requirement("I3")
def test_add_a_school_by_keyboard(shown: Shown, desks: Desks) -> None:
    page = shown()
    _chosen(page, desks, COUNTY)
    QTest.keyClick(page.tree, Qt.Key.Key_Insert)
    dialog = _dialog(desks)
    assert not dialog.fields["division_code"].isVisible()
    for key, text in {
        "name": "农安县新建小学",
        "school_code": "2122000001",
        "address": "新建路1号",
        "reason": WHY,
    }.items():
        write(dialog.fields[key].control.inputs()[0], text)
    dialog.fields["school_type"].set_value("211")
    dialog.go.click()
    _settled(desks)
    assert "已属于另一所学校" in dialog.fields["school_code"].fault.text()
    dialog.fields["school_code"].set_value("2122000009")
    dialog.go.click()
    _settled(desks)
    assert page.tree.current is not None
    row = _row(desks, page.tree.current.id)
    assert (row.name, row.school_code, row.school_type, row.address) == (
        "农安县新建小学",
        "2122000009",
        "211",
        "新建路1号",
    )
    assert row.reports_to_id == desks.office.units[COUNTY]


def test_move_to_a_superior_found_by_search_and_back(shown: Shown, desks: Desks) -> None:
    page = shown()
    _chosen(page, desks, COUNTY)
    page.offered[org.move.name].click()
    dialog = _dialog(desks)
    line = dialog.fields["superior"].control.inputs()[0]
    desks.qtbot.waitUntil(line.hasFocus)
    write(line, "四平")
    write(dialog.fields["reason"].control.inputs()[0], WHY)
    dialog.go.click()
    _settled(desks)
    row = _row(desks, desks.office.units[COUNTY])
    assert (row.reports_to_id, row.parent_id) == (desks.office.units["四平市教育局"],) * 2
    assert "上级改为四平市教育局" in _words(page)
    _undo(page)
    _settled(desks)
    row = _row(desks, desks.office.units[COUNTY])
    assert (row.reports_to_id, row.parent_id) == (desks.office.units[CITY],) * 2


def test_merge_and_retire_name_the_unit_and_say_that_it_is_for_good(shown: Shown, desks: Desks) -> None:
    page = shown()
    _chosen(page, desks, ZONE)
    page.offered[org.merge.name].click()
    dialog = _dialog(desks)
    write(dialog.fields["into"].control.inputs()[0], "双阳")
    dialog.fields["day"].set_value(date(2026, 12, 1))
    write(dialog.fields["reason"].control.inputs()[0], WHY)
    dialog.go.click()
    _settled(desks)
    assert _row(desks, desks.office.units[ZONE]).status is UnitStatus.RETIRED
    assert "2026-12-01　并入双阳区教育局" in _words(page)
    assert not any(each.isEnabled() for each in page.offered.values()), "nothing can be done with it any more"
    _chosen(page, desks, "双阳区教育局")
    page.offered[org.retire.name].click()
    dialog = _dialog(desks)
    assert dialog.go.text() == "停用双阳区教育局"
    write(dialog.fields["reason"].control.inputs()[0], WHY)
    dialog.go.click()
    _settled(desks)
    assert _row(desks, desks.office.units["双阳区教育局"]).status is UnitStatus.RETIRED


@pytest.mark.requirement("A4")
def test_only_what_the_gate_lets_through_is_offered(shown: Shown, desks: Desks) -> None:
    """Nothing comes below a school, there is one province, and a unit does not look after itself."""
    page = shown()
    offered = {}
    for name in (PROVINCE, COUNTY, SCHOOL):
        _chosen(page, desks, name)
        offered[name] = {key for key, each in page.offered.items() if each.isEnabled()}
    assert offered == {
        PROVINCE: {"org.add", "org.rename"},
        COUNTY: {"org.add", "org.rename", "org.move", "org.merge", "org.retire"},
        SCHOOL: {"org.rename", "org.move", "org.merge", "org.retire"},
    }
    county = shown(COUNTY)
    _chosen(county, desks, COUNTY)
    assert {key for key, each in county.offered.items() if each.isEnabled()} == {"org.add"}
    auditor = shown(PROVINCE, Post.AUDITOR)
    assert not any(each.isVisible() for each in (*auditor.offered.values(), auditor.lists))


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("what", ["org.add", "org.rename", "org.move", "org.merge", "org.retire"])
def test_the_dialogs_show_every_word_and_name_every_control(shown: Shown, desks: Desks, what: str) -> None:
    page = shown()
    _chosen(page, desks, COUNTY)
    page.offered[what].click()
    _settled(desks)
    assert faults(_dialog(desks)) == []
    assert faults(page) == []
    _dialog(desks).reject()
