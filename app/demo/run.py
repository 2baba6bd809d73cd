"""Going through the demo's steps in a folder: each that is not done yet, until one does not do what it says."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from app import files
from app.demo import download, form, office, practice, report, request
from app.demo.report import Report
from app.demo.world import Step, World
from app.errors import Conflict, Problem, Unavailable
from app.messages import explain
from app.words import tr

STEPS = (*office.STEPS, *form.STEPS, *request.STEPS, *download.STEPS)
PRACTICE = (*STEPS, *practice.STEPS)
"""With what waits in the window's demo for each person who logs in."""

_MADE = (
    *("forms", "ca", "cert", "tokens", "drafts", "softhsm2.conf", "audit.jsonl", "audit.jsonl.new"),
    *("office.db*", "office.vault*", ".founding-*", ".factory-*", ".ca.*.new"),
)
"""All that a demo makes in its folder besides the report."""
_REMNANTS = (".founding-*", ".factory-*")
_LOCK = ".lock"


@dataclass(frozen=True)
class Taken:
    """A step that was taken: what there is to tell, in how many seconds; None where it was done before."""

    number: int
    step: Step
    lines: list[str]
    seconds: float | None
    problem: Problem | None = None


@contextmanager
def opened(folder: Path, *, fresh: bool = False) -> Iterator[Report]:
    """The demo of a folder, which nobody else works on meanwhile: its report, to go on with.

    Conflict `demo.in_use`, `demo.folder_taken`; Unavailable `demo.report_damaged`, `file.not_written`.
    """
    with files.disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise Conflict("demo.in_use", folder=str(folder)) from None
        with lock:
            yield _report(folder, fresh=fresh)


def ready(report: Report) -> bool:
    """Whether the demo for practice was made here already: then it need not be gone through again."""
    return all(report.passed(step.id) for step in PRACTICE)


def take(folder: Path, report: Report, steps: Sequence[Step] | None = None) -> Iterator[Taken]:
    """Take each of the steps, those of STEPS unless told; ends after the first with a problem."""
    with closing(World(folder, report)) as world:
        for number, step in enumerate(STEPS if steps is None else steps, 1):
            taken = _take(world, number, step)
            yield taken
            if taken.problem:
                return


def _report(folder: Path, *, fresh: bool) -> Report:
    """The report to go on with, or a new one in a folder that holds nothing else of anybody's."""
    found = _read(folder, fresh=fresh)
    if found is None:
        own = {_LOCK, f"{report.NAME}.new"}
        if any(entry.name not in own for entry in folder.iterdir()):
            raise Conflict("demo.folder_taken", folder=str(folder))
        return Report.plan(folder)
    if fresh or found.clearing:
        found.clear()
        _remove(folder, _MADE)
        return Report.plan(folder)
    _remove(folder, _REMNANTS)
    return found


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


def _take(world: World, number: int, step: Step) -> Taken:
    """Do the step unless it is done, and keep in the report what came of it."""
    began = time.monotonic()
    try:
        with files.disk_faults(world.folder):
            if step.done(world):
                return Taken(number, step, _told_before(world.report, step), None)
            lines = step.act(world)
            seconds = time.monotonic() - began
            world.report.keep(_entry(step, seconds, lines))
            return Taken(number, step, lines, seconds)
    except Problem as problem:
        lines, seconds = list(explain(problem)), time.monotonic() - began
        with suppress(OSError):  # the disk may be what the step lacks
            world.report.keep(_entry(step, seconds, lines, ok=False))
        return Taken(number, step, lines, seconds, problem)


def _told_before(kept: Report, step: Step) -> list[str]:
    """What was told when the step was done, as of then."""
    if not kept.passed(step.id):  # cut before it could be told
        kept.keep(_entry(step, 0.0, [tr("已在中断前完成")]))
    earlier = kept.step(step.id)
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
