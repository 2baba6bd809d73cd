"""How states are shown: a sign and a word, never colour alone."""

from collections.abc import Mapping

from app.models.accounts import ACCOUNT_STATE_NAMES, AccountState
from app.models.applications import APPLICATION_STATE_NAMES, TRANSITIONS, ApplicationState, FormKind
from app.words import tr

_S = ApplicationState
_FORM: Mapping[ApplicationState, tuple[str, str]] = {
    _S.DRAFT: ("○", ""),
    _S.PRINTED: ("○", ""),
    _S.SUBMITTED: ("●", ""),
    _S.ACCEPTED: ("●", ""),
    _S.EXECUTED: ("✓", "good"),
    _S.RETURNED: ("▲", "late"),
    _S.REJECTED: ("✕", "wrong"),
    _S.WITHDRAWN: ("－", "muted"),
}
"""State of a 附件4 → sign and colour."""
_ACCOUNT: Mapping[AccountState, tuple[str, str]] = {
    AccountState.CREATED: ("●", ""),
    AccountState.ACTIVE: ("✓", "good"),
    AccountState.DISABLED: ("－", "muted"),
}

FORM_STATES = tuple(
    state
    for state in ApplicationState
    if state is _S.DRAFT or state in TRANSITIONS[FormKind.ANNEX4].values()
)  # fmt: skip
"""Those that a 附件4 can be in."""


def form_state(state: ApplicationState) -> str:
    """Sign and word of a form's state."""
    return f"{_FORM[state][0]} {tr(APPLICATION_STATE_NAMES[state])}"


def form_tone(state: ApplicationState) -> str:
    """Its colour in the palette."""
    return _FORM[state][1]


def account_state(state: AccountState) -> str:
    """Sign and word of an account's state."""
    return f"{_ACCOUNT[state][0]} {tr(ACCOUNT_STATE_NAMES[state])}"


def account_tone(state: AccountState) -> str:
    """Its colour in the palette."""
    return _ACCOUNT[state][1]
