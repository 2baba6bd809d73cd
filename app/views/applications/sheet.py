"""What the entry works on: a new 附件4, or one that is there already, and the draft that was kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.errors import Invalid
from app.forms import annex4
from app.forms.annex4 import Annex4
from app.services import drafts, org
from app.services.applications import Opened
from app.services.context import AppContext
from app.services.operations import Gate
from app.services.scope import Actor

NEW = "new"
_EDITED = "application"


@dataclass(frozen=True)
class Sheet:
    """A form as it stands in the office: what typing begins from, and which revision it would replace."""

    form: Annex4
    application_id: int | None = None
    number: str = ""
    revision: int = 0
    signed: bool = False
    """Whether there are sign-offs, which a change makes void."""

    @property
    def key(self) -> str:
        """Its draft's: one of another revision is another draft, so that nobody's change is overwritten unseen."""
        return NEW if self.application_id is None else f"{_EDITED}:{self.application_id}:{self.revision}"


class Kept(NamedTuple):
    """A draft that can be gone on with."""

    key: str
    form: Annex4
    saved_at: datetime

    @property
    def application_id(self) -> int | None:
        """The form that it changes; None for a new one."""
        return None if self.key == NEW else int(self.key.split(":")[1])


def blank(gate: Gate, actor: Actor) -> Sheet:
    """A new form of the own unit, with the unit's name and address."""
    own = next(unit for unit in gate.ask(actor, org.units) if unit.id == actor.unit_id)
    return Sheet(Annex4(unit_name=own.name, address=own.address, school_type=own.school_type or ""))


def of(opened: Opened) -> Sheet:
    """A form that was opened in full."""
    row = opened.row
    return Sheet(opened.form, row.id, row.number, row.revision_number, bool(opened.signatures))


def kept(context: AppContext, actor: Actor) -> Sequence[Kept]:
    """What the actor has left unfinished, newest first. What an older version wrote and this one can't read is left."""
    found = []
    for draft in drafts.kept(context, actor):
        try:
            found.append(Kept(draft.key, annex4.from_json(draft.content), draft.saved_at))
        except Invalid:
            continue
    return found
