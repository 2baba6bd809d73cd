"""`shiming audit`: export the log, verify an exported one without any office, or verify an office's own (G1)."""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

from app import files
from app.commands import at_office, pages
from app.commands.exits import DONE, NO
from app.commands.output import Output
from app.errors import FieldProblem
from app.messages import explain
from app.policy import Post
from app.services import audit
from app.services.log import Fault
from app.words import N_, sentences, tr

_SHOWN = 20
"""So many faults are shown to a person; `--json` has them all."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=tr("动作"))
    example = N_("示例：shiming audit export --office demo --login sheng-shenji --out log.jsonl")
    export = pages.add(actions, "export", N_("导出带签名的日志（由安全审计员登录）"), example)
    at_office.configure(export)
    export.add_argument("--out", type=Path, required=True, metavar=tr("文件"), help=tr("导出到这个文件（.jsonl）"))
    example = N_("示例：shiming audit verify log.jsonl\n      shiming audit verify --office demo --login sheng-shenji")
    text = N_("验证导出的日志；或登录后验证办公库里的日志和全部记录")
    verify = pages.add(actions, "verify", text, example, tr("退出码：0 日志完好，1 被改动过，3 不是日志，6 读不了。"))
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar=tr("文件"), help=tr("导出的日志（不需要办公库和登录）"))
    verify.add_argument("--signer", metavar=tr("指纹"), help=tr("签名密钥应有的指纹，导出时抄录的；与文件一起写"))
    at_office.configure(verify, what)


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it; 1 when the log does not hold."""
    if args.action == "export":
        return _export(args, out)
    if args.office:
        return _tell(_office_faults(args), out, tr("日志和全部记录验证通过。"))
    return _verify_file(args, out)


def _export(args: argparse.Namespace, out: Output) -> int:
    with at_office.signed_in(args) as (gate, person):
        actor = at_office.acting_as(person, Post.AUDITOR)
        content = gate.do(actor, audit.export, audit.OFFICE)
        fingerprint = gate.ask(actor, audit.own_fingerprint)
    files.save(args.out, content)
    events, digest = content.count(b"\n") - 2, hashlib.sha256(content).hexdigest()
    out.line(tr("已导出 {events} 条日志：{path}", events=events, path=args.out))
    out.line(tr("文件的 SHA-256（请抄录留存，日后核对）：{digest}", digest=digest))
    out.line(tr("签名密钥的指纹（同样请抄录）：{fingerprint}", fingerprint=fingerprint))
    out.record(path=args.out, events=events, sha256=digest, fingerprint=fingerprint)
    return DONE


def _office_faults(args: argparse.Namespace) -> Sequence[Fault]:
    with at_office.signed_in(args) as (gate, person):
        return gate.ask(at_office.acting_as(person, Post.AUDITOR), audit.verify)


def _verify_file(args: argparse.Namespace, out: Output) -> int:
    if faults := list(audit.exported_faults(args.file, args.signer)):
        return _tell(faults, out, "")
    told = audit.described(args.file)
    first, last = told.first_at.astimezone(), told.last_at.astimezone()
    code = _tell(faults, out, tr("日志验证通过：共 {count} 条，{first:%Y-%m-%d %H:%M} 至 {last:%Y-%m-%d %H:%M}。",
                                 count=told.events, first=first, last=last))  # fmt: skip
    out.line(tr("单位编号 {office}，签名密钥的指纹 {fingerprint}", office=told.office, fingerprint=told.fingerprint))
    if args.signer is None:
        out.line(tr("请与导出时抄录的指纹核对；不一致的，不是这个单位的日志。"))
    out.record(log=told)
    return code


def _tell(faults: Sequence[Fault], out: Output, holds: str) -> int:
    for fault in faults[:_SHOWN]:
        message = explain(FieldProblem(fault.place, fault.reason))
        out.line(f"{fault.where}: {sentences(*message)}")
    if faults:
        out.line(tr("日志验证不通过，共 {count} 处，第一处在 {place}。", count=len(faults), place=faults[0].where))
    else:
        out.line(holds)
    out.record(holds=not faults, faults=[_entry(fault) for fault in faults])
    return NO if faults else DONE


def _entry(fault: Fault) -> dict[str, object]:
    message = explain(FieldProblem(fault.place, fault.reason))
    return {"place": fault.place, "line": _line(fault), "reason": fault.reason, **message._asdict()}


def _line(fault: Fault) -> int | None:
    """The line of an exported log."""
    table, _, number = fault.place.partition(":")
    return int(number) if table == "line" else None
