"""`shiming demo`: the whole main job on a demo province, with no window and no question."""

import argparse
import shutil
import time
from pathlib import Path
from unicodedata import east_asian_width

from filelock import FileLock, Timeout

from app.commands import demo_download, demo_form, demo_office, demo_report, demo_request
from app.commands.demo_report import Report
from app.commands.demo_world import Step, World
from app.commands.exits import DONE, NO
from app.commands.output import Output
from app.errors import Conflict, Problem
from app.messages import explain
from app.words import tr

STEPS = (*demo_office.STEPS, *demo_form.STEPS, *demo_request.STEPS, *demo_download.STEPS)

_MADE = (
    *("forms", "ca", "cert", "tokens", "softhsm2.conf", "audit.jsonl", "audit.jsonl.new"),
    *("office.db*", "office.vault*", ".founding-*", ".factory-*", ".ca.*.new"),
)
"""All that a demo makes in its folder besides the report."""
_REMNANTS = (".founding-*", ".factory-*")
_LOCK = ".lock"
_TITLE_WIDTH = 52


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, required=True, metavar=tr("文件夹"), help=tr("演示所用的文件夹"))
    parser.add_argument("--fresh", action="store_true", help=tr("删去以前的演示，从头开始"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Take each step that is not done yet; 1 as soon as one does not do what it says."""
    folder = args.out.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Conflict("demo.in_use", folder=str(folder)) from None
    with lock:
        return _run(folder, _report(folder, fresh=args.fresh), out)


def _run(folder: Path, report: Report, out: Output) -> int:
    out.line(tr("演示省份的主要流程，文件夹：{folder}", folder=folder))
    out.line()
    began, world = time.monotonic(), World(folder, report)
    try:
        good = all(_take(world, number, step, out) for number, step in enumerate(STEPS, 1))
    finally:
        world.close()
    out.line()
    for line in _ending(report, good, time.monotonic() - began):
        out.line(line)
    out.record(**report.content)
    return DONE if good else NO


def _report(folder: Path, *, fresh: bool) -> Report:
    """The report to go on with, or a new one in a folder that holds nothing else of anybody's."""
    report = Report.read(folder)
    if report is None:
        own = {_LOCK, f"{demo_report.NAME}.new"}
        if any(entry.name not in own for entry in folder.iterdir()):
            raise Conflict("demo.folder_taken", folder=str(folder))
        return Report.plan(folder)
    if fresh or report.clearing:
        report.clear()
        _remove(folder, _MADE)
        return Report.plan(folder)
    _remove(folder, _REMNANTS)
    return report


def _remove(folder: Path, patterns: tuple[str, ...]) -> None:
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _take(world: World, number: int, step: Step, out: Output) -> bool:
    """Do the step unless it is done; tell of it, on the screen and in the report."""
    began, earlier = time.monotonic(), world.report.step(step.id)
    lines, done, good = [tr("已在中断前完成")], False, True
    try:
        done = step.done(world)
        if not done:
            lines = step.act(world)
    except Problem as problem:
        lines, good = list(explain(problem)), False
    seconds = time.monotonic() - began
    if done and earlier and earlier["ok"]:
        lines, seconds = earlier["detail"].split("\n"), earlier["seconds"]
    world.report.keep(
        {
            "id": step.id,
            "name": step.name(str),
            "seconds": round(seconds, 3),
            "ok": good,
            "detail": "\n".join(lines),
            "person": step.doer.person,
            "post": step.doer.post,
            "unit": step.doer.unit,
        }
    )
    _tell(number, step, lines, tr("此前已做") if done else tr("{seconds:.2f} 秒", seconds=seconds), good, out)
    return good


def _tell(number: int, step: Step, lines: list[str], when: str, good: bool, out: Output) -> None:
    who = " ".join(tr(part) for part in (step.doer.unit, step.doer.post, step.doer.person) if part)
    mark = "✓" if good else "✗"
    out.line(
        f"{mark} {number:2}  {_padded(step.name(tr), _TITLE_WIDTH)} {_padded(when, 9, right=True)}  {who}".rstrip()
    )
    for line in lines:
        out.line(f"      {line}")


def _padded(text: str, width: int, *, right: bool = False) -> str:
    """The text with spaces up to so many columns of a terminal, in which a Chinese character takes two."""
    spaces = " " * (width - sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text))
    return spaces + text if right else text + spaces


def _ending(report: Report, good: bool, seconds: float) -> list[str]:
    if not good:
        return [tr("演示在这一步停下了。解决后再次运行同一命令，会接着做。")]
    token = report.content["token"]
    pkcs11 = f"SOFTHSM2_CONF=softhsm2.conf pkcs11-tool --module {token['module']} --login --list-objects"
    return [
        tr(
            "全部完成，用时 {seconds:.1f} 秒。各人的密码、PIN 码都在 report.json 里（仅因为这是演示）。",
            seconds=seconds,
        ),
        tr("申请单在 forms/，证书在 cert/，CA 在 ca/，UKEY 在 tokens/，日志在 audit.jsonl。"),
        tr("在该文件夹中可以继续查看："),
        f"  {pkcs11}",
        "  openssl verify -crl_check -CAfile ca/root.pem -untrusted ca/chain.pem -CRLfile ca/crl.pem cert/holder.pem",
        "  shiming audit verify audit.jsonl",
    ]
