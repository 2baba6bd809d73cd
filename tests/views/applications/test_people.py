"""The list of business users: masked, and shown in full for a reason that the log keeps (C3, G4)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.demo.cast import COUNTY, HOLDER, SCHOOL
from app.models.audit import AuditEvent
from app.policy import Post
from app.views.links import Link
from tests.views.applications.conftest import Stage
from tests.views.hands import write

Show = Callable[..., Stage]
OTHER = replace(HOLDER, name="李红", id_number="220122199003074634", mobile="13904310099")


def people(at: Stage) -> Stage:
    at.page.segments.setCurrentIndex(1)
    at.settle()
    return at


@pytest.mark.requirement("C3", "G4")
def test_users_are_listed_masked_with_their_types(stage: Show) -> None:
    at = stage()
    at.office.granted()
    people(at)
    row = ["hl-wangyun", "王𬭊", "✓ 正常", "－ 没有", SCHOOL, "信息查询员、信息管理员", "139****0010"]
    assert at.cells() == [row]
    told = at.texts(at.select(0))
    assert "2****************8" in told
    assert HOLDER.id_number not in told


@pytest.mark.requirement("A4", "I1")
def test_the_office_above_finds_the_users_below_and_narrows_the_list(stage: Show) -> None:
    at = stage(COUNTY)
    at.office.granted()
    at.office.granted(OTHER, "hl-lihong")
    people(at)
    assert len(at.cells()) == 2
    write(at.page.people.search, "李")
    at.seen(lambda: [row[1] for row in at.cells()] == ["李红"])
    at.page.people.search.clear()
    at.page.people._certificate.setCurrentText("有")
    at.seen(lambda: at.cells() == [])
    at.page.people._certificate.setCurrentIndex(0)
    at.page.people._state.setCurrentText("✓ 正常")
    at.seen(lambda: len(at.cells()) == 2)
    pane = at.select(0)
    assert "显示完整信息" not in [each.text() for each in at.buttons(pane)], "that is for the own unit"
    assert "申请单" not in at.texts(pane)


@pytest.mark.requirement("G4")
def test_a_full_value_needs_a_reason_is_logged_and_is_gone_with_the_line(stage: Show) -> None:
    at = stage()
    at.office.granted()
    at.office.granted(OTHER, "hl-lihong")
    people(at)
    place = [row[0] for row in at.cells()].index("hl-wangyun")
    at.select(place)
    at.click(at.button("显示完整信息"))
    dialog = at.dialog()
    at.confirm(dialog)
    assert "没有写明查看原因" in dialog.notice.text
    at.type_into(dialog, reason="核对身份证")
    at.confirm(dialog)
    at.settle()
    assert HOLDER.id_number in at.texts()
    assert "原因已记入日志" in at.texts()
    assert HOLDER.mobile not in at.texts(), "only what was asked for"
    with at.office.context.database.reading() as session:
        assert "people.reveal" in set(session.scalars(select(AuditEvent.operation)))
    at.select(1 - place)
    at.select(place)
    assert HOLDER.id_number not in at.texts()


@pytest.mark.requirement("C3", "E1")
def test_the_certificate_is_asked_for_from_here(stage: Show) -> None:
    at = stage()
    account = at.office.granted()
    at.page.open(Link("applications", "people", "待申请的证书", (account,), "account"))
    at.settle()
    assert at.page.people.chip.text() == "只看：待申请的证书（1） ✕"
    at.click(at.button("申请证书"))
    assert "已为王𬭊申请证书" in at.page.notice.text
    assert "申请证书" not in [each.text() for each in at.buttons()]


@pytest.mark.requirement("C3")
def test_a_user_leads_to_the_form_that_is_its_only_ground(stage: Show) -> None:
    at = stage()
    at.office.granted()
    at.page.desk.follow.connect(at.page.open)
    people(at)
    at.select(0)
    at.click(at.button("查看申请单 YW-2026-000001"))
    assert at.page.list is at.page.forms
    assert at.page.forms.chip.text() == "只看：王𬭊的申请单（1） ✕"
    at.settle()
    assert "签署进度" in at.texts()


@pytest.mark.requirement("C3")
def test_the_auditor_reads_and_does_nothing(stage: Show) -> None:
    at = stage(post=Post.AUDITOR)
    at.office.granted()
    people(at)
    pane = at.select(0)
    assert [each.text() for each in at.buttons(pane)] == ["查看申请单 YW-2026-000001"]
