"""What a 附件4 states, as facts under the source's labels; the given form is masked already."""

from collections.abc import Iterator

from app import codes
from app.forms.annex4 import FIELDS, Annex4, UserType
from app.forms.fields import Field, Kind
from app.views.parts.facts import Fact
from app.words import listing, tr


def form_facts(form: Annex4) -> Iterator[Fact]:
    """A fact for each field that is filled in, in the source's order."""
    for field in FIELDS:
        yield Fact(tr(field.label), shown(form, field))


def shown(form: Annex4, field: Field) -> str:
    """A field's answer in words."""
    kind = field.kind
    if kind is Kind.USER_TYPES:
        return listing(tr(each) for each in UserType if each in form.user_types)
    if kind is Kind.YES_NO:
        return {True: tr("是"), False: tr("否"), None: ""}[form.wants_certificate]
    if kind is Kind.SCHOOL_TYPE:
        return school_type(form.school_type) if form.school_type else ""
    return str(getattr(form, field.key))


def school_type(code: str) -> str:
    """办学类型: its code and name."""
    return f"{code} {codes.SCHOOL_TYPES.get(code, '')}".strip()
