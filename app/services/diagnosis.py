"""诊断: is everything there that the work needs, and what is to be done about each fault (E7). Needs no login."""

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

import sqlcipher3
from filelock import FileLock, Timeout

from app import __version__
from app.errors import Problem
from app.forms import fonts
from app.messages import explain
from app.messages.causes import in_words
from app.paths import resource
from app.vault import Vault
from app.words import N_, listing, tr

_RARE = "𬭊㛃䶮☐☑"
_LEAST_SPACE = 1 << 30
_PAGE = 4096


class State(StrEnum):
    """How a finding stands: a NOTE limits something, a FAULT stops work; UNCHECKED takes what is not here."""

    OK = "ok"
    UNCHECKED = "unchecked"
    NOTE = "note"
    FAULT = "fault"


STATE_NAMES: Mapping[State, str] = {
    State.OK: N_("正常"),
    State.UNCHECKED: N_("未查"),
    State.NOTE: N_("注意"),
    State.FAULT: N_("故障"),
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, and what to do next (empty when nothing); `detail` for who maintains it.

    `code` names the cause where one has a code (`diagnosis_causes`); `serial` is the token's that `what` names.
    """

    area: str
    state: State
    what: str
    todo: str = ""
    detail: str = ""
    code: str = ""
    serial: str = ""


def fault(area: str, problem: Problem, state: State = State.FAULT) -> Finding:
    """A problem as a finding, in its own words."""
    return Finding(area, state, *explain(problem))


def software() -> Iterator[Finding]:
    """Python, the packages that the program needs, the encrypted database, and the translations."""
    area = tr("软件")
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding(area, State.OK, tr("实名 {version}，Python {python}", version=__version__, python=python))
    yield _packages(area)
    version = sqlcipher3.connect(":memory:").execute("PRAGMA cipher_version").fetchone()
    if version:
        yield Finding(area, State.OK, tr("加密数据库 SQLCipher {version}", version=version[0]))
    else:
        yield Finding(area, State.FAULT, tr("数据库组件不带加密。"), tr("请重新安装：删除 .venv 后运行 make run。"))
    if not resource("locale", "en", "LC_MESSAGES", "shiming.mo").exists():
        yield Finding(area, State.NOTE, tr("没有英文界面的文字。"), tr("请运行 make setup。"))


def _packages(area: str) -> Finding:
    try:
        found = packages()
    except metadata.PackageNotFoundError:
        return Finding(area, State.NOTE, tr("程序没有安装，只是在源文件夹里运行。"), tr("请运行 make setup。"))
    if missing := [name for name, version in found.items() if version is None]:
        what = tr("缺少组件：{names}。", names=listing(missing))
        return Finding(area, State.FAULT, what, tr("请重新安装：删除 .venv 后运行 make run。"))
    versions = ", ".join(f"{name} {version}" for name, version in found.items())
    return Finding(area, State.OK, tr("组件齐全（{count} 个）", count=len(found)), detail=versions)


def packages() -> Mapping[str, str | None]:
    """The packages that the program needs, and the version of each; None for one that is missing.

    PackageNotFoundError when the program itself is not installed.
    """
    required = [line for line in metadata.requires("shiming") or () if "extra ==" not in line]
    return {name: _version(name) for line in required if (name := re.split(r"[\[<>=;]", line)[0].strip())}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def printing() -> Iterator[Finding]:
    """The fonts of the forms, rare characters included."""
    area = tr("字体")
    try:
        missing = fonts.unprintable(_RARE)
    except OSError as error:
        what = tr("字体文件读不出来：{error}。", error=in_words(error.strerror))
        yield Finding(area, State.FAULT, what, tr("请重新安装本程序。"))
        return
    if missing:
        yield Finding(area, State.FAULT, tr("字体里缺少这些字：{missing}", missing=missing), tr("请重新安装本程序。"))
    else:
        yield Finding(area, State.OK, tr("表单字体齐全，含生僻字和方框"))


def office(folder: Path, *, open_here: bool = False) -> Iterator[Finding]:
    """What can be seen of an office's files without its keys; `open_here`: this very program has it open."""
    area = tr("办公库")
    yield from _database_file(area, folder / "office.db", open_here=open_here)
    if not open_here:
        yield from _in_use(area, folder / "office.db")
    yield from _vault_file(area, folder / "office.vault")
    if folder.is_dir() and (free := shutil.disk_usage(folder).free) < _LEAST_SPACE:
        what = tr("磁盘只剩 {free} MB。", free=free >> 20)
        yield Finding(area, State.NOTE, what, tr("请清理磁盘，至少留出 1 GB，备份和导入都要用。"))


def _database_file(area: str, path: Path, *, open_here: bool) -> Iterator[Finding]:
    if not path.is_file():
        todo = tr("请核对文件夹；如果文件丢失，请从备份恢复。")
        yield Finding(area, State.FAULT, tr("没有数据库文件 {path}。", path=path), todo)
        return
    with path.open("rb") as file:
        start = file.read(16)
    size = path.stat().st_size
    if start.startswith(b"SQLite format 3"):
        todo = tr("它不是本程序建立的，请不要使用，并检查是谁放在那里的。")
        yield Finding(area, State.FAULT, tr("数据库文件没有加密。"), todo)
    elif not size or size % _PAGE:
        yield Finding(area, State.FAULT, tr("数据库文件不完整（{size} 字节）。", size=size), tr("请从最近的备份恢复。"))
    elif open_here:
        yield Finding(area, State.OK, tr("数据库文件在（{size} KB，已加密），已经打开", size=size >> 10))
    else:
        what = tr("数据库文件在（{size} KB，已加密）；内容要登录后才能核对", size=size >> 10)
        todo = tr("由安全审计员运行：shiming audit verify --office {folder}", folder=path.parent)
        yield Finding(area, State.UNCHECKED, what, todo)
    yield from _open_to_others(area, path)


def _vault_file(area: str, path: Path) -> Iterator[Finding]:
    try:
        slots = Vault.open(path).slots()
    except Problem as problem:
        yield fault(area, problem)
        return
    yield Finding(area, State.OK, tr("口令库完好，可登录的账号 {count} 个", count=len(slots)))
    if locked := sum(slot.locked for slot in slots):
        yield Finding(area, State.NOTE, tr("有 {count} 个账号已锁定。", count=locked), tr("请按附件3办理账号解锁。"))
    yield from _open_to_others(area, path)


def _open_to_others(area: str, path: Path) -> Iterator[Finding]:
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = tr("这台电脑的其他用户也能读 {name}。", name=path.name)
        yield Finding(area, State.NOTE, what, tr("请收回权限：chmod 600 {path}", path=path))


def _in_use(area: str, path: Path) -> Iterator[Finding]:
    """Whether another process has the office open; the lock is tried and let go."""
    if not (lock := Path(f"{path}.lock")).exists():
        return
    try:
        with FileLock(lock, timeout=0):
            pass
    except Timeout:
        todo = tr("要用命令处理这个办公库，请先关闭那个程序。")
        yield Finding(area, State.NOTE, tr("办公库正由另一个程序打开。"), todo)
