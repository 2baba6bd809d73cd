"""What the office's rules refuse: the gate, posts, the organisation, accounts, forms, the founding."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # login
    "login.activate_first": Message(N_("这个账号还没有启用。"), N_("请用密码信封里的激活码完成首次登录，并设置密码。")),
    "login.password_old": Message(N_("密码已超过更换期限。"), N_("请先修改密码，再登录。")),
    "password.refused": Message(N_("这个密码不符合要求，没有保存。"), N_("请按下面的说明换一个密码。")),
    # gate
    "gate.wrong_post": Message(
        N_("您登录的岗位没有这项权限。"), N_("请由有权限的岗位办理；谁能办什么，见 docs/permissions.md。")
    ),
    "gate.post_ended": Message(
        N_("您的这个岗位已经结束。"), N_("请退出后重新登录；如有疑问，请联系上级用户管理部门。")
    ),
    "gate.out_of_scope": Message(
        N_("这不在您单位的管理范围内，或者不存在。"), N_("请核对单位；应由哪个单位办理，见申请单上的单位名称。")
    ),
    "gate.own_affair": Message(
        N_("不能为自己办理。"), N_("请由同岗位的其他人或上级办理；换用本人的另一个账号也不行。")
    ),
    "gate.wrong_state": Message(
        N_("它现在的状态不能做这一步。"), N_("请刷新后查看当前状态；可能别人刚刚办过，或前一步还没有办。")
    ),
    # posts
    "posts.none": Message(N_("没有勾选岗位。"), N_("请至少勾选一个管理类用户岗位。")),
    "posts.auditor_alone": Message(
        N_("安全审计员不能兼任其他岗位。"), N_("请只勾选安全审计员，或只勾选另外两个岗位。")
    ),
    "posts.auditor_is_administrator": Message(
        N_("同一个人不能既是安全审计员，又是系统管理员或安全管理员。"),
        N_("请另外指定一人担任安全审计员；按人认定，换账号也不行。"),
    ),
    "posts.auditor_is_business_user": Message(
        N_("安全审计员不能同时是本单位的业务类用户。"), N_("请由另一人担任安全审计员，或由另一人办理业务；按人认定。")
    ),
    "posts.missing_system": Message(N_("还没有系统管理员。"), N_("请指定一人，可以由安全管理员兼任。")),
    "posts.missing_security": Message(N_("还没有安全管理员。"), N_("请指定一人，可以由系统管理员兼任。")),
    "posts.missing_auditor": Message(N_("还没有安全审计员。"), N_("请单独指定一人。")),
    "founding.refused": Message(N_("建库资料不符合要求，没有建库。"), N_("请按下面的说明逐项改正，再重新建库。")),
    # organisation
    "org.name_missing": Message(N_("没有填写单位名称。"), N_("请填写与公章一致的全称。")),
    "org.reason_missing": Message(N_("没有写明原因。"), N_("请写明依据，例如文件名称和文号。")),
    "org.wrong_superior": Message(
        N_("“{superior}”不能做这个单位的上级。"), N_("请核对单位类型；也不能把单位移到它自己的下级。")
    ),
    "org.wrong_successor": Message(N_("“{successor}”不能接续这个单位。"), N_("请选择同类型、未停用的另一个单位。")),
    "org.code_taken": Message(
        N_("学校标识码 {code} 已属于另一所学校。"), N_("请核对标识码；如果是同一所学校，请直接修改原有单位。")
    ),
    "org.school_retired": Message(
        N_("学校标识码 {code} 属于已停用的“{school}”。"),
        N_("停用的学校不能再导入；请核对标识码，或填写接续学校的标识码。"),
    ),
    "org.other_county": Message(
        N_("标识码为 {code} 的“{school}”现在不属于“{county}”。"),
        N_("请核对名单里的县（市、区）和标识码；学校确已划转的，请先在组织机构里办理调整。"),
    ),
    "org.division_missing": Message(N_("本省没有填写行政区划代码。"), N_("请先填写省级区划代码，再载入市县。")),
    "org.still_needed": Message(N_("“{unit}”还在使用，不能停用或合并。"), N_("请先把它的下级单位移到别的上级。")),
    "org.out_of_reach": Message(N_("选中的单位不在您的管理范围内。"), N_("请在本单位及下级单位中选择。")),
    # persons and accounts
    "person.other_name": Message(
        N_("这个身份证号已登记在另一个姓名下。"), N_("请对照身份证核对号码和姓名；如果本人改过名，请先办理身份更正。")
    ),
    "people.reason_missing": Message(N_("没有写明查看原因。"), N_("请写明为什么需要查看完整信息，原因会记入日志。")),
    "account.login_blank": Message(N_("登录名是空的，或前后有空格。"), N_("请填写登录名，前后不要留空格。")),
    "account.login_taken": Message(N_("这个登录名已被使用。"), N_("请换一个登录名。")),
    "account.continues_another": Message(
        N_("申请单上写明沿用原有账号“{login}”。"), N_("请用这个账号办理实名制转化；如果账号写错了，请退回申请单修改。")
    ),
    # forms
    "form.refused": Message(N_("申请单有不符合要求的内容，没有保存。"), N_("请按下面的说明逐项改正。")),
    "form.other_unit": Message(
        N_("申请单上的单位名称与“{unit}”不一致。"), N_("请核对申请单；单位名称须与登记的全称一字不差。")
    ),
    "application.gone": Message(N_("找不到这张申请单。"), N_("请刷新列表；它可能不属于本单位。")),
    "application.changed_meanwhile": Message(
        N_("您打开以后，{name}修改过这张申请单，刚才的操作没有保存。"),
        N_("请重新打开，看清现在的内容；已打印的旧纸面作废，须重新打印、签署。"),
    ),
    "application.not_signed": Message(
        N_("还缺第 {step} 项签署，不能提交。"), N_("请依次登记：1 申请人确认、2 申请人部门意见、3 办公室意见。")
    ),
    "application.acceptance_is_own_step": Message(
        N_("用户管理部门受理意见不在这里登记。"), N_("请在提交以后，由系统管理员办理“受理”。")
    ),
    "application.signed_already": Message(
        N_("第 {step} 项已经签署过。"), N_("每项只签一次；需要改动时，请修改申请单后从头签署。")
    ),
    "application.out_of_order": Message(
        N_("还没轮到第 {step} 项签署，现在应签第 {due} 项。"), N_("请按纸面顺序登记四项签署。")
    ),
    "application.signed_before_previous": Message(N_("签署日期早于前一项的日期。"), N_("请对照纸质申请单核对日期。")),
    "application.signed_in_future": Message(N_("签署日期晚于今天。"), N_("请对照纸质申请单核对日期，并检查电脑时间。")),
    "application.signer_missing": Message(N_("没有填写签署人姓名。"), N_("请填写纸面上签字人的姓名。")),
    "application.wrong_signer": Message(
        N_("第 {step} 项签署的人不对。"), N_("第 1 项须由申请人本人签字，其余各项不能由申请人自己签署。")
    ),
    "application.signer_twice": Message(
        N_("“{signer}”已经签署过前面的一项。"),
        N_("四项须由不同的人签署；确是同名的两个人，请在姓名后注明以便区分，例如“张三（办公室）”。"),
    ),
    "application.reason_missing": Message(N_("没有写明原因。"), N_("请写明原因，申请人会看到。")),
}
