"""The business users (用户) of the own unit and all below: the list, what narrows it, and one user beside (C3)."""

from collections.abc import Mapping
from typing import Any

from app.models.accounts import AccountState
from app.services import people_list
from app.services.people_list import PeopleFilter, PeopleOrder, PersonRow
from app.views.applications.listing import Box, Listing, Order
from app.views.applications.person import PersonDetails
from app.views.applications.states import account_state, account_tone
from app.views.desk import Desk
from app.views.parts.notice import Notice
from app.views.parts.table import Empty
from app.views.parts.windowed import Windowed
from app.views.tables import Column
from app.words import N_, listing, tr

_COLUMNS = (
    Column[PersonRow](N_("登录名"), lambda row: row.login),
    Column[PersonRow](N_("姓名"), lambda row: row.name),
    Column[PersonRow](N_("状态"), lambda row: account_state(row.state), lambda row: account_tone(row.state)),
    Column[PersonRow](N_("数字证书"), lambda row: tr("✓ 有") if row.certificate else tr("－ 没有")),
    Column[PersonRow](N_("单位"), lambda row: row.unit_name),
    Column[PersonRow](N_("用户类型"), lambda row: listing(map(tr, row.roles))),
    Column[PersonRow](N_("手机号码"), lambda row: row.mobile),
)
_ORDERS = (
    Order(N_("按单位"), PeopleOrder.UNIT),
    Order(N_("按登录名"), PeopleOrder.LOGIN),
    Order(N_("按姓名"), PeopleOrder.NAME),
    Order(N_("最新的在前"), PeopleOrder.ENTERED, descending=True),
)


class PeopleList(Listing[PersonRow, PeopleFilter]):
    """Login, name and state of each user; personal data masked."""

    def __init__(self, desk: Desk, notice: Notice) -> None:
        self._state = Box[AccountState | None](_states())
        self._certificate = Box[bool | None]({None: tr("全部"), True: tr("有"), False: tr("没有")})
        source = Windowed[PersonRow, PeopleFilter](desk, _COLUMNS, people_list.ids, people_list.rows)
        nothing = Empty(tr("这里列出本单位及下级的业务类用户：申请单受理以后创建账号，就出现在这里。没有符合条件的。"))
        boxes: Mapping[str, Box[Any]] = {tr("状态"): self._state, tr("数字证书"): self._certificate}
        super().__init__(source, tr("用户"), nothing, boxes, _ORDERS, PersonDetails(desk, notice))
        self.search.setPlaceholderText(tr("姓名或登录名的开头"))

    def wanted(self) -> PeopleFilter:
        """See Listing."""
        return PeopleFilter(self.search.text(), self._state.value, with_certificate=self._certificate.value)


def _states() -> Mapping[AccountState | None, str]:
    return {None: tr("全部")} | {each: account_state(each) for each in AccountState}
