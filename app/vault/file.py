"""How `office.vault` is read and written so that it is whole at every moment.

One line with the format and a SHA-256 of all that follows, then JSON. The sum tells damage, not an attacker: what an
attacker must not change is bound to the passwords and to the office's keys, in `slots`.
"""

import base64
import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from app import durable
from app.errors import Unavailable
from app.passwords import Cost
from app.vault.records import Attempts, Content, Lock, Slot

_MAGIC = b"shiming-vault "
_FORMAT = b"1"


def previous_of(path: Path) -> Path:
    """Where the copy before the last save is kept."""
    return path.with_name(path.name + ".previous")


def read(path: Path) -> Content:
    """The file's content.

    Unavailable `vault.absent` or `vault.damaged` (data `previous`: the copy before the last save is there),
    `vault.newer`, `vault.unreadable`.
    """
    copy_exists = previous_of(path).exists()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unavailable("vault.absent", file=path.name, previous=copy_exists) from None
    except OSError as error:
        raise Unavailable("vault.unreadable", file=path.name, cause=error.strerror) from error
    head, _, body = data.partition(b"\n")
    version, _, checksum = head.removeprefix(_MAGIC).partition(b" ")
    if not head.startswith(_MAGIC) or checksum != _checksum(version, body):
        raise Unavailable("vault.damaged", file=path.name, previous=copy_exists)
    if version != _FORMAT:
        raise Unavailable("vault.newer", file=path.name)
    try:
        return _from_json(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable("vault.damaged", file=path.name, previous=copy_exists) from None


def write(path: Path, content: Content) -> None:
    """Put the content in the file's place at one stroke; what stood there is kept as `.previous`.

    A kill or a power cut at any moment leaves the old file or the new one, whole. Unavailable `vault.not_saved` (full
    disk, no permission): the old file stands.
    """
    body = json.dumps(_to_json(content), separators=(",", ":")).encode()
    data = b"".join((_MAGIC, _FORMAT, b" ", _checksum(_FORMAT, body), b"\n", body))
    try:
        if path.exists():
            durable.write(previous_of(path), path.read_bytes())
        durable.write(path, data)
    except OSError as error:
        raise Unavailable("vault.not_saved", file=path.name, cause=error.strerror) from error


def _checksum(version: bytes, body: bytes) -> bytes:
    return hashlib.sha256(version + b"\n" + body).hexdigest().encode()


def _to_json(content: Content) -> dict[str, Any]:
    return {
        "office": content.office_uid.hex(),
        "slots": {slot_id.hex(): _slot_to_json(slot) for slot_id, slot in content.slots.items()},
        "strangers": {login.hex(): _attempts_to_json(attempts) for login, attempts in content.strangers.items()},
        "anchor": [content.anchor[0], content.anchor[1].hex()],
    }


def _from_json(data: dict[str, Any]) -> Content:
    return Content(
        bytes.fromhex(data["office"]),
        {bytes.fromhex(slot_id): _slot_from_json(slot) for slot_id, slot in data["slots"].items()},
        {bytes.fromhex(login): _attempts_from_json(attempts) for login, attempts in data["strangers"].items()},
        (int(data["anchor"][0]), bytes.fromhex(data["anchor"][1])),
    )


def _slot_to_json(slot: Slot) -> dict[str, Any]:
    return {
        "login": slot.login.hex(),
        "public": slot.public,
        "locks": [
            [lock.cost.memory_kib, lock.cost.iterations, lock.cost.lanes, lock.salt.hex()] for lock in slot.locks
        ],
        "box": base64.b64encode(slot.box).decode(),
        "mark": slot.mark.hex(),
        "sealed": base64.b64encode(slot.sealed).decode(),
        "attempts": _attempts_to_json(slot.attempts),
    }


def _slot_from_json(data: dict[str, Any]) -> Slot:
    return Slot(
        bytes.fromhex(data["login"]),
        data["public"],
        tuple(Lock(_cost(*cost), bytes.fromhex(salt)) for *cost, salt in data["locks"]),
        base64.b64decode(data["box"], validate=True),
        bytes.fromhex(data["mark"]),
        base64.b64decode(data["sealed"], validate=True),
        _attempts_from_json(data["attempts"]),
    )


def _cost(memory_kib: int, iterations: int, lanes: int) -> Cost:
    # Whoever writes the file must not make a login take all memory, or an hour.
    if not (8 * lanes <= memory_kib <= 4 * 1024**2 and 1 <= iterations <= 64 and 1 <= lanes <= 64):
        raise ValueError("cost out of bounds")
    return Cost(memory_kib, iterations, lanes)


def _attempts_to_json(attempts: Attempts) -> list[Any]:
    last = attempts.last.isoformat() if attempts.last else None
    return [attempts.count, last, [at.isoformat() for at in attempts.unreported]]


def _attempts_from_json(data: list[Any]) -> Attempts:
    count, last, unreported = data
    return Attempts(
        count, datetime.fromisoformat(last) if last else None, tuple(datetime.fromisoformat(at) for at in unreported)
    )
