"""One authority is founded for the whole run, since that takes a moment, and each test gets a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ca import founding, keyfile
from app.ca.embedded import EmbeddedCA
from tests.ca.support import OFFICE, PASSPHRASE, ROOT_PASSPHRASE, now, open_ca
from tests.support.softhsm import serial, softhsm, token_host

__all__ = ["serial", "softhsm", "token_host"]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority that nobody opens."""
    folder = tmp_path_factory.mktemp("founded") / "ca"
    with pytest.MonkeyPatch.context() as patch:
        # Short keys and cheap passphrases, for speed; test_keyfile looks at the real ones.
        patch.setattr(founding, "KEY_BITS", 2048)
        patch.setattr(keyfile, "_N", 2)
        EmbeddedCA.create(folder, OFFICE, ROOT_PASSPHRASE, now(), issuing_passphrase=PASSPHRASE)
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    """The folder of an authority of the test's own, not open."""
    return Path(shutil.copytree(founded, tmp_path / "ca"))


@pytest.fixture
def ca(folder: Path) -> Iterator[EmbeddedCA]:
    """The same, open."""
    with open_ca(folder) as opened:
        yield opened
