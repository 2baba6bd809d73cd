"""The forms."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # forms
    "form.required": Message(N_("这一项没有填写。"), N_("这一项为必填项，请补充。")),
    "form.too_long": Message(N_("填了 {length} 个字，最多 {limit} 个。"), N_("请精简；详细情况可另附材料。")),
    "form.unprintable": Message(
        N_("这些字符打印不出来：{characters}。"), N_("请删除，或改用规范汉字；姓名用字以居民身份证为准。")
    ),
    "form.school_type": Message(N_("没有这个办学类型。"), N_("请从办学类型表中选择。")),
    "form.school_needs_type": Message(N_("学校用户没有填写办学类型。"), N_("请从办学类型表中选择（备注第 2 条）。")),
    "form.needs_certificate": Message(
        N_("信息管理员必须申请数字证书。"), N_("请将“申请数字证书”改选为“是”（备注第 3 条）。")
    ),
    "form.no_file": Message(
        N_("没有说明打印哪个文件，或写到哪里。"), N_("请写 --json 和填好内容的 JSON 文件名，再写 --out 和 PDF 文件名。")
    ),
    "form.number": Message(
        N_("“{number}”不能用作申请单编号。"), N_("请只用数字、大写字母和 - . /，最多 32 位；也可不写，由程序编号。")
    ),
    "form.json": Message(N_("申请单里有写得不对的项目。"), N_("请按下面的说明改正，再试一次。")),
    "form.json:syntax": Message(
        N_("文件不是正确的 JSON：第 {line} 行第 {column} 个字符附近有误。"),
        N_("请检查那里的引号、逗号和括号，要用英文的；可用 form print --example 得到一份正确的。"),
    ),
    "form.json:kind": Message(
        N_("每份申请单应写在一对花括号里，逐项写明名称和内容。"), N_("请参照 form print --example 给出的样子改正。")
    ),
    "form.json:encoding": Message(N_("文件的文字编码认不出来。"), N_("请用记事本打开，另存为 UTF-8 编码。")),
    "form.none": Message(N_("文件里一份申请单也没有。"), N_("请至少写一份；要打印空白的，请写一对空的花括号。")),
    "form.breaks_rules": Message(
        N_("申请单有 {count} 处不合规则，没有打印。"), N_("请按下面的说明改正；要先打印出来看，请加 --draft。")
    ),
    "form.unknown_field": Message(
        N_("没有“{name}”这一项。"), N_("可以写的有：{keys}；或用英文名，见 form print --help。")
    ),
    "form.not_text": Message(N_("这一项应是一段文字。"), N_("请给它加上引号；号码也要写成文字，以免丢失数字。")),
    "form.not_user_types": Message(
        N_("教师系统用户类型应是一个列表，列出要勾选的类型。"),
        N_("可以列出：信息查询员、信息管理员、培训管理员、系统管理员。"),
    ),
    "form.not_yes_no": Message(N_("这一项应是“是”（true）或“否”（false）。"), N_("请改为其中之一；未定时可不写。")),
    "scan.unreadable": Message(
        N_("这个文件不是能读的 PDF 或图片。"), N_("请重新扫描，保存为 PDF、JPG 或 PNG 后再试。")
    ),
}
