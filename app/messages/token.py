"""UKEYs: absent, removed, full, their PINs, and the libraries behind them."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    "token.absent": Message(
        N_("没有看到序列号为 {serial} 的 UKEY。"),
        N_("请插好 UKEY，稍等几秒再试；仍看不到时请换一个 USB 口，或运行诊断（shiming doctor）。"),
    ),
    "token.removed": Message(
        N_("UKEY {serial} 被拔出了，这一步没有做完。"),
        N_("请重新插上同一支 UKEY 再做一次：会接着做，不会重复生成密钥。"),
    ),
    "token.session_lost": Message(
        N_("与 UKEY {serial} 的连接中断了。"), N_("请确认 UKEY 插好，重新输入 PIN 码后再做一次。")
    ),
    "token.not_logged_in": Message(N_("还没有用 PIN 码登录 UKEY {serial}。"), N_("请输入 PIN 码。")),
    "token.in_use": Message(N_("UKEY {serial} 正在做另一件事。"), N_("请等它做完，或关闭正在使用这支 UKEY 的窗口。")),
    "token.device_error": Message(
        N_("UKEY {serial} 报告硬件错误（{code}）。"), N_("请拔下重新插上再试；再次发生请更换介质。")
    ),
    "token.host_memory": Message(N_("电脑内存不足，UKEY 的驱动无法继续。"), N_("请关闭一些程序后再试。")),
    "token.full": Message(
        N_("UKEY {serial} 的存储空间满了。"), N_("请换一支空白 UKEY；或请管理员确认后清理其中不再使用的证书。")
    ),
    "token.not_recognised": Message(
        N_("驱动不认识插入的 UKEY。"),
        N_("请确认装的是这种介质（看颜色和型号）的驱动；装对了仍不行，请运行诊断（shiming doctor）。"),
    ),
    "token.write_protected": Message(N_("UKEY {serial} 是写保护的，不能写入。"), N_("请更换介质，或联系发放单位。")),
    "token.unsupported": Message(
        N_("UKEY {serial} 或它的驱动不支持这项功能（{code}）。"), N_("请安装厂家最新的驱动；仍不支持时请更换介质。")
    ),
    "token.failed": Message(
        N_("UKEY {serial} 没有完成这项操作（{code}）。"),
        N_("请拔下重新插上再试；再次发生请把括号里的代码告诉维护人员。"),
    ),
    "token.not_initialised": Message(
        N_("UKEY {serial} 还没有初始化。"), N_("请先由管理员准备这支 UKEY（设标签和初始 PIN 码）。")
    ),
    "token.pin_wrong": Message(N_("PIN 码不正确。"), N_("请核对后再输入；连续输错会锁定 UKEY。")),
    "token.pin_wrong:few-left": Message(
        N_("PIN 码不正确，可以再试的次数不多了。"), N_("请想清楚再输入：再连续输错，UKEY 会锁定。")
    ),
    "token.pin_wrong:last-try": Message(
        N_("PIN 码不正确，只剩最后一次机会。"), N_("没有把握请不要再试：再错一次 UKEY 就会锁定，要由管理员解锁。")
    ),
    "token.pin_wrong:locked": Message(N_("PIN 码不正确，UKEY 已经锁定。"), N_("请带 UKEY 到发放单位办理解锁。")),
    "token.pin_locked": Message(N_("UKEY {serial} 的 PIN 码已锁定。"), N_("请带 UKEY 到发放单位办理解锁。")),
    "token.pin_not_set": Message(N_("UKEY {serial} 还没有设 PIN 码。"), N_("请先由管理员准备这支 UKEY。")),
    "token.pin_expired": Message(N_("UKEY {serial} 的 PIN 码已过期。"), N_("请先修改 PIN 码。")),
    "token.pin_length": Message(N_("PIN 码长度不对，没有送进 UKEY，不算一次尝试。"), N_("请输入 {min} 到 {max} 位。")),
    "token.pin_rules": Message(N_("UKEY 不接受这个 PIN 码：长度不合它的规定。"), N_("请换一个长度合适的 PIN 码。")),
    "token.pin_characters": Message(N_("UKEY 不接受这个 PIN 码里的字符。"), N_("请只用数字和英文字母。")),
    "token.pin_mismatch": Message(N_("两次输入的 PIN 码不一样。"), N_("请重新运行，两次输入同一个；UKEY 没有改动。")),
    "token.so_pin_wrong": Message(N_("管理员 PIN 码不正确。"), N_("请核对后再输入；连续输错会永久锁定这支 UKEY。")),
    "token.so_pin_locked": Message(
        N_("UKEY {serial} 的管理员 PIN 码已锁定。"), N_("这支 UKEY 不能再初始化，请更换介质。")
    ),
    "token.label_long": Message(N_("UKEY 的标签太长。"), N_("标签最多 {limit} 字节，一个汉字占 3 字节。")),
    "token.no_key": Message(N_("UKEY {serial} 里没有这份申请的密钥。"), N_("请确认插的是当时生成密钥的那支 UKEY。")),
    "token.key_damaged": Message(
        N_("UKEY {serial} 里有这份证书，但它的密钥不完整。"), N_("程序不会自动替换。请联系发放单位办理补办。")
    ),
    "token.certificate_damaged": Message(N_("要写入 UKEY 的证书内容已损坏。"), N_("请重新取得证书后再试。")),
    "token.certificate_foreign": Message(
        N_("这份证书不是为 UKEY {serial} 里的密钥签发的，没有写入。"), N_("请确认插的是当时生成密钥的那支 UKEY。")
    ),
    "token.no_chain": Message(
        N_("证书链接不到根证书。"), N_("请核对根证书；UKEY 里缺少签发机构证书的，请重新写入证书链。")
    ),
    "token.no_chain:time": Message(
        N_("证书链接不到根证书：签发机构或根证书不在有效期内。"),
        N_("请校准本机时间；已到期的，请向签发机构索取新的证书链。"),
    ),
    "token.root_unvouched": Message(
        N_("根证书取自 UKEY 本身，未与可信来源核对。"), N_("请用 --root 给出从签发机构直接取得的根证书（root.pem）。")
    ),
    "token.not_a_root": Message(
        N_("给出的不是根证书：{subject}。"), N_("根证书由签发机构自己签发给自己，请向签发机构索取（root.pem）。")
    ),
    "token.no_crl": Message(N_("没有给出吊销列表。"), N_("请用 --crl 给出签发机构的吊销列表（crl.pem）。")),
    "token.no_root": Message(N_("UKEY 里没有根证书，也没有另外给出。"), N_("请用 --root 给出根证书文件。")),
    "token.certificate_not_valid": Message(
        N_("证书不在有效期内（{start} 至 {end}）。"), N_("请校准本机时间；已到期的，请办理更新。")
    ),
    "token.certificate_revoked": Message(N_("证书已于 {at} 被吊销。"), N_("这张证书不能再用；需要时请重新申请。")),
    "token.crl_foreign": Message(
        N_("给出的吊销列表不是签发这张证书的机构的，或者签名不对。"), N_("请向签发机构索取它的吊销列表（crl.pem）。")
    ),
    "token.crl_old": Message(N_("吊销列表已于 {until} 过期。"), N_("请向签发机构索取最新的吊销列表。")),
    "token.file_unreadable": Message(
        N_("给出的根证书或吊销列表不能识别。"), N_("请给出 PEM 或 DER 格式的文件，不要弄反两个选项。")
    ),
    "token.unproved": Message(
        N_("UKEY {serial} 里的证书没有通过签名验证。"), N_("请再做一次写入；仍不通过时请更换介质并办理补办。")
    ),
    "token.library_absent": Message(N_("找不到驱动文件 {library}。"), N_("请安装这种 UKEY 的驱动，或改正驱动的位置。")),
    "token.library_unknown": Message(N_("{library} 不是驱动程序库。"), N_("请重新安装驱动，或选择正确的文件。")),
    "token.library_machine": Message(
        N_("驱动 {library} 是给 {found} 用的，本程序需要 {needed} 的。"), N_("请向厂家或发放单位索取 {needed} 的驱动。")
    ),
    "token.library_refused": Message(
        N_("驱动 {library} 装不上：{detail}"), N_("请重新安装驱动；缺少别的文件时一并装上。")
    ),
    "token.library_failed": Message(
        N_("驱动 {library} 不能工作（{code}）。"), N_("请重新安装驱动；再次发生请把括号里的代码告诉维护人员。")
    ),
    # libraries that the office adds to the catalogue
    "library.not_absolute": Message(N_("“{path}”不是完整的路径。"), N_("请选择文件，或从盘符或根目录写起。")),
    "library.model_unknown": Message(N_("目录里没有“{model}”这种 UKEY。"), N_("请从列表中选择型号，没有的选“其他”。")),
    "library.registered": Message(
        N_("驱动 {path} 已经登记过。"), N_("请在列表里找到它；要换成新的文件，请先撤销原来的登记。")
    ),
    "library.changed": Message(
        N_("驱动 {path} 在登记以后被换过，没有使用它。"),
        N_("请查明是谁换的：确是升级的，请撤销后重新登记、确认；说不清的，请卸载它并报告安全审计员。"),
    ),
    "library.reason_missing": Message(N_("没有写明撤销原因。"), N_("请写明为什么不再使用这个驱动。")),
}
