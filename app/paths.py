"""Where files live."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """A file or folder that ships with the program."""
    return _ROOT.joinpath("resources", *parts)


def guide(name: str) -> Path:
    """A page of the user's guide by its name: read in the repository as in the window, it stays in `docs/`."""
    return _ROOT / "docs" / "guide" / f"{name}.md"
