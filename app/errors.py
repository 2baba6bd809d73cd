"""The five kinds of error that a person can be told about.

They carry a reason and data, never sentences: `messages` turns them into what happened and what to do next.
Any other exception is a bug.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from typing import Any

Value = str | int | float | bool | None


class Problem(Exception):
    """Something went wrong that a person can be told, and can act upon.

    `reason` is a dotted name with a row in `messages` (`token.pin_wrong`); `data` fills that row's sentences.
    """

    def __init__(self, reason: str, /, **data: Value) -> None:
        super().__init__(reason, data)
        self.reason = reason
        self.data: Mapping[str, Value] = data

    def __str__(self) -> str:
        return f"{self.reason} {dict(self.data)}" if self.data else self.reason

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it cross from a worker process: rebuild from the reason, then restore the attributes."""
        return type(self), (self.reason,), self.__dict__


@dataclass(frozen=True)
class FieldProblem:
    """One fault in what was entered: which field (or which row and field), why, and the data for the sentence."""

    field: str
    reason: str
    data: Mapping[str, Value] = filled(default_factory=dict)
    row: int | None = None


class Invalid(Problem):
    """What was entered breaks a rule; `problems` names each field."""

    def __init__(self, reason: str, /, *, problems: tuple[FieldProblem, ...] = (), **data: Value) -> None:
        super().__init__(reason, **data)
        self.problems = problems


class Denied(Problem):
    """This person, in this post, may not do this to that object."""


class Conflict(Problem):
    """The object is no longer, or not yet, in the state that this needs."""


class Unavailable(Problem):
    """Something outside is missing or broken: a token, a file, a database, a certificate authority."""


class Cancelled(Problem):
    """The person stopped it; nothing was left half done."""
