"""新建省级办公库 by real keys: two people, the posts' rule as they tick, the recovery letter, the login (B1, B3)."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app import bootstrap
from app.demo.cast import ADMINISTRATORS, PROVINCE, Administrator
from app.policy import Post
from app.views.shell import Shell
from app.views.start.founding import Founding
from app.views.start.founding_steps import PersonStep
from app.views.start.letter import Letter
from app.views.start.login import Login
from app.views.start.welcome import Welcome
from tests.support.offices import password
from tests.views.hands import write
from tests.views.looks import faults
from tests.views.start.conftest import Front

pytestmark = [pytest.mark.requirement("B1"), pytest.mark.requirement("B3")]
FIRST, SECOND = ADMINISTRATORS[:2]


def _begun(front: Front, folder: Path) -> Founding:
    """The first page, the choice, and the first step filled in."""
    front.window.welcome()
    welcome = front.page(Welcome)
    choice = next(each for each in welcome.findChildren(QPushButton) if each.text().startswith("新建"))
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Space)
    page = front.page(Founding)
    box = page.place.rows["division_code"].control.inputs()[0]
    assert box.hasFocus()
    page.place.rows["division_code"].set_value("220000")
    assert page.place.rows["name"].value() == "吉林省教育厅", "the department's usual name"
    front.enter()
    assert not page.place.rows["address"].fault.isHidden(), "the address is missing"
    write(page.place.rows["address"].control.inputs()[0], "长春市人民大街6755号")
    front.type(page.place.rows["folder"], str(folder))
    assert faults(page) == []
    front.enter()
    return page


def _fill(front: Front, step: PersonStep, person: Administrator) -> None:
    for key in ("name", "id_number", "office_phone", "mobile", "email", "reviewed_by"):
        front.type(step.rows[key], str(getattr(person.form, key)))
    front.type(step.rows["login"], person.login)
    for field in (step.password.first, step.password.again):
        front.type(field, password(person.login))
    _tick(step, *person.posts)


def _tick(step: PersonStep, *posts: Post) -> None:
    for post, box in zip(Post, step.rows["posts"].control.inputs(), strict=True):
        if (post in posts) is not box.isChecked():  # type: ignore[attr-defined]
            QTest.keyClick(box, Qt.Key.Key_Space)


def test_an_office_is_founded_by_two_people_and_its_letter_sealed_before_the_login(
    front: Front, tmp_path: Path
) -> None:
    folder = tmp_path / "新库"
    page = _begun(front, folder)
    front.enter()
    assert not page.people[0].rows["name"].fault.isHidden(), "an empty person goes no further"
    assert page.people[0].rows["name"].control.inputs()[0].hasFocus()
    _fill(front, page.people[0], FIRST)
    assert "还没有安全审计员" in page.posts.text()
    assert faults(page) == []
    page.go.setFocus()
    front.enter()
    assert page.step is page.people[1]
    _fill(front, page.people[1], SECOND)
    assert page.posts.text() == "✓ 三个岗位已配齐，由 2 人担任"
    page.go.setFocus()
    front.enter()
    letter = front.page(Letter)
    assert faults(letter) == []
    assert len(letter.code.text().replace("\n", "").replace("-", "")) == 32
    assert not letter.go.isEnabled(), "not before it is printed and sealed"
    QTest.keyClick(letter.sealed, Qt.Key.Key_Space)
    letter.go.setFocus()
    front.enter()
    login = front.page(Login)
    assert "办公库已建好" in login.notice.text
    front.type(login.login, FIRST.login)
    front.type(login.password, password(FIRST.login))
    front.enter()
    front.page(Shell)
    assert front.window.windowTitle() == PROVINCE


def test_the_letter_is_saved_as_pdf_with_its_code(front: Front, tmp_path: Path) -> None:
    page = Letter(front.window.tasks, PROVINCE, "7K3M-09AF-7K3M-09AF\n7K3M-09AF-7K3M-09AF", date(2026, 11, 23))
    front.window._show(page)
    assert page.make().startswith(b"%PDF")
    front.window.close()
    assert front.window.isVisible(), "the code is nowhere else"
    assert "恢复信还没有封存" in page.notice.text
    page.sealed.setChecked(True)


def test_the_rule_of_the_posts_is_said_as_they_are_ticked(front: Front, tmp_path: Path) -> None:
    page = _begun(front, tmp_path / "new")
    step = page.people[0]
    _tick(step, Post.SYSTEM, Post.AUDITOR)
    assert "安全审计员不能兼任其他岗位" in page.posts.text()
    _tick(step, *Post)
    _tick(step, Post.SYSTEM, Post.SECURITY)
    assert "还没有安全审计员" in page.posts.text()


def test_one_person_in_all_posts_is_refused_at_the_end_and_nothing_typed_is_lost(front: Front, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    page = _begun(front, folder)
    for step, posts in zip(page.people, ((Post.SYSTEM, Post.SECURITY), (Post.AUDITOR,)), strict=True):
        _fill(front, step, FIRST)
        _tick(step, *posts)
        front.type(step.rows["login"], f"{FIRST.login}{len(posts)}")
        page.go.setFocus()
        front.enter()
    assert "同一个人不能既是安全审计员" in page.notice.text
    assert page.people[1].rows["name"].value() == FIRST.name
    assert not bootstrap.is_office(folder)


def test_a_folder_that_has_an_office_leads_back_to_the_first_step(front: Front, closed_office: Path) -> None:
    page = _begun(front, closed_office)
    for step, person in zip(page.people, (FIRST, SECOND), strict=True):
        _fill(front, step, person)
        page.go.setFocus()
        front.enter()
    assert "已经有办公库" in page.notice.text
    assert page.step is page.place


def _go_back(page: Founding) -> None:
    for _ in page.people:
        page.previous.setFocus()
        QTest.keyClick(page.previous, Qt.Key.Key_Space)


def test_a_third_person_can_be_added_and_one_can_go_back(front: Front, tmp_path: Path) -> None:
    page = _begun(front, tmp_path / "new")
    _fill(front, page.people[0], FIRST)
    page.go.setFocus()
    front.enter()
    QTest.keyClick(page.more, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert page.heading.text() == page.people[2].title
    assert not page.more.isVisible(), "three posts, three people"
    _go_back(page)
    assert page.heading.text() == page.place.title
    assert page.people[0].rows["name"].value() == FIRST.name
    QTest.keyClick(page.previous, Qt.Key.Key_Space)
    front.page(Welcome)
