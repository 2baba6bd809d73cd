"""Certificate requests, download codes, enrolment on a UKEY."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    "certificate.request_unknown": Message(
        N_("本单位没有编号为“{number}”的证书申请。"),
        N_("请对照申请记录核对编号（形如 ZS-2026-000001），并用本单位的账号登录。"),
    ),
    "certificate.not_identified": Message(
        N_("手机号（或邮箱）与下载授权码对不上。"),
        N_("请用申请单上预留的手机号或邮箱，和最新的授权码重试；次数用完后授权码作废。"),
    ),
    "certificate.code_dead": Message(
        N_("下载授权码因输错次数过多已作废。"), N_("请联系本单位安全管理员，重新发放授权码。")
    ),
    "certificate.code_expired": Message(N_("下载授权码已过期。"), N_("请联系本单位安全管理员，重新发放授权码。")),
    # enrolment
    "enrolment.stopped": Message(
        N_("已按您的要求停下，进度已保存。"), N_("要接着做，请重新输入 PIN 码；也可以以后再来，会从这一步继续。")
    ),
    "enrolment.busy": Message(
        N_("另一个窗口正在为这份申请下载证书。"), N_("请在那个窗口完成；如果它已意外关闭，请等几分钟再试。")
    ),
    "enrolment.lease_lost": Message(
        N_("下载中断太久，已由另一个窗口接手。"), N_("请看另一个窗口的结果；需要时重新开始，会从断开处继续。")
    ),
    "enrolment.other_token": Message(
        N_("这份申请的密钥在另一支 UKEY 上（序列号 {serial}）。"),
        N_("请插上那一支继续；它已丢失或损坏的，请联系系统管理员。"),
    ),
    "enrolment.not_blank": Message(
        N_("UKEY（序列号 {serial}）里已有别的密钥或证书。"), N_("请换一支空白的 UKEY；什么都没有写入。")
    ),
    "enrolment.key_gone": Message(
        N_("UKEY（序列号 {serial}）里找不到先前生成的密钥。"),
        N_("它可能被初始化过。请联系系统管理员，换一支空白 UKEY 重新办理。"),
    ),
    "enrolment.refused_by_ca": Message(N_("证书机构拒绝了这份申请。"), N_("请联系省级管理员，查明原因后重新申请。")),
    "enrolment.wrong_certificate": Message(
        N_("证书机构发回的证书与 UKEY 里的密钥不匹配，没有写入。"),
        N_("请报告省级管理员；UKEY 保持原样，可以稍后继续。"),
    ),
}
