"""Lists from outside: sheets, and schools in them."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # sheets
    "sheet.empty_file": Message(N_("文件“{file}”是空的。"), N_("请确认选对了文件，或请对方重新发送。")),
    "sheet.too_large": Message(
        N_("文件“{file}”超过了 {mib} MB。"), N_("请删去图片等无关内容，或把名单分成几份再导入。")
    ),
    "sheet.bomb": Message(
        N_("文件“{file}”展开后超过 {mib} MB，没有读取。"),
        N_("正常的名单不会这么大；请向发送人核实，或分成几份再导入。"),
    ),
    "sheet.sprawl": Message(
        N_("文件“{file}”里的内容一直延伸到第 {rows} 行、第 {columns} 列，范围过大。"),
        N_("多半是远处误输了空格：请选中名单下方和右侧的空白行列，删除后保存再导入。"),
    ),
    "sheet.old_format": Message(
        N_("文件“{file}”的格式不能直接读取。"), N_("请用 WPS 或 Excel 打开，另存为“.xlsx”后再导入。")
    ),
    "sheet.encrypted": Message(N_("文件“{file}”设有打开密码。"), N_("请用 WPS 或 Excel 打开，取消密码后保存再导入。")),
    "sheet.wrong_extension": Message(
        N_("文件“{file}”的内容与扩展名不符。"), N_("请用 WPS 或 Excel 打开，另存为“.xlsx”后再导入；不要只改文件名。")
    ),
    "sheet.unsupported": Message(N_("文件“{file}”不是表格文件。"), N_("请选择 .xlsx 或 .csv 文件。")),
    "sheet.damaged": Message(
        N_("文件“{file}”已损坏，读不出来。"), N_("请用 WPS 或 Excel 试着打开并另存一份；打不开的，请对方重新发送。")
    ),
    "sheet.encoding": Message(
        N_("文件“{file}”的文字编码认不出来。"), N_("请用 WPS 或 Excel 打开，另存为“.xlsx”后再导入。")
    ),
    "sheet.csv_quotes": Message(
        N_("文件“{file}”从第 {line} 行起双引号不成对，后面的内容无法分清。"),
        N_("请改正这一行的双引号，或另存为“.xlsx”后再导入。"),
    ),
    # school list
    "school_list.no_header": Message(
        N_("没有找到表头。"), N_("请在名单上方写明各列的名称，至少要有“学校名称”“学校标识码”和“县（市、区）”。")
    ),
    "school_list.column_missing": Message(
        N_("第 {row} 行的表头缺少这些列：{columns}。"), N_("请补上这些列再导入；列的先后不限。")
    ),
    "school_list.name_missing": Message(N_("没有写学校名称。"), N_("请填写学校全称。")),
    "school_list.name_too_long": Message(N_("学校名称超过 100 个字。"), N_("请只写学校全称，其他说明写在别的列里。")),
    "school_list.name_not_words": Message(N_("“{value}”不像学校名称。"), N_("请填写学校全称，并看看各列有没有错位。")),
    "school_list.code_missing": Message(N_("没有写学校标识码。"), N_("请填写教育统计中的 10 位学校（机构）标识码。")),
    "school_list.code_rounded": Message(
        N_("学校标识码“{value}”已被表格软件截断，后几位丢失了。"),
        N_("请把这一列设为“文本”格式，重新填写完整的 10 位数字。"),
    ),
    "school_list.code_repeated": Message(
        N_("学校标识码“{value}”与“{first_sheet}”第 {first_row} 行重复。"),
        N_("请核对哪一行是对的，改正或删去另一行。"),
    ),
    "school_list.name_repeated": Message(
        N_("同一个县里已有“{value}”（“{first_sheet}”第 {first_row} 行）。"),
        N_("请核对是否重复填报；确是两所学校的，请写全称加以区分。"),
    ),
    "school_list.county_missing": Message(
        N_("没有写所属的县（市、区）。"), N_("请填写县（市、区）名称；市直属学校请填写市的名称。")
    ),
    "school_list.county_unknown": Message(
        N_("“{value}”不是已知的县（市、区），或不在您的管辖范围内。"), N_("请按现行行政区划填写县（市、区）全称。")
    ),
    "school_list.county_ambiguous": Message(
        N_("“{value}”可以指几个不同的县（市、区）。"), N_("请写全称，必要时在前面加上市（州）名称。")
    ),
    "school_list.county_code_differs": Message(
        N_("县（市、区）“{value}”与同一行的行政区划代码不一致。"), N_("请核对名称和代码，改正其中写错的一个。")
    ),
    "school_list.county_not_in_city": Message(
        N_("“{value}”不属于同一行写的市（州）。"), N_("请核对市（州）和县（市、区）；区划调整过的，请按现行区划填写。")
    ),
    "school_list.type_unknown": Message(
        N_("“{value}”不是已知的办学类型。"),
        N_("请填写办学类型的名称或三位代码，例如“小学”或 211；也可以留空，以后再补。"),
    ),
    "school_list.address_too_long": Message(
        N_("学校地址超过 200 个字。"), N_("请只写通讯地址，其他说明写在别的列里。")
    ),
}
