"""Which county an office means by what it wrote."""

import re
from collections.abc import Mapping, Sequence

from app import codes

_SUFFIXES = "县市区旗州"
_ABOVE = "省市州盟区"
_CITY_RUN = re.compile("市(直|属|本级|直属)(学校|单位)?|直属(学校)?")
_NUMBERING = re.compile(r"[0-9()_-]")
_CODE = re.compile("([0-9]{6})(0{6})?")


class Counties:
    """Finds counties, and cities where a school is city-run (直属), by name and code as written in lists."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names`: code → full name; a city's code ends in `00`."""
        self.names = names
        self._codes: dict[str, list[str]] = {}
        for code, name in names.items():
            self._codes.setdefault(name, []).append(code)

    def find(self, county: str, code: str, city: str) -> tuple[str, str | None]:
        """The code for a county's name, its code and its city, any of them blank; or `""` and a reason."""
        if not (county or code):
            return "", "school_list.county_missing"
        county = codes.normalise(county)
        above, county = self._split(_NUMBERING.sub("", county) or county)
        within, by_code = self._city(codes.normalise(city) or above), self._by_code(code)
        found = self._by_name(county, within) if county else [by_code] if by_code else []
        if len(found) > 1:
            found = [one for one in found if by_code == one or within[:4] == one[:4]] or found
        if len(found) != 1:
            return "", "school_list.county_ambiguous" if found else "school_list.county_unknown"
        if by_code and by_code != found[0]:
            return "", "school_list.county_code_differs"
        if within and found[0][:4] != within[:4]:
            return "", "school_list.county_not_in_city"
        return found[0], None

    def _split(self, text: str) -> tuple[str, str]:
        """`吉林省长春市农安县` → `吉林省长春市`, `农安县`; what ends in no known name stays whole."""
        for start in range(1, len(text)):
            if text[start:] in self._codes and text[start - 1] in _ABOVE:
                return text[:start], text[start:]
        return "", text

    def _by_code(self, text: str) -> str:
        match = _CODE.fullmatch(text)
        return match[1] if match and match[1] in self.names else ""

    def _by_name(self, text: str, within: str) -> Sequence[str]:
        if _CITY_RUN.fullmatch(text):
            return [within] if within else []
        if code := self._by_code(text):
            return [code]
        if text in self._codes:
            return self._codes[text]
        found = self._by_short_name(text)
        return found if any(map(_is_county, found)) else []

    def _by_short_name(self, text: str) -> Sequence[str]:
        """`农安` is 农安县, and `前郭县` is 前郭尔罗斯蒙古族自治县."""
        short = text[:-1] if text[-1:] in _SUFFIXES else text
        if len(short) < 2:
            return []
        alike = [(code, name) for code, name in self.names.items() if name.startswith(short)]
        if short != text:
            alike = [(code, name) for code, name in alike if name[-1] == text[-1]]
        closest = [code for code, name in alike if len(name) == len(short) + 1]
        return closest or [code for code, _ in alike]

    def _city(self, text: str) -> str:
        """The city's code, where `text` names one that is known."""
        _above, name = self._split(text)
        found = [code for code in self._codes.get(name) or self._by_short_name(name) if not _is_county(code)]
        return found[0] if len(found) == 1 else ""


def _is_county(code: str) -> bool:
    return not code.endswith("00")
