"""附件2 on the screen: its fields in the source's order, for the taking in and for the founding."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from app.policy import POST_NAMES, Post
from app.services.management_forms import Annex2
from app.views.parts.fields import FieldRow, LineControl, TextControl, TicksControl
from app.words import N_, tr

_LABELS: Mapping[str, str] = {
    "unit_name": N_("申请人单位名称"),
    "name": N_("姓名"),
    "id_number": N_("身份证号"),
    "office_phone": N_("办公电话"),
    "mobile": N_("手机号码"),
    "email": N_("电子邮箱"),
    "posts": N_("管理类用户岗位"),
    "address": N_("单位详细地址"),
    "reviewed_by": N_("审核人"),
    "reviewed_on": N_("审核日期"),
    "remarks": N_("其他补充说明"),
}


def rows(today: date) -> dict[str, FieldRow]:
    """A FieldRow for each field, in order."""
    said = {key: tr(text) for key, text in _LABELS.items()}
    made = {key: FieldRow(text, LineControl(), required=True) for key, text in said.items()}
    posts: dict[object, str] = {post: tr(name) for post, name in POST_NAMES.items()}
    hint = tr("系统管理员、安全管理员可由一人兼任；安全审计员须另外一人。")
    made["posts"] = FieldRow(said["posts"], TicksControl(posts), required=True, hint=hint)
    made["reviewed_on"] = FieldRow(said["reviewed_on"], LineControl(placeholder=today.isoformat()), required=True)
    made["remarks"] = FieldRow(said["remarks"], TextControl())
    made["reviewed_on"].set_value(today.isoformat())
    return made


def read(fields: Mapping[str, FieldRow]) -> Annex2:
    """What is entered."""
    values = {key: field.value() for key, field in fields.items() if key in _LABELS}
    ticked = cast("frozenset[Post]", values.pop("posts"))
    texts = {key: str(value) for key, value in values.items()}
    return Annex2(posts=tuple(post for post in Post if post in ticked), **texts)
