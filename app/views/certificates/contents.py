"""这支 UKEY 里有什么: every object on a token, and of certificates whose they are and how long they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.services.context import office_day
from app.token.host import TokenHost
from app.token.types import ObjectKind, TokenObject
from app.views.certificates.expiry import expiry
from app.views.parts.notice import SIGNS
from app.views.tables import Column
from app.words import N_, tr

_KINDS: Mapping[ObjectKind, str] = {
    ObjectKind.PRIVATE_KEY: N_("私钥"),
    ObjectKind.PUBLIC_KEY: N_("公钥"),
    ObjectKind.CERTIFICATE: N_("证书"),
    ObjectKind.DATA: N_("数据"),
    ObjectKind.OTHER: N_("其他"),
}


@dataclass(frozen=True)
class Thing:
    """One object as the list shows it; `until` and its tone only of a certificate."""

    kind: ObjectKind
    name: str
    size: int
    key_id: str
    until: str = ""
    tone: str = ""


COLUMNS: Sequence[Column[Thing]] = (
    Column(N_("种类"), lambda thing: tr(_KINDS[thing.kind])),
    Column(N_("名称"), lambda thing: thing.name),
    Column(N_("有效期至"), lambda thing: thing.until, lambda thing: thing.tone),
    Column(N_("大小"), lambda thing: _size(thing)),
    Column(N_("标识"), lambda thing: thing.key_id),
)


def read(host: TokenHost, serial: str, pin: str, today: date) -> list[Thing]:
    """In a lane: all that is there, by one login. Raises what `TokenHost.open` and the session raise."""
    with host.open(serial, pin) as session:
        objects, certificates = session.objects(), dict(session.certificates())
    return [_thing(each, certificates, today) for each in sorted(objects, key=lambda each: (each.key_id, each.kind))]


def _thing(found: TokenObject, certificates: Mapping[bytes, bytes], today: date) -> Thing:
    plain = Thing(found.kind, found.label, found.size, found.key_id.hex())
    if found.kind is not ObjectKind.CERTIFICATE or found.key_id not in certificates:
        return plain
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(certificates[found.key_id])
        until = expiry(office_day(certificate.not_valid_after_utc), today)
    except ValueError:
        return Thing(found.kind, found.label, found.size, found.key_id.hex(), tr("✕ 内容已损坏"), "wrong")
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    sign = SIGNS[until.tone]
    return Thing(found.kind, name, found.size, found.key_id.hex(), f"{sign} {until.text}", until.tone)


def _size(thing: Thing) -> str:
    if not thing.size:
        return ""
    if thing.kind in (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY):
        return tr("{bits} 位", bits=thing.size)
    return tr("{bytes} 字节", bytes=f"{thing.size:,}")
