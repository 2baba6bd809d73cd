"""Where a click leads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A page, and there only these objects (all when None)."""

    page: str
    segment: str = ""
    """Which part of the page: of `applications` `forms`, `people`; of `certificates` `requests`, `file`, `tokens`."""
    title: str = ""
    ids: tuple[int, ...] | None = None
    target: str = ""
    """The table of the ids."""
    action: str = ""
    """What shall be open at once, for instance `new`."""
