"""Putting the house together: founding an office's folder, and opening one as an AppContext behind its gate."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app import durable
from app.errors import Conflict
from app.models.base import new_uid
from app.models.database import open_sqlite
from app.passwords import DEFAULT_COST, Cost
from app.services import founding, sign_in
from app.services.context import AppContext
from app.services.founding import Founder, Province
from app.services.operations import Gate
from app.services.sign_in import SignedIn
from app.vault import OfficeKeys, Vault

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
    vault = Vault.open(folder / VAULT, cost)
    unlocked = vault.unlock(login, password, clock())
    database = open_sqlite(folder / DATABASE, unlocked.keys.database)
    context = AppContext(folder, database, vault, unlocked.keys, clock, cost)
    try:
        signed_in = sign_in.enter(context, login, unlocked)
        sign_in.drop_unnamed_slots(context)
        return Gate(context), signed_in
    except BaseException:
        context.close()
        raise
