"""`shiming window`: open the window; where there is no display, say so."""

import argparse
import os
import sys
from pathlib import Path

from app.commands.output import Output
from app.errors import Unavailable
from app.words import language, tr


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--demo", type=Path, metavar=tr("文件夹"), help=tr("打开这个文件夹里的演示省份；没有显示器时改做 shiming demo")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Stay until the window is closed. Unavailable `window.no_display`."""
    if not _has_display():
        if args.demo is None:
            raise Unavailable("window.no_display")
        from app.commands import demo

        out.line(tr("这台电脑没有显示器，窗口打不开；改在命令行里走完演示。"))
        return demo.run(argparse.Namespace(out=args.demo, fresh=False), out)
    from app.views import application  # Qt comes only with the window

    return application.run(demo=args.demo.absolute() if args.demo else None, language=_asked(args))


def _has_display() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def _asked(args: argparse.Namespace) -> str | None:
    """The language, when it was asked for at this start; else the settings decide."""
    asked = "lang" in args or "SHIMING_LANG" in os.environ
    return language() if asked else None
