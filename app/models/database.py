"""Opening the office's database: an encrypted SQLite file (SQLCipher), or PostgreSQL by URL; two engines on each.

Readers cannot write. Writers begin IMMEDIATE, and a write without an actor fails at the engine.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.errors import Conflict, Unavailable
from app.models.triggers import expected_triggers, found_triggers

HEAD = "0003"
"""The newest migration; alembic is imported only when a database is behind it."""

_MIGRATION_LOCK = 0x5348494E

ACTOR = "actor"
"""Key in `Connection.info`: who writes in this transaction."""

_READING = frozenset({"select", "pragma", "begin", "commit", "rollback", "savepoint", "release", "show", "explain"})
_WRITING = re.compile(r"\b(insert|update|delete|merge)\b", re.IGNORECASE)


_FAULTS = {
    "disk is full": "database.full",
    "disk I/O error": "database.full",
    "No space left": "database.full",
    "database is locked": "database.busy",
    "malformed": "database.damaged",
    "not a database": "database.damaged",
    "could not connect": "database.unreachable",
    "connection failed": "database.unreachable",
}


class Database:
    """One office's database. `readers` and `writers` are SQLAlchemy engines."""

    def __init__(self, readers: Engine, writers: Engine, place: str, lock: FileLock | None = None) -> None:
        self.readers, self.writers, self.place, self._lock = readers, writers, place, lock
        event.listen(writers, "before_cursor_execute", _refuse_write_without_actor)

    @property
    def one_process(self) -> bool:
        """Whether nobody but this process can have the database open (SQLite, held by a lock file)."""
        return self._lock is not None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and cannot change it."""
        with _told(self.place), Session(self.readers, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, actor: str) -> Iterator[Session]:
        """A session in one write transaction: committed at the end, rolled back by any exception."""
        with _told(self.place), Session(self.writers, expire_on_commit=False) as session, session.begin():
            info = session.connection().info
            info[ACTOR] = actor
            try:
                yield session
                session.flush()
            finally:
                info.pop(ACTOR)

    def fold(self) -> None:
        """Bring the whole of SQLite's write-ahead log into the file: from then on the file alone is the database.

        Unavailable `database.full`, or `database.busy` while somebody reads.
        """
        connection = self.writers.raw_connection()  # outside any transaction
        try:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlcipher3.Error as error:
            raise Unavailable("database.full", path=self.place) from error
        finally:
            connection.close()
        if busy:
            raise Unavailable("database.busy", path=self.place)

    def close(self) -> None:
        """Close every connection; SQLite folds its write-ahead log into the file."""
        self.readers.dispose()
        self.writers.dispose()
        if self._lock:
            self._lock.release()


def open_sqlite(path: Path, key: bytes, *, create: bool = False) -> Database:
    """Open `path` with its 32-byte key, alone: one process an office database.

    Raises Unavailable: `database.absent`, `database.in_use`, `database.damaged`, `database.newer`, `database.triggers`.
    """
    if not create and not path.is_file():
        raise Unavailable("database.absent", path=str(path))
    lock = FileLock(f"{path}.lock", thread_local=False)  # closed by whichever thread is the last
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Unavailable("database.in_use", path=str(path)) from None
    if create:
        path.touch(mode=0o600)  # nobody else's, and so its write-ahead log
    readers, writers = (_sqlite_engine(path, key, readers=readers) for readers in (True, False))
    database = Database(readers, writers, str(path), lock)
    return _made_ready(database)


def open_postgresql(url: str) -> Database:
    """Open a PostgreSQL database by its URL. Raises Unavailable as `open_sqlite` does."""
    readers = create_engine(url, pool_pre_ping=True, execution_options={"postgresql_readonly": True})
    return _made_ready(
        Database(readers, create_engine(url, pool_pre_ping=True), readers.url.render_as_string(hide_password=True))
    )


def _made_ready(database: Database) -> Database:
    """Check the file's pages, migrate what is behind, and check that the triggers are there."""
    try:
        with _told(database.place), _as_migration(database.writers) as connection:
            if database.one_process:
                _check_pages(connection, database.place)
            _migrate(connection, database.place)
        with database.writers.connect() as connection:
            if missing := expected_triggers() - found_triggers(connection):
                raise Unavailable("database.triggers", missing=", ".join(sorted(missing)))
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Say what the database's errors mean: two people at one row, a full disk, a damaged file."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict("record.changed") from error
    except IntegrityError as error:
        raise Conflict("record.clash") from error
    except DatabaseError as error:
        for words, reason in _FAULTS.items():
            if words in str(error.orig):
                raise Unavailable(reason, path=place) from error
        raise


@contextmanager
def _as_migration(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        connection.info[ACTOR] = "migration"
        try:
            yield connection
        finally:
            connection.info.pop(ACTOR)


def _check_pages(connection: Connection, place: str) -> None:
    """SQLCipher authenticates every page: one changed byte anywhere in the file is found."""
    if connection.execute(text("PRAGMA cipher_integrity_check")).first():
        raise Unavailable("database.damaged", path=place)


def _migrate(connection: Connection, place: str) -> None:
    revision = None
    if connection.dialect.name == "postgresql":  # two desks may start on an empty database at once
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
    if connection.dialect.has_table(connection, "alembic_version"):
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision == HEAD:
        return
    from app.models.migrations.run import newer_than_ours, upgrade  # alembic takes a third of a second to import

    if newer_than_ours(revision):
        raise Unavailable("database.newer", path=place)
    upgrade(connection)


def _refuse_write_without_actor(conn: Connection, cursor: Any, statement: str, *_: Any) -> None:
    first = statement.split(None, 1)[0].lower()
    harmless = first in _READING or (first == "with" and not _WRITING.search(statement))
    if not harmless and ACTOR not in conn.info:
        raise RuntimeError(f"a write without an actor: {first}")


def _sqlite_engine(path: Path, key: bytes, *, readers: bool) -> Engine:
    def connect() -> Any:
        connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to the terminal; errors are told anyway
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        pragmas = ["temp_store=memory", "busy_timeout=5000", "foreign_keys=on", "recursive_triggers=on"]
        pragmas += ["query_only=on"] if readers else ["journal_mode=wal", "synchronous=full"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect, module=sqlcipher3, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN" if readers else "BEGIN IMMEDIATE")

    return engine
