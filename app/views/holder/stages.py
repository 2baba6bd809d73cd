"""Where the download stands on the screen, and what leads from one stage to the next."""

from collections.abc import Mapping
from enum import Enum

from app.models.certificates import EnrolmentStep
from app.words import N_


class Stage(Enum):
    """The four steps that a holder sees."""

    KEY = N_("识别 UKEY")
    IDENTITY = N_("验证身份")
    WRITING = N_("写入证书")
    DONE = N_("完成")


class Event(Enum):
    """What happens to a download."""

    CHOSEN = "chosen"
    """A UKEY was chosen."""
    BACK = "back"
    """The holder wants to look at the UKEYs again."""
    BEGUN = "begun"
    """All was typed: the work begins."""
    REFUSED = "refused"
    """Something typed was wrong, or the work was stopped: it can go on with the same words, but for the secrets."""
    PULLED = "pulled"
    """The UKEY is gone."""
    PROVED = "proved"
    """The certificate is on the UKEY, and a signature has proved it."""


NEXT: Mapping[tuple[Stage, Event], Stage] = {
    (Stage.KEY, Event.CHOSEN): Stage.IDENTITY,
    (Stage.IDENTITY, Event.BACK): Stage.KEY,
    (Stage.IDENTITY, Event.PULLED): Stage.KEY,
    (Stage.IDENTITY, Event.BEGUN): Stage.WRITING,
    (Stage.WRITING, Event.REFUSED): Stage.IDENTITY,
    (Stage.WRITING, Event.PULLED): Stage.KEY,
    (Stage.WRITING, Event.PROVED): Stage.DONE,
}
"""What is not here cannot happen."""

PARTS: Mapping[EnrolmentStep, tuple[str, str]] = {
    EnrolmentStep.INTENDED: (N_("核对身份"), N_("手机号或邮箱与下载授权码相符")),
    EnrolmentStep.KEY: (N_("在 UKEY 中生成密钥"), N_("私钥在 UKEY 里生成，不会离开它")),
    EnrolmentStep.ISSUED: (N_("向签发机构提交申请"), N_("签发机构为这对密钥签发证书")),
    EnrolmentStep.WRITTEN: (N_("写入证书"), N_("证书和证书链写进 UKEY")),
    EnrolmentStep.PROVED: (N_("验证：用 UKEY 签名并核对"), N_("用写好的证书核对 UKEY 的签名")),
}
"""What the journal notes, as the holder reads it: a title, and what it means. In their order."""
