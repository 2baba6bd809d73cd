"""Who may open the office's database (口令库, `office.vault`): `records` is what is kept, `file` how it lies
on the disk, `slots` the cryptography of one way in, `vault` what the rest of the house uses.
"""

from app.vault.records import Failure
from app.vault.slots import OfficeKeys
from app.vault.vault import SlotState, Unlocked, Vault

__all__ = ["Failure", "OfficeKeys", "SlotState", "Unlocked", "Vault"]
