"""`shiming doctor`: what is installed, which libraries and UKEYs are seen, fonts, an office's files; what to do."""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.commands.exits import DONE, NO
from app.commands.output import Output
from app.services import diagnosis
from app.services.diagnosis import STATE_NAMES, Finding, State
from app.services.diagnosis_tokens import tokens
from app.token import software
from app.words import tr


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = tr("示例：shiming doctor --office demo")
    parser.add_argument("--office", type=Path, metavar=tr("文件夹"), help=tr("一并检查这个办公库的文件（不需要登录）"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Show each finding as it comes; 1 when a fault stops work."""
    if args.office and (settings := args.office / software.SETTINGS).exists():  # a demo's office: look at its UKEY
        os.environ.setdefault(software.CONFIGURATION, str(settings.absolute()))
    states: Counter[State] = Counter()
    findings: list[Finding] = []
    for finding in _all(args.office):
        states[finding.state] += 1
        findings.append(finding)
        code = f" ({finding.code})" if finding.code else ""
        out.line(f"[{tr(STATE_NAMES[finding.state])}] {finding.area}: {finding.what}{code}")
        for line in finding.todo.splitlines():
            out.line(f"       {line}")
    out.line()
    out.line(tr("故障 {faults} 处，注意 {notes} 处。", faults=states[State.FAULT], notes=states[State.NOTE]))
    out.record(findings=findings, faults=states[State.FAULT], notes=states[State.NOTE])
    return NO if states[State.FAULT] else DONE


def _all(office: Path | None) -> Iterator[Finding]:
    yield from diagnosis.software()
    yield from diagnosis.printing()
    yield from tokens()
    if office:
        yield from diagnosis.office(office)
