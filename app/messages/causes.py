"""What the operating system says of a file, in our words: one place for all messages that have a `{cause}`."""

import errno
import os

from app.words import N_, tr

_WORDS = {
    errno.ENOENT: N_("没有这个文件或文件夹"),
    errno.EACCES: N_("没有权限"),
    errno.EPERM: N_("没有权限"),
    errno.EROFS: N_("磁盘或文件夹是只读的"),
    errno.ENOSPC: N_("磁盘已满"),
    errno.EDQUOT: N_("磁盘配额已用完"),
    errno.EISDIR: N_("这是一个文件夹，不是文件"),
    errno.ENOTDIR: N_("路径中有一段不是文件夹"),
    errno.EEXIST: N_("已有同名的文件或文件夹"),
    errno.ENAMETOOLONG: N_("文件名太长"),
    errno.ELOOP: N_("路径中的链接绕成了圈"),
    errno.EBUSY: N_("正被另一个程序使用"),
    errno.EIO: N_("磁盘读写出错"),
    errno.EINVAL: N_("这里不能保存这样的文件"),
    errno.EFBIG: N_("文件太大"),
    errno.EMFILE: N_("同时打开的文件太多"),
}
_TOLD = {os.strerror(number): words for number, words in _WORDS.items()}


def in_words(cause: object) -> str:
    """An `OSError.strerror` for a person; one that is not known here stays as it is."""
    return tr(_TOLD[cause]) if cause in _TOLD else str(cause or tr("原因不明"))
