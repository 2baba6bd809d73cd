"""Each event that the log can hold has a name for people (G1)."""

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import app.services
from app.models.audit import CHECKPOINT
from app.services.operation_names import NAMES, title
from app.services.operations import Operation, Query

pytestmark = pytest.mark.requirement("G1")

PLACES = {"recorded": 3, "Entry": 0, "_set_password": 4}
"""Call → which argument is the event's name."""


def declared() -> set[str]:
    modules = (import_module(f"app.services.{module.name}") for module in pkgutil.iter_modules(app.services.__path__))
    return {thing.name for module in modules for thing in vars(module).values() if isinstance(thing, Operation | Query)}


def written_elsewhere() -> Iterator[str]:
    """Names that stand in the source where events are written outside the gate; of an f-string its beginning."""
    for path in Path(app.services.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in PLACES and len(node.args) > PLACES[called]:
                name = node.args[PLACES[called]]
                first = name.values[0] if isinstance(name, ast.JoinedStr) else name
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def test_everything_that_the_log_can_hold_has_a_name() -> None:
    assert sorted(declared() - set(NAMES)) == []
    apart = {*written_elsewhere(), CHECKPOINT}
    assert {"office.found", "sign-in", "sign-in.activate", "seed.", "log.checkpoint"} <= apart
    nameless = [name for name in apart if not any(known.startswith(name) for known in NAMES)]
    assert nameless == []
    assert sorted(name for name in apart - set(NAMES) if not name.endswith(".")) == []


def test_every_name_is_of_something() -> None:
    beginnings = tuple(name for name in written_elsewhere() if name.endswith("."))
    known = declared() | {*written_elsewhere(), CHECKPOINT}
    assert sorted(name for name in NAMES if name not in known and not name.startswith(beginnings)) == []


def test_two_things_are_not_called_the_same() -> None:
    assert len(set(NAMES.values())) == len(NAMES)


def test_what_a_later_version_wrote_stays_as_it_is() -> None:
    assert title("applications.accept") == "受理申请单"
    assert title("media.receive") == "media.receive"
