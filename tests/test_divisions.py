"""The division data as shipped."""

from collections import Counter

import pytest

from app.divisions import Division, Level, divisions, provinces
from app.errors import Invalid

pytestmark = pytest.mark.requirement("A1")

WHOLE_COUNTRY = [division for province in provinces() for division in divisions(province.code)]


def test_jilin_has_nine_cities_sixty_counties_and_nine_zones() -> None:
    kinds = Counter((division.level, division.statistical) for division in divisions("22"))
    assert kinds == {
        (Level.PROVINCE, False): 1,
        (Level.CITY, False): 9,
        (Level.COUNTY, False): 60,
        (Level.COUNTY, True): 9,
    }


def test_gongzhuling_has_its_new_code() -> None:
    jilin = {division.code: division for division in divisions("220000")}
    assert jilin["220184"] == Division("220184", "公主岭市", Level.COUNTY, "220100", False)
    assert "220381" not in jilin


def test_every_parent_stands_before_its_children() -> None:
    seen: set[str | None] = {None}
    for division in WHOLE_COUNTRY:
        assert division.parent_code in seen, division
        seen.add(division.code)


def test_the_whole_country_is_there_once() -> None:
    assert len(provinces()) == 34
    assert len({division.code for division in WHOLE_COUNTRY}) == len(WHOLE_COUNTRY) > 3300
    assert all(len(division.code) == 6 and division.code.isdecimal() for division in WHOLE_COUNTRY)


def test_counties_without_a_city_stand_under_the_province() -> None:
    by_code = {division.code: division for division in WHOLE_COUNTRY}
    assert by_code["110101"].parent_code == "110000"
    assert by_code["429004"].parent_code == "420000"
    assert by_code["441900"].level is Level.CITY
    assert by_code["620201"].statistical


def test_county_names_are_unique_within_jilin() -> None:
    names = Counter(division.name for division in divisions("22"))
    assert names.most_common(1)[0][1] == 1


def test_an_unknown_province_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        divisions("99")
    assert caught.value.reason == "divisions.unknown_province"
