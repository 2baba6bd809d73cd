"""Every word that a person reads: Chinese in the source, English by gettext."""

import gettext
from functools import cache

from app.paths import resource

CHINESE, ENGLISH = "zh_CN", "en"
_language = CHINESE


def set_language(language: str) -> None:
    """Choose the language of all that follows: `zh_CN` (the source) or `en`."""
    global _language
    _language = language


def tr(text: str, /, **values: object) -> str:
    """The text in the language in force, with `{name}` places filled in."""
    translated = _catalogue(_language).gettext(text) if text else ""
    return translated.format(**values) if values else translated


def N_(text: str, /) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text in a table for translation; `tr` translates it where it is shown."""
    return text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == CHINESE:
        return gettext.NullTranslations()
    return gettext.translation("shiming", resource("locale"), [language])
