"""Lists of schools at the window: looked at first, bad rows named, taken in whole or not at all (A1)."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar

from app import bootstrap
from app.demo.cast import ADMINISTRATORS, COUNTY, PROVINCE
from app.demo.data import BAD_SCHOOLS, SCHOOLS, school_workbook
from app.divisions import Level, divisions
from app.models.org import SCHOOL_KINDS
from app.policy import Post
from app.services import org
from app.services.founding import Founder, Province
from app.services.org import UnitRow
from app.views.desk import Desk
from app.views.org.page import OrgPage
from tests.support.offices import WEAK, Office, password
from tests.views.beats import LIMIT, Beat
from tests.views.conftest import Desks
from tests.views.looks import faults

pytestmark = pytest.mark.requirement("A1")
Shown = Callable[..., OrgPage]
TRIES = 3
ROWS = 50_000


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "学校名单.xlsx"
    path.write_bytes(school_workbook())
    return path


def _wait(desks: Desks) -> None:
    desks.qtbot.waitUntil(lambda: desks.tasks.quiet, timeout=60_000)
    QApplication.processEvents()


def _schools(office: Office) -> list[UnitRow]:
    rows = office.gate.ask(office.actor(PROVINCE, Post.SYSTEM), org.units)
    return [row for row in rows if row.kind in SCHOOL_KINDS]


def _drop(page: OrgPage, path: Path) -> bool:
    """Drag a file over the page, and let it go if the page takes it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(50, 50), copy, mime, left, none)
    over.ignore()
    page.dragEnterEvent(over)
    if over.isAccepted():
        page.dropEvent(QDropEvent(QPointF(50, 50), copy, mime, left, none))
    return over.isAccepted()


def test_a_list_is_dropped_looked_at_and_taken_in(shown: Shown, desks: Desks, workbook: Path) -> None:
    page, before = shown(), len(_schools(desks.office))
    assert _drop(page, workbook)
    _wait(desks)
    panel = page.schools
    assert panel.counts.text().startswith(f"新增 {len(SCHOOLS)} 所，更新 0 所，不变 0 所，有误 {len(BAD_SCHOOLS)} 行")
    assert panel.faults.rowCount() == len(BAD_SCHOOLS)
    first = [panel.faults.index(0, column).data() for column in range(panel.faults.columnCount())]
    assert first[0].isdigit()
    assert all(first[1:3] + first[4:]), "sheet, field, what is wrong and what to do"
    assert len(_schools(desks.office)) == before, "nothing is taken in yet"
    assert panel.go.text() == f"导入 {len(SCHOOLS)} 所"
    assert faults(panel) == []
    QTest.keyClick(panel.go, Qt.Key.Key_Space)
    _wait(desks)
    assert len(_schools(desks.office)) == before + len(SCHOOLS)
    assert "已导入学校名单" in page.notice.text
    assert page.tree.isVisible()


def test_the_same_list_again_has_nothing_to_take_in(shown: Shown, desks: Desks, workbook: Path) -> None:
    page = shown()
    for again in (False, True):
        page.import_list(workbook)
        _wait(desks)
        assert page.schools.go.isEnabled() is not again
        if not again:
            page.schools.go.click()
            _wait(desks)


def test_rows_that_can_go_in_are_shown_too(shown: Shown, desks: Desks, workbook: Path) -> None:
    page = shown()
    page.import_list(workbook)
    _wait(desks)
    tabs = page.schools.findChild(QTabBar)
    assert tabs is not None
    tabs.setFocus()
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert page.schools.schools.rowCount() == len(SCHOOLS)
    assert page.schools.schools.index(0, 1).data() in {school.name for school in SCHOOLS}


def test_the_bad_rows_are_saved_for_whoever_mends_them(
    shown: Shown, desks: Desks, workbook: Path, tmp_path: Path
) -> None:
    page, path = shown(), tmp_path / "有误的行.csv"
    page.import_list(workbook)
    _wait(desks)
    page.schools.save_faults(path)
    _wait(desks)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert rows[0] == ["行号", "工作表", "栏目", "填写的内容", "问题", "怎么办"]
    assert len(rows) == 1 + len(BAD_SCHOOLS)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert str(path) in page.schools.notice.text


def test_a_file_that_is_no_list_is_refused_in_place(shown: Shown, desks: Desks, tmp_path: Path) -> None:
    page, path = shown(), tmp_path / "名单.csv"
    path.write_text("没有,表头\n", encoding="utf-8")
    page.import_list(path)
    _wait(desks)
    assert "没有找到表头" in page.schools.notice.text
    page.schools.stop()
    _wait(desks)
    assert page.tree.isVisible()
    assert page.offered["org.add"].isEnabled()


def test_only_whoever_may_import_can_drop_a_list(shown: Shown, desks: Desks, workbook: Path, tmp_path: Path) -> None:
    assert not _drop(shown(PROVINCE, Post.AUDITOR), workbook)
    other = tmp_path / "photo.png"
    other.write_bytes(b"")
    assert not _drop(shown(), other)


def test_reading_can_be_given_up_and_another_file_taken(
    shown: Shown, desks: Desks, workbook: Path, many_rows: Path
) -> None:
    page = shown()
    page.import_list(many_rows)
    QTest.keyClick(page.schools, Qt.Key.Key_Escape)
    desks.qtbot.waitUntil(page.tree.isVisible)
    page.import_list(workbook)
    _wait(desks)
    assert f"新增 {len(SCHOOLS)} 所" in page.schools.counts.text(), "the first file's answer is for nobody"


def test_fifty_thousand_rows_are_looked_at_without_a_stand_still(
    shown: Shown, desks: Desks, many_rows: Path, beat: Beat
) -> None:
    page, gaps = shown(), []
    for _ in range(TRIES):
        with beat.watched():
            page.import_list(many_rows)
            _wait(desks)
            page.schools.findChildren(QTabBar)[0].setCurrentIndex(1)
            QApplication.processEvents()
        gaps.append(beat.longest)
        page.schools.stop()
        _wait(desks)
        if beat.longest < LIMIT:
            break
    assert min(gaps) < LIMIT
    assert f"新增 {ROWS:,} 所" in page.schools.counts.text()


@pytest.fixture(scope="session")
def many_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A .csv of 50,000 schools of Jilin."""
    path = tmp_path_factory.mktemp("lists") / "五万所.csv"
    counties = [each for each in divisions("22") if each.level is Level.COUNTY]
    lines = ["学校名称,学校标识码,行政区划代码,办学类型,学校地址"]
    for number in range(ROWS):
        county = counties[number % len(counties)]
        lines.append(f"{county.name}第{number}小学,2122{900_000 - number},{county.code},211,育才路{number}号")
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


@pytest.fixture
def empty_province(desks: Desks, tmp_path: Path) -> Iterator[Desk]:
    """An office that was founded just now."""
    founders = [Founder(each.form, each.login, password(each.login)) for each in ADMINISTRATORS[:2]]
    folder = tmp_path / "new"
    bootstrap.found_office(folder, Province(PROVINCE, "220000", "长春"), founders, cost=WEAK)
    gate, person = bootstrap.open_office(folder, founders[0].login, founders[0].password, cost=WEAK)
    yield Desk(gate, person, folder, desks.tasks)
    desks.tasks.settle()
    gate.close()


def test_an_empty_province_says_what_comes_and_loads_the_divisions(empty_province: Desk, desks: Desks) -> None:
    page = OrgPage(empty_province)
    desks.qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    _wait(desks)
    assert "先载入市县" in page.tree.empty.label.text()
    assert faults(page) == []
    page.tree.empty.button.setFocus()
    QTest.keyClick(page.tree.empty.button, Qt.Key.Key_Space)
    _wait(desks)
    assert "已载入 78 个市县教育局" in page.notice.text
    assert not page.tree.empty.isVisible()
    assert page.count.text() == "共 79 个"


def test_a_county_without_schools_offers_to_import_them(shown: Shown, desks: Desks) -> None:
    office = desks.office
    office.gate.do(
        office.actor(PROVINCE, Post.SYSTEM), org.retire, office.units["农安县合隆镇中心小学"],
        office.context.clock().date(), "撤并",
    )  # fmt: skip
    page = shown(COUNTY)
    assert page.tree.empty.isVisible()
    assert page.tree.empty.button.text() == "导入学校名单…"
