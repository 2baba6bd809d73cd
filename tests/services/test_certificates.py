"""Certificate requests: filed, forwarded, audited, released by a code that one person can use once (§二.5; E1, E3)."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from app.demo.cast import CITY, COUNTY, HOLDER, PROVINCE, SCHOOL
from app.errors import Conflict, Denied, Invalid
from app.forms.annex4 import UserType
from app.models.certificates import (
    REQUEST_TRANSITIONS,
    CertificateRequest,
    DownloadCode,
    RequestMove,
    RequestState,
    RequestStep,
)
from app.policy import Post
from app.services import business, certificates, journal
from app.services.download_codes import TRIES
from app.services.journal import LEASE, Download
from tests.support.offices import Office

pytestmark = pytest.mark.requirement("E1")


def state(office: Office, request: int) -> RequestState:
    rows = office.gate.ask(office.actor(PROVINCE, Post.SYSTEM), certificates.listed)
    return next(row.state for row in rows if row.id == request)


def begin(office: Office, request: int, contact: str, code: str, serial: str = "s1") -> journal.Ticket:
    download = Download(contact, code, serial, "123456")
    return office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.begin, request, download, "run")


def test_a_request_goes_up_through_county_and_city_to_the_province(office: Office) -> None:
    request = office.filed()
    desks = []
    for unit in (COUNTY, CITY):
        clerk = office.actor(unit, Post.SYSTEM)
        desks.append(office.gate.waiting(clerk, certificates.forward))
        office.gate.do(clerk, certificates.forward, request)
    assert desks == [[request], [request]]
    assert office.gate.waiting(office.actor(PROVINCE, Post.SECURITY), certificates.approve) == [request]
    assert office.gate.waiting(office.actor(PROVINCE, Post.SYSTEM), certificates.forward) == []
    assert state(office, request) is RequestState.FORWARDED


def test_no_request_before_the_form_is_executed(office: Office) -> None:
    account = office.gate.do(office.actor(SCHOOL, Post.SYSTEM), business.create, office.accepted(), "wang")
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), certificates.file, account)


def test_one_account_has_one_request(office: Office) -> None:
    account = office.granted()
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    office.gate.do(clerk, certificates.file, account)
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, certificates.file, account)


def test_who_did_not_ask_for_a_certificate_gets_none(office: Office) -> None:
    form = replace(HOLDER, user_types=frozenset({UserType.INQUIRER}), wants_certificate=False)
    account, clerk = office.granted(form), office.actor(SCHOOL, Post.SYSTEM)
    assert office.gate.waiting(clerk, certificates.file) == []
    assert office.gate.may(clerk, certificates.file, [account]) == set()
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, certificates.file, account)


def test_a_returned_request_goes_round_again(office: Office) -> None:
    request = office.at_province()
    auditor = office.actor(PROVINCE, Post.SECURITY)
    with pytest.raises(Invalid, match=r"application\.reason_missing"):
        office.gate.do(auditor, certificates.send_back, request, " ")
    office.gate.do(auditor, certificates.send_back, request, "照片不清")
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), certificates.refile, request)
    assert office.gate.waiting(office.actor(COUNTY, Post.SYSTEM), certificates.forward) == [request]


def test_a_rejected_request_stays_so(office: Office) -> None:
    request = office.at_province()
    auditor = office.actor(PROVINCE, Post.SECURITY)
    office.gate.do(auditor, certificates.reject, request, "不是本校人员")
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(auditor, certificates.approve, request)


def test_the_state_is_what_the_moves_say(office: Office) -> None:
    request, _ = office.with_code()
    with office.context.database.reading() as session:
        moves = session.scalars(select(RequestMove).where(RequestMove.request_id == request)).all()
        assert moves[0].before is RequestState.REQUESTED
        for earlier, later in pairwise(moves):
            assert earlier.after is later.before
        assert session.get_one(CertificateRequest, request).state is moves[-1].after
        assert [move.unit_id for move in moves] == [office.units[unit] for unit in (COUNTY, CITY, PROVINCE, SCHOOL)]
    assert all(REQUEST_TRANSITIONS[move.before, move.step] is move.after for move in moves)


def test_the_history_names_the_desks_that_a_request_came_through(office: Office) -> None:
    request = office.at_province()
    office.gate.do(office.actor(PROVINCE, Post.SECURITY), certificates.send_back, request, "照片不清")
    rows = office.gate.ask(office.actor(SCHOOL, Post.SECURITY), certificates.history, request)
    assert [(row.unit_name, row.name, row.reason) for row in rows] == [
        (COUNTY, "刘洋", ""),
        (CITY, "王海涛", ""),
        (PROVINCE, "李敏", "照片不清"),
    ]
    assert rows[-1].after is RequestState.RETURNED


def test_every_step_leads_somewhere_and_every_state_is_reached() -> None:
    assert {step for _, step in REQUEST_TRANSITIONS} == set(RequestStep)
    assert {*REQUEST_TRANSITIONS.values()} == set(RequestState)


@pytest.mark.requirement("E3")
def test_no_code_before_the_province_has_approved(office: Office) -> None:
    request = office.at_province()
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(office.actor(SCHOOL, Post.SECURITY), certificates.issue_code, request)


@pytest.mark.requirement("E3")
def test_the_code_itself_is_not_kept(office: Office) -> None:
    _, code = office.with_code()
    with office.context.database.reading() as session:
        kept = session.scalars(select(DownloadCode)).one()
    assert code.replace("-", "").encode() not in kept.code_digest
    assert len(kept.code_digest) == 32


@pytest.mark.requirement("E3")
@pytest.mark.parametrize("contact", [HOLDER.mobile, HOLDER.email, " 139 0431 0010 ", "WangYun@Example.com"])
def test_the_holder_is_known_by_phone_or_mail_and_code(office: Office, contact: str) -> None:
    request, code = office.with_code()
    ticket = begin(office, request, contact, code.lower())
    assert ticket.subject.common_name == HOLDER.name
    assert (ticket.subject.province, ticket.subject.locality) == ("吉林省", "长春市")
    assert HOLDER.id_number not in str(ticket)


@pytest.mark.requirement("E3")
def test_wrong_tries_are_counted_and_kill_the_code(office: Office) -> None:
    request, code = office.with_code()
    for left in range(TRIES - 1, -1, -1):
        with pytest.raises(Denied, match=r"not_identified") as refused:
            begin(office, request, "13900000000", code)
        assert refused.value.data["tries"] == left
    with pytest.raises(Denied, match=r"certificate\.code_dead"):
        begin(office, request, HOLDER.mobile, code)
    again = office.gate.do(office.actor(SCHOOL, Post.SECURITY), certificates.issue_code, request)
    begin(office, request, HOLDER.mobile, again)


@pytest.mark.requirement("E3")
def test_a_wrong_code_and_a_wrong_phone_look_the_same(office: Office) -> None:
    request, code = office.with_code()
    with pytest.raises(Denied) as wrong_code:
        begin(office, request, HOLDER.mobile, "2222-2222-2222-2222")
    with pytest.raises(Denied) as wrong_phone:
        begin(office, request, "13900000000", code)
    assert wrong_code.value.reason == wrong_phone.value.reason


@pytest.mark.requirement("E3")
def test_a_code_expires_and_a_new_one_ends_the_old(office: Office) -> None:
    request, old = office.with_code()
    office.clock.forward(days=8)
    with pytest.raises(Denied, match=r"certificate\.code_expired"):
        begin(office, request, HOLDER.mobile, old)
    new = office.gate.do(office.actor(SCHOOL, Post.SECURITY), certificates.issue_code, request)
    with pytest.raises(Denied, match=r"not_identified"):
        begin(office, request, HOLDER.mobile, old)
    begin(office, request, HOLDER.mobile, new)


@pytest.mark.requirement("E3")
def test_two_windows_do_not_work_on_one_request(office: Office) -> None:
    request, code = office.with_code()
    begin(office, request, HOLDER.mobile, code)
    with pytest.raises(Conflict, match=r"enrolment\.busy"):
        begin(office, request, HOLDER.mobile, code)
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    with pytest.raises(Conflict, match=r"enrolment\.lease_lost"):
        office.gate.do(clerk, journal.record_key, request, "another run", b"key")
    office.gate.do(clerk, journal.release, request, "run")
    begin(office, request, HOLDER.mobile, code)


@pytest.mark.requirement("E3")
def test_what_was_begun_goes_on_on_the_same_token(office: Office) -> None:
    request, code = office.with_code()
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    first = begin(office, request, HOLDER.mobile, code)
    office.gate.do(clerk, journal.record_key, request, "run", b"key")
    office.gate.do(clerk, journal.release, request, "run")
    with pytest.raises(Conflict, match=r"enrolment\.other_token"):
        begin(office, request, HOLDER.mobile, code, serial="s2")
    again = begin(office, request, HOLDER.mobile, code)
    assert (again.key_id, again.public_key) == (first.key_id, b"key")


@pytest.mark.requirement("E3")
def test_a_broken_blank_token_can_be_changed_with_a_new_code(office: Office) -> None:
    """Nothing was made on the first one yet: the key pair has no outcome in the journal."""
    request, code = office.with_code()
    begin(office, request, HOLDER.mobile, code)
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.release, request, "run")
    new = office.gate.do(office.actor(SCHOOL, Post.SECURITY), certificates.issue_code, request)
    begin(office, request, HOLDER.mobile, new, serial="s2")


def in_another_process(office: Office) -> Office:
    """The same office, as another run of the program has it open."""
    return replace(office, context=replace(office.context, instance="another"))


@pytest.mark.requirement("E3")
@pytest.mark.requirement("H2")
@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_lease_of_another_process_counts_until_it_runs_out(office: Office) -> None:
    request, code = office.with_code()
    begin(office, request, HOLDER.mobile, code)
    other = in_another_process(office)
    for span in (timedelta(), LEASE - timedelta(seconds=1)):
        office.clock.moment += span
        with pytest.raises(Conflict, match=r"enrolment\.busy"):
            begin(other, request, HOLDER.mobile, code)
    office.clock.forward(seconds=1)
    begin(other, request, HOLDER.mobile, code)
    with pytest.raises(Conflict, match=r"enrolment\.lease_lost"):
        office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.record_key, request, "run", b"key")


@pytest.mark.requirement("E3")
def test_where_there_can_be_one_process_only_another_one_s_lease_is_void(sqlite_office: Office) -> None:
    """It was killed; nobody has to wait for it."""
    request, code = sqlite_office.with_code()
    begin(sqlite_office, request, HOLDER.mobile, code)
    begin(in_another_process(sqlite_office), request, HOLDER.mobile, code)


@pytest.mark.requirement("E3")
def test_each_outcome_renews_the_lease(office: Office) -> None:
    request, code = office.with_code()
    begin(office, request, HOLDER.mobile, code)
    office.clock.moment += LEASE - timedelta(seconds=1)
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.record_key, request, "run", b"key")
    office.clock.moment += LEASE - timedelta(seconds=1)
    with pytest.raises(Conflict, match=r"enrolment\.busy"):
        begin(office, request, HOLDER.mobile, code)


@pytest.mark.requirement("E3")
def test_who_lets_go_of_another_run_s_lease_changes_nothing(office: Office) -> None:
    request, code = office.with_code()
    begin(office, request, HOLDER.mobile, code)
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.release, request, "another run")
    with pytest.raises(Conflict, match=r"enrolment\.busy"):
        begin(office, request, HOLDER.mobile, code)
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.record_key, request, "run", b"key")


@pytest.mark.requirement("E3")
def test_a_code_that_was_used_in_time_goes_on_after_its_week(office: Office) -> None:
    request, code = office.with_code()
    first = office.clock()
    begin(office, request, HOLDER.mobile, code)
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), journal.release, request, "run")
    office.clock.forward(days=8)
    begin(office, request, HOLDER.mobile, code)
    with office.context.database.reading() as session:
        kept = session.scalars(select(DownloadCode)).one()
    assert (kept.used_at, kept.expires_at < office.clock()) == (first, True)
