"""The vault: who gets in, who does not, and what a change of secrets or keys leaves behind."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Recipient

from app import printed_codes
from app.errors import Conflict, Denied, Invalid, Problem, Unavailable
from app.passwords import Cost
from app.vault import Failure, OfficeKeys, Vault, file, slots
from app.vault import vault as vault_module
from app.vault.records import Attempts, Content

WEAK = Cost(8, 1, 1)
OFFICE = bytes.fromhex("00112233445566778899aabbccddeeff")
ZHANG, LI = b"z" * 16, b"l" * 16
SECRET = "Lake-42-mountain"
NOW = datetime(2020, 7, 24, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.requirement("G4")


@pytest.fixture
def keys() -> OfficeKeys:
    return OfficeKeys.generate()


@pytest.fixture
def path(tmp_path: Path, keys: OfficeKeys) -> Path:
    path = tmp_path / "office.vault"
    vault = Vault.create(path, OFFICE, WEAK)
    vault.add_slot(ZHANG, "zhang", SECRET, keys)
    vault.add_slot(LI, "li", "River-17-forest", keys)
    vault.save()
    return path


def _refusal(path: Path, login: str, password: str, now: datetime) -> Problem:
    with pytest.raises(Denied) as caught:
        Vault.open(path, WEAK).unlock(login, password, now)
    return caught.value


def _fail(path: Path, times: int, login: str = "zhang", start: datetime = NOW) -> datetime:
    """Wrong tries, each after its pause; the moment after the last."""
    for _ in range(times):
        start += timedelta(hours=1)
        assert _refusal(path, login, "wrong", start).reason == "login.refused"
    return start


# Getting in


def test_the_right_password_gives_the_keys_and_says_which_slot(path: Path, keys: OfficeKeys) -> None:
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW) == (ZHANG, keys)
    assert Vault.open(path, WEAK).unlock(" ZHANG ", SECRET, NOW).slot_id == ZHANG


@given(st.text(max_size=30), st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_any_text_at_all_is_a_login_and_a_password(login: str, password: str) -> None:
    content = Content(OFFICE)
    vault = Vault(Path("never-written"), content, WEAK, exists=False)
    keys = OfficeKeys.generate()
    vault.add_slot(ZHANG, login, password, keys)
    assert vault._try(dict(vault._content.slots), password) == (ZHANG, keys)
    assert vault._try(dict(vault._content.slots), password + "x") is None


def test_an_unknown_login_and_a_wrong_password_look_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    derivations: list[Cost] = []

    def counting(secret: str, salt: bytes, cost: Cost) -> bytes:
        derivations.append(cost)
        return bytes(32)

    monkeypatch.setattr(slots, "derive", counting)
    monkeypatch.setattr(vault_module, "derive", counting)
    known, unknown = (_refusal(path, login, "wrong", NOW) for login in ("zhang", "nobody"))
    assert (known.reason, known.data) == (unknown.reason, unknown.data) == ("login.refused", {})
    assert derivations == [WEAK, WEAK]


def test_no_name_and_no_key_stands_in_the_file(path: Path, keys: OfficeKeys) -> None:
    text = path.read_bytes()
    for told in (b"zhang", SECRET.encode(), keys.database, keys.fields, keys.digests, b"AGE-SECRET-KEY"):
        assert told not in text
        assert told.hex().encode() not in text


def test_only_the_owner_may_read_the_file(path: Path) -> None:
    Vault.open(path, WEAK).save()
    for each in (path, file.previous_of(path)):
        assert each.stat().st_mode & 0o077 == 0


def test_nothing_shows_a_secret(path: Path, keys: OfficeKeys, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    vault = Vault.open(path, WEAK)
    opened = vault.unlock("zhang", SECRET, NOW)
    refusal = _refusal(path, "zhang", "Wrong-99-password", NOW)
    shown = "".join([repr(vault), repr(opened), str(keys), repr(refusal), f"{refusal.__dict__}", caplog.text])
    assert SECRET not in shown
    assert "Wrong-99" not in shown
    assert repr(keys.database) not in shown
    assert keys.database.hex() not in shown
    assert refusal.__cause__ is None


# Slowing and locking


@pytest.mark.parametrize("login", ["zhang", "nobody"])
def test_after_the_third_failure_each_next_try_waits_twice_as_long(path: Path, login: str) -> None:
    for _ in range(3):
        assert _refusal(path, login, "wrong", NOW).reason == "login.refused"
    now = NOW
    for pause in (2, 4, 8, 16, 32, 64, 128):
        refusal = _refusal(path, login, "wrong", now + timedelta(seconds=pause - 1.5))
        assert (refusal.reason, refusal.data) == ("login.wait", {"seconds": 2})
        now += timedelta(seconds=pause)
        assert _refusal(path, login, "wrong", now).reason == "login.refused"
    assert _refusal(path, login, SECRET, now + timedelta(days=400)).reason == "login.locked"


def test_the_right_password_does_not_help_while_waiting(path: Path) -> None:
    last = _fail(path, 3)
    assert _refusal(path, "zhang", SECRET, last).reason == "login.wait"
    Vault.open(path, WEAK).unlock("zhang", SECRET, last + timedelta(seconds=2))
    assert Vault.open(path, WEAK).slots()[0].failures == 0


def test_one_accounts_failures_do_not_hold_up_another(path: Path) -> None:
    _fail(path, 10)
    Vault.open(path, WEAK).unlock("li", "River-17-forest", NOW)


def test_a_clock_that_was_set_right_shuts_nobody_out(path: Path) -> None:
    _fail(path, 4, start=NOW + timedelta(days=36500))
    Vault.open(path, WEAK).unlock("zhang", SECRET, NOW)


@pytest.mark.requirement("B5")
def test_a_lock_is_opened_by_a_form_only(path: Path) -> None:
    last = _fail(path, 10)
    vault = Vault.open(path, WEAK)
    assert vault.slots()[0].locked
    vault.release(ZHANG)
    vault.save()
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, last).slot_id == ZHANG


def test_a_kill_while_a_password_is_tried_gives_no_free_try(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(slots, "derive", killed)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                Vault.open(path, WEAK).unlock("zhang", SECRET, NOW)
    assert _refusal(path, "zhang", SECRET, NOW).reason == "login.wait"


def test_too_little_memory_is_not_a_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object) -> bytes:
        raise Unavailable("password.memory", mebibytes=256)

    with monkeypatch.context() as patch:
        patch.setattr(slots, "derive", no_memory)
        for _ in range(12):
            with pytest.raises(Unavailable):
                Vault.open(path, WEAK).unlock("zhang", SECRET, NOW)
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).slot_id == ZHANG


@pytest.mark.requirement("G1")
def test_failures_are_handed_to_the_log_once_and_never_lost(path: Path) -> None:
    first = _fail(path, 1)
    second = _fail(path, 1, "nobody", first)
    expected = (Failure(ZHANG, first), Failure(None, second))
    vault = Vault.open(path, WEAK)
    assert vault.take_failures() == expected
    assert vault.take_failures() == ()
    # Killed before the save: the next one has them again; and one that came in between is not lost.
    vault = Vault.open(path, WEAK)
    assert vault.take_failures() == expected
    third = _fail(path, 1, "li", second)
    vault.save()
    assert Vault.open(path, WEAK).take_failures() == (Failure(LI, third),)


def test_a_success_is_not_reported_as_a_failure(path: Path) -> None:
    vault = Vault.open(path, WEAK)
    vault.unlock("zhang", SECRET, NOW)
    assert vault.take_failures() == ()


def test_the_file_does_not_grow_with_what_strangers_type(path: Path) -> None:
    content = file.read(path)
    for number in range(1000):
        content = content.with_stranger(number.to_bytes(32), Attempts().failed(NOW))
    attempts = Attempts()
    for _ in range(1000):
        attempts = attempts.failed(NOW)
    assert len(content.strangers) == 200
    assert len(attempts.unreported) == 200


# Secrets that change


@pytest.mark.requirement("B4")
def test_first_login_replaces_the_activation_code(path: Path, keys: OfficeKeys) -> None:
    code = printed_codes.join(printed_codes.new_half(1), printed_codes.new_half(2))
    vault = Vault.open(path, WEAK)
    vault.add_slot(b"w" * 16, "wang", code, keys)
    vault.save()
    opened = vault.unlock("wang", code, NOW)
    vault.replace_secret(opened.slot_id, "Stone-88-bridge", opened.keys)
    vault.save()
    assert Vault.open(path, WEAK).unlock("wang", "Stone-88-bridge", NOW) == opened
    assert _refusal(path, "wang", code, NOW).reason == "login.refused"


@pytest.mark.requirement("B4")
def test_a_code_opens_only_after_both_people_made_their_half(path: Path, keys: OfficeKeys) -> None:
    first, second = printed_codes.new_half(1), printed_codes.new_half(2)
    code = printed_codes.join(first, second)
    vault = Vault.open(path, WEAK)
    vault.prepare_slot(b"w" * 16, "wang", first, keys)
    vault.save()
    assert not vault.slots()[2].complete
    assert _refusal(path, "wang", code, NOW).reason == "login.refused"
    vault = Vault.open(path, WEAK)
    vault.complete_slot(b"w" * 16, second, keys)
    vault.save()
    for wrong in (first, second, printed_codes.join(first, printed_codes.new_half(2)), "", "x" * 32):
        assert Vault.open(path, WEAK)._try({b"w" * 16: vault._content.slots[b"w" * 16]}, wrong) is None
    assert Vault.open(path, WEAK).unlock("wang", code, NOW).keys == keys
    with pytest.raises(Conflict):
        vault.complete_slot(b"w" * 16, second, keys)


def test_a_slip_in_a_half_is_told_before_anything_changes(path: Path, keys: OfficeKeys) -> None:
    vault = Vault.open(path, WEAK)
    with pytest.raises(Invalid):
        vault.prepare_slot(b"w" * 16, "wang", printed_codes.new_half(2), keys)
    assert len(vault.slots()) == 2


@pytest.mark.requirement("B5")
def test_a_reset_that_was_cut_leaves_the_old_password_until_nothing_names_it(path: Path, keys: OfficeKeys) -> None:
    """New slot, commit, drop: whichever slot the database names then, that one opens."""
    vault = Vault.open(path, WEAK)
    vault.add_slot(b"n" * 16, "zhang", "Stone-88-bridge", keys)
    vault.save()
    assert Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).slot_id == ZHANG
    assert Vault.open(path, WEAK).unlock("zhang", "Stone-88-bridge", NOW).slot_id == b"n" * 16
    vault = Vault.open(path, WEAK)
    vault.drop({slot.slot_id for slot in vault.slots()} - {b"n" * 16, LI})
    vault.save()
    assert _refusal(path, "zhang", SECRET, NOW).reason == "login.refused"
    assert Vault.open(path, WEAK).unlock("zhang", "Stone-88-bridge", NOW).slot_id == b"n" * 16


def test_a_reset_opens_a_locked_account_by_its_new_slot_alone(path: Path, keys: OfficeKeys) -> None:
    last = _fail(path, 10)
    vault = Vault.open(path, WEAK)
    vault.add_slot(b"n" * 16, "zhang", "Stone-88-bridge", keys)
    vault.save()
    assert _refusal(path, "zhang", SECRET, last).reason == "login.refused"
    assert Vault.open(path, WEAK).unlock("zhang", "Stone-88-bridge", last).slot_id == b"n" * 16


def test_a_slot_that_another_process_dropped_is_not_brought_back(path: Path, keys: OfficeKeys) -> None:
    late, quick = Vault.open(path, WEAK), Vault.open(path, WEAK)
    late.replace_secret(ZHANG, "Stone-88-bridge", keys)
    quick.drop([ZHANG])
    quick.save()
    with pytest.raises(Conflict):
        late.save()
    assert [slot.slot_id for slot in Vault.open(path, WEAK).slots()] == [LI]


# Recovery


def test_the_recovery_letter_opens_and_the_next_one_ends_it(path: Path, keys: OfficeKeys) -> None:
    vault = Vault.open(path, WEAK)
    letter = vault.add_recovery(keys)
    vault.drop(slot.slot_id for slot in vault.slots())
    vault.save()
    assert Vault.open(path, WEAK).unlock_recovery(letter.lower().replace("-", "")) == keys
    newer = vault.add_recovery(keys)
    vault.save()
    with pytest.raises(Denied):
        Vault.open(path, WEAK).unlock_recovery(letter)
    assert Vault.open(path, WEAK).unlock_recovery(newer) == keys
    with pytest.raises(Invalid):
        vault.unlock_recovery(newer[:-1])


def test_a_vault_without_a_letter_is_opened_by_none(path: Path) -> None:
    letter = printed_codes.new_half(1) + printed_codes.new_half(2)
    with pytest.raises(Denied):
        Vault.open(path, WEAK).unlock_recovery(letter)


# Keys that change


def test_the_database_key_changes_without_anybodys_password(path: Path, keys: OfficeKeys) -> None:
    vault = Vault.open(path, WEAK)
    letter = vault.add_recovery(keys)
    vault.prepare_slot(b"w" * 16, "wang", printed_codes.new_half(1), keys)
    rotated = keys.rotated()
    assert rotated.former == keys.database != rotated.database
    vault.reseal(rotated)
    vault.save()
    for login, password in (("zhang", SECRET), ("li", "River-17-forest")):
        assert Vault.open(path, WEAK).unlock(login, password, NOW).keys == rotated
    assert Vault.open(path, WEAK).unlock_recovery(letter) == rotated
    vault.reseal(rotated.settled())
    vault.save()
    settled = Vault.open(path, WEAK).unlock("zhang", SECRET, NOW).keys
    assert settled == replace(rotated, former=b"")
    assert not vault.slots()[2].complete


def test_a_slot_added_meanwhile_gets_the_new_keys_too(path: Path, keys: OfficeKeys) -> None:
    changing, adding = Vault.open(path, WEAK), Vault.open(path, WEAK)
    changing.reseal(keys.rotated())
    adding.add_slot(b"w" * 16, "wang", "Stone-88-bridge", keys)
    adding.save()
    changing.save()
    assert Vault.open(path, WEAK).unlock("wang", "Stone-88-bridge", NOW).keys.former == keys.database


# Who can write the file


def test_keys_of_a_strangers_choice_are_refused(path: Path) -> None:
    """Somebody seals own keys to Zhang's public half, to have Zhang work in a database that the stranger can read."""
    content = file.read(path)
    slot = content.slots[ZHANG]
    forged = slots.seal(slot.public, OfficeKeys.generate())
    short: bytes = pyrage.encrypt(b"short", [Recipient.from_str(slot.public)])
    for sealed in (forged, forged[:-1], b"junk", short):
        file.write(path, content.with_slot(ZHANG, replace(slot, sealed=sealed)))
        with pytest.raises(Unavailable) as caught:
            Vault.open(path, WEAK).unlock("zhang", SECRET, NOW)
        assert caught.value.reason == "vault.foreign"


def test_a_public_half_of_a_strangers_choice_gets_no_keys(path: Path, keys: OfficeKeys) -> None:
    content = file.read(path)
    other = slots.new_slot(slots.Place(OFFICE, ZHANG, content.slots[ZHANG].login), "x", WEAK, OfficeKeys.generate())
    for slot_id in (ZHANG, b"s" * 16):
        file.write(path, content.with_slot(slot_id, other))
        with pytest.raises(Unavailable) as caught:
            Vault.open(path, WEAK).reseal(keys.rotated())
        assert caught.value.reason == "vault.foreign"


def test_a_slot_carried_to_another_login_or_office_opens_nothing(path: Path, keys: OfficeKeys) -> None:
    content = file.read(path)
    zhang, li = content.slots[ZHANG], content.slots[LI]
    file.write(path, content.with_slot(LI, replace(zhang, login=li.login)))
    assert _refusal(path, "li", SECRET, NOW).reason == "login.refused"
    for office, slot_id, login in (
        (bytes(16), ZHANG, zhang.login),
        (OFFICE, LI, zhang.login),
        (OFFICE, ZHANG, li.login),
    ):
        assert slots.open_slot(slots.Place(office, slot_id, login), zhang, SECRET) is None
    assert slots.open_slot(slots.Place(OFFICE, ZHANG, zhang.login), zhang, SECRET) == keys


@pytest.mark.parametrize("cost", [[2**31, 1, 1], [8, 10**6, 1], [8, 1, 0], ["x", 1, 1]])
def test_a_cost_that_would_hang_the_machine_is_damage(path: Path, cost: list[object]) -> None:
    body = json.loads(path.read_bytes().partition(b"\n")[2])
    body["slots"][ZHANG.hex()]["locks"][0][:3] = cost
    data = json.dumps(body).encode()
    path.write_bytes(b"shiming-vault 1 " + file._checksum(b"1", data) + b"\n" + data)
    with pytest.raises(Unavailable) as caught:
        Vault.open(path, WEAK)
    assert caught.value.reason == "vault.damaged"
