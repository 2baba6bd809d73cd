"""诊断 of UKEYs (E7): which layer fails when one is not seen or can't be used, from the plug up, and what to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import Problem
from app.messages import explain
from app.services.diagnosis import Finding, State
from app.services.diagnosis_causes import CAUSES, LAYER_NAMES, OF_PROBLEMS, Layer
from app.services.diagnosis_probe import Probe, Service, UsbDevice, probe
from app.token import software
from app.token.catalogue import libraries
from app.token.host import TokenHost
from app.token.library import own_machine
from app.token.types import PinState, TokenInfo
from app.words import N_, tr

PIN_STATES = {
    PinState.NOT_SET: N_("还没有设置 PIN"),
    PinState.OK: N_("PIN 正常"),
    PinState.FEW_LEFT: N_("PIN 输错过，剩余次数不多"),
    PinState.LAST_TRY: N_("PIN 只剩最后一次机会"),
    PinState.LOCKED: N_("PIN 已锁定"),
    PinState.TO_BE_CHANGED: N_("PIN 需要修改"),
}

_OF_PINS = {
    PinState.NOT_SET: "UK-72",
    PinState.LOCKED: "UK-73",
    PinState.LAST_TRY: "UK-74",
    PinState.FEW_LEFT: "UK-74",
    PinState.TO_BE_CHANGED: "UK-76",
}


@dataclass(frozen=True)
class LayerFinding:
    """How one layer stands: what was found, and what to do, step by step, with the cause's `code` when it is not OK.

    `serial` is the token's that `what` names: a report shortens it.
    """

    layer: Layer
    state: State
    what: str
    steps: tuple[str, ...] = ()
    code: str = ""
    serial: str = ""


def ukey_layers(
    seen: Sequence[TokenInfo], faults: Sequence[Problem], probed: Probe, blank: Mapping[str, bool]
) -> tuple[LayerFinding, ...]:
    """Every layer in the order in which they fail, each with one finding at least.

    `seen` and `faults` are a TokenHost's; `faults` may also name libraries that were not loaded. `blank` tells of each
    token by its serial number whether it is (`contents`).
    """
    shown = worth_showing(seen)
    wrong = {str(problem.data.get("library", problem.data.get("path"))): _of_problem(problem) for problem in faults}
    return (
        _service(probed),
        _permission(shown, probed),
        _reader(shown, probed),
        *_drivers(shown, wrong, probed),
        *_architecture(wrong, probed),
        *_models(shown, wrong, probed),
        *_contents(shown, blank),
    )


def first_failing(findings: Iterable[LayerFinding]) -> LayerFinding | None:
    """The one to mend first: the lowest fault, or else the lowest that limits something; None when all is well."""
    found = list(findings)
    wrong = (finding for state in (State.FAULT, State.NOTE) for finding in found if finding.state is state)
    return next(wrong, None)


def contents(host: TokenHost, seen: Sequence[TokenInfo]) -> dict[str, bool]:
    """Serial number → whether the token is blank; those left out that would not tell."""
    told = {}
    for token in seen:
        if token.initialised:
            with suppress(Problem):
                told[token.serial] = host.is_blank(token.serial)
    return told


def tokens(installed: Sequence[Path] | None = None) -> Iterator[Finding]:
    """The layers, looked at now, for a list of findings; through the catalogue's libraries unless others are given."""
    yield from map(as_finding, look(libraries() if installed is None else installed))


def look(installed: Sequence[Path], left_out: Sequence[Problem] = ()) -> tuple[LayerFinding, ...]:
    """The layers, looked at now through these libraries; `left_out` tells why others are not loaded."""
    with closing(TokenHost(installed)) as host:
        seen = host.tokens()
        return ukey_layers(seen, (*left_out, *host.faults()), probe(installed), contents(host, seen))


def as_finding(layer: LayerFinding) -> Finding:
    """The same in a list with what is no layer of UKEYs: its steps numbered, a line each."""
    todo = "\n".join(tr("{number}. {step}", number=number, step=step) for number, step in enumerate(layer.steps, 1))
    return Finding(tr(LAYER_NAMES[layer.layer]), layer.state, layer.what, todo, code=layer.code, serial=layer.serial)


def worth_showing(seen: Sequence[TokenInfo]) -> list[TokenInfo]:
    """The tokens without SoftHSM's empty slot, which is always there beside its tokens."""
    made = {token.library for token in seen if token.initialised and Path(token.library).name == software.LIBRARY}
    return [token for token in seen if token.initialised or token.serial or token.library not in made]


def _because(code: str, serial: str = "", **data: object) -> LayerFinding:
    cause = CAUSES[code]
    told = {"serial": serial, **data}
    steps = tuple(tr(step, **told) for step in cause.steps)
    return LayerFinding(cause.layer, cause.state, tr(cause.what, **told), steps, code, serial)


def _of_problem(problem: Problem) -> LayerFinding:
    """A library's problem, in its own words; Debian lets only its own group read the software UKEY's settings."""
    if problem.reason == "token.library_refused" and Path(str(problem.data["library"])).name == software.LIBRARY:
        return _because("UK-40")
    code = OF_PROBLEMS[problem.reason]
    cause = CAUSES[code]
    steps = tuple(tr(step, **problem.data) for step in cause.steps)
    return LayerFinding(cause.layer, cause.state, explain(problem).what, steps, code)


def _service(probed: Probe) -> LayerFinding:
    if probed.service is None:
        return LayerFinding(Layer.SERVICE, State.UNCHECKED, tr("这个系统自带读卡器服务，不用检查"))
    if probed.service is not Service.ABSENT:
        return LayerFinding(Layer.SERVICE, State.OK, tr("读卡器服务（pcscd）在运行"))
    if any(device.is_reader for device in probed.usb or ()):
        return _because("UK-11")
    return LayerFinding(Layer.SERVICE, State.UNCHECKED, tr("读卡器服务（pcscd）没有运行；自带驱动的 UKEY 用不到它"))


def _permission(seen: Sequence[TokenInfo], probed: Probe) -> LayerFinding:
    if probed.service is Service.REJECTED:
        return _because("UK-21")
    if probed.service is Service.CLOSED:
        return _because("UK-22")
    for device, name in _unseen(seen, probed):
        if not (device.accessible or device.is_reader or device.is_disc):
            return _because("UK-23", name=name)
    if probed.usb is None and probed.service is not Service.OPEN:
        return LayerFinding(Layer.PERMISSION, State.UNCHECKED, tr("这里查不到 USB 设备的权限"))
    return LayerFinding(Layer.PERMISSION, State.OK, tr("没有发现权限问题"))


def _reader(seen: Sequence[TokenInfo], probed: Probe) -> LayerFinding:
    for device, name in _unseen(seen, probed):
        if device.is_disc:
            return _because("UK-32", name=name)
    known = [_name(device) for device in probed.usb or () if device.model]
    if known or seen:
        what = tr("插着 {name}", name=known[0]) if known else tr("看到 UKEY {count} 支", count=len(seen))
        return LayerFinding(Layer.READER, State.OK, what)
    if any(device.is_reader for device in probed.usb or ()):
        return LayerFinding(Layer.READER, State.OK, tr("插着一个智能卡式的设备"))
    return _because("UK-33" if probed.usb is None else "UK-31")


def _drivers(seen: Sequence[TokenInfo], wrong: Mapping[str, LayerFinding], probed: Probe) -> Iterator[LayerFinding]:
    """`wrong` tells of libraries by their paths."""
    problems = {path: problem for path, problem in wrong.items() if problem.layer is Layer.DRIVER}
    for path in probed.libraries:
        if str(path) not in problems:
            yield LayerFinding(Layer.DRIVER, State.OK, tr("已安装 {path}", path=path))
    yield from problems.values()
    lacking = [(device, name) for device, name in _unseen(seen, probed) if not _has_driver(device, probed.libraries)]
    for device, name in lacking:
        files = ", ".join(device.model.libraries) if device.model else ""
        yield _because("UK-42", name=name, files=files or tr("厂家没有提供本系统的驱动"))
    if not (probed.libraries or problems or lacking):
        yield _because("UK-41")


def _architecture(wrong: Mapping[str, LayerFinding], probed: Probe) -> Iterator[LayerFinding]:
    problems = [problem for problem in wrong.values() if problem.layer is Layer.ARCHITECTURE]
    yield from problems
    if not probed.libraries:
        yield LayerFinding(Layer.ARCHITECTURE, State.UNCHECKED, tr("没有驱动可查"))
    elif not problems:
        yield LayerFinding(Layer.ARCHITECTURE, State.OK, tr("驱动与本程序相符（{machine}）", machine=own_machine()))


def _models(seen: Sequence[TokenInfo], wrong: Mapping[str, LayerFinding], probed: Probe) -> Iterator[LayerFinding]:
    sound = [path for path in probed.libraries if str(path) not in wrong]
    missed = [name for device, name in _unseen(seen, probed) if _has_driver(device, sound) and not device.is_disc]
    yield from (_because("UK-61", name=name) for name in missed)
    for token in seen:
        if token.ukey is None:
            yield _because("UK-62", token.serial, name=f"{token.manufacturer} {token.model}")
        else:
            serial = tr("序列号 {serial}", serial=token.serial) if token.serial else tr("初始化后才有序列号")
            what = tr("{model}，{serial}", model=_called(token), serial=serial)
            yield LayerFinding(Layer.MODEL, State.OK, what, serial=token.serial)
    if not (missed or seen):
        yield LayerFinding(Layer.MODEL, State.UNCHECKED, tr("还没有看到 UKEY"))


def _contents(seen: Sequence[TokenInfo], blank: Mapping[str, bool]) -> Iterator[LayerFinding]:
    for token in seen:
        yield _content(token, blank.get(token.serial))
    if not seen:
        yield LayerFinding(Layer.BLANK, State.UNCHECKED, tr("还没有看到 UKEY"))


def _content(token: TokenInfo, is_blank: bool | None) -> LayerFinding:
    name = _called(token)
    if not token.initialised:
        return _because("UK-71", token.serial, name=name)
    if token.write_protected:
        return _because("UK-75", token.serial, name=name)
    if code := _OF_PINS.get(token.pin_state):
        return _because(code, token.serial, name=name)
    if is_blank is None:
        return _because("UK-77", token.serial, name=name)
    what = tr("是空白的，可以下载证书") if is_blank else tr("里面已有密钥或证书；要下载另一张证书，请换空白的")
    told = tr("{name}（序列号 {serial}）：{what}", name=name, serial=token.serial, what=what)
    return LayerFinding(Layer.BLANK, State.OK, told, serial=token.serial)


def _unseen(seen: Sequence[TokenInfo], probed: Probe) -> Iterator[tuple[UsbDevice, str]]:
    """Devices of known models of which no token is seen, with the model's name."""
    found = {token.ukey.id for token in seen if token.ukey}
    for device in probed.usb or ():
        if device.model and device.model.id not in found:
            yield device, _name(device)


def _has_driver(device: UsbDevice, installed: Iterable[Path]) -> bool:
    wanted = {Path(library).name for library in device.model.libraries} if device.model else set()
    return not wanted.isdisjoint(path.name for path in installed)


def _name(device: UsbDevice) -> str:
    return f"{device.model.vendor} {device.model.model}" if device.model else device.id


def _called(token: TokenInfo) -> str:
    return f"{token.ukey.vendor} {token.ukey.model}" if token.ukey else f"{token.manufacturer} {token.model}".strip()
