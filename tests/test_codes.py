"""Numbers and codes: cleaned, checked, masked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import codes

TODAY = date(2020, 7, 24)
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def iso_7064_mod_11_2(digits: str) -> str:
    """The check character as ISO 7064 defines it (pure system MOD 11-2), which GB 11643 tabulates."""
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def gb_32100(first: str) -> str:
    """The check character by the weights printed in GB 32100-2015."""
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    rest = 31 - sum(CREDIT.index(one) * weight for one, weight in zip(first, weights, strict=True)) % 31
    return CREDIT[rest % 31]


birthdays = st.dates(date(1900, 1, 1), TODAY).map(lambda day: f"{day:%Y%m%d}")
areas = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)
serials = st.from_regex(r"[0-9]{3}", fullmatch=True)
id_numbers = st.builds("{}{}{}".format, areas, birthdays, serials).map(lambda text: text + iso_7064_mod_11_2(text))
credit_codes = st.text(CREDIT, min_size=17, max_size=17).map(lambda text: text + gb_32100(text))


@pytest.mark.requirement("C1")
class TestIdNumber:
    def test_the_standard_s_example(self) -> None:
        assert codes.id_number_fault("11010519491231002X", TODAY) is None

    @given(id_numbers)
    def test_a_true_one_passes(self, number: str) -> None:
        assert codes.id_number_fault(number, TODAY) is None

    @given(id_numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
    def test_one_wrong_character_is_always_found(self, number: str, place: int, other: str) -> None:
        wrong = number[:place] + other + number[place + 1 :]
        assert (codes.id_number_fault(wrong, TODAY) is None) == (wrong == number)

    @given(id_numbers, st.integers(0, 16))
    def test_two_neighbours_exchanged_are_always_found(self, number: str, place: int) -> None:
        wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert (codes.id_number_fault(wrong, TODAY) is None) == (wrong == number)

    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            ("", "id.length"),
            ("110105491231002", "id.length"),
            ("11010519491231002X0", "id.length"),
            ("11010519491231002x", "id.characters"),
            ("1101051949123100ZX", "id.characters"),
            ("X10105194912310021", "id.characters"),
            ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "id.characters"),
            ("11010519490231002X", "id.date"),
            ("110105194912310021", "id.check_digit"),
            ("110105202007250025", "id.date"),
        ],
    )
    def test_each_fault_has_its_reason(self, number: str, reason: str) -> None:
        assert codes.id_number_fault(number, TODAY) == reason

    def test_who_is_born_today_is_born(self) -> None:
        number = "22012220200724001"
        assert codes.id_number_fault(number + iso_7064_mod_11_2(number), TODAY) is None

    def test_an_unknown_area_is_no_fault(self) -> None:
        number = "99999919800101001"
        assert codes.id_number_fault(number + iso_7064_mod_11_2(number), TODAY) is None


@pytest.mark.requirement("A1")
class TestCreditCode:
    def test_a_known_one(self) -> None:
        assert codes.credit_code_fault("91350100M000100Y43") is None

    @given(credit_codes)
    def test_a_true_one_passes(self, code: str) -> None:
        assert codes.credit_code_fault(code) is None

    @given(credit_codes, st.integers(0, 17), st.sampled_from(CREDIT))
    def test_one_wrong_character_is_always_found(self, code: str, place: int, other: str) -> None:
        wrong = code[:place] + other + code[place + 1 :]
        assert (codes.credit_code_fault(wrong) is None) == (wrong == code)

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("91350100M000100Y4", "credit_code.length"),
            ("9I350100M000100Y43", "credit_code.characters"),
            ("91350100m000100y43", "credit_code.characters"),
            ("91350100M000100Y44", "credit_code.check_digit"),
        ],
    )
    def test_each_fault_has_its_reason(self, code: str, reason: str) -> None:
        assert codes.credit_code_fault(code) == reason


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    ("code", "province", "reason"),
    [
        ("2122000101", "22", None),
        ("2122000101", "220000", None),
        ("2123000101", "22", "school_code.province"),
        ("212200010", "22", "school_code.form"),
        ("21220001011", "22", "school_code.form"),
        ("2122000x01", "22", "school_code.form"),
        ("２１２２０００１０１", "22", "school_code.form"),
    ],
)
def test_school_code(code: str, province: str, reason: str | None) -> None:
    assert codes.school_code_fault(code, province) == reason


@pytest.mark.requirement("C1")
@pytest.mark.parametrize("phone", ["0431-88904567", "(0431)88904567", "88904567", "04328890456-801", "13904310001"])
def test_telephones_that_are_written_so(phone: str) -> None:
    assert codes.phone_fault(phone) is None


@pytest.mark.requirement("C1")
@pytest.mark.parametrize("phone", ["", "0431", "0431-08904567", "12345678901", "0431-88904567\n", "电话"])
def test_telephones_that_cannot_be(phone: str) -> None:
    assert codes.phone_fault(phone) == "phone.form"


@pytest.mark.requirement("E3")
@pytest.mark.parametrize("number", ["", "1390431000", "139043100011", "12904310001", "+8613904310001", "1390431000a"])
def test_mobiles_that_cannot_be(number: str) -> None:
    assert codes.mobile_fault(number) == "mobile.form"


@pytest.mark.requirement("E3")
@pytest.mark.parametrize(
    "typed", ["+86 139-0431-0001", "００８６１３９０４３１０００１", " 139 0431 0001", "86-13904310001"]
)
def test_a_mobile_is_kept_in_one_form(typed: str) -> None:
    assert codes.normalise_mobile(typed) == "13904310001"


@pytest.mark.requirement("C1")
@pytest.mark.parametrize("address", ["a@b.cn", "zhang.san+k@mail.jl-edu.cn", "791684020@qq.com", "x_y@a.b.c.org"])
def test_addresses_that_are_used(address: str) -> None:
    assert codes.email_fault(address) is None


@pytest.mark.requirement("C1")
@pytest.mark.parametrize(
    "address",
    [
        *("", "a", "a@b", "@b.cn", "a@b..cn", ".a@b.cn", "a.@b.cn", "a@b.cn\n", "a b@c.cn", "张@b.cn", "a@-b.cn"),
        *("a@b.c1@d.cn", "a" * 65 + "@b.cn", "a@" + "b" * 250 + ".cn"),
    ],
)
def test_addresses_that_cannot_be(address: str) -> None:
    assert codes.email_fault(address) == "email.form"


@given(st.text())
def test_normalise_is_idempotent(text: str) -> None:
    once = codes.normalise(text)
    assert codes.normalise(once) == once
    assert codes.normalise_id_number(codes.normalise_id_number(text)) == codes.normalise_id_number(text)


@pytest.mark.parametrize(
    "typed", ["１１０１０５１９４９１２３１００２ｘ", " 110105 19491231\u3000002x\n", "\ufeff110105\u200b19491231002X"]
)
def test_an_id_number_is_kept_in_one_form(typed: str) -> None:
    assert codes.normalise_id_number(typed) == "11010519491231002X"


def test_dashes_become_one_kind() -> None:
    assert codes.normalise("0431—8890–4567－8") == "0431-8890-4567-8"


@pytest.mark.requirement("G4")
def test_masks() -> None:
    assert codes.mask_id_number("11010519491231002X") == "1****************X"
    assert codes.mask_phone("13904310001") == "139****0001"
    assert codes.mask_email("zhangsan@example.com") == "z***@example.com"


@pytest.mark.requirement("G4")
@given(st.text(max_size=24))
def test_a_mask_never_shows_more_than_it_may(text: str) -> None:
    shown = len(text.replace("*", ""))
    assert len(codes.mask_id_number(text).replace("*", "")) <= min(2, shown)
    assert len(codes.mask_phone(text).replace("*", "")) <= min(7, shown)
    assert codes.mask_email(text).rpartition("@")[0].replace("*", "") in (text[:1], "")


@pytest.mark.requirement("C1")
def test_school_types_are_those_of_the_statistics() -> None:
    assert codes.SCHOOL_TYPES["211"] == "小学"
    assert codes.SCHOOL_TYPES["419"] == "分校、大专班"
    assert len(codes.SCHOOL_TYPES) == 54
    assert set(codes.SCHOOL_TYPE_NAMES.values()) == set(codes.SCHOOL_TYPES)
    assert codes.SCHOOL_TYPES_VERSION
