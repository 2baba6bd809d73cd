"""Files for people, that a command or the window leaves: whole or not at all, and readable by their owner only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import durable
from app.errors import Conflict, Unavailable


@contextmanager
def disk_faults(place: Path) -> Iterator[None]:
    """Turn what the system refuses in `place` into Unavailable `file.not_written`, or Conflict `file.not_a_folder`."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise Conflict("file.not_a_folder", path=_named(error, place)) from error
    except OSError as error:
        raise Unavailable("file.not_written", path=_named(error, place), cause=error.strerror or str(error)) from error


def _named(error: OSError, place: Path) -> str:
    return str(error.filename or place)


def save(path: Path, content: bytes) -> None:
    """Put a file into its place. Unavailable `file.not_written`; then what stood there stands."""
    try:
        durable.write(path, content)
    except OSError as error:
        raise Unavailable("file.not_written", path=str(path), cause=error.strerror) from error


def read(path: Path) -> bytes:
    """A file's content. Unavailable `file.not_read`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable("file.not_read", path=str(path), cause=error.strerror) from error
