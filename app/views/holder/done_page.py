"""Step 4: what is on the UKEY now, and a page of it to print for the drawer (E9)."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.services.certificates import IssuedRow
from app.services.context import office_day, office_moment
from app.services.request_list import RequestLine
from app.token.types import TokenInfo
from app.views.desk import Desk
from app.views.parts.basic import button, card, column, label, row
from app.views.parts.facts import Fact, Facts
from app.views.parts.notice import Notice
from app.views.parts.preview import print_pdf, save_pdf
from app.words import tr


class DonePage(QWidget):
    """`finished` when the holder goes."""

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.notice = Notice()
        self.facts = Facts()
        self.go = button(tr("完成"), self.finished.emit, "main")
        self.print = button(tr("打印这一页"), self._print)
        save = button(tr("保存为 PDF…"), self._save)
        only = label(tr("教育 CA 证书是本人的网络身份标识，仅限本人使用，不得外借。"), "heading", wrap=True)
        pin = label(tr("PIN 码请记在心里，不要写在 UKEY 上，也不要告诉任何人。"), wrap=True)
        inside = card(
            label(tr("✓ 证书已写入 UKEY，签名验证通过"), "title", tone="good", wrap=True), self.facts, only, pin, 1,
            gap=14, margins=(24, 24, 24, 24),
        )  # fmt: skip
        whole = column(self.notice, inside, row(self.print, save, 1, self.go), gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def show_issued(self, request: RequestLine, token: TokenInfo, issued: IssuedRow) -> None:
        """What came of the download."""
        now = self.desk.gate.context.clock()
        self._shown = request, token, issued, office_moment(now)
        self.facts.show_facts(
            (
                Fact(tr("持证人"), request.holder_name),
                Fact(tr("单位"), request.unit_name),
                Fact(tr("证书申请"), request.number),
                Fact(tr("证书序列号"), issued.serial.upper()),
                Fact(tr("证书主题"), issued.subject),
                Fact(tr("有效期至"), office_day(issued.not_after).isoformat()),
                Fact(tr("UKEY 序列号"), issued.token_serial),
            )
        )

    def _print(self) -> None:
        print_pdf(self, self.desk.tasks, self.notice, self._page)

    def _save(self) -> None:
        save_pdf(self, self.desk.tasks, self.notice, f"{self._shown[0].number}.pdf", self._page)

    def _page(self) -> bytes:
        return _page(*self._shown)


def _page(request: RequestLine, token: TokenInfo, issued: IssuedRow, at: datetime) -> bytes:
    """In a lane: reportlab is heavy."""
    from app.forms.letters import HolderPage, holder_page

    ukey = token.ukey
    page = HolderPage(
        request.holder_name,
        request.unit_name,
        request.number,
        issued.serial.upper(),
        issued.subject,
        office_day(issued.not_after),
        ukey.vendor if ukey else token.manufacturer,
        ukey.model if ukey else token.model,
        issued.token_serial,
        at,
    )
    return holder_page(page)
