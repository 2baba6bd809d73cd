"""`shiming form print`: an annex filled in from a JSON file, as PDF, without any office (F1)."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.commands import files
from app.commands.exits import DONE
from app.commands.output import Output
from app.errors import FieldProblem, Invalid
from app.forms import annex4, annex4_paper, qr
from app.forms.annex4 import Annex4
from app.forms.annex4_paper import PrintedForm
from app.messages import explain
from app.words import tr

_NUMBER_DIGITS = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments; `--json` with a file is the input, and bare it asks for JSON out."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=tr("动作"))
    printing = actions.add_parser("print", help=tr("把申请单打印成 PDF"), conflict_handler="resolve")
    printing.add_argument("--kind", choices=[annex4.KIND], required=True, help=tr("申请单的种类：annex4 是附件4"))
    printing.add_argument(
        "--json",
        action="append",
        nargs="?",
        default=[],
        metavar=tr("文件"),
        help=tr("填好的内容，一份或一个列表，项目用英文名或申请单上的名称；不带文件名时，表示只输出一份 JSON"),
    )
    printing.add_argument("--out", type=Path, required=True, metavar=tr("文件"), help=tr("写到这个 PDF 文件"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Print it; what the form's rules object to is said, but a draft may be printed."""
    out.as_json = None in args.json
    sources = [Path(name) for name in args.json if name is not None]
    if not sources:
        raise Invalid("form.no_file")
    forms = [form for source in sources for form in _forms(files.read(source))]
    faults = [fault for row, printed in enumerate(forms, 1) for fault in _faults(printed.form, row)]
    files.save(args.out, annex4_paper.render(forms))
    out.line(tr("已打印 {count} 份：{path}", count=len(forms), path=args.out))
    for fault in faults:
        what, todo = explain(fault)
        label = tr(annex4.BY_KEY[fault.field].label)
        out.line(tr("第 {row} 份“{label}”：{what}{todo}", row=fault.row, label=label, what=what, todo=todo))
    out.record(out=args.out, numbers=[printed.number for printed in forms], faults=faults)
    return DONE


def _forms(content: bytes) -> Iterator[PrintedForm]:
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise Invalid("form.json", detail=str(error)) from error
    for values in given if isinstance(given, list) else [given]:
        number = values.pop("number", "") if isinstance(values, dict) else ""
        form = annex4.tidy(annex4.from_values(values))
        if number and not (isinstance(number, str) and qr.carries(number)):
            raise Invalid("form.number", number=str(number))
        yield PrintedForm(number or _number(form), form)


def _number(form: Annex4) -> str:
    """A number for a form that no office has: from what it states, so that the same form has the same one."""
    return f"FJ4-{annex4.content_hash(form)[:_NUMBER_DIGITS].upper()}" if form != Annex4() else ""


def _faults(form: Annex4, row: int) -> Iterator[FieldProblem]:
    for fault in annex4.check(form, is_school=False, today=datetime.now(UTC).astimezone().date()):
        yield FieldProblem(fault.field, fault.reason, fault.data, row)
