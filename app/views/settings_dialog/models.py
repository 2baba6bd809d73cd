"""The catalogue of UKEY models as it stands: what each is called, its colour, and whether its library is here (E7)."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from app.token import catalogue
from app.token.catalogue import UkeyModel
from app.views.desk import Desk
from app.views.parts.basic import GAP, column, label
from app.views.parts.table import Empty, Table
from app.views.tables import Column, RowsModel
from app.words import N_, tr


class KnownModel(NamedTuple):
    """A model, and its libraries that are installed here."""

    ukey: UkeyModel
    installed: Sequence[Path]


def _state(known: KnownModel) -> str:
    if known.installed:
        return tr("✓ 已安装")
    return tr("○ 没有安装") if known.ukey.libraries else tr("－ 厂家没有提供本系统的驱动")


_COLUMNS: Sequence[Column[KnownModel]] = (
    Column(N_("厂家"), lambda known: known.ukey.vendor),
    Column(N_("型号"), lambda known: known.ukey.model),
    Column(N_("颜色"), lambda known: tr(known.ukey.colour) or "－"),
    Column(N_("本机的驱动"), _state, lambda known: "good" if known.installed else "muted"),
    Column(N_("驱动文件"), lambda known: ", ".join(map(str, known.installed or known.ukey.libraries))),
)


class ModelsPane(QWidget):
    """Looked up in a lane: files are asked for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.model = RowsModel[KnownModel](_COLUMNS, self)
        table = Table(self.model, tr("UKEY 型号目录"), Empty(tr("正在查找驱动…")))
        text = tr("程序认得这些型号，装好驱动就能用。不在这里的，或驱动装在别处的，请到“登记的 UKEY 驱动”里登记。")
        self.setLayout(column(label(text, "muted", wrap=True), table, gap=GAP))
        desk.tasks.ask(self, _known).then(self.model.show)


def _known() -> Sequence[KnownModel]:
    return tuple(KnownModel(ukey, catalogue.installed(ukey)) for ukey in catalogue.models())
