"""The vault file under faults: killed, out of space, damaged, written by two at once."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Conflict, Denied, Unavailable
from app.passwords import Cost
from app.vault import OfficeKeys, Vault, file

WEAK = Cost(8, 1, 1)
OFFICE = bytes(range(16))
ZHANG, WANG = b"z" * 16, b"w" * 16
SECRET = "Lake-42-mountain"
NOW = datetime(2020, 7, 24, 8, 0, tzinfo=UTC)
KEYS = OfficeKeys(b"d" * 32, b"f" * 32, b"g" * 32)
pytestmark = pytest.mark.requirement("I4")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "office.vault"
    vault = Vault.create(path, OFFICE, WEAK)
    vault.add_slot(ZHANG, "zhang", SECRET, KEYS)
    vault.save()
    return path


def _with_wang(path: Path) -> Vault:
    vault = Vault.open(path, WEAK)
    vault.add_slot(WANG, "wang", "Stone-88-bridge", KEYS)
    return vault


def _ids(path: Path) -> list[bytes]:
    return [slot.slot_id for slot in Vault.open(path, WEAK).slots()]


class _Steps:
    """Lets the disk's calls through until the n-th, which raises."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failing: int, error: BaseException) -> None:
        self.left, self.error = failing, error
        for owner, name in ((os, "open"), (os, "fsync"), (Path, "replace"), (Path, "read_bytes")):
            monkeypatch.setattr(owner, name, self._counting(getattr(owner, name)))

    def _counting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            if not str(args[0]).endswith(".lock"):
                self.left -= 1
                if self.left == 0:
                    raise self.error
            return call(*args, **kwargs)

        return step


STEPS = range(1, 13)


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_each_step_of_a_save_leaves_the_old_or_the_new_file(
    path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = _with_wang(path)
    with monkeypatch.context() as patch:
        _Steps(patch, step, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            vault.save()
    assert _ids(path) in ([ZHANG], [ZHANG, WANG])
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).keys == KEYS
    vault.save()
    assert _ids(path) == [ZHANG, WANG]
    assert sorted(each.name for each in path.parent.iterdir() if each.suffix != ".lock") == [
        "office.vault",
        "office.vault.previous",
    ]


def test_those_are_all_the_steps_there_are(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = _with_wang(path)
    steps = _Steps(monkeypatch, 1000, KeyboardInterrupt())
    vault.save()
    assert 1000 - steps.left == len(STEPS)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_refuses_is_said_and_the_old_file_stands(
    path: Path, step: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = _with_wang(path)
    with monkeypatch.context() as patch:
        _Steps(patch, step, OSError(number, os.strerror(number)))
        with pytest.raises(Unavailable) as caught:
            vault.save()
    assert caught.value.reason in {"vault.not_saved", "vault.unreadable"}
    assert caught.value.data["cause"] == os.strerror(number)
    assert not list(path.parent.glob("*.new"))
    assert _ids(path) in ([ZHANG], [ZHANG, WANG])
    vault.save()
    assert _ids(path) == [ZHANG, WANG]


FULL_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from app.errors import Unavailable
from app.passwords import Cost
from app.vault import Vault
vault = Vault.open(Path(sys.argv[1]), Cost(8, 1, 1))
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
for attempt in (lambda: vault.unlock("zhang", "Lake-42-mountain", datetime.now(UTC)), vault.save):
    try:
        attempt()
    except Unavailable as problem:
        print(problem.reason)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE")
def test_a_disk_full_in_the_middle_of_the_file_leaves_the_old_one_and_lets_nobody_try(path: Path) -> None:
    before = path.read_bytes()
    run = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["vault.not_saved"] * 2
    assert path.read_bytes() == before
    assert not path.with_name("office.vault.new").exists()


SAVING = """
import sys
from pathlib import Path
from app.passwords import Cost
from app.vault import OfficeKeys, Vault
keys = OfficeKeys(b"d" * 32, b"f" * 32, b"g" * 32)
vault = Vault.open(Path(sys.argv[1]), Cost(8, 1, 1))
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    vault.add_slot(sys.argv[2].encode() + number.to_bytes(4), sys.argv[2] + str(number), "secret", keys)
    vault.save()
"""


def _saving(path: Path, prefix: str, times: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", SAVING, str(path), prefix, str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_real_kill_at_any_moment_leaves_a_whole_file(path: Path) -> None:
    for number in range(8):
        with _saving(path, f"k{number}", 100_000) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(0.01 + 0.013 * number)
            child.send_signal(signal.SIGKILL)
        assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).keys == KEYS
        assert file.read(file.previous_of(path)).office_uid == OFFICE


def test_two_processes_that_save_at_once_lose_nothing_of_each_other(path: Path) -> None:
    children = [_saving(path, prefix, 25) for prefix in ("one", "two")]
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    assert len(_ids(path)) == 1 + 2 * 25


GUESSING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.errors import Denied
from app.passwords import Cost
from app.vault import Vault
for _ in range(5):
    try:
        Vault.open(Path(sys.argv[1]), Cost(8, 1, 1)).unlock("zhang", "wrong", datetime(2020, 7, 24, tzinfo=UTC))
    except Denied as problem:
        print(problem.reason)
"""


def test_guessing_from_two_processes_gives_no_more_tries_than_from_one(path: Path) -> None:
    command = [sys.executable, "-c", GUESSING, str(path)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [line for child in children for line in child.communicate(timeout=60)[0].split()]
    assert (answers.count("login.refused"), answers.count("login.wait")) == (3, 7)


def test_a_lock_that_somebody_holds_is_said(path: Path) -> None:
    holder, other = Vault.open(path, WEAK), Vault.open(path, WEAK)
    other._lock.timeout = 0.05
    with holder._alone(), pytest.raises(Unavailable) as caught:
        other.save()
    assert caught.value.reason == "vault.busy"
    other.save()


# Damage


def _damaged(data: bytes) -> Iterator[bytes]:
    for place in range(len(data)):
        yield data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
    yield from (data[:end] for end in range(0, len(data), 10))


def test_a_byte_changed_anywhere_or_an_end_cut_off_is_a_damaged_file(path: Path) -> None:
    Vault.open(path, WEAK).save()
    whole = path.read_bytes()
    for damaged in _damaged(whole):
        path.write_bytes(damaged)
        with pytest.raises(Unavailable) as caught:
            Vault.open(path, WEAK)
        assert (caught.value.reason, caught.value.data["previous"]) == ("vault.damaged", True)
    path.write_bytes(whole)
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).keys == KEYS


@given(st.binary(max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_other_bytes_are_a_damaged_file(tmp_path: Path, data: bytes) -> None:
    other = tmp_path / "other.vault"
    for content in (data, b"shiming-vault 1 " + data, b"shiming-vault 1 " + file._checksum(b"1", data) + b"\n" + data):
        other.write_bytes(content)
        with pytest.raises(Unavailable) as caught:
            Vault.open(other, WEAK)
        assert caught.value.reason == "vault.damaged"


def test_a_damaged_file_is_never_saved_over(path: Path) -> None:
    vault = _with_wang(path)
    vault.save()
    good = file.previous_of(path).read_bytes()
    path.write_bytes(b"broken")
    vault.add_slot(b"n" * 16, "new", "secret", KEYS)
    for attempt in (vault.save, lambda: vault.unlock("zhang", SECRET, NOW)):
        with pytest.raises(Unavailable):
            attempt()
    assert path.read_bytes() == b"broken"
    assert file.previous_of(path).read_bytes() == good


def test_the_previous_copy_opens_when_a_person_puts_it_back(path: Path) -> None:
    _with_wang(path).save()
    path.unlink()
    with pytest.raises(Unavailable) as caught:
        Vault.open(path, WEAK)
    assert (caught.value.reason, caught.value.data["previous"]) == ("vault.absent", True)
    file.previous_of(path).rename(path)
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).keys == KEYS
    with pytest.raises(Denied):
        Vault.open(path, WEAK).unlock("wang", "Stone-88-bridge", NOW)


def test_a_file_of_a_later_program_is_told_from_a_damaged_one(path: Path) -> None:
    body = b'{"anything": true}'
    path.write_bytes(b"shiming-vault 2 " + file._checksum(b"2", body) + b"\n" + body)
    with pytest.raises(Unavailable) as caught:
        Vault.open(path, WEAK)
    assert caught.value.reason == "vault.newer"


def test_a_vault_is_never_founded_over_another(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Conflict) as caught:
        Vault.create(path, bytes(16), WEAK).save()
    assert caught.value.reason == "vault.exists"
    assert path.read_bytes() == before


def test_a_founding_that_found_no_room_can_be_saved_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "office.vault"
    vault = Vault.create(path, OFFICE, WEAK)
    vault.add_slot(ZHANG, "zhang", SECRET, KEYS)
    with monkeypatch.context() as patch:
        _Steps(patch, 2, OSError(errno.ENOSPC, "full"))
        with pytest.raises(Unavailable):
            vault.save()
    assert not path.exists()
    vault.save()
    assert _ids(path) == [ZHANG]
