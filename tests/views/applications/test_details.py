"""One form beside the list: each step of the main job by its button, and refusals that stay where they are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QFileDialog

from app.demo.cast import HOLDER, SCHOOL, SIGNERS
from app.forms.annex4 import Signature, SignStep
from app.models.accounts import Account, AccountState
from app.models.applications import Application, ApplicationState
from app.policy import Post
from app.services import applications, business
from tests.support.offices import TODAY
from tests.views.applications.conftest import Stage

Show = Callable[..., Stage]


def state(at: Stage, form: int) -> ApplicationState:
    with at.office.context.database.reading() as session:
        return session.get_one(Application, form).state


def sign(at: Stage, signer: str) -> None:
    at.click(at.button("登记签署"))
    dialog = at.dialog()
    at.type_into(dialog, signer=signer)
    at.confirm(dialog)


@pytest.mark.requirement("C1", "C3")
def test_a_form_goes_from_paper_to_an_account(stage: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    at = stage()
    form = at.office.entered()
    at.page.look_again()
    at.select(0)
    at.click(at.button("打印"))
    assert "没有安装打印机" in at.page.notice.text
    assert state(at, form) is ApplicationState.PRINTED
    at.click(at.button("登记签署"))
    assert at.dialog().values() == {"signer": HOLDER.name, "signed_on": TODAY, "opinion": ""}
    at.confirm(at.dialog())
    assert at.page.notice.text == "已登记：① 申请人确认。下一项：② 申请人部门意见。"
    for signer in SIGNERS[1:3]:
        sign(at, signer)
    assert "还没有提交" in at.page.notice.text
    assert f"✓ {SIGNERS[2]}　{TODAY}" in at.texts()
    at.click(at.button("提交"))
    assert "已提交 YW-2026-000001" in at.page.notice.text
    at.click(at.button("受理"))
    assert at.dialog().values()["signer"] == SIGNERS[3], "who is at work accepts"
    at.confirm(at.dialog())
    assert state(at, form) is ApplicationState.ACCEPTED
    at.click(at.button("创建账号"))
    assert at.dialog().values()["login"] == "212200000101"
    at.confirm(at.dialog())
    assert "等待安全管理员授予角色" in at.page.notice.text
    assert "授予角色" not in [each.text() for each in at.buttons()]


@pytest.mark.requirement("C3")
def test_the_security_administrator_grants_what_the_form_asks_for(stage: Show) -> None:
    at = stage(post=Post.SECURITY)
    form, clerk = at.office.accepted(), at.office.actor(SCHOOL, Post.SYSTEM)
    account = at.office.gate.do(clerk, business.create, form, "hl-wangyun")
    at.page.look_again()
    pane = at.select(0)
    assert [each.text() for each in at.buttons(pane)] == ["授予角色"]
    at.click(at.button("授予角色"))
    dialog = at.dialog()
    assert "信息查询员、信息管理员" in at.texts(dialog)
    at.confirm(dialog)
    with at.office.context.database.reading() as session:
        assert session.get_one(Account, account).state is AccountState.ACTIVE
    assert state(at, form) is ApplicationState.EXECUTED


@pytest.mark.requirement("C1")
def test_a_wrong_signer_is_told_in_the_dialog_and_nothing_typed_is_lost(stage: Show) -> None:
    at = stage()
    form = at.office.entered()
    at.office.gate.do(at.office.actor(SCHOOL, Post.SYSTEM), applications.mark_printed, form)
    at.page.look_again()
    at.select(0)
    sign(at, "别人")
    dialog = at.dialog()
    assert "第 1 项签署的人不对" in dialog.notice.text
    assert dialog.values()["signer"] == "别人"
    at.type_into(dialog, signer=HOLDER.name)
    at.confirm(dialog)
    assert "已登记" in at.page.notice.text


@pytest.mark.requirement("C1", "H2")
def test_a_form_changed_meanwhile_is_not_signed(stage: Show) -> None:
    at = stage()
    form, clerk = at.office.entered(), at.office.actor(SCHOOL, Post.SYSTEM)
    at.office.gate.do(clerk, applications.mark_printed, form)
    at.page.look_again()
    at.select(0)
    at.click(at.button("登记签署"))
    dialog = at.dialog()
    at.office.gate.do(clerk, applications.edit, form, replace(HOLDER, remarks="改过"), 1)
    at.office.gate.do(clerk, applications.mark_printed, form)
    at.confirm(dialog)
    assert "陈静修改过这张申请单" in dialog.notice.text


@pytest.mark.requirement("C1")
def test_a_return_needs_a_reason_and_the_applicant_side_reads_it(stage: Show) -> None:
    at = stage()
    form = at.office.signed()
    at.office.gate.do(at.office.actor(SCHOOL, Post.SYSTEM), applications.submit, form)
    at.page.look_again()
    at.select(0)
    at.click(at.button("退回"))
    dialog = at.dialog()
    at.confirm(dialog)
    assert "没有写明原因" in dialog.notice.text
    at.type_into(dialog, reason="公章不清楚")
    at.confirm(dialog)
    assert state(at, form) is ApplicationState.RETURNED
    told = at.texts()
    assert "退回原因：公章不清楚" in told
    assert "▲ 已退回" in told
    assert "2026-11-23 16:00　已退回　陈静　系统管理员" in told


@pytest.mark.requirement("C1")
@pytest.mark.parametrize(
    ("verb", "after"), [("不予办理", ApplicationState.REJECTED), ("撤回", ApplicationState.WITHDRAWN)]
)
def test_what_cannot_be_undone_names_the_form_and_the_person(stage: Show, verb: str, after: ApplicationState) -> None:
    at = stage()
    form = at.office.signed()
    at.office.gate.do(at.office.actor(SCHOOL, Post.SYSTEM), applications.submit, form)
    at.page.look_again()
    pane = at.select(0)
    at.click(at.button(verb, pane))
    dialog = at.dialog()
    assert f"{verb} YW-2026-000001（王𬭊）" in at.texts(dialog)
    assert dialog.go.text() == verb
    at.type_into(dialog, reason="本人不再需要")
    at.confirm(dialog)
    assert state(at, form) is after
    assert at.buttons(pane) == []


@pytest.mark.requirement("F1")
def test_the_form_is_saved_as_a_pdf_named_by_its_number(stage: Show, tmp_path: Path) -> None:
    at = stage()
    form = at.office.entered()
    at.page.look_again()
    at.select(0)
    at.click(at.button("保存为 PDF"))
    (dialog,) = at.page.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "YW-2026-000001.pdf"
    dialog.fileSelected.emit(str(tmp_path / "form.pdf"))
    at.settle()
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")
    assert state(at, form) is ApplicationState.PRINTED


@pytest.mark.requirement("C1")
def test_nobody_is_offered_to_accept_their_own_form(stage: Show) -> None:
    """The clerk's own application: whoever entered it is not who accepts it (不能为自己办理)."""
    own = replace(HOLDER, name="陈静", id_number="220122198706082222")
    at = stage()
    form, clerk = at.office.entered(own), at.office.actor(SCHOOL, Post.SYSTEM)
    at.office.gate.do(clerk, applications.mark_printed, form)
    for step, signer in zip(SignStep, ("陈静", "郑重", "冯雪"), strict=False):
        at.office.gate.do(clerk, applications.sign, form, step, Signature(signer, TODAY), 1)
    at.office.gate.do(clerk, applications.submit, form)
    at.page.look_again()
    pane = at.select(0)
    assert {"受理", "退回", "不予办理"}.isdisjoint(each.text() for each in at.buttons(pane))
