"""The org tree as plain data, made in a lane: who stands below whom, in which order, and what a search finds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app import codes
from app.models.org import UnitKind, UnitStatus
from app.services.org import UnitRow

TOP = 0
"""Above the units whose superior is out of sight."""
MOST_HITS = 500
"""As many are shown; whoever finds more types another word."""

_ORDER = {kind: place for place, kind in enumerate(UnitKind)}


@dataclass(frozen=True)
class Tree:
    """Units by id, those below each in their order, and for each the place there and the one above."""

    rows: Mapping[int, UnitRow]
    below: Mapping[int, Sequence[int]]
    above: Mapping[int, int]
    places: Mapping[int, int]

    def line(self, unit_id: int) -> list[int]:
        """The units from the top down to this one."""
        found: list[int] = []
        while unit_id != TOP:
            found.append(unit_id)
            unit_id = self.above[unit_id]
        return found[::-1]


@dataclass(frozen=True)
class Hits:
    """What a search found: the best first, the first few of `total`."""

    ids: Sequence[int]
    total: int


class Units:
    """All units of a scope, ready to be shown as a tree and to be searched."""

    def __init__(self, rows: Sequence[UnitRow]) -> None:
        ordered = sorted(rows, key=_place)
        self.rows: Mapping[int, UnitRow] = {row.id: row for row in ordered}
        self._texts = {row.id: _text(row) for row in ordered}

    def tree(self, *, retired: bool, only: Collection[int] | None = None) -> Tree:
        """The tree, with retired units or without; or only some units with those above them."""
        if only is not None:
            only = {each for unit_id in only for each in self._line(unit_id)}
        rows = {
            unit_id: row
            for unit_id, row in self.rows.items()
            if (retired or row.status is UnitStatus.ACTIVE) and (only is None or unit_id in only)
        }
        above = {unit_id: _superior(row, rows) for unit_id, row in rows.items()}
        below: dict[int, list[int]] = {}
        places: dict[int, int] = {}
        for unit_id in rows:
            siblings = below.setdefault(above[unit_id], [])
            places[unit_id] = len(siblings)
            siblings.append(unit_id)
        return Tree(rows, below, above, places)

    def search(self, text: str, *, retired: bool) -> Hits:
        """Units whose name and codes have each word of the text; one word may be the superior's instead.

        Whose name or code is the text stand first, then those that begin with it.
        """
        words = [codes.normalise(word).casefold() for word in text.split()]
        words = [word for word in words if word]
        if not words:
            return Hits((), 0)
        found = [
            unit_id
            for unit_id, row in self.rows.items()
            if (retired or row.status is UnitStatus.ACTIVE) and self._fits(unit_id, row, words)
        ]
        whole = "".join(words)
        found.sort(key=lambda unit_id: _distance(self._texts[unit_id], whole))
        return Hits(found[:MOST_HITS], len(found))

    def _fits(self, unit_id: int, row: UnitRow, words: Sequence[str]) -> bool:
        text = self._texts[unit_id]
        missing = [word for word in words if word not in text]
        if not missing:
            return True
        above = self._texts.get(row.reports_to_id or TOP, "")
        return len(missing) < len(words) and all(word in above for word in missing)

    def _line(self, unit_id: int) -> Sequence[int]:
        found: list[int] = []
        while unit_id in self.rows:
            found.append(unit_id)
            unit_id = self.rows[unit_id].reports_to_id or TOP
        return found


def _place(row: UnitRow) -> tuple[int, str, str]:
    """Bureaus before schools, each in the order of the codes."""
    return _ORDER[row.kind], row.division_code or row.school_code or "~", row.name


def _superior(row: UnitRow, rows: Mapping[int, UnitRow]) -> int:
    above = row.reports_to_id or TOP
    return above if above in rows else TOP


def _text(row: UnitRow) -> str:
    return "\n".join(
        codes.normalise(part).casefold() for part in (row.name, row.school_code or "", row.division_code or "")
    )


def _distance(text: str, whole: str) -> int:
    lines = text.split("\n")
    if whole in lines:
        return 0
    return 1 if any(line.startswith(whole) for line in lines) else 2
