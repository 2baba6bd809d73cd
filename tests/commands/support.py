"""Running a command as a script does: answers on standard input, one document on standard output."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from app import bootstrap
from app.commands import dispatch
from tests.support.offices import WEAK, Clock

Command = Callable[..., tuple[int, dict[str, Any]]]


def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clock: Clock) -> Command:
    """A function of the arguments and the lines typed, which answers with exit code and document."""
    monkeypatch.setattr(bootstrap, "now", clock)
    monkeypatch.setattr(bootstrap.open_office, "__kwdefaults__", {"clock": clock, "cost": WEAK})

    def run(arguments: list[object], *typed: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        code = dispatch([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run
