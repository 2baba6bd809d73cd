"""The demo's last part: the CA, a blank UKEY, the certificate's way onto it, and the proofs."""

import shutil
from collections.abc import Callable
from contextlib import suppress

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app import bootstrap, durable
from app.ca import founding
from app.ca.embedded import EmbeddedCA
from app.demo.cast import HOLDER, PROVINCE, PROVINCE_AUDITOR, PROVINCE_SECURITY, SCHOOL, SCHOOL_SYSTEM
from app.demo.request import new_code, reached, the_request
from app.demo.world import Doer, Step, World, demand, never, refused
from app.errors import Cancelled, Denied, Invalid, Unavailable
from app.models.certificates import EnrolmentStep, RequestState
from app.services import audit, certificates
from app.services.certificates import IssuedRow
from app.services.enrolment import enrol
from app.services.journal import Download
from app.token import software
from app.token.types import ObjectKind, PinState, TokenInfo
from app.words import N_, tr

_HOLDER = Doer(HOLDER.name, N_("持证人"), SCHOOL)
_WRONG_PHONE = "13904310011"
_CA_FILES = (founding.ROOT, founding.CHAIN, founding.CRL, founding.ROOT_CRL)


def _authority_stands(world: World) -> bool:
    """Opening it looks at the files that never change, and renews the list of revoked certificates when due."""
    return all((world.folder / "ca" / name).exists() for name in _CA_FILES) and bool(world.authority.crl())


def _found_authority(world: World) -> list[str]:
    secrets, folder = world.report.content["ca"], world.folder / "ca"
    if folder.exists() and any(folder.iterdir()):
        world.authority.crl()
        world.authority.renew_root_crl(secrets["root_passphrase"])
        return [tr("缺少的吊销列表已重新签发：ca/crl.pem、ca/root-crl.pem")]
    if reached(RequestState.ISSUED)(world):
        raise Unavailable("demo.file_gone", file="ca")
    EmbeddedCA.create(
        folder,
        PROVINCE,
        secrets["root_passphrase"],
        bootstrap.now(),
        issuing_passphrase=secrets["issuing_passphrase"],
    )
    return [tr("根证书和签发证书已建立，私钥各有口令：ca/root.pem、ca/chain.pem、ca/crl.pem")]


def _delivered(world: World) -> bool:
    info = world.token()
    return info is not None and info.serial == world.report.content["token"]["serial"]


def _deliver(world: World) -> list[str]:
    token = world.report.content["token"]
    if world.token() is None:
        if reached(RequestState.KEY_GENERATED)(world):
            raise Unavailable("demo.file_gone", file="tokens")
        shutil.rmtree(world.folder / "tokens")  # SoftHSM, cut while it set a PIN, can leave what it cannot read
        software.manufacture(world.folder, world.library, token["label"], token["so_pin"])
        world.tokens.close()  # so that it loads the library anew
    token.update(serial=_token(world).serial, module=str(world.library))
    return [tr("序列号 {serial}，已设标签和管理员 PIN 码，未设用户 PIN 码", serial=token["serial"])]


def _token(world: World) -> TokenInfo:
    info = world.token()
    assert info is not None
    return info


def _prepare(world: World) -> list[str]:
    token = world.report.content["token"]
    serial = _token(world).serial
    demand(world.tokens.is_blank(serial), tr("UKEY 是空白的"))
    world.tokens.prepare(serial, token["label"], token["so_pin"], token["user_pin"])
    software.mend(world.folder)
    return [tr("识别出空白 UKEY {serial}，持证人已设 PIN 码", serial=serial)]


def _download(world: World, stop: EnrolmentStep = EnrolmentStep.PROVED, contact: str = HOLDER.mobile) -> None:
    """Let the holder download, up to a step; then it is broken off, and the next call goes on."""

    def told(step: EnrolmentStep) -> None:
        if step is stop and step is not EnrolmentStep.PROVED:
            raise Cancelled("command.interrupted")

    report = world.report.content
    download = Download(contact, report["holder"]["download_code"], _token(world).serial, report["token"]["user_pin"])
    clerk, request = world.actor(SCHOOL_SYSTEM), the_request(world).id
    with suppress(Cancelled):
        enrol(world.gate, clerk, world.tokens, world.authority, request, download, told)


def _with_living_code(world: World, attempt: Callable[[], None]) -> None:
    """Runs cut at the wrong moment can use up a code's tries, or its seven days: then another one is asked for."""
    try:
        attempt()
    except Denied as problem:
        if problem.reason not in ("certificate.code_dead", "certificate.code_expired"):
            raise
        new_code(world)
        attempt()


def _wrong_phone(world: World) -> list[str]:
    lines: list[str] = []

    def attempt() -> None:
        what = tr("用别人的手机号下载")
        lines.append(refused(what, "certificate.not_identified", lambda: _download(world, contact=_WRONG_PHONE)))

    _with_living_code(world, attempt)
    return lines


def _download_until(step: EnrolmentStep, told: str) -> Callable[[World], list[str]]:
    def act(world: World) -> list[str]:
        _with_living_code(world, lambda: _download(world, step))
        return [tr(told)]

    return act


def _again(world: World) -> list[str]:
    return [refused(tr("同一授权码再次下载"), "gate.wrong_state", lambda: _download(world))]


def _issued(world: World) -> IssuedRow:
    row = world.gate.ask(world.actor(SCHOOL_SYSTEM), certificates.issued, the_request(world).id)
    assert row is not None
    return row


def _check_token(world: World) -> list[str]:
    """Exactly one key pair and one certificate of the holder's, and they belong together."""
    issued, pin = _issued(world), world.report.content["token"]["user_pin"]
    with world.tokens.open(issued.token_serial, pin) as session:
        keys = [thing.key_id for thing in session.objects() if thing.kind is ObjectKind.PRIVATE_KEY]
        holders = [key_id for key_id, der in session.certificates() if der == issued.der]
        demand(len(keys) == 1 and holders == keys, tr("UKEY 里恰好有一对密钥和一张与之对应的证书"))
        session.prove(keys[0])
    return [tr("恰好一对密钥、一张持证人证书，标识 {key_id}，签名验证通过", key_id=keys[0].hex())]


def _certificate_kept(world: World) -> bool:
    issued, file = _issued(world), world.folder / "cert" / "holder.pem"
    kept = world.report.content["certificate"].get("serial") == issued.serial
    return kept and file.exists() and file.read_bytes() == _pem(issued)


def _pem(issued: IssuedRow) -> bytes:
    return x509.load_der_x509_certificate(issued.der).public_bytes(Encoding.PEM)


def _keep_certificate(world: World) -> list[str]:
    issued = _issued(world)
    (world.folder / "cert").mkdir(exist_ok=True)
    durable.write(world.folder / "cert" / "holder.pem", _pem(issued))
    world.report.content["certificate"] = {
        "serial": issued.serial,
        "subject": issued.subject,
        "not_after": issued.not_after.isoformat(),
    }
    return [tr("cert/holder.pem：{subject}，有效期至 {day}", subject=issued.subject, day=issued.not_after.date())]


def _verify_log(world: World) -> list[str]:
    faults = world.gate.ask(world.actor(PROVINCE_AUDITOR), audit.verify)
    demand(not faults, tr("日志完整") + "".join(f" {fault.place} {fault.reason}" for fault in faults[:3]))
    return [tr("每条日志与前一条相扣，每行数据与日志相符")]


def _exported(world: World) -> bool:
    file = world.folder / "audit.jsonl"
    try:
        return file.exists() and not list(audit.exported_faults(file))
    except Invalid:  # not even a log any more
        return False


def _export_log(world: World) -> list[str]:
    exported = world.gate.do(world.actor(PROVINCE_AUDITOR), audit.export, 1)
    durable.write(world.folder / "audit.jsonl", exported)
    demand(_exported(world), tr("导出的日志能通过验证"))
    return [tr("audit.jsonl，共 {events} 条，带签名", events=exported.count(b"\n") - 2)]


_NOBODY = Doer("", "", "")
_AUDITOR = Doer.at(PROVINCE_AUDITOR)

_PARTS = (
    (EnrolmentStep.KEY, RequestState.KEY_GENERATED, N_("在 UKEY 里生成密钥对"), N_("私钥在 UKEY 里生成，不可导出")),
    (EnrolmentStep.ISSUED, RequestState.ISSUED, N_("签发证书"), N_("内置 CA 已签发；请求由 UKEY 里的私钥签名")),
    (EnrolmentStep.WRITTEN, RequestState.WRITTEN, N_("写入证书和证书链"), N_("持证人证书和两级 CA 证书已写入")),
    (EnrolmentStep.PROVED, RequestState.CONFIRMED, N_("用签名验证"), N_("UKEY 的签名用读回的证书验证通过")),
)
"""The download, broken off after each part and gone on with."""

STEPS = (
    Step(
        "authority",
        N_("建立内置 CA"),
        Doer.at(PROVINCE_SECURITY),
        _authority_stands,
        _found_authority,
    ),
    Step("token", N_("出厂一支空白 UKEY（软件）"), _NOBODY, _delivered, _deliver),
    Step(
        "prepare",
        N_("识别空白 UKEY，设 PIN 码"),
        _HOLDER,
        lambda world: _token(world).pin_state is not PinState.NOT_SET,
        _prepare,
    ),
    Step(
        "wrong-phone",
        N_("手机号不符，不能下载"),
        _HOLDER,
        lambda world: reached(RequestState.KEY_GENERATED)(world) or world.report.passed("wrong-phone"),
        _wrong_phone,
    ),
    *(
        Step(f"enrol-{part}", title, _HOLDER, reached(state), _download_until(part, told))
        for part, state, title, told in _PARTS
    ),
    Step(
        "code-used",
        N_("下载授权码不能再用一次"),
        _HOLDER,
        lambda world: world.report.passed("code-used"),
        _again,
    ),
    Step("check-token", N_("核对 UKEY 里的内容"), _HOLDER, never, _check_token),
    Step("certificate", N_("保存证书文件"), _HOLDER, _certificate_kept, _keep_certificate),
    Step("verify", N_("验证日志"), _AUDITOR, never, _verify_log),
    Step("export", N_("导出日志"), _AUDITOR, _exported, _export_log),
)
