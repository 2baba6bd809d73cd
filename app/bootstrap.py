"""Putting the house together: founding an office's folder, and opening one as an AppContext behind its gate."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app import durable, printed_codes
from app.errors import Conflict, Problem
from app.models.base import new_uid
from app.models.database import open_sqlite
from app.passwords import DEFAULT_COST, Cost
from app.services import founding, libraries, sign_in
from app.services.context import AppContext
from app.services.founding import Founder, Province
from app.services.operations import Gate
from app.services.scope import SYSTEM
from app.services.sign_in import SignedIn
from app.token import catalogue
from app.vault import OfficeKeys, Unlocked, Vault

DATABASE, VAULT = "office.db", "office.vault"
_DRAFT = ".founding-"
_REMAINS = (DATABASE, f"{DATABASE}-wal", f"{VAULT}.previous")

Clock = Callable[[], datetime]


def now() -> datetime:
    """The one clock of the program, in UTC."""
    return datetime.now(UTC)


def found_office(
    folder: Path, province: Province, founders: Sequence[Founder], *, clock: Clock = now, cost: Cost = DEFAULT_COST
) -> str:
    """Found a province's office in `folder`; returns the code of the recovery letter (恢复信), to be printed.

    An office is there when its vault is: both files are made whole in a folder beside, and the vault comes last.
    Conflict `office.exists`, or `office.remains` (of an office that lost one of its files); Invalid `founding.refused`.
    """
    if is_office(folder):
        raise Conflict("office.exists", folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    _clear_killed_founding(folder)
    if any((folder / name).exists() for name in _REMAINS):
        raise Conflict("office.remains", folder=str(folder))
    with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=folder) as draft:
        uid, keys = new_uid(), OfficeKeys.generate()
        vault = Vault.create(Path(draft, VAULT), uid, cost)
        database = open_sqlite(Path(draft, DATABASE), keys.database, create=True)
        context = AppContext(Path(draft), database, vault, keys, clock, cost)
        try:
            letter = founding.found(context, province, founders, uid)
            database.fold()
        finally:
            context.close()
        _move_in(Path(draft), folder)
    return letter


def _move_in(draft: Path, folder: Path) -> None:
    try:
        for name in (DATABASE, VAULT):
            (draft / name).replace(folder / name)
            durable.sync_folder(folder)
    except BaseException:
        if not is_office(folder):
            (folder / DATABASE).unlink(missing_ok=True)
        raise


def _clear_killed_founding(folder: Path) -> None:
    """A draft whose database has moved and whose vault has not: that database's keys are in the draft."""
    for draft in folder.glob(f"{_DRAFT}*"):
        if (draft / VAULT).exists() and not (draft / DATABASE).exists():
            (folder / DATABASE).unlink(missing_ok=True)
        shutil.rmtree(draft)


def is_office(folder: Path) -> bool:
    """Whether an office has been founded there."""
    return (folder / VAULT).is_file()


def open_office(
    folder: Path, login: str, password: str, *, clock: Clock = now, cost: Cost = DEFAULT_COST
) -> tuple[Gate, SignedIn]:
    """Open the office in `folder` with a login; close it by `gate.close()`.

    Raises what the vault, the database and the sign-in raise; then nothing stays open.
    """
    return _open(
        folder, login, password, lambda context, unlocked: sign_in.enter(context, login, unlocked), clock, cost
    )


def activate_office(
    folder: Path, login: str, code: str, password: str, *, clock: Clock = now, cost: Cost = DEFAULT_COST
) -> tuple[Gate, SignedIn]:
    """Open it by a first login (首次登录, B4): both halves of the activation code, and the password from now on.

    As `open_office`; Invalid `code.…` for a slip in typing, `password.refused` with each fault: then the code stays
    good.
    """

    def enter(context: AppContext, unlocked: Unlocked) -> SignedIn:
        return sign_in.activate(context, login, code, password)

    return _open(folder, login, printed_codes.read(code), enter, clock, cost)


def renew_password(
    folder: Path, login: str, old: str, new: str, *, clock: Clock = now, cost: Cost = DEFAULT_COST
) -> tuple[Gate, SignedIn]:
    """Open it with a new password in place of one that is too old: after Denied `login.password_old` (G4).

    As `open_office`; Invalid `password.refused` with each fault: then the old one stays.
    """

    def enter(context: AppContext, unlocked: Unlocked) -> SignedIn:
        return sign_in.change_password(context, login, old, new)

    return _open(folder, login, old, enter, clock, cost)


def _open(
    folder: Path, login: str, secret: str, enter: Callable[[AppContext, Unlocked], SignedIn], clock: Clock, cost: Cost
) -> tuple[Gate, SignedIn]:
    """The vault opens the database; then `enter` says who it is that came, and what they may do."""
    vault = Vault.open(folder / VAULT, cost)
    unlocked = vault.unlock(login, secret, clock())
    database = open_sqlite(folder / DATABASE, unlocked.keys.database)
    context = AppContext(folder, database, vault, unlocked.keys, clock, cost)
    try:
        signed_in = enter(context, unlocked)
        sign_in.drop_unnamed_slots(context)
        return Gate(context), signed_in
    except BaseException:
        context.close()
        raise


@dataclass(frozen=True)
class TokenLibraries:
    """The PKCS#11 libraries to load on this desk, and what is wrong with confirmed ones that are left out."""

    paths: tuple[Path, ...]
    faults: tuple[Problem, ...]


def token_libraries(gate: Gate) -> TokenLibraries:
    """Those of the catalogue that are installed, then those that the office has confirmed and nobody has changed."""
    added = gate.ask(SYSTEM, libraries.confirmed)
    wrong = {library.path: libraries.unusable(library) for library in added}
    sound = (path for path, problem in wrong.items() if problem is None)
    faults = tuple(problem for problem in wrong.values() if problem)
    return TokenLibraries(tuple(dict.fromkeys((*catalogue.libraries(), *sound))), faults)
