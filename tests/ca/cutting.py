"""Kill a job (SIGKILL) before each line of `app/ca` that it runs, one after the other, and look at what is left.

Run as a program (`python -m tests.ca.cutting JOB FOLDER`) so that it has one thread and can fork; prints how often it
cut.
"""

import itertools
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.ca import embedded, files, founding, journal, keyfile, register
from app.ca.embedded import EmbeddedCA
from app.ca.protocol import IssueState, RevocationReason
from tests.ca.support import OFFICE, ROOT_PASSPHRASE, issue, now, request

CUT = {module.__file__ for module in (embedded, files, founding, journal, register)}
KEY = ec.generate_private_key(ec.SECP256R1())


def cut_everywhere(job: Callable[[int], None], check: Callable[[int], None]) -> int:
    """Run the job again and again, killed one line later each time until it comes to its end; check after each run."""
    for step in itertools.count(1):
        child = os.fork()
        if not child:
            _die_at(step)
            try:
                job(step)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, -signal.SIGKILL), code
        check(step)
        if code == 0:
            return step - 1
    raise AssertionError


def _die_at(step: int) -> None:
    left = itertools.count(step - 1, -1)

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename not in CUT:
            return None
        if event == "line" and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def create(parent: Path) -> int:
    """Founding: the folder is there whole, or not at all, and the next try finds nothing in its way."""
    folder = parent / "ca"

    def job(step: int) -> None:
        EmbeddedCA.create(folder, OFFICE, ROOT_PASSPHRASE, now(), issuing_key=KEY)

    def check(step: int) -> None:
        if folder.exists():
            with _open(folder) as ca:
                issue(ca)
            assert not list(parent.glob(".*")), "remnants beside a whole authority"
            shutil.rmtree(folder)

    return cut_everywhere(job, check)


def submit(parent: Path) -> int:
    """Issuing: whatever is cut, one request has one certificate, and it is the one that was handed out."""
    template, folder, handed_out = _founded(parent), parent / "copy", parent / "handed-out"
    asked = request(KEY)

    def job(step: int) -> None:
        shutil.copytree(template, folder)
        with _open(folder) as ca:
            handed_out.write_bytes(issue(ca, asked))

    def check(step: int) -> None:
        with _open(folder) as ca:
            assert ca.poll(asked.reference) is IssueState.ISSUED or not handed_out.exists()
            certificate = issue(ca, asked)
        if handed_out.exists():
            assert handed_out.read_bytes() == certificate
            handed_out.unlink()
        assert (folder / founding.JOURNAL).read_text().count(asked.reference) == 1
        shutil.rmtree(folder)

    return cut_everywhere(job, check)


def revoke(parent: Path) -> int:
    """Revoking: the list in the folder is whole at every moment, and says it all once the authority is open again."""
    template, folder = _founded(parent), parent / "copy"
    with _open(template) as ca:
        before, serial = (x509.load_der_x509_certificate(issue(ca, request(KEY))).serial_number for _ in range(2))
        ca.revoke(before, RevocationReason.SUPERSEDED, now())

    def job(step: int) -> None:
        shutil.copytree(template, folder)
        with _open(folder) as ca:
            ca.revoke(serial, RevocationReason.KEY_COMPROMISE, now())

    def check(step: int) -> None:
        left, number = _listed(folder)
        with _open(folder) as ca:
            kept = {each.serial for each in ca._register.revoked}
            listed, later = _listed(folder)
            assert left <= listed == kept
            assert (later > number) if left != kept else (later >= number)
            ca.revoke(serial, RevocationReason.KEY_COMPROMISE, now())
        assert _listed(folder)[0] == {before, serial}
        shutil.rmtree(folder)

    return cut_everywhere(job, check)


def _founded(parent: Path) -> Path:
    EmbeddedCA.create(parent / "ca", OFFICE, ROOT_PASSPHRASE, now(), issuing_key=KEY)
    return parent / "ca"


def _open(folder: Path) -> EmbeddedCA:
    return EmbeddedCA.open(folder, now, issuing_key=KEY)


def _listed(folder: Path) -> tuple[set[int], int]:
    crl = x509.load_pem_x509_crl((folder / founding.CRL).read_bytes())
    number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return {each.serial_number for each in crl}, number


def main(job: str, parent: Path) -> None:
    """Run one job, without what a kill can't show: fsync, the cost of a guess, the making of keys."""
    root = rsa.generate_private_key(65537, 2048)
    with (
        patch.multiple(os, fsync=lambda handle: None, fdatasync=lambda handle: None),
        patch.object(rsa, "generate_private_key", lambda exponent, bits: root),
        patch.object(keyfile, "_N", 2),
    ):
        print({"create": create, "submit": submit, "revoke": revoke}[job](parent))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
