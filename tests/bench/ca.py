"""The embedded authority: issuing, kept on the disk and fetched again, against bare signatures by the same key.

A run issues a hundred certificates: each request is checked (its signature, the key, the person), each certificate is
built, signed, written to the journal and fetched. The baseline signs the same bytes a hundred times and does
nothing else. "together": the requests are submitted first and fetched then, as a batch is, and share one wait for the
disk; "one by one": each is on the disk before the next is submitted, so the disk's speed is in the figure.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from app.ca import founding, keyfile
from app.ca.embedded import EmbeddedCA
from tests.bench.compare import ratio
from tests.ca.support import OFFICE, PASSPHRASE, ROOT_PASSPHRASE, issue, now, open_ca, request

COUNT, ROUNDS, GOAL = 100, 15, 0.8


def measure(bits: int, folder: Path) -> None:
    """Print both ratios for an issuing key of so many bits."""
    with patch.object(founding, "KEY_BITS", bits):
        EmbeddedCA.create(folder, OFFICE, ROOT_PASSPHRASE, now(), issuing_passphrase=PASSPHRASE)
    key = keyfile.unseal((folder / founding.ISSUING_KEY).read_bytes(), PASSPHRASE, founding.ISSUING_KEY)
    asked = [request(rsa.generate_private_key(65537, 2048)) for _ in range(4)] * (COUNT // 4)
    with open_ca(folder) as ca:
        content = x509.load_der_x509_certificate(issue(ca)).tbs_certificate_bytes

        def together() -> None:
            batch = [replace(each, reference=token_hex(16)) for each in asked]
            for each in batch:
                ca.submit(each)
            for each in batch:
                ca.fetch(each.reference)

        def one_by_one() -> None:
            for each in asked:
                issue(ca, replace(each, reference=token_hex(16)))

        def bare() -> None:
            for _ in asked:
                key.sign(content, padding.PKCS1v15(), SHA256())

        ways: dict[str, Callable[[], None]] = {"together": together, "one by one": one_by_one}
        for way, run in ways.items():
            name = f"embedded CA, RSA-{bits} issuing key, {COUNT} certificates {way}"
            ratio(name, GOAL, run, bare, against="bare signatures", rounds=ROUNDS)


if __name__ == "__main__":
    for bits in (founding.KEY_BITS, 3072):
        with TemporaryDirectory() as folder:
            measure(bits, Path(folder) / "ca")
