"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from question_bank.packs.case_files import Row, add_table, fill, new_document, save_book, save_document

FILES = Path(__file__).with_name("files")
BASE = date(2026, 10, 31)

YEARS: Row = ("2023年", "2024年", "2025年")
BALANCE: list[Row] = [
    ("货币资金", 620, 540, 410),
    ("应收账款", 1500, 2000, 2900),
    ("存货", 1200, 1520, 2280),
    ("其他流动资产", 180, 190, 210),
    ("流动资产合计", 3500, 4250, 5800),
    ("固定资产", 1800, 1850, 1900),
    ("无形资产", 200, 200, 200),
    ("资产总计", 5500, 6300, 7900),
    ("短期借款", 900, 1200, 1900),
    ("应付账款", 1000, 1150, 1600),
    ("其他流动负债", 300, 350, 400),
    ("流动负债合计", 2200, 2700, 3900),
    ("长期借款", 600, 700, 900),
    ("负债合计", 2800, 3400, 4800),
    ("净资产（所有者权益）", 2700, 2900, 3100),
]
INCOME: list[Row] = [
    ("营业收入", 7300, 8030, 8760),
    ("营业成本", 5475, 5840, 6205),
    ("息税前利润", 380, 420, 480),
    ("利息费用", 80, 110, 160),
    ("净利润", 225, 232.5, 240),
    ("经营活动现金净流量", 180, -60, -320),
]
MEDIANS: list[Row] = [
    ("流动比率", 1.45),
    ("速动比率", 0.95),
    ("资产负债率（%）", 58),
    ("应收账款周转天数（天）", 85),
    ("存货周转天数（天）", 90),
    ("利息保障倍数", 4.2),
    ("现金含量", 0.9),
    ("毛利率（%）", 24),
]
FEATURES: list[Row] = [
    ("客户自身特征", "经营年限", 5, 8),
    ("客户自身特征", "管理层与公司治理", 8, 7),
    ("客户自身特征", "产品与市场", 7, 7),
    ("客户自身特征", "竞争地位", 8, 6),
    ("优先性特征", "交易年限与依存度", 6, 9),
    ("优先性特征", "在本公司的付款记录", 18, 8),
    ("优先性特征", "价格与条件的接受程度", 6, 7),
    ("信用与财务特征", "盈利能力", 10, 6),
    ("信用与财务特征", "偿债能力", 16, 6),
    ("信用与财务特征", "现金流量", 16, 4),
]
APPLICATION: list[Row] = [
    ("申请人", "岑岭环境工程有限公司（2014 年设立，与本公司交易 6 年）"),
    ("申请赊销额度", "600 万元"),
    ("申请信用期", "90 天"),
    ("预计月均采购额（含税）", "110 万元"),
    ("近 12 个月平均延付天数", "20 天"),
    ("法定代表人", "岑望舒"),
    ("控股股东", "岑岭控股有限公司，持股 80%"),
]
GROUP: list[Row] = [
    ("澄波水务设备有限公司", 260, 215, "无逾期"),
    ("青砚管道安装有限公司", 120, 96, "其中 30 万元已逾期 38 天"),
]
GUARANTEE = (
    "致澜川风机制造有限公司：岑岭环境工程有限公司向贵公司购货所欠的货款，在其不能履行付款义务时，由本公司承担保证责任。"
    "　　岑岭控股有限公司（盖章）　2026 年 10 月 20 日"
)
OPEN: list[tuple[str, int, float]] = [
    ("甲", -38, 210),
    ("丁", -30, 180),
    ("戊", -26, 165),
    ("己", -21, 240),
    ("乙", -17, 150),
    ("辛", -12, 136),
    ("庚", -6, 145),
    ("戊", 0, 100),
]
LATE: list[tuple[str, int, float]] = [
    ("丁", 12, 96),
    ("丙", 25, 120),
    ("己", 40, 84),
    ("庚", 58, 110),
    ("辛", 75, 74),
    ("戊", 97, 60),
    ("己", 140, 80),
]
SALES: list[Row] = [("2026年8月", 31, 900), ("2026年9月", 30, 1020), ("2026年10月", 31, 1200)]
QUOTES: list[Row] = [
    ("未来一年赊销额（万元）", "6000"),
    ("预期坏账损失率（占赊销额）", "1.2%"),
    ("信用保险：保险费率（按赊销额）", "0.45%"),
    ("信用保险：全年资信调查费（万元）", "6"),
    ("信用保险：赔偿比例（假定坏账均属承保范围，在限额以内）", "85%"),
    ("无追索权保理：可受让的赊销额比例（坏账按同一比例转出）", "80%"),
    ("无追索权保理：手续费率（按受让额，不融资）", "1.1%"),
]
ORDERS: list[Row] = [
    ("甲公司", 300, 210, 40, 45, 0),
    ("乙公司", 200, 150, 30, 60, 0),
    ("丙公司", 250, 120, 0, 50, 25),
]
CASES: list[tuple[str, str]] = [
    (
        "案卷一　云麓公司",
        (
            "货款 52 万元，约定付款日 2024-03-15，到期未付。2025-06-20 云麓公司签收了本公司的书面催款函，此后再无联系和付款。"
            "对债务没有争议，双方无其他债务纠纷，住所不变，正常经营，可以送达。"
        ),
    ),
    (
        "案卷二　松涧公司",
        (
            "货款 140 万元，约定付款日 2026-07-15。松涧公司的股东闻溪公司书面承诺“松涧公司到期不付的，由我方承担连带保证责任”，没有写保证期间。"
            "10 月起松涧公司向关联企业低价转让设备，银行账户余额尚有约 90 万元。"
        ),
    ),
    (
        "案卷三　远汀公司",
        (
            "货款 86 万元，约定付款日 2026-06-10，合同约定逾期按欠款每日万分之五计付违约金，自付款日的次日起算，单利。"
            "法院 2026-09-18 裁定受理远汀公司破产清算，申报期至 2026-11-30。"
        ),
    ),
    ("案卷四　和煦公司", "货款 18 万元，逾期 9 天，多年守信，称财务换人漏付，愿意本周付清。"),
    (
        "案卷五　石桥公司",
        "货款 64 万元，逾期 66 天。石桥公司在约定的检验期内书面提出两台风机噪声超标，要求更换；其余货物无异议，售后部门尚未答复。",
    ),
]
AGENCIES: list[Row] = [
    ("甲机构", "62%", "回收额的 28%", "0", "登记正常，无处罚"),
    ("乙机构", "55%", "回收额的 15%", "3", "登记正常，无处罚；律师事务所"),
    ("丙机构", "70%", "回收额的 20%", "0", "2026 年 5 月因向债务人亲属、同事群发欠款信息受到行政处罚"),
]
CLAUSES: list[Row] = [
    (1, "甲方收到业主支付的工程款后 15 日内，向乙方支付相应货款。"),
    (2, "甲方以六个月期商业承兑汇票付款；乙方不接受的，付款期限顺延 90 日。"),
    (3, "货物到场后 10 日内验收，逾期不验收的视为合格；验收合格之日起 45 日内付款。"),
    (4, "乙方须以现金缴纳合同价 5% 的履约保证金，不接受金融机构保函。"),
    (5, "按月结算，双方确认结算金额之日起 30 日内付款。"),
]


def statements() -> None:
    """Write the customer's statements of three years and the medians of the industry."""
    book = Workbook()
    unit = "岑岭环境工程有限公司　单位：万元　未经审计"
    fill(book, "资产负债表", ("项目", *YEARS), BALANCE, unit)
    fill(book, "利润与现金流量", ("项目", *YEARS), INCOME, unit)
    fill(book, "行业中值", ("指标", "2025年行业中值"), MEDIANS)
    save_book(book, FILES / "客户报表.xlsx")


def application() -> None:
    """Write the application with the features that were scored, the group and the guarantee."""
    document = new_document("赊销信用申请材料", "受理日期：2026-10-22　　调查人：三级信用管理师 许晚舟　　本材料供授信审批使用，不得外传。")
    document.add_heading("一、申请摘要", level=2)
    add_table(document, ("项目", "内容"), APPLICATION)
    document.add_heading("二、特征分析打分（每项满分 10 分）", level=2)
    add_table(document, ("类别", "特征", "权数（%）", "得分"), FEATURES)
    document.add_heading("三、同一控股股东的其他客户（万元）", level=2)
    add_table(document, ("客户", "已批额度", "已用额度", "付款情况"), GROUP)
    document.add_heading("四、控股股东出具的保证书（全文）", level=2)
    document.add_paragraph(GUARANTEE)
    document.add_paragraph("附注：保证书未附股东会或者董事会决议；岑岭控股有限公司 2025 年末净资产 6200 万元，对外担保余额 4100 万元。")
    save_document(document, FILES / "信用申请材料.docx")


def receivables() -> None:
    """Write the open invoices, the sales, the quotations and the orders that wait."""
    book = Workbook()
    invoices: list[Row] = [
        (f"LC{number}", f"{customer}公司", BASE - timedelta(days=late), amount)
        for number, (customer, late, amount) in enumerate(OPEN + LATE, start=2601)
    ]
    fill(book, "应收明细", ("发票号", "客户", "到期日", "余额（万元）"), invoices, "基准日 2026-10-31；到期日当天不算逾期。")
    fill(book, "赊销额", ("月份", "天数", "赊销额（万元）"), SALES)
    fill(book, "转移方案报价", ("项目", "数值"), QUOTES)
    heads: Row = ("客户", "额度", "应收余额", "已放行未开票订单", "新订单", "最长逾期天数")
    fill(book, "待放行订单", heads, ORDERS, "金额单位：万元")
    save_book(book, FILES / "应收台账.xlsx")


def overdue() -> None:
    """Write the files of five debtors and the offers of three agencies."""
    document = new_document("逾期案卷摘要", "债权人：澜川风机制造有限公司　　整理日期：2026-10-31　　五案均无仲裁协议。")
    for title, text in CASES:
        document.add_heading(title, level=2)
        document.add_paragraph(text)
    document.add_heading("委托追账机构报价（五案以外另一批打包债权 300 万元）", level=2)
    add_table(document, ("机构", "预计回收率", "佣金", "固定费用（万元）", "合规核查"), AGENCIES)
    save_document(document, FILES / "逾期案卷.docx")


def purchases() -> None:
    """Write the payment clauses of the company's own purchase contracts."""
    document = new_document(
        "采购合同付款条款检查底稿",
        "甲方：澜川风机制造有限公司（大型企业）。乙方：五家供应商，均为中小企业，订约时已书面告知。合同均订立于 2026 年 1 月以后。",
    )
    add_table(document, ("序号", "付款条款"), CLAUSES)
    document.add_heading("投诉转办单", level=2)
    document.add_paragraph(
        "供应商萤石五金厂（小型企业）反映：货款 120 万元，货物于 2026-06-01 交付并验收，合同没有约定付款期限和逾期利息，"
        "甲方于 2026-09-15 才支付货款，没有支付逾期利息。"
    )
    save_document(document, FILES / "采购付款检查.docx")


WRITERS = (statements, application, receivables, overdue, purchases)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in WRITERS:
        write()
