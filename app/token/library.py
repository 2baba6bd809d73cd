"""What a PKCS#11 library is made for, read from its header before it is loaded: many are for another machine."""

import platform
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.errors import Problem, Unavailable

_PE = {0x014C: "x86", 0x8664: "x86_64", 0xAA64: "aarch64"}
_ELF = {3: "x86", 8: "mips", 62: "x86_64", 183: "aarch64", 258: "loongarch64"}
_MACH_O = {0x01000007: "x86_64", 0x0100000C: "aarch64"}
_OWN_NAMES = {"amd64": "x86_64", "arm64": "aarch64", "i386": "x86", "i686": "x86"}


def fault(path: Path) -> Problem | None:
    """Why this library can't be loaded by this program: absent, no library at all, or for another machine; or None."""
    try:
        with path.open("rb") as file:
            made_for = _made_for(file)
    except OSError:
        return Unavailable("token.library_absent", library=str(path))
    except struct.error:
        made_for = []
    if not made_for:
        return Unavailable("token.library_unknown", library=str(path))
    if own_machine() not in made_for:
        return Unavailable("token.library_machine", library=str(path), found="、".join(made_for), needed=own_machine())
    return None


def own_machine() -> str:
    """What a library must be made for: a 32-bit Python on a 64-bit system loads 32-bit libraries only."""
    system = {"win32": "Windows", "darwin": "macOS"}.get(sys.platform, "Linux")
    machine = platform.machine().lower()
    machine = _OWN_NAMES.get(machine, machine)
    return f"{system} {'x86' if machine == 'x86_64' and sys.maxsize < 2**32 else machine}"


def _made_for(file: BinaryIO) -> list[str]:
    """The systems and machines that the file is made for; empty if it is no library. Raises struct.error if cut off."""
    magic = file.read(4)
    for beginning, read in _FORMATS.items():
        if magic.startswith(beginning):
            return read(file)
    return []


def _pe(file: BinaryIO) -> list[str]:
    file.seek(_number(file, "<I", 0x3C))
    if file.read(4) != b"PE\0\0":
        return []
    machine = _number(file, "<H", file.tell())
    return [f"Windows {_PE.get(machine, hex(machine))}"]


def _elf(file: BinaryIO) -> list[str]:
    order = "<" if _number(file, "B", 5) == 1 else ">"
    machine = _number(file, order + "H", 18)
    return [f"Linux {_ELF.get(machine, machine)}"]


def _mach_o(file: BinaryIO) -> list[str]:
    return [_mac(_number(file, "<I", 4))]


def _mach_o_fat(file: BinaryIO) -> list[str]:
    return [_mac(_number(file, ">I", 8 + 20 * index)) for index in range(min(_number(file, ">I", 4), 8))]


def _mac(machine: int) -> str:
    return f"macOS {_MACH_O.get(machine, hex(machine))}"


def _number(file: BinaryIO, layout: str, offset: int) -> int:
    file.seek(offset)
    number: int = struct.unpack(layout, file.read(struct.calcsize(layout)))[0]
    return number


_FORMATS: dict[bytes, Callable[[BinaryIO], list[str]]] = {
    b"MZ": _pe,
    b"\x7fELF": _elf,
    b"\xcf\xfa\xed\xfe": _mach_o,
    b"\xca\xfe\xba\xbe": _mach_o_fat,
}
