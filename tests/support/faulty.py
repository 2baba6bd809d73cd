"""The library that misbehaves on demand (`tests/faulty_pkcs11/faulty.c`), built once a run, in front of SoftHSM."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.token.host import TokenHost
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm

SOURCE = Path(__file__).parent.parent / "faulty_pkcs11" / "faulty.c"

CKR_GENERAL_ERROR = 0x05
CKR_DEVICE_ERROR = 0x30
CKR_DEVICE_MEMORY = 0x31
CKR_DEVICE_REMOVED = 0x32
CKR_PIN_INCORRECT = 0xA0
CKR_PIN_LOCKED = 0xA4
CKR_SESSION_HANDLE_INVALID = 0xB3
CKR_TOKEN_NOT_RECOGNIZED = 0xE1
CKR_TOKEN_WRITE_PROTECTED = 0xE2


class Faulty:
    """One faulty library with its rules; a rule reads `C_Sign 2 return 0x32` (all of them: see the C source)."""

    def __init__(self, library: Path, softhsm: SoftHsm) -> None:
        self.library = library
        self.rules = softhsm.folder / "faulty.rules"
        self._log = softhsm.folder / "calls.log"
        self._base = f"module {softhsm.library}\nlog {self._log}\n"
        self.set()

    def set(self, *rules: str) -> None:
        """From now on these, and only these; also for processes that run already."""
        for fired in self.rules.parent.glob("faulty.rules.fired-*"):
            fired.unlink()
        new = self.rules.with_suffix(".new")
        new.write_text(self._base + "".join(f"{rule}\n" for rule in rules))
        new.replace(self.rules)

    def fired(self) -> int:
        """How many of the rules that fire once have done so."""
        return len(list(self.rules.parent.glob("faulty.rules.fired-*")))

    def calls(self, name: str) -> int:
        """How often a function has been called, in all processes, since `forget_calls`."""
        return self._log.read_text().split().count(name) if self._log.exists() else 0

    def forget_calls(self) -> None:
        """Count from nothing again."""
        self._log.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def faulty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library, compiled."""
    target = tmp_path_factory.mktemp("faulty") / "libfaulty.so"
    options = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["gcc", *options, "-o", target, SOURCE, "-ldl"], check=True)
    return target


@pytest.fixture
def faulty(faulty_library: Path, softhsm: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> Faulty:
    """The faulty library in front of this test's SoftHSM, with no fault yet."""
    library = Faulty(faulty_library, softhsm)
    monkeypatch.setenv("FAULTY_PKCS11", os.fspath(library.rules))
    return library


@pytest.fixture
def faulty_host(faulty: Faulty) -> Iterator[TokenHost]:
    """All tokens seen through the faulty library."""
    with TokenHost([faulty.library]) as host:
        yield host


@pytest.fixture
def faulty_serial(faulty_host: TokenHost) -> str:
    """A token prepared through the faulty library."""
    return faulty_host.prepare("", "测试", SO_PIN, USER_PIN).serial
