"""A unit's history in words: what happened on which day, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.models.org import UnitStatus
from app.services.org import HistoryRow
from app.words import N_, listing, tr

_BY_ITSELF: Mapping[str, str] = {
    "founding": N_("建立办公库"),
    "divisions": N_("载入市县"),
    "import": N_("导入学校名单"),
    "seed": N_("生成测试数据"),
}
"""Reasons that nobody typed."""


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    day: date
    what: str
    why: str


def entries(rows: Sequence[HistoryRow]) -> list[Entry]:
    """Newest first, each told by what is different from the row before it."""
    befores = (*rows[1:], None)
    return [Entry(row.valid_from, _what(row, before), _why(row)) for row, before in zip(rows, befores, strict=True)]


def _what(row: HistoryRow, before: HistoryRow | None) -> str:
    if before is None:
        return tr("登记：{name}", name=row.name)
    told = []
    if row.name != before.name:
        told.append(tr("由“{before}”更名为“{after}”", before=before.name, after=row.name))
    if row.reports_to_id != before.reports_to_id:
        told.append(tr("上级改为{superior}", superior=row.superior))
    if row.division_code != before.division_code:
        told.append(tr("区划代码改为 {code}", code=row.division_code or tr("无")))
    if row.merged_into:
        told.append(tr("并入{successor}", successor=row.merged_into))
    elif row.status is UnitStatus.RETIRED is not before.status:
        told.append(tr("停用"))
    return listing(told) or tr("更新登记内容")


def _why(row: HistoryRow) -> str:
    return tr(_BY_ITSELF[row.reason]) if row.reason in _BY_ITSELF else row.reason
