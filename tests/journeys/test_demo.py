"""What the demo leaves, examined with other people's programs."""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlcipher3

from app import bootstrap
from app.codes import SCHOOL_TYPES
from app.demo.cast import HOLDER, PROVINCE_AUDITOR, SIGNERS
from app.demo.world import COST
from app.errors import Invalid, Unavailable
from app.forms.annex4 import FIELDS, NOTES, SIGN_LABELS, TITLE
from app.services import audit
from tests.support.demo import ROOT, Left, run_demo, said, told_by_demo

AGAIN = 30
"""Seconds of processor time; a second run takes about two."""


@pytest.mark.requirement("A1")
def test_report_tells_each_step_with_its_person_post_and_unit(demo: Left) -> None:
    report = demo.report
    assert all(step["ok"] for step in report["steps"])
    assert {"name", "seconds", "ok", "detail", "person", "post", "unit"} <= set(report["steps"][0])
    assert set(report["token"]) == {"label", "serial", "module", "user_pin", "so_pin"}
    assert set(report["certificate"]) == {"serial", "subject", "not_after"}
    assert {person["unit"] for person in report["people"]} >= {HOLDER.unit_name}
    assert (demo.folder / "report.json").stat().st_mode & 0o077 == 0


@pytest.mark.requirement("C1")
def test_four_sign_offs_each_by_its_own_person(demo: Left) -> None:
    people = {step["name"]: step["person"] for step in demo.report["steps"]}
    assert tuple(people[label] for label in SIGN_LABELS.values()) == SIGNERS
    assert len(set(SIGNERS)) == 4


@pytest.mark.requirement("G1")
def test_refusals_are_in_the_log(demo: Left) -> None:
    lines = (demo.folder / "audit.jsonl").read_text("utf-8").splitlines()[1:-1]
    events = [json.loads(json.loads(line)["text"]) for line in lines]
    refused = {(event["operation"], event["reason"]) for event in events if event["outcome"] == "refused"}
    assert refused >= {
        ("accounts.take-in", "gate.own_affair"),
        ("accounts.take-in", "gate.out_of_scope"),
        ("applications.accept", "gate.own_affair"),
        ("applications.enter", "gate.wrong_post"),
        ("applications.enter", "gate.out_of_scope"),
        ("applications.sign", "application.out_of_order"),
        ("applications.sign", "application.signed_already"),
        ("applications.submit", "application.not_signed"),
        ("certificates.file", "gate.wrong_state"),
        ("certificates.forward", "gate.out_of_scope"),
        ("certificates.approve", "gate.out_of_scope"),
        ("certificates.issue-code", "gate.wrong_state"),
        ("enrolment.begin", "certificate.not_identified"),
        ("enrolment.begin", "gate.wrong_state"),
    }


@pytest.mark.requirement("E1")
def test_pkcs11_tool_lists_one_pair_and_its_certificate(demo: Left) -> None:
    demo.check_exactly_one()


@pytest.mark.requirement("E6")
def test_openssl_verifies_the_certificate_against_the_crl(demo: Left) -> None:
    ca = ("-CAfile", demo.path("ca/root.pem"), "-untrusted", demo.path("ca/chain.pem"))
    crl = ("-crl_check", "-CRLfile", demo.path("ca/crl.pem"))
    for purpose in ("sslclient", "smimesign"):
        said("openssl", "verify", *crl, *ca, "-purpose", purpose, demo.path("cert/holder.pem"))
    printed = said("openssl", "x509", "-in", demo.path("cert/holder.pem"), "-noout", "-serial")
    assert printed.strip().removeprefix("serial=").lower().lstrip("0") == demo.report["certificate"]["serial"]


@pytest.mark.requirement("E3")
def test_a_tls_server_accepts_the_key_on_the_token(demo: Left, tmp_path: Path) -> None:
    (key_id,) = demo.objects()["Private Key"]
    identity = "pkcs11:id=" + "".join(f"%{key_id[start : start + 2]}" for start in range(0, len(key_id), 2))
    client = ("--x509certfile", f"{identity};type=cert", "--x509keyfile", f"{identity};type=private")
    with _server(demo, tmp_path) as port:
        assert "GET / HTTP/1.0" not in _talk(demo, port)
        page = _talk(demo, port, "--provider", demo.report["token"]["module"], *client)
    assert "Client certificate" in page
    assert demo.report["certificate"]["serial"][-12:] in page.replace(":", "").lower()


@pytest.mark.requirement("F1")
def test_pdftotext_finds_every_label_and_value(demo: Left) -> None:
    (paper,) = (demo.folder / "forms").glob("*.pdf")
    text = "".join(said("pdftotext", "-layout", str(paper), "-").split())
    shown = {"school_type": SCHOOL_TYPES[HOLDER.school_type], "user_types": "☑信息管理员", "wants_certificate": "☑是"}
    values = [shown.get(field.key) or getattr(HOLDER, field.key) for field in FIELDS]
    labels = [field.label for field in FIELDS] + ["用户管理部门", "受理意见", *list(SIGN_LABELS.values())[:3]]
    for part in (TITLE, paper.stem, *labels, *values, *NOTES, "𬭊", "㛃"):
        assert "".join(part.split()) in text, part


@pytest.mark.requirement("E3")
def test_a_second_run_changes_nothing_and_is_quick(copy: Left) -> None:
    before = copy.report
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = told_by_demo(copy.folder)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime < AGAIN
    assert all(line.strip().startswith("当时：") for line in told.splitlines() if "已拒绝" in line)
    after = copy.report
    assert after["certificate"] == before["certificate"]
    assert after["token"] == before["token"]
    assert [step["name"] for step in after["steps"]] == [step["name"] for step in before["steps"]]
    copy.check_exactly_one()


@pytest.mark.requirement("A1")
def test_every_promised_file_is_made_again(copy: Left) -> None:
    (paper,) = (copy.folder / "forms").glob("*.pdf")
    renewed = [copy.folder / name for name in ("ca/crl.pem", "ca/root-crl.pem", "audit.jsonl")]
    same = [paper, *(copy.folder / name for name in ("cert/holder.pem", "softhsm2.conf"))]
    run_demo(copy.folder)  # so that the configuration names this folder
    before = [path.read_bytes() for path in same]
    for path in (*same, *renewed):
        path.unlink()
    run_demo(copy.folder)
    assert [path.read_bytes() for path in same] == before
    assert all(path.exists() for path in renewed)
    cut = [*same, copy.folder / "ca/crl.pem", copy.folder / "audit.jsonl"]
    for path in cut:
        path.write_bytes(path.read_bytes()[:50])
    run_demo(copy.folder)
    assert [path.read_bytes() for path in same] == before
    assert all(path.stat().st_size > 50 for path in cut)


@pytest.mark.requirement("E3")
@pytest.mark.parametrize("gone", ["tokens", "ca", "ca/root.pem", "ca/chain.pem"])
def test_what_cannot_be_made_again_is_named_with_the_way_out(copy: Left, gone: str) -> None:
    path = copy.folder / gone
    (shutil.rmtree if path.is_dir() else os.unlink)(path)
    told = told_by_demo(copy.folder, code=6)
    assert Path(gone).name in told
    assert "--fresh" in told
    assert "程序的错误" not in told


@pytest.mark.requirement("A1")
def test_the_commands_at_the_end_work_as_printed(copy: Left, tmp_path: Path) -> None:
    shutil.move(copy.folder, tmp_path / "a b")
    for where, folder in ((tmp_path, "a b"), (ROOT, str(tmp_path / "a b"))):
        lines = told_by_demo(folder, cwd=where).splitlines()
        commands = [line for line in lines[-3:] if line.startswith("  ")]
        assert len(commands) == 3
        listed, verified, whole = (_typed(command, where) for command in commands)
        assert "Private Key Object" in listed
        assert "OK" in verified
        assert "通过" in whole


def _typed(command: str, where: Path) -> str:
    done = subprocess.run(command, shell=True, cwd=where, capture_output=True, text=True, check=False, errors="replace")
    assert done.returncode == 0, command + done.stdout + done.stderr
    return done.stdout


@pytest.mark.requirement("I3")
def test_in_english_only_names_are_chinese(copy: Left) -> None:
    told = told_by_demo(copy.folder, "--lang", "en").splitlines()
    titles = [line for line in told if line.startswith("✓")]
    assert not [line for line in titles if re.search("[、：]|管理员|查询员", line)]


@pytest.mark.requirement("G1")
def test_a_byte_changed_in_any_line_of_the_exported_log_is_located(copy: Left) -> None:
    log = copy.folder / "audit.jsonl"
    whole = log.read_bytes()
    lines = whole.split(b"\n")
    assert list(audit.exported_faults(log)) == []
    for number in (0, 1, len(lines) // 3, len(lines) // 2, len(lines) - 3, len(lines) - 2):
        for place in (1, len(lines[number]) // 2, len(lines[number]) - 2):
            changed = bytearray(lines[number])
            changed[place] ^= 1
            log.write_bytes(b"\n".join([*lines[:number], bytes(changed), *lines[number + 1 :]]))
            assert _first_bad_line(log) == f"line:{number + 1}"


@pytest.mark.requirement("G1")
def test_the_command_names_the_first_bad_line(copy: Left) -> None:
    log = copy.folder / "audit.jsonl"
    verify = [sys.executable, "-m", "app", "audit", "verify", str(log)]
    assert subprocess.run(verify, cwd=ROOT, capture_output=True, check=False).returncode == 0
    lines = log.read_bytes().split(b"\n")
    lines[19] = lines[19].replace(b"done", b"dome")
    log.write_bytes(b"\n".join(lines))
    done = subprocess.run([*verify, "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "20" in done.stdout


_ADDED = (
    "INSERT INTO role (id, account_id, subsystem, role, since)"
    " SELECT 99, account_id, subsystem, 'training', since FROM role WHERE id = 1"
)


@pytest.mark.requirement("G1")
@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE application SET applicant_name = '别人' WHERE id = 11", "application:11"),
        ("UPDATE sign_off SET signer = '别人' WHERE id = 1", "sign_off:1"),
        ("UPDATE certificate_request SET state = 'rejected' WHERE id = 1", "certificate_request:1"),
        ("DELETE FROM appointment WHERE id = 5", "appointment:5"),
        (_ADDED, "role:99"),
        ("UPDATE certificate SET not_after = 'never' WHERE id = 1", "certificate:1"),
        ("UPDATE unit SET status = 'closed' WHERE id = 40", "unit:40"),
        ("UPDATE audit_event SET at = 'never' WHERE id = 40", "audit_event:40"),
        ("UPDATE audit_event SET text = '{' WHERE id = 40", "audit_event:40"),
        ("UPDATE audit_event SET hash = 'x' WHERE id = 40", "audit_event:40"),
        ("UPDATE audit_event SET text = replace(text, 'done', 'dome') WHERE id = 40", "audit_event:40"),
    ],
)
def test_a_row_changed_behind_the_gate_is_located(copy: Left, statement: str, place: str) -> None:
    passwords = {person["login"]: person["password"] for person in copy.report["people"]}
    auditor = PROVINCE_AUDITOR.login
    gate, _ = bootstrap.open_office(copy.folder, auditor, passwords[auditor], cost=COST)
    key = gate.context.keys.database
    gate.close()
    with closing(sqlcipher3.connect(copy.path("office.db"), isolation_level=None)) as database:
        database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        database.execute("PRAGMA ignore_check_constraints = ON")
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        assert database.execute(statement).rowcount == 1
        for _, sql in triggers:
            database.execute(sql)
    gate, signed_in = bootstrap.open_office(copy.folder, auditor, passwords[auditor], cost=COST)
    try:
        faults = gate.ask(signed_in.acting_as(PROVINCE_AUDITOR.post), audit.verify)
    finally:
        gate.close()
    assert faults[0].place == place


@pytest.mark.requirement("G1")
def test_a_byte_changed_in_the_database_file_is_reported_as_damage(copy: Left) -> None:
    file = copy.folder / "office.db"
    whole = file.read_bytes()
    password = copy.report["people"][0]["password"]
    for place in (20, 5000, len(whole) // 2, len(whole) - 10):
        changed = bytearray(whole)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(Unavailable, match=r"database\.damaged"):
            bootstrap.open_office(copy.folder, copy.report["people"][0]["login"], password, cost=COST)


def _first_bad_line(log: Path) -> str:
    try:
        return next(audit.exported_faults(log)).place
    except Invalid as problem:  # its head is no longer that of a log
        return "line:1" if problem.reason == "log.not_a_log" else problem.reason


@contextmanager
def _server(demo: Left, folder: Path) -> Iterator[int]:
    """OpenSSL's, on a port of its own, which takes nobody without a certificate of the demo's CA."""
    key, certificate = str(folder / "server.key"), str(folder / "server.pem")
    said(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        certificate,
        "-subj",
        "/CN=x",
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    trust = ["-CAfile", demo.path("ca/chain.pem"), "-CRL", demo.path("ca/crl.pem"), "-crl_check"]
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-key", key, "-cert", certificate, *trust]
    command += ["-Verify", "2", "-verify_return_error", "-www"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            while b"ACCEPT" not in server.stdout.readline():
                pass
            yield port
        finally:
            server.kill()


def _talk(demo: Left, port: int, *options: str) -> str:
    """Ask for the server's page with GnuTLS."""
    command = ["gnutls-cli", "--insecure", "--port", str(port), *options, "127.0.0.1"]
    done = subprocess.run(
        command, env=demo.environment(), input=b"GET / HTTP/1.0\r\n\r\n", capture_output=True, timeout=60, check=False
    )
    return done.stdout.decode(errors="replace")
