"""The list of users: what it shows of whom, to whom, in which order (A4, C3, G4, I1)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.codes import id_check_digit
from app.demo.cast import CITY, COUNTY, HOLDER, PROVINCE, SCHOOL, SIGNERS
from app.forms.annex4 import Annex4, Signature, SignStep, UserType
from app.models.accounts import AccountState
from app.models.certificates import CertificateRequest, RequestState
from app.policy import Post
from app.services import applications, business, people_list
from app.services.people_list import PeopleFilter, PeopleOrder, PersonRow
from tests.services.test_queries import with_certificate
from tests.support.offices import TODAY, Office

pytestmark = [pytest.mark.requirement("A4"), pytest.mark.requirement("C3")]


def ids(office: Office, unit: str = PROVINCE, chosen: PeopleFilter | None = None, **order: object) -> list[int]:
    reader = office.actor(unit, Post.AUDITOR)
    found = office.gate.ask(reader, people_list.ids, chosen or PeopleFilter(), **order)  # type: ignore[arg-type]
    assert found.typecode == "q"
    return list(found)


def rows(office: Office, numbers: list[int], unit: str = PROVINCE) -> dict[int, PersonRow]:
    found = office.gate.ask(office.actor(unit, Post.AUDITOR), people_list.rows, numbers)
    return {**found}


def somebody(name: str, number: int) -> Annex4:
    id_number = f"22012219900307{number:03}"
    return replace(
        HOLDER,
        name=name,
        id_number=id_number + id_check_digit(id_number),
        user_types=frozenset({UserType.INQUIRER}),
        wants_certificate=False,
    )


def user_of_the_county(office: Office, form: Annex4, login: str) -> int:
    """One of the bureau's own people, created and not yet granted."""
    clerk, gate = office.actor(COUNTY, Post.SYSTEM), office.gate
    own = replace(form, unit_name=COUNTY, school_type="")
    application = gate.do(clerk, applications.enter, office.units[COUNTY], own)
    gate.do(clerk, applications.mark_printed, application)
    for step, signer in zip(list(SignStep)[:3], (own.name, *SIGNERS[1:3]), strict=True):
        gate.do(clerk, applications.sign, application, step, Signature(signer, TODAY), 1)
    gate.do(clerk, applications.submit, application)
    gate.do(clerk, applications.accept, application, Signature("刘洋", TODAY), 1)
    return gate.do(clerk, business.create, application, login)


def test_a_row_says_who_and_masks_the_number(office: Office) -> None:
    account = office.granted()
    (row,) = rows(office, ids(office)).values()
    form = office.gate.ask(office.actor(SCHOOL, Post.SYSTEM), business.listed)[0].application_id
    assert row == PersonRow(
        account,
        "hl-wangyun",
        HOLDER.name,
        SCHOOL,
        AccountState.ACTIVE,
        ("信息查询员", "信息管理员"),
        "139****0010",
        certificate=False,
        application_id=form,
    )


@pytest.mark.requirement("G4")
def test_each_sees_the_own_unit_and_what_is_below(office: Office) -> None:
    school, county = office.granted(), user_of_the_county(office, somebody("白雪", 1), "bureau")
    for unit, seen in ((PROVINCE, {school, county}), (CITY, {school, county}), (COUNTY, {school, county})):
        assert set(ids(office, unit)) == set(rows(office, [school, county], unit)) == seen
    assert ids(office, SCHOOL) == list(rows(office, [school, county], SCHOOL)) == [school]
    assert HOLDER.mobile not in repr(rows(office, [school]))


def test_management_accounts_are_no_users(office: Office) -> None:
    assert ids(office) == []
    assert rows(office, list(range(20))) == {}


def test_filters_narrow_and_hold_together(office: Office) -> None:
    wang, li = office.granted(), office.granted(somebody("李白", 2), "LiBai_1")
    county = user_of_the_county(office, somebody("白雪", 3), "bureau")
    for chosen, found in (
        (PeopleFilter("王"), [wang]),
        (PeopleFilter("白"), [county]),
        (PeopleFilter(" ＬIBAI "), [li]),
        (PeopleFilter("libai%"), []),
        (PeopleFilter("wang"), []),
        (PeopleFilter(state=AccountState.CREATED), [county]),
        (PeopleFilter(unit_id=office.units[SCHOOL]), [wang, li]),
        (PeopleFilter(unit_id=office.units[COUNTY]), [county, wang, li]),
        (PeopleFilter(unit_id=office.units["九台区教育局"]), []),
        (PeopleFilter("李", AccountState.ACTIVE, office.units[COUNTY]), [li]),
        (PeopleFilter("李", AccountState.CREATED), []),
        (PeopleFilter(unit_id=999_999), []),
    ):
        assert ids(office, chosen=chosen) == found, chosen
    assert ids(office, SCHOOL, PeopleFilter(unit_id=office.units[COUNTY])) == [wang, li]


@pytest.mark.parametrize("descending", [False, True])
def test_orders(office: Office, descending: bool) -> None:
    wang, zhao = office.granted(login="C"), office.granted(somebody("赵", 2), "b")
    county = user_of_the_county(office, somebody("丁", 3), "a")
    turned = slice(None, None, -1 if descending else 1)
    for order, found in (
        (PeopleOrder.UNIT, [county, wang, zhao]),
        (PeopleOrder.LOGIN, [county, zhao, wang]),
        (PeopleOrder.NAME, [county, wang, zhao]),
        (PeopleOrder.ENTERED, [wang, zhao, county]),
    ):
        assert ids(office, by=order, descending=descending) == found[turned], order


@pytest.mark.requirement("E8")
def test_a_certificate_counts_once_it_is_proved_and_until_it_ends(office: Office) -> None:
    with_certificate(office)
    (account,) = ids(office, chosen=PeopleFilter(with_certificate=False))
    with office.context.database.writing("test") as session:
        session.scalars(select(CertificateRequest)).one().state = RequestState.CONFIRMED
    assert ids(office, chosen=PeopleFilter(with_certificate=True)) == [account]
    assert rows(office, [account])[account].certificate
    office.clock.moment += timedelta(days=10_000)
    assert ids(office, chosen=PeopleFilter(with_certificate=False)) == [account]
    assert not rows(office, [account])[account].certificate
