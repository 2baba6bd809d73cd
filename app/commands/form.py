"""`shiming form print`: an annex filled in from a JSON file, as PDF, without any office (F1)."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import codes, files
from app.commands import form_json, pages
from app.commands.exits import DONE
from app.commands.output import Output
from app.errors import FieldProblem, Invalid
from app.forms import annex4, annex4_paper, qr
from app.forms.annex4 import Annex4
from app.forms.annex4_paper import PrintedForm
from app.messages import explain
from app.words import N_, sentences, tr

_NUMBER_DIGITS = 12
_EXAMPLE = N_(
    "示例：shiming form print --kind annex4 --example > form.json，改好后\n"
    "      shiming form print --kind annex4 --json form.json --out form.pdf"
)
_NOTES = N_(
    "JSON 文件里写一份申请单 {{…}}，或一个列表 [{{…}}, {{…}}]；用 UTF-8 或 GB18030 编码。\n"
    "每一项用英文名，或申请单上的名称：\n{keys}\n"
    "另可写 number（申请单编号）；不写则由程序编号。没写的项目留空。\n"
    "不合规则的申请单不打印，退出码 3；加 --draft 则照样打印，并指出问题，退出码 0。\n"
    "{{}} 打印一张空白申请单，供手写。"
)
_ANSWERS = {
    "school_type": N_("代码或名称，如 211 或 小学；不是学校的不写"),
    "user_types": N_("列表：信息查询员、信息管理员、培训管理员、系统管理员"),
    "wants_certificate": N_("“是”或“否”，也可写 true 或 false"),
    "existing_account": N_("没有的写“无”"),
    "remarks": N_("可不写"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments; `--json` with a file is the input, and bare it asks for JSON out."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=tr("动作"))
    notes = tr(_NOTES, keys="\n".join(_key(field.key, field.label) for field in annex4.FIELDS))
    text = N_("把申请单打印成 PDF，不需要办公库")
    printing = pages.add(actions, "print", text, _EXAMPLE, notes=notes, conflict_handler="resolve")
    printing.add_argument("--kind", choices=[annex4.KIND], required=True, help=tr("申请单的种类：annex4 是附件4"))
    printing.add_argument(
        "--json",
        dest="sources",
        action="append",
        nargs="?",
        default=[],
        metavar=tr("文件"),
        help=tr("填好的内容，可以写多个；写 - 则从标准输入读。不带文件名时，表示只输出一份 JSON"),
    )
    printing.add_argument("--out", type=Path, metavar=tr("文件"), help=tr("写到这个 PDF 文件"))
    printing.add_argument("--draft", action="store_true", help=tr("不合规则也打印"))
    printing.add_argument("--example", action="store_true", help=tr("只输出一份填好的 JSON，供照着改"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Print it; a form that breaks its rules is printed as a draft only."""
    if args.example:
        out.document(_example())
        return DONE
    sources = [name for name in args.sources if name is not None]
    if not sources or args.out is None:
        raise Invalid("form.no_file")
    given = [values for name in sources for values in form_json.forms(_read(name))]
    if not given:
        raise Invalid("form.none")
    forms = [_form(values, row) for row, values in enumerate(given, 1)]
    faults = [fault for row, printed in enumerate(forms, 1) for fault in _faults(printed.form, row)]
    if faults and not args.draft:
        raise Invalid("form.breaks_rules", problems=tuple(faults), count=len(faults))
    files.save(args.out, annex4_paper.render(forms))
    _tell(args.out, forms, faults, out)
    return DONE


def _tell(path: Path, forms: Sequence[PrintedForm], faults: Sequence[FieldProblem], out: Output) -> None:
    out.line(tr("已打印 {count} 份：{path}", count=len(forms), path=path))
    for fault in faults:
        text = tr("第 {row} 份“{label}”：", row=fault.row, label=fault.field)
        out.line(text + sentences(*explain(fault)))
    out.record(out=path, numbers=[printed.number for printed in forms], faults=faults)


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else files.read(Path(name))


def _form(values: object, row: int) -> PrintedForm:
    number = values.pop("number", "") if isinstance(values, dict) else ""
    try:
        form = annex4.tidy(annex4.from_values(values))
    except Invalid as refused:
        raise Invalid(refused.reason, problems=_placed(refused.problems, row), **refused.data) from refused
    if number and not (isinstance(number, str) and qr.carries(number)):
        raise Invalid("form.number", number=str(number))
    return PrintedForm(number or _number(form), form)


def _number(form: Annex4) -> str:
    """A number for a form that no office has: from what it states, so that the same form has the same one."""
    return f"FJ4-{annex4.content_hash(form)[:_NUMBER_DIGITS].upper()}" if form != Annex4() else ""


def _faults(form: Annex4, row: int) -> tuple[FieldProblem, ...]:
    """What the rules object to; the blank form is to be filled in by hand."""
    if form == Annex4():
        return ()
    return _placed(annex4.check(form, is_school=False, today=datetime.now(UTC).astimezone().date()), row)


def _placed(problems: Iterable[FieldProblem], row: int) -> tuple[FieldProblem, ...]:
    """Under the source's labels, and with the number of the form."""
    labels = {field.key: tr(field.label) for field in annex4.FIELDS}
    return tuple(replace(each, field=labels.get(each.field, each.field), row=row) for each in problems)


def _key(key: str, label: str) -> str:
    answer = tr(_ANSWERS[key]) if key in _ANSWERS else ""
    return f"  {pages.padded(key, 18)}{pages.padded(label, 20)}{answer}".rstrip()


def _example() -> dict[str, Any]:
    """The demo's holder, by the source's labels."""
    from app.demo.cast import HOLDER

    values = form_json.values_of(HOLDER)
    named = {**values, "school_type": codes.SCHOOL_TYPES[HOLDER.school_type]}
    return {field.label: named[field.key] for field in annex4.FIELDS}
