"""The demo's first steps: the office, its organisation, and the administrators of all four levels."""

from dataclasses import replace

from app import bootstrap
from app.demo import data
from app.demo.cast import (
    ABOVE,
    ADDRESSES,
    ADMINISTRATORS,
    CITY,
    COUNTY,
    PROVINCE,
    PROVINCE_SYSTEM,
    SCHOOL,
    Administrator,
)
from app.demo.world import COST, Doer, Step, World, demand, never, refused
from app.divisions import divisions
from app.messages import explain
from app.models.accounts import AccountState
from app.models.applications import ApplicationState
from app.models.org import UnitKind
from app.policy import POST_NAMES
from app.services import accounts, org, school_import, sign_in
from app.services.accounts import ManagementRow
from app.services.founding import Founder, Province
from app.words import N_, listing, tr

DIVISION = "220000"
_FOUNDERS = ADMINISTRATORS[:2]
_FOUNDING = Doer("、".join(person.name for person in _FOUNDERS), "、".join(POST_NAMES.values()), PROVINCE)
_PROVINCE = Doer.at(PROVINCE_SYSTEM)


def _found(world: World) -> list[str]:
    password = world.report.password
    founders = [Founder(person.form, person.login, password(person.login)) for person in _FOUNDERS]
    province = Province(PROVINCE, DIVISION, ADDRESSES[PROVINCE])
    world.report.content["recovery_letter"] = bootstrap.found_office(world.folder, province, founders, cost=COST)
    return [tr("三个岗位由两人担任，数据库和口令库已加密建立，恢复信已生成")]


def _divisions_there(world: World) -> bool:
    there = {unit.division_code for unit in world.units().values()}
    return all(division.code in there for division in divisions(DIVISION))


def _load_divisions(world: World) -> list[str]:
    actor = world.actor(PROVINCE_SYSTEM)
    added = world.gate.do(actor, org.load_divisions, actor.unit_id or 0)
    demand(_divisions_there(world), tr("全部市（州）、县（市、区）都有教育局"))
    cities = sum(unit.kind is UnitKind.CITY for unit in world.units().values())
    return [tr("新增 {added} 个教育局，其中市（州）{cities} 个", added=added, cities=cities)]


def _schools_there(world: World) -> bool:
    """They come in one transaction: all or none."""
    return any(unit.school_code for unit in world.units().values())


def _import_schools(world: World) -> list[str]:
    actor = world.actor(PROVINCE_SYSTEM)
    preview = school_import.preview(world.gate, actor, data.school_workbook(), "schools.xlsx")
    added = world.gate.do(actor, school_import.import_schools, actor.unit_id or 0, preview.new)
    demand(added == len(data.SCHOOLS), tr("每一行正确的学校都已导入"))
    demand(len(preview.faults) == len(data.BAD_SCHOOLS), tr("每一行有误的学校都已指出"))
    faults = [tr("第 {row} 行未导入：{what}", row=fault.row, what=explain(fault).what) for fault in preview.faults]
    return [tr("新增 {added} 所学校", added=added), *faults]


def _row(world: World, person: Administrator) -> ManagementRow | None:
    rows = world.gate.ask(world.actor(ABOVE[person.unit][0]), accounts.next_level)
    unit = world.units()[person.unit].id
    return next((row for row in rows if row.unit_id == unit and row.applicant_name == person.name), None)


def _works(world: World, person: Administrator) -> bool:
    row = _row(world, person)
    return row is not None and row.activated


def _appoint(world: World, person: Administrator) -> list[str]:
    """From the form to the first login, going on from wherever it was cut."""
    gate, system, security = world.gate, *map(world.actor, ABOVE[person.unit])
    if (row := _row(world, person)) is None:
        gate.do(system, accounts.take_in, world.units()[person.unit].id, person.form)
        row = _row(world, person)
    assert row is not None
    if row.form_state is ApplicationState.ACCEPTED:
        gate.do(security, accounts.review, row.application_id)
    account = row.account_id or gate.do(system, accounts.create, row.application_id, person.login)
    first = gate.do(system, accounts.print_first_half, account)
    if row.account_state is not AccountState.ACTIVE:
        gate.do(security, accounts.authorise, account)
    second = gate.do(security, accounts.print_second_half, account)
    sign_in.activate(gate.context, person.login, first.half + second.half, world.report.password(person.login))
    return [tr("接收、复核、建账号、授权，激活码两半各由一人打印，本人首次登录时设了密码")]


def _misfiled(world: World) -> list[str]:
    """What must not be possible with a form: handling one's own, and reaching past the next level."""
    gate, province, units = world.gate, world.actor(PROVINCE_SYSTEM), world.units()
    own = replace(PROVINCE_SYSTEM.holder.form, unit_name=CITY)
    countys = next(person.form for person in ADMINISTRATORS if person.unit == COUNTY)
    return [
        refused(
            tr("李敏为自己在市级另报一个岗位，又由自己接收申请单"),
            "gate.own_affair",
            lambda: gate.do(province, accounts.take_in, units[CITY].id, own),
        ),
        refused(
            tr("省级越过市级，接收县级的申请单"),
            "gate.out_of_scope",
            lambda: gate.do(province, accounts.take_in, units[COUNTY].id, countys),
        ),
    ]


def _appointment(person: Administrator) -> Step:
    desk = ABOVE[person.unit][0]
    return Step(
        f"appoint-{person.login}",
        N_("下级管理类用户上岗"),
        Doer.at(desk),
        lambda world: _works(world, person),
        lambda world: _appoint(world, person),
        about=f"{person.unit} {person.name}",
    )


def _all_ready(world: World) -> list[str]:
    chain = (PROVINCE, CITY, COUNTY, SCHOOL)
    actor, units = world.actor(PROVINCE_SYSTEM), world.units()
    for name in chain:
        demand(not world.gate.ask(actor, accounts.readiness, units[name].id), tr("{unit}的岗位齐备", unit=name))
    return [tr("{units}：系统管理员、安全管理员、安全审计员都已到位", units=listing(chain))]


STEPS = (
    Step("found", N_("建立省级办公库"), _FOUNDING, lambda world: bootstrap.is_office(world.folder), _found),
    Step("divisions", N_("载入吉林省行政区划"), _PROVINCE, _divisions_there, _load_divisions),
    Step("schools", N_("导入学校名单（xlsx）"), _PROVINCE, _schools_there, _import_schools),
    Step(
        "misfiled",
        N_("自己的申请单不能自己接收，也不能越级接收"),
        _PROVINCE,
        lambda world: world.report.passed("misfiled"),
        _misfiled,
    ),
    *map(_appointment, ADMINISTRATORS[len(_FOUNDERS) :]),
    Step("ready", N_("核对四级单位岗位齐备"), _PROVINCE, never, _all_ready),
)
