"""Letters and slips, one A4 page each (F1): recovery letter, sealed halves of an activation code, download code, UKEY.

What is secret on them is printed once and kept nowhere.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.forms.fonts import BOLD
from app.forms.letter_sheet import LetterSheet, page, written_day
from app.forms.sheet import HEIGHT, LEFT, MM, RIGHT, Box
from app.policy import POST_NAMES, Post
from app.printed_codes import Half
from app.words import N_, sentences, tr

HOLDER_ONLY = N_("仅限本人使用，不得外借。")
"""E9: on whatever goes with a UKEY or a code for one."""

_THIRD = HEIGHT / 3
_MARGIN = 10 * MM
_PRINTED_BY = {1: Post.SYSTEM, 2: Post.SECURITY}
_CODE_TOP = 36 * MM
"""How far above the lower fold the code begins; as far below it, what faces it is hatched."""
_STRIP = 84 * MM


@dataclass(frozen=True)
class RecoveryLetter:
    """恢复信: the last way into an office; `code` has two lines."""

    province: str
    code: str = field(repr=False)
    founded_on: date


@dataclass(frozen=True)
class ActivationHalf:
    """密码信封: one half of an activation code (激活码), for an administrator's first login (B4)."""

    unit: str
    address: str
    name: str
    login: str
    half: Half
    code: str = field(repr=False)


@dataclass(frozen=True)
class DownloadSlip:
    """下载授权码通知单; `valid_until` in the office's time (E3)."""

    request_number: str
    unit: str
    holder: str
    code: str = field(repr=False)
    valid_until: datetime


@dataclass(frozen=True)
class HolderPage:
    """What a holder keeps about a UKEY, with the receipt to be cut off (签收); times in the office's time (E9)."""

    name: str
    unit: str
    request_number: str
    certificate_serial: str
    subject: str
    not_after: date
    token_maker: str
    token_model: str
    token_serial: str
    downloaded_at: datetime


def recovery_letter(letter: RecoveryLetter) -> bytes:
    """The recovery letter as PDF."""

    def draw(sheet: LetterSheet) -> None:
        sheet.heading(tr("恢复信"))
        sheet.facts(
            [(tr("办公库"), letter.province), (tr("建库日期"), written_day(letter.founded_on))],
        )
        sheet.paragraph(tr("任何人都无法登录时，凭下面的恢复码可以打开这个办公库。恢复码分两行，全部输入："))
        sheet.code(letter.code)
        sheet.items(map(tr, _RECOVERY_RULES))
        sheet.y -= 4 * MM
        sheet.paragraph(tr("以下两人共同封存，在封口处签名："), face=BOLD)
        sheet.signatures((tr("封存人一（签字）："), tr("封存人二（签字）：")))

    return page(tr("恢复信"), draw)


def activation_half(letter: ActivationHalf) -> bytes:
    """One half's sealed letter as PDF: folded along its two lines, the address is outside and the code inside."""

    def draw(sheet: LetterSheet) -> None:
        _draw_outside(sheet, letter)
        sheet.fold(2 * _THIRD, tr("② 再沿此线向后折，收件人朝外"))
        _draw_inside(sheet, letter)
        sheet.fold(_THIRD, tr("① 先沿此线向上折，盖住激活码"))
        sheet.hatch(Box(LEFT, _THIRD - _CODE_TOP, RIGHT - LEFT, 20 * MM))
        sheet.y = _THIRD - 46 * MM
        sheet.items(map(tr, _ACTIVATION_STEPS))

    return page(tr("密码信封"), draw)


def download_code_slip(slip: DownloadSlip) -> bytes:
    """The notice of a download code as PDF."""

    def draw(sheet: LetterSheet) -> None:
        sheet.heading(tr("下载授权码通知单"))
        sheet.facts(
            [
                (tr("持证人"), slip.holder),
                (tr("单位"), slip.unit),
                (tr("证书申请编号"), slip.request_number),
                (tr("有效期至"), _written_minute(slip.valid_until)),
            ]
        )
        sheet.paragraph(tr("下载授权码："))
        sheet.code(slip.code)
        sheet.items(map(tr, _DOWNLOAD_STEPS))
        sheet.y -= 4 * MM
        sheet.paragraph(tr(HOLDER_ONLY), 14, BOLD)
        sheet.signatures((tr("持证人（签收）："), tr("发放人（签字）：")))

    return page(tr("下载授权码通知单"), draw)


def holder_page(holder: HolderPage) -> bytes:
    """The holder's page as PDF."""

    def draw(sheet: LetterSheet) -> None:
        sheet.heading(tr("数字证书（UKEY）使用说明"))
        sheet.facts(_holder_facts(holder))
        sheet.items(map(tr, _UKEY_RULES))
        sheet.y -= 2 * MM
        day = written_day(holder.not_after)
        sheet.paragraph(tr("证书有效期至 {day}。请在到期前 60 天向本单位系统管理员申请续期。", day=day), face=BOLD)
        sheet.paragraph(tr(HOLDER_ONLY), 14, BOLD)
        _draw_receipt(sheet, holder)

    return page(tr("数字证书（UKEY）使用说明"), draw)


def _draw_outside(sheet: LetterSheet, letter: ActivationHalf) -> None:
    sheet.y = HEIGHT - _MARGIN
    sheet.paragraph(tr("密码信封　第 {half} 半（共两半）", half=letter.half), 14, BOLD)
    post = tr(POST_NAMES[_PRINTED_BY[letter.half]])
    sheet.paragraph(tr("由上级{post}打印、封装。封口破损的，请勿使用，立即告知上级。", post=post), 9)
    sheet.y = HEIGHT - 36 * MM
    sheet.paragraph(f"{letter.address}\n{letter.unit}", 13, indent=30 * MM, height=41 * MM)
    sheet.paragraph(tr("{name}　本人亲启", name=letter.name), 18, BOLD, indent=30 * MM, height=14 * MM)


def _draw_inside(sheet: LetterSheet, letter: ActivationHalf) -> None:
    sheet.y = 2 * _THIRD - _MARGIN
    sheet.heading(tr("激活码　第 {half} 半", half=letter.half), 16)
    sheet.facts([(tr("姓名"), letter.name), (tr("登录名"), letter.login)])
    sheet.y = _THIRD + _CODE_TOP - 2 * MM
    sheet.code(letter.code)


def _holder_facts(holder: HolderPage) -> list[tuple[str, str]]:
    return [
        (tr("持证人"), holder.name),
        (tr("单位"), holder.unit),
        (tr("证书申请编号"), holder.request_number),
        (tr("证书序列号"), holder.certificate_serial),
        (tr("证书主题"), holder.subject),
        (tr("有效期至"), written_day(holder.not_after)),
        (tr("UKEY 厂家、型号"), f"{holder.token_maker}　{holder.token_model}"),
        (tr("UKEY 序列号"), holder.token_serial),
        (tr("下载时间"), _written_minute(holder.downloaded_at)),
    ]


def _draw_receipt(sheet: LetterSheet, holder: HolderPage) -> None:
    """At the foot of the page, for the office."""
    sheet.fold(_STRIP, tr("沿此线裁下，下面由本单位用户管理部门留存"))
    sheet.y = _STRIP - 5 * MM
    sheet.heading(tr("UKEY 签收单"), 14)
    sheet.facts(
        [
            (tr("持证人"), f"{holder.name}　{holder.unit}"),
            (tr("UKEY 序列号"), holder.token_serial),
            (tr("证书序列号"), holder.certificate_serial),
        ]
    )
    sheet.paragraph(sentences(tr("本人已收到上述 UKEY 和证书，PIN 码由本人设置，知悉："), tr(HOLDER_ONLY)))
    sheet.signatures((tr("持证人（签字）："),))


def _written_minute(moment: datetime) -> str:
    return f"{written_day(moment)} {moment:%H:%M}"


_RECOVERY_RULES = (
    N_("打印后立即装入信封，密封，由两人在封口处签名，放入保险柜。"),
    N_("不得拍照、扫描、复印，不得存入电脑、手机或任何电子设备，不得用邮件或聊天软件发送。"),
    N_("启封须两人在场，并登记原因、时间和在场人员。"),
    N_("每年检查一次封口；封口破损的，当作已经泄露，立即换发新的恢复信。"),
    N_("换发新的恢复信后，本信作废，由两人当场销毁。"),
)

_ACTIVATION_STEPS = (
    N_("激活码有两半，由上级两位管理员分别打印，缺一不可。两封信都收到后再使用。"),
    N_("首次登录时选“首次登录”，输入登录名和两半激活码，然后设置自己的密码。"),
    N_("激活码只能用一次。登录后请核对自己的岗位和权限与申请单是否一致，并销毁两封信。"),
)

_DOWNLOAD_STEPS = (
    N_("带上领到的空白 UKEY，到本单位系统管理员处，由其打开持证人窗口。"),
    N_("插入 UKEY，输入申请单上预留的手机号码或电子邮箱，再输入下载授权码。"),
    N_("自己设置 UKEY 的 PIN 码，不要告诉任何人。写入证书时请勿拔出 UKEY。"),
    N_("输错五次，或超过有效期，授权码作废；请本单位安全管理员重新发放，新码发出后旧码失效。"),
    N_("证书下载成功后，请销毁本通知单。"),
)

_UKEY_RULES = (
    N_("登录全国教师管理信息系统前插入 UKEY，按提示输入 PIN 码；离开座位时拔下 UKEY，锁好。"),
    N_("PIN 码由本人记住，不写在纸上，不贴在 UKEY 上，不告诉任何人，包括管理员。本页任何地方都不要写 PIN 码。"),
    N_("PIN 码连续输错会被锁住。忘记或锁住的，请找本单位系统管理员，不要反复尝试。"),
    N_("UKEY 遗失、损坏，或者本人调离，请当天报告本单位系统管理员，以便吊销证书。"),
)
