"""Child processes: answers, Problems, bugs, deaths, deadlines, memory, orphans."""

import ctypes
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app.errors import Conflict, Unavailable
from app.workers import Worker, run_limited


class Counter:
    """What lives in the child."""

    def __init__(self, start: int) -> None:
        if start < 0:
            raise Conflict("test.negative", start=start)
        self.value = start

    def add(self, amount: int) -> int:
        self.value += amount
        return self.value

    def pid(self) -> int:
        return os.getpid()

    def nap(self) -> None:
        time.sleep(0.5)

    def refuse(self) -> None:
        raise Conflict("test.refused", attempts=2)

    def bug(self) -> None:
        raise LookupError("no such thing")

    def untravelling_bug(self) -> None:
        class Local(Exception):
            pass

        raise Local

    def crash(self) -> None:
        ctypes.string_at(0)

    def hang(self) -> None:
        ctypes.PyDLL(None).sleep(60)  # holds the interpreter lock, as PyKCS11 does


def alive(pid: int) -> bool:
    """Whether the process still runs; a dead one that nobody has reaped yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def counter() -> Iterator[Worker[Counter]]:
    worker = Worker(partial(Counter, 40), "计数")
    yield worker
    worker.close()


def test_the_object_keeps_its_state_between_calls(counter: Worker[Counter]) -> None:
    assert counter.call(Counter.add, 5, 1) == 41
    assert counter.call(Counter.add, 5, amount=1) == 42


def test_a_warm_worker_is_used_by_the_first_call(counter: Worker[Counter]) -> None:
    counter.warm()
    assert counter.call(Counter.add, 5, 2) == 42


def test_a_problem_arrives_as_itself_and_the_process_lives_on(counter: Worker[Counter]) -> None:
    before = counter.call(Counter.pid, 5)
    with pytest.raises(Conflict) as refused:
        counter.call(Counter.refuse, 5)
    assert (refused.value.reason, refused.value.data) == ("test.refused", {"attempts": 2})
    assert counter.call(Counter.pid, 5) == before


def test_a_bug_arrives_with_the_childs_traceback(counter: Worker[Counter]) -> None:
    with pytest.raises(LookupError, match="no such thing") as bug:
        counter.call(Counter.bug, 5)
    assert any("in bug" in note for note in bug.value.__notes__)
    with pytest.raises(RuntimeError, match="untravelling_bug"):
        counter.call(Counter.untravelling_bug, 5)


def test_a_factory_that_refuses_is_the_calls_error() -> None:
    worker = Worker(partial(Counter, -1), "计数")
    for _ in range(2):
        with pytest.raises(Conflict, match=r"test\.negative"):
            worker.call(Counter.pid, 5)
    worker.close()


def test_a_crash_is_one_error_and_a_fresh_process(counter: Worker[Counter]) -> None:
    counter.call(Counter.add, 5, 1)
    with pytest.raises(Unavailable) as died:
        counter.call(Counter.crash, 5)
    assert (died.value.reason, died.value.data) == ("worker.died", {"job": "计数"})
    assert counter.call(Counter.add, 5, 2) == 42


def test_a_hang_ends_at_its_deadline_and_the_next_call_works(counter: Worker[Counter]) -> None:
    pid = counter.call(Counter.pid, 5)
    began = time.monotonic()
    with pytest.raises(Unavailable) as late:
        counter.call(Counter.hang, 0.3)
    assert (late.value.reason, late.value.data["seconds"]) == ("worker.timeout", 0.3)
    assert time.monotonic() - began < 3
    assert not alive(pid)
    assert counter.call(Counter.add, 5, 2) == 42


def test_killed_between_two_calls_is_an_error_once(counter: Worker[Counter]) -> None:
    os.kill(counter.call(Counter.pid, 5), signal.SIGKILL)
    time.sleep(0.1)
    with pytest.raises(Unavailable, match=r"worker\.died"):
        counter.call(Counter.pid, 5)
    assert counter.call(Counter.add, 5, 2) == 42


def test_calls_from_several_threads_take_turns(counter: Worker[Counter]) -> None:
    threads = [threading.Thread(target=counter.call, args=(Counter.add, 10, 1)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.call(Counter.add, 5, 0) == 48


def test_an_interrupted_call_cannot_answer_the_next_one(
    counter: Worker[Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.call(Counter.pid, 5)
    with monkeypatch.context() as patch:

        def interrupted(*_: object) -> object:
            raise KeyboardInterrupt

        patch.setattr(counter, "_receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            counter.call(Counter.pid, 5)
    assert counter.call(Counter.add, 5, 2) == 42


def double(data: bytes, times: int = 2) -> bytes:
    return data * times


def test_run_limited_answers() -> None:
    assert run_limited(double, 10, 1024, b"ab") == b"abab"
    assert len(run_limited(double, 10, 1024, b"x" * 5_000_000, times=3)) == 15_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
def test_run_limited_stops_what_eats_memory() -> None:
    with pytest.raises(Unavailable, match=r"worker\.memory"):
        run_limited(double, 10, 512, b"x" * 1_000_000, times=2000)


PARENT = """
    import sys, time
    from functools import partial
    from app.workers import Worker
    from tests.test_workers import Counter

    if __name__ == "__main__":
        worker = Worker(partial(Counter, 0), "x")
        print(worker.call(Counter.pid, 30), flush=True)
        if sys.argv[1] == "hanging":
            worker.call(Counter.hang, 1)
        if sys.argv[1] == "working":
            worker.call(Counter.nap, 10)
        time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "hanging", "working"])
def test_children_end_without_a_word_when_the_parent_is_killed(state: str, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(PARENT))
    root = str(Path(__file__).parent.parent)
    said = tmp_path / "stderr"
    with said.open("wb") as stderr:
        parent = subprocess.Popen(
            [sys.executable, str(script), state],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, "PYTHONPATH": root},
        )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.2)  # into the hang
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while alive(child):
        assert time.monotonic() < deadline, "the orphan lives on"
        time.sleep(0.05)
    assert said.read_text() == ""
