"""What every operation works with; `bootstrap` builds it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from secrets import token_hex

from app.models.database import Database
from app.passwords import DEFAULT_COST, Cost
from app.services.sealing import Seals
from app.vault import OfficeKeys, Vault

_CHINA = timezone(timedelta(hours=8))
"""One time for the whole country, without summer time."""


def office_moment(moment: datetime) -> datetime:
    """The same moment by the office's clock."""
    return moment.astimezone(_CHINA)


def office_day(moment: datetime) -> date:
    """The date that an office writes on paper at this moment."""
    return office_moment(moment).date()


def office_midnight(day: date) -> datetime:
    """The moment at which the day begins at the office."""
    return datetime.combine(day, time(), _CHINA)


def office_time(moment: datetime) -> str:
    """A moment as an office reads it: `2026-11-24 09:30`."""
    return office_moment(moment).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class AppContext:
    """One opened office: its folder, database, vault, keys and the one clock (UTC)."""

    folder: Path
    database: Database
    vault: Vault
    keys: OfficeKeys = field(repr=False)
    clock: Callable[[], datetime]
    cost: Cost = DEFAULT_COST
    """What one guess at a password costs."""
    instance: str = field(default_factory=lambda: token_hex(8))
    """The name of this run of the program, for leases."""

    @property
    def seals(self) -> Seals:
        """Sealing and digests with this office's keys."""
        return Seals(self.keys)

    def close(self) -> None:
        """Close the database; the vault keeps nothing open."""
        self.database.close()
