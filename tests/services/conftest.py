"""What tests of services share: software tokens, a library that misbehaves, an authority."""

from tests.ca.conftest import ca, folder, founded
from tests.support.faulty import faulty, faulty_host, faulty_library, faulty_serial
from tests.support.softhsm import serial, softhsm, token_host

__all__ = [
    "ca",
    "faulty",
    "faulty_host",
    "faulty_library",
    "faulty_serial",
    "folder",
    "founded",
    "serial",
    "softhsm",
    "token_host",
]
