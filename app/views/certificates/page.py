"""证书与 UKEY: the requests for certificates on their way, and the UKEYs plugged in here (§二.5, §四; E1, E3, E7)."""

from PySide6.QtWidgets import QStackedWidget

from app.policy import Permission
from app.views.certificates.requests import RequestsPane
from app.views.certificates.ukeys import UkeysPane
from app.views.desk import Desk
from app.views.links import Link
from app.views.parts.basic import button, segments
from app.views.parts.page import Page
from app.words import tr

_REQUESTS, _UKEYS = 0, 1


class CertificatesPage(Page):
    """Two segments: 证书申请 and 插入的 UKEY."""

    areas = frozenset({"certificates", "enrolment"})
    help = "certificates"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("证书与 UKEY"))
        self.requests, self.ukeys = RequestsPane(desk, self.notice), UkeysPane(desk, self.notice)
        self.segments, self._stack = segments(tr("证书申请或插入的 UKEY")), QStackedWidget()
        for text, pane in ((tr("证书申请"), self.requests), (tr("插入的 UKEY"), self.ukeys)):
            self.segments.addTab(text)
            self._stack.addWidget(pane)
        self.segments.currentChanged.connect(self._switch)
        self.body.addWidget(self.segments)
        self.body.addWidget(self._stack, 1)
        self.file = button(tr("申请证书…"), lambda: self.requests.file(), "main")
        self.file.setVisible(self._files())
        self.buttons.addWidget(self.file)

    def refresh(self) -> None:
        """See Page."""
        self.requests.refresh()

    def look_again(self) -> None:
        """F5 also loads the drivers anew, where UKEYs are looked at."""
        super().look_again()
        if self.ukeys.isVisible():
            self.ukeys.look_afresh()

    def open(self, link: Link) -> None:
        """See Page."""
        self.segments.setCurrentIndex(_UKEYS if link.segment == "ukeys" else _REQUESTS)
        if link.segment != "ukeys":
            self.requests.open(link)

    def search(self) -> None:
        """See Page."""
        self.segments.setCurrentIndex(_REQUESTS)
        self.requests.text.setFocus()

    def _switch(self, segment: int) -> None:
        self._stack.setCurrentIndex(segment)
        self.file.setVisible(self._files())

    def _files(self) -> bool:
        allowed = self.desk.allows(Permission.FILE_CERTIFICATE_REQUEST)
        return allowed and self.segments.currentIndex() == _REQUESTS
