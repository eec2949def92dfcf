"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from pathlib import Path

from openpyxl import Workbook

from question_bank.packs.case_files import Row, add_table, fill, new_document, save_book, save_document

FILES = Path(__file__).with_name("files")

YEARS: Row = ("2023年", "2024年", "2025年")
STATEMENTS: list[Row] = [
    ("营业收入", 36500, 40150, 45990),
    ("营业成本", 27375, 29200, 32120),
    ("利息收入", 12, 15, 18),
    ("利息支出", 330, 430, 620),
    ("净利润", 1460, 1890, 2400),
    ("经营活动现金净流量", 1100, 300, -720),
    ("货币资金", 4800, 5200, 6000),
    ("应收账款", 7300, 9900, 15120),
    ("存货", 5400, 6400, 9680),
    ("有息负债", 6000, 8200, 11800),
]
PROVIDERS: list[Row] = [
    ("甲", 8.0, 400, 340, 323, "持牌征信机构，授权链完整"),
    ("乙", 6.5, 400, 260, 247, "备案企业征信机构，授权链完整"),
    ("丙", 5.0, 400, 350, 336, "不能说明个人信息的来源，合同要求使用方自行担责"),
    ("丁", 9.6, 400, 360, 351, "跨国征信公司境内机构，授权链完整"),
]
NEWS: list[Row] = [
    (1, "拖欠供应商货款，被起诉", "泓远装备股份有限公司", "法院公告", 3, 3, ""),
    (2, "媒体称泓远装备被供应商起诉", "泓远装备股份有限公司", "商业媒体", 2, 3, "转载第 1 条"),
    (3, "因消防问题受行政处罚", "泓远装备租赁部（个体工商户，无关联）", "政府网站", 3, 3, ""),
    (4, "控股股东所持股权被冻结", "泓远装备股份有限公司", "公示系统", 3, 3, ""),
    (5, "网友称其二厂已停产", "泓远装备股份有限公司", "网络论坛", 0.5, 4, ""),
    (6, "获得行业协会质量奖", "泓远装备股份有限公司", "行业协会", 2, -1, ""),
]
INDICATORS: list[Row] = [
    ("流动比率", "正", 1.35, 1.50, 25, 15),
    ("资产负债率（%）", "逆", 64, 60, 20, 20),
    ("应收账款周转天数（天）", "逆", 96, 80, 20, 20),
    ("销售净利率（%）", "正", 5.4, 4.5, 20, 15),
    ("现金含量", "正", 0.45, 0.90, 15, 30),
]
CAPACITY: list[Row] = [
    ("客户净资产（万元）", 8600),
    ("客户无形资产（万元）", 1100),
    ("客户可承受比例（占有形净资产）", "10%"),
    ("客户年采购额（万元，365 天）", 5475),
    ("拟定信用期（天）", 45),
    ("平均延付天数（天）", 8),
    ("本公司年赊销额（万元，365 天）", 73000),
    ("本公司目标 DSO（天）", 55),
    ("本公司现有应收账款（万元）", 10350),
]
CREDIT: list[Row] = [
    ("Form of credit", "Irrevocable; UCP 600（不可撤销，适用 UCP 600）"),
    ("Applicant", "Marisol Pumps Trading S.A."),
    ("Beneficiary", "Lingbo Power Group Co., Ltd.（凌波动力集团有限公司）"),
    ("Amount", "USD 480,000.00（没有 about 字样）"),
    ("Latest date of shipment", "2026-08-20"),
    ("Date of expiry", "2026-09-14，在议付行柜台"),
    ("Period for presentation", "Within 15 days after the date of shipment, but within the validity of the credit"),
    ("Documents required 1", "Signed commercial invoice in triplicate"),
    ("Documents required 2", "Full set of clean on board ocean bills of lading, made out to order, marked freight prepaid"),
    ("Documents required 3", "Insurance policy for 110% of invoice value covering ICC (A)"),
    ("Documents required 4", "Inspection certificate issued by SGQ Inspection, dated not later than the date of shipment"),
]
PRESENTED: list[Row] = [
    ("商业发票", "已签字，三份，金额 USD 480,000.00"),
    ("提单", "全套、清洁、已装船，装船日 2026-08-18，抬头 to order，运费批注 FREIGHT COLLECT"),
    ("保险单：金额和险别", "USD 528,000.00，ICC (A)"),
    ("保险单：日期", "签发日和生效日均为 2026-08-21"),
    ("检验证书", "SGQ Inspection 签发，日期 2026-08-17"),
    ("交单", "2026-09-04 向议付行交单"),
]
CLAIM: list[Row] = [
    ("买方", "Nordvik Anlegg AS（赊销 O/A，已被当地法院宣告破产）"),
    ("未付发票金额", "300,000 欧元，没有贸易争议"),
    ("短期出口信用保险批复的买方信用限额", "250,000 欧元"),
    ("赔偿比例（破产）", "90%，以限额以内的损失为基数"),
    ("折算汇率", "1 欧元＝7.90 元人民币"),
]
OVERSEAS: list[Row] = [
    ("方案一：当地追账公司", "预计回收 45%", "回收额的 25%", "0"),
    ("方案二：国内机构转委托", "预计回收 38%", "回收额的 15%", "2,000"),
    ("方案三：当地律师诉讼", "预计回收 56%", "0", "35,000"),
]
SCORES: list[Row] = [
    ("功能匹配", 30, 85, 90, 92),
    ("与 ERP 集成", 20, 80, 75, 90),
    ("规则引擎与预警", 15, 90, 85, 88),
    ("安全与合规", 15, 85, 90, 70),
    ("实施与服务", 10, 80, 85, 82),
    ("供应商自身信用", 10, 70, 80, 85),
]
COSTS: list[Row] = [
    ("软件许可（一次性）", 120, 150, 95),
    ("实施（一次性）", 60, 70, 50),
    ("运维（每年）", 18, 22, 15),
    ("本公司投入人工（五年合计）", 40, 40, 30),
]
MANDATORY: list[Row] = [
    ("权限和操作日志不可篡改", "满足", "满足", "满足"),
    ("数据在境内存储和处理", "满足", "满足", "不满足（分析节点在境外）"),
    ("额度占用实时计算", "满足", "满足", "满足"),
]
ORDERS: list[Row] = [
    (1, "P 公司", "G1", 80, 0, "无"),
    (2, "Q 公司", "G1", 90, 0, "无"),
    (3, "R 公司", "G2", 150, 18, "无"),
    (4, "S 公司", "G3", 30, 0, "列入严重失信主体名单"),
]
USED: list[Row] = [
    ("G1", 1000, "P 公司", 380, 60),
    ("G1", 1000, "Q 公司", 410, 50),
    ("G2", 500, "R 公司", 200, 0),
    ("G3", 200, "S 公司", 40, 0),
]
SUPPLIERS: list[Row] = [
    ("质量", 30, 88, 80, 95),
    ("交付", 25, 82, 90, 92),
    ("财务", 20, 75, 85, 88),
    ("合规", 15, 80, 78, 55),
    ("社会责任", 10, 70, 80, 75),
]
LOANS: list[Row] = [
    ("正常", 9200, ""),
    ("关注", 500, "其中 120 万元已逾期 95 天"),
    ("次级", 160, ""),
    ("可疑", 100, ""),
    ("损失", 40, ""),
]
PROVISION = 540
SEGMENTS: list[Row] = [("A", 6000, "1.0%", "40%"), ("B", 3000, "2.5%", "45%"), ("C", 1000, "8.0%", "50%")]
REVIEWS: list[Row] = [
    (1, "地址01", 95, "好评"),
    (2, "地址07", 8, "好评"),
    (3, "地址02", 210, "差评"),
    (4, "地址07", 6, "好评"),
    (5, "地址03", 64, "好评"),
    (6, "地址07", 11, "好评"),
    (7, "地址04", 15, "差评"),
    (8, "地址05", 130, "好评"),
    (9, "地址09", 9, "好评"),
    (10, "地址06", 88, "差评"),
    (11, "地址09", 7, "好评"),
    (12, "地址08", 42, "好评"),
    (13, "地址09", 12, "好评"),
    (14, "地址10", 12, "好评"),
    (15, "地址11", 75, "差评"),
    (16, "地址07", 10, "好评"),
    (17, "地址12", 56, "好评"),
    (18, "地址09", 5, "好评"),
    (19, "地址09", 60, "好评"),
    (20, "地址13", 33, "差评"),
]


def research() -> None:
    """Write a customer's statements, the trial of four data providers, and what the media say."""
    book = Workbook()
    fill(
        book,
        "报表摘要",
        ("项目", *YEARS),
        STATEMENTS,
        "泓远装备股份有限公司　单位：万元。2025 年行业毛利率中值 24.5%，一年期存款利率约 1.1%。",
    )
    heads: Row = ("供应商", "单价（元/次）", "样本数", "查得数", "查得且准确数", "来源与授权核查")
    fill(book, "数据供应商试查", heads, PROVIDERS, "样本为本公司已掌握真实情况的 400 家企业。")
    fill(book, "舆情摘录", ("序号", "内容", "主体", "来源", "来源权重", "影响程度", "备注"), NEWS)
    save_book(book, FILES / "资信核查.xlsx")


def approval() -> None:
    """Write the figures of the scoring model and of the limit."""
    book = Workbook()
    heads: Row = ("指标", "方向", "客户值", "行业中值", "原权数（%）", "拟调权数（%）")
    fill(book, "评分模型", heads, INDICATORS, "客户：澄野工程机械有限公司。原来的权数用了五年；回溯检验显示现金含量对违约的区分能力最强。")
    fill(book, "额度测算", ("项目", "数值"), CAPACITY)
    save_book(book, FILES / "授信测算.xlsx")


def trade() -> None:
    """Write the letter of credit, what was presented under it, and two claims abroad."""
    document = new_document(
        "出口业务资料",
        "受益人：凌波动力集团有限公司。资料一、二为信用证业务；资料三、四为两笔境外应收款。议付行所在地在资料所涉的各日期均为银行工作日。",
    )
    for title, heads, rows in (
        ("资料一　信用证主要条款", ("Field", "Content"), CREDIT),
        ("资料二　提交的单据", ("单据", "内容"), PRESENTED),
        ("资料三　已投保的破产买方", ("项目", "内容"), CLAIM),
        ("资料四　境外欠款 120,000 美元的追收方案", ("方案", "预计回收", "佣金", "固定费用（美元）"), OVERSEAS),
    ):
        document.add_heading(title, level=2)
        add_table(document, heads, rows)
    save_document(document, FILES / "出口业务资料.docx")


def system() -> None:
    """Write the offers for the credit system, and the orders that try its rules."""
    book = Workbook()
    fill(book, "技术评分", ("指标", "权数（%）", "甲", "乙", "丙"), SCORES)
    fill(book, "费用", ("项目（万元）", "甲", "乙", "丙"), COSTS, "五年总拥有成本＝一次性费用＋每年运维费×5＋本公司投入人工。")
    fill(book, "强制要求", ("要求", "甲", "乙", "丙"), MANDATORY)
    fill(book, "额度占用", ("集团", "集团额度（万元）", "成员", "应收余额（万元）", "已放行未开票（万元）"), USED)
    fill(book, "测试订单", ("到达次序", "客户", "集团", "金额（万元）", "最长逾期天数", "名单核查"), ORDERS)
    save_book(book, FILES / "系统选型与规则测试.xlsx")


def domains() -> None:
    """Write the figures of the suppliers, of the lender and of the shop."""
    book = Workbook()
    fill(book, "供应商评分", ("指标", "权数（%）", "A 供应商", "B 供应商", "C 供应商"), SUPPLIERS)
    fill(book, "贷款分类", ("类别", "余额（万元）", "备注"), LOANS, f"贷款损失准备余额 {PROVISION} 万元。")
    fill(book, "贷款分段", ("分段", "违约风险暴露（万元）", "违约概率", "违约损失率"), SEGMENTS)
    fill(book, "店铺评价", ("序号", "收货地址", "下单前停留（秒）", "评价"), REVIEWS)
    save_book(book, FILES / "重点领域.xlsx")


WRITERS = (research, approval, trade, system, domains)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in WRITERS:
        write()
