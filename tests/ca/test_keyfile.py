"""The key file: OpenSSL opens it too, a guess costs, and the key stands nowhere in clear."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.ca import keyfile
from app.ca.embedded import EmbeddedCA
from app.errors import Invalid
from tests.ca.support import OFFICE, PASSPHRASE, ROOT_PASSPHRASE, holder_key, now, openssl

pytestmark = pytest.mark.requirement("E6")


def test_openssl_opens_it_with_the_same_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(keyfile.seal(holder_key(), "吉林 passphrase"))
    assert openssl("pkey", "-in", path, "-passin", "pass:吉林 passphrase", "-check", "-noout") == (
        True,
        "Key is valid\n",
    )
    assert not openssl("pkey", "-in", path, "-passin", "pass:other", "-noout")[0]


def test_a_guess_costs_as_much_as_we_say() -> None:
    _, text = openssl("asn1parse", stdin=keyfile.seal(holder_key(), PASSPHRASE))
    integers = [line.rpartition(":")[2] for line in text.splitlines() if "INTEGER" in line]
    assert [int(each, 16) for each in integers] == [2**14, 8, 5]
    assert ":scrypt" in text
    assert "aes-256-cbc" in text


def test_a_thousand_wrong_passphrases_are_all_said_to_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "_N", 2)
    sealed = keyfile.seal(holder_key(), PASSPHRASE)
    for guess in range(1000):
        with pytest.raises(Invalid, match=r"ca\.passphrase_wrong"):
            keyfile.unseal(sealed, f"guess {guess}", "key.pem")
    key = keyfile.unseal(sealed, PASSPHRASE, "key.pem")
    form = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert key.private_bytes(*form) == holder_key().private_bytes(*form)


def test_only_the_owner_may_read_the_folder(folder: Path, founded: Path) -> None:
    assert founded.stat().st_mode & 0o077 == 0
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_both_keys_are_as_long_as_decided_and_have_passphrases_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    EmbeddedCA.create(folder, OFFICE, ROOT_PASSPHRASE, now(), issuing_passphrase=PASSPHRASE)
    for name, own, other in (("root", ROOT_PASSPHRASE, PASSPHRASE), ("issuing", PASSPHRASE, ROOT_PASSPHRASE)):
        content = (folder / f"{name}.key.pem").read_bytes()
        assert keyfile.unseal(content, own, name).key_size == 4096
        with pytest.raises(Invalid):
            keyfile.unseal(content, other, name)
