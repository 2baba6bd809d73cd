"""`shiming demo`: the whole main job on a demo province, with no window and no question."""

import argparse
import shlex
import sys
import time
from pathlib import Path
from unicodedata import east_asian_width

from app.commands.exits import DONE, NO, code_for
from app.commands.output import Output
from app.demo import run as demo
from app.demo.report import Report
from app.demo.run import Taken
from app.errors import Problem, Unavailable
from app.words import listing, tr

_TITLE_WIDTH = 52


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, required=True, metavar=tr("文件夹"), help=tr("演示所用的文件夹"))
    parser.add_argument("--fresh", action="store_true", help=tr("删去以前的演示，从头开始"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Take each step that is not done yet; 1 as soon as one does not do what it says, 6 when it lacks something."""
    folder = args.out.absolute()
    with demo.opened(folder, fresh=args.fresh) as report:
        return _run(folder, report, out)


def _run(folder: Path, report: Report, out: Output) -> int:
    out.line(tr("演示省份的主要流程，文件夹：{folder}", folder=folder))
    out.line()
    began, code = time.monotonic(), DONE
    try:
        for taken in demo.take(folder, report):
            _tell(taken, out)
            if taken.problem:
                code = code_for(taken.problem) if isinstance(taken.problem, Unavailable) else NO
    except Problem as problem:  # what the office keeps when it is closed
        code = out.problem(problem)
    out.line()
    for line in _ending(folder, report, time.monotonic() - began) if code == DONE else [_stopped()]:
        out.line(line)
    out.record(**report.content)
    return code


def _tell(taken: Taken, out: Output) -> None:
    step, seconds = taken.step, taken.seconds
    parts = (part.split("、") for part in (step.doer.unit, step.doer.post, step.doer.person) if part)
    who = " ".join(listing(map(tr, part)) for part in parts)
    when = tr("此前已做") if seconds is None else tr("{seconds:.2f} 秒", seconds=seconds)
    mark = "✗" if taken.problem else "✓"
    title = _padded(step.name(tr), _TITLE_WIDTH)
    out.line(f"{mark} {taken.number:2}  {title} {_padded(when, 9, right=True)}  {who}".rstrip())
    for line in taken.lines:
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
