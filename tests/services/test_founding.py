"""Founding a province: three posts, two people, a recovery letter; no preset account (B1, B3)."""

from dataclasses import replace
from pathlib import Path

import pytest

from app import bootstrap
from app.demo.cast import ADDRESSES, ADMINISTRATORS, PROVINCE
from app.errors import Conflict, Denied, Invalid, Unavailable
from app.models.accounts import Account
from app.models.applications import Application
from app.models.database import Database
from app.policy import Post
from app.services import accounts, audit, sign_in
from app.services.context import AppContext
from app.services.founding import Founder, Province
from app.vault import Vault
from tests.support.offices import WEAK, password

pytestmark = pytest.mark.requirement("B3")
HERE = Province(PROVINCE, "220000", ADDRESSES[PROVINCE])
FOUNDERS = tuple(Founder(each.form, each.login, password(each.login)) for each in ADMINISTRATORS[:2])


def found(folder: Path, founders: tuple[Founder, ...] = FOUNDERS) -> str:
    return bootstrap.found_office(folder, HERE, founders, cost=WEAK)


def test_an_office_is_founded_and_opened(tmp_path: Path) -> None:
    letter = found(tmp_path / "省")
    gate, signed_in = bootstrap.open_office(tmp_path / "省", FOUNDERS[1].login, FOUNDERS[1].password, cost=WEAK)
    try:
        auditor = signed_in.acting_as(Post.AUDITOR)
        assert gate.ask(auditor, audit.verify) == ()
        assert auditor.unit_id is not None
        assert gate.ask(auditor, accounts.readiness, auditor.unit_id) == ()
        with gate.context.database.reading() as session:
            assert session.query(Account).count() == session.query(Application).count() == 2
    finally:
        gate.close()
    left = {path.name for path in (tmp_path / "省").iterdir() if path.suffix not in (".lock", ".previous")}
    assert left == {"office.db", "office.vault"}
    assert Vault.open(tmp_path / "省" / "office.vault").unlock_recovery(letter) == gate.context.keys


def test_there_is_no_preset_account(tmp_path: Path) -> None:
    found(tmp_path)
    for login in ("admin", "root", "administrator", "demo", ""):
        with pytest.raises(Denied, match=r"login\.(refused|wait)"):
            bootstrap.open_office(tmp_path, login, login, cost=WEAK)


@pytest.mark.parametrize(
    ("founders", "reason"),
    [
        (FOUNDERS[:1], "posts.missing_auditor"),
        (FOUNDERS[1:], "posts.missing_system"),
        ((), "posts.missing_security"),
        ((FOUNDERS[0], replace(FOUNDERS[1], password="short")), "password.short"),
        ((FOUNDERS[0], replace(FOUNDERS[1], login=FOUNDERS[0].login)), "account.login_taken"),
        ((FOUNDERS[0], replace(FOUNDERS[1], form=replace(FOUNDERS[1].form, id_number="1"))), "id.length"),
        (
            (FOUNDERS[0], replace(FOUNDERS[1], form=replace(FOUNDERS[1].form, id_number=FOUNDERS[0].form.id_number))),
            "posts.auditor_is_administrator",
        ),
    ],
)
@pytest.mark.requirement("B1")
def test_what_is_wrong_is_said_and_nothing_is_founded(
    tmp_path: Path, founders: tuple[Founder, ...], reason: str
) -> None:
    with pytest.raises(Invalid, match=r"founding\.refused") as refused:
        found(tmp_path, founders)
    assert reason in {problem.reason for problem in refused.value.problems}
    assert not bootstrap.is_office(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_office_is_not_founded_over_another(tmp_path: Path) -> None:
    found(tmp_path)
    before = (tmp_path / "office.vault").read_bytes()
    with pytest.raises(Conflict, match=r"office\.exists"):
        found(tmp_path)
    assert (tmp_path / "office.vault").read_bytes() == before


@pytest.mark.parametrize("moved", [False, True])
def test_a_killed_founding_can_be_done_again(tmp_path: Path, moved: bool) -> None:
    """Killed before its files were moved, or between the two: the vault in the draft has the only keys."""
    folder, draft = tmp_path / "x", tmp_path / "x" / ".founding-killed"
    found(draft)
    if moved:
        (draft / "office.db").replace(folder / "office.db")
    found(folder)
    assert list(folder.glob(".founding-*")) == []
    bootstrap.open_office(folder, FOUNDERS[0].login, FOUNDERS[0].password, cost=WEAK)[0].close()


def test_a_founding_that_fails_between_its_two_files_leaves_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target == tmp_path / "x" / "office.vault":
            raise OSError("no")
        return replace_file(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no"):
            found(tmp_path / "x")
    assert not list((tmp_path / "x").glob("office.*[!k]"))
    found(tmp_path / "x")


@pytest.mark.requirement("I4")
@pytest.mark.parametrize("lost", ["office.vault", "office.db"])
def test_what_is_left_of_an_office_is_not_founded_over(tmp_path: Path, lost: str) -> None:
    found(tmp_path)
    (tmp_path / lost).unlink()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Conflict, match=r"office\.(remains|exists)"):
        found(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.requirement("I4")
def test_a_disk_too_full_to_fold_the_database_founds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write-ahead log goes with the draft: a database that still needs it must not be moved."""

    def full(self: Database) -> None:
        raise Unavailable("database.full", path=self.place)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "fold", full)
        with pytest.raises(Unavailable, match=r"database\.full"):
            found(tmp_path)
    assert list(tmp_path.glob("office.*[!k]")) == []
    found(tmp_path)


def test_a_founded_database_needs_no_write_ahead_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(AppContext, "close", lambda self: None)  # as if closing could not fold it
        found(tmp_path)
    bootstrap.open_office(tmp_path, FOUNDERS[0].login, FOUNDERS[0].password, cost=WEAK)[0].close()


def test_a_wrong_password_leaves_nothing_open(tmp_path: Path) -> None:
    found(tmp_path)
    with pytest.raises(Denied, match=r"login\.refused"):
        bootstrap.open_office(tmp_path, FOUNDERS[0].login, "wrong", cost=WEAK)
    with pytest.raises(Unavailable, match=r"vault\.absent"):
        bootstrap.open_office(tmp_path / "nowhere", FOUNDERS[0].login, "wrong", cost=WEAK)
    bootstrap.open_office(tmp_path, FOUNDERS[0].login, FOUNDERS[0].password, cost=WEAK)[0].close()


@pytest.mark.requirement("I4")
def test_an_old_database_put_back_does_not_cost_the_keys(tmp_path: Path) -> None:
    """It names none of today's slots: nobody gets in, and nothing is taken away; the right one opens again."""
    found(tmp_path)
    login, old = FOUNDERS[0].login, (tmp_path / "office.db").read_bytes()
    gate, _ = bootstrap.open_office(tmp_path, login, FOUNDERS[0].password, cost=WEAK)
    for founder in FOUNDERS:
        sign_in.change_password(gate.context, founder.login, founder.password, "Nq7!wZk2#bVx")
    gate.close()
    today = (tmp_path / "office.db").read_bytes()
    (tmp_path / "office.db").write_bytes(old)
    with pytest.raises(Denied, match=r"login\.refused"):
        bootstrap.open_office(tmp_path, login, "Nq7!wZk2#bVx", cost=WEAK)
    (tmp_path / "office.db").write_bytes(today)
    bootstrap.open_office(tmp_path, login, "Nq7!wZk2#bVx", cost=WEAK)[0].close()
