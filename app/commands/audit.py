"""`shiming audit`: export the log, verify an exported one without any office, or verify an office's own (G1)."""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

from app.commands import at_office, files
from app.commands.exits import DONE, NO
from app.commands.output import Output
from app.errors import FieldProblem
from app.messages import explain
from app.policy import Post
from app.services import audit
from app.services.log import Fault
from app.words import tr

_SHOWN = 20
"""So many faults are shown to a person; `--json` has them all."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=tr("动作"))
    export = actions.add_parser("export", help=tr("导出日志（安全审计员）"))
    at_office.configure(export)
    export.add_argument("--out", type=Path, required=True, metavar=tr("文件"), help=tr("导出到这个文件（.jsonl）"))
    verify = actions.add_parser("verify", help=tr("验证导出的日志；或登录后验证办公库里的日志和全部记录"))
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar=tr("文件"), help=tr("导出的日志（不需要办公库和登录）"))
    at_office.configure(verify, what)


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it; 1 when the log does not hold."""
    if args.action == "export":
        return _export(args, out)
    return _tell(_office_faults(args) if args.office else list(audit.exported_faults(args.file)), out)


def _export(args: argparse.Namespace, out: Output) -> int:
    with at_office.signed_in(args) as (gate, person):
        content = gate.do(at_office.acting_as(person, Post.AUDITOR), audit.export, audit.OFFICE)
    files.save(args.out, content)
    events, digest = content.count(b"\n") - 2, hashlib.sha256(content).hexdigest()
    out.line(tr("已导出 {events} 条日志：{path}", events=events, path=args.out))
    out.line(tr("文件的 SHA-256（请抄录留存，日后核对）：{digest}", digest=digest))
    out.record(path=args.out, events=events, sha256=digest)
    return DONE


def _office_faults(args: argparse.Namespace) -> Sequence[Fault]:
    with at_office.signed_in(args) as (gate, person):
        return gate.ask(at_office.acting_as(person, Post.AUDITOR), audit.verify)


def _tell(faults: Sequence[Fault], out: Output) -> int:
    for fault in faults[:_SHOWN]:
        message = explain(FieldProblem(fault.place, fault.reason))
        out.line(f"{_place(fault)}: {message.what}{message.todo}")
    if faults:
        out.line(tr("日志验证不通过，共 {count} 处，第一处在 {place}。", count=len(faults), place=_place(faults[0])))
    else:
        out.line(tr("日志验证通过。"))
    out.record(holds=not faults, faults=[_entry(fault) for fault in faults])
    return NO if faults else DONE


def _entry(fault: Fault) -> dict[str, object]:
    message = explain(FieldProblem(fault.place, fault.reason))
    return {"place": fault.place, "line": _line(fault), "reason": fault.reason, "what": message.what}


def _line(fault: Fault) -> int | None:
    """The line of an exported log."""
    table, _, number = fault.place.partition(":")
    return int(number) if table == "line" else None


def _place(fault: Fault) -> str:
    table, _, number = fault.place.partition(":")
    match table:
        case "line":
            return tr("第 {number} 行", number=number)
        case "audit_event":
            return tr("第 {number} 条日志", number=number)
        case _:
            return tr("记录 {place}", place=fault.place)
