"""What the window's demo has waiting for each person who logs in (I1); cut while it was made, and gone on with."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from app.demo import people
from app.demo.cast import (
    ADMINISTRATORS,
    APPLICANTS,
    CITY_SYSTEM,
    COUNTY,
    COUNTY_SYSTEM,
    PROVINCE_SECURITY,
    SCHOOL,
    SCHOOL_SECURITY,
    SCHOOL_SYSTEM,
    Applicant,
    Desk,
    Stage,
)
from app.demo.report import Report
from app.demo.run import PRACTICE, STEPS
from app.demo.world import World
from app.models.accounts import Account
from app.models.applications import Application, ApplicationState
from app.models.certificates import CertificateRequest, EnrolmentStep, RequestState
from app.services import applications, business, certificates, journal
from app.services.enrolment import enrol
from app.services.journal import Download
from app.services.operations import Operation
from app.token.software import CONFIGURATION
from app.token.types import PinState
from tests.support.demo import ROOT, Left

pytestmark = pytest.mark.requirement("I1")

PREPARE = """
import sys
from pathlib import Path
from app.demo import run
folder = Path(sys.argv[1])
with run.opened(folder) as report:
    for taken in run.take(folder, report, run.PRACTICE):
        assert taken.problem is None, taken
        print(taken.step.id, flush=True)
"""
KILLS = {"export": 0.8, "practice-ukeys": 0.05, "practice-hl-sunhy": 0.02, "practice-hl-hancl": 0.1}
"""Step after which to kill → how many seconds after it."""


def prepare(folder: Path, kill_after: str = "", seconds: float = 0) -> None:
    """As the window does, in a process of its own; to its end, or until it is killed."""
    command = [sys.executable, "-c", PREPARE, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as preparing:
        assert preparing.stdout is not None
        assert preparing.stderr is not None
        if kill_after:
            while (told := preparing.stdout.readline().strip()) != kill_after:
                assert told, preparing.stderr.read()
            time.sleep(seconds)
            preparing.send_signal(signal.SIGKILL)
        else:
            _, errors = preparing.communicate()
            assert preparing.returncode == 0, errors


@pytest.fixture(scope="module")
def prepared(demo: Left, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """The demo with its practice material, killed on the way. To look at only."""
    left = Left(Path(copytree(demo.folder, tmp_path_factory.mktemp("practice") / "demo")))
    for step, seconds in KILLS.items():
        prepare(left.folder, step, seconds)
    prepare(left.folder)
    return left


@contextmanager
def opened(left: Left, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Its office and its tokens, in this process."""
    monkeypatch.setenv(CONFIGURATION, left.path("softhsm2.conf"))  # the world sets it too; this sets it back
    report = Report.read(left.folder)
    assert report is not None
    with closing(World(left.folder, report)) as world:
        yield world


WAITING: tuple[tuple[Desk, Operation[Any, ..., Any], set[Stage]], ...] = (
    (SCHOOL_SYSTEM, applications.mark_printed, {Stage.ENTERED, Stage.SIGNED}),
    (SCHOOL_SYSTEM, applications.submit, {Stage.SIGNED}),
    (SCHOOL_SYSTEM, applications.accept, {Stage.SUBMITTED}),
    (SCHOOL_SYSTEM, applications.work_on, {Stage.ENTERED, Stage.SIGNED, Stage.SUBMITTED, Stage.RETURNED}),
    (SCHOOL_SYSTEM, business.create, {Stage.ACCEPTED}),
    (SCHOOL_SECURITY, business.grant, {Stage.CREATED}),
    (SCHOOL_SYSTEM, certificates.file, {Stage.GRANTED}),
    (COUNTY_SYSTEM, certificates.forward, {Stage.AT_COUNTY}),
    (CITY_SYSTEM, certificates.forward, {Stage.AT_CITY}),
    (PROVINCE_SECURITY, certificates.approve, {Stage.AT_PROVINCE}),
    (SCHOOL_SECURITY, certificates.issue_code, {Stage.APPROVED, Stage.CODE_ISSUED}),
    (SCHOOL_SYSTEM, journal.begin, {Stage.CODE_ISSUED}),
    (COUNTY_SYSTEM, applications.accept, {Stage.SUBMITTED}),
)


def objects(world: World, op: Operation[Any, ..., Any], who: Applicant) -> int | None:
    """The id of somebody's form, account or request: what the operation is about."""
    form = world.application(who.name, COUNTY_SYSTEM if who.unit == COUNTY else SCHOOL_SYSTEM)
    rows = {Application: form, Account: world.account(who.login), CertificateRequest: world.request(who.login)}
    row = rows[op.target]
    return row.id if row else None


@pytest.mark.timeout(300)
def test_each_desk_finds_exactly_its_work(prepared: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(prepared, monkeypatch) as world:
        for desk, op, stages in WAITING:
            unit = COUNTY if (desk, op) == (COUNTY_SYSTEM, applications.accept) else SCHOOL
            due = [who for who in APPLICANTS if who.stage in stages and who.unit == unit]
            assert due, op.name
            waiting = world.gate.waiting(world.actor(desk), op)
            assert sorted(waiting) == sorted(objects(world, op, who) or 0 for who in due), (desk.login, op.name)


def test_the_start_page_reads_who_can_log_in(prepared: Left, demo: Left) -> None:
    listed = people.people(prepared.folder)
    known = [(each.login, each.name, each.unit, each.posts) for each in ADMINISTRATORS]
    assert [(each.login, each.name, each.unit, each.posts) for each in listed] == known
    assert people.people(prepared.folder.parent) == ()
    assert people.secrets(prepared.folder.parent) is None
    before = demo.report
    finished = people.secrets(demo.folder)  # of a demo without practice material
    assert finished is not None
    assert [ukey.label for ukey in finished.ukeys] == [before["token"]["label"]]
    assert (finished.holders, demo.report) == ((), before)
    secrets = people.secrets(prepared.folder)
    assert secrets is not None
    hidden = [secrets.issuing_passphrase, *(ukey.so_pin for ukey in secrets.ukeys), secrets.ukeys[0].user_pin]
    hidden += [holder.download_code for holder in secrets.holders] + [each.password for each in listed]
    assert all(hidden)
    assert [text for text in hidden if text in f"{listed} {secrets}"] == []


@pytest.mark.requirement("E3")
@pytest.mark.timeout(300)
def test_what_was_practised_stays_done(prepared: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The waiting holder downloads, the returned form is corrected; the next start takes nothing back."""
    left = Left(Path(copytree(prepared.folder, tmp_path / "demo")))
    returned = next(who for who in APPLICANTS if who.stage is Stage.RETURNED)
    with opened(left, monkeypatch) as world:
        _download(world, left)
        gate, clerk = world.gate, world.actor(SCHOOL_SYSTEM)
        row = world.application(returned.name)
        assert row is not None
        assert row.state is ApplicationState.RETURNED
        form = replace(returned.form, mobile="13904310035")
        gate.do(clerk, applications.edit, row.id, form, row.revision_number)
    prepare(left.folder)
    with opened(left, monkeypatch) as world:
        row = world.application(returned.name)
        assert row is not None
        assert (row.state, row.revision_number) == (ApplicationState.DRAFT, 2)
        rows = world.gate.ask(world.actor(SCHOOL_SYSTEM), certificates.listed)
        assert sum(row.state is RequestState.CONFIRMED for row in rows) == 2
    assert len(list((left.folder / "tokens").iterdir())) == 3
    assert len(left.report["steps"]) == len(PRACTICE) > len(STEPS)


def _download(world: World, left: Left) -> None:
    """With nothing but what the start page of the demo tells."""
    told = people.secrets(left.folder)
    assert told is not None
    (holder,), (_, blank, other) = told.holders, told.ukeys
    info = next(info for info in world.tokens.tokens() if info.serial == blank.serial)
    assert (info.label, info.pin_state) == (blank.label, PinState.NOT_SET)
    assert world.tokens.is_blank(other.serial)
    world.tokens.prepare(blank.serial, blank.label, blank.so_pin, "20406080")
    request = world.gate.ask(world.actor(SCHOOL_SYSTEM), journal.find, holder.number)
    download = Download(holder.mobile, holder.download_code, blank.serial, "20406080")
    reached = enrol(world.gate, world.actor(SCHOOL_SYSTEM), world.tokens, world.authority, request.id, download)
    assert reached is EnrolmentStep.PROVED
