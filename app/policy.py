"""Who may do what: posts, permissions, scopes, separation of duties. Data and pure functions (§二.2, §三, §五).

`docs/permissions.md` is printed from `TABLE`, and the gate in `services/operations.py` obeys it.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.words import N_, tr


class Post(StrEnum):
    """The three posts of management users (管理类用户岗位, §二.2)."""

    SYSTEM = "system"
    """系统管理员: creates."""
    SECURITY = "security"
    """安全管理员: authorises."""
    AUDITOR = "auditor"
    """安全审计员: audits the other two."""


POST_NAMES: Mapping[Post, str] = {
    Post.SYSTEM: N_("系统管理员"),
    Post.SECURITY: N_("安全管理员"),
    Post.AUDITOR: N_("安全审计员"),
}


class Scope(StrEnum):
    """Whose records a permission reaches, seen from the actor's own unit (A4)."""

    OWN = "own"
    """The own unit."""
    NEXT = "next"
    """The units that report to the own unit directly."""
    SUBTREE = "subtree"
    """The own unit and all that report to it, at any depth."""
    PROVINCE = "province"
    """Everything, but only for people of the province's own office."""


SCOPE_NAMES: Mapping[Scope, str] = {
    Scope.OWN: N_("本单位"),
    Scope.NEXT: N_("直接下级单位"),
    Scope.SUBTREE: N_("本单位及全部下级"),
    Scope.PROVINCE: N_("全省（仅省级人员）"),
}


class Permission(StrEnum):
    """What a post allows. An operation names exactly one."""

    SIGN_IN = "sign-in"
    READ_UNITS = "read-units"
    EDIT_UNITS = "edit-units"
    READ_NEXT_LEVEL = "read-next-level"
    TAKE_IN_MANAGEMENT_FORM = "take-in-management-form"
    REVIEW_MANAGEMENT_FORM = "review-management-form"
    CREATE_MANAGEMENT_ACCOUNT = "create-management-account"
    AUTHORISE_MANAGEMENT_ACCOUNT = "authorise-management-account"
    READ_PEOPLE = "read-people"
    READ_APPLICATIONS = "read-applications"
    ENTER_APPLICATION = "enter-application"
    ACCEPT_APPLICATION = "accept-application"
    CREATE_BUSINESS_ACCOUNT = "create-business-account"
    GRANT_BUSINESS_ROLES = "grant-business-roles"
    READ_CERTIFICATES = "read-certificates"
    FILE_CERTIFICATE_REQUEST = "file-certificate-request"
    FORWARD_CERTIFICATE_REQUEST = "forward-certificate-request"
    AUDIT_CERTIFICATE_REQUEST = "audit-certificate-request"
    ISSUE_DOWNLOAD_CODE = "issue-download-code"
    OPEN_HOLDER_SCREEN = "open-holder-screen"
    REVEAL_PERSONAL_DATA = "reveal-personal-data"
    MAINTAIN_UKEY_CATALOGUE = "maintain-ukey-catalogue"
    EDIT_UKEY_CATALOGUE = "edit-ukey-catalogue"
    CONFIRM_UKEY_CATALOGUE = "confirm-ukey-catalogue"
    READ_LOG = "read-log"


@dataclass(frozen=True)
class Duty:
    """One row of “who does what”: a permission, its words, the posts that have it, and how far it reaches."""

    permission: Permission
    label: str
    posts: frozenset[Post]
    scope: Scope


_SYSTEM, _SECURITY, _AUDITOR = (frozenset({post}) for post in Post)
_ADMINISTRATORS = _SYSTEM | _SECURITY
_ALL = frozenset(Post)

TABLE: tuple[Duty, ...] = (
    Duty(Permission.SIGN_IN, N_("登录、修改自己的密码"), _ALL, Scope.OWN),
    Duty(Permission.READ_UNITS, N_("查看组织机构"), _ALL, Scope.SUBTREE),
    Duty(Permission.EDIT_UNITS, N_("维护下级单位：导入、新增、更名、调整、合并、停用"), _SYSTEM, Scope.SUBTREE),
    Duty(Permission.READ_NEXT_LEVEL, N_("查看下级的管理类用户申请单和账号"), _ADMINISTRATORS, Scope.NEXT),
    Duty(Permission.TAKE_IN_MANAGEMENT_FORM, N_("接收并核对下级的管理类用户申请单（附件2）"), _SYSTEM, Scope.NEXT),
    Duty(Permission.REVIEW_MANAGEMENT_FORM, N_("复核同一份申请单（附件2）"), _SECURITY, Scope.NEXT),
    Duty(Permission.CREATE_MANAGEMENT_ACCOUNT, N_("按申请单创建下级管理类账号，打印激活码前半"), _SYSTEM, Scope.NEXT),
    Duty(
        Permission.AUTHORISE_MANAGEMENT_ACCOUNT,
        N_("按申请单为下级管理类账号授权，打印激活码后半"),
        _SECURITY,
        Scope.NEXT,
    ),
    Duty(Permission.READ_PEOPLE, N_("查看本单位及全部下级的用户（个人信息遮盖）"), _ALL, Scope.SUBTREE),
    Duty(Permission.READ_APPLICATIONS, N_("查看本单位的申请单和用户"), _ALL, Scope.OWN),
    Duty(
        Permission.ENTER_APPLICATION, N_("录入、打印、提交本单位的实名制申请单（附件4），登记签署"), _SYSTEM, Scope.OWN
    ),
    Duty(Permission.ACCEPT_APPLICATION, N_("受理或退回本单位的实名制申请单（附件4）"), _SYSTEM, Scope.OWN),
    Duty(Permission.CREATE_BUSINESS_ACCOUNT, N_("创建或转化本单位的业务类账号"), _SYSTEM, Scope.OWN),
    Duty(Permission.GRANT_BUSINESS_ROLES, N_("为本单位业务类账号授予子系统和角色"), _SECURITY, Scope.OWN),
    Duty(Permission.READ_CERTIFICATES, N_("查看本单位及下级的证书申请"), _ALL, Scope.SUBTREE),
    Duty(Permission.FILE_CERTIFICATE_REQUEST, N_("为本单位业务类用户申请证书"), _SYSTEM, Scope.OWN),
    Duty(Permission.FORWARD_CERTIFICATE_REQUEST, N_("转报下级的证书申请"), _SYSTEM, Scope.OWN),
    Duty(Permission.AUDIT_CERTIFICATE_REQUEST, N_("省级审核证书申请"), _SECURITY, Scope.PROVINCE),
    Duty(Permission.ISSUE_DOWNLOAD_CODE, N_("为本单位持证人发放下载授权码"), _SECURITY, Scope.OWN),
    Duty(Permission.OPEN_HOLDER_SCREEN, N_("为本单位持证人打开证书下载界面"), _SYSTEM, Scope.OWN),
    Duty(Permission.REVEAL_PERSONAL_DATA, N_("查看完整的个人信息（须写明原因）"), _ADMINISTRATORS, Scope.OWN),
    Duty(Permission.MAINTAIN_UKEY_CATALOGUE, N_("查看、撤销办公库登记的 UKEY 驱动"), _ADMINISTRATORS, Scope.OWN),
    Duty(Permission.EDIT_UKEY_CATALOGUE, N_("登记 UKEY 驱动"), _SYSTEM, Scope.OWN),
    Duty(Permission.CONFIRM_UKEY_CATALOGUE, N_("确认 UKEY 驱动"), _SECURITY, Scope.OWN),
    Duty(Permission.READ_LOG, N_("查看、核验、导出日志"), _AUDITOR, Scope.OWN),
)

DUTIES: Mapping[Permission, Duty] = {duty.permission: duty for duty in TABLE}


def allows(post: Post, permission: Permission) -> bool:
    """Whether the post has the permission at all; scope and “never for oneself” are the gate's."""
    return post in DUTIES[permission].posts


def posts_fault(posts: Collection[Post]) -> str | None:
    """Why these ticks of 附件2 cannot stand together, as a reason, or None (系统, 安全, both, or 审计 alone; B2)."""
    if not posts:
        return "posts.none"
    if Post.AUDITOR in posts and len(set(posts)) > 1:
        return "posts.auditor_alone"
    return None


def missing_posts(holders: Mapping[Post, Collection[Hashable]]) -> tuple[str, ...]:
    """What a unit lacks before it is ready (B1): reasons, none when ready. `holders`: post → the persons.

    The auditor is a person of their own, so that a ready unit has at least two people (§三).
    """
    faults = [f"posts.missing_{post.value}" for post in Post if not holders.get(post)]
    administrators = {*holders.get(Post.SYSTEM, ()), *holders.get(Post.SECURITY, ())}
    if administrators & set(holders.get(Post.AUDITOR, ())):
        faults.append("posts.auditor_is_administrator")
    return tuple(faults)


def permissions_markdown() -> str:
    """`TABLE` as the page `docs/permissions.md`."""
    posts = list(Post)
    head = [tr("操作"), *(tr(POST_NAMES[post]) for post in posts), tr("范围")]
    lines = [
        "# " + tr("谁可以做什么"),
        "",
        tr("本页由 `make permissions` 从 `app/policy.py` 生成。任何人都不能为自己办理（按人，不按账号）。"),
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for duty in TABLE:
        marks = ["✓" if post in duty.posts else "–" for post in posts]
        lines.append("| " + " | ".join([tr(duty.label), *marks, tr(SCOPE_NAMES[duty.scope])]) + " |")
    return "\n".join(lines) + "\n"
