"""Why a UKEY is not seen (E7): the layer that fails, what to do step by step, the code to tell; and all layers."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.diagnosis import State
from app.services.diagnosis_causes import LAYER_NAMES
from app.services.diagnosis_tokens import LayerFinding, first_failing
from app.views.parts.basic import GAP, card, clear, column, copyable, label
from app.views.parts.facts import Fact, Facts
from app.views.parts.notice import SIGNS
from app.words import tr

TONES = {State.OK: "good", State.UNCHECKED: "", State.NOTE: "late", State.FAULT: "wrong"}
"""How a state is shown."""


class Layers(QWidget):
    """The first failing layer large, and below it how each layer stands."""

    def __init__(self) -> None:
        super().__init__()
        self._first: QVBoxLayout = column(gap=10)
        self._all = Facts()
        self._card = card(self._first)
        below = card(label(tr("逐层检查"), "heading"), self._all)
        self.setLayout(column(self._card, below, 1, gap=GAP))

    def show_findings(self, findings: Sequence[LayerFinding]) -> None:
        """These, in place of those before."""
        first = first_failing(findings)
        clear(self._first)
        self._card.setVisible(first is not None)
        if first is not None:
            self._show_first(first)
        self._all.show_facts(Fact(tr(LAYER_NAMES[each.layer]), each.what, TONES[each.state]) for each in findings)

    def _show_first(self, first: LayerFinding) -> None:
        tone = TONES[first.state]
        where = tr("卡在“{layer}”这一层", layer=tr(LAYER_NAMES[first.layer]))
        self._first.addWidget(label(f"{SIGNS[tone]} {where}", "muted", tone=tone, wrap=True))
        self._first.addWidget(copyable(first.what, "title"))
        for number, step in enumerate(first.steps, 1):
            self._first.addWidget(copyable(tr("{number}. {step}", number=number, step=step)))
        if first.code:
            self._first.addWidget(label(tr("打电话求助时，请报这个代码："), "muted", wrap=True))
            self._first.addWidget(copyable(first.code, "number"))
