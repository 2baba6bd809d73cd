"""附件2 as a record: tidied at entry, as it was meant (B2)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app import bootstrap
from app.demo.cast import ADDRESSES, ADMINISTRATORS, CITY, COUNTY, PROVINCE
from app.models.accounts import Person
from app.models.applications import Application, Revision
from app.policy import Post
from app.services import accounts, management_forms, records
from app.services.founding import Founder, Province
from app.services.management_forms import Annex2
from tests.support.offices import WEAK, Office, password

pytestmark = pytest.mark.requirement("B2")
RIGHT = replace(ADMINISTRATORS[4].form, name="刘阳", id_number="22010419820716321X", mobile="13804310099")


def as_typed(form: Annex2) -> Annex2:
    """The same, the way people fill it in."""
    return replace(
        form,
        name=f" {form.name}　",
        id_number=f"{form.id_number[:6]} {form.id_number[6:].lower()}",
        mobile=f"+86 {form.mobile[:3]}-{form.mobile[3:]}",
        office_phone=form.office_phone.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)}),
        email=f"{form.email} ",
        reviewed_by=f"{form.reviewed_by} ",
    )


def test_a_tidied_form_is_as_it_was_meant() -> None:
    assert as_typed(RIGHT) != RIGHT
    assert management_forms.tidy(as_typed(RIGHT)) == RIGHT
    assert management_forms.tidy(RIGHT) == RIGHT


def test_a_form_is_tidied_when_it_is_taken_in(office: Office) -> None:
    form = replace(RIGHT, id_number="220122199003074618")
    clerk = office.actor(CITY, Post.SYSTEM)
    application = office.gate.do(clerk, accounts.take_in, office.units[COUNTY], as_typed(form))
    with office.context.database.reading() as session:
        assert session.get_one(Application, application).applicant_name == form.name
        revision = session.scalars(select(Revision).where(Revision.application_id == application)).one()
        assert json.loads(records.text_of(office.context.seals, revision)) == json.loads(management_forms.to_json(form))


def test_founders_forms_are_tidied_too(tmp_path: Path) -> None:
    people = ADMINISTRATORS[:2]
    founders = [Founder(as_typed(each.form), each.login, password(each.login)) for each in people]
    bootstrap.found_office(tmp_path, Province(PROVINCE, "220000", ADDRESSES[PROVINCE]), founders, cost=WEAK)
    gate, _ = bootstrap.open_office(tmp_path, founders[0].login, founders[0].password, cost=WEAK)
    try:
        with gate.context.database.reading() as session:
            kept = session.execute(select(Person.name, Person.mobile, Person.email).order_by(Person.id)).all()
        assert [tuple(row) for row in kept] == [(each.name, each.mobile, each.form.email) for each in people]
    finally:
        gate.close()
