"""The demo's middle: an information administrator's 附件4, from entry to acceptance."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from app import bootstrap, durable
from app.demo.cast import COUNTY_SYSTEM, HOLDER, SCHOOL, SCHOOL_SECURITY, SCHOOL_SYSTEM, SIGNERS, Desk
from app.demo.world import Doer, Step, World, demand, refused
from app.forms import annex4_paper
from app.forms.annex4 import SIGN_LABELS, Annex4, Signature, SignStep, UserType
from app.forms.annex4_paper import PrintedForm
from app.models.applications import ApplicationState
from app.services import applications
from app.services.applications import ApplicationRow
from app.services.context import office_day
from app.words import N_, listing, tr

_MISTYPED = replace(HOLDER, office_phone="0431-83221243")
"""As it was entered first: two digits the wrong way round."""

_CLERK = SCHOOL_SYSTEM.holder
_CLERKS_OWN = replace(
    HOLDER,
    name=_CLERK.name,
    id_number=_CLERK.id_number,
    mobile=_CLERK.mobile,
    email=_CLERK.form.email,
    user_types=frozenset({UserType.INQUIRER}),
    wants_certificate=False,
    remarks="",
)
"""The 系统管理员 applies for an account of her own."""

_ON_PAPER = tuple(SignStep)[:3]
_SYSTEM = Doer.at(SCHOOL_SYSTEM)


def _row(world: World, form: Annex4 = HOLDER) -> ApplicationRow:
    row = world.application(form.name)
    assert row is not None
    return row


def _sign(world: World, form: Annex4, step: SignStep, signer: str) -> None:
    signature = Signature(signer, office_day(bootstrap.now()), "" if step is SignStep.APPLICANT else tr("同意"))
    row = _row(world, form)
    world.gate.do(world.actor(SCHOOL_SYSTEM), applications.sign, row.id, step, signature, row.revision_number)


def _sign_all(world: World, form: Annex4) -> None:
    """Print it, and record what signatures are still missing."""
    world.gate.do(world.actor(SCHOOL_SYSTEM), applications.mark_printed, _row(world, form).id)
    for step, signer in zip(_ON_PAPER, (form.name, *SIGNERS[1:3]), strict=True):
        if step not in world.opened(form.name).signatures:
            _sign(world, form, step, signer)


def _own_form(world: World) -> list[str]:
    """Somebody else would have to accept the clerk's own form; here it is withdrawn."""
    gate, clerk = world.gate, world.actor(SCHOOL_SYSTEM)
    if world.application(_CLERK.name) is None:
        gate.do(clerk, applications.enter, world.units()[SCHOOL].id, _CLERKS_OWN)
    if _row(world, _CLERKS_OWN).state is not ApplicationState.SUBMITTED:
        _sign_all(world, _CLERKS_OWN)
        gate.do(clerk, applications.submit, _row(world, _CLERKS_OWN).id)
    own, signature = _row(world, _CLERKS_OWN), Signature(_CLERK.name, office_day(bootstrap.now()))
    line = refused(tr("陈静受理自己的申请单"), "gate.own_affair", lambda: _accept_form(world, own, signature))
    gate.do(clerk, applications.withdraw, own.id, tr("改由其他人员办理"))
    return [line, tr("申请单已撤回")]


def _withdrawn(world: World) -> bool:
    row = world.application(_CLERK.name)
    return row is not None and row.state is ApplicationState.WITHDRAWN


def _enter(world: World) -> list[str]:
    gate, school = world.gate, world.units()[SCHOOL].id
    clerk, others, county = map(world.actor, (SCHOOL_SYSTEM, SCHOOL_SECURITY, COUNTY_SYSTEM))
    lines = [
        refused(
            tr("安全管理员录入"), "gate.wrong_post", lambda: gate.do(others, applications.enter, school, _MISTYPED)
        ),
        refused(
            tr("县级替学校录入"), "gate.out_of_scope", lambda: gate.do(county, applications.enter, school, _MISTYPED)
        ),
    ]
    without = replace(_MISTYPED, wants_certificate=False)
    lines.append(
        refused(tr("信息管理员不申请证书"), "form.refused", lambda: gate.do(clerk, applications.enter, school, without))
    )
    gate.do(clerk, applications.enter, school, _MISTYPED)
    return [*lines, tr("申请单 {number} 已录入", number=_row(world).number)]


def _sign_mistyped(world: World) -> list[str]:
    _sign_all(world, _MISTYPED)
    return [tr("打印后由 {names} 依次签署；随后发现办公电话写错", names=listing(SIGNERS[:3]))]


def _edit(world: World) -> list[str]:
    gate, clerk, form = world.gate, world.actor(SCHOOL_SYSTEM), _row(world)
    mistyped = gate.do(clerk, applications.work_on, form.id).form
    corrected = replace(mistyped, office_phone=HOLDER.office_phone)
    gate.do(clerk, applications.edit, form.id, corrected, form.revision_number)
    demand(not world.opened().signatures, tr("修改后原有签署全部作废"))
    return [tr("办公电话已更正，原有三项签署全部作废，须重新打印、签署")]


def _printed(world: World) -> bool:
    row = _row(world)
    if row.state is ApplicationState.DRAFT or not _paper(world, row).exists():
        return False
    return _paper(world, row).read_bytes() == _page(row, HOLDER)  # the same content gives the same bytes


def _print(world: World) -> list[str]:
    row, form = _row(world), HOLDER
    if row.state in _UNSIGNED:
        form = world.gate.do(world.actor(SCHOOL_SYSTEM), applications.mark_printed, row.id).form
    paper = _paper(world, row)
    paper.parent.mkdir(exist_ok=True)
    durable.write(paper, _page(row, form))
    return [tr("{file}（带编号和二维码）", file=f"forms/{paper.name}")]


def _page(row: ApplicationRow, form: Annex4) -> bytes:
    return annex4_paper.render([PrintedForm(row.number, form)])


def _paper(world: World, row: ApplicationRow) -> Path:
    return world.folder / "forms" / f"{row.number}.pdf"


def _signed(step: SignStep) -> Callable[[World], bool]:
    return lambda world: step in world.opened().signatures


def _sign_off(step: SignStep) -> Callable[[World], list[str]]:
    """One sign-off on paper, after every way to do it out of turn."""

    def act(world: World) -> list[str]:
        def attempt(wrong: SignStep) -> Callable[[], None]:
            return lambda: _sign(world, HOLDER, wrong, SIGNERS[wrong - 1])

        lines = [
            refused(tr("越过前一项签署"), "application.out_of_order", attempt(later))
            for later in _ON_PAPER
            if later > step
        ]
        lines += [
            refused(tr("重复签署"), "application.signed_already", attempt(earlier))
            for earlier in _ON_PAPER
            if earlier < step
        ]
        clerk, form = world.actor(SCHOOL_SYSTEM), _row(world).id
        early = tr("未签齐就提交")
        lines.append(refused(early, "application.not_signed", lambda: world.gate.do(clerk, applications.submit, form)))
        _sign(world, HOLDER, step, SIGNERS[step - 1])
        return [*lines, tr("{name} 已签署，由 {clerk} 登记", name=SIGNERS[step - 1], clerk=_CLERK.name)]

    return act


def _submit(world: World) -> list[str]:
    form, signature = _row(world), Signature(SIGNERS[3], office_day(bootstrap.now()))
    line = refused(tr("未提交就受理"), "gate.wrong_state", lambda: _accept_form(world, form, signature))
    world.gate.do(world.actor(SCHOOL_SYSTEM), applications.submit, form.id)
    return [line, tr("三项签署齐全，已交用户管理部门")]


def _accept(world: World) -> list[str]:
    form, signature = _row(world), Signature(SIGNERS[3], office_day(bootstrap.now()), tr("同意受理"))
    attempt = partial(_accept_form, world, form, signature)
    line = refused(tr("安全管理员受理"), "gate.wrong_post", lambda: attempt(SCHOOL_SECURITY))
    attempt()
    return [line, tr("第四项签署已登记，申请单已受理")]


def _accept_form(world: World, form: ApplicationRow, signature: Signature, desk: Desk = SCHOOL_SYSTEM) -> None:
    world.gate.do(world.actor(desk), applications.accept, form.id, signature, form.revision_number)


def _past(*states: ApplicationState) -> Callable[[World], bool]:
    return lambda world: _row(world).state not in states


def _sign_step(step: SignStep, department: str) -> Step:
    doer = Doer(SIGNERS[step - 1], department, SCHOOL)
    return Step(f"sign-{step.value}", SIGN_LABELS[step], doer, _signed(step), _sign_off(step))


_UNSIGNED = (ApplicationState.DRAFT, ApplicationState.PRINTED)

STEPS = (
    Step("own-form", N_("本人的申请单不能由本人受理"), _SYSTEM, _withdrawn, _own_form),
    Step("enter", N_("录入实名制申请单（附件4）"), _SYSTEM, lambda world: world.application() is not None, _enter),
    Step(
        "sign-mistyped",
        N_("打印并签署写错的申请单"),
        _SYSTEM,
        lambda world: _row(world).revision_number > 1 or len(world.opened().signatures) == len(_ON_PAPER),
        _sign_mistyped,
    ),
    Step("edit", N_("修改申请单，签署作废"), _SYSTEM, lambda world: _row(world).revision_number > 1, _edit),
    Step("print", N_("打印申请单"), _SYSTEM, _printed, _print),
    _sign_step(SignStep.APPLICANT, N_("申请人")),
    _sign_step(SignStep.DEPARTMENT, N_("申请人部门")),
    _sign_step(SignStep.OFFICE, N_("办公室")),
    Step("submit", N_("提交申请单"), _SYSTEM, _past(*_UNSIGNED), _submit),
    Step(
        "accept",
        SIGN_LABELS[SignStep.ACCEPTANCE],
        _SYSTEM,
        _past(*_UNSIGNED, ApplicationState.SUBMITTED),
        _accept,
    ),
)
