"""An append-only file of lines, each of which carries a digest of itself and of all before it.

A line is one record, a tab, and the SHA-256 of the digest before it and the record. The first line binds the file to
what it belongs to. `append` hands a line to the system, `sync` puts all of them on the disk: many lines can so share
the one slow step, and nothing may leave the house before it. A line that a crash cut short was never promised to
anyone, and is taken away when the file is opened; any other line that does not fit is damage, and is named by its
number.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from app import durable
from app.ca.files import disk_faults
from app.errors import Unavailable

_FORMAT = b"shiming-ca-journal 1"
_DIGEST = 64


class Journal:
    """One such file, open. Not for several threads at once."""

    def __init__(self, path: Path, owner: bytes) -> None:
        """Open it for its `owner` (32 bytes). Unavailable `ca.absent`, `ca.damaged` or `ca.store_failed`."""
        self._path = path
        self._first = _first_line(owner)
        self._digest = b""
        self._end = 0
        self._synced = True
        self._broken = False
        try:
            self._file = path.open("r+b", buffering=0)
        except FileNotFoundError as fault:
            raise Unavailable("ca.absent", file=path.name) from fault

    @staticmethod
    def create(path: Path, owner: bytes) -> None:
        """A new journal with no record in it. OSError when the disk refuses."""
        durable.write(path, _first_line(owner))

    def records(self) -> Iterator[tuple[int, bytes]]:
        """Read and check it from the start: each record and its place. To be run to its end once, before `append`."""
        with disk_faults(self._path), self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number > 1 and not line.endswith(b"\n"):
                    break
                place, self._end = self._end, self._end + len(line)
                record = _record(line, self._digest) if number > 1 else None
                if record is None and line != self._first:
                    raise Unavailable("ca.damaged_line", file=self._path.name, line=number)
                self._digest = line[-_DIGEST - 1 : -1]
                if record is not None:
                    yield place, record
        if not self._end:
            raise Unavailable("ca.damaged_line", file=self._path.name, line=1)
        self._cut()

    def append(self, record: bytes) -> int:
        """Add one record (no line break in it) and answer its place. Unavailable `ca.store_full`: nothing was added."""
        self._demand_whole()
        digest = _chained(self._digest, record)
        line = record + b"\t" + digest + b"\n"
        place = self._end
        self._synced = False
        try:
            with disk_faults(self._path):
                self._file.seek(place)
                while line:
                    line = line[self._file.write(line) :]
        except BaseException:
            self._cut()
            raise
        self._end, self._digest = self._file.tell(), digest
        return place

    def sync(self) -> None:
        """Put on the disk what is not there yet. After a failure nobody knows what is, until it is opened anew."""
        if self._synced:
            return
        self._demand_whole()
        self._broken = True
        with disk_faults(self._path):
            getattr(os, "fdatasync", os.fsync)(self._file.fileno())
        self._broken, self._synced = False, True

    def read(self, place: int) -> bytes:
        """The record at a place that `records` or `append` gave. Unavailable `ca.damaged`."""
        with disk_faults(self._path), self._path.open("rb") as file:
            file.seek(place - _DIGEST - 1)
            before = file.read(_DIGEST + 1)[:_DIGEST]
            record = _record(file.readline(), before)
        if record is None:
            raise Unavailable("ca.damaged", file=self._path.name)
        return record

    def close(self) -> None:
        """Put on the disk what is not there yet, and let go of the file."""
        try:
            self.sync()
        finally:
            self._file.close()

    def _cut(self) -> None:
        """Take away what stands behind the last whole line."""
        self._broken = True
        with disk_faults(self._path):
            if os.fstat(self._file.fileno()).st_size > self._end:
                self._file.truncate(self._end)
                os.fsync(self._file.fileno())
        self._broken = False

    def _demand_whole(self) -> None:
        if self._broken:
            raise Unavailable("ca.store_failed", path=str(self._path))


def _first_line(owner: bytes) -> bytes:
    return _FORMAT + b"\t" + _chained(b"", _FORMAT + owner) + b"\n"


def _record(line: bytes, before: bytes) -> bytes | None:
    """The record of a whole line, or None when the line does not fit behind the digest before it."""
    record, _, digest = line.removesuffix(b"\n").rpartition(b"\t")
    return record if digest == _chained(before, record) else None


def _chained(before: bytes, record: bytes) -> bytes:
    return hashlib.sha256(before + record).hexdigest().encode()
