"""The database: encrypted, append-only where it must be, and honest about damage."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DatabaseError

from app.errors import Conflict, Unavailable
from app.models import Base
from app.models.audit import AuditEvent
from app.models.database import HEAD, open_sqlite
from app.models.migrations.run import configuration
from app.models.org import Unit
from app.models.triggers import append_only_tables
from tests.support.offices import Office, Template

KEY = bytes(range(32))


def test_the_models_are_what_the_migrations_make(office: Office) -> None:
    with office.context.database.writers.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


@pytest.mark.requirement("G1")
@pytest.mark.parametrize("table", [table for table in append_only_tables() if table != "certificate"])
def test_an_append_only_row_stays_as_it_is(office: Office, table: str) -> None:
    database = office.context.database
    sqlite = database.one_process
    office.with_code()  # so that each of these tables has a row; the certificate's is tried where one is issued
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with database.writing("test") as session:
            with pytest.raises(DatabaseError, match="append-only"):
                session.execute(text(statement))
            session.rollback()
    whole = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" if sqlite else f"TRUNCATE {table} CASCADE"
    with (
        pytest.raises((DatabaseError, Conflict), match=r"append-only|not the next|record.clash"),
        database.writing("test") as session,
    ):
        session.execute(text(whole))


@pytest.mark.requirement("G1")
def test_the_log_takes_only_the_next_number(office: Office) -> None:
    with office.context.database.reading() as session:
        event = session.get_one(AuditEvent, 1)
        row = {column.name: getattr(event, column.name) for column in AuditEvent.__table__.columns}
    for number in (0, 1, 10_000):
        with (
            pytest.raises((DatabaseError, Conflict), match=r"not the next|record.clash"),
            office.context.database.writing("test") as session,
        ):
            session.execute(insert(AuditEvent).values(row | {"id": number}))


@pytest.mark.requirement("G1")
@pytest.mark.parametrize(
    "statement",
    [
        text("UPDATE unit SET name = 'x'"),
        text("WITH one AS (SELECT 1) DELETE FROM unit"),
        text("/* select */ DELETE FROM unit"),
        text("DROP TABLE unit"),
        update(Unit).values(name="x"),
        insert(Unit).values(name="x"),
    ],
    ids=str,
)
def test_a_write_without_an_actor_fails_at_the_engine(office: Office, statement: object) -> None:
    with (
        office.context.database.writers.connect() as connection,
        pytest.raises(RuntimeError, match="without an actor"),
    ):
        connection.execute(statement)  # type: ignore[call-overload]


def test_readers_cannot_write(office: Office) -> None:
    with office.context.database.reading() as session, pytest.raises(DatabaseError, match=r"readonly|read-only"):
        session.execute(text("UPDATE unit SET name = 'x'"))


def test_a_failed_transaction_leaves_nothing(office: Office) -> None:
    def fail() -> None:
        with office.context.database.writing("test") as session:
            session.get_one(Unit, 1).name = "x"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with office.context.database.reading() as session:
        assert session.get_one(Unit, 1).name != "x"


def test_two_people_at_one_row_do_not_overwrite_each_other(office: Office) -> None:
    with office.context.database.reading() as session:
        stale = session.get_one(Unit, 1)
    with office.context.database.writing("test") as session:
        session.get_one(Unit, 1).name = "first"
    stale.name = "second"
    with pytest.raises(Conflict, match=r"record.changed"), office.context.database.writing("test") as session:
        session.add(stale)


@pytest.fixture
def closed(template: Callable[[str], Template], tmp_path: Path) -> tuple[Path, bytes]:
    """A closed office database on SQLite, and its key."""
    made = template("sqlite")
    with made.copied(tmp_path):
        pass
    return tmp_path / "office.db", made.keys.database


def test_the_file_shows_nothing(closed: tuple[Path, bytes]) -> None:
    content = closed[0].read_bytes()
    assert b"SQLite" not in content
    assert "李敏".encode() not in content


@pytest.mark.requirement("I4")
@pytest.mark.parametrize("part", range(20))
def test_one_changed_byte_anywhere_is_a_damaged_database(closed: tuple[Path, bytes], part: int) -> None:
    path, key = closed
    content = bytearray(path.read_bytes())
    content[len(content) * part // 20 + part] ^= 1
    path.write_bytes(content)
    with pytest.raises(Unavailable, match=r"database\.damaged"):
        open_sqlite(path, key)


def test_a_cut_off_file_is_a_damaged_database(closed: tuple[Path, bytes]) -> None:
    path, key = closed
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(Unavailable, match=r"database\.damaged"):
        open_sqlite(path, key)


def test_a_wrong_key_opens_nothing(closed: tuple[Path, bytes]) -> None:
    with pytest.raises(Unavailable, match=r"database\.damaged"):
        open_sqlite(closed[0], KEY)


def test_an_absent_database_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"database\.absent"):
        open_sqlite(tmp_path / "office.db", KEY)
    assert list(tmp_path.iterdir()) == []


def test_one_process_has_a_database_alone(closed: tuple[Path, bytes]) -> None:
    path, key = closed
    other = (
        "import sys; from pathlib import Path; from app.models.database import open_sqlite\n"
        f"open_sqlite(Path({str(path)!r}), bytes.fromhex({key.hex()!r}))"
    )
    database = open_sqlite(path, key)
    try:
        tried = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
        assert "database.in_use" in tried.stderr
    finally:
        database.close()
    subprocess.run([sys.executable, "-c", other], check=True)


@pytest.mark.requirement("G1")
def test_a_dropped_trigger_is_noticed_at_the_next_start(closed: tuple[Path, bytes]) -> None:
    path, key = closed
    _execute(path, key, "DROP TRIGGER audit_event_keep")
    with pytest.raises(Unavailable, match="audit_event_keep"):
        open_sqlite(path, key)


def test_a_database_of_a_later_version_is_left_alone(closed: tuple[Path, bytes]) -> None:
    path, key = closed
    _execute(path, key, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match=r"database\.newer"):
        open_sqlite(path, key)


def test_a_full_disk_says_so_and_keeps_what_was(sqlite_office: Office) -> None:
    database = sqlite_office.context.database
    with database.writing("test") as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        name = session.get_one(Unit, 1).name
    with pytest.raises(Unavailable, match=r"database\.full"), database.writing("test") as session:
        session.get_one(Unit, 1).name = "x" * 100_000
    with database.reading() as session:
        assert session.get_one(Unit, 1).name == name


def _execute(path: Path, key: bytes, statement: str) -> None:
    connection = sqlcipher3.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute(statement)
    connection.commit()
    connection.close()
