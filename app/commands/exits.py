"""The exit codes of the command line: documented in README, the same for every command."""

from app.errors import Cancelled, Conflict, Denied, Invalid, Problem, Unavailable

DONE = 0
NO = 1
"""It was done, and the answer is no: a fault was found, a log does not verify."""
USAGE = 2
BUG = 70
BROKEN_PIPE = 141

_CODES: dict[type[Problem], int] = {Invalid: 3, Denied: 4, Conflict: 5, Unavailable: 6, Cancelled: 130}


def code_for(problem: Problem) -> int:
    """The exit code of a kind of problem."""
    return next(code for kind, code in _CODES.items() if isinstance(problem, kind))
