"""What the system itself tells of UKEYs (E7), before any library is loaded: USB devices, and the reader service."""

import os
import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.token.catalogue import UkeyModel, models

_PATIENCE = 1.0  # seconds; whom the service lets in hears nothing from it until he asks
_STORAGE, _READER = "08", "0B"  # bInterfaceClass: mass storage; smart card (CCID)


class Service(StrEnum):
    """How the reader service (读卡器服务, pcscd) answers."""

    OPEN = "open"
    ABSENT = "absent"
    CLOSED = "closed"
    """Its socket may not be opened by this user."""
    REJECTED = "rejected"
    """It hangs up on this user (polkit: “Rejected unauthorized PC/SC client”)."""


@dataclass(frozen=True)
class UsbDevice:
    """A device at a USB port: `id` as `096E:080A`, its interfaces' classes, whether this user may open it."""

    id: str
    classes: frozenset[str]
    accessible: bool

    @property
    def model(self) -> UkeyModel | None:
        """The model that it is by its id, if the catalogue knows it."""
        return next((ukey for ukey in models() if self.id in {each.upper() for each in ukey.usb_ids}), None)

    @property
    def is_reader(self) -> bool:
        """Whether it speaks the protocol of smart card readers, and so needs the reader service."""
        return _READER in self.classes

    @property
    def is_disc(self) -> bool:
        """Whether it shows nothing but its disc with the vendor's programs (光盘模式)."""
        return self.classes == {_STORAGE}


@dataclass(frozen=True)
class Probe:
    """What was found; `service` and `usb` are None where this system has no such thing to look at."""

    libraries: tuple[Path, ...]
    service: Service | None = None
    usb: tuple[UsbDevice, ...] | None = None


def probe(
    libraries: Sequence[Path],
    *,
    pcscd: Path = Path("/run/pcscd/pcscd.comm"),
    devices: Path = Path("/sys/bus/usb/devices"),
    nodes: Path = Path("/dev/bus/usb"),
) -> Probe:
    """Look at the system; `libraries` are those that the program loads here. Takes a second at most."""
    if not sys.platform.startswith("linux"):
        return Probe(tuple(libraries))
    usb = tuple(_usb(devices, nodes)) if devices.is_dir() else None
    return Probe(tuple(libraries), _service(pcscd), usb)


def _service(path: Path) -> Service:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_PATIENCE)
        try:
            client.connect(str(path))
            return Service.OPEN if client.recv(1) else Service.REJECTED
        except TimeoutError:
            return Service.OPEN
        except PermissionError:
            return Service.CLOSED
        except OSError:
            return Service.ABSENT


def _usb(devices: Path, nodes: Path) -> Iterator[UsbDevice]:
    for device in sorted(devices.iterdir()):
        try:
            vendor, product = (_told(device / name) for name in ("idVendor", "idProduct"))
            node = nodes / f"{int(_told(device / 'busnum')):03}" / f"{int(_told(device / 'devnum')):03}"
            classes = frozenset(_told(file) for file in device.glob("*/bInterfaceClass"))
        except (OSError, ValueError):  # an interface, or a device that has just been pulled out
            continue
        yield UsbDevice(f"{vendor}:{product}", classes, os.access(node, os.R_OK | os.W_OK))


def _told(file: Path) -> str:
    return file.read_text().strip().upper()
