"""The demo's report, which is also its memory: passwords and PINs are in it before they are used anywhere."""

import json
from collections.abc import Callable
from pathlib import Path
from secrets import choice, token_urlsafe
from typing import Any

from app import durable
from app.demo.cast import ADMINISTRATORS, HOLDER, HOLDER_LOGIN, Administrator
from app.errors import Conflict, Unavailable
from app.passwords import password_faults
from app.policy import POST_NAMES

NAME = "report.json"
_CLEARING = "clearing"
_KEYS = {"steps", "people", "holder", "token", "certificate", "ca", "recovery_letter"}


class Report:
    """`report.json`: whole on the disk after every `save`, readable by its owner only."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self._path = path
        self.content = content

    @classmethod
    def read(cls, folder: Path) -> "Report | None":
        """The report of an earlier run, if there was one.

        Unavailable `demo.report_damaged`; Conflict `demo.folder_taken` when it is another program's.
        """
        path = folder / NAME
        if not path.exists():
            return None
        try:
            content = json.loads(path.read_bytes())
        except ValueError:
            raise Unavailable("demo.report_damaged", path=str(path)) from None
        if not (isinstance(content, dict) and content.keys() >= _KEYS):
            raise Conflict("demo.folder_taken", folder=str(folder))
        return cls(path, content)

    @classmethod
    def plan(cls, folder: Path) -> "Report":
        """A new one, with everything that has to be the same when the demo goes on after a cut."""
        report = cls(folder / NAME, _plan())
        report.save()
        return report

    @property
    def clearing(self) -> bool:
        """Whether what an earlier demo made is being removed."""
        return bool(self.content.get(_CLEARING))

    def clear(self) -> None:
        """Note that what this demo made is about to be removed: a cut in between is gone on with."""
        self.content[_CLEARING] = True
        self.save()

    @classmethod
    def damaged(cls, folder: Path) -> "Report":
        """What to `clear` where the report can't be read."""
        return cls(folder / NAME, _plan())

    def save(self) -> None:
        """Write it."""
        durable.write(self._path, json.dumps(self.content, ensure_ascii=False, indent=2).encode())

    def step(self, identity: str) -> dict[str, Any] | None:
        """A step's entry."""
        return next((step for step in self.content["steps"] if step["id"] == identity), None)

    def passed(self, identity: str) -> bool:
        """Whether a step is done: for those that leave nothing but a refusal behind, or what people may undo."""
        step = self.step(identity)
        return bool(step and step["ok"])

    def keep(self, entry: dict[str, Any]) -> None:
        """Put a step's entry in, in place of an earlier one."""
        earlier, steps = self.step(entry["id"]), self.content["steps"]
        if earlier is None:
            steps.append(entry)
        else:
            steps[steps.index(earlier)] = entry
        self.save()

    def password(self, login: str) -> str:
        """Somebody's password."""
        return next(str(person["password"]) for person in self.content["people"] if person["login"] == login)

    @property
    def practice(self) -> dict[str, Any]:
        """What the practice material has to find again: blank UKEYs, and download codes by login.

        A report without it is one of the demo alone; it is planned when it is first asked for.
        """
        if "practice" not in self.content:
            self.content["practice"] = {"tokens": [_blank(number) for number in (1, 2)], "holders": {}}
            self.save()
        planned: dict[str, Any] = self.content["practice"]
        return planned


def _plan() -> dict[str, Any]:
    return {
        "steps": [],
        "people": [_person(person) for person in ADMINISTRATORS],
        "holder": {"login": HOLDER_LOGIN, "name": HOLDER.name, "mobile": HOLDER.mobile, "download_code": ""},
        "token": {"label": "实名演示 UKEY", "serial": "", "module": "", "user_pin": _pin(), "so_pin": _pin()},
        "certificate": {},
        "ca": {"root_passphrase": token_urlsafe(18), "issuing_passphrase": token_urlsafe(18)},
        "recovery_letter": "",
    }


def _person(person: Administrator) -> dict[str, Any]:
    return {
        "login": person.login,
        "password": _random(lambda: token_urlsafe(12) + "!7", lambda text: not _faults(text, person)),
        "name": person.name,
        "posts": [POST_NAMES[post] for post in person.posts],
        "unit": person.unit,
    }


def _blank(number: int) -> dict[str, Any]:
    return {"label": f"实名练习 UKEY {number}", "serial": "", "so_pin": _pin()}


def _faults(text: str, person: Administrator) -> bool:
    return bool(password_faults(text, person.login, (person.name, person.mobile, person.form.email)))


def _pin() -> str:
    return _random(lambda: "".join(choice("0123456789") for _ in range(8)), lambda text: len(set(text)) > 4)


def _random(make: Callable[[], str], good: Callable[[str], bool]) -> str:
    while not good(text := make()):
        pass
    return text
