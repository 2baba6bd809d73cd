"""The auditor's list: what the unit's administrators did, filtered, and nobody else's (G1, G2)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, text

from app.demo.cast import ADMINISTRATORS, CITY, COUNTY, HOLDER, PROVINCE, SCHOOL
from app.errors import Denied
from app.policy import Post
from app.services import applications, audit, log_list, people
from app.services.log_list import EventRow, LogFilter
from app.services.people import PersonalField
from tests.support.offices import TODAY, Office

pytestmark = pytest.mark.requirement("G2")


def listed(office: Office, unit: str = SCHOOL, **wanted: object) -> list[EventRow]:
    """What the unit's auditor is shown, newest first."""
    auditor = office.actor(unit, Post.AUDITOR)
    numbers = office.gate.ask(auditor, log_list.ids, LogFilter(**wanted))  # type: ignore[arg-type]
    rows = office.gate.ask(auditor, log_list.rows, numbers)
    assert list(numbers) == sorted(rows, reverse=True)
    return [rows[number] for number in numbers]


def operations(rows: list[EventRow]) -> list[str]:
    return [row.operation for row in rows]


def test_the_auditor_sees_who_did_what_to_which_form(office: Office) -> None:
    form = office.signed()
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    office.gate.do(clerk, applications.submit, form)
    name = next(each.name for each in ADMINISTRATORS if each.unit == SCHOOL and Post.SYSTEM in each.form.posts)
    row = listed(office)[0]
    assert (row.operation, row.outcome, row.reason, row.post) == ("applications.submit", "done", "", Post.SYSTEM)
    assert (row.person, row.unit_name, row.at) == (name, SCHOOL, office.clock())
    assert row.target.startswith("申请单 YW-2026-")


def test_a_refused_attempt_is_listed_with_its_reason(office: Office) -> None:
    form = office.entered()
    with pytest.raises(Denied):
        office.gate.do(office.actor(SCHOOL, Post.SECURITY), applications.submit, form)
    (row,) = listed(office, outcome="refused")
    assert (row.operation, row.reason, row.post) == ("applications.submit", "gate.wrong_post", Post.SECURITY)


def test_each_filter_narrows(office: Office) -> None:
    office.filed()
    everything = listed(office)
    assert {row.operation.partition(".")[0] for row in listed(office, operation="applications.")} == {"applications"}
    assert operations(listed(office, operation="applications.accept")) == ["applications.accept"]
    assert operations(listed(office, text="受理申请单")) == ["applications.accept"]
    guard = next(row.person for row in everything if row.operation == "business.grant")
    (person,) = [
        each for each in office.gate.ask(office.actor(SCHOOL, Post.AUDITOR), log_list.people) if each.name == guard
    ]
    theirs = [row for row in everything if row.person == guard]
    assert listed(office, person_id=person.id) == theirs
    assert [row for row in listed(office, text=guard) if row.person == guard] == theirs
    number = next(row.target for row in everything if row.target.startswith("申请单")).removeprefix("申请单 ")
    told = listed(office, text=number.lower())
    assert {row.target for row in told} == {f"申请单 {number}"}
    assert "applications.enter" not in operations(told)  # it was done to the unit: the form was not there yet
    assert listed(office, text="100%_") == []


def test_days_are_the_office_s_and_both_included(office: Office) -> None:
    office.clock.moment = office.clock.moment.replace(hour=15, minute=59)  # one minute before midnight there
    office.entered()
    office.clock.forward(minutes=1)
    office.entered(replace(HOLDER, mobile="13900001234"))
    tomorrow = date(2026, 11, 24)
    assert len(listed(office, since=tomorrow)) == 1
    before, whole = listed(office, until=TODAY), listed(office, since=TODAY, until=tomorrow)
    assert whole[1:] == before
    assert before[0].operation == "applications.enter"


def test_what_the_program_did_by_itself_is_for_the_auditor_of_the_office(office: Office) -> None:
    assert "office.found" in operations(listed(office, PROVINCE))
    by_itself = [row for row in listed(office, PROVINCE) if row.post is None]
    assert {(row.person, row.unit_name) for row in by_itself} == {("", "")}
    for unit in (CITY, COUNTY, SCHOOL):
        assert {row.unit_name for row in listed(office, unit)} == {unit}


def test_what_changed_is_told_without_personal_data(office: Office) -> None:
    form = office.entered()
    clerk, auditor = office.actor(SCHOOL, Post.SYSTEM), office.actor(SCHOOL, Post.AUDITOR)
    newest = listed(office)[0].seq
    detail = office.gate.ask(auditor, log_list.event, newest)
    rows = {change.row: {field.field: field for field in change.fields} for change in detail.changes}
    label = next(row for row in rows if row.startswith("申请单 YW-2026-"))
    assert rows[label]["state"].after == "draft"
    assert rows[label]["applicant_name"].after.startswith("~")
    assert detail.changed == len(detail.changes)
    office.gate.do(clerk, applications.mark_printed, form)
    (change,) = [
        field
        for change in office.gate.ask(auditor, log_list.event, newest + 1).changes
        for field in change.fields
        if field.field == "state" and field.before
    ]
    assert (change.before, change.after) == ("draft", "printed")
    for personal in (HOLDER.name, HOLDER.id_number, HOLDER.mobile, HOLDER.email):
        assert personal not in str(detail)


def test_why_somebody_looked_at_personal_data_is_told(office: Office) -> None:
    account = office.granted()
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), people.reveal, account, PersonalField.MOBILE, "核对手机号")
    row = listed(office, operation="people.reveal")[0]
    detail = office.gate.ask(office.actor(SCHOOL, Post.AUDITOR), log_list.event, row.seq)
    assert detail.notes == {"field": "mobile", "reason": "核对手机号"}
    assert row.target.startswith("账号 ")


def test_another_unit_s_event_is_out_of_reach(office: Office) -> None:
    office.entered()
    seq = listed(office)[0].seq
    stranger = office.actor(COUNTY, Post.AUDITOR)
    assert office.gate.ask(stranger, log_list.rows, [seq]) == {}
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.ask(stranger, log_list.event, seq)
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.ask(office.actor(SCHOOL, Post.SYSTEM), log_list.ids, LogFilter())


def test_the_people_are_those_who_acted(office: Office) -> None:
    told = office.gate.ask(office.actor(SCHOOL, Post.AUDITOR), log_list.people)
    assert {person.name for person in told} == {row.person for row in listed(office)}
    assert all(person.logins for person in told)


def test_a_spoilt_event_is_listed_all_the_same(sqlite_office: Office) -> None:
    """The list must not fall over what `audit.verify` will name."""
    office = sqlite_office
    office.entered()
    with office.context.database.writing("thief") as session:
        session.execute(text("DROP TRIGGER audit_event_keep"))
        session.execute(text("UPDATE audit_event SET text = 'x' WHERE id = (SELECT MAX(id) FROM audit_event)"))
    row = listed(office)[0]
    assert (row.operation, row.target, row.post) == ("applications.enter", "", None)
    assert office.gate.ask(office.actor(PROVINCE, Post.AUDITOR), audit.verify)


@pytest.mark.parametrize(
    "wanted",
    [
        LogFilter(),
        LogFilter(since=TODAY, until=TODAY, outcome="refused"),
        LogFilter(operation="applications.", person_id=1),
        LogFilter(text="受理"),
    ],
    ids=str,
)
def test_the_list_is_read_off_one_index_in_order(sqlite_office: Office, wanted: LogFilter) -> None:
    """At a million events the texts are a gigabyte, and sorting takes a second: a list does neither."""
    office, asked = sqlite_office, []
    readers = office.context.database.readers
    event.listen(readers, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    office.gate.ask(office.actor(PROVINCE, Post.AUDITOR), log_list.ids, wanted)
    statement, parameters = asked[-1]
    with readers.connect() as connection:
        plan = " ".join(str(step) for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
    assert plan.count("audit_event USING COVERING INDEX ix_audit_event_list") == 2
    assert "TEMP B-TREE" not in plan
