"""`shiming form print`: a JSON file in, a PDF out; a form that breaks its rules only as a draft."""

import io
import json
import re
import sys
from pathlib import Path

import pytest

from app.commands import dispatch
from app.forms import annex4, qr
from app.forms.annex4_paper import PrintedForm
from app.paths import resource
from tests.forms.samples import TYPICAL
from tests.forms.witness import squeezed, text_of

pytestmark = pytest.mark.requirement("F1")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "form.json"
    path.write_text(json.dumps(json.loads(annex4.to_json(TYPICAL)) | {"number": "YW-2026-000007"}), "utf-8")
    return path


def _print(source: Path, *more: str) -> tuple[int, Path]:
    out = source.with_suffix(".pdf")
    return dispatch(["form", "print", "--kind", "annex4", "--json", str(source), "--out", str(out), *more]), out


def test_a_form_is_printed_with_its_number_and_code(source: Path) -> None:
    code, out = _print(source)
    assert code == 0
    assert "王㛃" in squeezed(text_of(out.read_bytes()))
    assert qr.decode(out.read_bytes()) == [PrintedForm("YW-2026-000007", TYPICAL).code]


def test_many_forms_by_the_sources_labels_get_numbers_of_their_own(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(json.dumps([{"姓名": "王㛃"}, {"姓名": "龚䶮"}]), "utf-8-sig")
    code, out = _print(source, "--draft", "--json")
    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [code.number for code in qr.decode(out.read_bytes())] == said["numbers"]
    assert len(set(said["numbers"])) == 2
    assert {(fault["row"], fault["reason"]) for fault in said["faults"]} == {(1, "form.required"), (2, "form.required")}


def test_a_form_that_breaks_its_rules_is_printed_as_a_draft_only(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(json.dumps({"user_types": ["信息管理员"], "wants_certificate": "否"}), "utf-8")
    source.with_suffix(".pdf").write_bytes(b"before")
    code, out = _print(source)
    said = capsys.readouterr().err
    assert (code, out.read_bytes()) == (3, b"before")
    assert "第 1 份“申请数字证书”: 信息管理员必须申请数字证书。" in said
    assert "--draft" in said
    assert _print(source, "--draft")[0] == 0
    assert "信息管理员必须申请数字证书。" in capsys.readouterr().out
    assert out.read_bytes().startswith(b"%PDF")


def test_answers_are_taken_as_they_stand_on_paper(source: Path) -> None:
    by_paper = json.loads(annex4.to_json(TYPICAL)) | {"wants_certificate": "是", "school_type": "小学"}
    meant = by_paper | {"wants_certificate": True, "school_type": "211"}
    assert annex4.from_values(by_paper) == annex4.from_values(meant)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_of_every_editor_are_read(source: Path, encoding: str) -> None:
    source.write_bytes(json.dumps(json.loads(annex4.to_json(TYPICAL)), ensure_ascii=False).encode(encoding))
    code, out = _print(source)
    assert code == 0
    assert "王㛃" in squeezed(text_of(out.read_bytes()))


def test_the_example_prints_from_standard_input(
    source: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dispatch(["form", "print", "--kind", "annex4", "--example"]) == 0
    example = capsys.readouterr().out
    assert list(json.loads(example)) == [field.label for field in annex4.FIELDS]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(example.encode())))
    out = source.with_suffix(".pdf")
    assert dispatch(["form", "print", "--kind", "annex4", "--json", "-", "--out", str(out)]) == 0
    assert len(qr.decode(out.read_bytes())) == 1


def test_help_lists_every_key_with_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        dispatch(["form", "print", "--help"])
    words = capsys.readouterr().out.split()
    assert all(field.key in words and field.label in words for field in annex4.FIELDS)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_lists_every_key_with_its_label(name: str) -> None:
    text = resource("..", name).read_text("utf-8")
    assert [field.key for field in annex4.FIELDS if f"| `{field.key}` | {field.label} |" not in text] == []


def test_a_wrong_key_is_answered_with_the_right_ones(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(json.dumps({"姓": "王"}), "utf-8")
    assert _print(source)[0] == 3
    said = capsys.readouterr().err
    assert "没有“姓”这一项。" in said
    assert all(field.label in said for field in annex4.FIELDS)


@pytest.mark.parametrize("place", [0, 2])
def test_json_is_asked_for_before_the_action_or_by_a_bare_option(
    source: Path, capsys: pytest.CaptureFixture[str], place: int
) -> None:
    arguments = ["form", "print", "--kind", "annex4", "--json", str(source), "--out", str(source.with_suffix(".pdf"))]
    assert dispatch([*arguments[: place // 2], "--json", *arguments[place // 2 :]]) == 0
    assert json.loads(capsys.readouterr().out)["numbers"] == ["YW-2026-000007"]
    assert dispatch(arguments) == 0
    assert capsys.readouterr().out.startswith("已打印 1 份")


def test_an_empty_form_is_the_blank_one(source: Path) -> None:
    source.write_text("{}", "utf-8")
    code, out = _print(source)
    assert code == 0
    assert "编号" not in text_of(out.read_bytes())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "form.json"),
        ("[3]", "form.json"),
        ("[]", "form.none"),
        ("[" * 100_000, "form.json"),
        ('{"name": ' + "9" * 5000 + "}", "form.json"),
        ('{"mobile": 13804310000}', "form.json"),
        ('{"number": "1 2"}', "form.number"),
        ('{"number": 12}', "form.number"),
    ],
)
def test_bad_json_leaves_no_file(source: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str) -> None:
    source.write_text(text, "utf-8")
    code, out = _print(source, "--json")
    error = json.loads(capsys.readouterr().out)["error"]
    assert (code, error["reason"]) == (3, reason)
    assert not re.search(r"Expecting|\blist\b|\bint\b|codec|\{detail", error["what"] + error["todo"])
    assert not out.exists()


def test_without_a_file_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = dispatch(["form", "print", "--kind", "annex4", "--json", "--out", str(tmp_path / "x.pdf")])
    assert code == 3
    assert json.loads(capsys.readouterr().out)["error"]["reason"] == "form.no_file"
