"""The command line as a person or a script meets it: exit codes, languages, JSON, and no secret among the arguments."""

import argparse
import errno
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

import app.commands
from app.commands import dispatch
from app.commands.output import Output
from app.commands.prompts import ask, ask_login, ask_secret
from app.errors import Cancelled, Conflict, Denied, FieldProblem, Invalid, Unavailable
from app.messages import explain
from app.words import CHINESE, set_language

Run = Callable[[argparse.Namespace, Output], int]
Install = Callable[[Run], None]


@pytest.fixture(autouse=True)
def chinese_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", CHINESE)
    monkeypatch.delenv("SHIMING_LANG", raising=False)
    set_language(CHINESE)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a command called `stub` into the table, which does what the test says."""

    def install(run: Run) -> None:
        module = ModuleType("app.commands.stub")
        module.configure = lambda parser: parser.add_argument("--name")  # type: ignore[attr-defined]
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "app.commands.stub", module)
        monkeypatch.setitem(app.commands.COMMANDS, "stub", "…")

    return install


def _raises(error: BaseException) -> Run:
    def run(args: argparse.Namespace, out: Output) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("id.length"), 3),
        (Denied("id.length"), 4),
        (Conflict("id.length"), 5),
        (Unavailable("id.length"), 6),
        (Cancelled("id.length"), 130),
        (KeyboardInterrupt(), 130),
        (RuntimeError("220182199001011234"), 70),
        (ModuleNotFoundError(name="numpy"), 6),
        (BrokenPipeError(), 141),
    ],
)
def test_each_kind_of_error_has_its_exit_code(stub: Install, error: BaseException, code: int) -> None:
    stub(_raises(error))
    assert dispatch(["stub"]) == code


def test_a_problem_is_explained_on_stderr_with_each_field(stub: Install, capsys: pytest.CaptureFixture[str]) -> None:
    fields = (FieldProblem("身份证号", "id.length", row=3), FieldProblem("手机号码", "mobile.form"))
    stub(_raises(Invalid("id.date", problems=fields)))
    dispatch(["stub"])
    said = capsys.readouterr()
    assert said.out == ""
    assert "出生日期" in said.err
    assert "第 3 行 身份证号: 身份证号不是 18 位。" in said.err
    assert "手机号码: 手机号码格式不对。" in said.err


def test_json_errors_carry_reason_data_and_sentences(stub: Install, capsys: pytest.CaptureFixture[str]) -> None:
    stub(_raises(Invalid("divisions.unknown_province", problems=(FieldProblem("a", "id.length", row=3),), code="99")))
    assert dispatch(["stub", "--json"]) == 3
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert error["reason"] == "divisions.unknown_province"
    assert error["data"] == {"code": "99"}
    assert "99" in error["what"]
    assert error["todo"]
    assert [(each["field"], each["row"], each["reason"]) for each in error["problems"]] == [("a", 3, "id.length")]
    assert said.err == ""


def test_a_bug_is_told_without_what_the_exception_says(stub: Install, capsys: pytest.CaptureFixture[str]) -> None:
    stub(_raises(RuntimeError("220182199001011234")))
    dispatch(["stub"])
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "test_dispatch.py" in said
    assert "220182199001011234" not in said


def test_lines_are_for_people_and_records_for_json(stub: Install, capsys: pytest.CaptureFixture[str]) -> None:
    def run(args: argparse.Namespace, out: Output) -> int:
        out.line("看这里")
        out.record(at=datetime(2020, 9, 1, tzinfo=UTC), folder=Path("a"), key=b"\x01", kinds=frozenset({"b", "a"}))
        return 0

    stub(run)
    assert dispatch(["stub"]) == 0
    assert capsys.readouterr().out == "看这里\n"
    assert dispatch(["--json", "stub"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == {"at": "2020-09-01T00:00:00+00:00", "folder": "a", "key": "01", "kinds": ["a", "b"]}


@pytest.mark.parametrize("arguments", [["no-such"], ["stub", "--no-such"], ["--lang", "fr", "stub"]])
def test_wrong_usage_ends_with_2(stub: Install, arguments: list[str]) -> None:
    stub(_raises(AssertionError()))
    assert dispatch(arguments) == 2


def test_wrong_usage_is_json_where_json_is_asked_for(stub: Install, capsys: pytest.CaptureFixture[str]) -> None:
    stub(_raises(AssertionError()))
    assert dispatch(["stub", "--no-such", "--json"]) == 2
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert (error["reason"], said.err) == ("command.usage", "")
    assert "--no-such" in error["what"]
    assert dispatch(["stub", "--no-such"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "用法：shiming" in said.err


@pytest.mark.requirement("I3")
def test_chinese_is_the_default_and_english_is_chosen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dispatch([]) == 2
    assert "用法：shiming" in capsys.readouterr().out
    dispatch(["--lang", "en"])
    assert "usage: shiming" in capsys.readouterr().out
    monkeypatch.setenv("SHIMING_LANG", "en")
    dispatch([])
    assert "show this help message" in capsys.readouterr().out


def test_secrets_come_line_by_line_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("zhangwei\n correct horse \n135790\n"))
    assert ask_login() == ("zhangwei", " correct horse ")
    assert ask_secret("PIN") == "135790"
    with pytest.raises(Cancelled, match=r"command\.input_ended"):
        ask_secret("PIN")


def test_a_terminal_is_asked_without_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr("getpass.getpass", lambda question: f"answer to {question}")
    assert ask_secret("PIN") == "answer to PIN: "


def test_ctrl_d_at_a_question_is_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(question: str) -> str:
        raise EOFError

    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr("getpass.getpass", ended)
    monkeypatch.setattr("builtins.input", ended)
    for question in (ask, ask_secret):
        with pytest.raises(Cancelled, match=r"command\.interrupted"):
            question("PIN")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOENT, "没有这个文件"), (errno.EROFS, "只读"), (errno.ENOSPC, "磁盘已满")]
)
def test_what_the_system_says_is_said_in_chinese(number: int, words: str) -> None:
    problem = Unavailable("file.not_read", path="x", cause=os.strerror(number))
    assert words in explain(problem).what
    assert explain(Unavailable("file.not_read", path="x", cause="odd")).what == "读不了 x：odd。"


def test_sentences_are_parted_in_english_only(capsys: pytest.CaptureFixture[str], stub: Install) -> None:
    stub(_raises(Invalid("id.date", problems=(FieldProblem("a", "id.length"),))))
    dispatch(["stub"])
    assert "不是 18 位。请对照" in capsys.readouterr().err
    dispatch(["--lang", "en", "stub"])
    assert re.search(r"\. [A-Z]", capsys.readouterr().err)


@pytest.mark.parametrize(
    "page",
    ["audit export", "audit verify", "form print", "token list", "token info", "token enroll", "token verify"],
)
def test_a_page_says_what_it_is_for_and_stands_in_columns(
    page: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        dispatch([*page.split(), "--help"])
    text = capsys.readouterr().out
    usage, description, *_ = text.split("\n\n")
    assert description
    assert f"示例：shiming {page}" in text
    assert not re.search(r"--(serial|office|request|out|kind)$", usage, re.MULTILINE)
    options = re.search(r"选项:\n((?:  .+\n)+)", text)
    assert options
    starts = {_columns(found[1]) for found in re.finditer(r"^(  -.*?\S  +)\S", options[1], re.MULTILINE)}
    assert len(starts) == 1


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


@pytest.mark.parametrize("name", list(app.commands.COMMANDS))
def test_every_command_has_help_and_takes_no_secret(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        dispatch([name, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert "--json" in text
    assert not any(word in text for word in ("--password", "--pin", "--passphrase", "--so-pin", "--user-pin"))
