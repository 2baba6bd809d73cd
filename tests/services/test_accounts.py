"""Management accounts: top-down, exactly as the form says, by two people (B1–B4)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.demo.cast import ADMINISTRATORS, CITY, COUNTY, HOLDER, PROVINCE, SCHOOL, Administrator
from app.errors import Conflict, Denied, Invalid
from app.models.accounts import Account, AccountKind, AccountState, Appointment
from app.models.applications import Application, ApplicationState, FormKind
from app.policy import Post, missing_posts, posts_fault
from app.services import accounts, sign_in
from tests.support.offices import Office, password

pytestmark = pytest.mark.requirement("B3")
NEW = Administrator(SCHOOL, "hl-new", "钱进", "220122199205061233", "13804310020", (Post.SECURITY,))


def approved(office: Office, who: Administrator = NEW) -> int:
    """A 附件2 taken in and reviewed; its id."""
    clerk, second = office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)
    form = office.gate.do(clerk, accounts.take_in, office.units[who.unit], who.form)
    office.gate.do(second, accounts.review, form)
    return form


def created(office: Office) -> int:
    return office.gate.do(office.actor(COUNTY, Post.SYSTEM), accounts.create, approved(office), NEW.login)


@pytest.mark.requirement("B1")
def test_every_account_has_its_form(office: Office) -> None:
    with office.context.database.reading() as session:
        for account in session.scalars(select(Account)):
            form = session.get_one(Application, account.application_id)
            assert (form.kind, form.state) == (FormKind.ANNEX2, ApplicationState.EXECUTED)


@pytest.mark.requirement("B1")
@pytest.mark.parametrize("unit", [PROVINCE, CITY, COUNTY, SCHOOL])
def test_a_staffed_unit_is_ready(office: Office, unit: str) -> None:
    reader = office.actor(PROVINCE, Post.AUDITOR)
    assert office.gate.ask(reader, accounts.readiness, office.units[unit]) == ()
    other = office.units["九台区教育局"]
    assert len(office.gate.ask(reader, accounts.readiness, other)) == 3


def test_the_one_who_creates_does_not_authorise(office: Office) -> None:
    account = created(office)
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.do(office.actor(COUNTY, Post.SYSTEM), accounts.authorise, account)
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.do(office.actor(COUNTY, Post.SECURITY), accounts.create, account, "x")


def test_no_account_before_the_second_look(office: Office) -> None:
    clerk = office.actor(COUNTY, Post.SYSTEM)
    form = office.gate.do(clerk, accounts.take_in, office.units[SCHOOL], NEW.form)
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, accounts.create, form, "x")


def test_a_form_makes_one_account_and_a_login_one_too(office: Office) -> None:
    clerk, form = office.actor(COUNTY, Post.SYSTEM), approved(office)
    for taken in ("hl-xitong", "HL-Xitong", "ｈｌ-xitong"):  # the vault would take them for one
        with pytest.raises(Conflict, match=r"login_taken"):
            office.gate.do(clerk, accounts.create, form, taken)
    with pytest.raises(Invalid, match=r"login_blank"):
        office.gate.do(clerk, accounts.create, form, " ")
    office.gate.do(clerk, accounts.create, form, NEW.login)
    assert office.gate.waiting(clerk, accounts.create) == []
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, accounts.create, form, "again")


def test_exactly_the_posts_of_the_form_are_given(office: Office) -> None:
    account = created(office)
    office.gate.do(office.actor(COUNTY, Post.SECURITY), accounts.authorise, account)
    with office.context.database.reading() as session:
        posts = session.scalars(select(Appointment.post).where(Appointment.account_id == account)).all()
        kept = session.get_one(Account, account)
        assert (tuple(posts), kept.state, kept.kind) == (NEW.posts, AccountState.ACTIVE, AccountKind.MANAGEMENT)


@pytest.mark.requirement("B1")
def test_an_administrator_does_not_become_the_auditor_of_the_same_unit(office: Office) -> None:
    """By person: another account, and another name's form, make no difference; the ID number does."""
    clerk = next(each for each in ADMINISTRATORS if each.login == "hl-anquan")
    sly = replace(clerk, login="sly", posts=(Post.AUDITOR,))
    with pytest.raises(Conflict, match=r"auditor_is_administrator"):
        approved(office, sly)


def test_a_form_with_faults_is_refused_at_its_fields(office: Office) -> None:
    form = replace(NEW.form, id_number="1", posts=(Post.SYSTEM, Post.AUDITOR), reviewed_by="")
    with pytest.raises(Invalid, match=r"form\.refused") as refused:
        office.gate.do(office.actor(COUNTY, Post.SYSTEM), accounts.take_in, office.units[SCHOOL], form)
    assert {problem.field for problem in refused.value.problems} == {"id_number", "posts", "reviewed_by"}


def test_a_form_of_another_unit_or_of_oneself_is_not_taken_in(office: Office) -> None:
    clerk = office.actor(COUNTY, Post.SYSTEM)
    with pytest.raises(Invalid, match=r"other_unit"):
        office.gate.do(clerk, accounts.take_in, office.units[SCHOOL], replace(NEW.form, unit_name=CITY))
    me = next(each for each in ADMINISTRATORS if each.login == "na-guanli")
    own = replace(me.form, unit_name=SCHOOL)
    with pytest.raises(Conflict, match=r"own_affair"):
        office.gate.do(clerk, accounts.take_in, office.units[SCHOOL], own)


@pytest.mark.requirement("B2")
def test_a_school_s_form_reaches_its_county_and_nobody_further_up(office: Office) -> None:
    for unit in (CITY, PROVINCE, SCHOOL):
        with pytest.raises(Denied, match=r"gate\.out_of_scope"):
            office.gate.do(office.actor(unit, Post.SYSTEM), accounts.take_in, office.units[SCHOOL], NEW.form)
    form = approved(office)
    shown = [row.application_id for row in office.gate.ask(office.actor(COUNTY, Post.SYSTEM), accounts.next_level)]
    assert form in shown
    above = office.gate.ask(office.actor(CITY, Post.SYSTEM), accounts.next_level)
    assert form not in [row.application_id for row in above]


@pytest.mark.requirement("B4")
def test_two_halves_make_one_code_that_opens_once(office: Office) -> None:
    account = created(office)
    clerk, second = office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)
    first = office.gate.do(clerk, accounts.print_first_half, account)
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(second, accounts.print_second_half, account)
    office.gate.do(second, accounts.authorise, account)
    half = office.gate.do(second, accounts.print_second_half, account)
    assert first.half not in repr(first)
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.sign_in(office.context, NEW.login, password(NEW.login))
    signed_in = sign_in.activate(office.context, NEW.login, first.half + half.half, password(NEW.login))
    assert [actor.post for actor in signed_in.actors] == [Post.SECURITY]
    assert sign_in.sign_in(office.context, NEW.login, password(NEW.login)) == signed_in
    office.clock.forward(minutes=5)
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.activate(office.context, NEW.login, first.half + half.half, "Another7#Word!")
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(clerk, accounts.print_first_half, account)


@pytest.mark.requirement("B4")
def test_a_lost_letter_is_printed_anew_and_the_old_one_is_void(office: Office) -> None:
    account = created(office)
    clerk, second = office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)
    lost = office.gate.do(clerk, accounts.print_first_half, account)
    office.gate.do(second, accounts.authorise, account)
    lost_too = office.gate.do(second, accounts.print_second_half, account)
    assert office.gate.waiting(second, accounts.print_second_half) == []
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        office.gate.do(second, accounts.print_second_half, account)
    first = office.gate.do(clerk, accounts.print_first_half, account)
    assert office.gate.waiting(second, accounts.print_second_half) == [account]
    half = office.gate.do(second, accounts.print_second_half, account)
    with pytest.raises(Denied, match=r"login\.refused"):
        sign_in.activate(office.context, NEW.login, lost.half + lost_too.half, password(NEW.login))
    sign_in.activate(office.context, NEW.login, first.half + half.half, password(NEW.login))


@pytest.mark.parametrize(
    ("posts", "fault"),
    [
        ((Post.SYSTEM,), None),
        ((Post.SECURITY,), None),
        ((Post.SYSTEM, Post.SECURITY), None),
        ((Post.AUDITOR,), None),
        ((), "posts.none"),
        ((Post.SYSTEM, Post.AUDITOR), "posts.auditor_alone"),
        ((Post.SECURITY, Post.AUDITOR), "posts.auditor_alone"),
        (tuple(Post), "posts.auditor_alone"),
    ],
)
@pytest.mark.requirement("B2")
def test_ticks_of_annex_2(posts: tuple[Post, ...], fault: str | None) -> None:
    assert posts_fault(posts) == fault


@pytest.mark.requirement("B1")
def test_a_ready_unit_has_two_people_at_least() -> None:
    assert missing_posts({Post.SYSTEM: [1], Post.SECURITY: [1], Post.AUDITOR: [2]}) == ()
    assert missing_posts({Post.SYSTEM: [1], Post.SECURITY: [1], Post.AUDITOR: [1]}) == (
        "posts.auditor_is_administrator",
    )
    assert missing_posts({Post.SYSTEM: [1]}) == ("posts.missing_security", "posts.missing_auditor")


@pytest.mark.requirement("B1")
def test_two_forms_of_one_person_do_not_pass_side_by_side(office: Office) -> None:
    """Both are reviewed while neither is authorised yet: the second authorisation is refused."""
    clerk, second = office.actor(COUNTY, Post.SYSTEM), office.actor(COUNTY, Post.SECURITY)
    made = []
    for number, post in enumerate((Post.SYSTEM, Post.AUDITOR)):
        who = replace(NEW, login=f"{NEW.login}{number}", posts=(post,))
        made.append(office.gate.do(clerk, accounts.create, approved(office, who), who.login))
    office.gate.do(second, accounts.authorise, made[0])
    with pytest.raises(Conflict, match=r"auditor_is_administrator"):
        office.gate.do(second, accounts.authorise, made[1])


@pytest.mark.requirement("B1")
def test_the_auditor_is_no_business_user_of_the_unit_and_the_other_way_round(office: Office) -> None:
    auditor = next(each for each in ADMINISTRATORS if each.login == "hl-shenji")
    form = replace(HOLDER, name=auditor.name, id_number=auditor.id_number)
    with pytest.raises(Conflict, match=r"auditor_is_business_user"):
        office.granted(form, "ma-lan")
    office.granted()
    holder = Administrator(SCHOOL, "hl-sly", HOLDER.name, HOLDER.id_number, HOLDER.mobile, (Post.AUDITOR,))
    with pytest.raises(Conflict, match=r"auditor_is_business_user"):
        approved(office, holder)
