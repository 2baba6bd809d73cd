"""附件4 on paper, by witnesses: pdftotext finds each label and value, and nothing leaves its cell."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms.annex4 import FIELDS, NOTES, SIGN_LABELS, TITLE, Annex4, Signature, SignStep, UserType, content_hash
from app.forms.annex4_paper import PrintedForm, render
from app.forms.fitting import CONTINUED, SIZES, fit, fit_line
from app.forms.fonts import SONG
from app.forms.qr import FormCode
from tests.forms.samples import EXTREME, RARE, SIGNED, TYPICAL
from tests.forms.witness import squeezed, text_of

pytestmark = pytest.mark.requirement("F1")

NUMBER = "FJ4-2026-000123"


def _text(form: Annex4, *options: str) -> str:
    return squeezed(text_of(render([PrintedForm(NUMBER, form)]), *options))


@pytest.mark.parametrize("form", [Annex4(), TYPICAL, EXTREME], ids=["empty", "typical", "extreme"])
@pytest.mark.parametrize("options", [(), ("-raw",)])
def test_each_label_and_note_of_the_source_is_there(form: Annex4, options: tuple[str, ...]) -> None:
    text = _text(form, *options)
    words = [
        TITLE,
        "附件4",
        *(field.label for field in FIELDS),
        *SIGN_LABELS.values(),
        *(f"{kind}" for kind in UserType),
    ]
    assert [
        word for word in [*words, "备注：", *NOTES, "签字：", "签章：", "老用户填写"] if squeezed(word) not in text
    ] == []
    assert text.count("签章：") == 3
    assert text.count("年月日") == 4


def test_each_value_is_there() -> None:
    text = _text(TYPICAL)
    values = [
        str(getattr(TYPICAL, field.key))
        for field in FIELDS
        if field.kind not in ("user_types", "yes_no", "school_type")
    ]
    assert [value for value in [*values, "小学", NUMBER] if value not in text] == []
    assert "□信息查询员" in text
    assert "☑信息管理员" in text
    assert "☑培训管理员" in text
    assert "□系统管理员" in text
    assert "☑是□否" in text


def test_yes_no_and_neither() -> None:
    assert "□是☑否" in _text(replace(TYPICAL, wants_certificate=False))
    assert "□是□否" in _text(replace(TYPICAL, wants_certificate=None))


def test_the_blank_form_has_the_sources_guidance_and_no_number() -> None:
    text = squeezed(text_of(render([PrintedForm("", Annex4())])))
    assert "××省××市××区×××××××" in text
    assert "编号" not in text
    assert "××" not in _text(TYPICAL)


def test_rare_characters_come_back() -> None:
    assert RARE in _text(replace(TYPICAL, name=RARE[:8], remarks=RARE))
    assert "王㛃" in _text(TYPICAL)


def test_recorded_sign_offs_are_printed() -> None:
    text = squeezed(text_of(render([PrintedForm(NUMBER, TYPICAL, SIGNED)]), "-raw"))
    assert "签字：王㛃2026年9月1日" in text
    assert "签章：张𬭊2026年9月3日" in text
    assert "经核对，申请人身份信息属实。" in text
    assert "龚䶮2026年10月14日" in text


def test_a_long_answer_goes_on_on_an_attached_page() -> None:
    """The whole of it is there, and the attached page has the form's number and its own."""
    pages = text_of(render([PrintedForm(NUMBER, EXTREME)]), "-raw").rstrip("\f").split("\f")
    assert len(pages) >= 2
    assert all(
        NUMBER in page and squeezed(f"第{place}页　共{len(pages)}页") in squeezed(page)
        for place, page in enumerate(pages, 1)
    )
    first, rest = squeezed(pages[0]), squeezed("".join(pages[1:]))
    begun = first[first.index("因岗位调整") : first.index(CONTINUED, first.index("因岗位调整"))]
    continued = re.sub(r"第\d页共\d页.*?（附页）(.*?（续）)?", "", rest.partition("其他补充说明（续）")[2])
    assert begun + continued.partition("第")[0] == EXTREME.remarks


def test_a_very_long_opinion_fills_as_many_pages_as_it_takes() -> None:
    opinion = "意见" * 4000
    signed = {SignStep.OFFICE: Signature("李敏", date(2026, 9, 2), opinion)}
    text = squeezed(text_of(render([PrintedForm(NUMBER, TYPICAL, signed)])))
    assert text.count("意见") - text.count("部门意见") - text.count("受理意见") - text.count("办公室意见") == 4000


def test_many_forms_are_one_file_and_the_same_bytes_each_time() -> None:
    forms = [PrintedForm(f"FJ4-2026-{place:06}", TYPICAL) for place in range(3)]
    pdf = render(iter(forms))
    assert text_of(pdf).count("\f") == 3
    assert pdf == render(forms)


def test_the_code_ties_the_paper_to_what_it_states() -> None:
    code = PrintedForm(NUMBER, TYPICAL).code
    assert code == FormCode.of(NUMBER, content_hash(TYPICAL))
    assert code.matches(content_hash(TYPICAL))
    assert not code.matches(content_hash(replace(TYPICAL, mobile="13804310001")))


def test_all_text_is_in_embedded_fonts() -> None:
    pdf = render([PrintedForm(NUMBER, EXTREME)])
    assert set(re.findall(rb"/BaseFont /(\S+)", pdf)) == set(re.findall(rb"/FontName /(\S+)", pdf))
    assert pdf.count(b"/FontFile2") >= 3


@settings(max_examples=60)
@given(st.text(st.sampled_from("申请单，。（）ab1 \n𠁁"), max_size=400), st.integers(40, 400), st.integers(12, 80))
def test_a_fitted_text_stays_in_its_box_and_keeps_every_character(text: str, width: int, height: int) -> None:
    for fitted in (fit(text, width, height), fit_line(text, width, height)):
        used = len(fitted.lines) * fitted.leading - (fitted.leading - fitted.size)
        assert used <= height or fitted.lines == (CONTINUED,)
        shown = "".join(line for line in fitted.lines if line != CONTINUED)
        assert shown + fitted.rest == text
        assert (CONTINUED in fitted.lines) == bool(fitted.rest)
        assert all(
            SONG.width(line.rstrip(), fitted.size) <= width + 0.001 for line in fitted.lines if line != CONTINUED
        )
        assert fitted.size in SIZES
