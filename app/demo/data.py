"""A school list as offices send them, with schools that sound as in Jilin and numbers that nobody has."""

import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet


class School(NamedTuple):
    """A row as somebody typed it: right or wrong."""

    city: str
    county: str
    name: str
    code: str | int
    school_type: str | int
    address: str


SCHOOLS = (
    School("长春市", "农安县", "农安县合隆镇中心小学", 2122000101, "小学", "农安县合隆镇合隆大街88号"),
    School("长春市", "农安县", "农安县实验中学", 3122000102, "初中", "农安县农安镇德彪街1266号"),
    School("长春市", "农安县", "农安县第十中学", 3422000103, "高级中学", "农安县农安镇宝塔街301号"),
    School("长春市", "农安县", "农安县烧锅镇中心小学", 2122000104, 211, "农安县烧锅镇兴隆街17号"),
    School("长春市", "市直属", "长春市第一实验中学", 3422000105, 342, "长春市南关区人民大街6111号"),
    School("长春市", "南关区", "长春市南关区平泉小学", 2122000106, "小学", "长春市南关区平泉路52号"),
    School("长春市", "宽城区", "长春市宽城区天津路小学", "２１２２０００１０７", "小学", "长春市宽城区天津路40号"),
    School("长春市", "朝阳区", "长春市朝阳区安民街小学", 2122000108, "小学", "长春市朝阳区安民街9号"),
    School("长春市", "绿园区", "长春市第八十七 中学", 3122000109, "初级中学", "长春市绿园区春城大街215号"),
    School("长春市", "双阳区", "长春市双阳区齐家镇中心小学", 2122000110, 211, "双阳区齐家镇幸福路3号"),
    School("长春市", "九台区", "长春市九台区第三十一中学", 3122000111, "初中", "九台区九台街道站前路60号"),
    School("长春市", "榆树市", "榆树市第一高级中学校", 3422000112, "高中", "榆树市向阳路558号"),
    School("长春市", "德惠", "德惠市米沙子镇中学", 3122000113, "初中", "德惠市米沙子镇长哈街22号"),
    School("长春市", "公主岭市", "公主岭市范家屯镇第一小学校", 2122000114, "小学", "公主岭市范家屯镇公园街5号"),
    School("长春市", "公主岭市", "公主岭市特殊教育学校", 5122000115, "其他特教学校", "公主岭市河北西大街77号"),
    School("吉林市", "昌邑区", "吉林市第五中学", 3122000116, 311, "吉林市昌邑区天津街42号"),
    School("吉林市", "船营区", "吉林市船营区第二实验小学", " 2122000117 ", "小学", "吉林市船营区北京路116号"),
    School("吉林市", "永吉县", "永吉县口前镇中心小学", 2122000118, "小学", "永吉县口前镇滨北路8号"),
    School("吉林市", "蛟河市", "蛟河市实验幼儿园", 1122000119, "幼儿园", "蛟河市民主街道中央大路12号"),
    School("吉林市", "磐石市", "磐石市职业教育中心", 3622000120, "职业高中", "磐石市阜康大路1899号"),
    School("四平市", "铁东区", "四平市第十七中学校", 3122000121, "九年一贯制学校", "四平市铁东区南一马路201号"),
    School("四平市", "梨树县", "梨树县郭家店镇中心小学校", 2122000122, "小学", "梨树县郭家店镇和平街6号"),
    School("四平市", "伊通县", "伊通满族自治县满族高级中学", 3422000123, "高中", "伊通镇人民大路2388号"),
    School("四平市", "双辽市", "双辽市茂林镇中学", 3122000124, "初中", "双辽市茂林镇正阳街15号"),
    School("辽源市", "龙山区", "辽源市龙山区谦宁小学校", 2122000125, "小学", "辽源市龙山区谦宁街33号"),
    School("辽源市", "东丰县", "东丰县横道河镇中心小学", 2122000126, "小学", "东丰县横道河镇中兴路2号"),
    School("通化市", "东昌区", "通化市第二中学", 3122000127, "初中", "通化市东昌区新华大街517号"),
    School("通化市", "辉南县", "辉南县朝阳镇第四小学", 2122000128, "小学", "辉南县朝阳镇爱国街48号"),
    School("通化市", "梅河口市", "梅河口市第五中学", 3422000129, "完全中学", "梅河口市银河大街1770号"),
    School("白山市", "浑江区", "白山市浑江区红旗小学", 2122000130, "小学", "白山市浑江区红旗街101号"),
    School("白山市", "长白县", "长白朝鲜族自治县实验中学", 3122000131, "完中", "长白镇长白大街29号"),
    School("松原市", "宁江区", "松原市宁江区滨江小学", 2122000132, "小学", "松原市宁江区滨江路66号"),
    School("松原市", "前郭县", "前郭尔罗斯蒙古族自治县蒙古族中学", 3422000133, "完全中学", "前郭镇哈萨尔路880号"),
    School("松原市", "乾安县", "乾安县水字镇中心校", 2122000134, "九年一贯制学校", "乾安县水字镇水字村"),
    School("白城市", "洮北区", "白城市洮北区明仁小学", 2122000135, "小学", "白城市洮北区明仁南街7号"),
    School("白城市", "镇赉县", "镇赉县第三中学校", 3122000136, "初级中学", "镇赉县镇赉镇正阳路39号"),
    School("白城市", "大安市", "大安市舍力镇中心小学", 2122000137, "小学", "大安市舍力镇新民街4号"),
    School("延边州", "延吉市", "延吉市中央小学校", 2122000138, "小学", "延吉市河南街道光明街245号"),
    School("延边州", "珲春市", "珲春市第四中学", 3122000139, "初中", "珲春市靖和街道龙源西街512号"),
    School("延边州", "安图县", "安图县二道白河镇第一小学", 2122000140, "小学", "安图县二道白河镇长白山大街19号"),
)

BAD_SCHOOLS = (
    School("长春市", "", "农安县哈拉海镇中心小学", 2122000141, "小学", "农安县哈拉海镇"),
    School("四平市", "公主岭县", "公主岭市怀德镇中学", 3122000142, "初中", "公主岭市怀德镇"),
    School("吉林市", "舒兰市", "舒兰市实验小学", 2122000118, "小学", "舒兰市滨河大街"),
    School("通化市", "柳河县", "柳河县第七中学", "31220001", "初中", "柳河县柳河镇"),
    School("白山市", "抚松县", "抚松县松江河镇小学", 2123000145, "小学", "抚松县松江河镇"),
    School("延边州", "敦化市", "敦化市官地镇中心校", 2122000146, "中心校", "敦化市官地镇"),
)
"""No county, a county that does not exist, a code twice, a code cut short, another province's code, no such type."""

_WIDTHS = (6, 10, 14, 34, 16, 16, 36)


def school_workbook(schools: Iterable[School] = SCHOOLS, bad: Iterable[School] = BAD_SCHOOLS) -> bytes:
    """An .xlsx with titles, merged cells, a group of columns, codes as numbers, a total, notes and a hidden sheet.

    The bad rows stand at the end of the list, before the total.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "学校名单"
    _head(sheet)
    _body(sheet, [*schools, *bad])
    explanation = book.create_sheet("填写说明", 0)
    explanation.append(["学校标识码按教育统计填写；县（市、区）写全称。"])
    hidden = book.create_sheet("下拉选项")
    hidden.sheet_state = "hidden"
    hidden.append(["学校名称", "学校标识码", "县（市、区）"])
    hidden.append(["不应读到的学校", 2122999999, "农安县"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _head(sheet: Worksheet) -> None:
    sheet["A1"] = "吉林省中小学校基本信息汇总表"
    sheet["A2"] = "填报单位（盖章）：                                        填报日期：2020年7月27日"
    sheet.append(("序号", "所在地", None, "学校名称", "学校(机构)标识码", "办学类型", "通讯地址"))
    sheet["B4"], sheet["C4"] = "市（州）", "县（市、区）"
    for area in ("A1:G1", "A2:G2", "B3:C3", "A3:A4", "D3:D4", "E3:E4", "F3:F4", "G3:G4"):
        sheet.merge_cells(area)
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _body(sheet: Worksheet, schools: Sequence[School]) -> None:
    first = sheet.max_row + 1
    for number, school in enumerate(schools, 1):
        sheet.append([number, school.city, school.county, f" {school.name}", *school[3:]])
    _merge_alike(sheet, 2, first, sheet.max_row)
    _merge_alike(sheet, 3, first, sheet.max_row)
    sheet.append([])
    sheet.append(["合计", None, None, f"{len(schools)}所"])
    sheet.append(["注：本表由县级教育行政部门填写，一式两份。"])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(_WIDTHS))


def _merge_alike(sheet: Worksheet, column: int, first: int, last: int) -> None:
    """Merge neighbours with the same text, as people do with city and county."""
    start = first
    for row in range(first + 1, last + 2):
        if row > last or sheet.cell(row, column).value != sheet.cell(start, column).value:
            if row - start > 1:
                sheet.merge_cells(start_row=start, end_row=row - 1, start_column=column, end_column=column)
            start = row
