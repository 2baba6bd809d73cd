"""Why a UKEY is not seen (E7): each situation is told by the layer that fails, with its own code and what to do."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import Conflict, Problem, Unavailable
from app.services.diagnosis import State
from app.services.diagnosis_causes import CAUSES, LAYER_NAMES, OF_PROBLEMS, Layer
from app.services.diagnosis_probe import Probe, Service, UsbDevice, probe
from app.services.diagnosis_tokens import LayerFinding, contents, first_failing, ukey_layers
from app.token.catalogue import models, recognise
from app.token.host import TokenHost
from app.token.types import PinState, TokenInfo

pytestmark = pytest.mark.requirement("E7")

EPASS = next(model for model in models() if model.id == "feitian-epass2003")
DRIVER = Path("/usr/lib", EPASS.libraries[0])
OTHER_DRIVER = Path("/usr/lib/libsofthsm2.so")
HID = UsbDevice("096E:080A", frozenset({"03"}), accessible=True)
CARD = UsbDevice("096E:080A", frozenset({"0B"}), accessible=False)
MOUSE = UsbDevice("046D:C077", frozenset({"03"}), accessible=False)
WELL = Probe((DRIVER,), Service.OPEN, (MOUSE, HID))
TOKEN = TokenInfo(
    library=str(DRIVER),
    serial="0123456789",
    label="王 2026",
    manufacturer="EnterSafe",
    model="ePass2003",
    hardware="1.0",
    firmware="1.0",
    reader="",
    initialised=True,
    write_protected=False,
    pin_state=PinState.OK,
    so_pin_state=PinState.OK,
    min_pin=4,
    max_pin=16,
    free_memory=None,
    total_memory=None,
    ukey=EPASS,
)
BLANK = {TOKEN.serial: True}


def library(reason: str, **data: str) -> Problem:
    return Unavailable(reason, **{"library": str(DRIVER), **data})


def layers(
    probed: Probe = WELL,
    seen: tuple[TokenInfo, ...] = (),
    faults: tuple[Problem, ...] = (),
    blank: dict[str, bool] | None = None,
) -> tuple[LayerFinding, ...]:
    found = ukey_layers(seen, faults, probed, BLANK if blank is None else blank)
    assert [layer for layer in Layer if layer in {each.layer for each in found}] == list(Layer), "none is left out"
    order = [list(Layer).index(each.layer) for each in found]
    assert order == sorted(order)
    return found


SITUATIONS: dict[str, tuple[LayerFinding, ...]] = {
    "UK-11": layers(replace(WELL, service=Service.ABSENT, usb=(CARD,))),
    "UK-21": layers(replace(WELL, service=Service.REJECTED, usb=(CARD,))),
    "UK-22": layers(replace(WELL, service=Service.CLOSED, usb=(CARD,))),
    "UK-23": layers(replace(WELL, usb=(replace(HID, accessible=False),))),
    "UK-31": layers(replace(WELL, usb=(MOUSE,))),
    "UK-32": layers(replace(WELL, usb=(replace(HID, classes=frozenset({"08"})),))),
    "UK-33": layers(Probe((DRIVER,))),
    "UK-40": layers(
        Probe((OTHER_DRIVER,)), faults=(library("token.library_refused", library=str(OTHER_DRIVER), detail="x"),)
    ),
    "UK-41": layers(Probe(())),
    "UK-42": layers(replace(WELL, libraries=(OTHER_DRIVER,))),
    "UK-43": layers(faults=(library("token.library_absent"),)),
    "UK-44": layers(faults=(library("token.library_refused", detail="libX.so"),)),
    "UK-45": layers(faults=(library("token.library_failed", code="0x5"),)),
    "UK-46": layers(faults=(library("worker.died", job="x"),)),
    "UK-47": layers(faults=(library("worker.timeout", job="x", seconds="10"),)),
    "UK-48": layers(faults=(library("worker.memory", job="x"),)),
    "UK-49": layers(faults=(Conflict("library.changed", path="/opt/other.so"),)),
    "UK-51": layers(faults=(library("token.library_machine", found="Linux x86", needed="Linux x86_64"),)),
    "UK-52": layers(faults=(library("token.library_unknown"),)),
    "UK-61": layers(),
    "UK-62": layers(replace(WELL, usb=(MOUSE,)), seen=(replace(TOKEN, manufacturer="ACME", model="Key", ukey=None),)),
    "UK-71": layers(seen=(replace(TOKEN, initialised=False, pin_state=PinState.NOT_SET),)),
    "UK-72": layers(seen=(replace(TOKEN, pin_state=PinState.NOT_SET),)),
    "UK-73": layers(seen=(replace(TOKEN, pin_state=PinState.LOCKED),)),
    "UK-74": layers(seen=(replace(TOKEN, pin_state=PinState.LAST_TRY),)),
    "UK-75": layers(seen=(replace(TOKEN, write_protected=True),)),
    "UK-76": layers(seen=(replace(TOKEN, pin_state=PinState.TO_BE_CHANGED),)),
    "UK-77": layers(seen=(TOKEN,), blank={}),
}


@pytest.mark.parametrize("code", CAUSES)
def test_each_cause_is_found_where_it_is_and_says_what_to_do(code: str) -> None:
    (found,) = [finding for finding in SITUATIONS[code] if finding.code == code]
    cause = CAUSES[code]
    assert (found.layer, found.state) == (cause.layer, cause.state)
    assert found.what
    assert found.steps
    assert "{" not in "".join((found.what, *found.steps))


FIRST = sorted(set(CAUSES) - {"UK-31", "UK-33", "UK-40", "UK-77"})
"""Those that are told first in their situation: the others limit nothing that a fault further on does not."""


@pytest.mark.parametrize("code", FIRST)
def test_the_first_failing_layer_is_the_cause(code: str) -> None:
    first = first_failing(SITUATIONS[code])
    assert first is not None
    assert first.code == code


def test_not_plugged_in_is_told_when_all_else_is_well() -> None:
    for code in ("UK-31", "UK-33"):
        first = first_failing(SITUATIONS[code])
        assert first is not None
        assert first.code == code


def test_all_is_well_with_a_token_that_is_seen() -> None:
    found = layers(seen=(TOKEN,))
    assert first_failing(found) is None
    assert {finding.state for finding in found} == {State.OK}
    assert {finding.code for finding in found} == {""}
    assert "是空白的" in found[-1].what
    assert "里面已有" in layers(seen=(TOKEN,), blank={TOKEN.serial: False})[-1].what


def test_without_the_reader_service_a_ukey_that_does_not_need_it_works() -> None:
    found = layers(replace(WELL, service=Service.ABSENT), seen=(TOKEN,))
    assert first_failing(found) is None
    assert found[0].state is State.UNCHECKED


def test_every_problem_of_a_library_has_a_code_of_its_own() -> None:
    assert set(OF_PROBLEMS.values()) <= set(CAUSES)
    assert len(set(OF_PROBLEMS.values())) == len(OF_PROBLEMS)


def test_a_driver_that_fails_is_not_said_to_miss_the_token() -> None:
    for code in OF_PROBLEMS.values():
        wanted = {code, "UK-61"} if code == "UK-49" else {code}  # that one is another library, beside a sound one
        assert {finding.code for finding in SITUATIONS[code] if finding.code} == wanted


def test_codes_can_be_told_and_say_their_layer() -> None:
    digits = {layer: str(number) for number, layer in enumerate(Layer, start=1)}
    for code, cause in CAUSES.items():
        assert re.fullmatch(r"UK-\d\d", code)
        assert code[3] == digits[cause.layer]
    assert set(LAYER_NAMES) == set(Layer)


def test_what_people_read_has_no_foreign_words_unexplained() -> None:
    """Steps with a command in them are for who maintains the computer, and say so."""
    for code, cause in CAUSES.items():
        for step in cause.steps:
            if re.search(r"apt-get|systemctl|polkit|udev", step):
                assert "维护人员" in step, code


# What the system tells.


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[Path, socket.socket]]:
    """A socket where the reader service would have its own."""
    path = tmp_path / "pcscd.comm"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield path, server


def test_a_service_that_waits_for_the_caller_is_open(listening: tuple[Path, socket.socket], tmp_path: Path) -> None:
    assert probe([], pcscd=listening[0], devices=tmp_path / "no").service is Service.OPEN


def test_a_service_that_hangs_up_has_rejected_the_caller(listening: tuple[Path, socket.socket], tmp_path: Path) -> None:
    path, server = listening
    thread = threading.Thread(target=lambda: server.accept()[0].close())
    thread.start()
    assert probe([], pcscd=path, devices=tmp_path / "no").service is Service.REJECTED
    thread.join()


def test_no_service_is_absent(tmp_path: Path) -> None:
    assert probe([], pcscd=tmp_path / "no", devices=tmp_path / "no") == Probe((), Service.ABSENT, None)


def test_devices_are_read_off_the_system(tmp_path: Path) -> None:
    device, nodes = tmp_path / "devices" / "1-2", tmp_path / "nodes"
    interface = device / "1-2:1.0"
    interface.mkdir(parents=True)
    (tmp_path / "devices" / "1-2:1.0").symlink_to(interface)
    told = {"idVendor": "096e", "idProduct": "080a", "busnum": "1", "devnum": "7"}
    for name, text in told.items():
        (device / name).write_text(f"{text}\n")
    (interface / "bInterfaceClass").write_text("0b\n")
    (device_found,) = probe([], pcscd=tmp_path / "no", devices=tmp_path / "devices", nodes=nodes).usb or ()
    assert (device_found.id, device_found.is_reader, device_found.accessible) == ("096E:080A", True, False)
    assert device_found.model == EPASS
    (nodes / "001").mkdir(parents=True)
    (nodes / "001" / "007").touch()
    (device_found,) = probe([], pcscd=tmp_path / "no", devices=tmp_path / "devices", nodes=nodes).usb or ()
    assert device_found.accessible


def test_a_real_token_tells_whether_it_is_blank(token_host: TokenHost, serial: str) -> None:
    seen = token_host.tokens()
    assert contents(token_host, seen) == {serial: True}
    info = next(token for token in seen if token.serial == serial)
    assert recognise(info.manufacturer, info.model) == info.ukey
    found = layers(Probe((Path(info.library),), Service.ABSENT, None), tuple(seen), blank=contents(token_host, seen))
    assert first_failing(found) is None
