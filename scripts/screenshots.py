"""The pictures of README and guide, made anew from the real window on a fresh demo: `make screenshots`.

Each function below is somebody at work; the pictures that it takes are named as the files. They show what the program
shows, in Chinese.
"""

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from app import bootstrap
from app.demo import people, run
from app.demo.cast import HOLDER
from app.demo.data import school_workbook
from app.demo.world import COST
from app.policy import Post
from app.services import request_list
from app.services.request_list import RequestFilter
from app.token.software import CONFIGURATION, SETTINGS
from app.views.application import warm
from app.views.applications.entry import Entry
from app.views.dress import dress
from app.views.holder.wizard import Wizard
from app.views.links import Link
from app.views.org.page import OrgPage
from app.views.parts.table import Table
from app.views.settings import Settings
from app.views.window import Window
from app.words import tr

OUT = Path(__file__).resolve().parent.parent / "docs" / "guide" / "images"
SIZE = (1366, 768)


class Studio:
    """One window on the demo, and the camera."""

    def __init__(self, folder: Path) -> None:
        self.app = QApplication(sys.argv[:1])
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        dress(self.app, settings)
        warm()
        self.folder, self.window = folder / "demo", Window(settings, folder / "demo")
        self.window.resize(*SIZE)
        self.window.tasks.bug.connect(lambda error: print("".join(traceback.format_exception(error)), file=sys.stderr))
        self.window.show()

    def go(self, page: str, segment: str = "", *, action: str = "") -> None:
        """To a page of the one who is at work."""
        assert self.window.desk is not None
        self.window.desk.follow.emit(Link(page, segment, action=action))
        self.settle()

    def rest(self, seconds: float) -> None:
        """Let time pass: for what waits for the last key, or looks for UKEYs."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
        self.settle()

    def settle(self) -> None:
        """Until everything asked for is there."""
        for _ in range(3):
            self.app.processEvents()
            while not self.window.tasks.quiet:
                self.app.processEvents()

    def enter(self, login: str, post: Post, page: str, segment: str = "") -> None:
        """Somebody of the demo at work on a page."""
        if self.window.desk is not None:
            self.window.lock()
            self.settle()
        who = next(each for each in people.people(self.folder) if each.login == login)
        gate, person = bootstrap.open_office(self.folder, login, who.password, cost=COST)
        self.window.enter(gate, person, self.folder, demo=True)
        assert self.window.desk is not None
        self.window.desk.take_post(post)
        self.window.desk.follow.emit(Link(page, segment))
        self.settle()

    def take(self, name: str, of: QWidget | None = None) -> None:
        """A picture of the window, or of what is over it."""
        self.settle()
        self.picture(name, of)

    def picture(self, name: str, of: QWidget | None = None) -> None:
        """The same without waiting for what is under way."""
        OUT.mkdir(parents=True, exist_ok=True)
        (of or self.window).grab().save(str(OUT / f"{name}.png"))
        print(name, flush=True)

    def press(self, text: str) -> None:
        """Press the button that says so."""
        shown = (each for each in self.app.allWidgets() if isinstance(each, QPushButton) and each.isVisible())
        next(each for each in shown if each.text() == text and each.isEnabled()).click()
        self.settle()

    def select(self, at: int = 0) -> None:
        """Select a line of the table in sight."""
        tables = (each for each in self.window.findChildren(Table) if each.isVisible())
        next(tables).select(at)
        self.settle()

    def dialog(self, name: str) -> None:
        """A picture of what is open over the window, which is then closed."""
        self.settle()
        (opened,) = (each for each in self.app.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible())
        self.take(name, opened)
        opened.reject()
        self.settle()


def before_login(studio: Studio) -> None:
    """What to open, a new province, the login, whom to be in the demo."""
    studio.window.welcome()
    studio.take("start")
    studio.window.found()
    studio.take("founding")
    studio.window.login(studio.folder)
    studio.take("login")
    studio.window.choose_person()
    studio.take("demo-people")


def school(studio: Studio) -> None:
    """What the school's 系统管理员 works with."""
    studio.enter("hl-xitong", Post.SYSTEM, "workbench")
    studio.take("workbench")
    studio.go("applications", "forms")
    studio.select()
    studio.take("forms")
    studio.go("applications", "people")
    studio.select()
    studio.take("people")
    studio.go("applications", action="new")
    entry = studio.window.findChildren(Entry)[0]
    for key, value in vars(replace(HOLDER, id_number=HOLDER.id_number[:-1])).items():
        entry.fields.rows[key].set_value(value)
    studio.rest(1.5)
    studio.press(tr("保存"))
    studio.take("entry")


def province(studio: Studio) -> None:
    """The tree of units, an import, the audit of requests, the settings."""
    studio.enter("sheng-guanli", Post.SYSTEM, "org")
    studio.take("org")
    schools = studio.folder.parent / "学校名单.xlsx"
    schools.write_bytes(school_workbook())
    studio.window.findChildren(OrgPage)[0].import_list(schools)
    studio.take("import")
    assert studio.window.desk is not None
    studio.window.desk.take_post(Post.SECURITY)
    studio.go("certificates", "requests")
    studio.take("requests")
    studio.select()
    studio.take("approve")
    studio.window.beside.settings()
    studio.dialog("settings")
    studio.window.beside.diagnosis()
    studio.rest(3)
    studio.dialog("diagnosis")


def code(studio: Studio) -> None:
    """The download code, shown once."""
    studio.enter("hl-anquan", Post.SECURITY, "workbench")
    studio.press(tr("{verb} →", verb=tr("去发放")))
    studio.select()
    studio.press(tr("发放下载授权码…"))
    studio.press(tr("发放下载授权码"))
    studio.dialog("code")


def holder(studio: Studio) -> None:
    """The four steps of the download, and the UKEYs that are plugged in."""
    studio.enter("hl-xitong", Post.SYSTEM, "certificates", "ukeys")
    studio.rest(4)
    studio.take("tokens")
    desk, known = studio.window.desk, people.secrets(studio.folder)
    assert desk is not None
    assert known is not None
    who = known.holders[0]
    listed = desk.gate.ask(desk.actor, request_list.ids, RequestFilter(text=who.number))
    desk.holder.emit(listed[0])
    studio.rest(4)
    studio.take("holder-1")
    studio.press(tr("就用这支"))
    wizard = studio.window.findChildren(Wizard)[0]
    typed = {"contact": who.mobile, "code": who.download_code, "pin": "135790", "again": "135790"}
    for key, value in typed.items():
        wizard.identity.rows[key].set_value(value)
    studio.take("holder-2")
    wizard.identity.go.click()
    once = Qt.ConnectionType.SingleShotConnection
    wizard.run.stepped.connect(lambda _: studio.picture("holder-3"), once)
    studio.rest(6)
    studio.take("holder-4")


def audit(studio: Studio) -> None:
    """The log, and one event in full."""
    studio.enter("sheng-shenji", Post.AUDITOR, "audit")
    studio.rest(0.5)
    studio.select(1)
    studio.take("audit")


PICTURES: tuple[Callable[[Studio], None], ...] = (before_login, school, province, code, holder, audit)


def main() -> None:
    """Make the demo, then one picture after another."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["HOME"] = str(Path("/", "home", "clerk"))  # a picture shows nobody's own folder
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "demo")
        os.environ[CONFIGURATION] = str(folder / SETTINGS)
        with run.opened(folder) as report:
            for taken in run.take(folder, report, run.PRACTICE):
                if taken.problem:
                    raise taken.problem
        studio = Studio(Path(place))
        for picture in PICTURES:
            picture(studio)
        studio.window.close()
        while studio.window.isVisible():  # it keeps first what was begun
            studio.app.processEvents()


if __name__ == "__main__":
    main()
