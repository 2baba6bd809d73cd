"""审计: the log in a window: filters, one event in full, verification and export (G1, G2)."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from app.demo.cast import COUNTY, PROVINCE, SCHOOL
from app.errors import Denied
from app.policy import Post
from app.services import applications, audit
from app.views.audit.page import AuditPage
from tests.views.conftest import Desks
from tests.views.hands import write


def _opened(desks: Desks, unit: str) -> AuditPage:
    page = AuditPage(desks.at(unit, Post.AUDITOR))
    desks.qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.span.set_value(-1)
    desks.settle()
    desks.settle()
    return page


def _column(page: AuditPage, at: int) -> list[str]:
    model = page.list.model
    return [str(model.index(row, at).data()) for row in range(model.rowCount())]


@pytest.mark.requirement("G2")
def test_the_auditor_of_a_school_sees_what_the_school_did(desks: Desks) -> None:
    desks.office.entered()
    with pytest.raises(Denied):
        desks.office.gate.do(desks.office.actor(SCHOOL, Post.SECURITY), applications.mark_printed, 1)
    page = _opened(desks, SCHOOL)
    QAbstractItemModelTester(page.list.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    desks.settle()
    operations, outcomes = _column(page, 4), _column(page, 6)
    assert operations[:2] == ["打印申请单", "录入申请单"]
    assert outcomes[:2] == ["✕ 拒绝", "✓ 完成"]
    assert set(_column(page, 2)) <= {"陈静", "何伟", "马兰"}


@pytest.mark.requirement("G2")
def test_filters_narrow_the_list(desks: Desks) -> None:
    desks.office.entered()
    page = _opened(desks, SCHOOL)
    write(page.text, "录入")
    desks.settle()
    desks.settle()
    assert set(_column(page, 4)) == {"录入申请单"}
    page.outcome.set_value("refused")
    desks.settle()
    assert page.list.model.rowCount() == 0


@pytest.mark.requirement("G1")
def test_one_event_is_shown_in_full_without_personal_data(desks: Desks) -> None:
    desks.office.entered()
    page = _opened(desks, SCHOOL)
    page.table.select(_column(page, 4).index("录入申请单"))
    desks.settle()
    said = "\n".join(shown.text() for shown in page.details.findChildren(QLabel))
    assert "陈静" in said
    assert "applicant_name" in said
    assert "王𬭊" not in said


@pytest.mark.requirement("G1")
def test_verifying_finds_a_changed_row(desks: Desks) -> None:
    page = _opened(desks, PROVINCE)
    desks.qtbot.mouseClick(page.verify, Qt.MouseButton.LeftButton)
    desks.settle()
    assert "日志完整" in page.notice.text
    with desks.office.context.database.writing("outside the gate") as session:
        session.execute(text("UPDATE unit SET name = 'X' WHERE id = 2"))
    desks.qtbot.mouseClick(page.verify, Qt.MouseButton.LeftButton)
    desks.settle()
    assert "unit:2" in page.notice.text


@pytest.mark.requirement("G1")
def test_exporting_writes_a_log_that_verifies(desks: Desks, tmp_path: Path) -> None:
    page = _opened(desks, PROVINCE)
    page.export_to(tmp_path / "log.jsonl")
    desks.settle()
    assert list(audit.exported_faults(tmp_path / "log.jsonl")) == []
    page.export_to(tmp_path / "none" / "log.jsonl")
    desks.settle()
    assert "没有" in page.notice.text


@pytest.mark.requirement("A4")
def test_the_whole_log_is_only_for_the_auditor_of_the_office(desks: Desks) -> None:
    assert not _opened(desks, COUNTY).verify.isVisible()
    assert _opened(desks, PROVINCE).verify.isVisible()
