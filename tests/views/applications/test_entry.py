"""Entering a 附件4: by keyboard alone, checked when a field is left, kept by itself, and two clerks at one form."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from app.demo.cast import ADDRESSES, COUNTY, HOLDER, SCHOOL
from app.forms import annex4
from app.forms.annex4 import Annex4, UserType
from app.models.applications import Application, ApplicationState
from app.policy import Post
from app.services import applications, drafts, form_list
from app.services.form_list import FormFilter
from app.views.applications.entry import Entry
from app.views.links import Link
from tests.views.applications.conftest import Stage
from tests.views.hands import write

Show = Callable[..., Stage]
TYPED = (HOLDER.name, HOLDER.id_number, HOLDER.office_phone, HOLDER.email, HOLDER.mobile)


def entry(at: Stage) -> Entry:
    at.settle()
    at.settle()
    assert at.page.entry is not None
    return at.page.entry


def begin(at: Stage) -> Entry:
    at.click(at.page.new)
    return entry(at)


def line(made: Entry, key: str) -> QWidget:
    return made.fields.rows[key].control.inputs()[0]


def fill(at: Stage, made: Entry, form: Annex4 = HOLDER) -> None:
    """Tab from field to field, as a typist does."""
    line(made, "name").setFocus()
    for text in (form.name, form.id_number, form.office_phone, form.email, form.mobile):
        write(made.focusWidget(), text)
        at.qtbot.keyClick(made.focusWidget(), Qt.Key.Key_Tab)
    at.qtbot.keyClicks(made.focusWidget(), form.school_type)
    for _ in UserType:
        at.qtbot.keyClick(made.focusWidget(), Qt.Key.Key_Tab)
        box = made.focusWidget()
        assert isinstance(box, QCheckBox)
        if box.text() in form.user_types:
            at.qtbot.keyClick(box, Qt.Key.Key_Space)
    at.qtbot.keyClick(made.focusWidget(), Qt.Key.Key_Tab)
    assert isinstance(made.focusWidget(), QRadioButton)
    for key, text in (("existing_account", form.existing_account), ("remarks", form.remarks)):
        while made.focusWidget() is not line(made, key):
            at.qtbot.keyClick(made.focusWidget(), Qt.Key.Key_Tab)
        write(line(made, key), text)


def kept(at: Stage) -> list[drafts.Draft]:
    at.settle()
    return drafts.kept(at.office.context, at.office.actor(SCHOOL, Post.SYSTEM))


@pytest.mark.requirement("C1", "I3")
def test_a_form_is_entered_by_keyboard_alone(stage: Show) -> None:
    at = stage()
    at.qtbot.keyClick(at.page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    at.seen(lambda: at.page.entry)
    made = entry(at)
    assert made.focusWidget() is line(made, "name")
    fill(at, made)
    at.qtbot.keyClick(made.focusWidget(), Qt.Key.Key_Tab)
    assert at.page.focusWidget() is made.store, "from the last field on to the button"
    at.qtbot.keyClick(made.store, Qt.Key.Key_Space)
    at.seen(lambda: at.page.entry is None)
    at.settle()
    (form,) = at.office.gate.ask(at.office.actor(SCHOOL, Post.SYSTEM), form_list.ids, FormFilter())
    saved = at.office.gate.do(at.office.actor(SCHOOL, Post.SYSTEM), applications.work_on, form)
    assert saved.form == HOLDER
    assert at.page.notice.text == "已保存 YW-2026-000001（还没有提交）。下一步：打印，签署后登记，再提交。"
    assert "YW-2026-000001　王𬭊" in at.texts(), "the new form is selected, with what comes next"


@pytest.mark.requirement("C1")
def test_the_unit_is_given_and_the_fields_stand_in_the_sources_order(stage: Show) -> None:
    at = stage()
    made = begin(at)
    assert made.fields.form() == Annex4(unit_name=SCHOOL, address=ADDRESSES[SCHOOL], school_type="211")
    assert list(made.fields.rows) == list(annex4.BY_KEY)
    at.qtbot.keyClicks(line(made, "unit_name"), "x")
    assert made.fields.form().unit_name == SCHOOL
    assert made.fields.rows["school_type"].label.text() == "办学类型 *"
    assert made.fields.rows["remarks"].label.text() == "其他补充说明"


@pytest.mark.requirement("C1")
def test_a_bureau_gives_no_school_type(stage: Show) -> None:
    at = stage(COUNTY)
    assert begin(at).fields.rows["school_type"].label.text() == "办学类型"


@pytest.mark.requirement("C1")
def test_a_field_is_checked_when_it_is_left_and_only_then(stage: Show) -> None:
    at = stage()
    made = begin(at)
    wrong, later = made.fields.rows["id_number"], made.fields.rows["mobile"]
    line(made, "id_number").setFocus()
    write(line(made, "id_number"), "22012219900307461")
    at.settle()
    assert not wrong.fault.isVisible()
    at.qtbot.keyClick(line(made, "id_number"), Qt.Key.Key_Tab)
    at.seen(wrong.fault.isVisible)
    assert "18 位" in wrong.fault.text()
    assert not later.fault.isVisible(), "nobody has come to it yet"
    line(made, "id_number").setFocus()
    write(line(made, "id_number"), "8")
    at.seen(lambda: not wrong.fault.isVisible())


@pytest.mark.requirement("C1", "I3")
def test_saving_lists_what_is_wrong_and_a_link_jumps_there(stage: Show) -> None:
    at = stage()
    made = begin(at)
    at.click(made.store)
    at.seen(made.faults.isVisible)
    assert at.page.focusWidget() is line(made, "name"), "the first fault has the cursor"
    assert "还有 8 处需要改正" in at.texts(made.faults)
    link = next(each for each in at.buttons(made.faults) if each.text().startswith("手机号码"))
    at.click(link)
    assert at.page.focusWidget() is line(made, "mobile")
    write(line(made, "mobile"), "13904310010")
    at.seen(lambda: "还有 7 处需要改正" in at.texts(made.faults))
    assert at.office.gate.ask(at.office.actor(SCHOOL, Post.SYSTEM), applications.listed) == []


@pytest.mark.requirement("C1")
def test_who_becomes_information_administrator_asks_for_a_certificate(stage: Show) -> None:
    at = stage()
    made = begin(at)
    types, wants = made.fields.rows["user_types"], made.fields.rows["wants_certificate"]
    assert "信息管理员必须申请数字证书" in wants.hint.text()
    boxes = {each.text(): each for each in types.control.inputs() if isinstance(each, QCheckBox)}
    at.qtbot.mouseClick(boxes["信息查询员"], Qt.MouseButton.LeftButton)
    assert wants.value() is None
    at.qtbot.mouseClick(boxes["信息管理员"], Qt.MouseButton.LeftButton)
    assert wants.value() is True


@pytest.mark.requirement("F1")
def test_the_printed_page_fills_as_one_types(stage: Show) -> None:
    at = stage()
    made = begin(at)
    at.seen(lambda: made.paper._pictures)
    before = made.paper._pictures[0].copy()
    write(line(made, "name"), "王𬭊")
    at.seen(lambda: made.paper._pictures[0] != before)


@pytest.mark.requirement("I3")
def test_what_is_typed_is_kept_and_found_again_after_a_crash(stage: Show) -> None:
    at = stage()
    made = begin(at)
    write(line(made, "name"), "王𬭊")
    at.seen(lambda: "草稿已自动保存 16:00" in made.told.text())
    assert annex4.from_json(kept(at)[0].content).name == "王𬭊"
    again = stage()  # another window on the same office, as after a kill
    assert "上次没填完：新申请单（王𬭊）" in again.texts(again.page.unfinished)
    again.click(again.button("继续填写"))
    assert entry(again).fields.form().name == "王𬭊"
    assert "已接着" in again.page.notice.text


@pytest.mark.requirement("I3")
def test_a_draft_is_gone_when_it_was_saved(stage: Show) -> None:
    at = stage()
    made = begin(at)
    fill(at, made)
    at.seen(lambda: kept(at))
    at.click(made.store)
    at.settle()
    assert kept(at) == []
    assert not at.page.unfinished.isVisible()


@pytest.mark.requirement("I3")
def test_leaving_keeps_the_last_keys_and_giving_up_can_be_taken_back(stage: Show) -> None:
    at = stage()
    made = begin(at)
    write(line(made, "name"), "王")
    at.qtbot.keyClick(line(made, "name"), Qt.Key.Key_Escape)
    at.settle()
    assert at.page.entry is None
    at.seen(at.page.unfinished.isVisible)
    at.click(at.button("丢弃"))
    assert not at.page.unfinished.isVisible()
    assert kept(at) == []
    at.click(at.button("撤销", at.page.notice))
    assert at.page.unfinished.isVisible()
    assert annex4.from_json(kept(at)[0].content).name == "王"


@pytest.mark.requirement("I3")
def test_a_window_that_closes_keeps_the_last_keys(stage: Show) -> None:
    at = stage()
    made = begin(at)
    write(line(made, "name"), "王")
    at.desks.tasks.settle()
    for lane in (at.desks.tasks._operations, at.desks.tasks._queries):
        lane.shutdown()
    at.page.hide()
    assert annex4.from_json(drafts.kept(at.office.context, at.page.desk.actor)[0].content).name == "王"


@pytest.mark.requirement("I3")
def test_a_draft_can_be_given_up_in_the_entry(stage: Show) -> None:
    at = stage()
    drafts.keep(at.office.context, at.page.desk.actor, "new", annex4.to_json(replace(HOLDER, name="旧")))
    begin(at)
    at.page.leave()
    assert at.page.notice.text == "", "nothing is offered of an entry that was left"
    made = begin(at)
    assert made.fields.form().name == "旧"
    at.click(at.button("不要草稿，重新填写"))
    assert made.fields.form() == Annex4(unit_name=SCHOOL, address=ADDRESSES[SCHOOL], school_type="211")
    at.click(at.button("撤销", at.page.notice))
    assert made.fields.form().name == "旧"


@pytest.mark.requirement("C1", "G4")
def test_editing_shows_the_form_in_full_and_that_is_logged(stage: Show) -> None:
    at = stage()
    form = at.office.signed()
    at.page.look_again()
    at.select(0)
    at.click(at.button("编辑"))
    made = entry(at)
    assert made.fields.form() == HOLDER
    assert "须重新打印、重新签署" in at.page.notice.text
    line(made, "remarks").setFocus()
    write(line(made, "remarks"), "补充")
    at.click(made.store)
    at.settle()
    with at.office.context.database.reading() as session:
        row = session.get_one(Application, form)
        assert (row.state, row.revision_number) == (ApplicationState.DRAFT, 2)


@pytest.mark.requirement("C1", "H2")
def test_two_clerks_at_one_form_lose_nothing(stage: Show) -> None:
    at = stage()
    form, clerk = at.office.entered(), at.office.actor(SCHOOL, Post.SYSTEM)
    at.page.look_again()
    at.select(0)
    at.click(at.button("编辑"))
    made = entry(at)
    write(line(made, "existing_account"), "old-")
    at.office.gate.do(clerk, applications.edit, form, replace(HOLDER, mobile="13904319999"), 1)
    at.click(made.store)
    at.settle()
    assert "陈静修改过这张申请单" in at.page.notice.text
    assert made.fields.form().existing_account != "无", "what was typed stays"
    at.click(at.button("对照现在的内容"))
    at.settle()
    assert made.fields.rows["mobile"].hint.text() == "现在登记的是：13904319999"
    assert made.fields.rows["existing_account"].hint.text() == "现在登记的是：无"
    typed = made.fields.form()
    at.click(made.store)
    at.settle()
    assert at.office.gate.do(clerk, applications.work_on, form).form == typed


@pytest.mark.requirement("C1")
def test_a_link_from_elsewhere_begins_a_form(stage: Show) -> None:
    at = stage()
    at.page.open(Link("applications", action="new"))
    assert entry(at).isVisible()
