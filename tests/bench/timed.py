"""A token's worker that knows how long the PKCS#11 library itself took."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import PyKCS11

from app.token.keystore import Keystore

LIBRARY = PyKCS11.LowLevel.CPKCS11Lib


class TimedKeystore(Keystore):
    """Puts a clock around each of the library's calls that `CALLS` names."""

    CALLS: ClassVar[tuple[str, ...]] = tuple(name for name in vars(LIBRARY) if name.startswith("C_"))

    def __init__(self, library: Path, serial: str | None = None) -> None:
        self.spent = 0.0
        for name in self.CALLS:
            setattr(LIBRARY, name, self._timed(getattr(LIBRARY, name)))
        super().__init__(library, serial)

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:
            start = time.perf_counter()
            try:
                return call(*args)
            finally:
                self.spent += time.perf_counter() - start

        return timed

    def take(self) -> float:
        """Seconds inside these calls since last asked."""
        spent, self.spent = self.spent, 0.0
        return spent
