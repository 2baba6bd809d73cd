"""What the token session adds to the PKCS#11 calls without which there is no enrolment.

A clock around those calls, in the token's own process, takes their time in the very same run: making a key takes
anything from 5 to 500 ms, and two runs can't be compared. What remains is the pipe, `cryptography`'s keys, and looking:
whether the pair or the certificate is there already, what a cut has left.
"""

import os
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.token import port
from app.token.host import TokenHost
from app.token.software import CONFIGURATION, write_configuration
from app.token.types import KeyKind
from tests.bench.timed import TimedKeystore
from tests.support.certificates import ca_certificate, certificate_for
from tests.support.softhsm import SO_PIN, USER_PIN, softhsm_library

ROUNDS = 20
CHAIN = [ca_certificate(), ca_certificate()]
NEEDED = ("OpenSession", "Login", "GenerateKeyPair", "SignInit", "Sign", "CreateObject", "Logout", "CloseSession")


class NeededCalls(TimedKeystore):
    """Clocks only the calls that no enrolment can do without."""

    CALLS = tuple(f"C_{name}" for name in NEEDED)


def enrol(host: TokenHost, serial: str, kind: KeyKind) -> tuple[float, float]:
    """Seconds of a whole enrolment, and of the calls that it needs; making the certificate is not counted."""
    worker = host._ports[serial]._worker
    worker.call(TimedKeystore.take, 10.0)  # type: ignore[arg-type]
    key_id = os.urandom(16)
    start = time.perf_counter()
    with host.open(serial, USER_PIN) as session:
        spki = session.generate(key_id, kind, "张三")
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        builder.sign(session.private_key(key_id), hashes.SHA256())
        paused = time.perf_counter()
        certificate = certificate_for(spki)
        start += time.perf_counter() - paused
        session.write_certificate(key_id, certificate, "张三")
        session.write_chain(CHAIN)
        session.prove(key_id)
    total = time.perf_counter() - start
    return total, worker.call(TimedKeystore.take, 10.0)  # type: ignore[arg-type]


def measure(kind: KeyKind) -> None:
    """Print what is added, in milliseconds and as a share; a token of its own for each round, as in life."""
    added, shares = [], []
    for number in range(ROUNDS + 1):
        with tempfile.TemporaryDirectory() as folder, patch.object(port, "Keystore", NeededCalls):
            os.environ[CONFIGURATION] = str(write_configuration(Path(folder)))
            with TokenHost([softhsm_library()]) as host:
                serial = host.prepare("", "bench", SO_PIN, USER_PIN).serial
                host.info(serial)
                total, needed = enrol(host, serial, kind)
        if number:  # the first one imports and fills caches
            added.append((total - needed) * 1000)
            shares.append((total - needed) / needed * 100)
    print(
        f"token session, {kind}: {median(added):.1f} ms ({min(added):.1f}–{max(added):.1f}) beside the calls needed, "
        f"{median(shares):.1f} % ({min(shares):.1f}–{max(shares):.1f}) of theirs, over {ROUNDS} runs; goal for "
        f"rsa-2048 at most 10 %",
        flush=True,
    )


if __name__ == "__main__":
    for key_kind in KeyKind:
        measure(key_kind)
