"""What the disk objected to, and whether files are what they were."""

import errno
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app import durable
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


def write_sums(folder: Path, names: Sequence[str]) -> None:
    """Write down what files that never change hold, as `sha256sum --check` reads it."""
    lines = [f"{_digest(folder / name)}  {name}\n" for name in names]
    durable.write(folder / _SUMS, "".join(lines).encode())


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
