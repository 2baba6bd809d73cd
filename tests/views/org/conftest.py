"""A province of 15,000 units, and a beat that notices when Qt's thread stands still."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication

from app.demo.cast import PROVINCE
from app.models.org import Unit, UnitChange, UnitKind, UnitStatus
from app.policy import Permission, Post
from app.services.operations import recorded
from app.services.scope import SYSTEM
from app.services.seed_rows import Rows
from app.views.desk import Desk
from app.views.links import Link
from app.views.org.page import OrgPage
from app.views.shell import Shell
from app.views.sweeping import Sweeper
from tests.support.offices import Office
from tests.views.beats import Beat
from tests.views.conftest import Desks


@pytest.fixture
def beat(qapp: QApplication, desks: Desks) -> Iterator[Beat]:
    """With the collector kept as the window keeps it."""
    sweeper = Sweeper(qapp, lambda: desks.tasks.quiet)
    yield Beat()
    sweeper.stop()


@pytest.fixture
def shown(desks: Desks) -> Iterator[Callable[[str, Post], OrgPage]]:
    """Shows the page of somebody, in the window, looked at once."""
    shells: list[Shell] = []

    def show(unit: str = PROVINCE, post: Post = Post.SYSTEM) -> OrgPage:
        return _shown(desks, desks.at(unit, post), shells)

    yield show
    for shell in shells:
        desks.settle()
        shell.close()
        shell.deleteLater()


def _shown(desks: Desks, desk: Desk, shells: list[Shell]) -> OrgPage:
    shell = Shell(desk)
    shells.append(shell)
    shell.resize(1366, 768)
    shell.show()
    desks.qtbot.waitExposed(shell)
    shell.follow(Link("org"))
    desks.settle()
    shell.activateWindow()
    desks.qtbot.waitUntil(shell.isActiveWindow)
    page = shell.page
    assert isinstance(page, OrgPage)
    return page


@pytest.fixture
def many(desks: Desks) -> Office:
    """The office with 15,000 units in it."""
    office = desks.office
    with recorded(office.context, SYSTEM, Permission.EDIT_UNITS, "seed.schools") as work:
        rows = Rows(work)
        counties = work.session.query(Unit).filter(Unit.kind == UnitKind.COUNTY).all()
        for number in range(15_000 - len(office.units)):
            _sow(rows, counties[number % len(counties)], number, work.now)
        rows.write()
    return office


def _sow(rows: Rows, county: Unit, number: int, now: datetime) -> None:
    told: dict[str, object] = {
        "name": f"第{number}小学",
        "status": UnitStatus.ACTIVE,
        "division_code": None,
        "merged_into_id": None,
    }
    told |= {"parent_id": county.id, "reports_to_id": county.id}
    place = {"path": f"{county.path}{rows.next_id(Unit)}/", "address": "", "statistical": False, "school_type": "211"}
    unit = rows.add(Unit, kind=UnitKind.SCHOOL, school_code=f"2122{900_000 + number}", **place, **told)
    rows.add(UnitChange, unit_id=unit, valid_from=now.date(), recorded_at=now, reason="seed", **told)
