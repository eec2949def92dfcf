"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from question_bank.packs.case_files import Row, add_table, fill, new_document, save_book, save_document

FILES = Path(__file__).with_name("files")
BASE = date(2026, 9, 30)

TRIALS: list[Row] = [
    ("甲数据", 250, 200, 190, 6, 12, "授权文件齐全"),
    ("乙数据", 250, 225, 207, 7.2, 5, "授权文件齐全"),
    ("丙数据", 250, 240, 235, 5, 3, "不能说明个人信息的来源，没有上游授权"),
    ("丁数据", 250, 150, 147, 4.2, 20, "授权文件齐全"),
]
NEEDS: list[Row] = [
    ("深度调查报告（A 类客户）", 24, 1500),
    ("普通调查报告（B 类客户）", 90, 600),
    ("基本信息报告（C 类客户）", 260, 120),
    ("全年监测（A、B 类客户，每户）", 114, 200),
]
SCHEMES: list[Row] = [
    ("方案一 逐份购买", "三种报告按单价逐份购买；监测另按每户单价购买"),
    ("方案二 年度会员", "会费 30000 元；三种报告按单价的 70% 购买；含全年监测，不另收费"),
    (
        "方案三 包量套餐",
        "套餐价 88000 元，含深度报告 20 份、普通报告 80 份、基本报告 300 份，没有用完的不退；超出的份数按单价的 110% 购买；监测另按每户单价购买",
    ),
]
CUSTOMERS: list[Row] = [
    ("启明商贸", 82, 300, 0, "无"),
    ("茂源批发", 70, 180, 60, "无"),
    ("利群副食", 64, 520, 35, "无"),
    ("三禾小吃", 58, 90, 20, "无"),
    ("云海贸易", 91, 700, 0, "2026 年 8 月被列为失信被执行人，名单尚未删除"),
]
SHARES: list[Row] = [
    ("骆行舟", "汇泽控股", "70%"),
    ("骆行舟", "晴川商贸", "20%"),
    ("汇泽控股", "晴川商贸", "55%"),
    ("汇泽控股", "远帆副食", "40%"),
    ("晴川商贸", "远帆副食", "35%"),
    ("骆行舟", "禾丰批发", "18%"),
    ("远帆副食", "禾丰批发", "25%"),
    ("方岚", "集美便利", "100%"),
]
LIMITS: list[Row] = [
    ("晴川商贸", 260, "骆行舟任法定代表人"),
    ("远帆副食", 180, "由晴川商贸委派经理"),
    ("禾丰批发", 120, "其余股东与骆行舟没有亲属关系和协议安排，没有代付和担保"),
    ("集美便利", 60, "方岚是骆行舟的配偶；2026 年 3 次代远帆副食支付货款"),
]
REPORT: list[str] = [
    "报告日期：2026-09-12。被调查企业：晴川商贸有限公司。登记事项与国家企业信用信息公示系统 2026-09-10 的记载一致。",
    "股东及持股比例：骆行舟 20%，汇泽控股 55%，其他自然人 30%。",
    "财务摘要（截至 2023-12-31，单位万元）：资产总计 3200，负债合计 1900，净资产 1300；营业收入 5400。报告没有更新的财务数据。",
    "涉诉情况：未发现。",
    "银行信贷信息：本次调查未取得被调查企业的授权，未查询，未载入。",
    "附：本公司调查员 2026-09-20 在裁判文书公开网站查得，晴川商贸 2026 年 4 月在一件买卖合同纠纷中作为被告，被判支付货款 46 万元，6 月已经付清。",
]
APPEAL: list[str] = [
    "我公司 2026 年 9 月 25 日收到贵公司通知，赊销额度由 180 万元调到 144 万元。我们有三点意见：",
    "一、8 月 31 日到期的货款 36 万元，我们 8 月 28 日已经汇出，贵公司当日收到（附银行回单），却被计为没有按期回款。",
    "二、请公开评分的全部细则，并告知晴川、禾丰、集美三家的得分，以便我们比较。",
    "三、请恢复 180 万元额度，否则我们将向有关部门投诉。",
]
RESULTS: list[Row] = [
    ("晴川商贸", 1200, 1260, 1180, 1121, 1197, 0, 0, 260),
    ("远帆副食", 800, 760, 750, 525, 532, 1, 12, 180),
    ("禾丰批发", 500, 450, 440, 396, 405, 0, 32, 120),
    ("集美便利", 300, 240, 230, 184, 204, 0, 1, 60),
]
CLASSES: list[Row] = [
    ("A 类", 18250, 30, 0.008, 0.5),
    ("B 类", 10950, 45, 0.02, 0.5),
    ("C 类", 3650, 60, 0.06, 0.6),
]
INVOICES: list[tuple[str, int, int, float, float]] = [
    ("晴川商贸", -25, 30, 96, 0),
    ("春和超市", -15, 30, 108, 0),
    ("禾丰批发", -12, 45, 50, 0),
    ("一诺餐饮", -10, 30, 70, 0),
    ("晴川商贸", -8, 30, 84, 0),
    ("春和超市", -4, 30, 60, 0),
    ("一诺餐饮", -3, 30, 48, 0),
    ("远帆副食", 0, 45, 60, 0),
    ("集美便利", 1, 30, 30, 8),
    ("北辰食品", 10, 30, 62, 0),
    ("远帆副食", 12, 45, 45, 0),
    ("永昌商行", 30, 30, 26, 0),
    ("永昌商行", 31, 30, 35, 5),
    ("禾丰批发", 32, 45, 40, 0),
    ("百味食品", 66, 30, 38, 0),
    ("鼎盛副食", 90, 30, 24, 0),
    ("鼎盛副食", 91, 30, 18, 6),
    ("长兴粮油", 150, 30, 20, 0),
]
RATES: list[Row] = [("未到期", 0.005), ("逾期 1—30 天", 0.03), ("逾期 31—90 天", 0.15), ("逾期 90 天以上", 0.5)]
COLLATERAL: list[Row] = [
    ("仓库一座（不动产）", "远帆副食", 300, 0.6, 120, "在先为银行登记抵押，银行债权余额 120 万元"),
    ("冷藏车两辆", "远帆副食", 50, 0.5, 0, "自有，没有设立过担保"),
    ("幼儿园教学楼", "骆行舟举办的非营利民办幼儿园", 180, 0.5, 0, "正在用于教学"),
    ("对连锁超市的应收账款", "远帆副食", 100, 0.7, 0, "真实，没有转让和质押过"),
    ("灌装设备一套", "禾丰批发", 40, 0.5, 0, "2026 年 5 月被法院查封"),
]
WATCHED: list[Row] = [
    ("春和超市", 200, 170, 165, 168, 0, 0, 900),
    ("一诺餐饮", 150, 120, 126, 118, 0, 0, 500),
    ("北辰食品", 100, 70, 66, 62, 10, 45, 400),
]
QUEUES: list[Row] = [("逾期 1—30 天", 600, 2, 6), ("逾期 31—60 天", 240, 4, 8), ("逾期 61—90 天", 90, 6, 12)]
SEAT: list[Row] = [("每月工作日（天）", "22"), ("每日在岗时间（小时）", "6.5"), ("有效利用率", "80%")]
SUITS: list[Row] = [
    ("案一 瑞丰商行", 80, 0.9, 0.7, 1.2, 0.1, 45, date(2025, 8, 15), "今年 3 月签过对账单"),
    ("案二 恒盛超市", 150, 0.85, 0.8, 2, 0.1, 75, date(2025, 6, 30), "今年 5 月付过一部分"),
    ("案三 宏图副食", 30, 0.6, 0.4, 0.6, 0.1, 6, date(2023, 11, 10), "从没有催告，也没有付款；拒绝书面确认债务"),
]
RECEIPTS: list[Row] = [
    ("H1", date(2026, 7, 1), 95, date(2026, 7, 20), 30, 2, "本公司账户"),
    ("H2", date(2026, 7, 1), 120, date(2026, 6, 28), 12, 0, "本公司账户"),
    ("H3", date(2026, 7, 1), 210, date(2026, 8, 15), 20, 0, "本公司账户"),
    ("H4", date(2026, 8, 1), 180, date(2026, 9, 10), 15, 0, "本公司账户"),
    ("H5", date(2026, 8, 1), 100, date(2026, 9, 22), 8, 0, "机构账户，尚未转付"),
]
CLAIM: list[Row] = [("受托机构申报的佣金", 13)]
RECORDS: list[Row] = [
    ("记录一", "本公司", "一般", "2026-05-10", "2026-06-02"),
    ("记录二", "鼎盛副食", "严重", "2026-04-15", "2026-09-01"),
    ("记录三", "本公司", "一般", "2026-04-20", "2026-09-15"),
    ("记录四", "一诺餐饮", "轻微", "2026-08-25", "2026-09-05"),
    ("记录五", "百味食品", "严重", "2026-06-08", "2026-07-01"),
]
FINDINGS: list[str] = [
    "各区域自建档案，客户名称写法不一，有 37 户因此重复建档；没有使用统一社会信用代码。",
    "金额单位有元、有万元，更新日期有三成空缺；采集来源没有记录。",
    "同一客户的征信报告在三个部门各买一份。",
    "查阅没有登记；离职人员的账号仍可以使用。",
]


def buying() -> None:
    """Write the trials of four suppliers, the yearly needs with three schemes, and the customers to classify."""
    book = Workbook()
    heads: Row = ("供应商", "送查户数", "查得户数", "其中核对无误户数", "单价（元/次）", "平均滞后（天）", "授权核查")
    fill(book, "抽样回测", heads, TRIALS, "按次收费，查不到也收费。")
    fill(book, "年度需求", ("项目", "数量", "单价（元）"), NEEDS)
    fill(book, "采购方案", ("方案", "内容"), SCHEMES)
    heads = ("客户", "信用得分", "近 12 个月赊销额（万元）", "近 12 个月最长逾期（天）", "公共信用记录")
    fill(book, "客户清单", heads, CUSTOMERS)
    save_book(book, FILES / "信息采购与客户清单.xlsx")


def dealers() -> None:
    """Write who holds what, the limits, an extract of a report, and a dealer's appeal."""
    document = new_document("经销商授信材料", "整理日期：2026-09-30　　本材料供授信审批使用，不得外传。")
    document.add_heading("一、持股关系", level=2)
    add_table(document, ("股东", "被投资企业", "持股比例"), SHARES)
    document.add_heading("二、四家经销商的已批额度和其他情况（万元）", level=2)
    add_table(document, ("经销商", "已批额度", "其他情况"), LIMITS)
    document.add_heading("三、外购征信报告（摘录）", level=2)
    for text in REPORT:
        document.add_paragraph(text)
    document.add_heading("四、远帆副食的申诉信", level=2)
    for text in APPEAL:
        document.add_paragraph(text)
    save_document(document, FILES / "经销商授信材料.docx")


def results() -> None:
    """Write the dealers' results and the plan of credit sales by class of customer."""
    book = Workbook()
    heads: Row = ("经销商", "年度目标", "实际提货", "应回款", "按期回款", "终端售出", "窜货次数", "现有最长逾期（天）", "现额度")
    fill(book, "渠道业绩", heads, RESULTS, "金额单位：万元；统计期 2025 年 10 月至 2026 年 9 月。")
    fill(book, "赊销规模", ("客户群", "计划年赊销额（万元）", "目标 DSO（天）", "违约概率", "违约损失率"), CLASSES)
    save_book(book, FILES / "渠道业绩与赊销规模.xlsx")


def receivables() -> None:
    """Write the open invoices with the rates of loss, what is offered as security, and the limits that are watched."""
    book = Workbook()
    invoices: list[Row] = [
        (f"TX{number}", customer, BASE - timedelta(days=late + term), term, amount, paid)
        for number, (customer, late, term, amount, paid) in enumerate(INVOICES, start=3101)
    ]
    fill(book, "应收明细", ("发票号", "客户", "开票日", "信用期（天）", "金额（万元）", "已收（万元）"), invoices, "基准日 2026-09-30。")
    fill(book, "损失率", ("账龄", "预期损失率"), RATES)
    fill(book, "担保物", ("财产", "权利人", "评估值（万元）", "抵押率或者质押率", "在先债权（万元）", "状况"), COLLATERAL)
    heads: Row = ("客户", "额度", "7 月末占用", "8 月末占用", "9 月末占用", "最长逾期（天）", "涉诉金额", "净资产")
    fill(book, "额度监控", heads, WATCHED, "金额单位：万元。")
    save_book(book, FILES / "应收与担保.xlsx")


def collection() -> None:
    """Write the queues and a seat's hours, three suits, and an agency's account."""
    book = Workbook()
    fill(book, "催收队列", ("队列", "账户数", "每户每月联系次数", "每次用时（分钟，含记录）"), QUEUES)
    fill(book, "座席参数", ("项目", "数值"), SEAT)
    heads: Row = ("案件", "本金", "胜诉率", "可执行率", "法院费用", "律师费占回收额", "和解可得净额", "约定付款日", "情况")
    fill(book, "诉讼测算", heads, SUITS, "金额单位：万元；今天是 2026-09-30。")
    heads = ("编号", "委托日", "委托日的逾期天数", "到账日", "金额", "其中违约金", "收款账户")
    fill(book, "外委结算", heads, RECEIPTS, "金额单位：万元。")
    fill(book, "机构申报", ("项目", "金额（万元）"), CLAIM)
    save_book(book, FILES / "催收作业资料.xlsx")


def rules() -> None:
    """Write the records of discredit and what an inspection of the files found."""
    document = new_document("合规与标准化资料", "整理日期：2026-09-30。五条记录都已经或者将在履行义务的当天公开作出信用承诺，没有其他限制条件。")
    document.add_heading("一、失信信息", level=2)
    add_table(document, ("记录", "主体", "类别", "认定文书日期", "义务履行完毕日"), RECORDS)
    document.add_heading("二、客户档案检查发现", level=2)
    for number, text in enumerate(FINDINGS, start=1):
        document.add_paragraph(f"{number}．{text}")
    save_document(document, FILES / "合规与标准化资料.docx")


WRITERS = (buying, dealers, results, receivables, collection, rules)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in WRITERS:
        write()
