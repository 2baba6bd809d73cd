"""`shiming demo`: the whole main job on a demo province, with no window and no question."""

import argparse
import shlex
import shutil
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from unicodedata import east_asian_width

from filelock import FileLock, Timeout

from app.commands import demo_download, demo_form, demo_office, demo_report, demo_request, files
from app.commands.demo_report import Report
from app.commands.demo_world import Step, World
from app.commands.exits import DONE, NO, code_for
from app.commands.output import Output
from app.errors import Conflict, Problem, Unavailable
from app.messages import explain
from app.words import listing, tr

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
    """Take each step that is not done yet; 1 as soon as one does not do what it says, 6 when it lacks something."""
    folder = args.out.absolute()
    with files.disk_faults(folder):
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
    began = time.monotonic()
    try:
        with closing(World(folder, report)) as world:
            codes = (_take(world, number, step, out) for number, step in enumerate(STEPS, 1))
            code = next((code for code in codes if code != DONE), DONE)
    except Problem as problem:  # what the office keeps when it is closed
        code = out.problem(problem)
    out.line()
    for line in _ending(folder, report, time.monotonic() - began) if code == DONE else [_stopped()]:
        out.line(line)
    out.record(**report.content)
    return code


def _report(folder: Path, *, fresh: bool) -> Report:
    """The report to go on with, or a new one in a folder that holds nothing else of anybody's."""
    report = _read(folder, fresh=fresh)
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


def _read(folder: Path, *, fresh: bool) -> Report | None:
    """A damaged report is no way to go on, but none is needed to start anew."""
    try:
        return Report.read(folder)
    except Unavailable:
        if not fresh:
            raise
        return Report.damaged(folder)


def _remove(folder: Path, patterns: tuple[str, ...]) -> None:
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _take(world: World, number: int, step: Step, out: Output) -> int:
    """Do the step unless it is done; tell of it, on the screen and in the report. The exit code, if it is the last."""
    began, when, code = time.monotonic(), "", DONE
    try:
        with files.disk_faults(world.folder):
            if step.done(world):
                when, lines = tr("此前已做"), _told_before(world.report, step)
            else:
                lines = step.act(world)
                world.report.keep(_entry(step, time.monotonic() - began, lines))
    except Problem as problem:
        lines, code = list(explain(problem)), code_for(problem) if isinstance(problem, Unavailable) else NO
        with suppress(OSError):  # the disk may be what the step lacks
            world.report.keep(_entry(step, time.monotonic() - began, lines, ok=False))
    _tell(number, step, lines, when or tr("{seconds:.2f} 秒", seconds=time.monotonic() - began), code == DONE, out)
    return code


def _told_before(report: Report, step: Step) -> list[str]:
    """What was told when the step was done, as of then."""
    if not report.passed(step.id):  # cut before it could be told
        report.keep(_entry(step, 0.0, [tr("已在中断前完成")]))
    earlier = report.step(step.id)
    return [tr("当时：{line}", line=line) for line in str(earlier["detail"] if earlier else "").split("\n")]


def _entry(step: Step, seconds: float, lines: list[str], *, ok: bool = True) -> dict[str, object]:
    return {
        "id": step.id,
        "name": step.name(str),
        "seconds": round(seconds, 3),
        "ok": ok,
        "detail": "\n".join(lines),
        "person": step.doer.person,
        "post": step.doer.post,
        "unit": step.doer.unit,
    }


def _tell(number: int, step: Step, lines: list[str], when: str, good: bool, out: Output) -> None:
    parts = (part.split("、") for part in (step.doer.unit, step.doer.post, step.doer.person) if part)
    who = " ".join(listing(map(tr, part)) for part in parts)
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


def _stopped() -> str:
    return tr("演示在这一步停下了。解决后再次运行同一命令，会接着做；加 --fresh 则从头开始。")


def _ending(folder: Path, report: Report, seconds: float) -> list[str]:
    token = report.content["token"]

    def made(name: str) -> str:
        return _typed(folder / name)

    tool = f"--module {_typed(Path(token['module']))} --token-label {shlex.quote(token['label'])}"
    chain = f"-CAfile {made('ca/root.pem')} -untrusted {made('ca/chain.pem')} -CRLfile {made('ca/crl.pem')}"
    return [
        tr("全部完成，用时 {seconds:.1f} 秒，都在 {folder} 里：", seconds=seconds, folder=folder),
        tr("申请单在 forms/，证书在 cert/，CA 在 ca/，UKEY 在 tokens/，日志在 audit.jsonl。"),
        tr("各人的密码、PIN 码都在 report.json 里（仅因为这是演示）。"),
        tr("可以接着查看 UKEY（--pin 后面是 report.json 里 token 的 user_pin）、证书和日志："),
        f"  SOFTHSM2_CONF={made('softhsm2.conf')} pkcs11-tool {tool} --login --pin {token['user_pin']} --list-objects",
        f"  openssl verify -crl_check {chain} {made('cert/holder.pem')}",
        f"  {_typed(Path(sys.executable))} -m app audit verify {made('audit.jsonl')}",
    ]


def _typed(path: Path) -> str:
    """A path as it can be typed where the command was started."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
