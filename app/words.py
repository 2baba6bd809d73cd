"""Every word that a person reads: Chinese in the source, English by gettext."""

import gettext
from collections.abc import Iterable
from functools import cache

from app.paths import resource

CHINESE, ENGLISH = "zh_CN", "en"
_language = CHINESE


def set_language(language: str) -> None:
    """Choose the language of all that follows: `zh_CN` (the source) or `en`."""
    global _language
    _language = language


def language() -> str:
    """The language in force."""
    return _language


def tr(text: str, /, **values: object) -> str:
    """The text in the language in force, with `{name}` places filled in."""
    translated = _catalogue(_language).gettext(text) if text else ""
    return translated.format(**values) if values else translated


def N_(text: str, /) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text in a table for translation; `tr` translates it where it is shown."""
    return text


def listing(parts: Iterable[str]) -> str:
    """Several things in a row, divided as the language in force does."""
    return tr("、").join(parts)


def sentences(*texts: str) -> str:
    """Sentences one after another: with a space between in English, with none in Chinese."""
    return ("" if _language == CHINESE else " ").join(text for text in texts if text)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == CHINESE:
        return gettext.NullTranslations()
    return gettext.translation("shiming", resource("locale"), [language])
