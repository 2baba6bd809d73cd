"""Help pages: a sentence on what each command does, an example, and columns that stand straight in Chinese.

argparse counts characters, and a Chinese one is two columns wide: each is laid out with a filler beside it, and the
fillers are taken away from the finished page.
"""

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any
from unicodedata import east_asian_width

from app.words import tr

_FILLER = "\0"
_WIDE = re.compile("[\u1100-\uffef]")
_PART = re.compile(r"\([^()]*\)|\[(?:[^\[\]]|\[[^\]]*\])*\]|--?\S+ [^-\[(\s]\S*|\S+")
"""What of a usage line stays together: a group, an optional part, an option and its value."""
_INDENT = 8


def add(
    actions: "argparse._SubParsersAction[Any]", name: str, text: str, example: str, notes: str = "", **options: Any
) -> argparse.ArgumentParser:
    """A sub-command with its page: `text` and `example` are Chinese, `notes` are in the language in force."""
    epilog = "\n\n".join(part for part in (notes, tr(example)) if part)
    added: argparse.ArgumentParser = actions.add_parser(
        name, help=tr(text), description=tr(text), epilog=epilog, **options
    )
    return added


def padded(text: str, columns: int) -> str:
    """The text with so many spaces after it that it takes these columns, and one at least."""
    return text + " " * max(1, columns - len(_filled(text)))


class Columns(argparse.RawDescriptionHelpFormatter):
    """Lays pages out by the columns of a terminal."""

    def format_help(self) -> str:
        """The page."""
        return super().format_help().replace(_FILLER, "")

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Callable[[int], tuple[str, ...]]:
        plain = super()._metavar_formatter(action, default_metavar)
        return lambda size: tuple(_filled(str(each)) for each in plain(size))

    def _expand_help(self, action: argparse.Action) -> str:
        return _filled(super()._expand_help(action))

    def _format_usage(self, *details: Any) -> str:
        width, self._width = self._width, 1 << 20  # one line, to be divided here
        try:
            line = _filled(super()._format_usage(*details).strip())
        finally:
            self._width = width
        return "\n".join(_wrapped(_PART.findall(line), width)) + "\n\n"


def _wrapped(parts: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 1 + len(part) <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(" " * _INDENT * bool(lines) + part)
    return lines


def _filled(text: str) -> str:
    return _WIDE.sub(lambda found: found[0] + _FILLER * (east_asian_width(found[0]) in "WF"), text)
