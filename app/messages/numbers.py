"""Numbers and codes, as they are entered: persons, units, divisions."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # codes
    "id.length": Message(N_("身份证号不是 18 位。"), N_("请对照身份证核对，缺位或多位都不能通过。")),
    "id.characters": Message(N_("身份证号里有不该出现的字符。"), N_("前 17 位只能是数字，最后一位是数字或 X。")),
    "id.date": Message(N_("身份证号第 7 至 14 位不是有效的出生日期。"), N_("请对照身份证核对这八位数字。")),
    "id.check_digit": Message(
        N_("身份证号与最后一位校验码不符。"), N_("多半有一位输错或两位颠倒，请对照身份证逐位核对。")
    ),
    "credit_code.length": Message(N_("统一社会信用代码不是 18 位。"), N_("请对照法人证书核对。")),
    "credit_code.characters": Message(
        N_("统一社会信用代码里有不该出现的字符。"),
        N_("只用数字和大写字母，其中没有 I、O、S、V、Z；请看是否与 1、0、5、2 混淆。"),
    ),
    "credit_code.check_digit": Message(
        N_("统一社会信用代码与最后一位校验码不符。"), N_("多半有一位输错，请对照法人证书逐位核对。")
    ),
    "school_code.form": Message(N_("学校标识码不是 10 位数字。"), N_("请按教育统计中的学校（机构）标识码填写。")),
    "school_code.province": Message(
        N_("学校标识码第 3、4 位不是本省的代码。"), N_("请核对标识码，或确认这所学校是否属于本省。")
    ),
    "mobile.form": Message(N_("手机号码格式不对。"), N_("请填写 1 开头的 11 位手机号码。")),
    "phone.form": Message(N_("办公电话格式不对。"), N_("请按“区号-号码”填写，例如 0431-88904567，分机写在“-”之后。")),
    "email.form": Message(N_("电子邮箱格式不对。"), N_("请按“名称@域名”填写，例如 zhangsan@example.com。")),
    # divisions
    "divisions.unknown_province": Message(
        N_("没有代码为“{code}”的省份。"), N_("请用 GB/T 2260 的两位或六位省级代码，例如 22。")
    ),
}
