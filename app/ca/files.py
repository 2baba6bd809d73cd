"""Writing so that a file is whole at every moment, and saying what the disk objected to."""

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.errors import Unavailable

_SUMS = "SHA256SUMS"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_faults(place: Path) -> Iterator[None]:
    """Turn what the disk refuses into Unavailable: `ca.store_full`, otherwise `ca.store_failed`."""
    try:
        yield
    except OSError as fault:
        reason = "ca.store_full" if fault.errno in _FULL else "ca.store_failed"
        raise Unavailable(reason, path=str(place)) from fault


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file by a new whole one that is on the disk when this returns. OSError when it can't be."""
    draft = path.with_name(path.name + ".new")
    with open(draft, "wb", opener=_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def write_sums(folder: Path, names: Sequence[str]) -> None:
    """Write down what files that never change hold, as `sha256sum --check` reads it."""
    lines = [f"{_digest(folder / name)}  {name}\n" for name in names]
    write_durably(folder / _SUMS, "".join(lines).encode())


def check_sums(folder: Path, *, movable: str) -> None:
    """Unavailable `ca.absent`, or `ca.damaged` with the file that is not as it was written; `movable` may be away."""
    try:
        lines = (folder / _SUMS).read_text("ascii").splitlines()
        sums = [line.split("  ", 1) for line in lines]
        for digest, name in sums:
            if (name != movable or (folder / name).exists()) and _digest(folder / name) != digest:
                raise Unavailable("ca.damaged", file=name)
    except FileNotFoundError as fault:
        raise Unavailable("ca.absent", file=str(fault.filename)) from fault
    except ValueError as fault:
        raise Unavailable("ca.damaged", file=_SUMS) from fault


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk (Windows does so by itself, and can't be asked)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
