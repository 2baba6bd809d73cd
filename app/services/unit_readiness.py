"""Which of the units below have their posts filled (B1): who is ready, and what each of the others lacks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.models.accounts import Account, AccountState, Appointment
from app.models.org import Unit, UnitStatus
from app.policy import Permission, Post, missing_posts
from app.services.operations import Work, query


@dataclass(frozen=True)
class UnitReadiness:
    """A unit of the next level: `holders` has the number of people in each post, `missing` the reasons (`posts.…`)."""

    unit_id: int
    name: str
    holders: Mapping[Post, int]
    missing: tuple[str, ...]


@query("accounts.unit-readiness", Permission.READ_NEXT_LEVEL)
def next_level(work: Work) -> Sequence[UnitReadiness]:
    """The units that report to the own one, those that lack something first."""
    units = select(Unit.id, Unit.name).where(work.visible(Unit.id), Unit.status == UnitStatus.ACTIVE)
    held = (
        select(Appointment.unit_id, Appointment.post, Account.person_id)
        .join(Account, Account.id == Appointment.account_id)
        .where(work.visible(Appointment.unit_id), Appointment.ended_at.is_(None))
        .where(Account.state == AccountState.ACTIVE)
    )
    holders: defaultdict[int, defaultdict[Post, set[int]]] = defaultdict(lambda: defaultdict(set))
    for unit_id, post, person_id in work.session.execute(held):
        holders[unit_id][post].add(person_id)
    found = [_readiness(unit_id, name, holders[unit_id]) for unit_id, name in work.session.execute(units)]
    return sorted(found, key=lambda unit: (not unit.missing, unit.unit_id))


def _readiness(unit_id: int, name: str, holders: Mapping[Post, set[int]]) -> UnitReadiness:
    counts = {post: len(holders.get(post, ())) for post in Post}
    return UnitReadiness(unit_id, name, counts, missing_posts(holders))
