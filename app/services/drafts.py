"""What a clerk is typing, kept by itself and found again after a crash: sealed files in the office's folder (I3).

They are not records: no form, no log and no other person knows of them.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from app import durable, files
from app.errors import Unavailable
from app.services.context import AppContext
from app.services.scope import Actor

FOLDER = "drafts"
_SUFFIX, _SET_ASIDE = ".draft", ".damaged"
_SEALED = "draft"


@dataclass(frozen=True)
class Draft:
    """Something unfinished: what it belongs to (`new`, `application:42`), what was typed, and when it was kept."""

    key: str
    content: str = field(repr=False)
    saved_at: datetime


def keep(context: AppContext, actor: Actor, key: str, content: str) -> None:
    """Keep what the actor's account has typed so far under `key`, in place of what was kept before.

    Unavailable `draft.not_kept` when the disk refuses; what was kept before stands.
    """
    told = {"account": actor.account_id, "key": key, "content": content, "saved_at": context.clock().isoformat()}
    sealed = context.seals.seal(_SEALED, json.dumps(told, ensure_ascii=False).encode())
    path = _path(context, actor, key)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        durable.write(path, sealed)
    except OSError as error:
        raise Unavailable("draft.not_kept", cause=error.strerror) from error


def kept(context: AppContext, actor: Actor) -> list[Draft]:
    """What the actor's account has left unfinished, newest first. A damaged file is set aside and passed over."""
    return sorted(_own(context, actor), key=lambda draft: draft.saved_at, reverse=True)


def drop(context: AppContext, actor: Actor, key: str) -> None:
    """Forget a draft: it was saved, or given up. Unavailable `file.not_written` when the disk refuses."""
    path = _path(context, actor, key)
    with files.disk_faults(path):
        path.unlink(missing_ok=True)


def _path(context: AppContext, actor: Actor, key: str) -> Path:
    """The same for the same account and key; who reads the folder's names learns neither."""
    name = context.seals.digest(_SEALED, f"{actor.account_id}\0{key}").hex()
    return context.folder / FOLDER / f"{name}{_SUFFIX}"


def _own(context: AppContext, actor: Actor) -> Iterator[Draft]:
    for path in (context.folder / FOLDER).glob(f"*{_SUFFIX}"):
        try:
            told = json.loads(context.seals.unseal(_SEALED, path.read_bytes()))
        except (InvalidTag, ValueError):
            _set_aside(path)
            continue
        except OSError:  # gone meanwhile, or not to be read now: perhaps another time
            continue
        if told["account"] == actor.account_id:
            yield Draft(told["key"], told["content"], datetime.fromisoformat(told["saved_at"]))


def _set_aside(path: Path) -> None:
    """Out of the way, but not lost: somebody may still want to look at it."""
    with suppress(OSError):
        path.replace(path.with_suffix(_SET_ASIDE))
