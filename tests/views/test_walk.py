"""A walk through all tabs of every post, in both languages: no word cut off, no control without a name (I3)."""

import pytest
from PySide6.QtWidgets import QApplication

from app.demo.cast import COUNTY, PROVINCE, SCHOOL
from app.policy import Post
from app.views.shell import TABS, Shell
from tests.views.conftest import Desks
from tests.views.looks import faults


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("post", list(Post))
@pytest.mark.parametrize("unit", [PROVINCE, COUNTY, SCHOOL])
def test_no_word_is_cut_and_no_control_is_nameless(
    desks: Desks, unit: str, post: Post, language: str, size: int
) -> None:
    office = desks.office
    office.entered()
    office.filed()
    shell = Shell(desks.at(unit, post))
    desks.qtbot.addWidget(shell)
    shell.resize(1366, 768)
    shell.show()
    found: list[str] = []
    for at in range(shell.tabs.count()):
        shell.tabs.setCurrentIndex(at)
        desks.settle()
        desks.settle()
        QApplication.processEvents()
        found += [f"{TABS[at].key}: {fault}" for fault in faults(shell)]
    assert found == []
