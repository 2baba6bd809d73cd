"""A UKEY on the screen: drawn in its own colour, and what it says of itself."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.services.diagnosis_tokens import PIN_STATES
from app.token.types import PinState, TokenInfo
from app.views import theme
from app.views.parts.basic import column, label
from app.views.parts.facts import Fact, Facts
from app.words import tr

_PROPORTION = 250 / 70
"""Of the drawing's width to its height."""
_GRAVE = {
    PinState.NOT_SET: "late",
    PinState.OK: "good",
    PinState.FEW_LEFT: "late",
    PinState.LAST_TRY: "wrong",
    PinState.LOCKED: "wrong",
    PinState.TO_BE_CHANGED: "late",
}


def ukey_name(info: TokenInfo) -> str:
    """Maker and model, as the catalogue calls them; else as the UKEY itself does."""
    named = (info.ukey.vendor, info.ukey.model) if info.ukey else (info.manufacturer, info.model)
    return " ".join(part for part in named if part)


def ukey_title(info: TokenInfo) -> str:
    """`蓝色 UKEY · 龙脉科技 mToken GM3000`: what one looks for on the table."""
    colour = tr(info.ukey.colour) if info.ukey else ""
    return tr("{colour} UKEY · {name}", colour=colour, name=ukey_name(info)).strip()


def pin_fact(info: TokenInfo) -> Fact:
    """The PIN's state in words: PKCS#11 tells no number of tries, and none is guessed."""
    if not info.initialised:
        return Fact(tr("PIN 码"), tr("未初始化，还没有 PIN 码"), "late")
    return Fact(tr("PIN 码"), tr(PIN_STATES[info.pin_state]), _GRAVE[info.pin_state])


class UkeyPicture(QWidget):
    """The key in its real colour, by the catalogue's name of it; grey when that is not known."""

    def __init__(self, colour: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._colour = ""
        self.show_colour(colour)

    def show_colour(self, colour: str) -> None:
        """Another key's."""
        self._colour = colour
        self.setAccessibleName(tr("{colour} UKEY", colour=tr(colour)).strip())
        self.update()

    def sizeHint(self) -> QSize:
        """It grows with the letters."""
        height = self.fontMetrics().lineSpacing() * 4
        return QSize(round(height * _PROPORTION), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Body, hole and plug, in the middle."""
        height = min(self.height() - 2, self.width() / _PROPORTION)
        body = QRectF(0, 0, height * 2.7, height)
        plug = QRectF(body.right(), height * 0.2, height * 0.85, height * 0.6)
        hole = QRectF(height * 0.3, height * 0.37, height * 0.26, height * 0.26)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate((self.width() - height * _PROPORTION) / 2, (self.height() - height) / 2)
            painter.setPen(QColor(theme.colours().line))
            painter.fillRect(plug, QColor(theme.UKEY_PLUG))
            painter.setBrush(QColor(theme.UKEY_COLOURS.get(self._colour, theme.UKEY_UNKNOWN)))
            painter.drawRoundedRect(body, height * 0.22, height * 0.22)
            painter.setBrush(QColor(theme.colours().card))
            painter.drawEllipse(hole)


class UkeyCard(QFrame):
    """Picture, name, and what a UKEY says of itself before any PIN is asked for."""

    def __init__(self, info: TokenInfo, *, blank: bool | None = None) -> None:
        super().__init__()
        self.setObjectName("card")
        self.picture = UkeyPicture()
        self.name = label("", "heading", wrap=True)
        self.facts = Facts()
        self.setLayout(column(self.picture, self.name, self.facts, 1, gap=12, margins=(16, 20, 16, 16)))
        self.show_token(info, blank=blank)

    def show_token(self, info: TokenInfo, *, blank: bool | None = None) -> None:
        """Show this one; `blank` is what the host says of it (`is_blank`), None while that is not known."""
        self.picture.show_colour(info.ukey.colour if info.ukey else "")
        self.name.setText(ukey_title(info))
        self.facts.show_facts(_facts(info, blank=blank if info.initialised else True))


def _facts(info: TokenInfo, *, blank: bool | None) -> tuple[Fact, ...]:
    return (
        Fact(tr("厂家"), info.ukey.vendor if info.ukey else info.manufacturer),
        Fact(tr("型号"), info.ukey.model if info.ukey else tr("{model}（目录里没有）", model=info.model)),
        Fact(tr("颜色"), tr(info.ukey.colour) if info.ukey and info.ukey.colour else tr("目录里没有写")),
        Fact(tr("序列号"), info.serial or tr("初始化后才有")),
        Fact(tr("标签"), info.label),
        pin_fact(info),
        Fact(tr("可用空间"), _space(info)),
        Fact(tr("内容"), {True: tr("空白"), False: tr("已有密钥或证书"), None: tr("正在查看…")}[blank]),
        Fact(tr("写保护"), tr("是，不能写入") if info.write_protected else "", "wrong"),
        Fact(tr("读卡器"), info.reader),
        Fact(tr("版本"), tr("硬件 {hardware}，固件 {firmware}", hardware=info.hardware, firmware=info.firmware)),
    )


def _space(info: TokenInfo) -> str:
    if info.free_memory is None:
        return tr("UKEY 没有告知")
    free = tr("{free} KB", free=info.free_memory >> 10)
    if not info.total_memory:
        return free
    return tr("{free}，共 {total} KB", free=free, total=info.total_memory >> 10)
