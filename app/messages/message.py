"""What a message is."""

from typing import NamedTuple


class Message(NamedTuple):
    """What happened, and what to do next; both may name the problem's data as `{name}`."""

    what: str
    todo: str
