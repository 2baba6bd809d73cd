"""What the token session adds to bare PKCS#11 calls: a process, a pipe, looking before writing, `cryptography`'s keys.

The same enrolment on the same software token, by turns: through a session in its worker process, and by PyKCS11's calls
alone in this one. P-256, because making an RSA key takes anything from 50 to 500 ms; what is added does not depend on
the kind of key, and the median RSA-2048 key is measured beside it, to say what share of that it is.
"""

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import PyKCS11
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.token import templates
from app.token.host import TokenHost
from app.token.session import _parse, _parts
from app.token.software import CONFIGURATION, write_configuration
from app.token.types import KeyKind
from tests.support.certificates import ca_certificate, certificate_for
from tests.support.softhsm import SO_PIN, USER_PIN, softhsm_library

ROUNDS = 40
CHAIN = ca_certificate()
ECDSA = PyKCS11.Mechanism(PyKCS11.CKM_ECDSA, None)
MAKE_EC = PyKCS11.Mechanism(PyKCS11.CKM_EC_KEY_PAIR_GEN, None)
MAKE_RSA = PyKCS11.Mechanism(PyKCS11.CKM_RSA_PKCS_KEY_PAIR_GEN, None)


def by_session(host: TokenHost, serial: str) -> None:
    """Log in, make a pair, sign a request, write certificate and chain, prove."""
    key_id = os.urandom(16)
    with host.open(serial, USER_PIN) as session:
        spki = session.generate(key_id, KeyKind.EC_P256, "张三")
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        builder.sign(session.private_key(key_id), hashes.SHA256())
        session.write_certificate(key_id, certificate_for(spki), "张三")
        session.write_chain([CHAIN])
        session.prove(key_id)


def by_calls(library: PyKCS11.PyKCS11Lib, slot: int, certificate: bytes) -> None:
    """The PKCS#11 calls that this needs, and nothing else; the certificate was made before."""
    key_id = os.urandom(16)
    session = library.openSession(slot, PyKCS11.CKF_RW_SESSION)
    session.login(USER_PIN)
    public, private = session.generateKeyPair(*templates.key_pair(key_id, KeyKind.EC_P256, "张三"), MAKE_EC)
    session.getAttributeValue(public, [PyKCS11.CKA_EC_POINT], allAsBinary=True)
    session.sign(private, os.urandom(32), ECDSA)
    for der in (certificate, CHAIN):
        session.createObject(templates.certificate(key_id, "张三", _parts(_parse(der))))
    session.sign(private, os.urandom(32), ECDSA)
    session.logout()
    session.closeSession()


def rsa_key(library: PyKCS11.PyKCS11Lib, slot: int) -> None:
    """One RSA-2048 key pair, thrown away."""
    session = library.openSession(slot, PyKCS11.CKF_RW_SESSION)
    session.login(USER_PIN)
    for handle in session.generateKeyPair(*templates.key_pair(b"rsa", KeyKind.RSA_2048, "x"), MAKE_RSA):
        session.destroyObject(handle)
    session.logout()
    session.closeSession()


def seconds(job: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def main() -> None:
    """Print the difference in milliseconds, and its share of an enrolment with RSA-2048."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CONFIGURATION] = str(write_configuration(Path(folder)))
        path = softhsm_library()
        with TokenHost([path]) as host:
            serial = host.prepare("", "bench", SO_PIN, USER_PIN).serial
            library = PyKCS11.PyKCS11Lib()
            library.load(str(path))
            slot = library.getSlotList(tokenPresent=True)[0]
            session = partial(by_session, host, serial)
            calls = partial(by_calls, library, slot, certificate_for(_parts(_parse(CHAIN)).spki))
            session(), calls()
            pairs = [(seconds(session), seconds(calls)) for _ in range(ROUNDS)]
            rsa = median(seconds(partial(rsa_key, library, slot)) for _ in range(ROUNDS // 2))
    added = sorted((one - other) * 1000 for one, other in pairs)
    whole = (median(other for _, other in pairs) + rsa) * 1000
    print(
        f"token session, added to bare calls: {median(added):.1f} ms ({added[0]:.1f}–{added[-1]:.1f}) over {ROUNDS} runs, "
        f"{median(added) / whole * 100:.1f} % of an RSA-2048 enrolment's calls; goal at most 10 %",
        flush=True,
    )


if __name__ == "__main__":
    main()
