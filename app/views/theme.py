"""Colours, sizes and the one style sheet: every colour on the screen comes from the table here, light and dark."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.words import N_

FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei UI", "PingFang SC",
            "WenQuanYi Micro Hei", "Shiming Song", "Shiming Song Ext")  # fmt: skip
"""The first that is there; the last two are the forms' own, for rare characters."""
OWN_FONTS = ("ShimingSong-Regular.ttf", "ShimingSongExt-Regular.ttf")
TEXT_SIZE = 14
"""Pixels of running text at 100 %."""
FONT_SIZES = (100, 115, 130, 150)
"""Per cent, for the settings."""
UKEY_COLOURS = {
    N_("红色"): "#c0392b", N_("橙色"): "#d9791f", N_("黄色"): "#e3b625", N_("绿色"): "#2e8b57", N_("蓝色"): "#2f6fb4",
    N_("紫色"): "#7d4ea8", N_("棕色"): "#8b5e3c", N_("白色"): "#f4f4f2", N_("银色"): "#c3c9ce", N_("灰色"): "#8b959d",
    N_("黑色"): "#2b2f33",
}  # fmt: skip
"""What the catalogue calls the colour of a UKEY → how it is drawn: a thing in the hand looks the same in the dark."""
UKEY_UNKNOWN, UKEY_PLUG = "#aab3ba", "#b9c1cb"


@dataclass(frozen=True)
class Colours:
    """What each colour is for."""

    ground: str
    """Behind everything."""
    card: str
    line: str
    text: str
    muted: str
    """Second lines, hints, headers of tables."""
    accent: str
    """The main action, links, numbers."""
    on_accent: str
    accent_soft: str
    """Selected rows, the focused tab."""
    good: str
    late: str
    wrong: str
    wrong_soft: str
    late_soft: str
    paper_ground: str
    """Around a printed page."""


LIGHT = Colours(
    ground="#f5f7f9", card="#ffffff", line="#d5dce1", text="#1b2730", muted="#56646f", accent="#1f6f5c",
    on_accent="#ffffff", accent_soft="#e1efeb", good="#1f6f5c", late="#a5480c", wrong="#b3261e", wrong_soft="#fbeceb",
    late_soft="#fdf1e6", paper_ground="#e6ecef",
)  # fmt: skip
DARK = Colours(
    ground="#171c20", card="#20272c", line="#3b464e", text="#e7ecef", muted="#a5b1ba", accent="#5cc3a6",
    on_accent="#0c211b", accent_soft="#21423a", good="#5cc3a6", late="#f0a868", wrong="#ff8a80", wrong_soft="#452524",
    late_soft="#41301f", paper_ground="#2b343a",
)  # fmt: skip

_SHEET = Template("""
* { color: $text; font-size: ${text_px}px; }
QMainWindow, QDialog, QWidget#page, QWidget#ground, QScrollArea#ground, QStackedWidget { background: $ground; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 4px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title_px}px; font-weight: bold; }
QLabel[role="heading"] { font-size: ${heading_px}px; font-weight: bold; }
QLabel[role="muted"], QLabel[role="hint"] { color: $muted; }
QLabel[role="hint"] { font-size: ${small_px}px; }
QLabel[role="error"] { color: $wrong; font-size: ${small_px}px; }
QLabel[role="number"] { color: $accent; font-size: ${number_px}px; font-weight: bold; }
QLabel[role="brand"] { font-size: ${title_px}px; font-weight: bold; }
QLabel[tone="good"] { color: $good; } QLabel[tone="late"] { color: $late; } QLabel[tone="wrong"] { color: $wrong; }
QFrame#card { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame#card QStackedWidget { background: transparent; }
QFrame#header { background: $card; border: none; border-bottom: 1px solid $line; }
QFrame#paper { background: $paper_ground; border: none; border-radius: 8px; }
QFrame#notice { border-radius: 8px; border: 1px solid $line; background: $accent_soft; }
QFrame#notice[tone="wrong"] { background: $wrong_soft; border-color: $wrong; }
QFrame#notice[tone="late"] { background: $late_soft; border-color: $late; }
QPushButton { background: $card; border: 1px solid $line; border-radius: 6px; padding: 6px 14px; }
QPushButton:hover { border-color: $accent; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $muted; background: $ground; }
QPushButton[role="main"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: bold; }
QPushButton[role="main"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[role="main"]:focus { border: 2px solid $text; padding: 5px 13px; }
QPushButton[role="danger"] { color: $wrong; border-color: $wrong; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 4px 6px;
    text-align: left; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }
QPushButton[role="choice"] { text-align: left; padding: 10px 14px; }
QPushButton[role="choice"]:checked { background: $accent_soft; border: 2px solid $accent; }
QLineEdit, QPlainTextEdit, QComboBox, QDateEdit, QSpinBox { background: $card; border: 1px solid $line;
    border-radius: 6px; padding: 6px 8px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus { border: 2px solid $accent;
    padding: 5px 7px; }
QLineEdit:read-only { background: $ground; }
QLineEdit[tone="wrong"], QPlainTextEdit[tone="wrong"], QComboBox[tone="wrong"] { border: 1px solid $wrong; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line; selection-background-color: $accent_soft;
    selection-color: $text; }
QCheckBox, QRadioButton { background: transparent; spacing: 8px; padding: 2px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted;
    background: $card; }
QCheckBox::indicator { border-radius: 3px; } QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $ground; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 10px 16px; border: none;
    border-bottom: 3px solid transparent; }
QTabBar::tab:selected { color: $accent; border-bottom: 3px solid $accent; }
QTabBar::tab:focus { background: $accent_soft; }
QTabBar::tab:hover { color: $accent; }
QAbstractItemView { background: $card; alternate-background-color: $card; border: 1px solid $line; border-radius: 8px;
    selection-background-color: $accent_soft; selection-color: $text; outline: none; gridline-color: $line; }
QTableView::item, QTreeView::item { padding: 4px 8px; }
QListWidget::item { padding: 6px 8px; }
QTreeView::item:hover, QTableView::item:hover, QListWidget::item:hover { background: $ground; }
QTreeView::item:selected, QTableView::item:selected, QListWidget::item:selected { background: $accent_soft;
    color: $text; }
QAbstractItemView:focus { border: 1px solid $accent; }
QHeaderView { background: $card; border: none; border-top-left-radius: 8px; }
QHeaderView::section { background: $card; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 8px; }
QTableCornerButton::section { background: $card; border: none; }
QProgressBar { background: $ground; border: 1px solid $line; border-radius: 5px; max-height: 10px; min-height: 10px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QMenu { background: $card; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 20px; } QMenu::item:selected { background: $accent_soft; }
QStatusBar { background: $ground; } QStatusBar::item { border: none; }
QSplitter::handle { background: transparent; }
QScrollBar { background: transparent; border: none; width: 10px; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 32px; min-width: 32px; margin: 1px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#inside { background: transparent; }
QTextBrowser { background: $card; border: 1px solid $line; border-radius: 8px; padding: 12px; }
""")


def is_dark() -> bool:
    """Whether the system asks for dark windows."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def colours() -> Colours:
    """The row of the table in force."""
    return DARK if is_dark() else LIGHT


def font(percent: int) -> QFont:
    """The one font of the program at a size of so many per cent."""
    chosen = QFont()
    chosen.setFamilies(list(FAMILIES))
    chosen.setPixelSize(round(TEXT_SIZE * percent / 100))
    return chosen


def apply(app: QApplication, percent: int = 100) -> None:
    """Dress the whole program: style, font, palette, style sheet."""
    from app.paths import resource

    row = colours()
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font(percent))
    app.setPalette(_palette(row))
    suffix = "-dark.svg" if is_dark() else ".svg"
    icons = {name: resource("icons", name + suffix).as_posix() for name in ("arrow", "tick")}
    app.setStyleSheet(_SHEET.substitute({**asdict(row), **_sizes(percent), **icons}))


def _sizes(percent: int) -> Mapping[str, int]:
    sizes = {"text_px": TEXT_SIZE, "small_px": 12.5, "heading_px": 16, "title_px": 20, "number_px": 30}
    return {name: round(size * percent / 100) for name, size in sizes.items()}


def _palette(row: Colours) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: row.ground,
        roles.Base: row.card,
        roles.AlternateBase: row.ground,
        roles.Button: row.card,
        roles.Text: row.text,
        roles.WindowText: row.text,
        roles.ButtonText: row.text,
        roles.PlaceholderText: row.muted,
        roles.Highlight: row.accent,
        roles.HighlightedText: row.on_accent,
        roles.ToolTipBase: row.card,
        roles.ToolTipText: row.text,
        roles.Link: row.accent,
    }.items():
        palette.setColor(role, QColor(colour))
    return palette
