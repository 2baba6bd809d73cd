"""The guide says what stands on the screen: its bold words are the program's own, its codes those of the diagnosis."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from app import errors
from app.paths import guide
from app.services.diagnosis_causes import CAUSES
from app.views.help.guide import PAGES

APP = Path(errors.__file__).parent


@cache
def _program_s_words() -> frozenset[str]:
    """Every text of the source, and the parts of those that say it with a sign before or dots behind."""
    trees = (ast.parse(file.read_text("utf-8")) for file in APP.rglob("*.py"))
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in constants if isinstance(text, str))


@pytest.mark.parametrize("name", PAGES)
def test_bold_words_stand_on_the_screen(name: str) -> None:
    """A sentence in bold ends with a full stop: it warns, and stands nowhere else."""
    bold = re.findall(r"\*\*(.+?)\*\*", guide(name).read_text("utf-8"))
    assert [words for words in bold if not words.endswith("。") and words not in _program_s_words()] == []


def test_troubleshooting_names_every_code_of_the_diagnosis() -> None:
    assert set(re.findall(r"UK-\d\d", guide("troubleshooting").read_text("utf-8"))) == set(CAUSES)
