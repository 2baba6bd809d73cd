"""`shiming token`: the UKEYs that are plugged in, a certificate's way onto one, and whether it can be relied upon."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.commands import at_office, token_enroll, token_verify
from app.commands.exits import DONE
from app.commands.output import Output
from app.messages import explain
from app.services.diagnosis_tokens import PIN_STATES
from app.token.catalogue import libraries
from app.token.host import TokenHost
from app.token.types import KeyKind, TokenInfo
from app.words import tr


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=tr("动作"))
    _on_tokens(actions.add_parser("list", help=tr("列出插着的 UKEY")))
    _on_one(actions.add_parser("info", help=tr("查看一支 UKEY（不需要 PIN）")))
    _configure_enroll(actions.add_parser("enroll", help=tr("下载证书到 UKEY；中断后再次运行会接着做")))
    verify = actions.add_parser("verify", help=tr("验证 UKEY 里的证书"))
    _on_one(verify)
    verify.add_argument("--root", type=Path, metavar=tr("文件"), help=tr("根证书；不写则用 UKEY 里的根证书"))
    verify.add_argument(
        "--crl", type=Path, action="append", default=[], metavar=tr("文件"), help=tr("吊销列表；可以写多个")
    )


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
        "--module", type=Path, metavar=tr("文件"), help=tr("UKEY 的驱动（PKCS#11 库）；不写则用目录里已安装的")
    )


def _on_one(parser: argparse.ArgumentParser) -> None:
    _on_tokens(parser)
    parser.add_argument("--serial", required=True, metavar=tr("序列号"), help=tr("哪一支 UKEY；见 token list"))


def _configure_enroll(parser: argparse.ArgumentParser) -> None:
    at_office.configure(parser)
    _on_one(parser)
    parser.add_argument("--request", required=True, metavar="ZS-…", help=tr("证书申请的编号"))
    parser.add_argument("--ca", type=Path, metavar=tr("文件夹"), help=tr("证书签发机构；不写则是办公库里的 ca"))
    parser.add_argument(
        "--kind", type=KeyKind, choices=list(KeyKind), default=KeyKind.RSA_2048, help=tr("密钥类型，默认 rsa-2048")
    )


@contextmanager
def _tokens(args: argparse.Namespace) -> Iterator[TokenHost]:
    with TokenHost((args.module,) if args.module else libraries()) as tokens:
        yield tokens


def _list(tokens: TokenHost, out: Output) -> int:
    seen, faults = tokens.tokens(), tokens.faults()
    for token in seen:
        label = token.label or tr("无标签")
        out.line(
            tr("{serial}  {label}  {model}  {state}", serial=_serial(token), label=label, model=_model(token),
               state=_state(token))
        )  # fmt: skip
    if not seen:
        out.line(tr("没有看到 UKEY。看不到的原因，可以运行 shiming doctor 检查。"))
    for fault in faults:
        out.line(" ".join(explain(fault)))
    told = [{"reason": fault.reason, "data": dict(fault.data), "what": explain(fault).what} for fault in faults]
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
        out.line(f"{name}: {value}")
    out.record(token=token, blank=tokens.is_blank(serial))
    return DONE


def _serial(token: TokenInfo) -> str:
    return token.serial or tr("（无序列号）")


def _model(token: TokenInfo) -> str:
    return f"{token.ukey.vendor} {token.ukey.model}" if token.ukey else f"{token.manufacturer} {token.model}"


def _state(token: TokenInfo) -> str:
    return tr(PIN_STATES[token.pin_state]) if token.initialised else tr("空白，未初始化")
