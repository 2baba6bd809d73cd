"""诊断 of UKEYs (E7): which layer fails when one is not seen: plug, driver, architecture, reader service, model."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from app.errors import Problem
from app.services.diagnosis import Finding, State, fault
from app.token import software
from app.token.catalogue import UkeyModel, libraries, models
from app.token.host import TokenHost
from app.token.types import PinState, TokenInfo
from app.words import N_, tr

_USB = Path("/sys/bus/usb/devices")
_PCSCD = Path("/run/pcscd/pcscd.comm")

PIN_STATES = {
    PinState.NOT_SET: N_("还没有设置 PIN"),
    PinState.OK: N_("PIN 正常"),
    PinState.FEW_LEFT: N_("PIN 输错过，剩余次数不多"),
    PinState.LAST_TRY: N_("PIN 只剩最后一次机会"),
    PinState.LOCKED: N_("PIN 已锁定"),
    PinState.TO_BE_CHANGED: N_("PIN 需要修改"),
}


def tokens(installed: Sequence[Path] | None = None) -> Iterator[Finding]:
    """Libraries (those of the catalogue unless given), what is plugged in, and each token that is seen."""
    area = tr("UKEY 驱动")
    found = libraries() if installed is None else tuple(installed)
    for path in found:
        yield Finding(area, State.OK, tr("已安装 {path}", path=path))
    if not found:
        todo = tr("请安装所用 UKEY 的驱动；要试用软件 UKEY，请安装 softhsm2。")
        yield Finding(area, State.FAULT, tr("没有安装任何 UKEY 驱动。"), todo)
    with closing(TokenHost(found)) as host:
        seen = host.tokens()
        yield from (_library_fault(area, problem) for problem in host.faults())
    yield from _tokens_seen(worth_showing(seen))
    yield from _plugged_without_driver()
    yield from _reader_service()


def worth_showing(seen: Sequence[TokenInfo]) -> list[TokenInfo]:
    """The tokens without SoftHSM's empty slot, which is always there beside its tokens."""
    made = {token.library for token in seen if token.initialised and Path(token.library).name == software.LIBRARY}
    return [token for token in seen if token.initialised or token.serial or token.library not in made]


def _library_fault(area: str, problem: Problem) -> Finding:
    """A fault, except for the software UKEY: Debian lets only its own group read the settings."""
    if problem.reason == "token.library_refused" and Path(str(problem.data["library"])).name == software.LIBRARY:
        todo = tr("只有演示和测试用得到它；要看演示的 UKEY，请加上 --office 和演示的文件夹。")
        return Finding(area, State.NOTE, tr("软件 UKEY 的设置对当前用户不可用。"), todo)
    return fault(area, problem)


def _tokens_seen(seen: Sequence[TokenInfo]) -> Iterator[Finding]:
    area = tr("UKEY")
    for token in seen:
        model = f"{token.ukey.vendor} {token.ukey.model}" if token.ukey else f"{token.manufacturer} {token.model}"
        state = tr(PIN_STATES[token.pin_state]) if token.initialised else tr("空白，未初始化")
        serial = tr("序列号 {serial}", serial=token.serial) if token.serial else tr("初始化后才有序列号")
        yield Finding(area, State.OK, tr("{model}，{serial}，{state}", model=model, serial=serial, state=state))
    if not seen:
        todo = tr("如果已经插上，请拔出重插并等 5 秒；仍看不到时，先看上面的驱动是否正常。")
        yield Finding(area, State.NOTE, tr("没有看到 UKEY。"), todo)


def _plugged_without_driver() -> Iterator[Finding]:
    """Models that are plugged in by their USB ids, while none of their libraries is installed (Linux)."""
    area, installed = tr("USB"), {path.name for path in libraries()}
    for model in _plugged_models():
        name = f"{model.vendor} {model.model}"
        if {Path(library).name for library in model.libraries} & installed:
            yield Finding(area, State.OK, tr("插着 {name}", name=name))
        else:
            todo = tr(
                "请安装它的驱动，需要的文件：{names}",
                names=", ".join(model.libraries) or tr("厂商没有提供本系统的驱动"),
            )
            yield Finding(area, State.FAULT, tr("插着 {name}，但没有它的驱动。", name=name), todo)


def _plugged_models() -> Iterator[UkeyModel]:
    if not _USB.is_dir():
        return
    plugged = {_usb_id(device) for device in _USB.iterdir()}
    for model in models():
        if plugged & {each.upper() for each in model.usb_ids}:
            yield model


def _usb_id(device: Path) -> str:
    try:
        return ":".join((device / name).read_text().strip().upper() for name in ("idVendor", "idProduct"))
    except OSError:  # an interface or a hub's port, not a device
        return ""


def _reader_service() -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    area = tr("读卡器服务")
    if _PCSCD.exists():
        yield Finding(area, State.OK, tr("pcscd 正在运行"))
    else:
        todo = tr("自带驱动的 UKEY 用不到它；智能卡式的要用时：apt-get install pcscd")
        yield Finding(area, State.NOTE, tr("pcscd 没有运行。"), todo)
