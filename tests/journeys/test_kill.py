"""The demo, killed again and again: the last run ends as if nothing had happened.

Each kill comes a chosen time after a chosen step was told, half of them to the whole group with its token's process,
half to the program alone, whose token's process then outlives it for a moment. SHIMING_KILLS asks for so many more,
at random steps.
"""

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from app.demo.run import STEPS
from app.services import audit
from tests.support.demo import DEMO, ROOT, Left, run_demo

PLANNED = {
    "": 1.2,
    "found": 0.2,
    "schools": 0.8,
    "appoint-cc-guanli": 0.8,
    "code": 0.8,
    "authority": 0.5,
    "token": 0.3,
    "prepare": 0.3,
    "wrong-phone": 0.25,
    "enrol-key": 0.05,
    "enrol-issued": 0.05,
    "enrol-written": 0.05,
}
"""Step after which to kill → within how many seconds after it; "" is the start."""

NUMBERS = {step.id: number for number, step in enumerate(STEPS, 1)} | {"": 0}


@pytest.mark.requirement("E3")
@pytest.mark.timeout(1800)
def test_killed_at_any_moment_it_goes_on_to_exactly_one_key_and_certificate(tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance, folder = random.Random(seed), tmp_path / "demo"
    for step, longest in PLANNED.items():
        _kill(folder, NUMBERS[step], chance.uniform(0, longest), group=chance.random() < 0.5)
    for _ in range(int(os.environ.get("SHIMING_KILLS", "0"))):
        _kill(folder, chance.randrange(len(STEPS)), chance.expovariate(5), group=chance.random() < 0.5)
    left = run_demo(folder)
    left.check_exactly_one()
    assert all(step["ok"] for step in left.report["steps"])
    assert len(left.report["steps"]) == len(STEPS)
    assert list(audit.exported_faults(folder / "audit.jsonl")) == []
    _check_one_of_each(left)


def _kill(folder: Path, number: int, seconds: float, *, group: bool) -> None:
    with subprocess.Popen(
        [*DEMO, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as demo:
        assert demo.stdout is not None
        told = ""
        while number and not re.match(rf"✓ +{number} ", told):
            told = demo.stdout.readline()
            assert told, "ended before it could be killed"
            assert not told.startswith("✗"), told + demo.stdout.read()
        time.sleep(seconds)
        (os.killpg if group else os.kill)(demo.pid, signal.SIGKILL)


def _check_one_of_each(left: Left) -> None:
    """Nobody was taken in, and nothing applied for, twice."""
    report = left.report
    assert len({person["login"] for person in report["people"]}) == len(report["people"])
    assert len(list((left.folder / "forms").glob("*.pdf"))) == 1
