"""How the state of a certificate request is shown."""

from collections.abc import Mapping

from app.models.certificates import REQUEST_STATE_NAMES, RequestState, RequestStep
from app.services.request_list import RequestLine
from app.views.parts.notice import SIGNS
from app.words import N_, tr

_TONES: Mapping[RequestState, str] = {
    RequestState.CONFIRMED: "good",
    RequestState.RETURNED: "late",
    RequestState.REJECTED: "wrong",
}

STEP_NAMES: Mapping[RequestStep, str] = {
    RequestStep.FORWARD: N_("转报"),
    RequestStep.APPROVE: N_("省级审核通过"),
    RequestStep.RETURN: N_("退回"),
    RequestStep.REJECT: N_("不予办理"),
    RequestStep.REFILE: N_("重新上报"),
    RequestStep.ISSUE_CODE: N_("发放下载授权码"),
    RequestStep.GENERATE: N_("在 UKEY 中生成密钥"),
    RequestStep.ISSUE: N_("签发证书"),
    RequestStep.WRITE: N_("写入证书"),
    RequestStep.PROVE: N_("用签名验证"),
}


_WITH_UNIT = frozenset(
    {
        RequestState.PROVINCE_APPROVED,
        RequestState.CODE_ISSUED,
        RequestState.KEY_GENERATED,
        RequestState.ISSUED,
        RequestState.WRITTEN,
    }
)
"""Decided by the province: it is for the holder's own unit to go on."""
_OVER = frozenset({RequestState.CONFIRMED, RequestState.REJECTED})


def at_desk(line: RequestLine) -> str:
    """Which unit has to do the next thing; nobody when it is over."""
    if line.state in _OVER:
        return ""
    return line.unit_name if line.state in _WITH_UNIT else line.desk_name


def state_tone(state: RequestState) -> str:
    """`good`, `late`, `wrong`, or none while it is on its way."""
    return _TONES.get(state, "")


def state_text(state: RequestState) -> str:
    """Its name, with its sign."""
    tone = state_tone(state)
    return f"{SIGNS[tone] if tone else '●'} {tr(REQUEST_STATE_NAMES[state])}"
