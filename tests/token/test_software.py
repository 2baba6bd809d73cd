"""The software token of the demo: what SoftHSM loses in a kill is given back."""

import os

import pytest

from app.token.host import TokenHost
from app.token.software import manufacture, mend
from app.token.types import KeyKind
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm


@pytest.mark.requirement("E3")
def test_a_token_whose_record_a_kill_emptied_is_itself_again_with_its_keys(softhsm: SoftHsm) -> None:
    manufacture(softhsm.folder, softhsm.library, "演示", SO_PIN)
    with TokenHost([softhsm.library]) as host:
        serial = next(info.serial for info in host.tokens() if info.initialised)
        host.prepare(serial, "演示", SO_PIN, USER_PIN)
        with host.open(serial, USER_PIN) as session:
            public = session.generate(b"k" * 16, KeyKind.EC_P256, "key")
    (record,) = (softhsm.folder / "tokens").glob("*/token.object")
    os.truncate(record, 0)
    mend(softhsm.folder)
    with TokenHost([softhsm.library]) as host:
        host.prepare(serial, "演示", SO_PIN, USER_PIN)  # the copy may be older than the PIN
        with host.open(serial, USER_PIN) as session:
            assert session.find_public(b"k" * 16) == public
            session.private_key(b"k" * 16)
