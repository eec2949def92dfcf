"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from datetime import date
from pathlib import Path

from openpyxl import Workbook

from question_bank.packs.case_files import Row, add_table, fill, new_document, save_book, save_document

FILES = Path(__file__).with_name("files")

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CODES: list[tuple[str, str, str]] = [
    ("S1", "云岭造纸有限公司", "91330100MA2H41K67J"),
    ("S2", "澄江纸业有限公司", "91330100MA2J50R89D"),
    ("S3", "北岸再生纸有限公司", "91330100MA27X3L922"),
    ("S4", "松间纸板有限公司", "91330100MA1F8N207L"),
    ("S5", "远汀造纸有限公司", "91330100MA2G7T15X"),
]
RELATED: list[Row] = [
    ("G0", "云岭造纸有限公司（拟新增）", "段亦舟", "鼎川控股有限公司", "望江路 66 号 3 幢", "5550123"),
    ("G1", "平芜浆纸有限公司", "何知远", "鼎川控股有限公司", "白荡街 9 号", "5550341"),
    ("G2", "澄江纸业有限公司", "段亦舟", "吴晚（自然人）", "临湖路 21 号", "5550762"),
    ("G3", "北岸再生纸有限公司", "唐越", "唐越（自然人）", "望江路 66 号 3 幢", "5550918"),
    ("G4", "松间纸板有限公司", "段亦州", "鼎川实业有限公司", "望江路 68 号 3 幢", "5550132"),
    ("G5", "远汀造纸有限公司", "段亦舟", "鼎川控股有限公司", "青石桥 5 号", "5550406"),
]
OFFICIAL = "国家企业信用信息公示系统"
RECORDS: list[Row] = [
    ("R1", "云岭造纸 登记信息", OFFICIAL, "www.gsxt.gov.cn", "2026-10-20", "原文截图"),
    ("R2", "云岭造纸 行政处罚", "信用中国", "www.creditchina.gov.cn", "2026-10-20", "（无）"),
    ("R3", "云岭造纸 被执行信息", "某商业查询平台", "chashang.example.com", "2026-10-21", "原文截图"),
    ("R4", "云岭造纸 年报参保人数", OFFICIAL, "www.gsxt.gov.cn", "（无）", "原文截图"),
    ("R5", "云岭造纸 失信被执行人", "中国执行信息公开网", "（无）", "2026-10-21", "原文截图"),
]
POLICIES: list[Row] = [
    ("W1", "纸品包装业信用评价办法（2023 年）", "jxj.lanting.gov.cn", "2023-05-10", "2023-07-01", ""),
    ("W2", "纸品包装业绿色采购指引（征求意见稿）", "jxj.lanting.gov.cn", "2026-10-12", "—", "意见反馈截止 2026-11-12"),
    ("W3", "废纸回收企业信用分级规定", "sw.lanting.gov.cn", "2026-10-20", "2027-01-01", ""),
    ("W4", "纸品包装业信用评价办法（2026 年）", "jxj.lanting.gov.cn", "2026-08-01", "2026-09-01", "自施行之日起，2023 年的办法废止"),
    ("W5", "包装企业付款信用承诺办法", "baozhuang.example.com", "2026-02-10", "2026-03-01", "某公众号转载，没有注明原文出处"),
]
OUTPUT: list[Row] = [
    ("1月", 118.4, 121.2),
    ("2月", 96.3, 99.8),
    ("3月", 124.7, 127.5),
    ("4月", 127.9, 131.0),
    ("5月", 130.2, 133.6),
    ("6月", 131.5, 134.1),
    ("7月", 126.8, 129.4),
    ("8月", 128.1, 130.3),
    ("9月", 134.6, 138.0),
    ("10月", 130.0, 133.9),
]
MATERIALS: list[Row] = [
    ("M1", "营业执照照片", "2026-10-12", "jpg"),
    ("M2", "环保部门行政处罚决定书扫描件", "2026-09-18", "pdf"),
    ("M3", "2026 年 9 月利润表", "2026-10-15", "pdf"),
    ("M4", "银行贷款结清证明扫描件", "2026-10-15", "pdf"),
    ("M5", "行业协会颁发的荣誉证书照片", "2026-08-06", "jpg"),
    ("M6", "2026 年 9 月资产负债表", "2026-10-15", "pdf"),
    ("M7", "公司章程扫描件", "2026-10-12", "pdf"),
]
CREDITS: list[Row] = [
    ("SX-061", "朗汀食品", 60, 45, date(2026, 12, 31), 32.5),
    ("SX-047", "云渡日化", 80, 30, date(2026, 10, 15), 10.0),
    ("SX-066", "木石玩具", 30, 30, date(2027, 3, 31), 21.4),
    ("SX-058", "小满酒业", 50, 45, date(2027, 1, 31), 5.0),
    ("SX-052", "晴川电器", 100, 60, date(2026, 10, 28), 74.0),
]
ORDERS: list[Row] = [
    ("D101", "朗汀食品", 26.0, 45, date(2026, 10, 26)),
    ("D102", "云渡日化", 12.0, 30, date(2026, 10, 27)),
    ("D103", "木石玩具", 9.8, 30, date(2026, 10, 27)),
    ("D104", "小满酒业", 18.0, 60, date(2026, 10, 28)),
    ("D105", "晴川电器", 26.0, 60, date(2026, 10, 28)),
]
PRICES: dict[str, int] = {"牛卡纸": 3850, "瓦楞原纸": 2960}
KRAFT, FLUTED = PRICES
ACCEPTED: list[Row] = [
    ("SH-11", KRAFT, 20, 20, "验收合格"),
    ("SH-12", FLUTED, 30, 28.5, "1.5 吨受潮，当场退回，双方签字"),
    ("SH-13", KRAFT, 15, 15, "验收合格"),
    ("SH-14", FLUTED, 25, 0, "克重不符，整批拒收，双方签字"),
]
BILLED: list[tuple[str, int, int]] = [("SH-11", 20, 3850), ("SH-12", 30, 2960), ("SH-13", 15, 3980), ("SH-14", 25, 2960)]
STATEMENTS: list[Row] = [
    ("朗汀食品", date(2026, 10, 12), 325000, date(2026, 10, 19), 325000, "财务专用章", ""),
    ("云渡日化", date(2026, 10, 12), 100000, "未回", "—", "—", ""),
    ("木石玩具", date(2026, 10, 12), 214000, date(2026, 10, 20), 206400, "公章", "称 10 月 8 日退回色差纸箱 7600 元，退货单交业务员单遥"),
    ("小满酒业", date(2026, 10, 21), 50000, "未回", "—", "—", ""),
    ("晴川电器", date(2026, 10, 12), 740000, date(2026, 10, 22), 740000, "采购部门章", ""),
]
OPENING: list[Row] = [("江畔乳业", 42.0), ("青禾医药", 18.6), ("叠石文具", 9.5), ("远帆汽配", 55.0)]
FLOWS: list[Row] = [
    (date(2026, 10, 26), "江畔乳业", "赊销", 12.4),
    (date(2026, 10, 26), "青禾医药", "回款", 8.6),
    (date(2026, 10, 27), "叠石文具", "现销", 3.0),
    (date(2026, 10, 27), "远帆汽配", "回款", 20.0),
    (date(2026, 10, 28), "江畔乳业", "退货", 1.4),
    (date(2026, 10, 28), "叠石文具", "赊销", 6.2),
    (date(2026, 10, 29), "江畔乳业", "回款", 15.0),
    (date(2026, 10, 29), "远帆汽配", "赊销", 18.5),
    (date(2026, 10, 30), "青禾医药", "赊销", 7.5),
    (date(2026, 10, 31), "远帆汽配", "退货", 2.5),
    (date(2026, 10, 31), "叠石文具", "回款", 4.7),
    (date(2026, 11, 1), "青禾医药", "回款", 5.0),
]
COLLECTED: list[Row] = [
    ("单遥", "江畔乳业", 30, 30, 20, 15),
    ("单遥", "青禾医药", 10, 6, 5, 5),
    ("梁既白", "叠石文具", 8, 6, 6, 6),
    ("梁既白", "远帆汽配", 52, 45, 34, 24),
    ("方未迟", "微澜印务", 16, 18, 10, 10),
    ("方未迟", "重楼药业", 24, 14, 15, 5),
]
OVERDUE: list[Row] = [
    ("Y1", "江畔乳业", date(2026, 10, 15), 8.0),
    ("Y2", "叠石文具", date(2026, 9, 25), 4.5),
    ("Y3", "远帆汽配", date(2026, 8, 20), 15.0),
    ("Y4", "青禾医药", date(2026, 10, 31), 6.0),
]
PARTNERS: list[Row] = [
    ("远帆汽配", "付款联系人", "财务部 关念，电话 5551207"),
    ("远帆汽配", "合同", "HY-2026-019，信用期 60 天，逾期违约金每日万分之三"),
    ("远帆汽配", "收款账户", "户名：禾原纸品包装有限公司；账号尾号 3406"),
]
SPEECHES: list[Row] = [
    ("骆寒（主持）", "今天只议远帆汽配：8 月 20 日到期的货款 15 万元至今没付，到今天已逾期 71 天，其余货款没有到期。法务顾安请假。"),
    ("叶疏桐（财务）", "对账单 9 月寄过一次，对方没有回签。我准备重寄一份。"),
    ("梁既白（销售）", "对方说 10 月中旬换了财务负责人，付款审批停了半个月，没有提过质量问题。我打算 11 月 5 日去一趟。"),
    ("裴远（仓储）", "还有一张 9 万元的新订单排在下周发货。"),
    ("骆寒（主持）", "新订单先不发。去远帆那天他们财务负责人不在，改在 11 月 6 日。"),
    ("梁既白（销售）", "同意。请他们当面签还款计划。"),
    (
        "骆寒（主持）",
        (
            "定下来三件事：一、由裴远暂停对远帆汽配的赊销发货，11 月 2 日起执行；"
            "二、由叶疏桐重寄对账单并取得回签，11 月 4 日前完成；"
            "三、由梁既白上门取得书面还款计划，11 月 6 日前完成。11 月 9 日复会检查。"
        ),
    ),
]


def suppliers() -> None:
    """Write what was collected about suppliers and their trade."""
    book = Workbook()
    values: list[Row] = [("权数", "—", *WEIGHTS)]
    values += [(number, code, *(SIGNS.index(sign) for sign in code[: len(WEIGHTS)])) for number, _name, code in CODES]
    fill(book, "校验计算", ("编号", "填写的代码", *(f"第{place}位" for place in range(1, len(WEIGHTS) + 1))), values, "各位已换成代入值。")
    signs: list[Row] = [(sign, value) for value, sign in enumerate(SIGNS)]
    fill(book, "字符与代入值", ("字符", "代入值"), signs)
    fill(book, "关联核查", ("编号", "企业", "法定代表人", "第一大股东", "注册地址", "联系电话"), RELATED)
    fill(book, "采集记录", ("编号", "内容", "来源", "网址", "采集日期", "存证"), RECORDS, "采集人：本人。")
    fill(book, "政策文本", ("编号", "标题", "来源域名", "公布日期", "施行日期", "备注"), POLICIES)
    fill(book, "纸板产量", ("月份", "2025年（万吨）", "2026年（万吨）"), OUTPUT, "练习用数据。")
    save_book(book, FILES / "供应商采集材料.xlsx")


def materials() -> None:
    """Write which papers of a customer are to be filed."""
    book = Workbook()
    fill(book, "待归类材料", ("编号", "材料名称", "形成或取得日期", "格式"), MATERIALS, "客户：朗汀食品有限公司　客户号：KH0072")
    save_book(book, FILES / "待归类材料.xlsx")


def trade() -> None:
    """Write limits and orders, deliveries bought and their invoices, and the statements sent out."""
    book = Workbook()
    fill(book, "授信通知单", ("编号", "客户", "额度（万元）", "信用期（天）", "有效期至", "已占用（万元）"), CREDITS)
    fill(book, "订单", ("订单号", "客户", "金额（万元）", "付款期限（天）", "订单日期"), ORDERS)
    prices: list[Row] = list(PRICES.items())
    fill(book, "采购合同", ("品名", "单价（元/吨）"), prices, "卖方：澄江纸业有限公司；按验收合格数量结算。")
    fill(book, "收货验收单", ("单号", "品名", "送货数量（吨）", "合格数量（吨）", "验收说明"), ACCEPTED)
    billed: list[Row] = [(number, count, price, count * price) for number, count, price in BILLED]
    fill(book, "供应商发票", ("对应收货单", "数量（吨）", "单价（元/吨）", "金额（元）"), billed)
    fill(book, "对账单跟踪", ("客户", "发出日期", "我方余额（元）", "回函日期", "回函余额（元）", "签章", "客户说明"), STATEMENTS)
    save_book(book, FILES / "交易单据.xlsx")


def receivables() -> None:
    """Write a week's movements, what was collected by whom, and what is overdue."""
    book = Workbook()
    fill(book, "期初余额", ("客户", "10月25日余额（万元）"), OPENING)
    fill(book, "业务流水", ("日期", "客户", "类型", "金额（万元）"), FLOWS, "现销当场收款。")
    heads = ("业务员", "客户", "计划收回", "实际收回", "承诺到账", "按承诺日到账")
    fill(book, "十月追收", heads, COLLECTED, "单位：万元。")
    fill(book, "到期发票", ("发票号", "客户", "到期日", "余额（万元）"), OVERDUE)
    fill(book, "往来资料", ("客户", "项目", "内容"), PARTNERS)
    save_book(book, FILES / "应收周报数据.xlsx")


def meeting() -> None:
    """Write what was said in a meeting and the draft notice of the next."""
    document = new_document(
        "远帆汽配欠款处理会 发言整理",
        "时间：2026 年 10 月 30 日 14:00—14:40　地点：三楼小会议室　记录：信用管理员（你）　出席：骆寒、叶疏桐、梁既白、裴远",
    )
    add_table(document, ("发言人", "发言要点"), SPEECHES)
    document.add_heading("复会通知（草稿）", level=2)
    for text in (
        "各位同事：",
        (
            "定于 2026 年 11 月 9 日（星期二）上午召开远帆汽配欠款处理复会，检查三项工作的完成情况，"
            "请有关人员准时参加。请把还款计划、回签的对账单带到会上。"
        ),
        "信用管理部　2026 年 11 月 2 日",
    ):
        document.add_paragraph(text)
    save_document(document, FILES / "会议资料.docx")


WRITERS = (suppliers, materials, trade, receivables, meeting)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in WRITERS:
        write()
