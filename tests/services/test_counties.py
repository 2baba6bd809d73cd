"""Which county an office means."""

import pytest

from app.divisions import Level, divisions
from app.services.counties import Counties

pytestmark = pytest.mark.requirement("A1")

NAMES = {one.code: one.name for one in divisions("22") if one.level is not Level.PROVINCE}
JILIN = Counties(NAMES)


@pytest.mark.parametrize(("code", "name"), NAMES.items())
def test_every_division_is_found_by_name_by_code_and_under_its_city(code: str, name: str) -> None:
    city = NAMES[f"{code[:4]}00"]
    assert JILIN.find(name, "", "") == (code, None)
    assert JILIN.find("", code, "") == (code, None)
    assert JILIN.find(name, code, city) == (code, None)
    if name != city:
        assert JILIN.find(f"吉林省{city}{name}", "", "") == (code, None)


@pytest.mark.parametrize(
    ("county", "code", "city", "found"),
    [
        ("农安", "", "", "220122"),
        (" 农 安\u3000县", "", "", "220122"),
        ("220122", "", "", "220122"),
        ("农安县(220122)", "", "", "220122"),
        ("220122-农安县", "", "", "220122"),
        ("220122000000", "", "", "220122"),
        ("前郭县", "", "", "220721"),
        ("前郭", "", "松原", "220721"),
        ("伊通县", "", "", "220323"),
        ("长白县", "", "", "220623"),
        ("二道", "", "", "220105"),
        ("公主岭市", "220381", "", "220184"),
        ("龙井市", "", "延边州", "222405"),
        ("龙井市", "", "延边朝鲜族自治州", "222405"),
        ("市直属", "", "长春市", "220100"),
        ("市直", "", "延边州", "222400"),
        ("吉林市", "", "", "220200"),
    ],
)
def test_what_offices_write(county: str, code: str, city: str, found: str) -> None:
    assert JILIN.find(county, code, city) == (found, None)


@pytest.mark.parametrize(
    ("county", "code", "city", "reason"),
    [
        ("", "", "", "county_missing"),
        ("", "", "长春市", "county_missing"),
        ("公主岭县", "", "", "county_unknown"),
        ("", "220381", "", "county_unknown"),
        ("农", "", "", "county_unknown"),
        ("长春", "", "", "county_unknown"),
        ("通化", "", "", "county_ambiguous"),
        ("市直", "", "", "county_unknown"),
        ("农安县", "220182", "", "county_code_differs"),
        ("公主岭市", "", "四平市", "county_not_in_city"),
        ("四平市公主岭市", "", "", "county_not_in_city"),
    ],
)
def test_what_cannot_be_told(county: str, code: str, city: str, reason: str) -> None:
    assert JILIN.find(county, code, city) == ("", f"school_list.{reason}")


def test_a_name_that_two_cities_have_is_told_apart_by_the_city() -> None:
    two = Counties({"130200": "唐山市", "130300": "秦皇岛市", "130209": "新华区", "130309": "新华区"})
    assert two.find("新华区", "", "") == ("", "school_list.county_ambiguous")
    assert two.find("新华区", "", "秦皇岛市") == ("130309", None)
    assert two.find("唐山市新华区", "", "") == ("130209", None)
    assert two.find("新华区", "130309", "") == ("130309", None)
