"""PKCS#11 itself: the only user of PyKCS11. It lives in a worker process: a library can crash, hang, or be slow."""

import ctypes
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import PyKCS11

from app.errors import Problem, Unavailable
from app.token import library, returns
from app.token.describe import READER_TEXT, TOKEN_TEXTS, decode, describe
from app.token.templates import (
    CKA_CLASS,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_ID,
    CKA_KEY_TYPE,
    CKA_LABEL,
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_VALUE,
    CKK_RSA,
    Template,
)
from app.token.types import KeyKind, ObjectKind, TokenInfo, TokenObject

Handle = Any  # PyKCS11's CK_OBJECT_HANDLE

_LABEL_BYTES = 32
_NUMBERS = {
    ObjectKind.PRIVATE_KEY: PyKCS11.CKO_PRIVATE_KEY,
    ObjectKind.PUBLIC_KEY: PyKCS11.CKO_PUBLIC_KEY,
    ObjectKind.CERTIFICATE: PyKCS11.CKO_CERTIFICATE,
    ObjectKind.DATA: PyKCS11.CKO_DATA,
}
_KINDS: dict[int | None, ObjectKind] = {number: kind for kind, number in _NUMBERS.items()}
_CONTENT = {  # what each is nothing without
    ObjectKind.PRIVATE_KEY: (CKA_MODULUS, CKA_EC_PARAMS),
    ObjectKind.PUBLIC_KEY: (CKA_MODULUS, CKA_EC_POINT),
    ObjectKind.CERTIFICATE: (CKA_VALUE,),
}
_GENERATE = {
    KeyKind.RSA_2048: PyKCS11.Mechanism(PyKCS11.CKM_RSA_PKCS_KEY_PAIR_GEN, None),
    KeyKind.EC_P256: PyKCS11.Mechanism(PyKCS11.CKM_EC_KEY_PAIR_GEN, None),
}
_RSA = PyKCS11.Mechanism(PyKCS11.CKM_RSA_PKCS, None)
_ECDSA = PyKCS11.Mechanism(PyKCS11.CKM_ECDSA, None)


class Device:
    """A loaded library, and the tokens seen through it."""

    def __init__(self, path: Path) -> None:
        problem = library.fault(path)
        if problem is not None:
            raise problem
        self._path = path
        self._library = PyKCS11.PyKCS11Lib()
        self._load()

    def tokens(self) -> Iterator[tuple[int, TokenInfo]]:
        """Slot and description of each token present; one that can't be asked just now is left out."""
        with _translated():
            slots = self._library.getSlotList(tokenPresent=True)
        for slot in slots:
            with suppress(Problem):
                yield slot, self.info(slot)

    def find(self, serial: str) -> tuple[int, TokenInfo]:
        """The slot of a token, and its description. Raises Unavailable `token.absent`."""
        for slot, info in self.tokens():
            if info.serial == serial:
                return slot, info
        raise Unavailable("token.absent", serial=serial)

    def info(self, slot: int) -> TokenInfo:
        """What the token in this slot says of itself, now."""
        token, reader = PyKCS11.LowLevel.CK_TOKEN_INFO(), PyKCS11.LowLevel.CK_SLOT_INFO()
        low = self._library.lib
        for value in (low.C_GetTokenInfo(slot, token), low.C_GetSlotInfo(slot, reader)):
            if value != PyKCS11.CKR_OK:
                raise returns.problem(value, str(PyKCS11.PyKCS11Error(value)))
        return describe(self._path, token, _texts(token, TOKEN_TEXTS), _texts(reader, READER_TEXT)[0])

    def initialise(self, slot: int, so_pin: str, label: str) -> None:
        """C_InitToken: whatever is on the token is lost. Some give themselves a new serial number."""
        with _translated():
            self._library.initToken(slot, so_pin, label.encode().ljust(_LABEL_BYTES).decode())

    def open(self, slot: int) -> "Session":
        """A session that may write."""
        with _translated():
            return Session(self._library, slot)

    def _load(self) -> None:
        try:
            self._library.load(str(self._path))
        except PyKCS11.PyKCS11Error as error:
            detail = self._why() if error.value < 0 else str(error)
            raise Unavailable("token.library_refused", library=str(self._path), detail=detail) from None

    def _why(self) -> str:
        """The system's own words for a library that can't be loaded: often another file is missing."""
        try:
            ctypes.CDLL(str(self._path))
        except OSError as error:
            return str(error)
        return "C_GetFunctionList"


class Session:
    """A session with one token: its objects, and what its keys do."""

    def __init__(self, library: Any, slot: int) -> None:
        self._library = library
        self._slot = slot
        self._session = library.openSession(slot, PyKCS11.CKF_RW_SESSION)

    def login(self, pin: str, *, officer: bool = False) -> None:
        """C_Login as the holder, or as the security officer (SO)."""
        with self._calling():
            self._session.login(pin, PyKCS11.CKU_SO if officer else PyKCS11.CKU_USER)

    def close(self) -> None:
        """Log out, if anyone is logged in, and end the session; a token that is gone needs neither."""
        for end in (self._session.logout, self._session.closeSession):
            with suppress(PyKCS11.PyKCS11Error):
                end()

    def set_first_pin(self, pin: str) -> None:
        """C_InitPIN, as security officer."""
        with self._calling():
            self._session.initPin(pin)

    def change_pin(self, old: str, new: str) -> None:
        """C_SetPIN."""
        with self._calling():
            self._session.setPin(old, new)

    def find(self, kind: ObjectKind, key_id: bytes | None = None) -> list[Handle]:
        """All objects of a kind, or those with this CKA_ID."""
        template = [(CKA_CLASS, _NUMBERS[kind])] + ([] if key_id is None else [(CKA_ID, key_id)])
        with self._calling():
            return list(self._session.findObjects(template))

    def objects(self) -> list[TokenObject]:
        """Everything that this login may see."""
        return [self._object(handle) for handle in self._all()]

    def ruins(self) -> list[Handle]:
        """What a library had only begun to write when its process was killed: no class, or neither id nor content."""
        formed = [(handle, content) for kind, content in _CONTENT.items() for handle in self.find(kind)]
        known = {handle.value() for handle, _ in formed}
        formless = [handle for handle in self._all() if handle.value() not in known and self._class(handle) is None]
        # Each is asked: SoftHSM finds no object by an id that it has yet to write, not even by an empty one.
        nameless = [(handle, content) for handle, content in formed if not any(self._read(handle, CKA_ID))]
        return formless + [handle for handle, content in nameless if not any(self._read(handle, *content))]

    def certificate(self, handle: Handle) -> tuple[bytes, bytes]:
        """CKA_ID, and the certificate's bytes (DER, if whoever wrote it took care)."""
        key_id, value = self._read(handle, CKA_ID, CKA_VALUE)
        return key_id, value

    def rsa_numbers(self, handle: Handle) -> tuple[int, int]:
        """Modulus and public exponent; 0 where the object has none."""
        modulus, exponent = self._read(handle, CKA_MODULUS, CKA_PUBLIC_EXPONENT)
        return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")

    def ec_point(self, handle: Handle) -> bytes:
        """The uncompressed point of a P-256 key (65 bytes), or empty; most tokens wrap it in an OCTET STRING."""
        (point,) = self._read(handle, CKA_EC_POINT)
        return point.removeprefix(b"\x04\x41") if len(point) == 67 else point

    def was_written(self, handle: Handle) -> bool:
        """Whether a private key is whole: in one that never got its numbers, their public part is there but empty.

        SoftHSM crashes if such a key is asked to sign.
        """
        with _translated():
            values = self._session.getAttributeValue(handle, _CONTENT[ObjectKind.PRIVATE_KEY], allAsBinary=True)
        shown = [bytes(value) for value in values if value is not None]
        return not shown or any(shown)

    def is_rsa(self, handle: Handle) -> bool:
        """Whether this is an RSA key; else it is an EC key."""
        (kind,) = self._read(handle, CKA_KEY_TYPE)
        return _integer(kind) == CKK_RSA

    def generate(self, kind: KeyKind, public: Template, private: Template) -> Handle:
        """C_GenerateKeyPair; returns the public key."""
        with self._calling():
            return self._session.generateKeyPair(public, private, _GENERATE[kind])[0]

    def create(self, template: Template) -> None:
        """C_CreateObject. A failed one can leave a stray object behind."""
        with self._calling():
            self._session.createObject(template)

    def destroy(self, handles: Iterable[Handle]) -> None:
        """C_DestroyObject, for each."""
        with self._calling():
            for handle in handles:
                self._session.destroyObject(handle)

    def sign_rsa(self, handle: Handle, digest_info: bytes) -> bytes:
        """PKCS#1 v1.5 over a DigestInfo."""
        with self._calling():
            return bytes(self._session.sign(handle, digest_info, _RSA))

    def sign_ec(self, handle: Handle, digest: bytes) -> bytes:
        """ECDSA over a hash: r‖s."""
        with self._calling():
            return bytes(self._session.sign(handle, digest, _ECDSA))

    def decrypt_rsa(self, handle: Handle, data: bytes) -> bytes:
        """PKCS#1 v1.5."""
        with self._calling():
            return bytes(self._session.decrypt(handle, data, _RSA))

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """Translate; and go on in another session if a failed call may have left its operation active in this one.

        Handles of objects end with their session.
        """
        try:
            with _translated():
                yield
        except Problem as problem:
            if problem.reason == "token.failed":
                with suppress(PyKCS11.PyKCS11Error):  # opened before the old one is closed, it keeps the login
                    old, self._session = self._session, self._library.openSession(self._slot, PyKCS11.CKF_RW_SESSION)
                    old.closeSession()
            raise

    def _all(self) -> list[Handle]:
        with self._calling():
            return list(self._session.findObjects([]))

    def _class(self, handle: Handle) -> int | None:
        try:
            (number,) = self._read(handle, CKA_CLASS)
        except Problem as problem:
            if problem.reason != "token.failed":
                raise
            return None
        return _integer(number) if number else None

    def _object(self, handle: Handle) -> TokenObject:
        kind = _KINDS.get(self._class(handle), ObjectKind.OTHER)
        if kind is ObjectKind.OTHER:
            return TokenObject(kind, b"", "", 0)
        key_id, label = self._read(handle, CKA_ID, CKA_LABEL)
        return TokenObject(kind, key_id, decode(label), self._size(handle, kind))

    def _size(self, handle: Handle, kind: ObjectKind) -> int:
        if kind in (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY):
            return self.rsa_numbers(handle)[0].bit_length() if self.is_rsa(handle) else 256
        (value,) = self._read(handle, CKA_VALUE)
        return len(value)

    def _read(self, handle: Handle, *attributes: int) -> list[bytes]:
        """The raw values; empty where the object has no such attribute, or does not show it."""
        with _translated():
            values = self._session.getAttributeValue(handle, attributes, allAsBinary=True)
        return [b"" if value is None else bytes(value) for value in values]


def _texts(struct: Any, lengths: tuple[int, ...]) -> list[bytes]:
    """The fixed-size texts that a structure begins with, raw: PyKCS11 drops what is not UTF-8, such as GBK labels."""
    raw = ctypes.string_at(int(struct.this), sum(lengths))
    return [raw[end - length : end] for length, end in zip(lengths, accumulate(lengths), strict=True)]


@contextmanager
def _translated() -> Iterator[None]:
    """Turn a library's return value into its Problem."""
    try:
        yield
    except PyKCS11.PyKCS11Error as error:
        raise returns.problem(error.value, str(error)) from None


def _integer(value: bytes) -> int:
    """A CK_ULONG."""
    return int.from_bytes(value, sys.byteorder)
