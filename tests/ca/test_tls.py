"""An OpenSSL server that asks for a client certificate lets the holder in, and nobody else."""

import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from app.ca import profile
from app.ca.embedded import EmbeddedCA
from app.ca.protocol import RevocationReason
from tests.ca.support import YEAR, der_file, holder_key, issue, now, openssl, private_pem

pytestmark = pytest.mark.requirement("E6")


@contextmanager
def server(folder: Path, work: Path) -> Iterator[int]:
    """`openssl s_server`, which wants a client certificate up to our root that is not revoked; its port."""
    key, certificate = work / "server.key", work / "server.pem"
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost")
    ok, said = openssl("req", "-x509", *made, "-keyout", key, "-out", certificate)
    assert ok, said
    command = ["openssl", "s_server", "-accept", "0", "-www", "-key", key, "-cert", certificate, "-Verify", "2"]
    command += ["-verify_return_error", "-CAfile", folder / "root.pem", "-crl_check", "-CRL", folder / "crl.pem"]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout
            for line in process.stdout:
                if found := re.match(rb"ACCEPT .*:(\d+)", line):
                    yield int(found[1])
                    break
        finally:
            process.kill()


def _is_let_in(port: int, certificate: Path | None, key: Path) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate, key)
    try:
        with socket.create_connection(("localhost", port), timeout=20) as plain, context.wrap_socket(plain) as stream:
            stream.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return stream.recv(12) == b"HTTP/1.0 200"
    except (ssl.SSLError, ConnectionError):
        return False


def test_client_authentication(ca: EmbeddedCA, folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "holder.key"
    key.write_bytes(private_pem(holder_key()))
    good, bad = issue(ca), issue(ca)
    ca.revoke(x509.load_der_x509_certificate(bad).serial_number, RevocationReason.KEY_COMPROMISE, now())
    paths = [der_file(tmp_path / name, content) for name, content in (("good", good), ("bad", bad))]
    for path in paths:
        path.write_bytes(path.read_bytes() + ca.chain_pem)
    rogue = rsa.generate_private_key(65537, 2048)
    (tmp_path / "rogue.key").write_bytes(private_pem(rogue))
    name = profile.ca_names("冒牌")[0]
    pem = profile.root_certificate(rogue, name, now(), now() + YEAR).public_bytes(Encoding.PEM)
    (tmp_path / "rogue").write_bytes(pem)
    with server(folder, tmp_path) as port:
        assert _is_let_in(port, paths[0], key)
        assert not _is_let_in(port, paths[1], key)
        assert not _is_let_in(port, tmp_path / "rogue", tmp_path / "rogue.key")
        assert not _is_let_in(port, None, key)
        assert _is_let_in(port, paths[0], key)
