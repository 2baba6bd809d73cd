"""Invented people and schools, for provinces of any size: they sound real, and belong to nobody.

The same seed gives the same ones. ID numbers are well formed, and of an area (99) that is not assigned.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from app import codes
from app.paths import resource
from app.services.people import Identity

_OLDEST = date(1962, 1, 1).toordinal()
_AGES = timedelta(days=40 * 365).days


@dataclass(frozen=True)
class InventedSchool:
    """A school that does not exist."""

    name: str
    code: str
    school_type: str


class Inventor:
    """Invents one after another; no two people share an ID number, and no two schools a code."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._people = self._schools = 0
        self._words = _words()
        self._kinds = self._words["school"]
        self._shares = [kind["share"] for kind in self._kinds]

    def person(self) -> Identity:
        """Somebody of working age."""
        number, self._people = self._people, self._people + 1
        return Identity(
            name=self.name(),
            id_number=self._id_number(number),
            mobile=f"199{number:08}",
            email=f"u{number:07}@example.com",
            office_phone=f"0431-8{self.random.randrange(10**7):07}",
        )

    def name(self) -> str:
        """A surname and one or two more characters."""
        pick, given = self.random.choice, self._words["given"]
        second = pick(given) if self.random.random() < 0.8 else ""
        return f"{pick(self._words['surnames'])}{pick(given)}{second}"

    def school(self, province_code: str, division: str) -> InventedSchool:
        """A school in a division, by name, of a province."""
        self._schools += 1
        kind = self.random.choices(self._kinds, self._shares)[0]
        town = self.random.choice(self._words["town_first"]) + self.random.choice(self._words["town_second"])
        return InventedSchool(
            name=kind["name"].format(division=division, town=town),
            code=f"{kind['type'][:2]}{province_code[:2]}{self._schools:06}",
            school_type=kind["type"],
        )

    def address(self, province: str, division: str) -> str:
        """A street and number in a division."""
        street, number = self.random.choice(self._words["streets"]), self.random.randrange(1, 3000)
        told: str = self._words["address"].format(province=province, division=division, street=street, number=number)
        return told

    def password(self) -> str:
        """One that keeps the rules for passwords."""
        letters = self.random.sample("acegikmoqsuwy", 6) + self.random.sample("BDFHJLNPRTVXZ", 4)
        letters += self.random.sample("2468", 3)
        self.random.shuffle(letters)
        return "".join(letters)

    def _id_number(self, number: int) -> str:
        born = date.fromordinal(_OLDEST + self.random.randrange(_AGES)).strftime("%Y%m%d")
        digits = f"99{number // 1000:04}{born}{number % 1000:03}"
        return digits + codes.id_check_digit(digits)


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(resource("seed.toml").read_text("utf-8"))
