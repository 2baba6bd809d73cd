"""Who can log in to a demo, and with what: read from its report, for the start page of the demo only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.demo.report import Report
from app.policy import POST_NAMES, Post

_POSTS = {name: post for post, name in POST_NAMES.items()}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can log in, and in which posts."""

    login: str
    name: str
    unit: str
    posts: tuple[Post, ...]
    password: str = field(repr=False)


@dataclass(frozen=True)
class DemoHolder:
    """Somebody who can download a certificate: by the number of the request, the mobile number and the code."""

    name: str
    mobile: str
    number: str
    download_code: str = field(repr=False)


@dataclass(frozen=True)
class DemoUkey:
    """A UKEY in software; `user_pin` is empty while its holder has set none."""

    label: str
    serial: str
    so_pin: str = field(repr=False)
    user_pin: str = field(default="", repr=False)


@dataclass(frozen=True)
class DemoSecrets:
    """What people of the demo would have in their heads and letters."""

    issuing_passphrase: str = field(repr=False)
    holders: tuple[DemoHolder, ...]
    ukeys: tuple[DemoUkey, ...]
    """The finished holder's first; then the blank ones."""


def people(folder: Path) -> Sequence[DemoPerson]:
    """Those who can log in, from the top down; none where there is no demo.

    Unavailable `demo.report_damaged`; Conflict `demo.folder_taken`.
    """
    report = Report.read(folder)
    listed = report.content["people"] if report else ()
    return tuple(DemoPerson(**person | {"posts": tuple(_POSTS[name] for name in person["posts"])}) for person in listed)


def secrets(folder: Path) -> DemoSecrets | None:
    """The CA's passphrase, the codes and the PINs; None where there is no demo. Raises as `people`."""
    report = Report.read(folder)
    if report is None:
        return None
    own, practice = report.content["token"], report.content.get("practice", {"holders": {}, "tokens": []})
    finished = DemoUkey(own["label"], own["serial"], own["so_pin"], own["user_pin"])
    return DemoSecrets(
        report.content["ca"]["issuing_passphrase"],
        tuple(DemoHolder(**holder) for holder in practice["holders"].values()),
        (finished, *(DemoUkey(**token) for token in practice["tokens"])),
    )
