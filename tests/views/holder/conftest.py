"""A holder's screen in a staffed office, with an authority and software UKEYs beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.demo.cast import HOLDER, SCHOOL
from app.models.certificates import CertificateRequest, Enrolment
from app.policy import Post
from app.token import catalogue
from app.token.host import TokenHost
from app.token.types import ObjectKind
from app.views.holder.screen import HolderScreen
from app.views.holder.stages import Stage
from app.views.holder.wizard import Wizard
from tests.ca.conftest import folder, founded
from tests.ca.support import PASSPHRASE
from tests.support.faulty import Faulty, faulty, faulty_library
from tests.support.softhsm import SO_PIN, USER_PIN, softhsm
from tests.views.conftest import Desks
from tests.views.hands import write

__all__ = ["faulty", "faulty_library", "folder", "founded", "softhsm"]


@dataclass
class Visit:
    """One holder before the screen."""

    desks: Desks
    screen: HolderScreen
    request: int
    code: str

    @property
    def wizard(self) -> Wizard:
        assert self.screen.wizard is not None
        return self.screen.wizard

    def at(self, stage: Stage) -> None:
        """Wait until the wizard is there."""
        self.desks.qtbot.waitUntil(
            lambda: self.screen.wizard is not None and self.wizard.stage is stage, timeout=60_000
        )
        if stage is not Stage.WRITING:
            self.desks.settle()

    def click(self, shown: QPushButton) -> None:
        self.desks.qtbot.waitUntil(lambda: shown.isVisible() and shown.isEnabled(), timeout=30_000)
        self.desks.qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)

    def type_in(self, **values: str) -> None:
        """Type into the fields of step 2, in place of what stands there."""
        for key, value in values.items():
            field = self.wizard.identity.rows[key]
            field.set_value("")
            write(field.control.inputs()[0], value)

    def identify(self, **other: str) -> None:
        """Everything right, but for what is given."""
        first = {"so_pin": SO_PIN, "again": USER_PIN} if not self.wizard.identity.rows["so_pin"].isHidden() else {}
        self.type_in(
            **{"contact": HOLDER.mobile, "code": self.code, "pin": USER_PIN, "passphrase": PASSPHRASE, **first, **other}
        )
        self.click(self.wizard.identity.go)

    def check_token(self, host: TokenHost) -> None:
        """Exactly one pair and one holder's certificate, as in the journal."""
        with self.desks.office.context.database.reading() as session:
            (enrolment,) = session.query(Enrolment).all()
        with host.open(enrolment.token_serial, USER_PIN) as opened:
            keys = [thing for thing in opened.objects() if thing.kind is ObjectKind.PRIVATE_KEY]
            certified = [key_id for key_id, _ in opened.certificates() if key_id == enrolment.uid]
        assert [thing.key_id for thing in keys] == certified == [enrolment.uid]


def open_screen(desks: Desks, request: int, code: str) -> Visit:
    """As the administrator opens it."""
    screen = HolderScreen(desks.at(SCHOOL, Post.SYSTEM), request)
    desks.qtbot.addWidget(screen)
    screen.resize(1100, 720)
    screen.show()
    return Visit(desks, screen, request, code)


@pytest.fixture
def visit(desks: Desks, softhsm: object, folder: Path) -> Iterator[Visit]:
    """An approved request with its code; one blank UKEY, not initialised, is plugged in."""
    desks.office.clock.moment = datetime.now(UTC)
    opened = open_screen(desks, *desks.office.with_code())
    yield opened
    opened.screen.hide()
    opened.screen.desk.tokens.close()


@pytest.fixture
def faulty_visit(
    desks: Desks, faulty: Faulty, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Visit, Faulty]]:
    """The same through the library that misbehaves on demand."""
    monkeypatch.setattr(catalogue, "libraries", lambda: (faulty.library,))
    desks.office.clock.moment = datetime.now(UTC)
    opened = open_screen(desks, *desks.office.with_code())
    yield opened, faulty
    opened.screen.hide()
    opened.screen.desk.tokens.close()


def state_of(desks: Desks, request: int) -> str:
    """The request's state in the database."""
    with desks.office.context.database.reading() as session:
        return str(session.get_one(CertificateRequest, request).state)
