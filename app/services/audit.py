"""The auditor's work (安全审计员): prove the log, export it (G1, G2)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from app.errors import Denied, Invalid, Unavailable
from app.models.audit import GENESIS, AuditEvent, chained
from app.models.office import Office
from app.policy import Permission
from app.services import log
from app.services.log import Fault
from app.services.operations import Work, operation, query

FORMAT = "shiming log 1"

OFFICE = 1
"""The one row of the table `office`: what `export` is done to."""


@query("audit.verify", Permission.READ_LOG)
def verify(work: Work) -> tuple[Fault, ...]:
    """Everything in the database that is not as the log says it should be; empty when all holds.

    Only for the auditor of the office whose database it is: a fault's place may be any unit's.
    """
    if not work.session.scalar(select(Office.id).where(work.visible(Office.unit_id))):
        raise Denied("gate.out_of_scope")
    context = work.context
    events = log.chain_faults(work.session, context.vault.anchor)
    return (*events, *log.row_faults(work.session, context.seals))


@operation("audit.export", Permission.READ_LOG, Office.unit_id)
def export(work: Work, office: Office) -> bytes:
    """The whole log as JSON lines: a head, one line an event, and a signature over every byte before it."""
    log.add_checkpoint(work.session, work.context, work.actor, work.now)
    number, _ = log.head(work.session)
    told = {"format": FORMAT, "office": office.uid.hex(), "key": office.signing_public.hex(), "events": number}
    events = work.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    lines = [_head(told), *(_line(hash=event.hash.hex(), text=event.text) for event in events)]
    body = b"".join(line + b"\n" for line in lines)
    signature = log.signing_key(work.context.seals, office).sign(_statement(body))
    return body + _line(signature=signature.hex()) + b"\n"


@dataclass(frozen=True)
class Summary:
    """Whose exported log it is, as far as the file says so itself, and what it covers.

    Anybody can sign a log of their own making: the `fingerprint` of the signing key has to be compared with the one
    that the office gave earlier.
    """

    office: str
    fingerprint: str
    events: int
    first_at: datetime
    last_at: datetime


def fingerprint(public_key: bytes) -> str:
    """What a person compares: 32 hex digits of a signing key's SHA-256, in groups of four."""
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return "-".join(digits[start : start + 4] for start in range(0, 32, 4))


@query("audit.fingerprint", Permission.READ_LOG)
def own_fingerprint(work: Work) -> str:
    """The fingerprint of the key that signs this office's log."""
    return fingerprint(work.session.scalars(select(Office.signing_public)).one())


def described(path: Path) -> Summary:
    """What an exported log says of itself; worth something when `exported_faults` finds nothing. Errors as there."""
    lines, first = _read(path)
    try:
        first_at, last_at = (datetime.fromisoformat(json.loads(json.loads(lines[at])["text"])["at"]) for at in (1, -3))
        return Summary(first["office"], fingerprint(bytes.fromhex(first["key"])), first["events"], first_at, last_at)
    except (IndexError, KeyError, TypeError, ValueError):
        raise Invalid("log.not_a_log", path=str(path)) from None


def exported_faults(path: Path, signer: str | None = None) -> Iterator[Fault]:
    """What does not hold in an exported log; the first names the first bad line. Needs no office, and no secret.

    `signer` is the fingerprint that the key must have. Raises Invalid `log.not_a_log` when the file is none at all,
    Unavailable `log.unreadable`.
    """
    (*lines, rest), first = _read(path)
    if lines[0] != _head(first):
        yield Fault("line:1", "log.changed")
        return  # whose signatures they should be is no longer known
    office, key = bytes.fromhex(first["office"]), bytes.fromhex(first["key"])
    if signer is not None and _digits(signer) != _digits(fingerprint(key)):
        yield Fault("line:1", "log.other_signer")
    number, previous = 1, GENESIS
    for place, line in enumerate(lines[1:-1], start=2):
        number, previous, reason = _event_fault(number, line, previous, office, key)
        if reason:
            yield Fault(f"line:{place}", reason)
    if rest or len(lines) != first["events"] + 2:
        yield Fault(f"line:{len(lines) + bool(rest)}", "log.gap")
    if not _signed(key, lines):
        yield Fault(f"line:{len(lines)}", "log.signature")


def _read(path: Path) -> tuple[list[bytes], dict[str, Any]]:
    """The file cut at its line ends, and what its first line says."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise Unavailable("log.unreadable", path=str(path), cause=error.strerror) from error
    first = _parsed(lines[0]) if len(lines) > 1 else None
    if not first or first.get("format") != FORMAT:
        raise Invalid("log.not_a_log", path=str(path))
    return lines, first


def _digits(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _event_fault(number: int, line: bytes, previous: bytes, office: bytes, key: bytes) -> tuple[int, bytes, str]:
    """The next event's number, what it is chained to, and what is wrong with this one, if anything."""
    try:
        parsed = _parsed(line) or {}
        text = parsed["text"]
        digest, seq = bytes.fromhex(parsed["hash"]), json.loads(text)["seq"]
        if seq != number:
            return seq + 1, digest, "log.gap"
        if line != _line(hash=digest.hex(), text=text) or digest != chained(previous, text):
            return number + 1, digest, "log.changed"
        if not log.checkpoint_holds(text, previous, office, key):
            return number + 1, digest, "log.signature"
    except (KeyError, TypeError, ValueError):
        return number + 1, previous, "log.changed"
    return number + 1, digest, ""


def _signed(key: bytes, lines: list[bytes]) -> bool:
    body = b"".join(line + b"\n" for line in lines[:-1])
    try:
        signature = bytes.fromhex((_parsed(lines[-1]) or {})["signature"])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _statement(body))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return lines[-1] == _line(signature=signature.hex())


def _head(content: dict[str, Any]) -> bytes:
    """The first line, with a hash of its own so that a change in it is found there."""
    told = {key: content.get(key) for key in ("format", "office", "key", "events")}
    return _line(**told, hash=hashlib.sha256(_line(**told)).hexdigest())


def _statement(body: bytes) -> bytes:
    return b"shiming log export 1\0" + hashlib.sha256(body).digest()


def _line(**content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
