"""What the steps of the demo work with: its folder, the office in it, the people signed in, the UKEY and the CA."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app import bootstrap
from app.ca.embedded import EmbeddedCA
from app.demo.cast import HOLDER, HOLDER_LOGIN, PROVINCE_SYSTEM, SCHOOL_SYSTEM, Desk
from app.demo.report import Report
from app.errors import Conflict, Denied, Problem, Unavailable
from app.messages import explain
from app.passwords import Cost
from app.policy import POST_NAMES
from app.services import applications, business, certificates, org, sign_in
from app.services.applications import ApplicationRow, Opened
from app.services.business import BusinessRow
from app.services.certificates import RequestRow
from app.services.operations import Gate
from app.services.org import UnitRow
from app.services.scope import Actor
from app.services.sign_in import SignedIn
from app.token import catalogue
from app.token.host import TokenHost
from app.token.software import CONFIGURATION, mend, write_configuration
from app.token.types import TokenInfo
from app.words import N_, tr

T = TypeVar("T")

COST = Cost(memory_kib=64 * 1024)
"""A quarter of what an office takes: its nine people set their passwords within seconds."""


@dataclass(frozen=True)
class Doer:
    """Whose step it is, as the report names them."""

    person: str
    post: str
    unit: str

    @classmethod
    def at(cls, desk: Desk) -> "Doer":
        """Somebody in one of their posts."""
        return cls(desk.holder.name, POST_NAMES[desk.post], desk.holder.unit)


@dataclass(frozen=True)
class Step:
    """One step: `done` asks the office, the UKEY or the disk whether it is; `act` does it, and tells what came of it.

    `act` may be cut at any moment, and is then called again.
    """

    id: str
    title: str
    doer: Doer
    done: Callable[["World"], bool]
    act: Callable[["World"], list[str]]
    about: str = ""
    """Whom or what it is about, where the same step is done several times."""

    def name(self, language: Callable[[str], str]) -> str:
        """What it is called."""
        title = language(self.title)
        return language(N_("{title}：{about}")).format(title=title, about=self.about) if self.about else title


class World:
    """Opens each thing when a step first asks for it; `close` lets go of all."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder, self.report = folder, report
        self._gate: Gate | None = None
        self._signed_in: dict[str, SignedIn] = {}
        self._authority: EmbeddedCA | None = None
        self._tokens: TokenHost | None = None

    @property
    def gate(self) -> Gate:
        """The office's gate."""
        if self._gate is None:
            self.actor(PROVINCE_SYSTEM)
        assert self._gate is not None
        return self._gate

    def actor(self, desk: Desk) -> Actor:
        """Somebody in one of their posts, signed in with their own password."""
        if desk.login not in self._signed_in:
            password = self.report.password(desk.login)
            self._signed_in[desk.login] = _patiently(lambda: self._sign_in(desk.login, password))
        return self._signed_in[desk.login].acting_as(desk.post)

    def units(self) -> dict[str, UnitRow]:
        """All units by name."""
        return {unit.name: unit for unit in self.gate.ask(self.actor(PROVINCE_SYSTEM), org.units)}

    def application(self, name: str = HOLDER.name, clerk: Desk = SCHOOL_SYSTEM) -> ApplicationRow | None:
        """The 附件4 for somebody of the clerk's unit."""
        rows = self.gate.ask(self.actor(clerk), applications.listed)
        return next((row for row in rows if row.applicant_name == name), None)

    def opened(self, name: str = HOLDER.name, clerk: Desk = SCHOOL_SYSTEM) -> Opened:
        """The same, with its masked content and its sign-offs."""
        row = self.application(name, clerk)
        return self.gate.ask(self.actor(clerk), applications.opened, row.id if row else 0)

    def account(self, login: str = HOLDER_LOGIN) -> BusinessRow | None:
        """Somebody's business account at the school."""
        rows = self.gate.ask(self.actor(SCHOOL_SYSTEM), business.listed)
        return next((row for row in rows if row.login == login), None)

    def request(self, login: str = HOLDER_LOGIN) -> RequestRow | None:
        """Somebody's certificate request at the school."""
        rows, account = self.gate.ask(self.actor(SCHOOL_SYSTEM), certificates.listed), self.account(login)
        return next((row for row in rows if account and row.account_id == account.id), None)

    @property
    def library(self) -> Path:
        """The library of the software token. Unavailable `demo.no_software_token`."""
        found = next((path for path in catalogue.libraries() if "softhsm" in path.name), None)
        if found is None:
            raise Unavailable("demo.no_software_token")
        return found

    @property
    def tokens(self) -> TokenHost:
        """The tokens of this folder."""
        if self._tokens is None:
            os.environ[CONFIGURATION] = str(write_configuration(self.folder))
            mend(self.folder)
            self._tokens = TokenHost([self.library])
        return self._tokens

    def token(self, label: str = "") -> TokenInfo | None:
        """The UKEY with a label, the holder's unless told, when the factory has delivered it.

        A library that fails must not look like none.
        """
        label = label or self.report.content["token"]["label"]
        found = next((info for info in self.tokens.tokens() if info.label == label), None)
        if found is None and (faults := self.tokens.faults()):
            raise faults[0]
        return found

    @property
    def authority(self) -> EmbeddedCA:
        """The CA, open."""
        if self._authority is None:
            passphrase = self.report.content["ca"]["issuing_passphrase"]
            self._authority = EmbeddedCA.open(self.folder / "ca", bootstrap.now, passphrase=passphrase)
        return self._authority

    def close(self) -> None:
        """Let go of everything."""
        if self._tokens is not None:
            self._tokens.close()
        if self._authority is not None:
            self._authority.close()
        if self._gate is not None:
            self._gate.close()

    def _sign_in(self, login: str, password: str) -> SignedIn:
        if self._gate is not None:
            return sign_in.sign_in(self._gate.context, login, password)
        self._gate, signed_in = bootstrap.open_office(self.folder, login, password, cost=COST)
        return signed_in


def refused(what: str, reason: str, call: Callable[[], object]) -> str:
    """Try what must be refused, and tell how it was. Conflict `demo.not_refused` when it was not."""
    try:
        call()
    except Problem as problem:
        if problem.reason != reason:
            raise
        return tr("{what} → 已拒绝：{why}", what=what, why=explain(problem).what)
    raise Conflict("demo.not_refused", what=what, reason=reason)


def never(world: World) -> bool:
    """For a check, which is made on every run."""
    return False


def demand(holds: object, what: str) -> None:
    """Conflict `demo.not_as_said` unless it holds."""
    if not holds:
        raise Conflict("demo.not_as_said", what=what)


def _patiently(sign_in: Callable[[], T]) -> T:
    """A run that was killed while it signed in left a failed try behind; after three of them, one has to wait."""
    while True:
        try:
            return sign_in()
        except Denied as problem:
            if problem.reason != "login.wait":
                raise
            time.sleep(float(problem.data["seconds"] or 1))
