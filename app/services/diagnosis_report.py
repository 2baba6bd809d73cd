"""The diagnosis as a text to save and to send to whoever maintains the program: without personal data (E7)."""

import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from app import __version__
from app.services.diagnosis import STATE_NAMES, Finding
from app.token.library import own_machine
from app.words import tr

_HOMES = re.compile(r"(?:/home|/Users|[A-Za-z]:[\\/]Users)[\\/][^\\/\s，。；：“”]+")
"""Anybody's home folder: its name is as a rule a person's."""

_TOLD_DIGITS = 4


def report(folder: Path | None, findings: Sequence[Finding]) -> str:
    """Versions, the system, and each finding with its code and what to do.

    Of the office's `folder` and of home folders not even the names are told, of serial numbers the last four digits.
    """
    python = ".".join(map(str, sys.version_info[:3]))
    head = [
        tr("实名诊断报告"),
        tr("实名 {version}，Python {python}", version=__version__, python=python),
        tr("系统：{system} {release}（{machine}）", system=platform.system(), release=platform.release(),
           machine=own_machine()),
        tr("本报告不含姓名、登录名和证件号码；UKEY 的序列号只留最后四位。"),
        "",
    ]  # fmt: skip
    lines = [line for finding in findings for line in _lines(finding, folder)]
    return "\n".join(head + lines) + "\n"


def _lines(finding: Finding, folder: Path | None) -> list[str]:
    code = f" ({finding.code})" if finding.code else ""
    first = f"[{tr(STATE_NAMES[finding.state])}] {finding.area}: {finding.what}{code}"
    more = [f"       {line}" for text in (finding.todo, finding.detail) for line in text.splitlines()]
    return [_impersonal(line, finding.serial, folder) for line in (first, *more)]


def _impersonal(text: str, serial: str, folder: Path | None) -> str:
    if len(serial) > _TOLD_DIGITS:
        text = text.replace(serial, f"…{serial[-_TOLD_DIGITS:]}")
    for path in (folder.absolute(), folder) if folder else ():
        if path.name:  # not “.”, nor a whole disk
            text = text.replace(str(path), tr("（办公库文件夹）"))
    return _HOMES.sub("~", text.replace(str(Path.home()), "~"))
