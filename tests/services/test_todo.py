"""The 工作台: what is counted is what the gate lets through, for everybody, whatever state things are in (I1)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.codes import id_check_digit
from app.demo.cast import ADMINISTRATORS, CITY, COUNTY, HOLDER, PROVINCE, SCHOOL, Administrator
from app.errors import Conflict, Denied
from app.forms.annex4 import Signature, SignStep, UserType
from app.policy import Post
from app.services import accounts, applications, business, certificates, journal, todo
from app.services.journal import Download
from app.services.operations import Operation
from app.services.scope import Actor
from app.services.todo import TASKS, Waiting
from tests.support.offices import TODAY, Office

pytestmark = pytest.mark.requirement("I1")
EVERYBODY = [(each.unit, post) for each in ADMINISTRATORS for post in each.posts]
WITHOUT = replace(HOLDER, user_types=frozenset({UserType.INQUIRER}), wants_certificate=False)
Scene = dict[str, int]


def scene(office: Office) -> Scene:
    """Something in each state, by name."""
    return forms(office) | requests(office) | management(office)


def forms(office: Office) -> Scene:
    gate, clerk = office.gate, office.actor(SCHOOL, Post.SYSTEM)
    made = {"draft": office.entered(), "printed": office.entered(), "half signed": office.entered()}
    for form in (made["printed"], made["half signed"]):
        gate.do(clerk, applications.mark_printed, form)
    applicant = Signature(HOLDER.name, TODAY)
    gate.do(clerk, applications.sign, made["half signed"], SignStep.APPLICANT, applicant, 1)
    made |= {"signed": office.signed(), "submitted": office.signed(), "returned": office.signed()}
    for form in (made["submitted"], made["returned"]):
        gate.do(clerk, applications.submit, form)
    gate.do(clerk, applications.send_back, made["returned"], "缺公章")
    chen = next(each for each in ADMINISTRATORS if each.login == "hl-xitong")
    own = office.signed(replace(WITHOUT, name=chen.name, id_number=chen.id_number))
    gate.do(clerk, applications.submit, own)
    made |= {"the clerk's own": own, "accepted": office.accepted()}
    gate.do(clerk, applications.withdraw, office.entered(), "不办了")
    gate.do(clerk, business.create, account_form := office.accepted(), "created")
    made["created"] = next(row.id for row in gate.ask(clerk, business.listed) if row.application_id == account_form)
    return made | {"granted": office.granted(login="granted"), "without": office.granted(WITHOUT, "without")}


def requests(office: Office) -> Scene:
    gate, province = office.gate, office.actor(PROVINCE, Post.SECURITY)
    security = office.actor(SCHOOL, Post.SECURITY)
    made = {"at county": office.filed(login="at-county"), "at city": office.filed(login="at-city")}
    gate.do(office.actor(COUNTY, Post.SYSTEM), certificates.forward, made["at city"])
    made |= {name: office.at_province(login=name) for name in ("at-province", "sent-back", "refused")}
    gate.do(province, certificates.send_back, made["sent-back"], "照片不清")
    gate.do(province, certificates.reject, made["refused"], "误报")
    made |= {
        name: office.approved(login=name) for name in ("approved", "expired", "reissued", "dead", "coded", "begun")
    }
    for name in ("expired", "reissued"):
        first = gate.do(security, certificates.issue_code, made[name])
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    gate.do(clerk, journal.begin, made["reissued"], Download(HOLDER.mobile, first, "s3", "1"), "run")
    gate.do(security, certificates.issue_code, made["reissued"])
    office.clock.forward(days=8)
    code = {name: gate.do(security, certificates.issue_code, made[name]) for name in ("dead", "coded", "begun")}
    for _ in range(5):
        with pytest.raises(Denied):
            gate.do(clerk, journal.begin, made["dead"], Download("1", code["dead"], "s1", "1"), "run")
    gate.do(clerk, journal.begin, made["begun"], Download(HOLDER.mobile, code["begun"], "s2", "1"), "run")
    gate.do(clerk, journal.record_key, made["begun"], "run", b"key")
    return made


def management(office: Office) -> Scene:
    """Newcomers of the school, whom the county creates."""
    gate, clerk, second = office.gate, office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)

    def newcomer(number: int) -> int:
        id_number = f"2201221992050612{number}"
        who = Administrator(
            SCHOOL, "new", "钱进", id_number + id_check_digit(id_number), "13804310020", (Post.SECURITY,)
        )
        return gate.do(clerk, accounts.take_in, office.units[SCHOOL], who.form)

    made = {"taken in": newcomer(1), "reviewed": newcomer(2)}
    gate.do(second, accounts.review, made["reviewed"])
    for number, name in enumerate(("made", "first half", "authorised", "both halves"), start=3):
        form = newcomer(number % 10)
        gate.do(second, accounts.review, form)
        made[name] = gate.do(clerk, accounts.create, form, f"new{number}")
    for name in ("first half", "authorised", "both halves"):
        gate.do(clerk, accounts.print_first_half, made[name])
    for name in ("authorised", "both halves"):
        gate.do(second, accounts.authorise, made[name])
    gate.do(second, accounts.print_second_half, made["both halves"])
    return made


EXPECTED: dict[tuple[str, Post], dict[str, list[str]]] = {
    (SCHOOL, Post.SYSTEM): {
        "applications.print": ["draft"],
        "applications.sign": ["printed", "half signed"],
        "applications.submit": ["signed"],
        "applications.edit": ["returned"],
        "applications.accept": ["submitted"],
        "business.create": ["accepted"],
        "certificates.file": ["granted", "refused account"],
        "certificates.refile": ["sent-back"],
        "enrolment.begin": ["coded", "begun"],
    },
    (SCHOOL, Post.SECURITY): {
        "business.grant": ["created"],
        "certificates.issue-code": ["approved", "expired", "reissued", "dead"],
    },
    (COUNTY, Post.SYSTEM): {
        "certificates.forward": ["at county"],
        "accounts.create": ["reviewed"],
        "accounts.print-first-half": ["made"],
    },
    (COUNTY, Post.SECURITY): {
        "accounts.review": ["taken in"],
        "accounts.authorise": ["made", "first half"],
        "accounts.print-second-half": ["authorised"],
    },
    (CITY, Post.SYSTEM): {"certificates.forward": ["at city"]},
    (PROVINCE, Post.SECURITY): {"certificates.approve": ["at-province"]},
}


def test_each_person_finds_what_waits_for_them_and_nothing_else(sqlite_office: Office) -> None:
    office = sqlite_office
    made = scene(office)
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    made["refused account"] = next(row.id for row in office.gate.ask(clerk, business.listed) if row.login == "refused")
    for place in EVERYBODY:
        rows = todo.waiting(office.gate, office.actor(*place))
        found = {row.key: list(row.ids) for row in rows if row.ids}
        wanted = {key: sorted(made[name] for name in names) for key, names in EXPECTED.get(place, {}).items()}
        assert found == wanted, place


class Admitted(Exception):
    """The gate let somebody through; nothing of it is kept."""


def admits(office: Office, actor: Actor, op: Operation[Any, Any, Any], target: int) -> bool:
    """Whether the gate would let this be done, asked by trying it."""

    def stop(*_: object) -> None:
        raise Admitted

    try:
        office.gate.do(actor, replace(op, work=stop), target)
    except Admitted:
        return True
    except (Denied, Conflict):
        return False
    raise AssertionError


@pytest.mark.requirement("A4")
def test_what_is_counted_is_what_the_gate_admits(sqlite_office: Office) -> None:
    """Each counted thing is admitted; and where a row narrows nothing, each admitted thing is counted."""
    office = sqlite_office
    scene(office)
    for actor in (office.actor(*place) for place in EVERYBODY):
        rows = {row.key: row for row in todo.waiting(office.gate, actor)}
        for task in TASKS:
            op = task.operation
            with office.context.database.reading() as session:
                targets = session.scalars(select(op.target.id)).all()
            admitted = {target for target in targets if admits(office, actor, op, target)}
            counted = set(rows[op.name].ids) if op.name in rows else set()
            assert admitted == set(office.gate.waiting(actor, op)) == office.gate.may(actor, op, targets)
            assert counted <= admitted
            assert task.which or task.also or counted == admitted


def test_a_row_says_how_long_the_first_has_waited(office: Office) -> None:
    clerk, before = office.actor(SCHOOL, Post.SYSTEM), office.clock()
    form, draft = office.signed(), office.entered()
    office.clock.forward(days=2)
    office.gate.do(clerk, applications.submit, form)
    assert row_of(office, clerk, "applications.print").oldest == before
    accept = row_of(office, clerk, "applications.accept")
    assert (accept.ids, accept.oldest, accept.target) == ((form,), before + timedelta(days=2), "application")
    assert (accept.title, accept.verb, accept.area) == ("待受理的申请单", "去受理", "applications")
    assert row_of(office, clerk, "applications.submit").oldest is None
    assert row_of(office, clerk, "applications.print").ids == (draft,)


def test_accounts_and_requests_have_waited_since_the_last_step_before(office: Office) -> None:
    request = office.filed()
    filed = office.clock()
    office.clock.forward(days=1)
    assert row_of(office, office.actor(COUNTY, Post.SYSTEM), "certificates.forward").oldest == filed
    office.gate.do(office.actor(COUNTY, Post.SYSTEM), certificates.forward, request)
    assert row_of(office, office.actor(CITY, Post.SYSTEM), "certificates.forward").oldest == office.clock()
    accepted = office.accepted()
    office.clock.forward(days=1)
    office.gate.do(office.actor(SCHOOL, Post.SYSTEM), business.create, accepted, "second")
    grant = row_of(office, office.actor(SCHOOL, Post.SECURITY), "business.grant")
    assert grant.oldest == office.clock() - timedelta(days=1)


def row_of(office: Office, actor: Actor, key: str) -> Waiting:
    return next(row for row in todo.waiting(office.gate, actor) if row.key == key)


def test_nothing_waits_for_who_only_audits(office: Office) -> None:
    office.filed()
    assert todo.waiting(office.gate, office.actor(SCHOOL, Post.AUDITOR)) == ()


def test_a_task_is_named_once() -> None:
    assert len({task.operation.name for task in TASKS}) == len({task.title for task in TASKS}) == len(TASKS)
