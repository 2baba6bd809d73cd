"""The ways into an office. What they need is imported at its first use, in a lane: the window is painted before."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from app import files

if TYPE_CHECKING:
    from app.passwords import Cost
    from app.services.founding import Founder, Province
    from app.services.operations import Gate
    from app.services.sign_in import SignedIn


class How(TypedDict, total=False):
    """What `bootstrap` is told: the clock, and what one guess at a password costs; its own when left out."""

    clock: Callable[[], datetime]
    cost: "Cost"


class Door:
    """Opens and founds offices; not on Qt's thread. Each raises what `bootstrap` raises."""

    def __init__(self, how: How | None = None) -> None:
        self._how: How = how or {}

    def look(self, folder: Path) -> None:
        """Whether the office's files are there and whole, as far as can be seen without a password."""
        from app import bootstrap
        from app.vault import Vault

        Vault.open(folder / bootstrap.VAULT)

    def open(self, folder: Path, login: str, password: str) -> "tuple[Gate, SignedIn]":
        """With a password."""
        from app import bootstrap

        return bootstrap.open_office(folder, login, password, **self._how)

    def activate(self, folder: Path, login: str, code: str, password: str) -> "tuple[Gate, SignedIn]":
        """For the first time, with both halves of the activation code."""
        from app import bootstrap

        return bootstrap.activate_office(folder, login, code, password, **self._how)

    def renew(self, folder: Path, login: str, old: str, new: str) -> "tuple[Gate, SignedIn]":
        """With another password in place of one too old."""
        from app import bootstrap

        return bootstrap.renew_password(folder, login, old, new, **self._how)

    def found(self, folder: Path, province: "Province", founders: "Sequence[Founder]") -> str:
        """A new office; the code of its recovery letter. Raises also what `files.disk_faults` does."""
        from app import bootstrap

        with files.disk_faults(folder):
            return bootstrap.found_office(folder, province, founders, **self._how)

    def today(self) -> date:
        """The day at an office; quick."""
        from app import bootstrap
        from app.services.context import office_day

        return office_day(self._how.get("clock", bootstrap.now)())
