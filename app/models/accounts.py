"""Persons, their accounts, the posts and roles they hold (§二.2–4, §五; B1, B3, B6, C3, G4)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CLEAR, Base, Edited, Leaves, append_only, begins_index, words
from app.policy import Post
from app.words import N_


class Person(Base, Leaves, Edited):
    """A natural person: one row an ID number, however many accounts."""

    __tablename__ = "person"
    __table_args__ = (begins_index("ix_person_name_begins", "name"),)

    name: Mapped[str]
    id_number: Mapped[bytes]
    """Sealed with the field key."""
    id_digest: Mapped[bytes] = mapped_column(unique=True, info=CLEAR)
    """Keyed hash of the ID number: finds a person, and tells one's own from another's."""
    mobile: Mapped[str]
    email: Mapped[str]
    office_phone: Mapped[str]


class AccountKind(StrEnum):
    """Management and business permissions are never on one account (B7)."""

    MANAGEMENT = "management"
    BUSINESS = "business"


class AccountState(StrEnum):
    """An account is never deleted, only disabled (§五.2)."""

    CREATED = "created"
    """Made by the 系统管理员, not yet authorised by the 安全管理员."""
    ACTIVE = "active"
    DISABLED = "disabled"


ACCOUNT_STATE_NAMES: Mapping[AccountState, str] = {
    AccountState.CREATED: N_("已创建，待授权"),
    AccountState.ACTIVE: N_("正常"),
    AccountState.DISABLED: N_("已停用"),
}


class Account(Base, Leaves, Edited):
    """A management or business account; none without the form that orders it (申请单是唯一依据, §五.3)."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(kind = 'management') = (slot_id IS NOT NULL)", name="slot_of_management"),
        Index("ix_account_list", "unit_id", "kind", "id", "state"),  # lists are read off it, without the rows
        begins_index("ix_account_login_begins", "login_key"),
    )

    login: Mapped[str] = mapped_column(info=CLEAR)
    login_key: Mapped[str] = mapped_column(unique=True, info=CLEAR)
    """The login as the vault compares it (`passwords.canonical_login`): two that differ by case only are one."""
    kind: Mapped[AccountKind] = mapped_column(words(AccountKind))
    state: Mapped[AccountState] = mapped_column(words(AccountState), default=AccountState.CREATED)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    slot_id: Mapped[bytes | None] = mapped_column(unique=True, info=CLEAR)
    """The account's slot in the vault; business users do not log in here."""
    converted_from: Mapped[str] = mapped_column(default="", info=CLEAR)
    """已拥有登录账号: the old account that this one continues."""
    activated_at: Mapped[datetime | None]
    password_set_at: Mapped[datetime | None]


class Appointment(Base):
    """A post held by an account in its unit."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index(
            "uq_appointment_current",
            "account_id",
            "post",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    post: Mapped[Post] = mapped_column(words(Post))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Role(Base):
    """A business account's role in a subsystem (子系统), granted by the 安全管理员."""

    __tablename__ = "role"
    __table_args__ = (
        Index(
            "uq_role_current",
            "account_id",
            "subsystem",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    subsystem: Mapped[str] = mapped_column(info=CLEAR)
    role: Mapped[str] = mapped_column(info=CLEAR)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


@append_only
class UsedPassword(Base):
    """A verifier of each password that an account has had, so that the last ones are barred (G4)."""

    __tablename__ = "used_password"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    verifier: Mapped[str]
    set_at: Mapped[datetime]
