"""Filled-in forms as people save them: JSON, in whatever encoding their editor chose."""

import codecs
import json
from typing import Any

from app.errors import Invalid
from app.forms import annex4
from app.forms.annex4 import Annex4

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def forms(content: bytes) -> list[object]:
    """What stands for each form in the file. Invalid `form.json` when it is no JSON."""
    try:
        given = json.loads(_decoded(content))
    except json.JSONDecodeError as error:
        raise Invalid("form.json", state="syntax", line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of brackets
        raise Invalid("form.json", state="kind") from error
    return given if isinstance(given, list) else [given]


def values_of(form: Annex4) -> dict[str, Any]:
    """A form as its JSON object has it."""
    values: dict[str, Any] = json.loads(annex4.to_json(form))
    return values


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith(_MARKS) else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("form.json", state="encoding")
