"""The demo's way of a certificate request: account, roles, request, county, city, province, download code."""

from collections.abc import Callable

from app.demo.cast import (
    CITY_SECURITY,
    CITY_SYSTEM,
    COUNTY_SYSTEM,
    HOLDER,
    HOLDER_LOGIN,
    PROVINCE_SECURITY,
    PROVINCE_SYSTEM,
    SCHOOL_SECURITY,
    SCHOOL_SYSTEM,
    Desk,
)
from app.demo.world import Doer, Step, World, refused
from app.models.accounts import AccountState
from app.models.certificates import RequestState
from app.services import business, certificates
from app.services.certificates import RequestRow
from app.words import N_, listing, tr

_SYSTEM, _SECURITY = Doer.at(SCHOOL_SYSTEM), Doer.at(SCHOOL_SECURITY)
_ORDER = list(RequestState)


def the_request(world: World) -> RequestRow:
    """The holder's certificate request."""
    filed = world.request()
    assert filed is not None
    return filed


def reached(state: RequestState) -> Callable[[World], bool]:
    """Whether the request has come that far."""
    return lambda world: _ORDER.index(the_request(world).state) >= _ORDER.index(state)


def _account(world: World) -> int:
    account = world.account()
    assert account is not None
    return account.id


def _create(world: World) -> list[str]:
    application = world.application()
    assert application is not None
    gate, form = world.gate, application.id
    system, security = world.actor(SCHOOL_SYSTEM), world.actor(SCHOOL_SECURITY)
    what = tr("安全管理员创建账号")
    line = refused(what, "gate.wrong_post", lambda: gate.do(security, business.create, form, HOLDER_LOGIN))
    gate.do(system, business.create, form, HOLDER_LOGIN)
    return [line, tr("账号 {login} 已建立，尚无任何角色", login=HOLDER_LOGIN)]


def _granted(world: World) -> bool:
    account = world.account()
    return account is not None and account.state is AccountState.ACTIVE


def _grant(world: World) -> list[str]:
    gate, account = world.gate, _account(world)
    system, security = world.actor(SCHOOL_SYSTEM), world.actor(SCHOOL_SECURITY)
    lines = [
        refused(tr("系统管理员授权"), "gate.wrong_post", lambda: gate.do(system, business.grant, account)),
        refused(tr("未授权就申请证书"), "gate.wrong_state", lambda: gate.do(system, certificates.file, account)),
    ]
    gate.do(security, business.grant, account)
    return [*lines, tr("按申请单授予角色：{roles}", roles=listing(map(tr, sorted(HOLDER.user_types))))]


def _file(world: World) -> list[str]:
    gate, account = world.gate, _account(world)
    security = world.actor(SCHOOL_SECURITY)
    what = tr("安全管理员申请证书")
    line = refused(what, "gate.wrong_post", lambda: gate.do(security, certificates.file, account))
    gate.do(world.actor(SCHOOL_SYSTEM), certificates.file, account)
    return [line, tr("证书申请 {number} 已报送县级", number=the_request(world).number)]


def _left(*desks: Desk) -> Callable[[World], bool]:
    return lambda world: the_request(world).desk_id not in {world.units()[desk.holder.unit].id for desk in desks}


def _forward_from_county(world: World) -> list[str]:
    gate, filed = world.gate, the_request(world).id
    city = world.actor(CITY_SYSTEM)
    what = tr("县级未转报，市级先转报")
    line = refused(what, "gate.out_of_scope", lambda: gate.do(city, certificates.forward, filed))
    gate.do(world.actor(COUNTY_SYSTEM), certificates.forward, filed)
    return [line, tr("已转报市级")]


def _forward_from_city(world: World) -> list[str]:
    gate, filed = world.gate, the_request(world).id
    security = world.actor(PROVINCE_SECURITY)
    what = tr("市级未转报，省级先审核")
    line = refused(what, "gate.wrong_state", lambda: gate.do(security, certificates.approve, filed, ""))
    gate.do(world.actor(CITY_SYSTEM), certificates.forward, filed)
    return [line, tr("已转报省级")]


def _approve(world: World) -> list[str]:
    gate, filed = world.gate, the_request(world).id

    def attempt(desk: Desk) -> Callable[[], object]:
        return lambda: gate.do(world.actor(desk), certificates.approve, filed, "")

    def code_too_soon() -> str:
        return gate.do(world.actor(SCHOOL_SECURITY), certificates.issue_code, filed)

    lines = [
        refused(tr("省级未审核就发授权码"), "gate.wrong_state", code_too_soon),
        refused(tr("省级系统管理员审核"), "gate.wrong_post", attempt(PROVINCE_SYSTEM)),
        refused(tr("市级安全管理员审核"), "gate.out_of_scope", attempt(CITY_SECURITY)),
    ]
    attempt(PROVINCE_SECURITY)()
    return [*lines, tr("省级审核通过")]


def _code_kept(world: World) -> bool:
    """A code that a cut kept from the report is lost: nobody can have used it, so another one is issued."""
    known = bool(world.report.content["holder"]["download_code"])
    return reached(RequestState.KEY_GENERATED)(world) or (known and reached(RequestState.CODE_ISSUED)(world))


def _issue_code(world: World) -> list[str]:
    gate, filed = world.gate, the_request(world).id
    system, what = world.actor(SCHOOL_SYSTEM), tr("系统管理员发授权码")
    line = refused(what, "gate.wrong_post", lambda: gate.do(system, certificates.issue_code, filed))
    new_code(world)
    return [line, tr("下载授权码已交给持证人：一次有效，七天过期，办公库里只有它的散列值")]


def new_code(world: World) -> None:
    """Have a download code issued; the one before ends."""
    code = world.gate.do(world.actor(SCHOOL_SECURITY), certificates.issue_code, the_request(world).id)
    world.report.content["holder"]["download_code"] = code
    world.report.save()


_COUNTY, _CITY = Doer.at(COUNTY_SYSTEM), Doer.at(CITY_SYSTEM)
_AUDIT = Doer.at(PROVINCE_SECURITY)

STEPS = (
    Step("create", N_("创建业务类账号"), _SYSTEM, lambda world: world.account() is not None, _create),
    Step("grant", N_("授予角色"), _SECURITY, _granted, _grant),
    Step("file", N_("申请证书"), _SYSTEM, lambda world: world.request() is not None, _file),
    Step("forward-county", N_("县级转报"), _COUNTY, _left(COUNTY_SYSTEM), _forward_from_county),
    Step("forward-city", N_("市级转报"), _CITY, _left(COUNTY_SYSTEM, CITY_SYSTEM), _forward_from_city),
    Step("approve", N_("省级审核证书申请"), _AUDIT, reached(RequestState.PROVINCE_APPROVED), _approve),
    Step("code", N_("发放下载授权码"), _SECURITY, _code_kept, _issue_code),
)
