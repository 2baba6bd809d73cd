"""Signing in (G4): the password opens the vault, the vault opens the database, and the account says which posts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import passwords, printed_codes
from app.errors import Denied, Invalid
from app.models.accounts import Account, AccountState, Appointment, Person, UsedPassword
from app.models.base import new_uid
from app.models.org import Unit
from app.policy import Permission, Post
from app.services import log
from app.services.context import AppContext
from app.services.operations import Kept, Work, recorded
from app.services.scope import SYSTEM, Actor
from app.vault import Failure, Unlocked

PASSWORD_AGE = timedelta(days=90)
PASSWORDS_BARRED = 5


@dataclass(frozen=True)
class SignedIn:
    """Somebody who has proved who they are: an actor for each post they hold, or none until a password is set."""

    login: str
    name: str
    unit_name: str
    actors: tuple[Actor, ...]

    def acting_as(self, post: Post) -> Actor:
        """The person in one of their posts. Denied `gate.wrong_post` when it is not theirs."""
        for actor in self.actors:
            if actor.post is post:
                return actor
        raise Denied("gate.wrong_post")


def sign_in(context: AppContext, login: str, password: str) -> SignedIn:
    """Sign in to an office that is open already. Raises Denied: `login.…`."""
    return enter(context, login, context.vault.unlock(login, password, context.clock()))


def enter(context: AppContext, login: str, unlocked: Unlocked) -> SignedIn:
    """Let in whom the vault has recognised, and write failed tries since the last success into the log.

    Denied `login.refused` (no account names the slot, or it is disabled), `login.activate_first`, `login.password_old`.
    """
    with context.database.reading() as session:
        account = _account(session, unlocked.slot_id)
        signed_in = _signed_in(session, account, login)
    _log_attempts(context, signed_in.actors[0] if signed_in.actors else SYSTEM, account)
    return signed_in


def activate(context: AppContext, login: str, code: str, password: str) -> SignedIn:
    """First login: the activation code's two halves open once, and the person sets a password (B4)."""
    unlocked = context.vault.unlock(login, printed_codes.read(code), context.clock())
    return _set_password(context, login, unlocked, password, "sign-in.activate")


def change_password(context: AppContext, login: str, old: str, new: str) -> SignedIn:
    """Another password. Invalid `password.refused` with each fault; then the old one stays."""
    unlocked = context.vault.unlock(login, old, context.clock())
    return _set_password(context, login, unlocked, new, "sign-in.change-password")


def _set_password(context: AppContext, login: str, unlocked: Unlocked, password: str, name: str) -> SignedIn:
    """A new slot first, then the commit that names it, then the old slot goes: a kill in between changes nothing."""
    with context.database.reading() as session:
        account = _account(session, unlocked.slot_id)
        if account.state is not AccountState.ACTIVE:
            raise Denied("login.refused")
        check_password(session, account, login, password)
        actor = _signed_in(session, account, login).actors[0]
    slot_id = new_uid()
    context.vault.add_slot(slot_id, login, password, context.keys)
    context.vault.save()
    with recorded(context, actor, Permission.SIGN_IN, name, f"account:{account.id}") as work:
        account = work.session.get_one(Account, account.id)
        account.slot_id = slot_id
        keep_password(work, account, password)
        signed_in = _signed_in(work.session, account, login)
    context.vault.drop([unlocked.slot_id])
    context.vault.save()
    return signed_in


def drop_unnamed_slots(context: AppContext) -> None:
    """Take away what a kill between the vault and the database left: slots that no account names.

    Only after somebody got in: a database from an old backup names none of today's slots, and they are the only keys.
    """
    with context.database.reading() as session:
        named = set(session.scalars(select(Account.slot_id).where(Account.slot_id.is_not(None))))
    unnamed = [slot.slot_id for slot in context.vault.slots() if slot.slot_id not in named]
    if unnamed and context.database.one_process:
        context.vault.drop(unnamed)
        context.vault.save()


def check_password(session: Session, account: Account, login: str, password: str) -> None:
    """Raise Invalid `password.refused` with what keeps the text from being this account's next password."""
    person = session.get_one(Person, account.person_id)
    used = select(UsedPassword.verifier).where(UsedPassword.account_id == account.id).order_by(UsedPassword.id.desc())
    history = session.scalars(used.limit(PASSWORDS_BARRED))
    if faults := passwords.password_faults(password, login, (person.name, person.mobile, person.email), history):
        raise Invalid("password.refused", problems=faults)


def keep_password(work: Work, account: Account, password: str) -> None:
    """Note that the account has this password from now on."""
    account.activated_at = account.activated_at or work.now
    account.password_set_at = work.now
    verifier = passwords.verifier(password, work.context.cost)
    work.add(UsedPassword(account_id=account.id, verifier=verifier, set_at=work.now))


def _account(session: Session, slot_id: bytes) -> Account:
    account = session.scalars(select(Account).where(Account.slot_id == slot_id)).one_or_none()
    if account is None:
        raise Denied("login.refused")
    return account


def _refusal(account: Account, now: datetime) -> str:
    if account.state is not AccountState.ACTIVE:
        return "login.refused"
    if account.password_set_at is None:
        return "login.activate_first"
    return "login.password_old" if now - account.password_set_at > PASSWORD_AGE else ""


def _log_attempts(context: AppContext, actor: Actor, account: Account) -> None:
    """Failed tries were counted in the vault, since the database was closed to whoever failed."""
    failures, refusal = context.vault.take_failures(), None
    try:
        with recorded(context, actor, Permission.SIGN_IN, "sign-in", f"account:{account.id}") as work:
            for failure in failures:
                _log_failure(work, failure)
            log.add_checkpoint(work.session, context, SYSTEM, work.now)
            if reason := _refusal(account, work.now):
                raise Kept(Denied(reason))
    except Kept as kept:
        refusal = kept.problem
    log.anchor(context)
    if refusal:
        raise refusal


def _log_failure(work: Work, failure: Failure) -> None:
    query = select(Account.id).where(Account.slot_id == failure.slot_id)
    tried = work.session.scalar(query) if failure.slot_id else None
    notes = {"tried_at": failure.at.isoformat()}
    entry = log.Entry("sign-in", f"account:{tried}" if tried else "", "login.refused", notes)
    log.append(work.session, work.context, SYSTEM, work.now, entry, [])


def _signed_in(session: Session, account: Account, login: str) -> SignedIn:
    person = session.get_one(Person, account.person_id)
    unit = session.get_one(Unit, account.unit_id)
    held = select(Appointment.post).where(Appointment.account_id == account.id, Appointment.ended_at.is_(None))
    actors = tuple(
        Actor(account.id, person.id, person.id_digest, unit.id, unit.path, unit.kind, post)
        for post in sorted(session.scalars(held), key=list(Post).index)
    )
    return SignedIn(login, person.name, unit.name, actors)
