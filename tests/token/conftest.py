"""Fixtures for tests on a real software token, and on one that misbehaves."""

from tests.support.faulty import faulty, faulty_host, faulty_library, faulty_serial
from tests.support.softhsm import serial, softhsm, token_host

__all__ = ["faulty", "faulty_host", "faulty_library", "faulty_serial", "serial", "softhsm", "token_host"]
