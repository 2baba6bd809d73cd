"""How long a certificate still counts: said in days, from sixty on."""

from datetime import date

from app.views.parts.facts import Fact
from app.words import tr

_SOON, _SOONER, _NOW = 60, 30, 7
"""Days before the end at which more is said."""


def expiry(until: date, today: date) -> Fact:
    """Until when, with how many days are left and what to do about it."""
    name, days = tr("有效期至"), (until - today).days
    if days < 0:
        return Fact(name, tr("{until}，已到期", until=until), "wrong")
    if days <= _NOW:
        return Fact(name, tr("{until}，只剩 {days} 天：请马上办理更新", until=until, days=days), "late")
    if days <= _SOONER:
        return Fact(name, tr("{until}，还有 {days} 天：请办理更新", until=until, days=days), "late")
    if days <= _SOON:
        return Fact(name, tr("{until}，还有 {days} 天", until=until, days=days), "late")
    return Fact(name, str(until), "good")
