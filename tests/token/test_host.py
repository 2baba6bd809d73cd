"""Tokens found, prepared, opened: by serial number, with the PIN sent once."""

import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from types import FrameType
from typing import Any

import pytest

from app.errors import Conflict, Invalid, Unavailable
from app.messages import explain
from app.token.host import TokenHost
from app.token.port import Port
from app.token.software import manufacture
from app.token.types import KeyKind, PinState
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm


@pytest.mark.requirement("E3")
def test_a_blank_token_is_recognised(token_host: TokenHost) -> None:
    (blank,) = token_host.tokens()
    assert not blank.initialised
    assert blank.pin_state is PinState.NOT_SET
    assert blank.ukey is not None
    assert blank.ukey.id == "softhsm"
    assert token_host.is_blank(blank.serial)
    assert token_host.faults() == []


@pytest.mark.requirement("E4")
def test_preparing_gives_label_and_pin_and_can_be_run_again(token_host: TokenHost) -> None:
    made = token_host.prepare("", "实名 0001", SO_PIN, USER_PIN)
    assert (made.label, made.initialised, made.pin_state) == ("实名 0001", True, PinState.OK)
    with token_host.open(made.serial, USER_PIN) as session:
        session.generate(b"id", KeyKind.EC_P256, "张三")
    again = token_host.prepare(made.serial, "实名 0001", SO_PIN, "999999")
    assert (again.serial, again.label) == (made.serial, made.label)
    with token_host.open(made.serial, USER_PIN) as session:  # neither wiped nor given another PIN
        assert session.find_public(b"id") is not None


@pytest.mark.requirement("E4")
def test_several_tokens_are_told_apart_by_serial_number(token_host: TokenHost) -> None:
    serials = [token_host.prepare("", f"令牌 {number}", SO_PIN, f"{number}" * 6).serial for number in (1, 2, 3)]
    assert {info.serial for info in token_host.tokens()} == {*serials, ""}
    with token_host.open(serials[1], "222222") as second, token_host.open(serials[2], "333333") as third:
        second.generate(b"two", KeyKind.EC_P256, "二")
        third.generate(b"three", KeyKind.EC_P256, "三")
        assert second.find_public(b"three") is None
    assert token_host.is_blank(serials[0])
    assert not token_host.is_blank(serials[1])


def test_a_token_that_another_process_prepared_is_found(token_host: TokenHost, softhsm: SoftHsm) -> None:
    token_host.tokens()
    with TokenHost([softhsm.library]) as other:
        serial = other.prepare("", "别处", SO_PIN, USER_PIN).serial
    assert token_host.info(serial).label == "别处"
    assert serial in {info.serial for info in token_host.tokens()}


def test_an_absent_token_is_unavailable(token_host: TokenHost) -> None:
    with pytest.raises(Unavailable) as absent:
        token_host.open("0123456789abcdef", USER_PIN)
    assert (absent.value.reason, absent.value.data["serial"]) == ("token.absent", "0123456789abcdef")


def test_a_wrong_pin_is_told_with_the_state_and_no_guess(token_host: TokenHost, serial: str) -> None:
    with pytest.raises(Invalid) as wrong:
        token_host.open(serial, "000000")
    assert wrong.value.reason == "token.pin_wrong"
    assert (wrong.value.data["tries"], wrong.value.data["state"]) == (None, PinState.FEW_LEFT)
    assert "000000" not in repr(wrong.value) + str(wrong.value.__dict__)
    token_host.open(serial, USER_PIN).close()


@pytest.mark.parametrize("pin", ["", "123", "1" * 300, "\udc80\udc80\udc80\udc80\udc80"])
def test_an_impossible_pin_is_not_sent(token_host: TokenHost, serial: str, pin: str) -> None:
    with pytest.raises(Invalid, match=r"token\.pin_(length|characters)"):
        token_host.open(serial, pin)


def test_the_holder_changes_the_pin(token_host: TokenHost, serial: str) -> None:
    with pytest.raises(Invalid, match=r"token\.pin_wrong"):
        token_host.change_pin(serial, "000000", "246802")
    token_host.change_pin(serial, USER_PIN, "246802")
    with pytest.raises(Invalid, match=r"token\.pin_wrong"):
        token_host.open(serial, USER_PIN)
    token_host.open(serial, "246802").close()


def test_a_label_too_long_is_refused_before_anything_is_lost(token_host: TokenHost) -> None:
    with pytest.raises(Invalid, match=r"token\.label_long"):
        token_host.prepare("", "标" * 11, SO_PIN, USER_PIN)
    assert [info.initialised for info in token_host.tokens()] == [False]


def test_one_login_at_a_time(token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        for attempt in (
            lambda: token_host.open(serial, USER_PIN),
            lambda: token_host.change_pin(serial, USER_PIN, "246802"),
            lambda: token_host.prepare(serial, "x", SO_PIN, USER_PIN),
        ):
            with pytest.raises(Conflict, match=r"token\.in_use"):
                attempt()
        assert token_host.is_blank(serial)
        assert session.objects() == []
    token_host.open(serial, USER_PIN).close()


def test_a_closed_session_says_so(token_host: TokenHost, serial: str) -> None:
    session = token_host.open(serial, USER_PIN)
    session.close()
    session.close()
    with token_host.open(serial, USER_PIN), pytest.raises(Unavailable, match=r"token\.not_logged_in"):
        session.objects()


def test_the_library_may_stand_in_a_chinese_folder(softhsm: SoftHsm, tmp_path: Path) -> None:
    folder = tmp_path / "教育局 驱动"
    folder.mkdir()
    shutil.copy(softhsm.library, folder / "驱动.so")
    with TokenHost([folder / "驱动.so"]) as host:
        assert len(host.tokens()) == 1


def test_two_libraries_that_know_the_same_token_show_it_once(softhsm: SoftHsm, tmp_path: Path) -> None:
    twin = tmp_path / "twin.so"
    shutil.copy(softhsm.library, twin)
    with TokenHost([softhsm.library]) as host:
        serial = host.prepare("", "测试", SO_PIN, USER_PIN).serial
    with TokenHost([softhsm.library, twin]) as host:
        assert [info.library for info in host.tokens() if info.serial == serial] == [str(softhsm.library)]


def test_libraries_that_cannot_work_are_named_and_the_others_go_on(softhsm: SoftHsm, tmp_path: Path) -> None:
    absent, text, incomplete = tmp_path / "absent.so", tmp_path / "text.so", Path("/lib/x86_64-linux-gnu/libm.so.6")
    text.write_text("no library")
    libraries = [absent, text, *([incomplete] if incomplete.exists() else []), softhsm.library]
    with TokenHost(libraries) as host:
        assert len(host.tokens()) == 1
        reasons = {str(fault.data["library"]): fault.reason for fault in host.faults()}
        assert reasons.pop(str(incomplete), "token.library_refused") == "token.library_refused"
        assert reasons == {str(absent): "token.library_absent", str(text): "token.library_unknown"}
        assert all(explain(fault).what for fault in host.faults())
        shutil.copy(softhsm.library, absent)
        host.tokens(afresh=True)
        assert str(absent) not in {fault.data["library"] for fault in host.faults()}


@pytest.mark.requirement("E3")
def test_who_comes_second_waits_and_sees_what_the_first_made(
    softhsm: SoftHsm, token_host: TokenHost, serial: str
) -> None:
    """A killed program's token process finishes its key pair; the next run must not make another beside it."""
    first, made = token_host.open(serial, USER_PIN), Event()

    def finish() -> None:
        made.wait(1)
        first.generate(b"id", KeyKind.EC_P256, "张三")
        first.close()

    with TokenHost([softhsm.library]) as other, ThreadPoolExecutor() as pool:
        done = pool.submit(finish)
        with other.open(serial, USER_PIN) as second:
            assert done.done()
            assert second.find_public(b"id") is not None


def test_a_pin_is_not_changed_while_another_process_is_logged_in(
    softhsm: SoftHsm, token_host: TokenHost, serial: str
) -> None:
    first = token_host.open(serial, USER_PIN)
    with TokenHost([softhsm.library]) as other, ThreadPoolExecutor() as pool:
        other.info(serial)  # its process is up
        changed = pool.submit(other.change_pin, serial, USER_PIN, "246802")
        with pytest.raises(TimeoutError):
            changed.result(1)
        first.close()
        changed.result()
        other.open(serial, "246802").close()


def test_of_two_threads_one_gets_the_token(token_host: TokenHost, serial: str) -> None:
    """Each waits before every line of `reserve`, so that what is looked at first and taken later is taken twice."""
    port = token_host._port(serial)

    def slowly(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code is not Port.reserve.__code__:
            return None
        time.sleep(0.1)
        return slowly

    def attempt(together: Barrier) -> bool:
        sys.settrace(slowly)
        together.wait()
        try:
            port.reserve()
        except Conflict:
            return False
        finally:
            sys.settrace(None)
        return True

    together = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [together, together])) == [False, True]
    port.release()


@pytest.mark.requirement("E4")
def test_the_factory_gives_label_and_so_pin_but_no_pin(softhsm: SoftHsm, token_host: TokenHost) -> None:
    manufacture(softhsm.folder, softhsm.library, "出厂", SO_PIN)
    assert not list(softhsm.folder.glob(".factory-*"))
    made = next(info for info in token_host.tokens() if info.initialised)
    assert (made.label, made.pin_state) == ("出厂", PinState.NOT_SET)
    assert token_host.prepare(made.serial, "另一个标签", SO_PIN, USER_PIN).label == "出厂"
    token_host.open(made.serial, USER_PIN).close()
