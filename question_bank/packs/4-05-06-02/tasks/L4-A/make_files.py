"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from datetime import date
from pathlib import Path

from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont

from question_bank.packs.case_files import Row, add_table, fill, new_document, save_book, save_document

FILES = Path(__file__).with_name("files")
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

CODES: list[Row] = [
    ("K1", "柏川商贸有限公司", "有限责任公司", "91150100MA0000410Y"),
    ("K2", "沐野家居连锁有限公司", "有限责任公司", "91150100MA00I05330"),
    ("K3", "远屏百货店", "个体工商户", "91150100MA0000736L"),
    ("K4", "和畅电器有限公司", "有限责任公司", "91150100MA0000867"),
    ("K5", "听禾厨卫有限公司", "有限责任公司", "91150100MA00009399"),
]
SITES: list[Row] = [
    ("A", "信用中国", "www.creditchina.gov.cn", "页脚有党政机关标识、政府网站标识码"),
    ("B", "全国企业信用查询官网", "gsxt-gov.example.com", "页脚只有客服热线；地址栏有 https 锁形标志；查询一次收费 9.9 元"),
    ("C", "国家企业信用信息公示系统", "www.gsxt.gov.cn", "页脚有党政机关标识、主办单位"),
    ("D", "某商业查询平台", "shangcha.example.com", "自称“官方合作”；注明数据整理自公开渠道，仅供参考"),
    ("E", "中国执行信息公开网", "zxgk.court.gov.cn", "页脚有党政机关标识、主办单位"),
]
OFFICIAL = "国家企业信用信息公示系统"
COURTS = "中国执行信息公开网"
PLATFORM = "某商业查询平台"
FORM = "客户自填申请表"
EXTRACTS: list[Row] = [
    ("注册资本（万元）", FORM, date(2026, 9, 30), 1000),
    ("注册资本（万元）", PLATFORM, date(2026, 10, 12), 500),
    ("注册资本（万元）", OFFICIAL, date(2026, 10, 15), 800),
    ("法定代表人", PLATFORM, date(2026, 10, 12), "陆启明"),
    ("法定代表人", OFFICIAL, date(2026, 10, 15), "周砚清"),
    ("住所", FORM, date(2026, 9, 30), "新华街 18 号写字楼 1206 室"),
    ("住所", OFFICIAL, date(2026, 10, 15), "丰泽路 7 号物流园 3 号库"),
    ("住所", PLATFORM, date(2026, 10, 12), "新华街 18 号写字楼 1206 室"),
    ("未结被执行金额（万元）", PLATFORM, date(2026, 10, 18), 36.5),
    ("未结被执行金额（万元）", COURTS, date(2026, 10, 16), 42.6),
    ("经营异常名录", OFFICIAL, date(2026, 8, 25), "列入（2026-07-14）"),
    ("经营异常名录", OFFICIAL, date(2026, 10, 15), "已移出（2026-09-02）"),
    ("经营异常名录", PLATFORM, date(2026, 10, 18), "列入（2026-07-14）"),
    ("参保人数（人）", FORM, date(2026, 9, 30), 52),
    ("参保人数（人）", OFFICIAL, date(2026, 10, 15), 38),
    ("第一大股东持股比例（%）", OFFICIAL, date(2026, 4, 20), 70),
    ("第一大股东持股比例（%）", OFFICIAL, date(2026, 10, 15), 60),
    ("第一大股东持股比例（%）", FORM, date(2026, 9, 30), 51),
]
PMI: list[Row] = [
    ("新订单", 30, 50.3, 49.4),
    ("生产", 25, 51.4, 50.6),
    ("从业人员", 20, 48.6, 48.2),
    ("供应商配送时间", 15, 50.2, 50.4),
    ("原材料库存", 10, 48.0, 47.5),
]
SOURCE: list[Row] = [
    ("营业执照（副本复印件）", "统一社会信用代码", "91150100MA0000410Y"),
    ("营业执照（副本复印件）", "注册资本", "800 万元"),
    ("2026 年 9 月财务简表（单位：万元）", "1—9 月营业收入", "2,360.5"),
    ("2026 年 9 月财务简表（单位：万元）", "资产总额", "1,845.2"),
    ("年度购销合同 QL-2026-031", "签订日期", "2026-03-09"),
    ("授信通知单 SX-2026-018", "信用额度", "120 万元"),
    ("银行收款回单 2026-10-19", "付款人／金额", "柏川商贸有限公司／28.6 万元"),
    ("应收账款明细账 2026-10-31", "期末余额", "67.8 万元"),
]
ENTRIES: list[Row] = [
    (1, "统一社会信用代码", "91150100MA0004010Y"),
    (2, "注册资本（元）", 8000000),
    (3, "1—9 月营业收入（元）", 2360.5),
    (4, "资产总额（元）", 18452000),
    (5, "合同签订日期", "2026-09-03"),
    (6, "信用额度（元）", 1200000),
    (7, "2026-10-19 回款（元）", "286000，记入：柏舟商贸有限公司"),
    (8, "2026-10-31 应收账款余额（元）", 687000),
]
PRICES = {"QL-90 吸油烟机": 1260, "QL-2B 燃气灶": 480}
HOOD, STOVE = PRICES
TERM_DAYS = 45
OPENING, PAID = 120000, 100000
DELIVERIES: list[tuple[str, date, str, int]] = [
    ("FH-0901", date(2026, 9, 2), HOOD, 60),
    ("FH-0907", date(2026, 9, 7), STOVE, 100),
    ("FH-0914", date(2026, 9, 14), HOOD, 40),
    ("FH-0921", date(2026, 9, 21), STOVE, 80),
    ("FH-0928", date(2026, 9, 28), HOOD, 50),
]
RECEIPTS: list[Row] = [
    ("FH-0901", date(2026, 9, 3), 60, "郝思源", "有", ""),
    ("FH-0907", date(2026, 9, 8), 100, "郝思源", "有", ""),
    ("FH-0914", "见图片", "见图片", "见图片", "见图片", "原单扫描件另存为图片文件"),
    ("FH-0921", date(2026, 9, 22), 80, "“王师傅”（门卫）", "无", ""),
    ("FH-0928", date(2026, 9, 29), 50, "乔立", "有", ""),
]
INVOICED = {"FH-0901": 1260, "FH-0907": 500, "FH-0914": 1260, "FH-0921": 480, "FH-0928": 1260}
STATEMENT: list[Row] = [
    ("2026-08-31 余额", 120000, ""),
    ("FH-0901 收货 60 台", 75600, ""),
    ("FH-0907 收货 100 台", 48000, "按合同单价入账"),
    ("FH-0914 收货 38 台", 47880, "破损 2 台当场退回，未入账"),
    ("FH-0921", 0, "查无有效签收，未入账"),
    ("FH-0928", 0, "9 月 29 日到货，10 月入账"),
    ("2026-09-18 付款", -100000, ""),
    ("2026-09-30 余额", 191480, ""),
]
TERMS = {"柏川商贸": 30, "竹里家居": 45, "听禾厨卫": 30, "和畅电器": 60, "远屏百货店": 15}
INVOICES: list[tuple[str, str, date, float]] = [
    ("F2601", "柏川商贸", date(2026, 10, 12), 36.0),
    ("F2602", "柏川商贸", date(2026, 9, 25), 28.4),
    ("F2603", "柏川商贸", date(2026, 8, 20), 32.0),
    ("F2604", "竹里家居", date(2026, 10, 9), 45.2),
    ("F2605", "竹里家居", date(2026, 9, 16), 30.0),
    ("F2606", "竹里家居", date(2026, 8, 3), 26.8),
    ("F2607", "听禾厨卫", date(2026, 10, 20), 18.6),
    ("F2608", "听禾厨卫", date(2026, 7, 18), 24.0),
    ("F2609", "听禾厨卫", date(2026, 6, 25), 15.5),
    ("F2610", "和畅电器", date(2026, 9, 8), 40.0),
    ("F2611", "和畅电器", date(2026, 8, 28), 22.5),
    ("F2612", "和畅电器", date(2026, 5, 30), 20.0),
    ("F2613", "远屏百货店", date(2026, 10, 21), 6.4),
    ("F2614", "远屏百货店", date(2026, 9, 30), 9.6),
]
PAYMENTS: list[tuple[date, str, str, float]] = [
    (date(2026, 9, 30), "听禾厨卫", "F2608", 14.0),
    (date(2026, 10, 9), "竹里家居", "F2606", 26.8),
    (date(2026, 10, 19), "柏川商贸", "F2603", 28.6),
    (date(2026, 10, 26), "和畅电器", "F2611", 10.0),
]


def collected() -> None:
    """Write what was collected about the customers."""
    book = Workbook()
    fill(book, "代码登记", ("编号", "名称", "组织形式", "客户填写的统一社会信用代码"), CODES)
    fill(book, "网站清单", ("代号", "网站名称", "域名", "页面特征"), SITES)
    fill(book, "采集摘录", ("项目", "来源", "采集日期", "内容"), EXTRACTS, "对象：柏川商贸有限公司。采信规则见题目。")
    fill(
        book,
        "PMI分类指数",
        ("分类指数", "权数（%）", "2026年9月", "2026年10月"),
        PMI,
        "练习用数据；供应商配送时间为逆指数。",
    )
    save_book(book, FILES / "采集材料.xlsx")


def archive() -> None:
    """Write the original papers of a customer's file, and what was keyed in."""
    document = new_document("柏川商贸有限公司 待归档资料摘录", "整理人：档案岗 林知夏　　整理日期：2026-11-02　　档案号：NM-QT-0041")
    add_table(document, ("资料名称", "数据项", "资料所载内容"), SOURCE)
    document.add_heading("信用档案管理规定（节录）", level=2)
    for text in (
        (
            "第六条　调阅档案，由使用人提出申请，写明档案号、用途和期限；经部门负责人审批后，由档案岗登记并调出；"
            "只在档案室或受控终端查阅；用毕归还，由档案岗清点核对后注销登记。"
        ),
        (
            "第九条　录入有误需要更正的，填写更正单，写明提出人、更正依据、更正前内容、更正后内容和更正日期，"
            "经复核人确认后更正。系统保留原记录和更正痕迹，不得直接覆盖或者删除原记录。"
        ),
        "第十一条　未经批准，不得复制、拍摄、外传档案内容，不得存入个人设备。",
    ):
        document.add_paragraph(text)
    save_document(document, FILES / "待归档资料.docx")
    book = Workbook()
    fill(book, "系统录入清单", ("序号", "数据项", "系统中的录入内容"), ENTRIES, "客户：柏川商贸有限公司　录入人：实习生　录入日期：2026-11-01")
    save_book(book, FILES / "系统录入清单.xlsx")


def papers() -> None:
    """Write the papers of five deliveries, without the receipt that is a picture."""
    book = Workbook()
    contract: list[Row] = [
        ("合同", "QL-2026-047：青岚厨房电器有限公司（卖方）与沐野家居连锁有限公司（买方）"),
        *((f"单价（元/台，含税）：{name}", price) for name, price in PRICES.items()),
        ("信用期", f"签收日的次日起算第 {TERM_DAYS} 天为付款到期日"),
        ("有效签收", "被授权收货人郝思源或者乔立签字，并加盖买方收货专用章；数量、外观异常须当场在签收单上注明"),
        ("授信通知单", "SX-2026-022：额度 60 万元，期限 45 天，有效期至 2027-03-31"),
    ]
    fill(book, "合同与授信", ("项目", "内容"), contract)
    sent: list[Row] = [(*delivery, "已出库") for delivery in DELIVERIES]
    fill(book, "发货单", ("单号", "发货日期", "货物", "数量（台）", "状态"), sent)
    fill(book, "签收单", ("单号", "签收日期", "签收数量（台）", "签收人", "收货专用章", "备注"), RECEIPTS)
    invoices: list[Row] = [(number, name, count, INVOICED[number], count * INVOICED[number]) for number, _day, name, count in DELIVERIES]
    fill(book, "发票", ("对应发货单", "货物", "数量（台）", "单价（元）", "金额（元）"), invoices)
    booked = sum(count * INVOICED[number] for number, _day, _name, count in DELIVERIES)
    ours: list[Row] = [("2026-08-31 余额", OPENING), ("9 月开票", booked), ("2026-09-18 收款", -PAID), ("2026-09-30 余额", OPENING + booked - PAID)]
    fill(book, "我方账", ("项目", "金额（元）"), ours)
    fill(book, "客户对账单", ("项目", "金额（元）", "客户说明"), STATEMENT)
    save_book(book, FILES / "交易单据.xlsx")


def picture() -> None:
    """Draw the receipt of the third delivery as it was scanned."""
    image = Image.new("RGB", (1000, 620), "#fbfaf4")
    draw = ImageDraw.Draw(image)
    head, text = ImageFont.truetype(FONT, 34, index=2), ImageFont.truetype(FONT, 24, index=2)
    hand = ImageFont.truetype(FONT, 27, index=2)
    draw.text((330, 30), "货物签收单（客户联）", "#222", font=head)
    lines = (
        ("单号：FH-0914　　发货日期：2026-09-14　　合同：QL-2026-047", "#222", text),
        ("发货单位：青岚厨房电器有限公司　收货单位：沐野家居连锁有限公司", "#222", text),
        ("货物：QL-90 吸油烟机　　　应收数量：40 台", "#222", text),
        ("实收数量：38 台（叁拾捌台）", "#1a3c8c", hand),
        ("异常说明：外包装受潮破损 2 台，当场退回，司机已知", "#1a3c8c", hand),
        ("收货人签字：乔立　　　签收日期：2026-09-15", "#1a3c8c", hand),
        ("承运人签字：高远程", "#1a3c8c", hand),
    )
    for place, (words, colour, font) in enumerate(lines):
        draw.text((70, 110 + 66 * place), words, colour, font=font)
        draw.line((60, 158 + 66 * place, 940, 158 + 66 * place), "#999", 1)
    draw.ellipse((680, 400, 900, 580), outline="#c62828", width=5)
    draw.text((706, 452), "沐野家居连锁", "#c62828", font=text)
    draw.text((718, 494), "收货专用章", "#c62828", font=text)
    image.quantize(32).save(FILES / "签收单FH-0914.png", optimize=True)


def ledger() -> None:
    """Write the invoices that are open, the payments on them, and the terms."""
    book = Workbook()
    rows: list[Row] = [(number, customer, day, TERMS[customer], amount) for number, customer, day, amount in INVOICES]
    fill(
        book,
        "发票明细",
        ("发票号", "客户", "发票日期", "信用期（天）", "发票金额（万元）"),
        rows,
        "基准日 2026-10-31；到期日＝发票日期＋信用期。",
    )
    fill(book, "回款明细", ("到账日期", "客户", "冲销发票", "金额（万元）"), list(PAYMENTS))
    save_book(book, FILES / "应收明细.xlsx")


WRITERS = (collected, archive, papers, ledger)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in (*WRITERS, picture):
        write()
