"""Running the demo as people do, and what other programs say of what it left."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.token.software import CONFIGURATION

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = (sys.executable, "-m", "app", "demo", "--out")


@dataclass(frozen=True)
class Left:
    """A folder in which the demo ran to its end."""

    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """report.json."""
        content: dict[str, Any] = json.loads((self.folder / "report.json").read_text("utf-8"))
        return content

    def path(self, *parts: str) -> str:
        """A file in it."""
        return str(self.folder.joinpath(*parts))

    def environment(self) -> dict[str, str]:
        """In which SoftHSM sees this folder's tokens, and GnuTLS knows the PIN."""
        return os.environ | {CONFIGURATION: self.path("softhsm2.conf"), "GNUTLS_PIN": self.report["token"]["user_pin"]}

    def objects(self) -> dict[str, list[str]]:
        """Kind of object → CKA_ID (hex) of each on the token, as pkcs11-tool sees it."""
        token = self.report["token"]
        pin = ("--login", "--pin", token["user_pin"], "--token-label", token["label"])
        listing = said(
            "pkcs11-tool", "--module", token["module"], *pin, "--list-objects", environment=self.environment()
        )
        found: dict[str, list[str]] = {}
        kind = ""
        for line in listing.splitlines():
            if not line.startswith(" "):
                kind = line.split(" Object")[0]
            elif line.strip().startswith("ID:"):
                found.setdefault(kind, []).append(line.split()[-1])
        return found

    def check_exactly_one(self) -> None:
        """One token with one key pair, whose certificate is the one holder's; and nothing half made."""
        assert len(list((self.folder / "tokens").iterdir())) == 1
        objects = self.objects()
        assert len(objects["Private Key"]) == len(objects["Public Key"]) == 1
        assert objects["Private Key"] == objects["Public Key"]
        assert objects["Certificate"].count(objects["Private Key"][0]) == 1
        assert len(objects["Certificate"]) == 3
        assert not [
            path.name for path in self.folder.iterdir() if path.name.startswith((".founding", ".factory", ".ca"))
        ]


def run_demo(folder: Path, *options: str) -> Left:
    """To its end, which is success."""
    told_by_demo(folder, *options)
    return Left(folder)


def told_by_demo(folder: Path | str, *options: str, code: int = 0, cwd: Path = ROOT) -> str:
    """What it prints, when it ends with that code."""
    done = subprocess.run([*DEMO, str(folder), *options], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr == "" or code
    return done.stdout + done.stderr


def said(*command: str, environment: dict[str, str] | None = None) -> str:
    """What a program prints when it ends well."""
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="replace")
