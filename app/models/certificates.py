"""Certificate requests, download codes, enrolments and certificates (§二.5, §四; E1, E3)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CLEAR, Base, Edited, Leaves, append_only, new_uid, words
from app.policy import Post
from app.words import N_


class RequestState(StrEnum):
    """Where a certificate request stands."""

    REQUESTED = "requested"
    FORWARDED = "forwarded"
    PROVINCE_APPROVED = "province-approved"
    CODE_ISSUED = "code-issued"
    KEY_GENERATED = "key-generated"
    ISSUED = "issued"
    WRITTEN = "written"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REJECTED = "rejected"


REQUEST_STATE_NAMES: Mapping[RequestState, str] = {
    RequestState.REQUESTED: N_("已申请"),
    RequestState.FORWARDED: N_("转报中"),
    RequestState.PROVINCE_APPROVED: N_("省级已通过"),
    RequestState.CODE_ISSUED: N_("已发下载授权码"),
    RequestState.KEY_GENERATED: N_("密钥已生成"),
    RequestState.ISSUED: N_("证书已签发"),
    RequestState.WRITTEN: N_("证书已写入"),
    RequestState.CONFIRMED: N_("已完成"),
    RequestState.RETURNED: N_("已退回"),
    RequestState.REJECTED: N_("不予通过"),
}


class RequestStep(StrEnum):
    """What moves a certificate request."""

    FORWARD = "forward"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    REFILE = "refile"
    ISSUE_CODE = "issue-code"
    GENERATE = "generate"
    ISSUE = "issue"
    WRITE = "write"
    PROVE = "prove"


_S = RequestState
REQUEST_TRANSITIONS: Mapping[tuple[RequestState, RequestStep], RequestState] = {
    (_S.REQUESTED, RequestStep.FORWARD): _S.FORWARDED,
    (_S.FORWARDED, RequestStep.FORWARD): _S.FORWARDED,
    (_S.REQUESTED, RequestStep.APPROVE): _S.PROVINCE_APPROVED,
    (_S.FORWARDED, RequestStep.APPROVE): _S.PROVINCE_APPROVED,
    (_S.REQUESTED, RequestStep.RETURN): _S.RETURNED,
    (_S.FORWARDED, RequestStep.RETURN): _S.RETURNED,
    (_S.REQUESTED, RequestStep.REJECT): _S.REJECTED,
    (_S.FORWARDED, RequestStep.REJECT): _S.REJECTED,
    (_S.RETURNED, RequestStep.REFILE): _S.REQUESTED,
    (_S.PROVINCE_APPROVED, RequestStep.ISSUE_CODE): _S.CODE_ISSUED,
    (_S.CODE_ISSUED, RequestStep.ISSUE_CODE): _S.CODE_ISSUED,
    (_S.KEY_GENERATED, RequestStep.ISSUE_CODE): _S.KEY_GENERATED,
    (_S.ISSUED, RequestStep.ISSUE_CODE): _S.ISSUED,
    (_S.WRITTEN, RequestStep.ISSUE_CODE): _S.WRITTEN,
    (_S.CODE_ISSUED, RequestStep.GENERATE): _S.KEY_GENERATED,
    (_S.KEY_GENERATED, RequestStep.ISSUE): _S.ISSUED,
    (_S.ISSUED, RequestStep.WRITE): _S.WRITTEN,
    (_S.WRITTEN, RequestStep.PROVE): _S.CONFIRMED,
}
"""(state, step) → next state. What is not here cannot happen."""


def request_states_before(step: RequestStep) -> frozenset[RequestState]:
    """The states from which a step is possible."""
    return frozenset(state for state, taken in REQUEST_TRANSITIONS if taken is step)


class CertificateRequest(Base, Leaves, Edited):
    """A business account's request for a certificate. The state is a cache of its steps."""

    __tablename__ = "certificate_request"
    __table_args__ = (
        Index(
            "uq_certificate_request_living",
            "account_id",
            unique=True,
            sqlite_where=text("state NOT IN ('rejected', 'confirmed')"),
            postgresql_where=text("state NOT IN ('rejected', 'confirmed')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True, info=CLEAR)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """The holder's unit."""
    desk_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """The unit on whose desk it lies."""
    holder_digest: Mapped[bytes] = mapped_column(info=CLEAR)
    """Keyed hash of the holder's ID number: nobody handles one's own request."""
    state: Mapped[RequestState] = mapped_column(words(RequestState), default=RequestState.REQUESTED, index=True)
    filed_at: Mapped[datetime]


@append_only
class RequestMove(Base, Leaves):
    """One move of a request, with its person, post, unit and reason."""

    __tablename__ = "request_move"

    request_id: Mapped[int] = mapped_column(ForeignKey("certificate_request.id"), index=True)
    step: Mapped[RequestStep] = mapped_column(words(RequestStep))
    before: Mapped[RequestState] = mapped_column(words(RequestState, "before"))
    after: Mapped[RequestState] = mapped_column(words(RequestState, "after"))
    reason: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    post: Mapped[Post | None] = mapped_column(words(Post))
    moved_at: Mapped[datetime]


class DownloadCode(Base):
    """A download code (下载授权码): one use, expiring, only its keyed hash kept."""

    __tablename__ = "download_code"

    request_id: Mapped[int] = mapped_column(ForeignKey("certificate_request.id"), index=True)
    code_digest: Mapped[bytes] = mapped_column(info=CLEAR)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    """When an enrolment began with it. That enrolment, and no other, may go on with the same code."""


class EnrolmentStep(StrEnum):
    """How far the journal of an enrolment has come; each is written after the act that it names."""

    INTENDED = "intended"
    KEY = "key"
    ISSUED = "issued"
    WRITTEN = "written"
    PROVED = "proved"


class Enrolment(Base):
    """The journal of one certificate's way onto one token. `uid` is the CKA_ID of its key pair and certificate."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_open",
            "request_id",
            unique=True,
            sqlite_where=text("step <> 'proved'"),
            postgresql_where=text("step <> 'proved'"),
        ),
    )

    uid: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True, default=new_uid, info=CLEAR)
    request_id: Mapped[int] = mapped_column(ForeignKey("certificate_request.id"), index=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("download_code.id"), unique=True)
    token_serial: Mapped[str] = mapped_column(info=CLEAR)
    key_kind: Mapped[str] = mapped_column(info=CLEAR)
    step: Mapped[EnrolmentStep] = mapped_column(words(EnrolmentStep), default=EnrolmentStep.INTENDED)
    public_key: Mapped[bytes | None] = mapped_column(info=CLEAR)
    """SubjectPublicKeyInfo, DER."""
    leased_to: Mapped[str] = mapped_column(default="", info=CLEAR)
    """Which run of which process is at work on it, so that two windows can't make two keys."""
    leased_until: Mapped[datetime | None]
    begun_at: Mapped[datetime]


@append_only
class Certificate(Base, Leaves):
    """A certificate that was issued."""

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("issuer", "serial"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("certificate_request.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    issuer: Mapped[str] = mapped_column(info=CLEAR)
    """RFC 4514."""
    serial: Mapped[str] = mapped_column(info=CLEAR)
    """Serial number, lower-case hex."""
    subject: Mapped[str]
    """RFC 4514."""
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    der: Mapped[bytes]
    chain: Mapped[bytes] = mapped_column(info=CLEAR)
    """The issuing CA's certificate and the root's, PEM."""
