"""`shiming form print`: a JSON file in, a PDF out, whatever its faults; bad JSON is named field by field."""

import json
from pathlib import Path

import pytest

from app.commands import dispatch
from app.forms import annex4, qr
from app.forms.annex4_paper import PrintedForm
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
    code, out = _print(source, "--json")
    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [code.number for code in qr.decode(out.read_bytes())] == said["numbers"]
    assert len(set(said["numbers"])) == 2
    assert {(fault["row"], fault["reason"]) for fault in said["faults"]} == {(1, "form.required"), (2, "form.required")}


def test_faults_are_said_and_a_draft_is_printed_all_the_same(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(json.dumps({"user_types": ["信息管理员"], "wants_certificate": False}), "utf-8")
    code, out = _print(source)
    assert code == 0
    assert "信息管理员必须申请数字证书。" in capsys.readouterr().out
    assert out.exists()


def test_an_empty_form_is_the_blank_one(source: Path) -> None:
    source.write_text("{}", "utf-8")
    _, out = _print(source)
    assert "编号" not in text_of(out.read_bytes())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "form.json"),
        ("[3]", "form.json"),
        ('{"mobile": 13804310000}', "form.json"),
        ('{"number": "1 2"}', "form.number"),
        ('{"number": 12}', "form.number"),
    ],
)
def test_bad_json_leaves_no_file(source: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str) -> None:
    source.write_text(text, "utf-8")
    code, out = _print(source, "--json")
    assert code == 3
    assert json.loads(capsys.readouterr().out)["error"]["reason"] == reason
    assert not out.exists()


def test_without_a_file_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = dispatch(["form", "print", "--kind", "annex4", "--json", "--out", str(tmp_path / "x.pdf")])
    assert code == 3
    assert json.loads(capsys.readouterr().out)["error"]["reason"] == "form.no_file"
