"""`shiming seed`: a province of a given size, whole in its log, and open to the people in its report."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import bootstrap, codes
from app.commands import dispatch
from app.demo.cast import HOLDER
from app.forms import annex4
from app.models.accounts import Account, AccountKind, Person, Role
from app.models.applications import Application, ApplicationState, FormKind, SignOff
from app.models.org import SCHOOL_KINDS, Unit
from app.passwords import password_faults
from app.policy import Post
from app.services import accounts, applications, audit, org, records, sign_in
from app.services.invented import Inventor
from app.services.operations import Gate
from app.services.people import SEALED_ID
from app.services.sign_in import SignedIn

UNITS, USERS = 120, 300


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A province, made by a process of its own, with what it said."""
    folder = tmp_path_factory.mktemp("seeded") / "province"
    size = ["--units", str(UNITS), "--users", str(USERS), "--seed", "7"]
    command = [sys.executable, "-m", "app", "seed", *size, "--out", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return folder, json.loads(done.stdout)


@pytest.fixture(scope="module")
def people(seeded: tuple[Path, dict[str, Any]]) -> Iterator[tuple[Gate, dict[Post, SignedIn]]]:
    """The office, open, and its people by their posts."""
    folder, report = seeded
    manager, auditor = report["people"]
    gate, first = bootstrap.open_office(folder, manager["login"], manager["password"])
    second = sign_in.sign_in(gate.context, auditor["login"], auditor["password"])
    yield gate, {Post.SYSTEM: first, Post.SECURITY: first, Post.AUDITOR: second}
    gate.close()


@pytest.fixture
def session(people: tuple[Gate, dict[Post, SignedIn]]) -> Iterator[Session]:
    """A look at its rows."""
    with people[0].context.database.reading() as reading:
        yield reading


def test_the_report_tells_who_can_sign_in(seeded: tuple[Path, dict[str, Any]]) -> None:
    folder, said = seeded
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert said == report
    assert (report["units"], report["users"]) == (UNITS, USERS)
    for person in report["people"]:
        assert not password_faults(person["password"], person["login"], [person["name"]])
    assert (folder / "report.json").stat().st_mode & 0o077 == 0


@pytest.mark.requirement("G1")
def test_the_log_accounts_for_every_row(people: tuple[Gate, dict[Post, SignedIn]]) -> None:
    gate, by_post = people
    assert gate.ask(by_post[Post.AUDITOR].acting_as(Post.AUDITOR), audit.verify) == ()


def test_there_is_what_was_asked_for(session: Session) -> None:
    kinds = Counter(session.scalars(select(Account.kind)))
    assert kinds == {AccountKind.BUSINESS: USERS, AccountKind.MANAGEMENT: 2 * UNITS}
    assert session.scalar(select(func.count(Role.id))) == USERS
    executed = select(func.count(Application.id)).where(Application.state == ApplicationState.EXECUTED)
    assert session.scalar(executed) == USERS + 2 * UNITS
    assert session.scalar(select(func.count(SignOff.id))) == 4 * USERS
    divisions = {code for code in session.scalars(select(Unit.division_code)) if code}
    assert len(divisions) == 79


def test_forms_keep_their_rules(session: Session, people: tuple[Gate, dict[Post, SignedIn]]) -> None:
    seals = people[0].context.seals
    for application in session.scalars(select(Application).where(Application.kind == FormKind.ANNEX4)):
        form = annex4.from_json(records.text_of(seals, records.current_revision(session, application)))
        unit = session.get_one(Unit, application.unit_id)
        assert annex4.check(form, is_school=unit.kind in SCHOOL_KINDS, today=date(2026, 11, 23)) == ()
        assert annex4.tidy(form) == form
        assert form.unit_name == unit.name


def test_id_numbers_are_nobodys(session: Session, people: tuple[Gate, dict[Post, SignedIn]]) -> None:
    seals = people[0].context.seals
    numbers = [seals.unseal(SEALED_ID, sealed).decode() for sealed in session.scalars(select(Person.id_number))]
    assert {number[:2] for number in numbers} == {"99"}
    assert {codes.id_number_fault(number, date(2026, 11, 23)) for number in numbers} == {None}
    assert len(set(numbers)) == len(numbers) == USERS + 2 * UNITS


def test_work_goes_on_in_it(people: tuple[Gate, dict[Post, SignedIn]]) -> None:
    """The superior prints a city's activation code; ids and numbers go on after the sown ones."""
    gate, by_post = people
    system = by_post[Post.SYSTEM].acting_as(Post.SYSTEM)
    (row, *_) = gate.ask(system, accounts.next_level)
    assert row.account_id is not None
    assert gate.do(system, accounts.print_first_half, row.account_id).login == row.login
    units = gate.ask(system, org.units)
    assert all(not codes.school_code_fault(unit.school_code, "22") for unit in units if unit.school_code)
    assert system.unit_id is not None
    form = replace(HOLDER, unit_name=units[0].name, school_type="")
    assert gate.do(system, applications.enter, system.unit_id, form) == USERS + 2 * UNITS + 1


def test_the_same_seed_invents_the_same_people() -> None:
    first, second, other = Inventor(5), Inventor(5), Inventor(6)
    assert [first.person() for _ in range(9)] == [second.person() for _ in range(9)]
    assert first.school("220000", "农安县") == second.school("220000", "农安县")
    assert [other.name() for _ in range(9)] != [first.name() for _ in range(9)]


def test_an_office_that_is_there_stays_as_it_is(seeded: tuple[Path, dict[str, Any]]) -> None:
    before = (seeded[0] / "report.json").read_bytes()
    assert dispatch(["seed", "--units", "1", "--users", "1", "--out", str(seeded[0])]) == 5
    assert (seeded[0] / "report.json").read_bytes() == before


@pytest.mark.parametrize("number", ["-1", "x", ""])
def test_sizes_are_numbers(number: str, tmp_path: Path) -> None:
    assert dispatch(["seed", "--units", number, "--users", "1", "--out", str(tmp_path)]) == 2
