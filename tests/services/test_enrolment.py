"""A certificate's way onto a token, cut everywhere: never a second key, never a lost certificate (E3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.ca.embedded import EmbeddedCA
from app.ca.protocol import CertificateAuthority, Issued, IssueRequest, IssueState
from app.demo.cast import HOLDER, PROVINCE, SCHOOL
from app.errors import Cancelled, Conflict, Denied, Invalid, Problem, Unavailable
from app.models.certificates import Certificate, Enrolment, EnrolmentStep, RequestState
from app.policy import Post
from app.services import audit, certificates, org
from app.services.enrolment import enrol
from app.services.journal import Download
from app.services.operations import Gate
from app.token.host import TokenHost
from app.token.types import KeyKind, ObjectKind
from tests.support.faulty import CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED, CKR_PIN_LOCKED, Faulty
from tests.support.offices import Office
from tests.support.softhsm import USER_PIN

pytestmark = pytest.mark.requirement("E3")


@dataclass
class Desk:
    """A holder's screen: an approved request with its code, a prepared token, an authority."""

    office: Office
    tokens: TokenHost
    authority: CertificateAuthority
    request: int
    download: Download

    def enrol(self, told: Callable[[EnrolmentStep], None] = lambda step: None, **changed: Any) -> EnrolmentStep:
        actor = self.office.actor(SCHOOL, Post.SYSTEM)
        download = replace(self.download, **changed)
        return enrol(Gate(self.office.context), actor, self.tokens, self.authority, self.request, download, told)

    def check(self) -> None:
        """Exactly one key pair and one holder's certificate on the token, the same as in the journal; the log holds."""
        with self.tokens.open(self.download.token_serial, USER_PIN) as session:
            objects = session.objects()
            on_token = dict(session.certificates())
        with self.office.context.database.reading() as reading:
            enrolment = reading.scalars(select(Enrolment)).one()
            certificate = reading.scalars(select(Certificate)).one()
        assert enrolment.step is EnrolmentStep.PROVED
        assert on_token[enrolment.uid] == certificate.der
        for kind in (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY):
            assert [thing.key_id for thing in objects if thing.kind is kind] == [enrolment.uid]
        found = [thing for thing in objects if thing.kind is ObjectKind.CERTIFICATE]
        assert len(found) == 3  # the holder's, the issuing authority's, the root's
        rows = self.office.gate.ask(self.office.actor(PROVINCE, Post.SYSTEM), certificates.listed)
        assert [row.state for row in rows] == [RequestState.CONFIRMED]
        assert self.office.gate.ask(self.office.actor(PROVINCE, Post.AUDITOR), audit.verify) == ()


def make_desk(office: Office, tokens: TokenHost, ca: CertificateAuthority, serial: str) -> Desk:
    office.clock.moment = datetime.now(UTC)
    request, code = office.with_code()
    return Desk(office, tokens, ca, request, Download(HOLDER.mobile, code, serial, USER_PIN, KeyKind.EC_P256))


@pytest.fixture
def desk(sqlite_office: Office, token_host: TokenHost, ca: EmbeddedCA, serial: str) -> Desk:
    """All is ready, the token is a good one."""
    return make_desk(sqlite_office, token_host, ca, serial)


@pytest.fixture
def faulty_desk(sqlite_office: Office, faulty_host: TokenHost, ca: EmbeddedCA, faulty_serial: str) -> Desk:
    """All is ready, the token misbehaves on demand."""
    return make_desk(sqlite_office, faulty_host, ca, faulty_serial)


@pytest.mark.parametrize("kind", KeyKind)
def test_a_certificate_comes_onto_the_token(
    office: Office, token_host: TokenHost, ca: EmbeddedCA, serial: str, kind: KeyKind
) -> None:
    desk = make_desk(office, token_host, ca, serial)
    steps: list[EnrolmentStep] = []
    assert desk.enrol(steps.append, kind=kind) is EnrolmentStep.PROVED
    assert steps == list(EnrolmentStep)
    desk.check()
    row = office.gate.ask(office.actor(SCHOOL, Post.SECURITY), certificates.issued, desk.request)
    assert row is not None
    subject = x509.load_der_x509_certificate(row.der).subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == HOLDER.name
    assert HOLDER.id_number not in row.subject
    with office.context.database.writing("test") as session, pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("DELETE FROM certificate"))


@pytest.mark.parametrize("step", EnrolmentStep)
def test_cut_after_any_step_it_goes_on(desk: Desk, step: EnrolmentStep) -> None:
    def cut(done: EnrolmentStep) -> None:
        if done is step:
            raise Cancelled("command.interrupted")

    with pytest.raises(Cancelled):
        desk.enrol(cut)
    if step is EnrolmentStep.PROVED:
        desk.check()
        with pytest.raises(Conflict, match=r"gate\.wrong_state"):
            desk.enrol()
        return
    steps: list[EnrolmentStep] = []
    desk.enrol(steps.append)
    assert EnrolmentStep.PROVED in steps
    desk.check()


class Killed(BaseException):
    """As a kill would: nothing after it runs."""


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("name", ["begin", "record-key", "record-issued", "record-written", "record-proved"])
def test_killed_at_any_commit_it_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, after: bool) -> None:
    done = Gate.do
    dead = False

    def do(gate: Gate, actor: Any, op: Any, target: int, /, *args: Any) -> Any:
        nonlocal dead
        if dead:
            raise Killed
        dead = op.name == f"enrolment.{name}"
        if dead and not after:
            raise Killed
        result = done(gate, actor, op, target, *args)
        if dead:
            raise Killed
        return result

    with monkeypatch.context() as patch:
        patch.setattr(Gate, "do", do)
        with pytest.raises(Killed):
            desk.enrol()
    # the next process has another name, and so the lease of the dead one is void
    desk.office.context = replace(desk.office.context, instance="another")
    if name == "record-proved" and after:
        desk.check()
        return
    desk.enrol()
    desk.check()


@pytest.mark.parametrize(
    "effect", [f"return {CKR_DEVICE_REMOVED:#x}", "crash", "crash-after", f"after {CKR_DEVICE_REMOVED:#x}"]
)
@pytest.mark.parametrize(
    "call", ["C_GenerateKeyPair 1", "C_CreateObject 1", "C_CreateObject 2", "C_CreateObject 3", "C_Sign 1", "C_Sign 2"]
)
def test_a_token_pulled_or_crashed_in_any_call_is_gone_on_with(
    faulty_desk: Desk, faulty: Faulty, call: str, effect: str
) -> None:
    faulty.set(f"{call} {effect}")
    with pytest.raises(Unavailable):
        faulty_desk.enrol()
    assert faulty.fired() == 1
    faulty_desk.enrol()
    faulty_desk.check()


def test_a_full_token_says_so_and_nothing_is_lost(faulty_desk: Desk, faulty: Faulty) -> None:
    faulty.set(f"C_CreateObject 0 return {CKR_DEVICE_MEMORY:#x}")
    with pytest.raises(Unavailable, match=r"token\.full"):
        faulty_desk.enrol()
    faulty.set()
    faulty_desk.enrol()
    faulty_desk.check()


def test_a_wrong_pin_is_sent_once_and_the_work_goes_on_with_the_right_one(faulty_desk: Desk, faulty: Faulty) -> None:
    faulty.forget_calls()
    with pytest.raises(Invalid, match=r"token\.pin_wrong"):
        faulty_desk.enrol(pin="000000")
    assert faulty.calls("C_Login") == 1
    faulty_desk.enrol()
    faulty_desk.check()


def test_a_locked_pin_is_said_and_the_enrolment_waits(faulty_desk: Desk, faulty: Faulty) -> None:
    faulty.set(f"C_Login 1 return {CKR_PIN_LOCKED:#x}")
    with pytest.raises(Conflict, match=r"token\.pin_locked"):
        faulty_desk.enrol()
    faulty.set()
    faulty_desk.enrol()
    faulty_desk.check()


class Silent:
    """An authority that is not heard at one of its calls."""

    def __init__(self, authority: EmbeddedCA, call: str, answered: bool) -> None:
        self._authority, self._call, self._answered = authority, call, answered

    def submit(self, request: IssueRequest) -> None:
        self._silent("submit", lambda: self._authority.submit(request))
        self._authority.submit(request)

    def poll(self, reference: str) -> IssueState:
        self._silent("poll", lambda: None)
        return self._authority.poll(reference)

    def fetch(self, reference: str) -> Issued:
        self._silent("fetch", lambda: None)
        return self._authority.fetch(reference)

    def _silent(self, call: str, act: Callable[[], None]) -> None:
        if call == self._call:
            if self._answered:
                act()
            raise Unavailable("ca.silent")


@pytest.mark.requirement("E6")
@pytest.mark.parametrize(("call", "answered"), [("submit", False), ("submit", True), ("poll", False), ("fetch", False)])
def test_a_silent_authority_is_asked_again_and_gives_one_certificate(
    desk: Desk, ca: EmbeddedCA, call: str, answered: bool
) -> None:
    desk.authority = Silent(ca, call, answered)
    with pytest.raises(Unavailable, match=r"ca\.silent"):
        desk.enrol()
    desk.authority = ca
    desk.enrol()
    desk.check()


class Slow(Silent):
    """An authority whose people look at each request first."""

    def poll(self, reference: str) -> IssueState:
        return IssueState.PENDING


@pytest.mark.requirement("E6")
def test_an_authority_that_answers_later_is_waited_for(desk: Desk, ca: EmbeddedCA) -> None:
    desk.authority = Slow(ca, "", answered=False)
    assert desk.enrol() is EnrolmentStep.KEY
    desk.authority = ca
    assert desk.enrol() is EnrolmentStep.PROVED
    desk.check()


class Wrong(Silent):
    """An authority that mixes its customers up."""

    def submit(self, request: IssueRequest) -> None:
        return

    def poll(self, reference: str) -> IssueState:
        return IssueState.ISSUED

    def fetch(self, reference: str) -> Issued:
        return Issued(self.other, ())

    other = b""


@pytest.mark.requirement("E6")
def test_a_certificate_for_another_key_is_not_written(desk: Desk, ca: EmbeddedCA) -> None:
    wrong = Wrong(ca, "", answered=False)
    wrong.other = x509.load_pem_x509_certificate(ca.root_pem).public_bytes(encoding=_der())
    desk.authority = wrong
    with pytest.raises(Conflict, match=r"enrolment\.wrong_certificate"):
        desk.enrol()
    desk.authority = ca
    desk.enrol()
    desk.check()


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def test_a_full_database_disk_stops_before_the_next_act(desk: Desk) -> None:
    def fill(step: EnrolmentStep) -> None:
        if step is EnrolmentStep.KEY:
            with desk.office.context.database.writing("test") as session:
                session.execute(text("PRAGMA max_page_count = 1"))

    with pytest.raises(Unavailable, match=r"database\.full"):
        desk.enrol(fill)
    with desk.office.context.database.writing("test") as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
    desk.office.context = replace(desk.office.context, instance="another")
    desk.enrol()
    desk.check()


def test_a_token_with_other_keys_is_not_touched(desk: Desk) -> None:
    with desk.tokens.open(desk.download.token_serial, USER_PIN) as session:
        session.generate(b"x" * 16, KeyKind.EC_P256, "somebody else's")
        before = set(session.objects())
    with pytest.raises(Conflict, match=r"enrolment\.not_blank"):
        desk.enrol()
    with desk.tokens.open(desk.download.token_serial, USER_PIN) as session:
        assert set(session.objects()) == before


def test_a_key_that_went_away_is_not_replaced_in_silence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(step: EnrolmentStep) -> None:
        if step is EnrolmentStep.KEY:
            raise Cancelled("command.interrupted")

    with pytest.raises(Cancelled):
        desk.enrol(cut)
    monkeypatch.setattr("app.token.session.TokenSession.find_public", lambda *_: None)
    with pytest.raises(Conflict, match=r"enrolment\.key_gone"):
        desk.enrol()


def test_no_token_no_harm(desk: Desk) -> None:
    with pytest.raises(Unavailable, match=r"token\.absent"):
        desk.enrol(token_serial="not there")
    desk.enrol()
    desk.check()


def test_the_wrong_phone_never_reaches_the_token(faulty_desk: Desk, faulty: Faulty) -> None:
    faulty.forget_calls()
    with pytest.raises(Denied, match=r"not_identified"):
        faulty_desk.enrol(contact="13900000000")
    assert faulty.calls("C_Login") == 0


def test_a_used_code_is_of_no_use_again(desk: Desk) -> None:
    desk.enrol()
    with pytest.raises(Problem, match=r"gate\.wrong_state"):
        desk.enrol()
    desk.check()


def test_a_lost_code_is_no_dead_end_after_the_key_is_made(desk: Desk) -> None:
    def cut(step: EnrolmentStep) -> None:
        if step is EnrolmentStep.KEY:
            raise Cancelled("command.interrupted")

    with pytest.raises(Cancelled):
        desk.enrol(cut)
    security = desk.office.actor(SCHOOL, Post.SECURITY)
    code = desk.office.gate.do(security, certificates.issue_code, desk.request)
    desk.enrol(code=code)
    desk.check()


def test_a_unit_renamed_while_the_authority_has_already_answered(desk: Desk, ca: EmbeddedCA) -> None:
    desk.authority = Silent(ca, "fetch", answered=False)
    with pytest.raises(Unavailable, match=r"ca\.silent"):
        desk.enrol()
    desk.authority = ca
    office = desk.office
    clerk = office.actor(PROVINCE, Post.SYSTEM)
    office.gate.do(clerk, org.rename, office.units[SCHOOL], "改名后的小学", office.clock().date(), "并校")
    desk.enrol()
    desk.check()
