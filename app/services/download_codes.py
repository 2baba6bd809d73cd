"""Download codes (下载授权码): made for one request, known to its holder only, good once and for a week (§四; E3)."""

import hmac
from datetime import datetime, timedelta
from secrets import choice

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from app import codes
from app.errors import Denied
from app.models.accounts import Account
from app.models.certificates import CertificateRequest, DownloadCode
from app.services.operations import Kept, Work
from app.services.subjects import executed_form

LIFETIME = timedelta(days=7)
TRIES = 5
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I: the code is read out on the phone. 16 of them are 80 bits."""


def issue(work: Work, request: CertificateRequest) -> str:
    """A new code, in groups of four; an earlier one that nobody has used ends."""
    for earlier in work.session.scalars(_codes(request).where(DownloadCode.used_at.is_(None))):
        earlier.expires_at = work.now
    code = "".join(choice(_LETTERS) for _ in range(16))
    expires = work.now + LIFETIME
    work.add(
        DownloadCode(request_id=request.id, code_digest=_digest(work, code), issued_at=work.now, expires_at=expires)
    )
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))


def identify(work: Work, request: CertificateRequest, contact: str, code: str) -> DownloadCode:
    """Whether this is the holder: the reserved phone or e-mail, and the code in force. Returns the code's row.

    A wrong try is counted although it is refused; after five the code is dead. Denied `certificate.not_identified`,
    `certificate.code_dead`, `certificate.code_expired`: the first does not say which of the two was wrong.
    """
    current = work.session.scalars(_codes(request).limit(1)).first()
    if current is None:
        raise Denied("certificate.not_identified")
    if current.wrong_tries >= TRIES:
        raise Denied("certificate.code_dead")
    if current.used_at is None and current.expires_at <= work.now:
        raise Denied("certificate.code_expired")
    form = executed_form(work, work.session.get_one(Account, request.account_id))
    given = codes.normalise(contact).casefold().encode()
    known = [
        hmac.compare_digest(given, codes.normalise(kept).casefold().encode()) for kept in (form.mobile, form.email)
    ]
    if not (hmac.compare_digest(_digest(work, code), current.code_digest) & any(known)):
        current.wrong_tries += 1
        raise Kept(Denied("certificate.not_identified", tries=TRIES - current.wrong_tries))
    return current


def works(now: datetime) -> ColumnElement[bool]:
    """The requests whose newest code the holder can begin or go on with: `identify`'s rule, for lists."""
    later = aliased(DownloadCode)
    newest = ~select(later.id).where(later.request_id == DownloadCode.request_id, later.id > DownloadCode.id).exists()
    return (
        select(DownloadCode.id)
        .where(DownloadCode.request_id == CertificateRequest.id, newest, DownloadCode.wrong_tries < TRIES)
        .where(DownloadCode.used_at.is_not(None) | (DownloadCode.expires_at > now))
        .exists()
    )


def _digest(work: Work, code: str) -> bytes:
    """What is kept of a code."""
    return work.seals.digest("download-code", codes.normalise(code).replace("-", "").upper())


def _codes(request: CertificateRequest) -> Select[DownloadCode]:
    newest = DownloadCode.id.desc()
    return select(DownloadCode).where(DownloadCode.request_id == request.id).order_by(newest)
