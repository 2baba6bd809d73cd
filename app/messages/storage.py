"""The office's database and its log."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    "database.absent": Message(N_("没有找到数据库文件 {path}。"), N_("请核对文件夹；文件丢失的，请从最近的备份恢复。")),
    "database.in_use": Message(N_("数据库 {path} 正由另一个程序打开。"), N_("请先关闭那个程序，再试一次。")),
    "database.damaged": Message(
        N_("数据库 {path} 已损坏，或者不是用这个密钥加密的。"), N_("请不要继续使用，保留原文件，从最近的完好备份恢复。")
    ),
    "database.newer": Message(N_("数据库 {path} 由更新版本的程序写成。"), N_("请先升级本程序，再打开。")),
    "database.triggers": Message(
        N_("数据库里保护日志的触发器不全，缺少：{missing}。"),
        N_("可能有人绕过程序改动过数据库。请报告安全审计员，并从可信的备份恢复。"),
    ),
    "database.full": Message(
        N_("写不进数据库 {path}：磁盘已满或无法写入。"), N_("请清理磁盘后重试；刚才的操作没有保存。")
    ),
    "database.busy": Message(N_("数据库 {path} 正忙。"), N_("请稍后重试；刚才的操作没有保存。")),
    "database.unreachable": Message(N_("连不上数据库 {path}。"), N_("请检查网络和数据库服务，再重试。")),
    "record.changed": Message(N_("别人刚刚改过同一条记录。"), N_("请刷新后再改；刚才的操作没有保存。")),
    "record.clash": Message(N_("同样的记录刚刚已由别人写入。"), N_("请刷新后查看；刚才的操作没有保存。")),
    "office.exists": Message(
        N_("文件夹 {folder} 里已经有办公库，没有改动它。"), N_("请打开现有的办公库，或另选一个空文件夹。")
    ),
    # files
    "file.not_written": Message(
        N_("写不了 {path}：{cause}。"), N_("请核对文件夹、权限和磁盘空间；原有的文件没有改动。")
    ),
    "file.not_a_folder": Message(
        N_("{path} 不能用作文件夹：这个位置上有一个文件。"), N_("请另写一个文件夹的名字；原有的文件没有改动。")
    ),
    "file.not_read": Message(N_("读不了 {path}：{cause}。"), N_("请核对文件名和权限。")),
    "office.remains": Message(
        N_("文件夹 {folder} 里有一个不完整的办公库，没有改动它。"),
        N_("只缺 office.vault 的，请把 office.vault.previous 复制过去；否则请从备份恢复。要新建，请另选空文件夹。"),
    ),
    "draft.not_kept": Message(
        N_("正在填写的内容没能自动保存：{cause}。"), N_("请先保存申请单，再检查磁盘空间和权限；已保存的内容没有变。")
    ),
    # log
    "log.not_a_log": Message(N_("{path} 不是本程序导出的日志。"), N_("请选择由“导出日志”得到的 .jsonl 文件。")),
    "log.unreadable": Message(N_("读不了 {path}：{cause}。"), N_("请核对文件名和权限。")),
    "log.gap": Message(
        N_("日志的编号不连续：这里少了或多了记录。"), N_("请保留现场，报告安全审计员，并与此前打印、导出的日志核对。")
    ),
    "log.changed": Message(N_("这条日志被改动过。"), N_("请保留现场，报告安全审计员，并与此前导出的日志核对。")),
    "log.columns": Message(N_("这条日志用于查询的列与正文不符。"), N_("正文没有变，列被改过。请报告安全审计员。")),
    "log.other_signer": Message(
        N_("签名的密钥不是您指定的那一个。"), N_("请向导出日志的单位当面核对密钥指纹；对不上的，不要采信这份日志。")
    ),
    "log.cut": Message(
        N_("日志的末尾被删去了：口令库里记着更晚的记录。"),
        N_("如果刚从备份恢复过，属于正常；否则请保留现场，报告安全审计员。"),
    ),
    "log.rewritten": Message(
        N_("这条日志与口令库里记下的不是同一条：整个日志被重写过。"),
        N_("请保留现场，报告安全审计员，并与此前导出的日志核对。"),
    ),
    "log.signature": Message(
        N_("签名核对不上。"), N_("请核对日志是否属于这个单位；确认无误的，按被改动处理，报告安全审计员。")
    ),
    "log.row_added": Message(
        N_("这条记录在日志里没有来历。"), N_("它是绕过程序加进来的。请保留现场，报告安全审计员。")
    ),
    "log.row_changed": Message(
        N_("这条记录与日志最后记下的内容不符。"), N_("它被绕过程序改动过。请保留现场，报告安全审计员。")
    ),
    "log.row_removed": Message(
        N_("日志里有这条记录，数据库里却没有。"), N_("它被绕过程序删除。请保留现场，报告安全审计员，并从备份找回。")
    ),
}
