"""Writing so that a file is whole at every moment, and on the disk when that is said."""

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put a file, readable by its owner only, in its place at one stroke. OSError when it can't be: the old one stands.

    A kill leaves at most one draft beside it (`.new`), which the next write takes away.
    """
    draft = path.with_name(path.name + ".new")
    try:
        with open(draft, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


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
