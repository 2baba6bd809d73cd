#!/usr/bin/env python3
"""Bring the English catalogue up to the texts of the source, and say what is not translated.

The source is Chinese (`tr("…")` where it is shown, `N_("…")` in tables); the catalogue is
resources/locale/en/LC_MESSAGES/shiming.po. New texts are added with an empty translation, vanished ones leave.
With --check nothing is written: exit code 1 and one line for each fault.
"""

import argparse
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "resources/locale/en/LC_MESSAGES/shiming.po"
HEADER = b"""# English, for texts that are written in Chinese.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def main() -> int:
    """Update or check; 0 when the catalogue is whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, only look")
    only_look = parser.parse_args().check
    catalogue = _updated()
    faults = list(_faults(catalogue))
    if only_look and _written(catalogue) != (ENGLISH.read_bytes() if ENGLISH.exists() else b""):
        faults.append("the catalogue is behind the source: run `make translations`")
    if not only_look:
        ENGLISH.write_bytes(_written(catalogue))
    print("\n".join(faults) or f"{len(catalogue)} texts, all translated")
    return 1 if faults else 0


def _updated() -> Catalog:
    """The catalogue as the source wants it, with the translations that there are."""
    old = Catalog(locale="en")
    if ENGLISH.exists():
        with ENGLISH.open("rb") as file:
            old = read_po(file, locale="en")
    new = Catalog(locale="en")
    for name, _line, text, _comments, _context in extract_from_dir(
        str(ROOT / "app"), keywords={"tr": None, "N_": None}
    ):
        new.add(text, _translation(old, text), locations=[(f"app/{name}", None)])  # type: ignore[list-item]
    return new


def _translation(old: Catalog, text: str | tuple[str, ...]) -> str:
    message = old.get(text)
    return message.string if message and isinstance(message.string, str) else ""


def _written(catalogue: Catalog) -> bytes:
    """The file's bytes: by file, with no dates or line numbers, so that only real changes show."""
    target = io.BytesIO()
    write_po(target, catalogue, width=120, include_lineno=False, sort_by_file=True, omit_header=True)
    return HEADER + target.getvalue()


def _faults(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if not message.id:
            continue
        if not message.string:
            yield f"not translated: {message.id}"
        elif _places(message.id) != _places(message.string):
            yield f"the places in braces differ: {message.id}"


def _places(text: object) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name is not None}


if __name__ == "__main__":
    sys.exit(main())
