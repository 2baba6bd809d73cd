"""The download itself, in a lane of its own: it tells of each step, and stops between two when asked to."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import Cancelled, Problem
from app.models.certificates import EnrolmentStep
from app.services import journal
from app.services.journal import Download
from app.services.request_list import RequestLine
from app.token.types import PinState, TokenInfo
from app.views.desk import Desk


@dataclass(frozen=True)
class Order:
    """What the holder and the administrator have typed, for which request and UKEY."""

    request: RequestLine
    token: TokenInfo
    contact: str
    code: str = field(repr=False)
    pin: str = field(repr=False)
    so_pin: str = field(repr=False)
    passphrase: str = field(repr=False)


def needs_preparing(token: TokenInfo) -> bool:
    """Whether the UKEY has no PIN of its holder's yet: then the holder sets one."""
    return not token.initialised or token.pin_state is PinState.NOT_SET


class Run(QObject):
    """One run at a time. The PIN goes to the UKEY once for each run, and is kept nowhere."""

    stepped = Signal(EnrolmentStep)
    """A step is done."""
    prepared = Signal(str)
    """The UKEY has got its holder's PIN; its serial number, which may be another than before."""
    ended = Signal(EnrolmentStep)
    """How far the run came: PROVED, or KEY while the authority has not answered."""
    failed = Signal(Problem)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._stopped = False

    def start(self, order: Order) -> None:
        """Begin, or go on where it was cut."""
        self._stopped = False
        pending = self._desk.tasks.job(self, lambda: self._work(order))
        pending.then(self.ended.emit).fails(self.failed.emit).last(lambda: self._desk.changed.emit("enrolment"))

    def stop(self) -> None:
        """Stop before the next step; nothing is lost."""
        self._stopped = True

    def _work(self, order: Order) -> EnrolmentStep:
        from app import bootstrap
        from app.ca.embedded import EmbeddedCA
        from app.services.enrolment import enrol

        desk, folder = self._desk, Path(self._desk.folder, "ca")
        with EmbeddedCA.open(folder, bootstrap.now, passphrase=order.passphrase) as authority:
            serial = self._ready(order)
            download = Download(order.contact, order.code, serial, order.pin)
            return enrol(
                desk.gate, desk.actor, desk.tokens.host, authority, order.request.id, download, told=self._told
            )

    def _ready(self, order: Order) -> str:
        """The UKEY's serial number, once it has a PIN."""
        if not needs_preparing(order.token):
            return order.token.serial
        desk, host, label = self._desk, self._desk.tokens.host, order.request.number
        desk.gate.do(desk.actor, journal.identify, order.request.id, order.contact, order.code)
        info = host.prepare(order.token.serial, label, order.so_pin, order.pin)
        self.prepared.emit(info.serial)
        return info.serial

    def _told(self, step: EnrolmentStep) -> None:
        self.stepped.emit(step)
        if self._stopped and step is not EnrolmentStep.PROVED:
            raise Cancelled("enrolment.stopped")
