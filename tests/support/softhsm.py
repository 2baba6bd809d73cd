"""A software token of the test's own. A conftest that imports these fixtures makes them known to its folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.token.catalogue import libraries
from app.token.host import TokenHost
from app.token.software import CONFIGURATION, write_configuration

SO_PIN, USER_PIN = "87654321", "135790"


@dataclass(frozen=True)
class SoftHsm:
    """SoftHSM's library and where it keeps this test's tokens."""

    library: Path
    folder: Path


def softhsm_library() -> Path:
    """SoftHSM's PKCS#11 library, where this system has it."""
    library = next((path for path in libraries() if path.name == "libsofthsm2.so"), None)
    assert library is not None, "install softhsm2"
    return library


@pytest.fixture
def softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    """SoftHSM with a folder of its own; one blank, not initialised token is seen."""
    monkeypatch.setenv(CONFIGURATION, str(write_configuration(tmp_path)))
    return SoftHsm(softhsm_library(), tmp_path)


@pytest.fixture
def token_host(softhsm: SoftHsm) -> Iterator[TokenHost]:
    """All tokens of this test's SoftHSM."""
    with TokenHost([softhsm.library]) as host:
        yield host


@pytest.fixture
def serial(token_host: TokenHost) -> str:
    """The serial number of a token that is prepared: label `测试`, SO_PIN, USER_PIN."""
    (blank,) = token_host.tokens()
    return token_host.prepare(blank.serial, "测试", SO_PIN, USER_PIN).serial
