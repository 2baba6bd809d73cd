"""What a command says: lines for people as they come, or with `--json` one document at the end."""

import dataclasses
import json
import os
import sys
import traceback
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.commands.exits import BUG, USAGE, code_for
from app.errors import FieldProblem, Invalid, Problem
from app.messages import explain
from app.words import N_, sentences, tr

_ROWS = {"form": N_("第 {row} 份“{field}”")}
"""Area → what its rows are, where they are no rows of a sheet."""


class Output:
    """Collects what a command found: `line` is for people only, `record` for the JSON document only."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._document: dict[str, object] = {}
        for stream in (sys.stdout, sys.stderr):
            # A terminal that can't show a character must not end the work.
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]

    def line(self, text: str = "") -> None:
        """Print one line for people, at once."""
        if not self.as_json:
            print(text, flush=True)

    def record(self, **values: object) -> None:
        """Put values into the document; dataclasses, paths, dates and bytes (as hex) are understood."""
        if self.as_json:
            self._document.update(values)

    def problem(self, problem: Problem) -> int:
        """Say what happened and what to do next; its exit code."""
        fields = problem.problems if isinstance(problem, Invalid) else ()
        self._say_error({**_entry(problem), "problems": [_field_entry(each) for each in fields]})
        return code_for(problem)

    def bug(self, error: Exception) -> int:
        """Say that the program failed, and where, without what the exception says (it may hold personal data)."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.lineno}"
        if os.environ.get("SHIMING_DEBUG"):
            traceback.print_exception(error)
        problem = Problem("command.bug", type=type(error).__name__, where=where)
        self._say_error(_entry(problem))
        return BUG

    def usage(self, usage: str, detail: str) -> int:
        """Say what is wrong with the arguments, and how they are written; the exit code."""
        if not self.as_json:
            print(usage, end="", file=sys.stderr)
        self._say_error(_entry(Problem("command.usage", detail=detail, usage=usage.strip())))
        return USAGE

    def document(self, values: Mapping[str, object]) -> None:
        """Make this the document, whether JSON was asked for or not."""
        self._document = dict(values)

    def close(self) -> None:
        """Print the document, if one is wanted and there is something in it."""
        try:
            if self._document:
                print(json.dumps(self._document, ensure_ascii=False, indent=2, default=_plain))
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _say_error(self, error: dict[str, Any]) -> None:
        if self.as_json:
            self._document["error"] = error
            return
        print(error["what"], error["todo"], sep="\n", file=sys.stderr)
        for each in error.get("problems", ()):
            row = _ROWS.get(error["reason"].partition(".")[0], N_("第 {row} 行 {field}"))
            place = tr(row, **each) if each["row"] is not None else each["field"]
            print(f"  {place}: {sentences(each['what'], each['todo'])}", file=sys.stderr)


def _entry(problem: Problem | FieldProblem) -> dict[str, Any]:
    what, todo = explain(problem)
    return {"reason": problem.reason, "data": dict(problem.data), "what": what, "todo": todo}


def _field_entry(problem: FieldProblem) -> dict[str, Any]:
    return {"field": problem.field, "row": problem.row, **_entry(problem)}


def _plain(value: object) -> object:
    """What JSON has for a value that it does not know."""
    match value:
        case bytes():
            return value.hex()
        case Path():
            return str(value)
        case date():  # and datetime
            return value.isoformat()
        case set() | frozenset():
            return sorted(value)
        case Mapping():
            return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
