"""Application forms (申请单), their revisions, sign-offs and decisions (附件2, 附件4; B2, C1)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CLEAR, Base, Edited, Leaves, append_only, words
from app.policy import Post
from app.words import N_


class FormKind(StrEnum):
    """Which annex a form is."""

    ANNEX2 = "annex2"
    """管理类用户注册申请单."""
    ANNEX4 = "annex4"
    """全国教师管理信息系统业务类用户实名制申请单."""


class ApplicationState(StrEnum):
    """Where a form stands."""

    DRAFT = "draft"
    PRINTED = "printed"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    EXECUTED = "executed"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


APPLICATION_STATE_NAMES: Mapping[ApplicationState, str] = {
    ApplicationState.DRAFT: N_("草稿"),
    ApplicationState.PRINTED: N_("已打印"),
    ApplicationState.SUBMITTED: N_("已提交"),
    ApplicationState.ACCEPTED: N_("已受理"),
    ApplicationState.APPROVED: N_("已复核"),
    ApplicationState.EXECUTED: N_("已办结"),
    ApplicationState.RETURNED: N_("已退回"),
    ApplicationState.REJECTED: N_("不予办理"),
    ApplicationState.WITHDRAWN: N_("已撤回"),
}


class Step(StrEnum):
    """What moves a form from one state to another."""

    EDIT = "edit"
    PRINT = "print"
    SUBMIT = "submit"
    ACCEPT = "accept"
    REVIEW = "review"
    EXECUTE = "execute"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"


_S = ApplicationState
TRANSITIONS: Mapping[FormKind, Mapping[tuple[ApplicationState, Step], ApplicationState]] = {
    FormKind.ANNEX4: {
        (_S.DRAFT, Step.EDIT): _S.DRAFT,
        (_S.PRINTED, Step.EDIT): _S.DRAFT,
        (_S.SUBMITTED, Step.EDIT): _S.DRAFT,
        (_S.RETURNED, Step.EDIT): _S.DRAFT,
        (_S.DRAFT, Step.PRINT): _S.PRINTED,
        (_S.PRINTED, Step.PRINT): _S.PRINTED,
        (_S.PRINTED, Step.SUBMIT): _S.SUBMITTED,
        (_S.SUBMITTED, Step.ACCEPT): _S.ACCEPTED,
        (_S.SUBMITTED, Step.RETURN): _S.RETURNED,
        (_S.SUBMITTED, Step.REJECT): _S.REJECTED,
        (_S.DRAFT, Step.WITHDRAW): _S.WITHDRAWN,
        (_S.PRINTED, Step.WITHDRAW): _S.WITHDRAWN,
        (_S.SUBMITTED, Step.WITHDRAW): _S.WITHDRAWN,
        (_S.RETURNED, Step.WITHDRAW): _S.WITHDRAWN,
        (_S.ACCEPTED, Step.EXECUTE): _S.EXECUTED,
    },
    FormKind.ANNEX2: {
        (_S.SUBMITTED, Step.ACCEPT): _S.ACCEPTED,
        (_S.SUBMITTED, Step.RETURN): _S.RETURNED,
        (_S.SUBMITTED, Step.REJECT): _S.REJECTED,
        (_S.ACCEPTED, Step.REVIEW): _S.APPROVED,
        (_S.ACCEPTED, Step.RETURN): _S.RETURNED,
        (_S.APPROVED, Step.EXECUTE): _S.EXECUTED,
    },
}
"""(state, step) → next state. What is not here cannot happen."""


def states_before(kind: FormKind, step: Step) -> frozenset[ApplicationState]:
    """The states from which a step is possible."""
    return frozenset(state for state, taken in TRANSITIONS[kind] if taken is step)


class Application(Base, Leaves, Edited):
    """A form: its number, whose it is, and where it stands. The state is a cache of its decisions."""

    __tablename__ = "application"

    number: Mapped[str] = mapped_column(unique=True, info=CLEAR)
    kind: Mapped[FormKind] = mapped_column(words(FormKind))
    state: Mapped[ApplicationState] = mapped_column(words(ApplicationState), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """The applicant's own unit."""
    revision_number: Mapped[int] = mapped_column(default=1)
    applicant_digest: Mapped[bytes] = mapped_column(info=CLEAR, index=True)
    """Keyed hash of the applicant's ID number in the revision in force: nobody handles one's own form."""
    applicant_name: Mapped[str]
    entered_at: Mapped[datetime]


@append_only
class Revision(Base, Leaves):
    """What the form said from a moment on; editing makes a new one, and so cancels the sign-offs of the old."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    content: Mapped[bytes]
    """The form as JSON, sealed with the field key."""
    content_hash: Mapped[str]
    """What the printed QR code carries."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who entered it; NULL only for the founders' own forms, when nobody had an account yet."""
    entered_at: Mapped[datetime]


@append_only
class SignOff(Base, Leaves):
    """A signature on paper, recorded: who signed which revision, when, with what opinion."""

    __tablename__ = "sign_off"
    __table_args__ = (
        UniqueConstraint("revision_id", "step"),
        CheckConstraint("step BETWEEN 1 AND 4", name="step"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    step: Mapped[int]
    """1 申请人确认, 2 申请人部门意见, 3 办公室意见, 4 用户管理部门受理意见."""
    signer: Mapped[str]
    """The name of who signed."""
    signed_on: Mapped[date]
    opinion: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    """Who recorded it."""
    recorded_at: Mapped[datetime]


@append_only
class Decision(Base, Leaves):
    """One move of a form, with its person, post and reason."""

    __tablename__ = "decision"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    revision_number: Mapped[int]
    step: Mapped[Step] = mapped_column(words(Step))
    before: Mapped[ApplicationState] = mapped_column(words(ApplicationState, "before"))
    after: Mapped[ApplicationState] = mapped_column(words(ApplicationState, "after"))
    reason: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    post: Mapped[Post | None] = mapped_column(words(Post))
    decided_at: Mapped[datetime]
