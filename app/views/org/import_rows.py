"""The rows of a school list as they are shown and saved: bad ones with what to do, good ones before they go in."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from app import codes, files
from app.errors import FieldProblem
from app.messages import explain
from app.services.school_list import HEADINGS, SchoolRow
from app.views.tables import Column
from app.words import N_, tr


def _field(fault: FieldProblem) -> str:
    return tr(HEADINGS[fault.field]) if fault.field in HEADINGS else fault.field


FAULTS = (
    Column[FieldProblem](N_("行号"), lambda fault: str(fault.row or "")),
    Column[FieldProblem](N_("工作表"), lambda fault: str(fault.data.get("sheet", ""))),
    Column[FieldProblem](N_("栏目"), _field),
    Column[FieldProblem](N_("填写的内容"), lambda fault: str(fault.data.get("value", ""))),
    Column[FieldProblem](N_("问题"), lambda fault: explain(fault).what, lambda fault: "wrong"),
    Column[FieldProblem](N_("怎么办"), lambda fault: explain(fault).todo),
)

SCHOOLS = (
    Column[SchoolRow](N_("行号"), lambda school: str(school.row)),
    Column[SchoolRow](N_("学校名称"), lambda school: school.name),
    Column[SchoolRow](N_("学校标识码"), lambda school: school.code),
    Column[SchoolRow](N_("县（市、区）"), lambda school: school.county_name),
    Column[SchoolRow](N_("办学类型"), lambda school: codes.SCHOOL_TYPES.get(school.school_type, "")),
    Column[SchoolRow](N_("学校地址"), lambda school: school.address),
)


def save_faults(path: Path, faults: Sequence[FieldProblem]) -> None:
    """Save the bad rows as .csv that Excel opens with the right characters. Unavailable `file.not_written`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([tr(column.title) for column in FAULTS])
    writer.writerows([_harmless(column.text(fault)) for column in FAULTS] for fault in faults)
    files.save(path, text.getvalue().encode("utf-8-sig"))


def _harmless(cell: str) -> str:
    """A cell from outside that would begin a formula is kept as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
