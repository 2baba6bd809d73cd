"""实名制申请单 (附件4): its way from draft to accepted, and the four sign-offs (C1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.demo.cast import ADMINISTRATORS, HOLDER, SCHOOL, SIGNERS
from app.errors import Conflict, Denied, Invalid, Problem
from app.forms.annex4 import Signature, SignStep
from app.models.applications import TRANSITIONS, Application, ApplicationState, Decision, FormKind, Revision, Step
from app.models.audit import AuditEvent
from app.policy import Post
from app.services import applications, records
from app.services.applications import Opened
from app.services.decisions import DecisionRow
from tests.support.offices import TODAY, Office

pytestmark = pytest.mark.requirement("C1")
MASKED = replace(
    HOLDER,
    id_number="2****************8",
    office_phone="043****1234",
    email="w***@example.com",
    mobile="139****0010",
)
FIRST_THREE = list(zip(list(SignStep)[:3], SIGNERS[:3], strict=True))


def clerk_do(office: Office, operation: object, form: int, *args: object) -> object:
    return office.gate.do(office.actor(SCHOOL, Post.SYSTEM), operation, form, *args)  # type: ignore[arg-type]


def opened(office: Office, form: int) -> Opened:
    return office.gate.ask(office.actor(SCHOOL, Post.SYSTEM), applications.opened, form)


def sign(office: Office, form: int, step: SignStep, signer: str, day: object = TODAY) -> None:
    revision = opened(office, form).row.revision_number
    clerk_do(office, applications.sign, form, step, Signature(signer, day), revision)  # type: ignore[arg-type]


def test_a_form_goes_all_the_way(office: Office) -> None:
    form = office.accepted()
    shown = opened(office, form)
    assert shown.row.state is ApplicationState.ACCEPTED
    assert shown.row.number == "YW-2026-000001"
    assert [signature.signer for signature in shown.signatures.values()] == list(SIGNERS)
    assert shown.form == MASKED


def test_the_second_form_has_the_next_number(office: Office) -> None:
    office.entered()
    other = replace(HOLDER, name="李四", id_number=ADMINISTRATORS[-1].id_number)
    assert opened(office, office.entered(other)).row.number == "YW-2026-000002"


def test_a_form_with_faults_is_refused_with_each_fault_at_its_field(office: Office) -> None:
    with pytest.raises(Invalid, match=r"form\.refused") as refused:
        office.entered(replace(HOLDER, id_number="220122199003074612", mobile="1390431001", school_type=""))
    assert {problem.field for problem in refused.value.problems} == {"id_number", "mobile", "school_type"}


def test_a_form_of_another_unit_is_refused(office: Office) -> None:
    with pytest.raises(Invalid, match=r"form\.other_unit"):
        office.entered(replace(HOLDER, unit_name="长春市教育局"))


@pytest.mark.parametrize("wrong", [(2,), (3,), (1, 3), (1, 1), (1, 2, 2), (1, 2, 1)], ids=str)
def test_sign_offs_out_of_order_repeated_or_skipped_are_refused(office: Office, wrong: tuple[int, ...]) -> None:
    form = office.entered()
    clerk_do(office, applications.mark_printed, form)
    *before, last = wrong
    for step in before:
        sign(office, form, SignStep(step), SIGNERS[step - 1])
    with pytest.raises(Conflict, match=r"application\.(out_of_order|signed_already)"):
        sign(office, form, SignStep(last), SIGNERS[last - 1])
    assert len(opened(office, form).signatures) == len(before)


def test_the_fourth_sign_off_is_the_acceptance_itself(office: Office) -> None:
    form = office.signed()
    with pytest.raises(Conflict, match=r"acceptance_is_own_step"):
        sign(office, form, SignStep.ACCEPTANCE, SIGNERS[3])


def test_a_form_lacking_a_sign_off_is_not_submitted(office: Office) -> None:
    form = office.entered()
    clerk_do(office, applications.mark_printed, form)
    for step, signer in FIRST_THREE[:2]:
        sign(office, form, step, signer)
    with pytest.raises(Conflict, match=r"application\.not_signed") as refused:
        clerk_do(office, applications.submit, form)
    assert refused.value.data["step"] == 3


def test_only_paper_is_signed(office: Office) -> None:
    form = office.entered()
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        sign(office, form, SignStep.APPLICANT, HOLDER.name)


def test_the_applicant_signs_first_and_nowhere_else(office: Office) -> None:
    form = office.entered()
    clerk_do(office, applications.mark_printed, form)
    with pytest.raises(Conflict, match=r"wrong_signer"):
        sign(office, form, SignStep.APPLICANT, "别人")
    sign(office, form, SignStep.APPLICANT, HOLDER.name)
    with pytest.raises(Conflict, match=r"wrong_signer"):
        sign(office, form, SignStep.DEPARTMENT, HOLDER.name)
    with pytest.raises(Invalid, match=r"signer_missing"):
        sign(office, form, SignStep.DEPARTMENT, "  ")


@pytest.mark.parametrize("again", [SIGNERS[1], f" {SIGNERS[1][0]}　{SIGNERS[1][1:]} "])
def test_nobody_signs_two_of_the_four_steps(office: Office, again: str) -> None:
    form = office.entered()
    clerk_do(office, applications.mark_printed, form)
    for step, signer in FIRST_THREE[:2]:
        sign(office, form, step, signer)
    with pytest.raises(Conflict, match=r"application\.signer_twice"):
        sign(office, form, SignStep.OFFICE, again)
    sign(office, form, *FIRST_THREE[2])
    clerk_do(office, applications.submit, form)
    with pytest.raises(Conflict, match=r"application\.signer_twice"):
        clerk_do(office, applications.accept, form, Signature(again, TODAY), 1)
    assert opened(office, form).row.state is ApplicationState.SUBMITTED


def test_signatures_are_dated_in_order_and_not_ahead(office: Office) -> None:
    form = office.entered()
    clerk_do(office, applications.mark_printed, form)
    with pytest.raises(Invalid, match=r"signed_in_future"):
        sign(office, form, SignStep.APPLICANT, HOLDER.name, TODAY + timedelta(days=1))
    sign(office, form, SignStep.APPLICANT, HOLDER.name)
    with pytest.raises(Invalid, match=r"signed_before_previous"):
        sign(office, form, SignStep.DEPARTMENT, SIGNERS[1], TODAY - timedelta(days=1))


@pytest.mark.parametrize("changed", [{"remarks": "补充"}, {"mobile": "13904310011"}, {"name": "王云"}], ids=str)
@pytest.mark.parametrize("submitted", [False, True])
def test_editing_a_field_cancels_all_sign_offs(office: Office, changed: dict[str, Any], submitted: bool) -> None:
    form = office.signed()
    if submitted:
        clerk_do(office, applications.submit, form)
    clerk_do(office, applications.edit, form, replace(HOLDER, **changed), 1)
    shown = opened(office, form)
    assert (shown.row.state, shown.row.revision_number, shown.signatures) == (ApplicationState.DRAFT, 2, {})
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        clerk_do(office, applications.submit, form)


def test_saving_the_same_content_cancels_nothing(office: Office) -> None:
    form = office.signed()
    clerk_do(office, applications.edit, form, replace(HOLDER, name=f" {HOLDER.name} "), 1)
    shown = opened(office, form)
    assert (shown.row.state, len(shown.signatures)) == (ApplicationState.PRINTED, 3)


def test_who_did_not_see_the_newest_revision_is_stopped(office: Office) -> None:
    """Two clerks at one form: the second neither overwrites the first, nor signs or accepts what is no longer said."""
    form = office.signed()
    late = replace(HOLDER, remarks="后来的人")
    clerk_do(office, applications.edit, form, replace(HOLDER, remarks="先来的人"), 1)
    stopped(office, form, applications.edit, late)
    clerk_do(office, applications.mark_printed, form)
    stopped(office, form, applications.sign, SignStep.APPLICANT, Signature(HOLDER.name, TODAY))
    for step, signer in FIRST_THREE:
        sign(office, form, step, signer)
    clerk_do(office, applications.submit, form)
    stopped(office, form, applications.accept, Signature(SIGNERS[3], TODAY))


def stopped(office: Office, form: int, operation: object, *args: object) -> None:
    """Who works from the first revision is told that 陈静 has made another, and nothing happens."""
    before = opened(office, form)
    with pytest.raises(Conflict, match=r"application\.changed_meanwhile") as refused:
        clerk_do(office, operation, form, *args, 1)
    assert refused.value.data == {"name": "陈静"}
    assert opened(office, form) == before


def test_the_history_says_who_returned_a_form_and_why(office: Office) -> None:
    form = office.signed()
    clerk_do(office, applications.submit, form)
    office.clock.forward(days=1)
    clerk_do(office, applications.send_back, form, "缺公章")
    rows = office.gate.ask(office.actor(SCHOOL, Post.AUDITOR), applications.history, form)
    assert [row.step for row in rows] == [Step.PRINT, Step.SUBMIT, Step.RETURN]
    assert rows[-1] == DecisionRow(
        Step.RETURN,
        ApplicationState.SUBMITTED,
        ApplicationState.RETURNED,
        "缺公章",
        "陈静",
        Post.SYSTEM,
        SCHOOL,
        office.clock(),
    )


def test_an_accepted_form_is_not_edited(office: Office) -> None:
    form = office.accepted()
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        clerk_do(office, applications.edit, form, replace(HOLDER, remarks="x"), 1)


def test_a_returned_form_goes_round_again(office: Office) -> None:
    form = office.signed()
    clerk_do(office, applications.submit, form)
    with pytest.raises(Invalid, match=r"reason_missing"):
        clerk_do(office, applications.send_back, form, "")
    clerk_do(office, applications.send_back, form, "缺公章")
    clerk_do(office, applications.edit, form, replace(HOLDER, remarks="已补盖公章"), 1)
    clerk_do(office, applications.mark_printed, form)
    assert opened(office, form).signatures == {}


def test_a_returned_form_goes_round_again_as_it_is(office: Office) -> None:
    """What was wrong may have been the paper alone."""
    form = office.signed()
    clerk_do(office, applications.submit, form)
    clerk_do(office, applications.send_back, form, "缺公章")
    clerk_do(office, applications.edit, form, HOLDER, 1)
    shown = opened(office, form)
    assert (shown.row.state, shown.row.revision_number, shown.signatures) == (ApplicationState.DRAFT, 2, {})
    clerk_do(office, applications.mark_printed, form)
    for step, signer in FIRST_THREE:
        sign(office, form, step, signer)
    clerk_do(office, applications.submit, form)


@pytest.mark.requirement("G4")
@pytest.mark.parametrize("post", list(Post))
def test_who_only_looks_sees_personal_data_masked(office: Office, post: Post) -> None:
    form = office.entered()
    shown = office.gate.ask(office.actor(SCHOOL, post), applications.opened, form)
    assert shown.form == MASKED
    for personal in (HOLDER.id_number, HOLDER.mobile, HOLDER.email, HOLDER.office_phone):
        assert personal not in repr(shown)


@pytest.mark.requirement("G4")
def test_the_clerk_who_works_on_a_form_has_it_in_full_and_that_is_logged(office: Office) -> None:
    form = office.entered()
    shown = clerk_do(office, applications.work_on, form)
    assert isinstance(shown, Opened)
    assert shown.form == HOLDER
    with office.context.database.reading() as session:
        event = session.scalars(select(AuditEvent.text).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert '"applications.work-on"' in event
    for post in (Post.SECURITY, Post.AUDITOR):
        with pytest.raises(Denied, match=r"gate\.wrong_post"):
            office.gate.do(office.actor(SCHOOL, post), applications.work_on, form)


def test_an_accepted_form_is_not_worked_on(office: Office) -> None:
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        clerk_do(office, applications.work_on, office.accepted())


def test_what_was_said_before_stays_readable(office: Office) -> None:
    form = office.entered()
    clerk_do(office, applications.edit, form, replace(HOLDER, remarks="第二稿"), 1)
    with office.context.database.reading() as session:
        texts = [
            records.text_of(office.context.seals, revision)
            for revision in session.scalars(select(Revision).order_by(Revision.number))
            if revision.application_id == form
        ]
    assert len(texts) == 2
    assert HOLDER.remarks in texts[0]
    assert "第二稿" in texts[1]


def test_the_state_is_what_the_decisions_say(office: Office) -> None:
    form = office.accepted()
    with office.context.database.reading() as session:
        decisions = session.scalars(select(Decision).where(Decision.application_id == form)).all()
        assert session.get_one(Application, form).state is decisions[-1].after
    table = TRANSITIONS[FormKind.ANNEX4]
    assert all(table[decision.before, decision.step] is decision.after for decision in decisions)


def revision_of(office: Office, form: int) -> int:
    return opened(office, form).row.revision_number


def edit(office: Office, form: int, number: int) -> None:
    clerk_do(office, applications.edit, form, replace(HOLDER, remarks=str(number)), revision_of(office, form))


def accept(office: Office, form: int) -> None:
    clerk_do(office, applications.accept, form, Signature(SIGNERS[3], TODAY), revision_of(office, form))


STEPS: dict[Step, Callable[[Office, int, int], object]] = {
    Step.EDIT: edit,
    Step.PRINT: lambda office, form, n: clerk_do(office, applications.mark_printed, form),
    Step.SUBMIT: lambda office, form, n: clerk_do(office, applications.submit, form),
    Step.ACCEPT: lambda office, form, n: accept(office, form),
    Step.RETURN: lambda office, form, n: clerk_do(office, applications.send_back, form, "x"),
    Step.REJECT: lambda office, form, n: clerk_do(office, applications.reject, form, "x"),
    Step.WITHDRAW: lambda office, form, n: clerk_do(office, applications.withdraw, form, "x"),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.sampled_from([*STEPS, *list(SignStep)[:3]]), max_size=14))
def test_no_walk_leaves_the_table(sqlite_office: Office, walk: list[Step | SignStep]) -> None:
    """Whatever is tried in whatever order: a state changes as the table says, or nothing happens at all."""
    office = sqlite_office
    form = office.entered()
    for number, step in enumerate(walk):
        before = opened(office, form)
        try:
            if isinstance(step, SignStep):
                sign(office, form, step, SIGNERS[step - 1])
            else:
                STEPS[step](office, form, number)
        except Problem:
            assert opened(office, form) == before
            continue
        after = opened(office, form)
        if isinstance(step, SignStep):
            assert len(after.signatures) == len(before.signatures) + 1 == int(step)
        else:
            assert TRANSITIONS[FormKind.ANNEX4][before.row.state, step] is after.row.state
        if after.row.state is ApplicationState.SUBMITTED:
            assert list(after.signatures) == list(SignStep)[:3]
        if after.row.state is ApplicationState.ACCEPTED:
            assert list(after.signatures) == list(SignStep)


def test_the_auditor_reads_but_does_not_enter(office: Office) -> None:
    form = office.entered()
    auditor = office.actor(SCHOOL, Post.AUDITOR)
    assert office.gate.ask(auditor, applications.opened, form).form == MASKED
    with pytest.raises(Denied):
        office.gate.do(auditor, applications.enter, office.units[SCHOOL], HOLDER)


def test_papers_are_dated_by_the_office_s_day_not_by_utc(office: Office) -> None:
    """At one in the morning in China it is still yesterday in UTC."""
    office.clock.moment = datetime(2026, 11, 23, 17, tzinfo=UTC)
    form = office.entered()
    clerk_do(office, applications.mark_printed, form)
    sign(office, form, SignStep.APPLICANT, HOLDER.name, date(2026, 11, 24))
