"""Fixtures that more than one folder uses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.offices import Office, Template, make_template
from tests.support.postgres import Cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this test process."""
    with postgres.running() as running:
        yield running


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Template]:
    """Makes each kind of staffed office once."""
    made: dict[str, Template] = {}

    def make(kind: str) -> Template:
        if kind not in made:
            cluster = request.getfixturevalue("cluster") if kind == "postgresql" else None
            made[kind] = make_template(tmp_path_factory.mktemp(kind), cluster)
        return made[kind]

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, template: Callable[[str], Template], tmp_path: Path) -> Iterator[Office]:
    """A staffed office of its own, on each database."""
    with template(request.param).copied(tmp_path) as copied:
        yield copied


@pytest.fixture
def sqlite_office(template: Callable[[str], Template], tmp_path: Path) -> Iterator[Office]:
    """A staffed office on SQLite, for what PostgreSQL has no part in."""
    with template("sqlite").copied(tmp_path) as copied:
        yield copied
