#!/usr/bin/env python3
"""Make .venv ready: `scripts/setup.py runtime` for what the program needs, `scripts/setup.py test` for everything.

Needs Python 3.11 and its standard library only. Says nothing and touches nothing when all is in place. It can be
stopped at any moment: the stamps are written last, and an environment left half made is made anew.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UNFINISHED = VENV / ".unfinished"
LEVELS = ("runtime", "test")

_WINDOW = (
    *("libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0", "libxcb-cursor0"),
    *("libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0", "libxcb-xkb1", "libxcb-image0", "libxcb-render-util0"),
    *("libxcb-randr0", "libxcb-shape0", "libxcb-sync1", "libxcb-xfixes0", "fonts-wqy-microhei"),
)
"""What Qt's window needs, and a font for Chinese on the screen (the forms bring their own)."""
_WITNESSES = ("opensc", "gnutls-bin", "openssl", "poppler-utils", "postgresql", "gcc", "libc6-dev", "xvfb", "xauth")
SYSTEM_PACKAGES = {"runtime": ("softhsm2", *_WINDOW), "test": ("softhsm2", *_WINDOW, *_WITNESSES)}


def main(arguments: Sequence[str]) -> int:
    """Bring the environment to the level asked for; 0 when it is there."""
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        return _fail(f"用法 / Usage: scripts/setup.py {'|'.join(LEVELS)}")
    try:
        _make_ready(arguments[0])
    except subprocess.CalledProcessError as error:
        command = f"`{' '.join(error.cmd[:6])} …`"
        return _fail(
            f"安装停下了：{command} 以 {error.returncode} 结束，原因见上。\n"
            f"Set-up stopped: {command} ended with {error.returncode} (see above)."
        )
    except KeyboardInterrupt:
        return _fail(
            "安装中断了。再次运行同一命令即可，会从干净的状态接着做。\n"
            "Set-up interrupted. Run the same command again: it goes on from a clean state."
        )
    return 0


def _make_ready(level: str) -> None:
    if UNFINISHED.exists() or not PYTHON.exists() or not _site_packages().exists():
        shutil.rmtree(VENV, ignore_errors=True)
    if not _is_current(level):
        if _stamp("test").exists():
            level = "test"  # a folder that has the tests' packages keeps them
        _install_system_packages(level)
        _install_python_packages(level)
    _compile_translations()


def _site_packages() -> Path:
    """Absent when the system's Python has become another one since."""
    return VENV / ("Lib" if os.name == "nt" else f"lib/python3.{sys.version_info.minor}") / "site-packages"


def _is_current(level: str) -> bool:
    stamp = _stamp(level)
    return stamp.exists() and stamp.read_text() == _digest(level)


def _stamp(level: str) -> Path:
    return VENV / f".ready-{level}"


def _digest(level: str) -> str:
    """Changes with the locked packages, this script, the project's metadata, and the folder (paths are in .venv)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = (str(ROOT), repr(project), _lock(level).read_text(), Path(__file__).read_text())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _lock(level: str) -> Path:
    return ROOT / "requirements" / f"{level}.txt"


def _install_system_packages(level: str) -> None:
    """Install what Debian has to give and this machine lacks; SystemExit with the command where root must do it."""
    names = list(SYSTEM_PACKAGES[level])
    if importlib.util.find_spec("ensurepip") is None:
        names.append(f"python3.{sys.version_info.minor}-venv")
    if not shutil.which("dpkg-query"):
        print(f"不是 Debian 系统，请自行装好这些软件（名称可能不同）：{' '.join(names)}", file=sys.stderr)
        print(f"Not a Debian system: these must be there, under whatever name: {' '.join(names)}", file=sys.stderr)
        return
    missing = [name for name in names if not _is_installed(name)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        line = f"sudo {' '.join(command)}"
        raise SystemExit(
            "缺少系统软件包。请先运行下面这一行，再重新运行刚才的命令。\n"
            f"System packages are missing. Run this line, then the same command again:\n\n    {line}\n"
        )
    print(f"正在安装系统软件包 / Installing system packages: {' '.join(missing)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        subprocess.run(step, env=environment, check=True, stdout=subprocess.DEVNULL)


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "installed"


def _install_python_packages(level: str) -> None:
    print("正在把 Python 软件包装进 .venv / Installing Python packages into .venv", flush=True)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    _pip("install", "--no-deps", "--requirement", str(_lock(level)))
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    _remove_unlocked(level)
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "app")], check=True)
    for each in LEVELS[: LEVELS.index(level) + 1]:
        _stamp(each).write_text(_digest(each))
    UNFINISHED.unlink()


def _remove_unlocked(level: str) -> None:
    """Uninstall what an earlier lock had: code must not work by the luck of a leftover."""
    kept = {line.partition("==")[0].lower() for line in _lock(level).read_text().splitlines() if line[:1].isalpha()}
    kept |= {"pip", "setuptools", "shiming"}
    command = [str(PYTHON), "-m", "pip", "list", "--format=freeze"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True)
    there = {line.partition("==")[0] for line in listing.stdout.splitlines()}
    if extra := sorted(name for name in there if name.lower().replace("_", "-").replace(".", "-") not in kept):
        _pip("uninstall", "--yes", *extra)


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", *arguments]
    subprocess.run(command, check=True)


def _compile_translations() -> None:
    """Make each .mo that is missing or older than its .po (the program reads only .mo, git keeps only .po)."""
    for source in ROOT.glob("resources/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            command = [str(PYTHON), "-m", "babel.messages.frontend", "compile", "-i", str(source), "-o", str(target)]
            subprocess.run(command, check=True, capture_output=True)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
