"""Passwords and PINs: typed at the terminal without echo, or read line by line from a pipe; never an argument.

A script writes the lines in the order in which they are asked for, login name first.
"""

import getpass
import sys
from collections.abc import Callable

from app.errors import Cancelled
from app.words import tr


def ask(question: str) -> str:
    """An answer that may be seen."""
    return (_typed(input, question) if sys.stdin.isatty() else _next_line()).strip()


def ask_secret(question: str) -> str:
    """An answer that may not be seen, exactly as typed."""
    return _typed(getpass.getpass, question) if sys.stdin.isatty() else _next_line()


def ask_login(login: str | None = None) -> tuple[str, str]:
    """Login name (unless given) and password."""
    login = login or ask(tr("登录名"))
    return login, ask_secret(tr("{login} 的密码", login=login))


def _typed(read: Callable[[str], str], question: str) -> str:
    try:
        return read(f"{question}: ")
    except EOFError as end:  # Ctrl-D
        raise Cancelled("command.interrupted") from end


def _next_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise Cancelled("command.input_ended")
    return line.rstrip("\r\n")
