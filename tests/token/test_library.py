"""Library files are read before they are loaded; the catalogue knows which to try."""

import struct
from pathlib import Path

import pytest

from app.token import catalogue, library
from app.token.describe import decode
from tests.support.softhsm import SoftHsm

pytestmark = pytest.mark.requirement("E7")


def pe(machine: int) -> bytes:
    """The beginning of a Windows library."""
    head = bytearray(0x90)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, 0x80)
    struct.pack_into("<4sH", head, 0x80, b"PE\0\0", machine)
    return bytes(head)


def elf(machine: int, order: str = "<") -> bytes:
    """The beginning of a Linux library."""
    head = bytearray(64)
    head[:6] = b"\x7fELF\x02" + (b"\1" if order == "<" else b"\2")
    struct.pack_into(order + "H", head, 18, machine)
    return bytes(head)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (pe(0x014C), "Windows x86"),
        (pe(0x8664), "Windows x86_64"),
        (pe(0xAA64), "Windows aarch64"),
        (elf(3), "Linux x86"),
        (elf(258), "Linux loongarch64"),
        (elf(8, ">"), "Linux mips"),
        (struct.pack("<II", 0xFEEDFACF, 0x0100000C), "macOS aarch64"),
        (struct.pack(">IIIIIII", 0xCAFEBABE, 2, 0x01000007, 0, 0, 0, 0) + struct.pack(">I", 0x0100000C) + bytes(16),
         "macOS x86_64、macOS aarch64"),
    ],
)  # fmt: skip
def test_the_header_says_what_a_library_is_made_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, found: str
) -> None:
    monkeypatch.setattr(library, "own_machine", lambda: "Linux x86_64")
    path = tmp_path / "eps2003csp11.dll"
    path.write_bytes(content)
    problem = library.fault(path)
    assert problem is not None
    assert problem.reason == "token.library_machine"
    assert problem.data == {"library": str(path), "found": found, "needed": "Linux x86_64"}


@pytest.mark.parametrize("content", [b"", b"MZ", pe(0x8664)[:0x82], b"\x7fELF", b"#!/bin/sh\n", b"MZ" + bytes(0x80)])
def test_what_is_no_library_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "driver.so"
    path.write_bytes(content)
    problem = library.fault(path)
    assert problem is not None
    assert problem.reason == "token.library_unknown"


def test_a_library_for_this_machine_has_no_fault(softhsm: SoftHsm) -> None:
    assert library.fault(softhsm.library) is None


def test_the_catalogue_holds_the_models_with_their_facts() -> None:
    known = {model.id: model for model in catalogue.models()}
    assert {"feitian-epass2003", "watchdata-watchkey", "haitai-haikey", "longmai-gm3000", "softhsm"} <= known.keys()
    assert known["feitian-epass2003"].usb_ids == ("096E:080A",)
    recognised = catalogue.recognise("EnterSafe", "ePass2003")
    assert recognised is known["feitian-epass2003"]
    assert catalogue.recognise("Nobody", "Nothing") is None


@pytest.mark.parametrize(
    ("system", "name"),
    [("win32", "eps2003csp11v2.dll"), ("darwin", "libcastle.1.0.0.dylib"), ("linux", "libcastle_v2.so.1.0.0")],
)
def test_each_system_has_its_own_libraries(monkeypatch: pytest.MonkeyPatch, system: str, name: str) -> None:
    monkeypatch.setattr("sys.platform", system)
    catalogue.models.cache_clear()
    try:
        assert next(model for model in catalogue.models() if model.id == "feitian-epass2003").libraries[0] == name
    finally:
        catalogue.models.cache_clear()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("实名 001".encode().ljust(32), "实名 001"),
        ("实名 001".encode("gbk").ljust(32), "实名 001"),
        ("实名".encode("gbk") + b"\0\0\xff", "实名"),
        (b"\xff \xfe", "\ufffd \ufffd"),
    ],
)
def test_texts_of_a_token_are_read_as_they_were_written(raw: bytes, text: str) -> None:
    assert decode(raw) == text
