"""The window's demo besides the finished story: blank UKEYs, and an application at each desk on the way."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from app import bootstrap
from app.demo.cast import (
    APPLICANTS,
    CITY,
    CITY_SYSTEM,
    COUNTY,
    COUNTY_SYSTEM,
    PROVINCE,
    PROVINCE_SECURITY,
    SCHOOL_SECURITY,
    SCHOOL_SYSTEM,
    SIGNERS,
    Applicant,
    Desk,
    Stage,
)
from app.demo.world import Doer, Step, World
from app.forms.annex4 import Signature, SignStep
from app.models.applications import ApplicationState
from app.models.certificates import RequestState
from app.services import applications, business, certificates
from app.services.applications import ApplicationRow
from app.services.business import BusinessRow
from app.services.certificates import RequestRow
from app.services.context import office_day
from app.token import software
from app.words import N_, tr

T = TypeVar("T")

_ON_PAPER = tuple(SignStep)[:3]


def _clerk(who: Applicant) -> Desk:
    """The 系统管理员 of the applicant's own unit."""
    return COUNTY_SYSTEM if who.unit == COUNTY else SCHOOL_SYSTEM


def _there(row: T | None) -> T:
    """What the stage before has made."""
    assert row is not None
    return row


def _application(world: World, who: Applicant) -> ApplicationRow:
    return _there(world.application(who.name, _clerk(who)))


def _account(world: World, who: Applicant) -> BusinessRow:
    return _there(world.account(who.login))


def _request(world: World, who: Applicant) -> RequestRow:
    return _there(world.request(who.login))


def _stage(world: World, who: Applicant) -> Stage:
    """How far the office says it has come."""
    application = world.application(who.name, _clerk(who))
    if application is None:
        return Stage.NOTHING
    match application.state:
        case ApplicationState.DRAFT:
            return Stage.ENTERED
        case ApplicationState.PRINTED:
            signed = len(world.opened(who.name, _clerk(who)).signatures) == len(_ON_PAPER)
            return Stage.SIGNED if signed else Stage.ENTERED
        case ApplicationState.SUBMITTED:
            return Stage.SUBMITTED
        case ApplicationState.RETURNED:
            return Stage.RETURNED
        case ApplicationState.ACCEPTED:
            return Stage.CREATED if world.account(who.login) else Stage.ACCEPTED
        case ApplicationState.EXECUTED:
            return _certificate_stage(world, who)
    return Stage.PAST


def _certificate_stage(world: World, who: Applicant) -> Stage:
    request = world.request(who.login)
    if request is None:
        return Stage.GRANTED
    match request.state:
        case RequestState.REQUESTED | RequestState.FORWARDED:
            desks = {world.units()[name].id: stage for name, stage in _DESKS.items()}
            return desks[request.desk_id]
        case RequestState.PROVINCE_APPROVED:
            return Stage.APPROVED
        case RequestState.CODE_ISSUED:  # a code that a cut kept from the report is lost
            return Stage.CODE_ISSUED if who.login in world.report.practice["holders"] else Stage.APPROVED
    return Stage.PAST


_DESKS = {COUNTY: Stage.AT_COUNTY, CITY: Stage.AT_CITY, PROVINCE: Stage.AT_PROVINCE}


def _enter(world: World, who: Applicant) -> None:
    world.gate.do(world.actor(_clerk(who)), applications.enter, world.units()[who.unit].id, who.form)


def _sign(world: World, who: Applicant) -> None:
    """Print it, and record what signatures are still missing."""
    gate, clerk, today = world.gate, world.actor(_clerk(who)), office_day(bootstrap.now())
    printed = gate.do(clerk, applications.mark_printed, _application(world, who).id)
    for step, signer in zip(_ON_PAPER, (who.name, *SIGNERS[1:3]), strict=True):
        if step not in printed.signatures:
            signature = Signature(signer, today, "" if step is SignStep.APPLICANT else tr("同意"))
            gate.do(clerk, applications.sign, printed.row.id, step, signature, printed.row.revision_number)


def _submit(world: World, who: Applicant) -> None:
    world.gate.do(world.actor(_clerk(who)), applications.submit, _application(world, who).id)


def _return(world: World, who: Applicant) -> None:
    reason = tr("手机号码不是申请人本人的，请更正后重新打印、签署")
    world.gate.do(world.actor(_clerk(who)), applications.send_back, _application(world, who).id, reason)


def _accept(world: World, who: Applicant) -> None:
    application = _application(world, who)
    signature = Signature(SIGNERS[3], office_day(bootstrap.now()), tr("同意受理"))
    clerk, revision = world.actor(_clerk(who)), application.revision_number
    world.gate.do(clerk, applications.accept, application.id, signature, revision)


def _create(world: World, who: Applicant) -> None:
    world.gate.do(world.actor(SCHOOL_SYSTEM), business.create, _application(world, who).id, who.login)


def _grant(world: World, who: Applicant) -> None:
    world.gate.do(world.actor(SCHOOL_SECURITY), business.grant, _account(world, who).id)


def _file(world: World, who: Applicant) -> None:
    world.gate.do(world.actor(SCHOOL_SYSTEM), certificates.file, _account(world, who).id)


def _forward(desk: Desk) -> Callable[[World, Applicant], None]:
    return lambda world, who: world.gate.do(world.actor(desk), certificates.forward, _request(world, who).id)


def _approve(world: World, who: Applicant) -> None:
    world.gate.do(world.actor(PROVINCE_SECURITY), certificates.approve, _request(world, who).id)


def _issue_code(world: World, who: Applicant) -> None:
    request = _request(world, who)
    code = world.gate.do(world.actor(SCHOOL_SECURITY), certificates.issue_code, request.id)
    holder = {"name": who.name, "mobile": who.mobile, "number": request.number, "download_code": code}
    world.report.practice["holders"][who.login] = holder
    world.report.save()


_WAY: Mapping[Stage, Callable[[World, Applicant], None]] = {
    Stage.ENTERED: _enter,
    Stage.SIGNED: _sign,
    Stage.SUBMITTED: _submit,
    Stage.RETURNED: _return,
    Stage.ACCEPTED: _accept,
    Stage.CREATED: _create,
    Stage.GRANTED: _grant,
    Stage.AT_COUNTY: _file,
    Stage.AT_CITY: _forward(COUNTY_SYSTEM),
    Stage.AT_PROVINCE: _forward(CITY_SYSTEM),
    Stage.APPROVED: _approve,
    Stage.CODE_ISSUED: _issue_code,
}
"""What brings an application to each stage, from the one before."""


def _bring(world: World, who: Applicant) -> list[str]:
    """Take what is still missing of the way to the applicant's stage."""
    come = _stage(world, who)
    for stage, take in _WAY.items():
        if come < stage <= who.stage and (stage is who.stage or stage is not Stage.RETURNED):
            take(world, who)
    return [tr("申请单 {number}", number=_application(world, who).number)]


def _waiting(who: Applicant) -> Step:
    identity = f"practice-{who.login}"

    def done(world: World) -> bool:
        """Once it was there, it is theirs who practise: they may have taken it back as well as on."""
        return world.report.passed(identity) or _stage(world, who) >= who.stage

    doer = Doer.at(_LAST_HAND.get(who.stage, _clerk(who)))
    return Step(identity, _TITLES[who.stage], doer, done, lambda world: _bring(world, who), about=who.name)


_LAST_HAND = {
    Stage.GRANTED: SCHOOL_SECURITY,
    Stage.AT_CITY: COUNTY_SYSTEM,
    Stage.AT_PROVINCE: CITY_SYSTEM,
    Stage.APPROVED: PROVINCE_SECURITY,
    Stage.CODE_ISSUED: SCHOOL_SECURITY,
}
"""Who brought it there, where it was not the clerk of the own unit."""

_TITLES = {
    Stage.ENTERED: N_("练习：录入申请单，待打印"),
    Stage.SIGNED: N_("练习：打印并签署申请单，待提交"),
    Stage.SUBMITTED: N_("练习：提交申请单，待受理"),
    Stage.RETURNED: N_("练习：退回申请单，待更正"),
    Stage.ACCEPTED: N_("练习：受理申请单，待创建账号"),
    Stage.CREATED: N_("练习：创建账号，待授权"),
    Stage.GRANTED: N_("练习：授予角色，待申请证书"),
    Stage.AT_COUNTY: N_("练习：申请证书，待县级转报"),
    Stage.AT_CITY: N_("练习：县级转报，待市级转报"),
    Stage.AT_PROVINCE: N_("练习：市级转报，待省级审核"),
    Stage.APPROVED: N_("练习：省级审核通过，待发下载授权码"),
    Stage.CODE_ISSUED: N_("练习：发放下载授权码，待持证人下载"),
}


def _blanks_there(world: World) -> bool:
    blanks = world.report.practice["tokens"]
    return world.report.passed(_BLANKS) or all(token["serial"] and world.token(token["label"]) for token in blanks)


def _deliver_blanks(world: World) -> list[str]:
    blanks = world.report.practice["tokens"]
    for token in blanks:
        if world.token(token["label"]) is None:
            software.manufacture(world.folder, world.library, token["label"], token["so_pin"])
    world.tokens.close()  # so that it loads the library anew
    for token in blanks:
        token["serial"] = _there(world.token(token["label"])).serial
    return [tr("{label}，序列号 {serial}", label=token["label"], serial=token["serial"]) for token in blanks]


_BLANKS = "practice-ukeys"

STEPS = (
    Step(_BLANKS, N_("练习：出厂几支空白 UKEY（软件）"), Doer("", "", ""), _blanks_there, _deliver_blanks),
    *map(_waiting, APPLICANTS),
)
