"""Where files live."""

from pathlib import Path

_RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def resource(*parts: str) -> Path:
    """A file or folder that ships with the program."""
    return _RESOURCES.joinpath(*parts)
