"""Logging in: the vault, passwords, printed codes."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # vault
    "vault.absent": Message(
        N_("没有找到口令库文件“{file}”。"),
        N_("请看办公数据文件夹是否选对。如果文件夹里有“{file}.previous”，那是上一份副本；否则请从最近的备份恢复。"),
    ),
    "vault.damaged": Message(
        N_("口令库文件“{file}”已损坏，没有打开。"),
        N_(
            "请先把它另存一份，不要删除。如果文件夹里有“{file}.previous”，那是上一份副本，可用它代替；否则请从最近的备份恢复。"
        ),
    ),
    "vault.unreadable": Message(
        N_("读不出口令库文件“{file}”：{cause}。"), N_("请检查磁盘和这个文件的读取权限，然后重试。")
    ),
    "vault.newer": Message(N_("口令库文件“{file}”由更新版本的程序写成。"), N_("请先升级本程序，再打开这个办公库。")),
    "vault.not_saved": Message(
        N_("口令库文件“{file}”没有保存：{cause}。原来的文件完好。"), N_("请检查磁盘空间和写入权限，然后重试。")
    ),
    "vault.busy": Message(
        N_("口令库文件“{file}”正被另一个窗口或程序使用。"),
        N_("请等另一处登录完成后重试；如果没有别人在用，请重新启动程序。"),
    ),
    "vault.exists": Message(
        N_("这里已经有口令库文件“{file}”，没有覆盖。"), N_("请打开现有的办公库，或为新的办公库另选一个文件夹。")
    ),
    "vault.foreign": Message(
        N_("口令库里有一条记录不是本单位写入的（编号 {slot}）。"),
        N_("可能有人改动过文件。请不要继续操作，保留现场，报告安全审计员，并从可信的备份恢复。"),
    ),
    "vault.slot_gone": Message(
        N_("这个账号的口令记录已不在口令库里。"), N_("请刷新后重试；可能刚由另一个窗口重置或停用。")
    ),
    "vault.slot_complete": Message(N_("这个账号的激活码两半都已生成。"), N_("如需重新发放，请按附件3办理密码重置。")),
    # login
    "login.refused": Message(N_("账号或密码不正确。"), N_("请核对后重新输入；注意大小写和输入法状态。")),
    "login.wait": Message(
        N_("多次登录失败，需等待 {seconds} 秒后再试。"), N_("请稍候；忘记密码请按附件3申请密码重置。")
    ),
    "login.locked": Message(
        N_("登录失败次数过多，账号已锁定。"), N_("请填写附件3《管理类用户变更申请单》，勾选“账号解锁”，报上级办理。")
    ),
    "recovery.refused": Message(
        N_("恢复信上的代码不能打开这个办公库。"), N_("请确认是最新的一封恢复信；重新打印后旧信作废。")
    ),
    # printed codes
    "code.length": Message(
        N_("第 {half} 半代码应为 16 个字符，现在是 {length} 个。"), N_("请对照打印件，看有没有漏输或多输。")
    ),
    "code.character": Message(
        N_("第 {half} 半代码里有不会出现的字符。"),
        N_("代码只用数字和字母 A C E F H K M P R T W X Y，请对照打印件修改。"),
    ),
    "code.slip": Message(N_("第 {half} 半代码有输错的字符。"), N_("请对照打印件逐组核对；这次不计入失败次数。")),
    "code.swapped": Message(N_("第 {half} 半代码处填的是另一半。"), N_("请把两半代码对调后重试。")),
    # passwords
    "password.short": Message(N_("密码只有 {length} 个字符。"), N_("请至少用 {least} 个字符。")),
    "password.long": Message(N_("密码超过 {most} 个字符。"), N_("请改短一些。")),
    "password.unseen": Message(N_("密码里有看不见的控制字符。"), N_("请直接用键盘输入，不要从别处粘贴。")),
    "password.classes": Message(
        N_("密码的字符种类太少。"), N_("小写字母、大写字母、数字、其他符号，至少用其中 {least} 种。")
    ),
    "password.foreseen": Message(
        N_("密码太容易猜：多为重复、连续或键盘上相邻的字符。"),
        N_("请换成几个互不相关的词或字符，避免“1234”“qwer”“aaaa”这类写法。"),
    ),
    "password.about_person": Message(
        N_("密码里含有账号名或本人信息。"), N_("请不要使用账号、姓名、电话、证件号码或邮箱。")
    ),
    "password.used_before": Message(N_("这个密码最近用过。"), N_("请换一个最近没有用过的密码。")),
    "password.memory": Message(
        N_("内存不足，无法核对密码（需要 {mebibytes} MiB）。这次不计入失败次数。"), N_("请关闭一些程序后重试。")
    ),
}
