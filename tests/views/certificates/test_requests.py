"""The list of certificate requests: who sees what, each action through the gate, many at once (E1)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton

from app.demo.cast import COUNTY, HOLDER, PROVINCE, SCHOOL
from app.errors import Conflict, Problem
from app.models.certificates import RequestState
from app.policy import Post
from app.services import certificates
from app.views.certificates.authority import FoundAuthority
from app.views.certificates.batch import Outcome
from app.views.certificates.filing import FilingDialog
from app.views.links import Link
from app.views.parts.dialog import FormDialog
from tests.support.offices import Office
from tests.views.certificates.conftest import Stage
from tests.views.hands import write

Show = Callable[..., Stage]

OTHER = replace(HOLDER, name="杨帆", id_number="990013197403282704", mobile="13904310033", email="yangfan@example.com")


def state(office: Office, request: int) -> RequestState:
    rows = office.gate.ask(office.actor(PROVINCE, Post.SECURITY), certificates.listed)
    return next(row.state for row in rows if row.id == request)


def two_at_province(office: Office) -> tuple[int, int]:
    return office.at_province(), office.at_province(OTHER, "hl-yangfan")


@pytest.mark.requirement("E1")
def test_the_list_shows_each_request_and_its_way(stage: Show, sqlite_office: Office) -> None:
    sqlite_office.at_province()
    shown = stage(PROVINCE, Post.SECURITY)
    model = shown.page.requests.table.rows
    QAbstractItemModelTester(model)
    shown.settle()
    cells = [str(model.index(0, column).data()) for column in range(model.columnCount())]
    assert HOLDER.name in cells
    assert SCHOOL in cells
    assert "● 转报中" in cells
    assert PROVINCE in cells
    shown.select()
    told = shown.texts(shown.page.requests.details)
    assert "刘洋 系统管理员" in told
    assert "王海涛 系统管理员" in told


@pytest.mark.requirement("E1")
def test_an_auditor_is_offered_nothing(stage: Show, sqlite_office: Office) -> None:
    sqlite_office.at_province()
    shown = stage(PROVINCE, Post.AUDITOR)
    shown.select()
    assert shown.offered() == []
    assert not shown.page.file.isVisible()


@pytest.mark.requirement("E1")
def test_the_county_forwards_what_lies_on_its_desk(stage: Show, sqlite_office: Office) -> None:
    request = sqlite_office.filed()
    shown = stage(COUNTY, Post.SYSTEM)
    shown.select()
    assert shown.offered() == ["转报"]
    shown.act("转报")
    shown.settle()
    assert "已转报 1 份" in shown.page.notice.text
    assert state(sqlite_office, request) is RequestState.FORWARDED
    assert shown.offered() == []


@pytest.mark.requirement("E1")
def test_the_province_approves_all_selected(stage: Show, sqlite_office: Office) -> None:
    requests = two_at_province(sqlite_office)
    shown = stage(PROVINCE, Post.SECURITY)
    table = shown.page.requests.table
    table.setFocus()
    shown.qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    shown.settle()
    assert shown.offered() == ["审核通过（2）", "退回（2）", "不予办理（2）"]
    changes: list[str] = []
    shown.page.desk.changed.connect(changes.append)
    shown.act("审核通过（2）")
    shown.settle()
    assert shown.page.notice.text == "已审核通过 2 份。"
    assert [state(sqlite_office, each) for each in requests] == [RequestState.PROVINCE_APPROVED] * 2
    assert changes == ["certificates"]


@pytest.mark.requirement("E1")
def test_one_that_somebody_else_has_decided_is_named_with_the_reason(stage: Show, sqlite_office: Office) -> None:
    first, second = two_at_province(sqlite_office)
    shown = stage(PROVINCE, Post.SECURITY)
    shown.page.requests.table.selectAll()
    shown.settle()
    sqlite_office.gate.do(sqlite_office.actor(PROVINCE, Post.SECURITY), certificates.reject, first, "姓名不符")
    shown.act("审核通过（2）")
    shown.settle()
    assert "已审核通过 1 份" in shown.page.notice.text
    assert f"· {HOLDER.name}（ZS-" in shown.page.notice.text
    assert state(sqlite_office, first) is RequestState.REJECTED
    assert state(sqlite_office, second) is RequestState.PROVINCE_APPROVED


def test_what_came_of_many_is_told_in_few_lines() -> None:
    refused: dict[int, Problem] = {number: Conflict("gate.wrong_state") for number in range(9)}
    told = Outcome(0, refused, 3).text("已转报 0 份。", {0: "甲"}).splitlines()
    assert told[0] == "已停止，还有 3 份没有办。"
    assert told[1] == "有 9 份没有办成："
    assert told[2].startswith("· 甲：")
    assert (len(told), told[-1]) == (8, "· 等等")
    assert (Outcome(0, refused).tone, Outcome(2, refused).tone, Outcome(2).tone) == ("wrong", "late", "good")


def test_stopping_leaves_the_rest_undone(stage: Show, sqlite_office: Office) -> None:
    requests = two_at_province(sqlite_office)
    shown = stage(PROVINCE, Post.SECURITY)
    outcomes: list[Outcome] = []
    batch = shown.page.requests.batch
    batch.run(certificates.approve, requests, (), outcomes.append)
    shown.qtbot.mouseClick(batch.stop, Qt.MouseButton.LeftButton)
    shown.settle()
    assert (outcomes[0].done, outcomes[0].left) == (1, 1)
    assert state(sqlite_office, requests[1]) is RequestState.FORWARDED


@pytest.mark.requirement("E1")
def test_a_return_needs_a_reason_and_loses_nothing(stage: Show, sqlite_office: Office) -> None:
    request = sqlite_office.at_province()
    shown = stage(PROVINCE, Post.SECURITY)
    shown.select()
    shown.act("退回…")
    dialog = shown.dialog(FormDialog)
    reason = dialog.fields["reason"]
    write(reason.control.inputs()[0], "  ")
    shown.click(dialog.go)
    assert "请写明原因" in reason.fault.text()
    assert state(sqlite_office, request) is RequestState.FORWARDED
    write(reason.control.inputs()[0], "手机号不是本人的")
    shown.click(dialog.go)
    shown.settle()
    assert state(sqlite_office, request) is RequestState.RETURNED
    shown.select()
    shown.seen(lambda: "手机号不是本人的" in shown.texts(shown.page.requests.details))


@pytest.mark.requirement("E1")
def test_what_came_back_goes_up_again(stage: Show, sqlite_office: Office) -> None:
    request = sqlite_office.at_province()
    sqlite_office.gate.do(sqlite_office.actor(PROVINCE, Post.SECURITY), certificates.send_back, request, "缺印章")
    shown = stage()
    shown.select()
    assert "缺印章" in shown.texts(shown.page.requests.details)
    shown.act("重新上报")
    shown.settle()
    assert state(sqlite_office, request) is RequestState.REQUESTED


@pytest.mark.requirement("E3")
def test_the_holders_screen_is_asked_for(stage: Show, sqlite_office: Office) -> None:
    request, _ = sqlite_office.with_code()
    shown = stage()
    opened: list[int] = []
    shown.page.desk.holder.connect(opened.append)
    shown.select()
    shown.act("打开持证人界面")
    assert opened == [request]


@pytest.mark.requirement("E1")
def test_certificates_are_asked_for_by_keyboard_alone(stage: Show, sqlite_office: Office) -> None:
    sqlite_office.granted()
    shown = stage()
    shown.page.file.setFocus()
    shown.qtbot.keyClick(shown.page.file, Qt.Key.Key_Space)
    shown.settle()
    dialog = shown.dialog(FilingDialog)
    assert [row.name for row in dialog.table.selected_rows()] == [HOLDER.name]
    assert dialog.go.text() == "申请（1）"
    dialog.go.setFocus()
    shown.qtbot.keyClick(dialog.go, Qt.Key.Key_Space)
    shown.settle()
    shown.settle()
    assert "已申请 1 份" in shown.page.notice.text
    assert shown.page.requests.table.rows.rowCount() == 1


def test_a_link_shows_only_what_it_leads_to(stage: Show, sqlite_office: Office) -> None:
    first, _ = two_at_province(sqlite_office)
    link = Link("certificates", "requests", "待审核的证书申请", (first,))
    shown = stage(PROVINCE, Post.SECURITY, link=link)
    table = shown.page.requests.table
    assert table.rows.rowCount() == 1
    assert [row.id for row in table.selected_rows()] == [first]
    assert "只看：待审核的证书申请" in shown.texts(shown.page)
    shown.click(next(each for each in shown.page.findChildren(QPushButton) if each.text() == "看全部"))
    assert table.rows.rowCount() == 2


def test_text_and_state_narrow_the_list(stage: Show, sqlite_office: Office) -> None:
    two_at_province(sqlite_office)
    shown = stage(PROVINCE, Post.SECURITY)
    requests = shown.page.requests
    shown.page.search()
    assert requests.text.hasFocus()
    write(requests.text, "杨")
    shown.seen(lambda: requests.table.rows.rowCount() == 1)
    requests.text.clear()
    shown.seen(lambda: requests.table.rows.rowCount() == 2)
    requests.state.setCurrentIndex(requests.state.findData(RequestState.CONFIRMED))
    shown.seen(lambda: requests.table.rows.rowCount() == 0)


def test_after_a_decision_the_next_one_is_selected(stage: Show, sqlite_office: Office) -> None:
    two_at_province(sqlite_office)
    shown = stage(PROVINCE, Post.SECURITY)
    requests = shown.page.requests
    requests.state.setCurrentIndex(requests.state.findData(RequestState.FORWARDED))
    shown.settle()
    shown.select(0)
    shown.act("审核通过")
    shown.settle()
    shown.settle()
    assert [row.holder_name for row in requests.table.selected_rows()] == [HOLDER.name]
    assert "审核通过" in shown.offered()


@pytest.mark.requirement("E6")
def test_the_province_founds_its_authority(stage: Show, sqlite_office: Office) -> None:
    shown = stage(PROVINCE, Post.SECURITY)
    found = next(each for each in shown.page.findChildren(QPushButton) if each.text() == "建立内置 CA…")
    shown.click(found)
    dialog = shown.dialog(FoundAuthority)
    dialog.fields["root"].set_value("short")
    shown.click(dialog.go)
    assert "至少 12 个字符" in dialog.fields["root"].fault.text()
    for key, text in {"root": "root passphrase 1", "issuing": "issuing passphrase 2"}.items():
        dialog.fields[key].set_value(text)
    shown.click(dialog.go)
    assert "不一样" in dialog.fields["issuing_again"].fault.text()
    for key, text in {"root_again": "root passphrase 1", "issuing_again": "issuing passphrase 2"}.items():
        dialog.fields[key].set_value(text)
    shown.qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    shown.seen(lambda: shown.page.notice.text, 60_000)
    assert (sqlite_office.context.folder / "ca" / "root.pem").exists()
    assert not found.isVisible()


@pytest.mark.parametrize(("unit", "post"), [(PROVINCE, Post.SYSTEM), (SCHOOL, Post.SECURITY)])
def test_nobody_else_is_told_to_found_one(stage: Show, unit: str, post: Post) -> None:
    shown = stage(unit, post)
    assert not [each for each in shown.page.findChildren(QPushButton) if "CA" in each.text() and each.isVisible()]
