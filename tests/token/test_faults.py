"""A library that misbehaves: each fault is the right error with its data, and the next job works."""

from collections.abc import Callable

import pytest

from app.errors import Conflict, Invalid, Problem, Unavailable
from app.messages import explain
from app.token import host as host_module
from app.token import session as session_module
from app.token.host import TokenHost
from app.token.session import TokenSession
from app.token.types import KeyKind, PinState
from tests.support import faulty as ckr
from tests.support.certificates import certificate_for
from tests.support.faulty import Faulty
from tests.support.softhsm import SO_PIN, USER_PIN

pytestmark = pytest.mark.requirement("E3")
KEY_ID = bytes(range(16))
USER_FLAGS = {
    0x10000: PinState.FEW_LEFT,
    0x20000: PinState.LAST_TRY,
    0x30000: PinState.LAST_TRY,
    0x40000: PinState.LOCKED,
    0x70000: PinState.LOCKED,
    0x80000: PinState.TO_BE_CHANGED,
}


def enrol(host: TokenHost, serial: str) -> None:
    """The whole job, which must work after any fault."""
    with host.open(serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        known = dict(session.certificates()).get(KEY_ID)
        session.write_certificate(KEY_ID, known or certificate_for(spki), "张三")
        session.prove(KEY_ID)
        assert len(session.objects()) == 3


@pytest.mark.parametrize(("flag", "state"), USER_FLAGS.items())
def test_the_pins_state_is_what_the_flags_say(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str, flag: int, state: PinState
) -> None:
    faulty.set(f"C_GetTokenInfo 0 flags {flag:#x}")
    info = faulty_host.info(faulty_serial)
    assert (info.pin_state, info.so_pin_state) == (state, PinState.OK)
    faulty.set(f"C_GetTokenInfo 0 flags {flag << 4:#x}")
    info = faulty_host.info(faulty_serial)
    assert (info.pin_state, info.so_pin_state) == (PinState.OK, state)


@pytest.mark.parametrize(("flag", "state"), list(USER_FLAGS.items())[:2])
def test_a_wrong_pin_says_few_left_or_last_try(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str, flag: int, state: PinState
) -> None:
    faulty.set(f"C_GetTokenInfo 0 flags {flag:#x}")
    faulty.forget_calls()
    with pytest.raises(Invalid) as wrong:
        faulty_host.open(faulty_serial, "000000")
    assert wrong.value.data == {"serial": faulty_serial, "tries": None, "state": state}
    assert explain(wrong.value) != explain(Invalid("token.pin_wrong", tries=None, state=PinState.OK))
    assert faulty.calls("C_Login") == 1
    enrol(faulty_host, faulty_serial)  # and the right one is still accepted


def test_a_locked_pin_is_not_even_sent(faulty: Faulty, faulty_host: TokenHost, faulty_serial: str) -> None:
    faulty.set("C_GetTokenInfo 0 flags 0x40000")
    faulty.forget_calls()
    for attempt in (
        lambda: faulty_host.open(faulty_serial, USER_PIN),
        lambda: faulty_host.change_pin(faulty_serial, USER_PIN, "246802"),
    ):
        with pytest.raises(Conflict, match=r"token\.pin_locked"):
            attempt()
    assert faulty.calls("C_Login") + faulty.calls("C_SetPIN") == 0
    faulty.set()
    enrol(faulty_host, faulty_serial)


LOGIN_FAULTS = {
    f"return {ckr.CKR_PIN_LOCKED:#x}": (Conflict, "token.pin_locked"),
    f"return {ckr.CKR_PIN_INCORRECT:#x}": (Invalid, "token.pin_wrong"),
    f"return {ckr.CKR_DEVICE_REMOVED:#x}": (Unavailable, "token.removed"),
    f"return {ckr.CKR_GENERAL_ERROR:#x}": (Unavailable, "token.failed"),
    "hang": (Unavailable, "worker.timeout"),
    "crash": (Unavailable, "worker.died"),
    "crash-after": (Unavailable, "worker.died"),
}


@pytest.mark.parametrize(("fault", "error"), LOGIN_FAULTS.items())
def test_a_pin_is_sent_once_whatever_happens(
    faulty: Faulty,
    faulty_host: TokenHost,
    faulty_serial: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    error: tuple[type[Problem], str],
) -> None:
    monkeypatch.setattr(host_module, "LOGIN_LIMIT", 2.0)
    faulty.set(f"C_Login 1 {fault}")
    faulty.forget_calls()
    with pytest.raises(error[0]) as problem:
        faulty_host.open(faulty_serial, USER_PIN)
    assert problem.value.reason == error[1]
    assert explain(problem.value).what
    assert faulty.calls("C_Login") == 1
    enrol(faulty_host, faulty_serial)


def generate(session: TokenSession) -> object:
    return session.generate(b"second", KeyKind.EC_P256, "李四")


def write(session: TokenSession) -> None:
    spki = session.find_public(KEY_ID)
    assert spki is not None
    session.write_certificate(KEY_ID, certificate_for(spki), "张三")


def prove(session: TokenSession) -> None:
    session.prove(KEY_ID)


STEPS = {"C_GenerateKeyPair": generate, "C_CreateObject": write, "C_Sign": prove, "C_FindObjectsInit": prove}
FAULTS = {
    f"return {ckr.CKR_DEVICE_REMOVED:#x}": (Unavailable, "token.removed"),
    f"after {ckr.CKR_DEVICE_REMOVED:#x}": (Unavailable, "token.removed"),
    f"return {ckr.CKR_DEVICE_MEMORY:#x}": (Unavailable, "token.full"),
    f"after {ckr.CKR_DEVICE_MEMORY:#x}": (Unavailable, "token.full"),
    f"return {ckr.CKR_DEVICE_ERROR:#x}": (Unavailable, "token.device_error"),
    f"return {ckr.CKR_SESSION_HANDLE_INVALID:#x}": (Unavailable, "token.session_lost"),
    f"return {ckr.CKR_TOKEN_NOT_RECOGNIZED:#x}": (Unavailable, "token.not_recognised"),
    f"return {ckr.CKR_TOKEN_WRITE_PROTECTED:#x}": (Conflict, "token.write_protected"),
    "hang": (Unavailable, "worker.timeout"),
    "crash": (Unavailable, "worker.died"),
    "crash-after": (Unavailable, "worker.died"),
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.items())
@pytest.mark.parametrize(("function", "step"), STEPS.items())
def test_a_fault_in_a_step_is_its_error_and_the_next_job_works(
    faulty: Faulty,
    faulty_host: TokenHost,
    faulty_serial: str,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    step: Callable[[TokenSession], object],
    fault: str,
    error: tuple[type[Problem], str],
) -> None:
    for limit in ("GENERATE_LIMIT", "WRITE_LIMIT", "SIGN_LIMIT"):
        monkeypatch.setattr(session_module, limit, 2.0)
    enrol(faulty_host, faulty_serial)
    with faulty_host.open(faulty_serial, USER_PIN) as session:
        faulty.set(f"{function} 1 {fault}")
        faulty.forget_calls()
        with pytest.raises(error[0]) as problem:
            step(session)
        assert problem.value.reason == error[1]
        assert problem.value.data.get("serial") == faulty_serial
        assert explain(problem.value).what
        assert faulty.fired() == 1
        if error[1] in ("worker.timeout", "worker.died", "token.removed"):
            with pytest.raises(Unavailable, match=r"token\.not_logged_in"):
                session.objects()
        assert faulty.calls("C_Login") == 0
    with faulty_host.open(faulty_serial, USER_PIN) as session:
        if step is generate:
            spki = session.generate(b"second", KeyKind.EC_P256, "李四")
            assert session.find_public(b"second") == spki
            assert len([item for item in session.objects() if item.key_id == b"second"]) == 2
        else:
            write(session)
            session.prove(KEY_ID)
            assert len(session.objects()) == 3


def test_a_full_token_says_how_much_is_free(faulty: Faulty, faulty_host: TokenHost, faulty_serial: str) -> None:
    faulty.set(
        f"C_GenerateKeyPair 1 return {ckr.CKR_DEVICE_MEMORY:#x}",
        "C_GetTokenInfo 0 poke 152 00a0000000000000",
        "C_GetTokenInfo 0 poke 160 1e00000000000000",
    )
    with faulty_host.open(faulty_serial, USER_PIN) as session:
        with pytest.raises(Unavailable) as full:
            generate(session)
        assert full.value.data["free"] == 30
        assert generate(session)  # the same login goes on
    info = faulty_host.info(faulty_serial)
    assert (info.free_memory, info.total_memory) == (30, 40960)


def test_a_write_that_failed_leaves_no_stray_certificate(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str
) -> None:
    with faulty_host.open(faulty_serial, USER_PIN) as session:
        spki = session.generate(KEY_ID, KeyKind.EC_P256, "张三")
        faulty.set(f"C_CreateObject 1 after {ckr.CKR_DEVICE_MEMORY:#x}")
        with pytest.raises(Unavailable, match=r"token\.full"):
            session.write_certificate(KEY_ID, certificate_for(spki), "张三")
        assert session.certificates() == []


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("b2e2cad420202020", "测试"),
        ("e6b58be8af952020", "测试"),
        ("b2e2cad400000000", "测试"),
        ("ff20fe2020202020", "\ufffd \ufffd"),
    ],
)
def test_labels_in_gbk_or_broken_are_shown(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str, raw: str, label: str
) -> None:
    faulty.set(f"C_GetTokenInfo 0 poke 0 {raw}")
    assert faulty_host.info(faulty_serial).label == label


@pytest.mark.requirement("E7")
@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("C_Initialize 1 crash", "worker.died"),
        ("C_GetSlotList 1 hang", "worker.timeout"),
        ("C_GetTokenInfo 1 crash", "worker.died"),
        (f"C_Initialize 0 return {ckr.CKR_GENERAL_ERROR:#x}", "token.library_refused"),
        (f"C_GetSlotList 1 return {ckr.CKR_GENERAL_ERROR:#x}", "token.library_failed"),
    ],
)
def test_a_library_that_fails_to_scan_is_named_and_skipped_until_asked_afresh(
    faulty: Faulty, faulty_host: TokenHost, monkeypatch: pytest.MonkeyPatch, rule: str, reason: str
) -> None:
    monkeypatch.setattr(host_module, "SCAN_LIMIT", 2.0)
    faulty.set(rule)
    assert faulty_host.tokens() == []
    assert [fault.reason for fault in faulty_host.faults()] == [reason]
    assert explain(faulty_host.faults()[0]).what
    faulty.set()
    assert faulty_host.tokens() == []
    assert len(faulty_host.tokens(afresh=True)) == 1
    assert faulty_host.faults() == []


def test_a_token_that_cannot_be_asked_does_not_hide_the_others(
    faulty: Faulty, faulty_host: TokenHost, faulty_serial: str
) -> None:
    faulty.set(f"C_GetTokenInfo 1 return {ckr.CKR_TOKEN_NOT_RECOGNIZED:#x}")
    assert len(faulty_host.tokens()) == 1
    assert len(faulty_host.tokens()) == 2


def test_pulled_and_plugged_in_again(faulty: Faulty, faulty_host: TokenHost, faulty_serial: str) -> None:
    enrol(faulty_host, faulty_serial)
    faulty.set("C_GetSlotList 0 return 0x30")
    with pytest.raises(Problem):
        faulty_host.info(faulty_serial)
    faulty.set()
    enrol(faulty_host, faulty_serial)


@pytest.mark.parametrize("function", ["C_InitToken", "C_InitPIN", "C_Login"])
@pytest.mark.parametrize("fault", ["crash", "crash-after", f"return {ckr.CKR_DEVICE_REMOVED:#x}"])
def test_preparing_goes_on_after_a_cut(faulty: Faulty, faulty_host: TokenHost, function: str, fault: str) -> None:
    faulty.set(f"{function} 1 {fault}")
    with pytest.raises(Unavailable):
        faulty_host.prepare("", "测试", SO_PIN, USER_PIN)
    candidates = [info for info in faulty_host.tokens(afresh=True) if info.label == "测试" or not info.initialised]
    serial = max(candidates, key=lambda info: info.initialised).serial
    info = faulty_host.prepare(serial, "测试", SO_PIN, USER_PIN)
    assert info.pin_state is PinState.OK
    assert len([info for info in faulty_host.tokens() if info.initialised]) == 1
    enrol(faulty_host, info.serial)


def test_a_locked_or_wrong_so_pin(faulty: Faulty, faulty_host: TokenHost) -> None:
    faulty.set(f"C_Login 1 return {ckr.CKR_PIN_INCORRECT:#x}")
    with pytest.raises(Invalid, match=r"token\.so_pin_wrong"):
        faulty_host.prepare("", "测试", SO_PIN, USER_PIN)
    serial = next(info.serial for info in faulty_host.tokens(afresh=True) if info.initialised)
    faulty.set(f"C_Login 1 return {ckr.CKR_PIN_LOCKED:#x}")
    with pytest.raises(Conflict, match=r"token\.so_pin_locked"):
        faulty_host.prepare(serial, "测试", SO_PIN, USER_PIN)
    faulty_host.prepare(serial, "测试", SO_PIN, USER_PIN)
    enrol(faulty_host, serial)
