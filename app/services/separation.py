"""Who may be what beside what, by person (B1): a 安全审计员 is no administrator or business user there."""

from collections.abc import Collection

from sqlalchemy import select

from app.errors import Conflict
from app.models.accounts import Account, AccountKind, AccountState, Appointment, Person
from app.models.org import Unit
from app.policy import Post
from app.services.operations import Work


def holders(work: Work, unit_id: int) -> dict[Post, set[bytes]]:
    """Post → the persons (not accounts) who hold it in the unit, by the keyed hash of their ID number."""
    held = (
        select(Appointment.post, Person.id_digest)
        .join(Account, Account.id == Appointment.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Appointment.unit_id == unit_id, Appointment.ended_at.is_(None))
    )
    found: dict[Post, set[bytes]] = {}
    for post, digest in work.session.execute(held):
        found.setdefault(post, set()).add(digest)
    return found


def check(work: Work, unit_id: int, person: bytes, posts: Collection[Post] = (), *, business: bool = False) -> None:
    """Raise Conflict when the person may not hold these posts, or a business account, beside what they are already.

    The unit stays locked, so that two forms of one person can't pass side by side.
    """
    work.session.get_one(Unit, unit_id, with_for_update=True)
    held = holders(work, unit_id)
    administrator = any(person in held.get(post, ()) for post in (Post.SYSTEM, Post.SECURITY))
    if Post.AUDITOR in posts and administrator:
        raise Conflict("posts.auditor_is_administrator")
    if Post.AUDITOR in posts and _is_business_user(work, unit_id, person):
        raise Conflict("posts.auditor_is_business_user")
    if person in held.get(Post.AUDITOR, ()):
        if business:
            raise Conflict("posts.auditor_is_business_user")
        if set(posts) - {Post.AUDITOR}:
            raise Conflict("posts.auditor_is_administrator")


def _is_business_user(work: Work, unit_id: int, person: bytes) -> bool:
    query = (
        select(Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(Account.unit_id == unit_id, Account.kind == AccountKind.BUSINESS, Person.id_digest == person)
        .where(Account.state != AccountState.DISABLED)
    )
    return work.session.scalar(query.limit(1)) is not None
