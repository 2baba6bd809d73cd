"""Everything that the pane beside a list shows of one object, looked at in one go beside Qt's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Conflict
from app.forms.annex4 import Annex4, SignStep
from app.services import applications, business, certificates, form_list, people, people_list
from app.services.applications import ApplicationRow, Opened
from app.services.decisions import DecisionRow
from app.services.operations import Gate, Operation
from app.services.people_list import PersonRow
from app.services.scope import Actor

FORM_OPERATIONS: tuple[Operation[Any, Any, Any], ...] = (
    applications.sign,
    applications.submit,
    applications.accept,
    applications.send_back,
    applications.reject,
    applications.mark_printed,
    applications.edit,
    applications.withdraw,
    business.create,
)
ACCOUNT_OPERATIONS: tuple[Operation[Any, Any, Any], ...] = (business.grant, certificates.file, people.reveal)


@dataclass(frozen=True)
class SeenForm:
    """A form, masked, with what was decided on it and which operations the gate would let through now."""

    opened: Opened
    decisions: Sequence[DecisionRow]
    possible: frozenset[str]
    account_id: int | None
    """The account made from it, if there is one yet."""

    @property
    def row(self) -> ApplicationRow:
        """As it stands in the list."""
        return self.opened.row

    @property
    def due(self) -> SignStep | None:
        """The sign-off whose turn it is; None when all four are there."""
        return next((step for step in SignStep if step not in self.opened.signatures), None)

    @property
    def on_paper(self) -> bool:
        """Whether the three sign-offs before the acceptance are there."""
        return self.due in (SignStep.ACCEPTANCE, None)


@dataclass(frozen=True)
class SeenPerson:
    """A business user, masked; the form only of the own unit's."""

    row: PersonRow
    form: Annex4 | None
    form_number: str
    possible: frozenset[str]


def form(gate: Gate, actor: Actor, application_id: int) -> SeenForm:
    """Look at a form of the own unit. Conflict `application.gone`."""
    opened = gate.ask(actor, applications.opened, application_id)
    decisions = gate.ask(actor, applications.history, application_id)
    made = gate.ask(actor, business.listed)
    account_id = next((row.id for row in made if row.application_id == application_id), None)
    possible = _possible(gate, actor, FORM_OPERATIONS, application_id)
    if account_id is not None:
        possible |= _possible(gate, actor, (business.grant,), account_id)
    return SeenForm(opened, decisions, possible, account_id)


def person(gate: Gate, actor: Actor, account_id: int) -> SeenPerson:
    """Look at a business user in reach. Conflict `application.gone`."""
    row = gate.ask(actor, people_list.rows, (account_id,)).get(account_id)
    if row is None:
        raise Conflict("application.gone")
    possible = _possible(gate, actor, ACCOUNT_OPERATIONS, account_id)
    own = gate.ask(actor, form_list.rows, (row.application_id,))
    opened = gate.ask(actor, applications.opened, row.application_id) if own else None
    return SeenPerson(row, opened.form if opened else None, opened.row.number if opened else "", possible)


def _possible(gate: Gate, actor: Actor, operations: Sequence[Operation[Any, Any, Any]], target: int) -> frozenset[str]:
    return frozenset(each.name for each in operations if gate.may(actor, each, (target,)))
