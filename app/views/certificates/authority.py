"""Founding the embedded authority (内置 CA), which a province without one needs before anybody can download (E6)."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtWidgets import QWidget

from app.ca import keyfile
from app.ca.embedded import EmbeddedCA
from app.models.org import UnitKind
from app.policy import Permission
from app.views.desk import Desk
from app.views.parts.dialog import FormDialog
from app.views.parts.fields import FieldRow
from app.views.parts.ukey_pin import PinControl
from app.words import tr

FOLDER = "ca"
"""Inside the office's folder."""


def founds(desk: Desk) -> bool:
    """Whether it is for this post to found the authority: the province's 安全管理员, who audits the requests."""
    return desk.allows(Permission.AUDIT_CERTIFICATE_REQUEST) and desk.actor.unit_kind is UnitKind.PROVINCE


def is_missing(desk: Desk) -> bool:
    """In a lane: whether there is none yet."""
    folder = desk.folder / FOLDER
    return not (folder.exists() and any(folder.iterdir()))


class FoundAuthority(FormDialog):
    """Asks for both passphrases, twice each, and founds the authority beside Qt's thread."""

    def __init__(self, parent: QWidget, desk: Desk, founded: Callable[[], object]) -> None:
        least = tr("至少 {least} 个字符", least=keyfile.LEAST_PASSPHRASE)
        fields = {
            "root": FieldRow(tr("根密钥口令"), PinControl(), required=True, hint=least),
            "root_again": FieldRow(tr("再输入一次根密钥口令"), PinControl(), required=True),
            "issuing": FieldRow(tr("签发密钥口令"), PinControl(), required=True, hint=least),
            "issuing_again": FieldRow(tr("再输入一次签发密钥口令"), PinControl(), required=True),
        }
        text = tr(
            "根密钥一年只用一次，签发密钥每次下载证书都要用。两个口令都不能找回：请分别写下、密封，由两个人分开保管。"
        )
        super().__init__(parent, tr("建立内置 CA"), tr("建立内置 CA"), fields, text=text)
        self._desk, self._founded = desk, founded
        self.confirmed.connect(self._found)
        fields["root"].focus()

    def _found(self, values: Mapping[str, str]) -> None:
        if faults := dict(_faults(values)):
            self.refuse(faults)
            return
        self.notice.say(tr("正在生成两对 4096 位的密钥，约需十几秒…"), "")
        folder, name, clock = self._desk.folder / FOLDER, self._desk.person.unit_name, self._desk.gate.context.clock
        root, issuing = values["root"], values["issuing"]

        def work() -> None:
            EmbeddedCA.create(folder, name, root, clock(), issuing_passphrase=issuing)

        self._desk.tasks.job(self, work).then(lambda _: self._end()).fails(self.problem)

    def _end(self) -> None:
        self.accept()
        self._founded()


def _faults(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key in ("root", "issuing"):
        if len(values[key]) < keyfile.LEAST_PASSPHRASE:
            yield key, tr("太短，至少 {least} 个字符。", least=keyfile.LEAST_PASSPHRASE)
        elif values[key] != values[f"{key}_again"]:
            yield f"{key}_again", tr("两次输入的口令不一样。")
    if values["root"] == values["issuing"]:
        yield "issuing", tr("两个口令不能相同：它们由两个人分开保管。")
