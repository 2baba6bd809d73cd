"""Forms for the tests: one as most are, one as bad as they get."""

from datetime import date

from app.forms.annex4 import Annex4, Signature, SignStep, UserType

TODAY = date(2026, 9, 1)

TYPICAL = Annex4(
    unit_name="农安县合隆镇中心小学",
    name="王㛃",
    id_number="11010519491231002X",
    office_phone="0431-83220000",
    email="wangjun@example.com",
    mobile="13804310000",
    school_type="211",
    user_types=frozenset({UserType.INFORMATION, UserType.TRAINING}),
    wants_certificate=True,
    existing_account="22012203001",
    address="吉林省长春市农安县合隆镇育才路18号",
    remarks="原信息管理员于今年9月调离。",
)

SIGNED = {
    SignStep.APPLICANT: Signature("王㛃", date(2026, 9, 1)),
    SignStep.DEPARTMENT: Signature("李敏", date(2026, 9, 2), "同意。"),
    SignStep.OFFICE: Signature("张𬭊", date(2026, 9, 3), "经核对，申请人身份信息属实。"),
    SignStep.ACCEPTANCE: Signature("龚䶮", date(2026, 10, 14), "同意受理。"),
}

RARE = "𬭊㛃䶮𠁁𡃁𢡟𣎑𤣻𥊍𦈡𧒽𨭎𩾌𪚥"
"""Characters of Extension A and B and later, in the main font and in the fallback."""

EXTREME = Annex4(
    unit_name="吉林省延边朝鲜族自治州安图县二道白河镇长白山保护开发区池北区第一初级中学暨附属小学（原二道白河林业局子弟学校）𠁁校区",
    name="阿卜杜拉·买买提江·𬭊㛃䶮𪚥",
    id_number="11010519491231002X",
    office_phone="0433-5720000转80012",
    email="very.long.mailbox.name.for.testing.purposes@education.antu.jl.example.edu.cn",
    mobile="13804310000",
    school_type="312",
    user_types=frozenset(UserType),
    wants_certificate=True,
    existing_account="22242600000000012345678901234",
    address="吉林省延边朝鲜族自治州安图县二道白河镇池北区白山大街与天池路交汇处东北角1888号教育大厦B座1203室",
    remarks="因岗位调整，原管理员调离（见“附件”），现申请zhangsan@example.edu.cn新增一名——请予审批……。<b>&amp;" * 30,
)
