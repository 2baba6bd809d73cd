"""`shiming token`: the UKEYs that are plugged in, a certificate's way onto one, and whether it can be relied upon."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.commands import at_office, pages, token_enroll, token_verify
from app.commands.exits import DONE
from app.commands.output import Output
from app.messages import explain
from app.services.diagnosis_tokens import PIN_STATES, worth_showing
from app.token.catalogue import libraries
from app.token.host import TokenHost
from app.token.types import KeyKind, TokenInfo
from app.words import N_, sentences, tr


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=tr("动作"))
    _on_tokens(pages.add(actions, "list", N_("列出插着的 UKEY"), N_("示例：shiming token list")))
    example = N_("示例：shiming token info --serial 8ce9695819248834")
    _on_one(pages.add(actions, "info", N_("查看一支 UKEY（不需要 PIN）"), example))
    example = N_("示例：shiming token enroll --office demo --request ZS-2026-000001 --serial 8ce9695819248834")
    text = N_("下载证书到 UKEY；中断后再次运行会接着做")
    _configure_enroll(pages.add(actions, "enroll", text, example, tr(token_enroll.QUESTIONS)))
    example = N_("示例：shiming token verify --serial 8ce9695819248834 --root root.pem --crl crl.pem")
    _configure_verify(pages.add(actions, "verify", N_("验证 UKEY 里的证书（会询问 PIN）"), example))


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it; 1 when a certificate does not hold, or is not there yet."""
    with _tokens(args) as tokens:
        match args.action:
            case "list":
                return _list(tokens, out)
            case "info":
                return _info(tokens, args.serial, out)
            case "enroll":
                return token_enroll.run(tokens, args, out)
            case _:
                return token_verify.run(tokens, args, out)


def _on_tokens(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--module", type=Path, metavar=tr("文件"), help=tr("UKEY 的驱动（PKCS#11 库）；不写则自动寻找已安装的")
    )


def _on_one(parser: argparse.ArgumentParser) -> None:
    _on_tokens(parser)
    parser.add_argument("--serial", required=True, metavar=tr("序列号"), help=tr("哪一支 UKEY；见 token list"))


def _configure_enroll(parser: argparse.ArgumentParser) -> None:
    at_office.configure(parser)
    _on_one(parser)
    parser.add_argument("--request", required=True, metavar="ZS-…", help=tr("证书申请的编号，如 ZS-2026-000001"))
    parser.add_argument("--ca", type=Path, metavar=tr("文件夹"), help=tr("证书签发机构的文件夹；不写则是办公库里的 ca"))
    parser.add_argument(
        "--kind", type=KeyKind, choices=list(KeyKind), default=KeyKind.RSA_2048, help=tr("密钥类型，默认 rsa-2048")
    )


def _configure_verify(parser: argparse.ArgumentParser) -> None:
    _on_one(parser)
    parser.add_argument(
        "--root", type=Path, metavar=tr("文件"),
        help=tr("从可信来源取得的根证书；不写则用 UKEY 里的，那样的根证书未经核对"),
    )  # fmt: skip
    parser.add_argument(
        "--crl", type=Path, action="append", default=[], metavar=tr("文件"), help=tr("吊销列表；可以写多个")
    )


@contextmanager
def _tokens(args: argparse.Namespace) -> Iterator[TokenHost]:
    """The tokens. Raises a library's fault when it is the named one's, or no library at all can be used."""
    chosen = (args.module,) if args.module else libraries()
    with TokenHost(chosen) as tokens:
        if not tokens.tokens() and len(faults := tokens.faults()) == len(chosen) > 0:
            raise faults[0]
        yield tokens


def _list(tokens: TokenHost, out: Output) -> int:
    seen, faults = worth_showing(tokens.tokens()), tokens.faults()
    for fault in faults:
        out.line(sentences(*explain(fault)))
    for token in seen:
        label = token.label or tr("无标签")
        out.line(
            tr("{serial}  {label}  {model}  {state}", serial=_serial(token), label=label, model=_model(token),
               state=_state(token))
        )  # fmt: skip
    if not seen:
        out.line(tr("没有看到 UKEY。看不到的原因，可以运行 shiming doctor 检查。"))
    told = [{"reason": fault.reason, "data": dict(fault.data), **explain(fault)._asdict()} for fault in faults]
    out.record(tokens=seen, faults=told)
    return DONE


def _info(tokens: TokenHost, serial: str, out: Output) -> int:
    token = tokens.info(serial)
    unknown = tr("不详")
    rows = {
        tr("序列号"): _serial(token),
        tr("标签"): token.label,
        tr("型号"): _model(token),
        tr("颜色"): token.ukey.colour if token.ukey else "",
        tr("状态"): _state(token),
        tr("固件"): token.firmware,
        tr("读卡器"): token.reader,
        tr("PIN 长度"): f"{token.min_pin}–{token.max_pin}",
        tr("剩余空间（字节）"): unknown if token.free_memory is None else str(token.free_memory),
        tr("驱动"): token.library,
    }
    for name, value in rows.items():
        if value:
            out.line(f"{name}: {value}")
    out.record(token=token, blank=tokens.is_blank(serial))
    return DONE


def _serial(token: TokenInfo) -> str:
    return token.serial or tr("（无序列号）")


def _model(token: TokenInfo) -> str:
    return f"{token.ukey.vendor} {token.ukey.model}" if token.ukey else f"{token.manufacturer} {token.model}"


def _state(token: TokenInfo) -> str:
    return tr(PIN_STATES[token.pin_state]) if token.initialised else tr("空白，未初始化")
