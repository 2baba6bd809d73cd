"""PKCS#11 libraries (UKEY 驱动) that the office adds to the catalogue: one post proposes, another confirms (E7).

A library is a program that sees PINs. It is loaded for daily work only when a second post has confirmed it, and while
its file is what it was then.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.errors import Conflict, Invalid, Problem, Unavailable
from app.models.accounts import Account, Person
from app.models.office import Office
from app.models.ukey_library import LibraryState, UkeyLibrary
from app.policy import Permission
from app.services.operations import Work, operation, query
from app.token.catalogue import models
from app.token.host import TokenHost
from app.token.library import fault, own_machine
from app.token.types import TokenInfo


@dataclass(frozen=True)
class LibraryRow:
    """A library in the list; `model` is the catalogue's id, empty for another; people by name, empty when nobody."""

    id: int
    path: str
    sha256: str
    model: str
    machine: str
    state: LibraryState
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True)
class Confirmed:
    """A library that desks may load, as long as the file's hash is this."""

    path: Path
    sha256: str


def try_library(path: Path) -> Sequence[TokenInfo]:
    """The tokens that a library sees now, looked at in a process of its own; nothing is kept.

    Raises what keeps it from working, Unavailable: `token.library_…`, `worker.died`, `worker.timeout`.
    """
    with TokenHost([path]) as host:
        seen = host.tokens()
        for problem in host.faults():
            raise problem
        return seen


@operation("libraries.propose", Permission.EDIT_UKEY_CATALOGUE, Office.unit_id)
def propose(work: Work, office: Office, path: str, model: str) -> int:
    """Name a library that is not in the catalogue; returns its id. Only its header is read, it is not loaded.

    Invalid `library.not_absolute`, `library.model_unknown`; Conflict `library.registered`; Unavailable
    `token.library_absent`, `…_unknown`, `…_machine`.
    """
    path = path.strip()
    if not Path(path).is_absolute():
        raise Invalid("library.not_absolute", path=path)
    if model and model not in {ukey.id for ukey in models()}:
        raise Invalid("library.model_unknown", model=model)
    digest, machine = fingerprint(Path(path)), own_machine()
    living = select(UkeyLibrary.id).where(UkeyLibrary.path == path, UkeyLibrary.machine == machine)
    if work.session.scalar(living.where(UkeyLibrary.state != LibraryState.WITHDRAWN)):
        raise Conflict("library.registered", path=path)
    library = UkeyLibrary(
        unit_id=office.unit_id,
        path=path,
        sha256=digest,
        model=model,
        machine=machine,
        proposed_by_id=work.actor.account_id,
        proposed_at=work.now,
    )
    return work.add(library).id


@operation(
    "libraries.confirm",
    Permission.CONFIRM_UKEY_CATALOGUE,
    UkeyLibrary.unit_id,
    ready=UkeyLibrary.state == LibraryState.PROPOSED,
)
def confirm(work: Work, library: UkeyLibrary) -> None:
    """From now on desks load it. Conflict `library.changed` when the file is not the one that was proposed."""
    if fingerprint(Path(library.path)) != library.sha256:
        raise Conflict("library.changed", path=library.path)
    library.state = LibraryState.CONFIRMED
    library.confirmed_by_id, library.confirmed_at = work.actor.account_id, work.now


@operation(
    "libraries.withdraw",
    Permission.MAINTAIN_UKEY_CATALOGUE,
    UkeyLibrary.unit_id,
    ready=UkeyLibrary.state != LibraryState.WITHDRAWN,
)
def withdraw(work: Work, library: UkeyLibrary, reason: str) -> None:
    """No desk loads it any more. Invalid `library.reason_missing`."""
    if not reason.strip():
        raise Invalid("library.reason_missing")
    library.state, library.withdrawn_reason = LibraryState.WITHDRAWN, reason.strip()


@query("libraries.list", Permission.MAINTAIN_UKEY_CATALOGUE)
def listed(work: Work) -> tuple[LibraryRow, ...]:
    """All libraries of the office, withdrawn ones included, newest first."""
    proposer, confirmer = aliased(Person), aliased(Person)
    by, also_by = aliased(Account), aliased(Account)
    found = (
        select(UkeyLibrary, proposer.name, confirmer.name)
        .join(by, by.id == UkeyLibrary.proposed_by_id)
        .join(proposer, proposer.id == by.person_id)
        .outerjoin(also_by, also_by.id == UkeyLibrary.confirmed_by_id)
        .outerjoin(confirmer, confirmer.id == also_by.person_id)
        .where(work.visible(UkeyLibrary.unit_id))
        .order_by(UkeyLibrary.id.desc())
    )
    return tuple(_row(library, first, second or "") for library, first, second in work.session.execute(found))


@query("libraries.confirmed", Permission.MAINTAIN_UKEY_CATALOGUE)
def confirmed(work: Work) -> tuple[Confirmed, ...]:
    """The libraries that desks of this system and machine may load, if their files are still the same."""
    found = select(UkeyLibrary.path, UkeyLibrary.sha256).where(
        work.visible(UkeyLibrary.unit_id),
        UkeyLibrary.state == LibraryState.CONFIRMED,
        UkeyLibrary.machine == own_machine(),
    )
    return tuple(Confirmed(Path(path), digest) for path, digest in work.session.execute(found.order_by(UkeyLibrary.id)))


def unusable(library: Confirmed) -> Problem | None:
    """Why a confirmed library must not be loaded now: absent, or not the file that was confirmed; or None."""
    try:
        same = fingerprint(library.path) == library.sha256
    except Problem as problem:
        return problem
    return None if same else Conflict("library.changed", path=str(library.path))


def fingerprint(path: Path) -> str:
    """SHA-256 of a library's file, 64 hex digits. Raises what keeps it from being loaded: `token.library_…`."""
    if problem := fault(path):
        raise problem
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise Unavailable("token.library_absent", library=str(path)) from None


def _row(library: UkeyLibrary, proposed_by: str, confirmed_by: str) -> LibraryRow:
    return LibraryRow(
        library.id,
        library.path,
        library.sha256,
        library.model,
        library.machine,
        library.state,
        proposed_by,
        library.proposed_at,
        confirmed_by,
        library.confirmed_at,
        library.withdrawn_reason,
    )
