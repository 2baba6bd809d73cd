"""The command line: one module a command, thin faces on the same services and the same gate as the window.

A command's module has `configure(parser)`, which declares its arguments, and `run(args, out)`, which answers with an
exit code. Only the module that is asked for is imported, so it may import at its top whatever it needs.
"""

import argparse
import gettext
import importlib
import os
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn, Protocol, cast

from app import __version__
from app.commands import pages
from app.commands.exits import BROKEN_PIPE, USAGE
from app.commands.output import Output
from app.errors import Cancelled, Problem, Unavailable
from app.paths import resource
from app.words import CHINESE, ENGLISH, N_, set_language, tr

COMMANDS = {
    "window": N_("打开窗口（不写命令时也是）"),
    "demo": N_("在演示省份上走完主要流程，直到 UKEY 里有一张可用的证书"),
    "doctor": N_("检查本机：软件、驱动、UKEY、字体、数据库，并说明每个问题怎么解决"),
    "audit": N_("导出或验证日志"),
    "form": N_("打印申请单"),
    "token": N_("查看 UKEY，下载证书，验证证书"),
    "seed": N_("生成一个指定规模的省份，用于测试和性能测量"),
}


class Command(Protocol):
    """What the module of a command has."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Do it: 0 when done, 1 when the answer is no; a Problem is explained by `dispatch`."""


class WrongUsage(Exception):
    """Arguments that no command takes: what is wrong with them, and how they are written."""

    def __init__(self, usage: str, detail: str) -> None:
        super().__init__(detail)
        self.usage, self.detail = usage, detail


class Parser(argparse.ArgumentParser):
    """A parser in the language in force, which knows the options that every command and sub-command has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=pages.Columns, **options)
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=tr("只输出一份 JSON"))
        languages = (CHINESE, ENGLISH)
        self.add_argument(
            "--lang", choices=languages, default=argparse.SUPPRESS, help=tr("语言（也可用环境变量 SHIMING_LANG）")
        )

    def error(self, message: str) -> NoReturn:
        """Leave it to `dispatch` to say so, in words or as JSON."""
        raise WrongUsage(self.format_usage(), message)


def dispatch(arguments: Sequence[str]) -> int:
    """Find the command, run it, and say what came of it; the exit code."""
    _speak(_language(arguments))
    out = Output(as_json=_json_wanted(arguments))
    try:
        return _run(arguments, out)
    except WrongUsage as wrong:
        return out.usage(wrong.usage, wrong.detail)
    except KeyboardInterrupt:
        return out.problem(Cancelled("command.interrupted"))
    except Problem as problem:
        return out.problem(problem)
    except BrokenPipeError:
        return BROKEN_PIPE
    except ModuleNotFoundError as error:
        return out.problem(Unavailable("command.package_missing", name=error.name))
    except Exception as error:  # a bug: say so in a sentence, and where
        return out.bug(error)
    finally:
        out.close()


def _run(arguments: Sequence[str], out: Output) -> int:
    name = _name(arguments)
    command = cast("Command", importlib.import_module(f"app.commands.{name}")) if name else None
    parser = _parser(name, command)
    args = parser.parse_args(arguments)
    if command is None:
        parser.print_help()
        return USAGE
    return command.run(args, out)


def _name(arguments: Sequence[str]) -> str | None:
    return next((word for word in arguments if word in COMMANDS), None)


def _json_wanted(arguments: Sequence[str]) -> bool:
    """Whether the answer shall be JSON: `form print --json FILE` names what it reads, there a bare one asks for it."""
    if _name(arguments) != "form" or "print" not in arguments:
        return "--json" in arguments
    action = list(arguments).index("print")
    following = [*arguments[action + 1 :], "--end"]
    bare = any(word == "--json" and after.startswith("-") and after != "-" for word, after in pairwise(following))
    return bare or "--json" in arguments[:action]


def _parser(chosen: str | None, command: Command | None) -> Parser:
    parser = Parser(prog="shiming", description=tr("实名：教育系统实名用户、申请单与数字证书"))
    parser.add_argument("--version", action="version", version=f"shiming {__version__}", help=tr("显示版本"))
    commands = parser.add_subparsers(dest="command", metavar=tr("命令"))
    for name, text in COMMANDS.items():
        branch = commands.add_parser(name, help=tr(text), description=tr(text))
        if command is not None and name == chosen:
            command.configure(branch)
    return parser


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, before the real parser, whose own words depend on it, is made."""
    before = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    before.add_argument("--lang")
    asked = before.parse_known_args(arguments)[0].lang or os.environ.get("SHIMING_LANG", CHINESE)
    return asked if asked in (CHINESE, ENGLISH) else CHINESE


def _speak(language: str) -> None:
    """Set the language of our words and of argparse's, which come from gettext's default domain."""
    set_language(language)
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("argparse", resource("locale"))
    gettext.textdomain("argparse")
