"""A certificate authority inside the program: offline, in one folder (E6).

The folder holds `root.pem`, `issuing.pem` and `chain.pem` (both), the lists of revoked certificates `crl.pem` and
`root-crl.pem`, the journal of all that was issued, and the keys `root.key.pem` and `issuing.key.pem`, each under a
passphrase of its own. The root's key is needed once a year and is best kept elsewhere; the issuing key may be in a
token.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from filelock import FileLock, Timeout

from app import durable
from app.ca import founding, keyfile, profile
from app.ca.files import check_sums, disk_faults
from app.ca.profile import Authority, PrivateKey, PublicKey
from app.ca.protocol import Issued, IssueRequest, IssueState, RevocationReason
from app.ca.register import Register, Revocation
from app.errors import Conflict, Invalid, Unavailable

_CRL_RENEWAL = timedelta(days=1)


class EmbeddedCA:
    """One authority, open in one process. It answers at once: never PENDING, and refusals come from `submit`.

    A certificate is on the disk before `poll` or `fetch` speaks of it. Every call may raise Unavailable
    `ca.store_full` or `ca.store_failed`, and whatever a token that holds the issuing key raises; nothing is half done
    then.
    """

    def __init__(
        self,
        folder: Path,
        authority: Authority,
        register: Register,
        clock: Callable[[], datetime],
    ) -> None:
        """For `open`, which has checked that the parts fit together."""
        self._folder = folder
        self._authority = authority
        self._register = register
        self._clock = clock
        self._held = ExitStack()
        self._crl = _read_crl(folder, authority)
        self._chain = x509.load_pem_x509_certificates((folder / founding.CHAIN).read_bytes())
        self._turn = RLock()

    @staticmethod
    def create(
        folder: Path,
        name: str,
        root_passphrase: str,
        now: datetime,
        *,
        issuing_key: PrivateKey | None = None,
        issuing_passphrase: str | None = None,
    ) -> None:
        """Found the authority of the office called `name`: the folder appears whole or not at all.

        The issuing key is handed in (it stays where it is, in a token), or made and kept under `issuing_passphrase`.
        Invalid `ca.passphrase_short`, `ca.name`, `ca.issuing_key`; Conflict `ca.exists`.
        """
        now = profile.whole_seconds(now)
        with founding.draft(folder) as new:
            founding.found(new, name, root_passphrase, now, issuing_key, issuing_passphrase)
            # What can't be opened again must not come into being; opening also writes the first list.
            EmbeddedCA.open(new, lambda: now, issuing_key=issuing_key, passphrase=issuing_passphrase).close()

    @classmethod
    def open(
        cls,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        issuing_key: PrivateKey | None = None,
        passphrase: str | None = None,
    ) -> Self:
        """Open it with its issuing key, handed in or under its passphrase.

        Unavailable `ca.absent`, `ca.damaged` or `ca.damaged_line` with the place, `ca.key_absent`, `ca.in_use`;
        Invalid `ca.passphrase_wrong`; Conflict `ca.key_mismatch` when the key is another authority's.
        """
        with ExitStack() as held, disk_faults(folder):
            held.callback(_lock(folder).release)
            check_sums(folder, movable=founding.ROOT_KEY)
            certificate = founding.read_certificate(folder / founding.ISSUING)
            key = issuing_key or _key_file(folder / founding.ISSUING_KEY, passphrase or "")
            if key.public_key() != certificate.public_key():
                raise Conflict("ca.key_mismatch")
            register = Register(folder / founding.JOURNAL, certificate.fingerprint(hashes.SHA256()))
            held.callback(register.close)
            authority = cls(folder, Authority(key, certificate, doubted=issuing_key is not None), register, clock)
            authority.crl()
            authority._held = held.pop_all()
        return authority

    def close(self) -> None:
        """Let go of the folder."""
        with self._turn:
            self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def root_pem(self) -> bytes:
        """The root's certificate (PEM): what others are told to trust."""
        return self._chain[-1].public_bytes(Encoding.PEM)

    @property
    def chain_pem(self) -> bytes:
        """The issuing certificate and the root's (PEM)."""
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self._chain)

    def submit(self, request: IssueRequest) -> None:
        """Issue what is asked for, once. Invalid also `ca.lifetime`; Unavailable `ca.expired`, `ca.clock`."""
        with self._turn:
            key = profile.check_signing_request(request.csr, request.subject)
            known = self._register.certificate(request.reference)
            if known is not None:
                _demand_same(known, key, request)
                return
            start, end = self._validity(request.lifetime)
            certificate = profile.holder_certificate(self._authority, request.subject, key, start, end)
            content = certificate.public_bytes(Encoding.DER)
            self._register.issue(request.reference, certificate.serial_number, content)

    def poll(self, reference: str) -> IssueState:
        """ISSUED or UNKNOWN."""
        with self._turn:
            return IssueState.ISSUED if self._register.certificate(reference) else IssueState.UNKNOWN

    def fetch(self, reference: str) -> Issued:
        """The certificate and its chain. Conflict `ca.not_issued`."""
        with self._turn:
            certificate = self._register.certificate(reference)
        if certificate is None:
            raise Conflict("ca.not_issued", reference=reference)
        return Issued(certificate, tuple(each.public_bytes(Encoding.DER) for each in self._chain))

    def revoke(self, serial: int, reason: RevocationReason, at: datetime) -> None:
        """End a certificate before its time and publish the list; the first reason and moment stand.

        Conflict `ca.serial_unknown` when it was not issued here.
        """
        with self._turn:
            if not self._register.knows(serial):
                raise Conflict("ca.serial_unknown", serial=f"{serial:X}")
            self._register.revoke(Revocation(serial, profile.whole_seconds(at), reason))
            self.crl()

    def crl(self) -> bytes:
        """The list of revoked certificates (PEM), as it also lies in the folder; renewed when due."""
        with self._turn:
            now = profile.whole_seconds(self._clock())
            if self._crl is None or self._is_stale(self._crl, now):
                self._crl = self._publish(now)
            return self._crl.public_bytes(Encoding.PEM)

    def renew_root_crl(self, root_passphrase: str) -> None:
        """Renew the root's own list, once a year. Unavailable `ca.key_absent`; Invalid `ca.passphrase_wrong`."""
        with self._turn, disk_faults(self._folder):
            key = _key_file(self._folder / founding.ROOT_KEY, root_passphrase)
            root = Authority(key, founding.read_certificate(self._folder / founding.ROOT))
            founding.write_root_crl(self._folder, root, profile.whole_seconds(self._clock()))

    def _validity(self, lifetime: timedelta) -> tuple[datetime, datetime]:
        """From when to when a certificate counts: never longer than the authority's own."""
        if lifetime <= timedelta():
            raise Invalid("ca.lifetime")
        now, own = profile.whole_seconds(self._clock()), self._authority.certificate
        if now < own.not_valid_before_utc:
            raise Unavailable("ca.clock", since=own.not_valid_before_utc.isoformat())
        if now >= own.not_valid_after_utc:
            raise Unavailable("ca.expired", until=own.not_valid_after_utc.isoformat())
        start = max(now - profile.CLOCK_SKEW, own.not_valid_before_utc)
        return start, min(now + lifetime, own.not_valid_after_utc)

    def _is_stale(self, crl: x509.CertificateRevocationList, now: datetime) -> bool:
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        complete = number == self._register.crl_number and len(crl) == len(self._register.revoked)
        return not complete or not timedelta() <= now - crl.last_update_utc < _CRL_RENEWAL

    def _publish(self, now: datetime) -> x509.CertificateRevocationList:
        number = self._register.announce_crl()
        crl = profile.revocation_list(self._authority, number, self._register.revoked, now, profile.CRL_LIFETIME)
        with disk_faults(self._folder):
            durable.write(self._folder / founding.CRL, crl.public_bytes(Encoding.PEM))
        return crl


def _lock(folder: Path) -> FileLock:
    """The folder's lock, which a process that dies lets go of."""
    if not (folder / founding.LOCK).exists():
        raise Unavailable("ca.absent", file=str(folder))
    lock = FileLock(folder / founding.LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise Unavailable("ca.in_use", path=str(folder)) from None
    return lock


def _key_file(path: Path, passphrase: str) -> PrivateKey:
    if not path.exists():
        raise Unavailable("ca.key_absent", file=path.name)
    return keyfile.unseal(path.read_bytes(), passphrase, path.name)


def _read_crl(folder: Path, authority: Authority) -> x509.CertificateRevocationList | None:
    """The list in the folder, or None when there is none, or none that is whole and ours: then a new one is due."""
    try:
        crl = x509.load_pem_x509_crl((folder / founding.CRL).read_bytes())
        return crl if crl.is_signature_valid(authority.key.public_key()) else None
    except (FileNotFoundError, ValueError):
        return None


def _demand_same(known: bytes, key: PublicKey, request: IssueRequest) -> None:
    """Conflict `ca.reference_taken` unless the certificate issued before is for this key and person."""
    certificate = x509.load_der_x509_certificate(known)
    if certificate.public_key() != key or certificate.subject != profile.subject_name(request.subject):
        raise Conflict("ca.reference_taken", reference=request.reference)
