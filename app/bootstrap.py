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

Clock = Callable[[], datetime]


def now() -> datetime:
    """The one clock of the program, in UTC."""
    return datetime.now(UTC)


def found_office(
    folder: Path, province: Province, founders: Sequence[Founder], *, clock: Clock = now, cost: Cost = DEFAULT_COST
) -> str:
    """Found a province's office in `folder`; returns the code of the recovery letter (恢复信), to be printed.

    An office is there when its vault is: both files are made whole in a folder beside, and the vault comes last.
    Conflict `office.exists`; Invalid `founding.refused`.
    """
    if is_office(folder):
        raise Conflict("office.exists", folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_DRAFT}*"):  # by a founding that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=folder) as draft:
        uid, keys = new_uid(), OfficeKeys.generate()
        vault = Vault.create(Path(draft, VAULT), uid, cost)
        database = open_sqlite(Path(draft, DATABASE), keys.database, create=True)
        context = AppContext(Path(draft), database, vault, keys, clock, cost)
        try:
            letter = founding.found(context, province, founders, uid)
        finally:
            context.close()
        for name in (DATABASE, VAULT):
            Path(draft, name).replace(folder / name)
            durable.sync_folder(folder)
    return letter


def is_office(folder: Path) -> bool:
    """Whether an office has been founded there."""
    return (folder / VAULT).is_file()


def open_office(
    folder: Path, login: str, password: str, *, clock: Clock = now, cost: Cost = DEFAULT_COST
) -> tuple[Gate, SignedIn]:
    """Open the office in `folder` with a login; close it by `gate.context.close()`.

    Raises what the vault, the database and the sign-in raise; then nothing stays open.
    """
    vault = Vault.open(folder / VAULT, cost)
    unlocked = vault.unlock(login, password, clock())
    database = open_sqlite(folder / DATABASE, unlocked.keys.database)
    context = AppContext(folder, database, vault, unlocked.keys, clock, cost)
    try:
        sign_in.drop_unnamed_slots(context)
        return Gate(context), sign_in.enter(context, login, unlocked)
    except BaseException:
        context.close()
        raise
