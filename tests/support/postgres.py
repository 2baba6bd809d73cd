"""A real PostgreSQL of Debian's package, for the time of a test run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_ROOMS = Path("/usr/lib/postgresql")
_CHINESE = ("--locale-provider", "icu", "--icu-locale", "zh-CN", "--encoding", "UTF8", "--locale", "C")
"""As an office in China sorts: not byte by byte."""


class Cluster:
    """A running server with databases of its own, reached by a socket that nobody else knows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        """What SQLAlchemy opens."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self, database: str, template: str = "template1") -> str:
        """A new database, a copy of `template`; returns its URL."""
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """The database goes, whoever is still connected."""
        self._run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running() -> Iterator[Cluster]:
    """Start a server in a new folder; stop it and remove the folder at the end. Root lends it the user `postgres`."""
    programs = max(_ROOMS.glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="shiming-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
    try:
        _run(user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", *_CHINESE)
        log = str(folder / "log")
        _run(user, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield Cluster(folder)
        finally:
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(user: str | None, *command: Path | str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
