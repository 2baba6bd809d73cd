"""The certificate authorities."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # ca
    "ca.silent": Message(N_("证书签发机构没有回应。"), N_("申请已保留，稍后再试即可继续，不会重复签发。")),
    "ca.subject": Message(N_("证书上的持证人信息不完整或有误。"), N_("请按下面逐项指出的内容，更正申请单后再申请。")),
    "ca.subject_empty": Message(N_("此项不能为空。"), N_("请补充后再申请证书。")),
    "ca.subject_long": Message(
        N_("此项太长，证书上最多容纳 {most} 个字符（姓名按字节计）。"), N_("请改用规范的简称。")
    ),
    "ca.subject_character": Message(N_("此项含有证书不能使用的字符。"), N_("请删除换行、控制符等特殊字符。")),
    "ca.subject_email": Message(N_("电子邮箱不能写入证书。"), N_("请填写英文字母和数字组成的邮箱地址。")),
    "ca.csr_unreadable": Message(N_("证书请求文件无法识别。"), N_("请重新生成证书请求。")),
    "ca.csr_key": Message(
        N_("证书请求中的密钥不符合要求。"), N_("请使用 RSA 2048 至 4096 位，或 P-256、P-384 曲线的密钥。")
    ),
    "ca.csr_signature": Message(N_("证书请求的签名不正确，可能已被改动。"), N_("请重新生成证书请求。")),
    "ca.csr_other_person": Message(
        N_("证书请求不是为申请单上的本人生成的。"), N_("请核对持证人，并重新生成证书请求。")
    ),
    "ca.reference_taken": Message(
        N_("这项申请已为另一个密钥或持证人签发过证书。"), N_("请查看这项申请的记录；需要新证书时，请另行申请。")
    ),
    "ca.not_issued": Message(N_("这项申请还没有签发证书。"), N_("请稍后再试，或重新提交申请。")),
    "ca.lifetime": Message(N_("证书有效期必须大于零。"), N_("请检查证书有效期的设置。")),
    "ca.expired": Message(N_("签发机构的证书已于 {until} 到期。"), N_("请建立新的签发机构后再签发证书。")),
    "ca.clock": Message(N_("本机时间早于签发机构的建立时间 {since}。"), N_("请校准本机的日期和时间。")),
    "ca.serial_unknown": Message(N_("本机构没有签发过序列号为 {serial} 的证书。"), N_("请核对证书序列号。")),
    "ca.exists": Message(N_("“{path}”中已有文件，不能在此建立签发机构。"), N_("请选择一个空的文件夹。")),
    "ca.name": Message(N_("签发机构名称为空或太长（最多约 {most} 个汉字）。"), N_("请填写单位名称或规范的简称。")),
    "ca.issuing_key": Message(
        N_("这个密钥不能用作签发密钥。"), N_("请使用 RSA 2048 至 4096 位，或 P-256、P-384 曲线的密钥。")
    ),
    "ca.passphrase_short": Message(N_("密钥口令太短，至少 {least} 个字符。"), N_("请设置更长的口令，并妥善保管。")),
    "ca.passphrase_wrong": Message(N_("密钥文件“{file}”的口令不正确。"), N_("请核对后重新输入。")),
    "ca.key_absent": Message(
        N_("没有找到密钥文件“{file}”。"), N_("如果密钥在 UKEY 中，请插入该 UKEY；如果保存在别处，请放回原处后再试。")
    ),
    "ca.key_mismatch": Message(N_("这个密钥不属于本签发机构。"), N_("请使用建立签发机构时的 UKEY 或密钥文件。")),
    "ca.signature_faulty": Message(
        N_("签发密钥给出的签名不正确，证书没有签发。"), N_("请换一个 USB 接口后重试；如果再次发生，请停用该 UKEY。")
    ),
    "ca.absent": Message(N_("没有找到签发机构的文件“{file}”。"), N_("请核对文件夹，或从备份中恢复。")),
    "ca.damaged": Message(N_("签发机构的文件“{file}”已损坏。"), N_("请停止签发，并从备份中恢复这个文件。")),
    "ca.damaged_line": Message(
        N_("签发机构的文件“{file}”从第 {line} 行起已损坏或被改动。"), N_("请停止签发，并从备份中恢复这个文件。")
    ),
    "ca.in_use": Message(N_("签发机构“{path}”正由另一个程序使用。"), N_("请关闭另一个窗口或程序后再试。")),
    "ca.store_full": Message(
        N_("磁盘空间不足，无法写入“{path}”。"), N_("请清理磁盘空间后再试；已签发的证书不受影响。")
    ),
    "ca.store_failed": Message(
        N_("无法读写“{path}”。"), N_("请检查磁盘和文件夹权限，然后重新打开程序；已签发的证书不受影响。")
    ),
}
