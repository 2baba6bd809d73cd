"""`shiming token enroll`: a certificate's way onto a UKEY (证书自助下载, E3), gone on with where it was cut."""

import argparse
from pathlib import Path
from typing import Any

from app import bootstrap
from app.ca.embedded import EmbeddedCA
from app.commands import at_office
from app.commands.exits import DONE, NO
from app.commands.output import Output
from app.commands.prompts import ask, ask_secret
from app.errors import Invalid
from app.models.certificates import EnrolmentStep, RequestState
from app.policy import Post
from app.services import certificates, journal
from app.services.certificates import RequestRow
from app.services.enrolment import enrol
from app.services.journal import Download
from app.services.operations import Gate
from app.services.scope import Actor
from app.token.host import TokenHost
from app.token.types import PinState
from app.words import N_, tr

STEPS = {
    EnrolmentStep.INTENDED: N_("身份已核对，开始下载"),
    EnrolmentStep.KEY: N_("密钥已在 UKEY 里生成"),
    EnrolmentStep.ISSUED: N_("证书已签发"),
    EnrolmentStep.WRITTEN: N_("证书和证书链已写入 UKEY"),
    EnrolmentStep.PROVED: N_("签名验证通过，下载完成"),
}

QUESTIONS = N_(
    "依次询问，每次一行（从管道输入时也按这个顺序）：\n"
    "  1. 登录名（写了 --login 则不问）\n"
    "  2. 密码\n"
    "  3. 持证人预留的手机号或邮箱\n"
    "  4. 下载授权码\n"
    "  5. 签发密钥的口令\n"
    "  6. UKEY 的 PIN 码；UKEY 还没有设 PIN 码时，改问管理员 PIN 码、新的 PIN 码，再输入一次新的 PIN 码\n"
    "证书早已下载完成的，只问前两项。"
)


def run(tokens: TokenHost, args: argparse.Namespace, out: Output) -> int:
    """Ask for what is needed, in this order: password, phone or e-mail, code, the authority's passphrase, PINs."""
    tokens.info(args.serial)
    with at_office.signed_in(args) as (gate, person):
        actor = at_office.acting_as(person, Post.SYSTEM)
        request = gate.ask(actor, journal.find, args.request)
        if request.state is RequestState.CONFIRMED:
            out.line(tr("这份申请的证书早已下载完成。"))
            return _tell(gate, actor, request, out)
        contact, code = ask(tr("持证人预留的手机号或邮箱")), ask(tr("下载授权码"))
        folder: Path = args.ca or args.office / "ca"
        with EmbeddedCA.open(folder, bootstrap.now, passphrase=ask_secret(tr("签发密钥的口令"))) as authority:
            serial, pin = _ready(tokens, args, out)
            download = Download(contact, code, serial, pin, args.kind)
            done: list[EnrolmentStep] = []

            def told(step: EnrolmentStep) -> None:
                done.append(step)
                out.line(tr(STEPS[step]))

            reached = enrol(gate, actor, tokens, authority, request.id, download, told=told)
        out.record(steps=done)
        return _tell(gate, actor, request, out) if reached is EnrolmentStep.PROVED else _wait(out)


def _ready(tokens: TokenHost, args: argparse.Namespace, out: Output) -> tuple[str, str]:
    """The token's serial number and PIN; one without a PIN is prepared first, and its serial number may change."""
    info = tokens.info(args.serial)
    if info.initialised and info.pin_state is not PinState.NOT_SET:
        return info.serial, ask_secret(tr("UKEY {serial} 的 PIN 码", serial=info.serial))
    so_pin = ask_secret(tr("UKEY 的管理员 PIN 码"))
    pin, again = ask_secret(tr("新的 PIN 码")), ask_secret(tr("再输入一次新的 PIN 码"))
    if pin != again:
        raise Invalid("token.pin_mismatch")
    prepared = tokens.prepare(info.serial, args.request, so_pin, pin)
    out.line(tr("UKEY 已准备好，序列号 {serial}（中断后再运行时用它）", serial=prepared.serial))
    return prepared.serial, pin


def _tell(gate: Gate, actor: Actor, request: RequestRow, out: Output) -> int:
    issued = gate.ask(actor, certificates.issued, request.id)
    assert issued is not None, "a request ends with a certificate"
    told: dict[str, Any] = {"serial": issued.serial, "subject": issued.subject, "not_after": issued.not_after}
    out.line(tr("证书 {serial}：{subject}，有效期至 {not_after}", **told | {"not_after": issued.not_after.date()}))
    out.record(request=request.number, token=issued.token_serial, certificate=told)
    return DONE


def _wait(out: Output) -> int:
    out.line(tr("签发机构还没有答复。请稍后再运行一次，会接着做。"))
    return NO
