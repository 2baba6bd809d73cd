"""What the log says of changed rows (G1)."""

import pytest

from app.services.changes import content_digest
from app.services.sealing import Seals
from app.vault import OfficeKeys

pytestmark = pytest.mark.requirement("G1")


def test_a_column_added_later_does_not_change_old_digests() -> None:
    """Digests in the log can't be made anew: an empty new column must look as if it had always been there."""
    seals = Seals(OfficeKeys.generate())
    row: dict[str, object] = {"id": 1, "name": "x"}
    assert content_digest("unit", row, seals) == content_digest("unit", row | {"colour": None}, seals)
    assert content_digest("unit", row, seals) != content_digest("unit", row | {"colour": "red"}, seals)
    assert content_digest("unit", row, seals) != content_digest("person", row, seals)
