"""A whole enrolment on a software token: against the PKCS#11 calls in it, and against openssl and pkcs11-tool.

The time inside PKCS#11 is taken in the very same run, by a clock around each call of the library in the token's
process: making an RSA key takes anything from 50 to 500 ms, and two runs can't be compared. Commits to the database (on
the disk, synchronous) and the embedded authority, whose RSA-4096 signature is not the token's work, are told apart.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from app import codes
from app.ca.embedded import EmbeddedCA
from app.demo.cast import HOLDER, SCHOOL
from app.forms.annex4 import Annex4
from app.policy import Post
from app.services.enrolment import enrol
from app.services.journal import Download
from app.services.operations import Gate
from app.token import port
from app.token.catalogue import libraries
from app.token.host import TokenHost
from app.token.software import CONFIGURATION, write_configuration
from app.token.types import KeyKind
from tests.bench.timed import TimedKeystore
from tests.ca.support import OFFICE, PASSPHRASE, ROOT_PASSPHRASE, now, open_ca
from tests.support.offices import Office, make_template
from tests.support.softhsm import SO_PIN, USER_PIN

ROUNDS = 15
_BY_HAND = {KeyKind.RSA_2048: ("rsa:2048", "SHA256-RSA-PKCS"), KeyKind.EC_P256: ("EC:prime256v1", "ECDSA")}


@dataclass
class Split:
    """Where one enrolment's time went, in seconds."""

    total: float
    inside: float
    commits: float
    authority: float

    @property
    def rest(self) -> float:
        """What is neither the token's, nor the database's, nor the authority's."""
        return self.total - self.inside - self.commits - self.authority


@contextmanager
def timed(owner: type, *names: str) -> Iterator[list[float]]:
    """How long each call of these methods takes: of the gate's, commit included; of the authority's."""
    spent: list[float] = []

    def clocked(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                spent.append(time.perf_counter() - start)

        return run

    with ExitStack() as patches:
        for name in names:
            patches.enter_context(patch.object(owner, name, clocked(getattr(owner, name))))
        yield spent


def one(office: Office, ca: EmbeddedCA, kind: KeyKind, number: int) -> Split:
    """Enrol one more holder on one new token, everything prepared before the clock starts."""
    with tempfile.TemporaryDirectory() as folder, patch.object(port, "Keystore", TimedKeystore):
        os.environ[CONFIGURATION] = str(write_configuration(Path(folder)))
        with TokenHost([path for path in libraries() if path.name == "libsofthsm2.so"]) as tokens:
            serial = tokens.prepare(tokens.tokens()[0].serial, "bench", SO_PIN, USER_PIN).serial
            tokens.info(serial)
            worker = tokens._ports[serial]._worker
            worker.call(TimedKeystore.take, 10.0)  # type: ignore[arg-type]
            request, code = office.with_code(_holder(number), f"holder-{number}")
            download = Download(HOLDER.mobile, code, serial, USER_PIN, kind)
            with timed(Gate, "do") as commits, timed(EmbeddedCA, "submit", "poll", "fetch") as authority:
                start = time.perf_counter()
                enrol(Gate(office.context), office.actor(SCHOOL, Post.SYSTEM), tokens, ca, request, download)
                total = time.perf_counter() - start
            inside = worker.call(TimedKeystore.take, 10.0)  # type: ignore[arg-type]
            return Split(total, inside, sum(commits), sum(authority))


def _holder(number: int) -> Annex4:
    """Somebody else each time."""
    digits = f"22012219900307{number:03}"
    return replace(HOLDER, name=f"持证人{number}", id_number=digits + codes.id_check_digit(digits))


def by_hand(folder: Path, ca: Path, kind: KeyKind) -> float:
    """The same job by somebody at a terminal: pkcs11-tool makes and writes, openssl asks and issues; seconds."""
    os.environ[CONFIGURATION] = str(write_configuration(folder))
    library = next(str(path) for path in libraries() if path.name == "libsofthsm2.so")
    tool = ["pkcs11-tool", "--module", library]
    _run(*tool, "--init-token", "--slot-index", "0", "--label", "bench", "--so-pin", SO_PIN)
    login = [*tool, "--token-label", "bench", "--login", "--pin", USER_PIN]
    _run(
        *tool,
        "--token-label",
        "bench",
        "--login",
        "--login-type",
        "so",
        "--so-pin",
        SO_PIN,
        "--init-pin",
        "--pin",
        USER_PIN,
    )
    start = time.perf_counter()
    key_type, mechanism = _BY_HAND[kind]
    _run(*login, "--keypairgen", "--key-type", key_type, "--id", "01", "--label", "bench")
    _run(*login, "--read-object", "--type", "pubkey", "--id", "01", "-o", str(folder / "public.der"))
    _run(
        "openssl",
        "pkey",
        "-pubin",
        "-inform",
        "DER",
        "-in",
        str(folder / "public.der"),
        "-out",
        str(folder / "public.pem"),
    )
    issuing = ["-CA", str(ca / "ca.pem"), "-CAkey", str(ca / "ca.key"), "-CAcreateserial"]
    subject = ["-new", "-subj", "/CN=bench", "-force_pubkey", str(folder / "public.pem")]
    _run("openssl", "x509", *subject, *issuing, "-outform", "DER", "-out", str(folder / "holder.der"))
    for name, file in (("01", folder / "holder.der"), ("02", ca / "ca.der"), ("03", ca / "ca.der")):
        _run(*login, "--write-object", str(file), "--type", "cert", "--id", name)
    (folder / "challenge").write_bytes(os.urandom(32))
    signed = ["--sign", "--mechanism", mechanism, "--id", "01", "-i", str(folder / "challenge")]
    _run(*login, *signed, "--signature-format", "openssl", "-o", str(folder / "signature"))
    public, signature, challenge = (str(folder / name) for name in ("public.pem", "signature", "challenge"))
    if kind is KeyKind.RSA_2048:
        _run("openssl", "dgst", "-sha256", "-verify", public, "-signature", signature, challenge)
    else:  # SoftHSM signs what is a digest already
        _run("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-sigfile", signature, "-in", challenge)
    return time.perf_counter() - start


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _spread(values: list[float], form: str) -> str:
    ordered = sorted(values)
    return f"{median(ordered):{form}} ({ordered[0]:{form}}–{ordered[-1]:{form}}) over {len(ordered)} runs"


def main() -> None:
    """Print what the issue asks for: shares, milliseconds, and the ratio to the same job by hand."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        (place / "office").mkdir()
        template = make_template(place / "office", None)
        EmbeddedCA.create(place / "ca", OFFICE, ROOT_PASSPHRASE, now(), issuing_passphrase=PASSPHRASE)
        _make_plain_ca(place)
        splits: dict[KeyKind, list[Split]] = {kind: [] for kind in KeyKind}
        ratios: dict[KeyKind, list[float]] = {kind: [] for kind in KeyKind}
        with open_ca(place / "ca") as ca, template.copied(place / "desk") as office:
            office.clock.moment = datetime.now(UTC)
            one(office, ca, KeyKind.EC_P256, 0)  # what is done once only (imports, statements) is not measured
            for number in range(1, ROUNDS + 1):
                for place_of, kind in enumerate(KeyKind):
                    splits[kind].append(one(office, ca, kind, 2 * number + place_of))
                    hand = place / f"{kind}-{number}"
                    hand.mkdir()
                    ratios[kind].append(by_hand(hand, place, kind) / splits[kind][-1].total)
    shares = [(split.total - split.inside) / split.inside * 100 for split in splits[KeyKind.RSA_2048]]
    print(
        f"enrolment, RSA-2048, time outside PKCS#11: {_spread(shares, '.1f')} % of the time inside; goal at most 10 %"
    )
    for what in ("rest", "authority", "commits"):
        parts = [getattr(split, what) * 1000 for split in splits[KeyKind.EC_P256]]
        print(f"enrolment, P-256, outside PKCS#11, the {what}: {_spread(parts, '.1f')} ms")
    for kind, found in ratios.items():
        print(f"enrolment, {kind}, times as fast as pkcs11-tool and openssl: {_spread(found, '.1f')}; goal over 1")


def _make_plain_ca(place: Path) -> None:
    _run("openssl", "req", "-x509", "-newkey", "rsa:4096", "-nodes", "-subj", "/CN=CA", "-days", "30",
         "-keyout", str(place / "ca.key"), "-out", str(place / "ca.pem"))  # fmt: skip
    _run("openssl", "x509", "-in", str(place / "ca.pem"), "-outform", "DER", "-out", str(place / "ca.der"))


if __name__ == "__main__":
    main()
