"""What an embedded authority has done: certificates issued, certificates revoked, lists of the revoked published."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.ca.journal import Journal
from app.ca.protocol import RevocationReason


@dataclass(frozen=True)
class Revocation:
    """A certificate that ended before its time."""

    serial: int
    at: datetime
    reason: RevocationReason


class Register:
    """The journal's records, with where to find each; the certificates themselves stay on the disk."""

    def __init__(self, path: Path, owner: bytes) -> None:
        """Read it. Unavailable `ca.absent`, `ca.damaged` with file and line, `ca.store_failed`."""
        self._journal = Journal(path, owner)
        self._places: dict[str, int] = {}
        self._serials: set[int] = set()
        self._revoked: dict[int, Revocation] = {}
        self.crl_number = 0
        """Of the list of revoked certificates that was last announced."""
        try:
            for place, record in self._journal.records():
                self._take(place, json.loads(record))
        except BaseException:
            self._journal.close()
            raise

    @property
    def revoked(self) -> tuple[Revocation, ...]:
        """All that were ever revoked, in order."""
        return tuple(self._revoked.values())

    def knows(self, serial: int) -> bool:
        """Whether a certificate of this serial number was issued here."""
        return serial in self._serials

    def certificate(self, reference: str) -> bytes | None:
        """The certificate (DER) issued under a reference, on the disk when this returns; None when there is none."""
        if reference not in self._places:
            return None
        self._journal.sync()
        record = json.loads(self._journal.read(self._places[reference]))
        return base64.b64decode(record["certificate"])

    def issue(self, reference: str, serial: int, certificate: bytes) -> None:
        """Keep a certificate; on the disk once `certificate` answered it, or `sync` was called."""
        self._add(
            kind="issued", reference=reference, serial=f"{serial:x}", certificate=base64.b64encode(certificate).decode()
        )

    def revoke(self, revocation: Revocation) -> None:
        """Keep a revocation; on the disk when this returns. The first one of a certificate stands."""
        if revocation.serial not in self._revoked:
            at = revocation.at.isoformat()
            self._add(kind="revoked", serial=f"{revocation.serial:x}", at=at, reason=revocation.reason.value)
        self._journal.sync()

    def announce_crl(self) -> int:
        """The next list's number, never given twice."""
        self._add(kind="crl", number=self.crl_number + 1)
        self._journal.sync()
        return self.crl_number

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()

    def _add(self, **record: str | int) -> None:
        place = self._journal.append(json.dumps(record, ensure_ascii=False).encode())
        self._take(place, record)

    def _take(self, place: int, record: dict[str, str | int]) -> None:
        match record:
            case {"kind": "issued", "reference": str(reference), "serial": str(serial)}:
                self._places[reference] = place
                self._serials.add(int(serial, 16))
            case {"kind": "revoked", "serial": str(serial), "at": str(at), "reason": str(reason)}:
                number = int(serial, 16)
                self._revoked[number] = Revocation(number, datetime.fromisoformat(at), RevocationReason(reason))
            case {"kind": "crl", "number": int(number)}:
                self.crl_number = number
