"""Founding an embedded authority: its folder appears whole, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from app import durable
from app.ca import keyfile, profile
from app.ca.files import disk_faults, write_sums
from app.ca.journal import Journal
from app.ca.profile import Authority, PrivateKey
from app.errors import Conflict

ROOT, ROOT_KEY, ROOT_CRL = "root.pem", "root.key.pem", "root-crl.pem"
ISSUING, ISSUING_KEY = "issuing.pem", "issuing.key.pem"
CHAIN, CRL, JOURNAL, LOCK = "chain.pem", "crl.pem", "journal", "lock"

ROOT_LIFETIME, ISSUING_LIFETIME = timedelta(days=20 * 365), timedelta(days=10 * 365)
KEY_BITS = 4096
"""Of both keys; see docs/decisions/0003-embedded-ca.md."""


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of `folder` if all goes well. Conflict `ca.exists`; Unavailable."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("ca.exists", path=str(folder))
    with disk_faults(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for remnant in folder.parent.glob(f".{folder.name}.*.new"):
            shutil.rmtree(remnant)
        new = Path(tempfile.mkdtemp(".new", f".{folder.name}.", folder.parent))
        try:
            yield new
            durable.sync_folder(new)
            if folder.exists():
                folder.rmdir()
            new.rename(folder)
            durable.sync_folder(folder.parent)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def found(
    folder: Path,
    name: str,
    root_passphrase: str,
    now: datetime,
    issuing_key: PrivateKey | None,
    issuing_passphrase: str | None,
) -> None:
    """Make keys and certificates, and write them, an empty journal and the root's list into an empty folder.

    Without an issuing key handed in, one is made and kept under its passphrase. Invalid `ca.passphrase_short`,
    `ca.name`, `ca.issuing_key`; OSError when the disk refuses.
    """
    keyfile.check_passphrase(root_passphrase)
    root_name, issuing_name = profile.ca_names(name)
    start, files = now - profile.CLOCK_SKEW, {}
    if issuing_key is None:
        issuing_key, files[ISSUING_KEY] = _new_key(issuing_passphrase or "")
    issuing_public = profile.checked_key(issuing_key.public_key(), "ca.issuing_key")
    root_key, files[ROOT_KEY] = _new_key(root_passphrase)
    root = Authority(root_key, profile.root_certificate(root_key, root_name, start, now + ROOT_LIFETIME))
    issuing = profile.issuing_certificate(root, issuing_name, issuing_public, start, now + ISSUING_LIFETIME)
    files[ROOT], files[ISSUING] = root.certificate.public_bytes(Encoding.PEM), issuing.public_bytes(Encoding.PEM)
    files[CHAIN] = files[ISSUING] + files[ROOT]
    for file, content in files.items():
        durable.write(folder / file, content)
    write_sums(folder, sorted(files))
    durable.write(folder / LOCK, b"")
    write_root_crl(folder, root, now)
    Journal.create(folder / JOURNAL, issuing.fingerprint(hashes.SHA256()))


def _new_key(passphrase: str) -> tuple[rsa.RSAPrivateKey, bytes]:
    """A key, and its file under the passphrase."""
    keyfile.check_passphrase(passphrase)
    key = rsa.generate_private_key(65537, KEY_BITS)
    return key, keyfile.seal(key, passphrase)


def write_root_crl(folder: Path, root: Authority, now: datetime) -> None:
    """The root's own list, good for a year: it has revoked nothing. OSError when the disk refuses."""
    # Its number only has to grow, and nothing else of the root's is written down between two lists.
    number = int(now.timestamp())
    crl = profile.revocation_list(root, number, (), now, profile.ROOT_CRL_LIFETIME)
    durable.write(folder / ROOT_CRL, crl.public_bytes(Encoding.PEM))


def read_certificate(path: Path) -> x509.Certificate:
    """A certificate of the folder, whose sums were checked."""
    return x509.load_pem_x509_certificate(path.read_bytes())
