"""How soon the window is there, and how a page of many people keeps up.

Start: the login window painted and taking keys, against a bare window with one label, each a process of its own, by
turns. Then in one process: the first rows after a login, memory, and a page of many people opened and scrolled. The
office is one of `shiming seed`: SHIMING_BENCH_OFFICE names its folder (for a million); else a small one is sown.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.policy import Post
from app.services import people_list
from app.services.people_list import PeopleFilter, PersonRow
from app.views import theme
from app.views.desk import Desk
from app.views.parts.table import Empty, Table
from app.views.parts.windowed import Windowed
from app.views.tables import Column
from app.views.tasks import Tasks

ROUNDS = 9
SMALL = ("--units", "300", "--users", "5000")
JUMPS = 40

BARE = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("实名")
label.resize(1280, 800)
label.show()
while not label.windowHandle().isExposed():
    app.processEvents()
label.grab()
"""
OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from app.views.application import dress
from app.views.settings import Settings
from app.views.window import Window
app = QApplication([])
settings = Settings()
dress(app, settings)
window = Window(settings)
window.resize(1280, 800)
window.login(Path(sys.argv[1]))
window.show()
while not window.windowHandle().isExposed():
    app.processEvents()
window.grab()
field = app.focusWidget()
QTest.keyClicks(field, "ok")
assert field.text() == "ok", field
"""


def start(code: str, *arguments: str) -> float:
    """Seconds of a process from nothing to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
    return time.perf_counter() - began


def started() -> None:
    """Print the ratio of the two starts."""
    with tempfile.TemporaryDirectory() as folder:
        for code in (BARE, OURS):
            start(code, folder)
        pairs = [(start(OURS, folder), start(BARE, folder)) for _ in range(ROUNDS)]
    ratios = sorted(ours / bare for ours, bare in pairs)
    print(
        f"login window painted and taking keys: {median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f}) times a bare "
        f"window with one label, over {ROUNDS} runs; goal at most 2.0",
        flush=True,
    )


def office(place: Path) -> Path:
    """The folder of a sown office."""
    if given := os.environ.get("SHIMING_BENCH_OFFICE"):
        return Path(given)
    command = [sys.executable, "-m", "app", "seed", *SMALL, "--out", str(place)]
    subprocess.run(command, check=True, capture_output=True)
    return place


def paged(folder: Path) -> None:
    """Open the people of the office in a table, and scroll it."""
    who = json.loads((folder / "report.json").read_text("utf-8"))["people"][0]
    app = QApplication([])
    theme.apply(app)
    tasks = Tasks()
    began = time.perf_counter()
    gate, person = bootstrap.open_office(folder, who["login"], who["password"])
    opened = time.perf_counter()
    desk = Desk(gate, person, folder, tasks)
    desk.take_post(Post.SYSTEM)
    columns = (Column[PersonRow]("登录名", lambda row: row.login), Column[PersonRow]("姓名", lambda row: row.name))
    listed = Windowed[PersonRow, PeopleFilter](desk, columns, people_list.ids, people_list.rows)
    table = Table(listed.model, "people", Empty(""))
    table.resize(1200, 700)
    table.show()
    listed.look(PeopleFilter())
    _settle(app, tasks)
    shown, count = time.perf_counter(), listed.model.rowCount()
    jumps = sorted(_jump(app, tasks, table, at * (count - 1) // JUMPS) for at in range(JUMPS + 1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{count:,} people: password and database {opened - began:.2f} s, then first rows {shown - opened:.2f} s; "
        f"a jump anywhere {median(jumps) * 1000:.0f} ms (up to {jumps[-1] * 1000:.0f}); memory at most {memory} MiB",
        flush=True,
    )
    tasks.settle()
    gate.close()
    tasks.close()


def _jump(app: QApplication, tasks: Tasks, table: "Table[PersonRow]", to: int) -> float:
    began = time.perf_counter()
    table.scrollTo(table.rows.index(to, 0))
    table.grab()
    _settle(app, tasks)
    table.grab()
    assert table.rows.row(to) is not None
    return time.perf_counter() - began


def _settle(app: QApplication, tasks: Tasks) -> None:
    """Until what was asked for is there."""
    app.processEvents()
    while not tasks.quiet:
        app.processEvents()
    app.processEvents()


def main() -> None:
    """Measure all of it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    started()
    with tempfile.TemporaryDirectory() as place:
        paged(office(Path(place)))


if __name__ == "__main__":
    main()
