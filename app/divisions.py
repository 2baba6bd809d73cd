"""Administrative divisions (行政区划) of the whole country, by their GB/T 2260 codes (resources/divisions)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.errors import Invalid
from app.paths import resource


class Level(StrEnum):
    """Province (省), prefecture-level division (市州), county (县市区)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Division:
    """One division. A county that its province administers directly (省直辖) has the province as its parent.

    `statistical`: a zone that has a code in statistics only; it may have an education bureau nevertheless.
    """

    code: str
    name: str
    level: Level
    parent_code: str | None
    statistical: bool


def provinces() -> Sequence[Division]:
    """All provinces, in the order of their codes."""
    return tuple(division for division in _all().values() if division.level is Level.PROVINCE)


def divisions(province_code: str) -> Sequence[Division]:
    """The province (`22` or `220000`), then all below it in the order of their codes, parents before children."""
    if f"{province_code[:2]}0000" not in _all():
        raise Invalid("divisions.unknown_province", code=province_code)
    return tuple(division for code, division in _all().items() if code[:2] == province_code[:2])


def name_of(code: str) -> str | None:
    """A division's name, or None for a code that is not known."""
    division = _all().get(code)
    return division.name if division else None


@cache
def _all() -> Mapping[str, Division]:
    with resource("divisions", "divisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    cities = {row["code"] for row in rows if row["code"].endswith("00")}
    return {row["code"]: _division(row["code"], row["name"], row["statistical"] == "1", cities) for row in rows}


def _division(code: str, name: str, statistical: bool, cities: set[str]) -> Division:
    if code.endswith("0000"):
        return Division(code, name, Level.PROVINCE, None, statistical)
    city, province = f"{code[:4]}00", f"{code[:2]}0000"
    if code == city:
        return Division(code, name, Level.CITY, province, statistical)
    return Division(code, name, Level.COUNTY, city if city in cities else province, statistical)
