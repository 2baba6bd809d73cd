"""A token in software (SoftHSM), for the demo and for tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from app import durable
from app.words import tr
from app.workers import Worker

CONFIGURATION = "SOFTHSM2_CONF"
"""The environment variable that names the configuration; it holds for processes started after it is set."""
SETTINGS = "softhsm2.conf"
"""The configuration's name in a folder that has a software token."""
LIBRARY = "libsofthsm2.so"
_LIMIT = 60.0  # seconds


def write_configuration(folder: Path) -> Path:
    """Give SoftHSM a place for its tokens inside `folder`; returns the configuration file."""
    tokens = folder.absolute() / "tokens"
    tokens.mkdir(parents=True, exist_ok=True)
    tokens.chmod(0o700)
    file = folder.absolute() / SETTINGS
    file.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8")
    return file


def manufacture(folder: Path, library: Path, label: str, so_pin: str) -> None:
    """Put one more token into the `tokens` of `folder`, as from the factory: label and SO PIN, no PIN of the user's.

    It appears whole or not at all: SoftHSM itself can be cut while it makes one. A TokenHost has to load the library
    anew to see it. Raises Unavailable `worker.…`, `token.…`.
    """
    tokens = folder / "tokens"
    tokens.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(prefix=".factory-", dir=folder) as draft:
        with _configured(write_configuration(Path(draft))):
            factory = Worker(partial(_Factory, library), tr("软件 UKEY"))
            try:
                factory.call(_Factory.make, _LIMIT, label, so_pin)
            finally:
                factory.close()
        for made in Path(draft, "tokens").iterdir():
            made.rename(tokens / made.name)
    mend(folder)


def mend(folder: Path) -> None:
    """Give tokens their own record back where a kill left it empty, and keep a copy of the whole ones.

    SoftHSM empties and rewrites `token.object` at each login; a token in hardware does not lose itself like that. To be
    called before the library is loaded.
    """
    for record in (folder / "tokens").glob("*/token.object"):
        copy = record.with_name("token.whole")
        if copy.exists() and record.stat().st_size < copy.stat().st_size:
            durable.write(record, copy.read_bytes())
        elif record.stat().st_size:
            durable.write(copy, record.read_bytes())


class _Factory:
    """In a process of its own, which sees the draft's configuration."""

    def __init__(self, library: Path) -> None:
        from app.token.device import Device  # PyKCS11 stays out of the program's own process

        self._device = Device(library)

    def make(self, label: str, so_pin: str) -> None:
        slot = next(slot for slot, info in self._device.tokens() if not info.initialised)
        self._device.initialise(slot, so_pin, label)


@contextmanager
def _configured(file: Path) -> Iterator[None]:
    before = os.environ.get(CONFIGURATION)
    os.environ[CONFIGURATION] = str(file)
    try:
        yield
    finally:
        if before is None:
            del os.environ[CONFIGURATION]
        else:
            os.environ[CONFIGURATION] = before
