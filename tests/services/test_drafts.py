"""What is being typed is found again after a crash, by the same account only, and read by nobody else (I3, G4)."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.demo.cast import SCHOOL
from app.errors import Unavailable
from app.policy import Post
from app.services import drafts
from app.services.scope import Actor
from tests.support.offices import Office

pytestmark = pytest.mark.requirement("I3")
TYPED = '{"name": "王𬭊", "id_number": "220122199003074618"}'


@pytest.fixture
def clerk(sqlite_office: Office) -> Actor:
    return sqlite_office.actor(SCHOOL, Post.SYSTEM)


def files(office: Office) -> list[Path]:
    return sorted((office.context.folder / drafts.FOLDER).iterdir())


def test_what_was_typed_last_is_found_again_newest_first(sqlite_office: Office, clerk: Actor) -> None:
    context, clock = sqlite_office.context, sqlite_office.clock
    assert drafts.kept(context, clerk) == []
    drafts.keep(context, clerk, "new", "{}")
    clock.forward(minutes=1)
    drafts.keep(context, clerk, "application:42", "x")
    clock.forward(minutes=1)
    drafts.keep(context, clerk, "new", TYPED)
    assert [(draft.key, draft.content) for draft in drafts.kept(context, clerk)] == [
        ("new", TYPED),
        ("application:42", "x"),
    ]
    assert drafts.kept(context, clerk)[0].saved_at == clock()
    drafts.drop(context, clerk, "new")
    drafts.drop(context, clerk, "new")
    assert [draft.key for draft in drafts.kept(context, clerk)] == ["application:42"]


@pytest.mark.requirement("G4")
def test_another_account_gets_nothing_and_the_files_tell_nothing(sqlite_office: Office, clerk: Actor) -> None:
    context, other = sqlite_office.context, sqlite_office.actor(SCHOOL, Post.SECURITY)
    drafts.keep(context, clerk, "application:42", TYPED)
    drafts.keep(context, other, "application:42", "other")
    assert [draft.content for draft in drafts.kept(context, clerk)] == [TYPED]
    assert [draft.content for draft in drafts.kept(context, other)] == ["other"]
    for path in files(sqlite_office):
        assert path.stat().st_mode & 0o077 == 0
        assert re.fullmatch(r"[0-9a-f]{64}\.draft", path.name)
        for telling in (b"220122199003074618", "王".encode(), b"application"):
            assert telling not in path.read_bytes()
    assert TYPED not in repr(drafts.kept(context, clerk))


@pytest.mark.parametrize("damage", [b"", b"x" * 200, None], ids=["empty", "other", "half"])
def test_a_damaged_file_is_set_aside_and_the_others_are_there(
    sqlite_office: Office, clerk: Actor, damage: bytes | None
) -> None:
    context = sqlite_office.context
    drafts.keep(context, clerk, "new", TYPED)
    (path,) = files(sqlite_office)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    drafts.keep(context, clerk, "application:42", "x")
    assert [draft.key for draft in drafts.kept(context, clerk)] == ["application:42"]
    assert [file.suffix for file in files(sqlite_office)].count(".damaged") == 1
    drafts.keep(context, clerk, "new", TYPED)
    assert {draft.key for draft in drafts.kept(context, clerk)} == {"new", "application:42"}


def test_a_full_disk_is_told_and_what_was_kept_stands(
    sqlite_office: Office, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = sqlite_office.context
    drafts.keep(context, clerk, "new", TYPED)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match=r"draft\.not_kept") as refused:
            drafts.keep(context, clerk, "new", "later")
    assert refused.value.data["cause"] == os.strerror(errno.ENOSPC)
    assert [draft.content for draft in drafts.kept(context, clerk)] == [TYPED]


def test_a_file_in_the_folder_s_place_is_told(sqlite_office: Office, clerk: Actor) -> None:
    (sqlite_office.context.folder / drafts.FOLDER).write_bytes(b"")
    with pytest.raises(Unavailable, match=r"draft\.not_kept"):
        drafts.keep(sqlite_office.context, clerk, "new", TYPED)


def test_a_kill_while_typing_leaves_one_whole_draft(sqlite_office: Office, clerk: Actor) -> None:
    """Another process keeps one draft after another, and is killed at some moment."""
    context = sqlite_office.context
    keys = context.keys
    program = f"""
import types
from datetime import UTC, datetime
from pathlib import Path
from app.services import drafts
from app.services.sealing import Seals
from app.vault import OfficeKeys
keys = OfficeKeys({keys.database!r}, {keys.fields!r}, {keys.digests!r})
folder, now = Path({str(context.folder)!r}), lambda: datetime.now(UTC)
context = types.SimpleNamespace(folder=folder, seals=Seals(keys), clock=now)
actor = types.SimpleNamespace(account_id={clerk.account_id})
for number in range(10**9):
    drafts.keep(context, actor, "new", str(number) * 20_000)
    print(number, flush=True)
"""
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as typing:
            assert typing.stdout is not None
            for _ in range(5):
                told = typing.stdout.readline()
            time.sleep(0.01)
            os.kill(typing.pid, signal.SIGKILL)
            told = (typing.stdout.read().split() or [told])[-1]
        (draft,) = drafts.kept(context, clerk)
        assert draft.content in (str(int(told)) * 20_000, str(int(told) + 1) * 20_000)
    drafts.keep(context, clerk, "new", TYPED)
    assert [path.suffix for path in files(sqlite_office)] == [".draft"]
