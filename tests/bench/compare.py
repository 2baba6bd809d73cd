"""Measuring side by side: two ways to do the same job, by turns, in one run; nothing is asserted."""

import time
from collections.abc import Callable
from statistics import median

Job = Callable[[], object]


def ratio(name: str, goal: float, run: Job, baseline: Job, *, against: str, rounds: int = 7) -> None:
    """Print how many times as fast as `baseline` a run is: the median of the rounds' ratios, and their spread."""
    run(), baseline()  # what is done once only (imports, caches) is not measured
    ratios = sorted(_seconds(baseline) / _seconds(run) for _ in range(rounds))
    spread = f"{median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f}) over {rounds} runs"
    print(f"{name}: {spread}, against {against}; goal at least {goal:g}", flush=True)


def rate(name: str, goal: float, run: Job, count: int, *, unit: str, rounds: int = 7) -> None:
    """Print how many things a second a run of `count` of them does: the median, and the spread."""
    run()
    rates = sorted(count / _seconds(run) for _ in range(rounds))
    spread = f"{median(rates):.0f} ({rates[0]:.0f}–{rates[-1]:.0f}) over {rounds} runs"
    print(f"{name}: {spread} {unit} a second; goal at least {goal:g}", flush=True)


def _seconds(job: Job) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
