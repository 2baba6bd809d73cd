"""下级管理员: from the paper that came in to the two halves of the code, through the window (B2–B4)."""

from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from app import printed_codes
from app.demo.cast import ADMINISTRATORS, CITY, PROVINCE
from app.policy import Post
from app.services import accounts, sign_in
from app.services.management_forms import Annex2
from app.views.accounts.page import AccountsPage
from app.views.accounts.take_in import TakeIn
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow
from app.views.parts.paper_dialog import PaperDialog
from tests.support.offices import password
from tests.views.conftest import Desks
from tests.views.hands import write

D = TypeVar("D", bound=QDialog)
NEW = replace(
    ADMINISTRATORS[2].form, name="罗兰",
    id_number="220104199003071246", mobile="13804319999", email="luolan@example.com",
    posts=(Post.SYSTEM,),
)  # fmt: skip


def _opened(desks: Desks, post: Post) -> AccountsPage:
    page = AccountsPage(desks.at(PROVINCE, post))
    desks.qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    desks.settle()
    desks.settle()
    return page


def _click(desks: Desks, shown: QPushButton) -> None:
    assert shown.isVisible()
    desks.qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    desks.settle()
    desks.settle()


def _dialog(kind: type[D]) -> D:
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())


def _fill(rows: dict[str, FieldRow], form: Annex2) -> None:
    for key in ("name", "id_number", "office_phone", "mobile", "email", "address", "reviewed_by"):
        write(rows[key].control.inputs()[0], getattr(form, key))
    rows["posts"].set_value(frozenset(form.posts))


@pytest.mark.requirement("B2")
def test_the_paper_is_taken_in_and_faults_are_told_at_their_fields(desks: Desks) -> None:
    page = _opened(desks, Post.SYSTEM)
    _click(desks, page.new)
    dialog = _dialog(TakeIn)
    dialog.unit.set_value(desks.office.units[CITY])
    _fill(dialog.rows, replace(NEW, id_number="220104199003071241"))
    _click(desks, dialog.go)
    assert dialog.isVisible()
    assert dialog.rows["id_number"].fault.isVisible()
    assert dialog.rows["name"].value() == "罗兰"
    dialog.rows["id_number"].set_value(NEW.id_number)
    _click(desks, dialog.go)
    assert "罗兰" in page.notice.text
    assert page.rows.index(0, 2).data() == "罗兰"


@pytest.mark.requirement("B3")
@pytest.mark.requirement("B4")
def test_from_review_to_the_first_login_each_by_its_own_post(desks: Desks) -> None:
    gate = desks.office.gate
    gate.do(desks.office.actor(PROVINCE, Post.SYSTEM), accounts.take_in, desks.office.units[CITY], NEW)
    system, security = _opened(desks, Post.SYSTEM), _opened(desks, Post.SECURITY)
    QAbstractItemModelTester(system.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [name for name, shown in system.act.items() if shown.isVisible()] == []
    _click(desks, security.act["accounts.review"])
    system.look_again()
    desks.settle()
    desks.settle()
    _click(desks, system.act["accounts.create"])
    dialog = _dialog(FormDialog)
    write(dialog.fields["login"].control.inputs()[0], "cc-luolan")
    _click(desks, dialog.go)
    _click(desks, system.act["accounts.print-first-half"])
    paper = _dialog(PaperDialog)
    paper.accept()
    security.look_again()
    desks.settle()
    desks.settle()
    _click(desks, security.act["accounts.authorise"])
    _click(desks, security.act["accounts.print-second-half"])
    _dialog(PaperDialog).accept()
    security.look_again()
    desks.settle()
    desks.settle()
    assert not security.act["accounts.print-second-half"].isVisible()


@pytest.mark.requirement("B4")
def test_the_two_halves_that_are_printed_open_the_account(desks: Desks) -> None:
    gate, system = desks.office.gate, desks.office.actor(PROVINCE, Post.SYSTEM)
    security = desks.office.actor(PROVINCE, Post.SECURITY)
    form = gate.do(system, accounts.take_in, desks.office.units[CITY], NEW)
    gate.do(security, accounts.review, form)
    account = gate.do(system, accounts.create, form, "cc-luolan")
    first = gate.do(system, accounts.print_first_half, account)
    gate.do(security, accounts.authorise, account)
    second = gate.do(security, accounts.print_second_half, account)
    assert (second.name, second.unit_name, second.address) == (NEW.name, NEW.unit_name, NEW.address)
    assert printed_codes.read(first.half + second.half)
    signed = sign_in.activate(gate.context, "cc-luolan", first.half + second.half, password("cc-luolan"))
    assert signed.name == "罗兰"


@pytest.mark.requirement("I3")
def test_what_was_typed_of_a_paper_goes_only_when_it_is_said_twice(desks: Desks) -> None:
    page = _opened(desks, Post.SYSTEM)
    _click(desks, page.new)
    dialog = _dialog(TakeIn)
    _fill(dialog.rows, NEW)
    desks.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.rows["name"].value() == "罗兰"
    desks.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
