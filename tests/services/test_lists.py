"""The lists of forms and of certificate requests: filters, orders, and what a row shows (C1, E1, I1)."""

from array import array
from dataclasses import replace

import pytest

from app.demo.cast import CITY, COUNTY, HOLDER, PROVINCE, SCHOOL
from app.models.applications import ApplicationState
from app.models.certificates import RequestState
from app.policy import Post
from app.services import applications, form_list, request_list
from app.services.applications import ApplicationRow
from app.services.form_list import FormFilter, FormOrder
from app.services.request_list import RequestFilter, RequestOrder
from tests.services.test_people_list import somebody
from tests.support.offices import Office


def forms(office: Office, chosen: FormFilter, **order: object) -> list[int]:
    clerk = office.actor(SCHOOL, Post.SYSTEM)
    return list(office.gate.ask(clerk, form_list.ids, chosen, **order))  # type: ignore[arg-type]


def requests(office: Office, chosen: RequestFilter, unit: str = PROVINCE, **order: object) -> list[int]:
    reader = office.actor(unit, Post.AUDITOR)
    return list(office.gate.ask(reader, request_list.ids, chosen, **order))  # type: ignore[arg-type]


@pytest.mark.requirement("C1")
def test_forms_are_found_by_name_number_state_and_clerk(office: Office) -> None:
    wang, li = office.signed(), office.entered(somebody("李白", 2))
    for chosen, found in (
        (FormFilter(), [li, wang]),
        (FormFilter("白"), [li]),
        (FormFilter("-000001"), [wang]),
        (FormFilter("_"), []),
        (FormFilter(states={ApplicationState.DRAFT}), [li]),
        (FormFilter(states=[ApplicationState.PRINTED, ApplicationState.DRAFT]), [li, wang]),
        (FormFilter("王", [ApplicationState.DRAFT]), []),
        (FormFilter(mine=True), [li, wang]),
    ):
        assert forms(office, chosen) == found, chosen
    others = office.gate.ask(office.actor(SCHOOL, Post.SECURITY), form_list.ids, FormFilter(mine=True))
    assert list(others) == []


@pytest.mark.requirement("C1")
def test_forms_are_sorted_by_each_column(office: Office) -> None:
    wang, zhao, ding = office.signed(), office.signed(somebody("赵", 2)), office.entered(somebody("丁", 3))
    assert forms(office, FormFilter(), by=FormOrder.NAME, descending=False) == [ding, wang, zhao]
    assert forms(office, FormFilter(), by=FormOrder.STATE, descending=False) == [ding, wang, zhao]
    assert forms(office, FormFilter(), descending=False) == [wang, zhao, ding]


@pytest.mark.requirement("C1")
def test_a_form_s_row_names_its_unit(office: Office) -> None:
    form, clerk = office.entered(), office.actor(SCHOOL, Post.AUDITOR)
    found = office.gate.ask(clerk, form_list.rows, array("q", [form, 999]))
    row = ApplicationRow(
        form,
        "YW-2026-000001",
        ApplicationState.DRAFT,
        office.units[SCHOOL],
        SCHOOL,
        HOLDER.name,
        office.clock(),
        1,
    )
    assert found == {form: row}
    assert office.gate.ask(clerk, applications.listed) == [row]


@pytest.mark.requirement("E1")
def test_requests_are_found_and_sorted(office: Office) -> None:
    wang = office.filed()
    li = office.at_province(replace(HOLDER, name="丁", id_number=somebody("丁", 2).id_number), "li")
    for chosen, found in (
        (RequestFilter(), [li, wang]),
        (RequestFilter("王"), [wang]),
        (RequestFilter("ZS-2026-000002"), [li]),
        (RequestFilter(states=[RequestState.FORWARDED]), [li]),
        (RequestFilter(unit_id=office.units[COUNTY]), [li, wang]),
        (RequestFilter(unit_id=office.units["九台区教育局"]), []),
    ):
        assert requests(office, chosen) == found, chosen
    for order, found in (
        (RequestOrder.FILED, [wang, li]),
        (RequestOrder.HOLDER, [li, wang]),
        (RequestOrder.STATE, [wang, li]),
        (RequestOrder.UNIT, [wang, li]),
    ):
        assert requests(office, RequestFilter(), by=order, descending=False) == found, order


@pytest.mark.requirement("E1")
def test_a_request_s_row_has_names_for_all_its_numbers(office: Office) -> None:
    request = office.filed()
    reader = office.actor(CITY, Post.SYSTEM)
    row = office.gate.ask(reader, request_list.rows, array("q", [request]))[request]
    assert (row.unit_name, row.desk_name, row.holder_name, row.login) == (SCHOOL, COUNTY, HOLDER.name, "hl-wangyun")
    assert row.user_types == ("信息查询员", "信息管理员")
    assert (row.id, row.number, row.state) == (request, "ZS-2026-000001", RequestState.REQUESTED)
