"""Sealing and digesting single values with the office's keys: what stands in columns that a log or a server may see."""

import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.vault import OfficeKeys

_NONCE = 12


class Seals:
    """Seals texts (AES-256-GCM) and makes keyed digests (HMAC-SHA-256); `purpose` keeps columns apart."""

    def __init__(self, keys: OfficeKeys) -> None:
        self._cipher = AESGCM(keys.fields)
        self._digest_key = keys.digests

    def seal(self, purpose: str, text: bytes) -> bytes:
        """Nonce and ciphertext of `text`."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text, purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """The text again. Raises cryptography's InvalidTag when it was changed or sealed for another purpose."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())

    def digest(self, purpose: str, text: str) -> bytes:
        """32 bytes that are the same for the same text, and tell nothing without the key."""
        return hmac.digest(self._digest_key, f"{purpose}\0{text}".encode(), "sha256")
