"""Units and their history (组织机构, §二.1; A1)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CLEAR, Base, Edited, Leaves, append_only, words
from app.words import N_


class UnitKind(StrEnum):
    """What a unit is; a bureau (教育局) is a unit like any other."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SCHOOL = "school"
    CITY_SCHOOL = "city-school"
    UNIVERSITY = "university"
    PROVINCE_SCHOOL = "province-school"


UNIT_KIND_NAMES: Mapping[UnitKind, str] = {
    UnitKind.PROVINCE: N_("省级"),
    UnitKind.CITY: N_("市（州）级"),
    UnitKind.COUNTY: N_("县（市、区）级"),
    UnitKind.SCHOOL: N_("学校"),
    UnitKind.CITY_SCHOOL: N_("直属学校"),
    UnitKind.UNIVERSITY: N_("高校"),
    UnitKind.PROVINCE_SCHOOL: N_("省直学校"),
}

SUPERIORS: Mapping[UnitKind, frozenset[UnitKind]] = {
    UnitKind.PROVINCE: frozenset(),
    UnitKind.CITY: frozenset({UnitKind.PROVINCE}),
    UnitKind.COUNTY: frozenset({UnitKind.CITY, UnitKind.PROVINCE}),
    UnitKind.SCHOOL: frozenset({UnitKind.COUNTY}),
    UnitKind.CITY_SCHOOL: frozenset({UnitKind.CITY}),
    UnitKind.UNIVERSITY: frozenset({UnitKind.PROVINCE}),
    UnitKind.PROVINCE_SCHOOL: frozenset({UnitKind.PROVINCE}),
}
"""Kind → kinds it may report to. A directly managed city (省直管县) is a county that reports to the province."""

SCHOOL_KINDS = frozenset({UnitKind.SCHOOL, UnitKind.CITY_SCHOOL, UnitKind.UNIVERSITY, UnitKind.PROVINCE_SCHOOL})
"""The units whose people must give a 办学类型 in 附件4."""


class UnitStatus(StrEnum):
    """Units are retired, never deleted."""

    ACTIVE = "active"
    RETIRED = "retired"


class Unit(Base, Leaves, Edited):
    """A unit as it is today. `parent` (place among the divisions) and `reports_to` (superior) differ in zones."""

    __tablename__ = "unit"
    __table_args__ = (
        Index("ix_unit_path", "path"),
        CheckConstraint("(kind = 'province') = (reports_to_id IS NULL)", name="one_root"),
    )

    kind: Mapped[UnitKind] = mapped_column(words(UnitKind))
    name: Mapped[str] = mapped_column(info=CLEAR)
    status: Mapped[UnitStatus] = mapped_column(words(UnitStatus), default=UnitStatus.ACTIVE)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    reports_to_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"), info=CLEAR)
    """Ids from the root along the reporting line, `/1/7/42/`: a subtree is a range of paths."""
    division_code: Mapped[str | None] = mapped_column(info=CLEAR, index=True)
    """GB/T 2260, six digits: an attribute that changes with time, never a key."""
    school_code: Mapped[str | None] = mapped_column(info=CLEAR, unique=True)
    """学校标识码, ten digits."""
    school_type: Mapped[str | None] = mapped_column(info=CLEAR)
    """办学类型."""
    address: Mapped[str] = mapped_column(default="", info=CLEAR)
    statistical: Mapped[bool] = mapped_column(default=False)
    """A zone used only for statistics (开发区)."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


@append_only
class UnitChange(Base):
    """What a unit was from a date on: one row for its beginning and one for each rename, move, merger or retirement."""

    __tablename__ = "unit_change"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(info=CLEAR)
    name: Mapped[str] = mapped_column(info=CLEAR)
    status: Mapped[UnitStatus] = mapped_column(words(UnitStatus))
    division_code: Mapped[str | None] = mapped_column(info=CLEAR)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reports_to_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
