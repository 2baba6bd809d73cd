"""How far the four sign-offs of a 附件4 have come: who signed when, and whose turn it is (C1)."""

from collections.abc import Mapping

from PySide6.QtWidgets import QGridLayout, QWidget

from app.forms.annex4 import SIGN_LABELS, Signature, SignStep
from app.views.parts.basic import copyable, label
from app.words import tr

_CIRCLED = "①②③④"


def step_name(step: SignStep) -> str:
    """A sign-off with its number: ② 申请人部门意见."""
    return f"{_CIRCLED[step - 1]} {tr(SIGN_LABELS[step])}"


class Progress(QWidget):
    """A line for each sign-off."""

    def __init__(self, signed: Mapping[SignStep, Signature], due: SignStep | None) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for at, step in enumerate(SignStep):
            name = label(step_name(step), "" if step in signed or step is due else "muted", wrap=True)
            told = _told(signed.get(step), due=step is due)
            name.setBuddy(told)
            grid.addWidget(name, at, 0)
            grid.addWidget(told, at, 1)
        self.setLayout(grid)


def _told(signature: Signature | None, *, due: bool) -> QWidget:
    if signature is None:
        return label(tr("● 轮到这一项") if due else tr("○ 还没有"), "" if due else "muted")
    text = f"✓ {signature.signer}　{signature.signed_on.isoformat()}"
    said = copyable(f"{text}　{signature.opinion}" if signature.opinion else text)
    said.setProperty("tone", "good")
    return said
