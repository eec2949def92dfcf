"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from pathlib import Path

from openpyxl import Workbook

from question_bank.packs.case_files import Row, add_table, fill, new_document, save_book, save_document

FILES = Path(__file__).with_name("files")

CUSTOMERS: list[Row] = [
    (1, "青禾冷链物流有限公司", "91370211MA7N2K4X0H"),
    (2, "川麓商贸有限公司", "91370214MA94C6QT1U"),
    (3, "北屿食品有限公司", "91370883MA3RH5D82B"),
    (4, "安岭餐饮管理有限公司", "91371326MABT0P6L3N"),
    (5, "溪桥供应链有限公司", "91130406MA8G4WE247"),
]
LISTED: list[Row] = [
    ("青禾冷链物流有限公司", "91370211MA7N2K4X0H", "严重违法失信名单", "2025-03-12", "—"),
    ("川麓商贸有限公司", "91410922MA9LJ7UY51", "失信被执行人名单", "2026-02-06", "—"),
    ("北屿食品有限公司", "91370883MA3RH5D82B", "失信被执行人名单", "2024-06-03", "2025-08-20"),
    ("安岭餐饮管理有限公司", "91371326MABT0P6L3N", "限制消费令", "2026-07-15", "—"),
    ("溪桥供应链有限公司", "91130406MA8G4WE247", "重大税收违法失信主体名单", "2026-01-23", "—"),
]
LABELS: list[Row] = [
    ("付款行为", 30, 82, 20, 55, 15, 60, 185),
    ("偿债能力", 25, 70, 150, 78, 90, 58, 95),
    ("经营稳定", 20, 75, 60, 66, 120, 70, 30),
    ("关联关系", 15, 60, 200, 80, 70, 45, 88),
    ("公开信息", 10, 90, 10, 40, 30, 50, 181),
]
PRODUCTS: list[Row] = [
    ("甲", 12, 430, 70, 88, 52),
    ("乙", 11, 410, 64, 75, 50),
    ("丙", 9, 470, 78, 140, 64),
]
QUARTERS: list[Row] = [
    ("2025 年第四季度", 320, 150),
    ("2026 年第一季度", 280, -90),
    ("2026 年第二季度", 300, -60),
    ("2026 年第三季度", 260, -230),
]
FORECAST: list[Row] = [
    ("2026 年 9 月", 1500, "", "", ""),
    ("2026 年 10 月", 1600, "", "", ""),
    ("2026 年 11 月", 1400, 1300, 180, 120),
    ("2026 年 12 月", 1800, 1350, 190, 300),
    ("2027 年 1 月", 2000, 1250, 200, 900),
]
OPENING = 420
MODELLED: list[Row] = [
    ("1（最低）", 40, 90, 52, 81),
    ("2", 26, 135, 24, 126),
    ("3", 18, 180, 13, 189),
    ("4", 10, 225, 7, 234),
    ("5（最高）", 6, 270, 4, 270),
]
HELD_OUT: list[Row] = [
    ("1（最低）", 38, 90, 46, 81),
    ("2", 26, 135, 20, 126),
    ("3", 18, 180, 18, 189),
    ("4", 12, 225, 6, 234),
    ("5（最高）", 6, 270, 10, 270),
]
COUNTRY: list[Row] = [
    ("Country risk classification", "OECD category 6 (scale 0–7), confirmed June 2026"),
    ("Other agency’s score", "72 of 100 (100 = lowest risk), published February 2025"),
    ("Transfer", "Importers with sufficient local currency wait 110 days on average for the central bank to allot foreign exchange"),
    ("Government", "The Ministry of Finance missed two coupon payments on its external bonds this year"),
    ("Business climate", "Corporate insolvencies rose 18% year on year"),
    ("Recommended minimum terms", "Confirmed letter of credit; open account not recommended"),
    ("Validity", "For decisions taken on or before 31 December 2026"),
]
DEBTOR: list[Row] = [
    ("债务人", "Harlow Ridge Foods, Inc.（美国特拉华州公司）"),
    ("程序", "2026-09-15 自愿提出第 11 章重整申请，债务人继续占有并经营"),
    ("债权申报截止日（bar date）", "2026-12-01"),
    ("预计清偿率", "行政费用 100%；一般无担保债权 8%"),
    ("折算汇率", "1 美元＝7.10 元人民币"),
]
DELIVERIES: list[Row] = [
    ("HR-01", "货物", "92,000", "2026-07-02", "2026-08-05"),
    ("HR-02", "货物", "64,000", "2026-07-28", "2026-08-24"),
    ("HR-03", "货物", "58,000", "2026-08-06", "2026-09-02"),
    ("HR-04", "货物", "37,000", "2026-08-18", "2026-09-12"),
    ("HR-05", "技术服务", "15,000", "—", "2026-09-05（服务完成）"),
]
PAYMENTS: list[Row] = [
    ("2026-05-20", "40,000", "支付早先到期的货款"),
    ("2026-07-03", "52,000", "支付早先到期的货款"),
    ("2026-08-21", "31,000", "支付早先到期的货款"),
    ("2026-09-01", "18,000", "新订单的预付款，货物没有发运"),
]
DOMAINS: list[Row] = [
    ("数据战略", 10, 3.2),
    ("数据治理", 15, 2.8),
    ("数据架构", 5, 3.0),
    ("数据应用", 15, 3.6),
    ("数据安全", 25, 1.6),
    ("数据质量", 15, 2.9),
    ("数据标准", 5, 2.7),
    ("数据生存周期", 10, 2.4),
]
ROLES: list[Row] = [
    ("客户经理甲", "华东"),
    ("审批员乙", "全国"),
    ("催收员丙", "华南"),
    ("分析员丁", "全国"),
    ("客户经理戊", "西南"),
]
CONSENTS: list[Row] = [("SQ-118", "贷前审批", "2026-05-08"), ("SQ-121", "贷前审批", "2026-06-19")]
LOG: list[Row] = [
    (1, "客户经理甲", "西南", "企业", "—", "授信审批", 0, "—"),
    (2, "审批员乙", "华东", "个人", "SQ-118", "贷前审批", 0, "—"),
    (3, "审批员乙", "华南", "个人", "SQ-121", "营销筛选", 0, "—"),
    (4, "催收员丙", "华南", "个人", "—", "贷后催收", 0, "—"),
    (5, "分析员丁", "华东", "企业", "—", "模型分析", 860, "—"),
    (6, "客户经理戊", "西南", "企业", "—", "授信复评", 100, "—"),
]
QUALITY: list[Row] = [
    ("4 月", 400, 6, 80, 30),
    ("5 月", 400, 5, 85, 28),
    ("6 月", 400, 8, 90, 35),
    ("7 月", 400, 4, 75, 26),
    ("8 月", 400, 7, 85, 33),
    ("9 月", 400, 18, 85, 48),
]
SUPPLIERS: list[Row] = [
    ("包装材料", 14, 40, 50, 45),
    ("专用菌种", 3, 90, 60, 40),
    ("乳清粉", 10, 55, 70, 60),
    ("冷链运输", 9, 60, 50, 70),
]
GRADES: list[Row] = [("A", 1200, 12, "40%"), ("B", 800, 24, "45%"), ("C", 250, 20, "60%")]
COSTS: list[Row] = [("资金成本率", "4.2%"), ("运营成本率", "2.1%"), ("目标利润率", "2.5%"), ("公司规定的年利率上限", "13%")]
MERCHANTS: list[Row] = [
    ("M01", 88, 120, 4000, 12),
    ("M02", 83, 90, 3000, 24),
    ("M03", 91, 150, 5000, 25),
    ("M04", 58, 40, 2000, 20),
    ("M05", 72, 80, 2500, 25),
    ("M06", 65, 60, 1500, 36),
    ("M07", 80, 70, 2000, 8),
    ("M08", 60, 50, 1000, 20),
    ("M09", 79, 100, 3500, 14),
    ("M10", 45, 40, 1500, 45),
]


def research() -> None:
    """Write the customers with what the lists say of them, their labels, and the trial of three products."""
    book = Workbook()
    fill(book, "客户", ("序号", "名称", "统一社会信用代码"), CUSTOMERS)
    fill(
        book,
        "名单查询",
        ("查询命中的名称", "命中记录的代码", "记录种类", "列入或发布日期", "移出日期"),
        LISTED,
        "按名称在官方网站查询，基准日 2026-10-31。",
    )
    names = ("川麓商贸", "北屿食品", "安岭餐饮")
    heads: Row = ("标签", "权数（%）", *(f"{name}{what}" for name in names for what in ("得分", "距今天数")))
    fill(book, "画像标签", heads, LABELS, "得分越高风险越低；距今天数是标签最近一次更新到 2026-10-31 的天数。")
    trial: Row = ("产品", "单价（元/次）", "查得数", "查得的坏客户数", "提示风险的户数", "其中确为坏客户")
    fill(book, "产品试用", trial, PRODUCTS, "样本为 500 家已知结果的企业，其中坏客户 80 家；按查询次数收费，查不到也收费。")
    save_book(book, FILES / "客户与征信产品.xlsx")


def approval() -> None:
    """Write the cash flows of a customer and the samples that try new weights."""
    book = Workbook()
    fill(book, "近四季", ("季度", "净利润（万元）", "经营活动现金净流量（万元）"), QUARTERS, "客户：穗宁连锁超市有限公司。")
    heads: Row = ("月份", "含税销售（万元）", "采购付款（万元）", "费用付现（万元）", "到期债务本息（万元）")
    fill(book, "现金预测", heads, FORECAST, f"2026 年 10 月末现金 {OPENING} 万元，没有可以动用的银行额度。")
    split: Row = ("分数段", "原权数：坏客户", "原权数：好客户", "新权数：坏客户", "新权数：好客户")
    fill(book, "建模样本", split, MODELLED, "2023—2024 年授信的客户，新权数是用这一样本求出的。")
    fill(book, "保留样本", split, HELD_OUT, "2025 年授信的客户，没有用来求权数。")
    save_book(book, FILES / "授信与评分.xlsx")


def trade() -> None:
    """Write a country report and the papers of a buyer abroad that asked for reorganisation."""
    document = new_document(
        "国际业务资料", "出口人：澜湖食品集团有限公司。资料一是 K 国的国家风险报告摘录；资料二至四是一家美国买方破产的资料，金额单位为美元。"
    )
    for title, heads, rows in (
        ("资料一　国家风险报告摘录", ("Item", "Content"), COUNTRY),
        ("资料二　美国买方", ("项目", "内容"), DEBTOR),
        ("资料三　未收款的发票", ("发票", "内容", "金额", "装运日", "买方收到日"), DELIVERIES),
        ("资料四　申请日以前收到的款项", ("到账日", "金额", "性质"), PAYMENTS),
    ):
        document.add_heading(title, level=2)
        add_table(document, heads, rows)
    save_document(document, FILES / "国际业务资料.docx")


def system() -> None:
    """Write how mature the handling of data is, who may look at what and did, and the quality of six months."""
    book = Workbook()
    fill(book, "数据能力", ("能力域", "权数（%）", "得分（1 至 5 分）"), DOMAINS)
    fill(book, "岗位权限", ("操作人", "可查区域"), ROLES)
    fill(book, "个人授权书", ("授权编号", "授权用途", "签署日期"), CONSENTS)
    heads: Row = ("序号", "操作人", "对象所在区域", "对象类型", "授权编号", "查询用途", "导出条数", "导出审批号")
    fill(book, "查询日志", heads, LOG, "均发生在 2026 年 10 月。")
    fill(book, "质量数据", ("月份", "抽检批数", "不合格批数", "出货量（万件）", "投诉（件）"), QUALITY, "六个月内没有召回。")
    save_book(book, FILES / "设施与合规.xlsx")


def domains() -> None:
    """Write the suppliers, the grades of the lender's customers and the merchants of the platform."""
    book = Workbook()
    fill(book, "供应商", ("物料", "占采购额（%）", "替代难度分", "交期波动分", "财务风险分"), SUPPLIERS, "三项风险分均为 0 至 100，越高风险越大。")
    fill(book, "信贷等级", ("等级", "年初户数", "当年违约户数", "违约损失率"), GRADES)
    fill(book, "定价参数", ("项目", "数值"), COSTS)
    fill(book, "商户", ("商户", "信用分", "月交易额（万元）", "月订单数", "月投诉数"), MERCHANTS)
    save_book(book, FILES / "重点领域业务.xlsx")


WRITERS = (research, approval, trade, system, domains)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in WRITERS:
        write()
