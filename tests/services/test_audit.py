"""The log: every change behind the gate's back is found and named; so is every changed byte of an export (G1, G2)."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from app.demo.cast import HOLDER, PROVINCE, SCHOOL
from app.errors import Invalid
from app.models import Base
from app.models.audit import GENESIS, AuditEvent, chained
from app.models.triggers import found_triggers
from app.policy import Post
from app.services import audit, log
from app.services.log import Fault
from tests.services.test_operations import proposed
from tests.support.offices import Office

pytestmark = pytest.mark.requirement("G1")


def verify(office: Office) -> tuple[Fault, ...]:
    return office.gate.ask(office.actor(PROVINCE, Post.AUDITOR), audit.verify)


def tamper(office: Office, *statements: str) -> None:
    """As somebody who has the database's key: triggers dropped, statements run, the gate never asked."""
    with office.context.database.writing("thief") as session:
        connection = session.connection()
        for trigger in found_triggers(connection):
            table = trigger.rsplit("_", 1)[0]
            place = "" if office.context.database.one_process else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER {trigger}{place}"))
        for statement in statements:
            connection.execute(text(statement))


def test_what_went_through_the_gate_holds(office: Office) -> None:
    office.with_code()
    assert verify(office) == ()


@pytest.mark.parametrize("table", sorted(set(Base.metadata.tables) - {"audit_event", "certificate", "enrolment"}))
def test_a_changed_row_of_any_table_is_found_and_named(office: Office, table: str) -> None:
    office.with_code()
    proposed(office, PROVINCE)
    columns = [column["name"] for column in inspect(office.context.database.writers).get_columns(table)]
    changeable = {
        "name",
        "content",
        "signer",
        "reason",
        "state",
        "verifier",
        "code_digest",
        "role",
        "post",
        "founded_at",
    }
    column = next(name for name in columns if name in changeable | {"value"})
    wrong = {"content": "x'00'", "code_digest": "x'00'", "state": "'rejected'", "post": "'auditor'"}.get(column, "'x'")
    if column == "founded_at":
        wrong = "'2020-01-01 00:00:00.000000'"
    if table == "counter":
        wrong = "77"
    if table == "ukey_library":
        column, wrong = "path", "'/tmp/other.so'"
    if table == "account":
        wrong = "'disabled'"
    if not office.context.database.one_process:
        wrong = wrong.replace("x'00'", "'\\x00'")
    tamper(office, f"UPDATE {table} SET {column} = {wrong} WHERE id = (SELECT MIN(id) FROM {table})")
    faults = verify(office)
    assert [fault.reason for fault in faults] == ["log.row_changed"]
    assert faults[0].place.startswith(f"{table}:")


def test_an_added_row_is_found(office: Office) -> None:
    tamper(
        office,
        "INSERT INTO appointment (id, account_id, unit_id, post, since) "
        "VALUES (99, 7, 1, 'auditor', '2026-11-23 00:00:00.000000')",
    )
    assert verify(office) == (Fault("appointment:99", "log.row_added"),)


def test_a_removed_row_is_found(office: Office) -> None:
    office.entered()
    tamper(office, "DELETE FROM revision WHERE id = (SELECT MAX(id) FROM revision)")
    assert [fault.reason for fault in verify(office)] == ["log.row_removed"]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE audit_event SET text = replace(text, 'done', 'gone') WHERE id = 5", "log.changed"),
        ("UPDATE audit_event SET outcome = 'refused' WHERE id = 5", "log.columns"),
        ("UPDATE audit_event SET account_id = 77 WHERE id = 5", "log.columns"),
        ("DELETE FROM audit_event WHERE id = 5", "log.gap"),
    ],
)
def test_a_changed_event_is_found_where_it_stands(office: Office, statement: str, reason: str) -> None:
    tamper(office, statement)
    faults = [fault for fault in verify(office) if fault.place.startswith("audit_event")]
    assert faults[0].reason == reason
    assert faults[0].place in ("audit_event:5", "audit_event:6")


def test_a_rewritten_chain_fails_at_the_next_checkpoint(office: Office) -> None:
    """Whoever can write the database can make the hashes anew, but not the signatures."""
    database = office.context.database
    tamper(office)
    with database.writing("thief") as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        events[1].text = events[1].text.replace("done", "gone")
        previous = events[0].hash
        for event in events[1:]:
            event.hash = previous = chained(previous, event.text)
            event.outcome = json.loads(event.text)["outcome"]
    assert "log.signature" in {fault.reason for fault in verify(office)}


@pytest.fixture
def export(sqlite_office: Office, tmp_path: Path) -> Path:
    """An exported log."""
    sqlite_office.entered()
    auditor = sqlite_office.actor(PROVINCE, Post.AUDITOR)
    path = tmp_path / "audit.jsonl"
    path.write_bytes(sqlite_office.gate.do(auditor, audit.export, 1))
    return path


@pytest.mark.requirement("G2")
def test_an_export_holds_and_says_whose_it_is(export: Path) -> None:
    assert list(audit.exported_faults(export)) == []
    first = json.loads(export.read_bytes().splitlines()[0])
    assert first["events"] == len(export.read_bytes().splitlines()) - 2


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_an_export_is_found_on_its_line(export: Path, data: st.DataObject) -> None:
    whole = export.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != whole[place]))
    changed = export.with_name("changed.jsonl")
    changed.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
    line = whole[:place].count(b"\n") + 1
    try:
        faults = list(audit.exported_faults(changed))
    except Invalid:
        assert line == 1
        return
    assert faults[0].place == f"line:{line}"


@pytest.mark.parametrize("cut", [1, 2, 3, 10])
def test_missing_lines_are_found(export: Path, cut: int) -> None:
    lines = export.read_bytes().splitlines(keepends=True)
    for left in (lines[:-cut], lines[:2] + lines[2 + cut :]):
        export.write_bytes(b"".join(left))
        assert list(audit.exported_faults(export))


@pytest.mark.parametrize("content", [b"", b"{}\n", b"hello\n", b"\xff\xfe\n\n"])
def test_what_is_no_log_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=r"log\.not_a_log"):
        list(audit.exported_faults(path))


def test_an_export_holds_no_personal_data(export: Path) -> None:
    whole = export.read_text()
    for personal in (HOLDER.name, HOLDER.id_number, HOLDER.mobile, HOLDER.email):
        assert personal not in whole
    assert SCHOOL in whole


def test_what_is_cut_off_the_end_is_missed(sqlite_office: Office) -> None:
    """The vault knows how far the log had come when somebody last signed in, or closed the office."""
    office = sqlite_office
    office.entered()
    log.anchor(office.context)
    tamper(office, "DELETE FROM audit_event WHERE id > (SELECT MAX(id) - 3 FROM audit_event)")
    with office.context.database.reading() as session:
        number, _ = log.head(session)
    assert Fault(f"audit_event:{number + 1}", "log.cut") in verify(office)


def test_a_chain_made_anew_without_its_signatures_is_not_the_one_that_the_vault_knows(sqlite_office: Office) -> None:
    office = sqlite_office
    log.anchor(office.context)
    tamper(office)
    with office.context.database.writing("thief") as session:
        previous = GENESIS
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
            event.text = event.text.replace('"log.checkpoint"', '"log.nothing"')
            event.operation = json.loads(event.text)["operation"]
            event.hash = previous = chained(previous, event.text)
    faults = [fault for fault in verify(office) if fault.place.startswith("audit_event")]
    assert [fault.reason for fault in faults] == ["log.rewritten"]


def test_a_log_signed_by_somebody_else_is_told_by_the_fingerprint(sqlite_office: Office, export: Path) -> None:
    """Whoever forges a log signs it with a key of their own: only the fingerprint tells."""
    auditor = sqlite_office.actor(PROVINCE, Post.AUDITOR)
    signer = sqlite_office.gate.ask(auditor, audit.own_fingerprint)
    summary = audit.described(export)
    assert (summary.fingerprint, summary.last_at) == (signer, sqlite_office.clock())
    assert list(audit.exported_faults(export, signer.upper().replace("-", " "))) == []
    assert list(audit.exported_faults(export, "0" * 32)) == [Fault("line:1", "log.other_signer")]


def test_a_signed_log_without_events_is_none(export: Path) -> None:
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(lines[0] + lines[-1])
    with pytest.raises(Invalid, match=r"log\.not_a_log"):
        audit.described(export)
