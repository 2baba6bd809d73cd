"""Files that a command leaves: whole or not at all, and readable by their owner only."""

from pathlib import Path

from app import durable
from app.errors import Unavailable


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
