"""The catalogue of UKEY models (`resources/ukey_models.toml`): which libraries to try here, and what a token is."""

import os
import platform
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.paths import resource


@dataclass(frozen=True)
class PinRules:
    """What a model's PIN may be, in characters; the token's own limits hold beside it."""

    min_length: int
    max_length: int
    digits_only: bool


@dataclass(frozen=True)
class UkeyModel:
    """One model of UKEY (介质型号), as people call it and as its library calls itself."""

    id: str
    vendor: str
    model: str
    colour: str
    libraries: tuple[str, ...]
    manufacturers: tuple[str, ...]
    models: tuple[str, ...]
    usb_ids: tuple[str, ...]
    pin: PinRules

    def matches(self, manufacturer: str, model: str) -> bool:
        """Whether a token that describes itself so is of this model."""
        return _starts(manufacturer, self.manufacturers) and (not self.models or _starts(model, self.models))


@cache
def models() -> tuple[UkeyModel, ...]:
    """All models, with the libraries for this system and machine."""
    rows = tomllib.loads(resource("ukey_models.toml").read_text("utf-8"))["model"]
    return tuple(_model(row) for row in rows)


def recognise(manufacturer: str, model: str) -> UkeyModel | None:
    """The model of a token that describes itself so; None for one that the catalogue does not know."""
    return next((ukey for ukey in models() if ukey.matches(manufacturer, model)), None)


def libraries() -> tuple[Path, ...]:
    """The libraries of the catalogue that are installed on this system, each once."""
    return tuple(dict.fromkeys(path for ukey in models() for path in installed(ukey)))


def installed(ukey: UkeyModel) -> tuple[Path, ...]:
    """The libraries of one model that are installed on this system."""
    found = map(_installed, ukey.libraries)
    return tuple(path for path in found if path is not None)


def _model(row: Mapping[str, Any]) -> UkeyModel:
    here = row.get("libraries", {}).get(_system(), {})
    pin = row.get("pin", {})
    return UkeyModel(
        id=row["id"],
        vendor=row["vendor"],
        model=row["model"],
        colour=row.get("colour", ""),
        libraries=tuple(here.get("any", [])) + tuple(here.get(_machine(), [])),
        manufacturers=tuple(row.get("manufacturers", [])),
        models=tuple(row.get("models", [])),
        usb_ids=tuple(row.get("usb", [])),
        pin=PinRules(pin.get("min", 4), pin.get("max", 32), pin.get("digits_only", False)),
    )


def _starts(text: str, beginnings: tuple[str, ...]) -> bool:
    return text.casefold().startswith(tuple(beginning.casefold() for beginning in beginnings))


def _system() -> str:
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def _machine() -> str:
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())


def _installed(name: str) -> Path | None:
    """A library given by path, or by name alone in one of the system's folders."""
    candidates = [Path(name)] if Path(name).is_absolute() else [folder / name for folder in _folders()]
    return next((path for path in candidates if path.is_file()), None)


def _folders() -> list[Path]:
    if sys.platform == "win32":
        return [Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"]
    if sys.platform == "darwin":
        return [Path("/usr/local/lib"), Path("/Library/Frameworks")]
    multiarch = f"{_machine()}-linux-gnu"
    bases = ["/usr/lib", "/usr/local/lib", f"/usr/lib/{multiarch}", f"/lib/{multiarch}", "/usr/lib64", "/opt/lib"]
    inside = ["", "pkcs11", "softhsm", "watchdata"]
    return [Path(base, folder) for base in bases for folder in inside]
