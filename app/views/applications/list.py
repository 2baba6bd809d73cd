"""The 附件4 forms of the own unit (申请单): the list, what narrows it, and one form beside."""

from PySide6.QtCore import Signal

from app.models.applications import ApplicationState
from app.services import form_list
from app.services.applications import ApplicationRow
from app.services.context import office_day
from app.services.form_list import FormFilter, FormOrder
from app.views.applications.details import FormDetails
from app.views.applications.listing import Box, Listing, Order
from app.views.applications.states import FORM_STATES, form_state, form_tone
from app.views.desk import Desk
from app.views.parts.notice import Notice
from app.views.parts.table import Empty
from app.views.parts.windowed import Windowed
from app.views.tables import Column
from app.words import N_, tr

_COLUMNS = (
    Column[ApplicationRow](N_("编号"), lambda row: row.number),
    Column[ApplicationRow](N_("姓名"), lambda row: row.applicant_name),
    Column[ApplicationRow](N_("状态"), lambda row: form_state(row.state), lambda row: form_tone(row.state)),
    Column[ApplicationRow](N_("录入日期"), lambda row: office_day(row.entered_at).isoformat()),
    Column[ApplicationRow](N_("单位"), lambda row: row.unit_name),
)
_ORDERS = (
    Order(N_("最新的在前"), FormOrder.ENTERED, descending=True),
    Order(N_("最早的在前"), FormOrder.ENTERED),
    Order(N_("按姓名"), FormOrder.NAME),
    Order(N_("按状态"), FormOrder.STATE),
)


class FormList(Listing[ApplicationRow, FormFilter]):
    """Number, name and state of each form; `new` and `edit` ask for the entry."""

    new = Signal()
    edit = Signal(int)

    def __init__(self, desk: Desk, notice: Notice) -> None:
        details = FormDetails(desk, notice)
        self._state = Box[ApplicationState | None](
            {None: tr("全部"), **{each: form_state(each) for each in FORM_STATES}}
        )
        source = Windowed[ApplicationRow, FormFilter](desk, _COLUMNS, form_list.ids, form_list.rows)
        nothing = Empty(
            tr("这里列出本单位的实名制申请单（附件4）：录入、打印、签署、受理到办结。没有符合条件的。"),
            tr("新建申请单"),
            lambda: self.new.emit(),
        )
        super().__init__(source, tr("申请单"), nothing, {tr("状态"): self._state}, _ORDERS, details)
        self.search.setPlaceholderText(tr("编号或姓名"))
        self.empty = nothing
        details.edit.connect(self.edit)

    def wanted(self) -> FormFilter:
        """See Listing."""
        state = self._state.value
        return FormFilter(self.search.text(), (state,) if state else ())
