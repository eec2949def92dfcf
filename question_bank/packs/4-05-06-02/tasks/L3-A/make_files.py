"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

FILES = Path(__file__).with_name("files")
MADE = datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001 - a file's own dates have no zone
HEAD = PatternFill("solid", start_color="DDE6F0")
Row = Sequence[object]

APPLICANT = "虚构市禾木水务工程有限公司"
TRIAL_DAYS = 15

APPLICATION: list[Row] = [
    ("企业名称", APPLICANT),
    ("统一社会信用代码", "91990100MA0075142N"),
    ("法定代表人", "陈例一"),
    ("成立日期", "2019-05-16"),
    ("注册资本", "2000 万元，已全部实缴"),
    ("住所", "虚构市东岭区示例路 18 号"),
    ("2025 年末参保员工人数", "86 人"),
    ("主营业务", "农村供水、泵站改造工程施工"),
    ("2025 年营业收入", "5760 万元"),
    ("近 12 个月向贵公司采购额", "约 320 万元（2025-10-01 至 2026-09-30）"),
    ("诉讼、被执行情况", "无"),
    ("开户银行", "示例银行东岭支行"),
    ("贸易参考人", "1. 虚构市安河管业有限公司　2. （空白）"),
    ("申请额度、期限", "120 万元，60 天"),
    ("信用查询授权", "（授权人签章处空白）"),
    ("真实性声明", "所填内容真实。（加盖公章）法定代表人签字：陈例一　2026-10-08"),
]
ENCLOSURES: list[Row] = [
    ("营业执照（副本）复印件", "1 份", "加盖公章"),
    ("2024 年度、2025 年度财务报表", "各 1 份", "未经审计，加盖公章"),
    ("近 6 个月银行流水", "1 份", "2026-04 至 2026-09，银行盖章"),
    ("经营场所租赁合同", "1 份", "租期至 2028-03-10"),
]

REGISTERED: list[Row] = [
    ("企业名称", APPLICANT),
    ("统一社会信用代码", "91990100MA0057142N"),
    ("类型", "有限责任公司"),
    ("法定代表人", "刘例二"),
    ("注册资本", "2000 万元人民币"),
    ("成立日期", "2019-05-16"),
    ("登记状态", "存续"),
    ("住所", "虚构市东岭区示例路 18 号"),
]
SHAREHOLDERS: list[Row] = [
    ("陈例一", "1200 万元", "600 万元", "2029-05-15"),
    ("刘例二", "800 万元", "0", "2029-05-15"),
]
CHANGES: list[Row] = [
    ("2026-08-20", "法定代表人", "陈例一", "刘例二"),
    ("2025-03-11", "住所", "虚构市西岭区示例巷 5 号", "虚构市东岭区示例路 18 号"),
]
REPORT: list[Row] = [
    ("参加城镇职工基本养老保险人数", "31 人"),
    ("营业总收入", "企业选择不公示"),
    ("对外提供保证担保信息", "企业选择不公示"),
]
ENFORCED: list[Row] = [("（2026）虚 0102 执示 1537 号", "2026-07-06", "426000 元", "截至查询日未见结案信息")]

# 订单日、金额（元）、付款日比约定付款日晚几天（None 为至今未付；负数为提前）
APPLICANT_ORDERS: list[tuple[date, int, int | None]] = [
    (date(2025, 8, 6), 96000, 0),
    (date(2025, 8, 27), 118000, -1),
    (date(2025, 9, 10), 84000, 0),
    (date(2025, 9, 25), 132000, -2),
    (date(2025, 10, 9), 98000, -1),
    (date(2025, 10, 23), 126000, 0),
    (date(2025, 11, 12), 142000, -2),
    (date(2025, 11, 28), 88000, 0),
    (date(2025, 12, 15), 154000, 6),
    (date(2026, 1, 8), 106000, -1),
    (date(2026, 1, 26), 72000, 0),
    (date(2026, 2, 27), 118000, -3),
    (date(2026, 3, 12), 160000, 0),
    (date(2026, 3, 30), 94000, 9),
    (date(2026, 4, 16), 136000, -1),
    (date(2026, 5, 8), 128000, 0),
    (date(2026, 5, 27), 102000, 21),
    (date(2026, 6, 15), 148000, -1),
    (date(2026, 7, 3), 132000, 0),
    (date(2026, 7, 24), 116000, -2),
    (date(2026, 8, 13), 124000, 17),
    (date(2026, 9, 4), 124000, None),
]
CANCELLED: list[tuple[date, int]] = [(date(2025, 12, 2), 180000), (date(2026, 6, 1), 210000)]
OTHER_ORDERS: list[tuple[str, date, int, int]] = [
    ("虚构市禾木园林有限公司", date(2025, 10, 15), 36000, 0),
    ("虚构市禾木园林有限公司", date(2025, 12, 9), 42000, 3),
    ("虚构市禾木园林有限公司", date(2026, 2, 10), 28000, 0),
    ("虚构市禾木园林有限公司", date(2026, 3, 18), 51000, -1),
    ("虚构市禾木园林有限公司", date(2026, 4, 27), 33000, 0),
    ("虚构市禾木园林有限公司", date(2026, 6, 24), 47000, 5),
    ("虚构市禾木园林有限公司", date(2026, 8, 5), 39000, 0),
    ("虚构市清渠物业服务有限公司", date(2025, 10, 30), 18000, 0),
    ("虚构市清渠物业服务有限公司", date(2025, 11, 20), 22000, -1),
    ("虚构市清渠物业服务有限公司", date(2026, 1, 15), 16000, 0),
    ("虚构市清渠物业服务有限公司", date(2026, 3, 5), 24000, 2),
    ("虚构市清渠物业服务有限公司", date(2026, 5, 19), 20000, 0),
    ("虚构市清渠物业服务有限公司", date(2026, 7, 14), 26000, -4),
    ("虚构市清渠物业服务有限公司", date(2026, 9, 2), 19000, 0),
]

BALANCE: list[Row] = [
    ("货币资金", 3_900_000, 3_120_000),
    ("应收票据", 600_000, 800_000),
    ("应收账款", 11_600_000, 14_400_000),
    ("预付款项", 1_400_000, 1_680_000),
    ("存货", 7_400_000, 9_600_000),
    ("其他流动资产", 300_000, 400_000),
    ("流动资产合计", 25_200_000, 30_000_000),
    ("固定资产", 8_600_000, 8_200_000),
    ("无形资产", 1_950_000, 1_800_000),
    ("非流动资产合计", 10_550_000, 10_000_000),
    ("资产总计", 35_750_000, 40_000_000),
    ("短期借款", 7_500_000, 9_000_000),
    ("应付票据", 1_500_000, 2_000_000),
    ("应付账款", 6_900_000, 7_600_000),
    ("合同负债", 1_500_000, 1_200_000),
    ("应付职工薪酬", 600_000, 700_000),
    ("应交税费", 450_000, 500_000),
    ("其他应付款", 2_550_000, 3_000_000),
    ("流动负债合计", 21_000_000, 24_000_000),
    ("长期借款", 3_000_000, 2_000_000),
    ("负债合计", 24_000_000, 26_000_000),
    ("实收资本", 6_000_000, 6_000_000),
    ("盈余公积", 375_000, 600_000),
    ("未分配利润", 5_375_000, 7_400_000),
    ("所有者权益合计", 11_750_000, 14_000_000),
    ("负债和所有者权益总计", 35_750_000, 40_000_000),
]
INCOME: list[Row] = [
    ("营业收入", 50_000_000, 57_600_000),
    ("减：营业成本", 39_500_000, 46_080_000),
    ("税金及附加", 250_000, 288_000),
    ("销售费用", 2_150_000, 2_400_000),
    ("管理费用", 4_520_000, 4_900_000),
    ("财务费用", 860_000, 1_000_000),
    ("其中：利息费用", 780_000, 900_000),
    ("加：其他收益", 80_000, 68_000),
    ("利润总额", 2_800_000, 3_000_000),
    ("减：所得税费用", 700_000, 750_000),
    ("净利润", 2_100_000, 2_250_000),
]
CASH: list[Row] = [
    ("经营活动产生的现金流量净额", -1_350_000),
    ("投资活动产生的现金流量净额", -280_000),
    ("筹资活动产生的现金流量净额", 850_000),
    ("现金净增加额", -780_000),
    ("期初现金余额", 3_900_000),
    ("期末现金余额", 3_120_000),
]
NOTES: list[Row] = [
    ("应收账款", "1 年以内", 11_900_000),
    ("应收账款", "1 至 2 年", 1_600_000),
    ("应收账款", "2 年以上", 400_000),
    ("存货", "原材料", 2_700_000),
    ("存货", "合同履约成本", 5_100_000),
    ("存货", "库存商品", 1_800_000),
    ("短期借款", "示例银行东岭支行（抵押）", 6_000_000),
    ("短期借款", "虚构市农村商业银行（保证）", 2_000_000),
    ("其他应付款", "刘例二（股东往来）", 2_400_000),
    ("其他应付款", "工程保证金", 600_000),
    ("利润分配", "2025 年提取盈余公积", 225_000),
    ("利润分配", "2025 年向股东分配利润", 0),
]

# 档案号、名称、代码、注册资本（万元）、成立日期、建档日期、最近更新日期、信息来源
ARCHIVE: list[Row] = [
    ("DA-001", "虚构市安河管业有限公司", "91990100MA0001376F", 800, date(2015, 3, 12), date(2021, 4, 6), date(2026, 4, 8), "公示系统"),
    ("DA-002", "虚构市白塔供水有限公司", "91990100MA0003486L", 3000, date(2011, 9, 20), date(2020, 11, 2), date(2026, 5, 19), "公示系统"),
    ("DA-003", "虚构市长汀机电有限公司", "91990100MA0005596R", 500, date(2018, 6, 1), date(2022, 3, 15), date(2025, 8, 11), "客户填报"),
    ("DA-004", "虚构市东岭农机有限公司", "91990100MA0007700P", 600, date(2016, 1, 18), date(2021, 6, 9), date(2026, 1, 27), "公示系统"),
    ("DA-005", "虚构市峨溪建设有限公司", "91990100MA0009810W", 5000, date(2009, 12, 7), date(2020, 8, 24), date(2026, 6, 30), "公示系统"),
    ("DA-006", "虚构市枫桥工程有限公司", "91990100MA0011929", 400, date(2017, 4, 25), date(2023, 2, 13), date(2026, 3, 3), "公示系统"),
    ("DA-007", "虚构市谷雨灌溉设备有限公司", "91990100MA0014038X", 1000, date(2014, 8, 30), date(2021, 9, 1), date(2026, 7, 14), "公示系统"),
    ("DA-008", "虚构市禾木园林有限公司", "91990100MA00161483", 300, date(2019, 10, 11), date(2023, 5, 22), date(2026, 2, 6), "公示系统"),
    ("DA-009", "虚构市景行泵阀有限公司", "91990100MA00182588", 8000000, date(2013, 5, 9), date(2022, 7, 18), date(2026, 8, 20), "公示系统"),
    ("DA-010", "虚构市兰亭酒店管理有限公司", "91990100MA0020366N", 1200, date(2012, 2, 28), date(2021, 1, 12), date(2026, 4, 29), "公示系统"),
    ("DA-011", "虚构市梅岭矿业有限公司", "91990100MA0022476U", 6000, date(2008, 7, 16), date(2020, 10, 10), date(2026, 6, 11), "公示系统"),
    ("DA-012", "虚构市白塔供水有限公司", "91990100MA0003486L", 3000, date(2011, 9, 20), date(2024, 3, 28), date(2026, 3, 28), "销售部转交"),
    ("DA-013", "虚构市青桐农业设备有限公司", "91990100MA00245861", 700, date(2016, 11, 3), date(2022, 12, 5), date(2026, 9, 25), "公示系统"),
    ("DA-014", "虚构市清渠物业服务有限公司", "91990100MA00266966", 200, date(2020, 6, 17), date(2023, 8, 8), date(2025, 9, 30), "公示系统"),
    ("DA-015", "虚构市舒和食品有限公司", "91990100MA00288004", 900, date(2025, 11, 20), date(2024, 5, 27), date(2026, 5, 27), "公示系统"),
    ("DA-016", "虚构市棠溪医院后勤服务有限公司", "91990100MA0030919L", 500, date(2018, 9, 5), date(2023, 11, 15), date(2025, 10, 15), "公示系统"),
    ("DA-017", "虚构市闻溪化工有限公司", "91990100MA00330285", 4000, date(2010, 4, 14), date(2021, 7, 26), date(2026, 7, 26), ""),
    ("DA-018", "虚构市竹园学校后勤服务有限公司", "91990100MA0035138A", 100, date(2017, 8, 22), date(2022, 9, 19), date(2026, 9, 19), "公示系统"),
]

# 客户代码、名称、额度（元）、信用期、有效期至、授权提货人、合同剩余可提（台）
LIMITS: list[Row] = [
    ("C01", "虚构市安河管业有限公司", 500000, 30, date(2026, 12, 31), "周例三", 60),
    ("C02", "虚构市白塔供水有限公司", 800000, 45, date(2026, 12, 31), "吴例四", 120),
    ("C03", "虚构市长汀机电有限公司", 300000, 30, date(2026, 9, 30), "郑例五", 40),
    ("C04", "虚构市东岭农机有限公司", 400000, 30, date(2027, 3, 31), "王例七", 50),
    ("C05", "虚构市峨溪建设有限公司", 1000000, 60, date(2026, 12, 31), "冯例八", 200),
    ("C06", "虚构市枫桥工程有限公司", 250000, 30, date(2027, 6, 30), "卫例九", 30),
    ("C07", "虚构市谷雨灌溉设备有限公司", 600000, 45, date(2026, 12, 31), "蒋例十", 80),
]
OPEN_INVOICES: list[Row] = [
    ("C01", "K0901", date(2026, 9, 2), 90000, 90000),
    ("C01", "K0914", date(2026, 9, 18), 110000, 0),
    ("C01", "K0919", date(2026, 9, 24), 85000, 0),
    ("C01", "K0926", date(2026, 9, 29), 70000, 0),
    ("C01", "K1005", date(2026, 10, 9), 45000, 0),
    ("C02", "K0811", date(2026, 8, 19), 120000, 40000),
    ("C02", "K0822", date(2026, 8, 31), 95000, 0),
    ("C02", "K0907", date(2026, 9, 10), 105000, 0),
    ("C02", "K0916", date(2026, 9, 21), 80000, 0),
    ("C02", "K1003", date(2026, 10, 8), 60000, 0),
    ("C03", "K0912", date(2026, 9, 16), 50000, 0),
    ("C03", "K0920", date(2026, 9, 25), 40000, 0),
    ("C03", "K1006", date(2026, 10, 9), 30000, 0),
    ("C04", "K0909", date(2026, 9, 12), 60000, 0),
    ("C04", "K0915", date(2026, 9, 19), 75000, 0),
    ("C04", "K0924", date(2026, 9, 28), 65000, 0),
    ("C04", "K1007", date(2026, 10, 10), 50000, 0),
    ("C05", "K0809", date(2026, 8, 17), 150000, 50000),
    ("C05", "K0903", date(2026, 9, 3), 120000, 0),
    ("C05", "K0911", date(2026, 9, 15), 110000, 0),
    ("C05", "K0928", date(2026, 9, 30), 90000, 0),
    ("C05", "K1010", date(2026, 10, 12), 60000, 0),
    ("C06", "K0910", date(2026, 9, 15), 80000, 30000),
    ("C06", "K0917", date(2026, 9, 22), 45000, 0),
    ("C06", "K1001", date(2026, 10, 2), 30000, 0),
    ("C06", "K1009", date(2026, 10, 11), 25000, 0),
    ("C07", "K0902", date(2026, 9, 1), 130000, 0),
    ("C07", "K0906", date(2026, 9, 9), 120000, 0),
    ("C07", "K0918", date(2026, 9, 23), 90000, 0),
    ("C07", "K1008", date(2026, 10, 10), 50000, 0),
]
RELEASED: list[Row] = [
    ("C01", "FX-118", date(2026, 10, 12), 60000, "已放行未开票"),
    ("C01", "FX-119", date(2026, 10, 12), 30000, "已作废"),
    ("C02", "FX-121", date(2026, 10, 13), 50000, "已放行未开票"),
    ("C02", "FX-124", date(2026, 10, 14), 40000, "已放行未开票"),
    ("C04", "FX-122", date(2026, 10, 13), 60000, "已放行未开票"),
    ("C05", "FX-120", date(2026, 10, 13), 60000, "已放行未开票"),
    ("C05", "FX-125", date(2026, 10, 14), 40000, "已放行未开票"),
    ("C06", "FX-123", date(2026, 10, 14), 25000, "已放行未开票"),
    ("C06", "FX-126", date(2026, 10, 14), 15000, "已放行未开票"),
    ("C07", "FX-115", date(2026, 10, 9), 50000, "已开票"),
]
ORDERS: list[Row] = [
    (1, "DD-201", "C01", 24, 120000, "周例三"),
    (2, "DD-202", "C02", 50, 260000, "吴例四"),
    (3, "DD-203", "C04", 18, 90000, "王例七"),
    (4, "DD-204", "C03", 16, 80000, "郑例五"),
    (5, "DD-205", "C01", 4, 20000, "周例三"),
    (6, "DD-206", "C05", 80, 400000, "沈例十三"),
    (7, "DD-207", "C07", 96, 150000, "蒋例十"),
    (8, "DD-208", "C06", 14, 70000, "卫例九"),
]
CLAUSES: list[tuple[str, str]] = [
    ("第一条　标的", "卖方向买方供应 QY-80 型潜水泵 252 台，单价 5000 元（含税）。"),
    ("第二条　交货", "2026-11-10 前分三批交至买方示例泵站工地，卖方承担运费。"),
    ("第三条　价款", "合同总价（含税）1260000 元，大写：人民币壹佰贰拾万零陆仟元整。"),
    ("第四条　付款", "买方在工程验收合格并收到业主拨付的工程款后 90 日内付清全部货款。"),
    ("第五条　检验", "买方收货后 7 日内检验，有异议的应当书面通知卖方；期满未通知的，视为货物符合约定。"),
    ("第六条　风险", "货物毁损、灭失的风险自交付买方签收时起由买方承担。"),
    ("第七条　所有权", "货物所有权自交付买方时起转移给买方。"),
    ("第八条　违约责任", "买方逾期付款的，按欠付货款每日万分之三支付违约金。"),
    ("第九条　发货", "买方通知发货后 3 日内卖方应当发货，卖方不得以任何理由暂停发货。"),
    ("第十条　争议解决", "因本合同发生的争议，由买方所在地人民法院管辖。"),
]

TERMS: list[Row] = [
    ("青桐", "虚构市青桐农业设备有限公司", 45),
    ("兰亭", "虚构市兰亭酒店管理有限公司", 30),
    ("梅岭", "虚构市梅岭矿业有限公司", 60),
    ("竹园", "虚构市竹园学校后勤服务有限公司", 30),
]
INVOICES: list[Row] = [
    ("QT-01", "青桐", date(2026, 4, 20), 180000),
    ("ZY-01", "竹园", date(2026, 5, 6), 18000),
    ("QT-02", "青桐", date(2026, 5, 18), 150000),
    ("QT-03", "青桐", date(2026, 6, 2), 90000),
    ("ZY-02", "竹园", date(2026, 6, 3), 24000),
    ("LT-01", "兰亭", date(2026, 6, 5), 45000),
    ("ML-01", "梅岭", date(2026, 6, 8), 240000),
    ("QT-04", "青桐", date(2026, 6, 10), 96000),
    ("ZY-03", "竹园", date(2026, 6, 15), 22000),
    ("ML-02", "梅岭", date(2026, 6, 18), 120000),
    ("LT-02", "兰亭", date(2026, 6, 22), 52000),
    ("QT-05", "青桐", date(2026, 6, 25), 66000),
    ("ML-03", "梅岭", date(2026, 6, 30), 180000),
    ("LT-03", "兰亭", date(2026, 7, 2), 38000),
    ("QT-06", "青桐", date(2026, 7, 3), 84000),
    ("ZY-04", "竹园", date(2026, 7, 6), 30000),
    ("LT-04", "兰亭", date(2026, 7, 10), 48000),
    ("ML-04", "梅岭", date(2026, 7, 16), 260000),
    ("QT-07", "青桐", date(2026, 7, 20), 110000),
    ("ZY-05", "竹园", date(2026, 7, 20), 26000),
    ("LT-05", "兰亭", date(2026, 7, 28), 56000),
    ("ML-05", "梅岭", date(2026, 7, 28), 130000),
    ("ZY-06", "竹园", date(2026, 8, 3), 28000),
    ("ML-06", "梅岭", date(2026, 8, 6), 220000),
    ("QT-08", "青桐", date(2026, 8, 12), 60000),
    ("LT-06", "兰亭", date(2026, 8, 15), 62000),
    ("ZY-07", "竹园", date(2026, 8, 20), 32000),
    ("ML-07", "梅岭", date(2026, 8, 25), 190000),
    ("QT-09", "青桐", date(2026, 8, 28), 72000),
    ("LT-07", "兰亭", date(2026, 8, 31), 40000),
    ("ZY-08", "竹园", date(2026, 9, 5), 26000),
    ("ML-08", "梅岭", date(2026, 9, 8), 240000),
    ("LT-08", "兰亭", date(2026, 9, 12), 58000),
    ("ZY-09", "竹园", date(2026, 9, 18), 30000),
    ("ML-09", "梅岭", date(2026, 9, 22), 150000),
    ("LT-09", "兰亭", date(2026, 9, 24), 50000),
]
RECEIPTS: list[Row] = [
    (date(2026, 7, 3), "竹园", "ZY-02", 24000),
    (date(2026, 7, 8), "兰亭", "LT-01", 45000),
    (date(2026, 7, 15), "竹园", "ZY-03", 22000),
    (date(2026, 7, 15), "青桐", "QT-01", 60000),
    (date(2026, 7, 16), "青桐", "QT-03", 90000),
    (date(2026, 7, 29), "兰亭", "LT-02", 30000),
    (date(2026, 8, 4), "竹园", "ZY-04", 30000),
    (date(2026, 8, 5), "梅岭", "ML-01", 140000),
    (date(2026, 8, 7), "梅岭", "ML-01", 100000),
    (date(2026, 8, 7), "青桐", "QT-05", 66000),
    (date(2026, 8, 12), "兰亭", "LT-02", 22000),
    (date(2026, 8, 14), "兰亭", "LT-03", 38000),
    (date(2026, 8, 17), "梅岭", "ML-02", 120000),
    (date(2026, 8, 18), "竹园", "ZY-05", 26000),
    (date(2026, 8, 28), "梅岭", "ML-03", 180000),
    (date(2026, 9, 10), "梅岭", "ML-04", 200000),
    (date(2026, 9, 18), "兰亭", "LT-05", 20000),
    (date(2026, 10, 9), "兰亭", "LT-04", 48000),
]
LOG: list[Row] = [
    (date(2026, 6, 20), "青桐", "电话", "财务主管称今年回款差，账上紧，请求缓一缓。"),
    (date(2026, 8, 6), "青桐", "邮件", "对方来信称 6 月 10 日那批水泵有噪声；此前没有提出过异议。"),
    (date(2026, 8, 21), "青桐", "电话", "财务主管答应 8 月 31 日先付 20 万元；到期没有付款。"),
    (date(2026, 9, 12), "青桐", "登门", "仓库有货，生产减到一班；总经理称下游补贴款未到，同时欠其他供应商货款。"),
    (date(2026, 9, 22), "青桐", "函件", "寄出付款提醒函（EMS），9 月 24 日签收。"),
    (date(2026, 8, 13), "兰亭", "电话", "答复付款单已报总部，总部每月 20 日才集中审批一次。"),
    (date(2026, 9, 1), "兰亭", "电话", "财务称单据齐全、对金额没有意见，总部审批排期错过，顺延一个月。"),
    (date(2026, 9, 16), "兰亭", "邮件", "对方发来审批截图，流程停在总部第三级。"),
    (date(2026, 9, 11), "梅岭", "邮件", "对方称 ML-04 应按新价格表结算，多开 60000 元，余款暂不付；ML-05 已安排。"),
    (date(2026, 9, 17), "梅岭", "电话", "采购经理坚持新价格自 7 月起执行；我方价格确认单写的是 8 月起。"),
    (date(2026, 9, 25), "梅岭", "电话", "约定 10 月 10 日前核对价格确认单；其他发票照常付款。"),
    (date(2026, 6, 10), "竹园", "电话", "对方称 ZY-01 发票抬头写错，已退回换开。"),
    (date(2026, 8, 11), "竹园", "电话", "对方催要换开的发票；内勤称已转财务，没有下文。"),
    (date(2026, 9, 15), "竹园", "电话", "对方称 ZY-06、ZY-07 的结算单漏盖章，无法报账，请补寄。"),
]
DELIVERIES: list[Row] = [
    ("SH-041", "QT-01", "2026-04-18", "20 台／20 台", "何例十一签字，加盖收货专用章，签收日期齐全"),
    ("SH-055", "QT-02", "2026-05-16", "16 台／16 台", "吕例十二签字，加盖收货专用章，签收日期齐全"),
    ("SH-063", "QT-04", "2026-06-10", "10 台／10 台", "“门卫 施”签字，没有印章"),
    ("SH-071", "QT-06", "2026-07-02", "9 台／9 台", "何例十一签字，加盖收货专用章，未写签收日期"),
    ("SH-078", "QT-07", "2026-07-19", "12 台／11 台", "吕例十二签字，加盖收货专用章，写明“少 1 台”；登记簿记有 7 月 21 日补送 1 台，补送单无人签收"),
    ("SH-084", "QT-08", "2026-08-11", "6 台／6 台", "何例十一签字，加盖收货专用章，签收日期齐全"),
]
CONTRACT: list[str] = [
    "合同编号：QT-2026-007（框架买卖合同），卖方：虚构市澄川泵业有限公司，买方：虚构市青桐农业设备有限公司。",
    "付款：每批货物开票之日起 45 日内付清该发票货款。逾期的，自到期日次日起按欠付货款每日万分之三支付违约金，付款当日计入。",
    "收货：买方授权何例十一、吕例十二收货。送货单由其中一人签字、写明签收日期，并加盖收货专用章。",
    "检验：买方自签收之日起 10 日内检验并书面提出异议，逾期未提出的视为货物符合约定。",
    "抵充：买方付款注明对应发票的，只抵该发票货款本金。",
]


def write_orders() -> None:
    """Write the sales ledger."""
    write_book("内部往来台账.xlsx", {"销售往来": orders_sheet()})


def write_statements() -> None:
    """Write the statements of two years with extracts of the notes."""
    statements: dict[str, list[Row]] = {
        "资产负债表": [("项目（单位：元）", "2024-12-31", "2025-12-31"), *BALANCE],
        "利润表": [("项目（单位：元）", "2024 年", "2025 年"), *INCOME],
        "现金流量表摘要": [("项目（单位：元）", "2025 年"), *CASH],
        "附注摘要": [("报表项目", "明细", "2025-12-31 或 2025 年（元）"), *NOTES],
    }
    write_book("财务报表.xlsx", statements)


def write_archive() -> None:
    """Write what the archive was exported as."""
    heads = ("档案号", "企业名称", "统一社会信用代码", "注册资本（万元）", "成立日期", "建档日期", "最近更新日期", "信息来源")
    write_book("客户信用档案.xlsx", {"档案": [heads, *ARCHIVE]})


def write_releases() -> None:
    """Write limits, invoices, releases and the orders that wait."""
    sheets: dict[str, list[Row]] = {
        "客户额度": [("客户代码", "客户名称", "信用额度（元）", "信用期（天）", "额度有效期至", "授权提货人", "合同剩余可提（台）"), *LIMITS],
        "发票": [("客户代码", "发票号", "开票日", "金额（元）", "已收（元）"), *OPEN_INVOICES],
        "放行单": [("客户代码", "放行单号", "放行日", "金额（元）", "状态"), *RELEASED],
        "待放行订单": [("顺序", "订单号", "客户代码", "提货（台）", "金额（元）", "提货人"), *ORDERS],
    }
    write_book("订单放行台账.xlsx", sheets)


def write_ledger() -> None:
    """Write the ledger of receivables with the log of collection."""
    sheets: dict[str, list[Row]] = {
        "客户": [("简称", "客户名称", "信用期（开票日后天数）"), *TERMS],
        "发票": [("发票号", "客户", "开票日", "金额（元）"), *INVOICES],
        "收款": [("收款日", "客户", "对应发票", "金额（元）"), *RECEIPTS],
        "催收日志": [("日期", "客户", "方式", "内容"), *LOG],
    }
    write_book("应收账款明细账.xlsx", sheets)


def orders_sheet() -> list[Row]:
    """Return the sales ledger in the order of the days, with all customers mixed."""
    rows: list[tuple[date, str, int, date | None, date | None, str]] = []
    for day, amount, late in APPLICANT_ORDERS:
        due = day + timedelta(days=TRIAL_DAYS)
        rows.append((day, APPLICANT, amount, due, None if late is None else due + timedelta(days=late), ""))
    rows += [(day, APPLICANT, amount, None, None, "已取消，未发货") for day, amount in CANCELLED]
    for name, day, amount, late in OTHER_ORDERS:
        due = day + timedelta(days=TRIAL_DAYS)
        rows.append((day, name, amount, due, due + timedelta(days=late), ""))
    rows.sort(key=lambda row: (row[0], row[1]))
    numbered = [(number, *row) for number, row in enumerate(rows, start=1)]
    return [("序号", "订单日（发货日）", "客户名称", "含税金额（元）", "约定付款日", "实际付款日", "备注"), *numbered]


def write_book(name: str, sheets: dict[str, list[Row]]) -> None:
    """Write a workbook; the first row of each sheet holds its heads."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), HEAD
        for column in range(1, len(rows[0]) + 1):
            width = max(_width(row[column - 1]) for row in rows)
            sheet.column_dimensions[get_column_letter(column)].width = min(60, width + 2)
            for cell in sheet[get_column_letter(column)][1:]:
                if isinstance(cell.value, int):
                    cell.number_format = "#,##0"
                elif isinstance(cell.value, date):
                    cell.number_format = "yyyy-mm-dd"
        sheet.freeze_panes = "A2"
    book.properties.created = book.properties.modified = MADE
    book.properties.creator = "命题组"
    book.save(FILES / name)
    settle(FILES / name)


def settle(path: Path) -> None:
    """Give a package without changes the same bytes whenever it is made, so that its digest stays."""
    with ZipFile(path) as package:
        entries = [(name, package.read(name)) for name in package.namelist()]
    with ZipFile(path, "w") as package:
        for name, content in entries:
            settled = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.isoformat().encode() + b"Z", content)
            package.writestr(ZipInfo(name, MADE.timetuple()[:6]), settled, ZIP_DEFLATED)


def new_document() -> Word:
    """Return a document on A4 paper with Chinese type, which the library's own template has not."""
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Times New Roman"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.styles["Normal"].font.size = Pt(10.5)
    document.core_properties.author = "命题组"
    document.core_properties.created = document.core_properties.modified = MADE
    return document


def save_document(document: Word, name: str) -> None:
    """Write a document."""
    document.save(str(FILES / name))
    settle(FILES / name)


def _width(value: object) -> int:
    """Chinese characters are twice as wide."""
    return sum(1 + (ord(letter) > 127) for letter in str(value))


def write_application() -> None:
    """Write the application form with its list of enclosures."""
    document = new_document()
    document.add_heading("客户信用申请表", level=1)
    document.add_paragraph("致：虚构市澄川泵业有限公司")
    add_table(document, ("项目", "填报内容"), APPLICATION)
    document.add_heading("随附资料", level=2)
    add_table(document, ("资料", "份数", "说明"), ENCLOSURES)
    save_document(document, "信用申请资料.docx")


def write_contract() -> None:
    """Write the draft of the contract that the buyer sent."""
    document = new_document()
    document.add_heading("水泵买卖合同（买方发来的草案）", level=1)
    document.add_paragraph("卖方：虚构市澄川泵业有限公司　　买方：虚构市峨溪建设有限公司")
    for head, text in CLAUSES:
        document.add_paragraph().add_run(head).bold = True
        document.add_paragraph(text)
    save_document(document, "买卖合同草案.docx")


def write_correspondence() -> None:
    """Write what there is of contract and delivery notes with the debtor."""
    document = new_document()
    document.add_heading("青桐公司合同与送货资料", level=1)
    document.add_heading("一、合同摘录", level=2)
    for text in CONTRACT:
        document.add_paragraph(text)
    document.add_heading("二、送货单检查底稿", level=2)
    add_table(document, ("送货单号", "对应发票", "送货日", "送货／签收数量", "签收情况"), DELIVERIES)
    save_document(document, "青桐公司合同与送货资料.docx")


def add_table(document: Word, heads: Row, rows: Sequence[Row]) -> None:
    """Add a table with lines to a Word document."""
    table = document.add_table(rows=0, cols=len(heads))
    table.style = "Table Grid"
    for row in (heads, *rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)


def page() -> str:
    """Return the record of what was looked up on public sites, in HTML."""
    tables: list[tuple[str, Row, Sequence[Row]]] = [
        ("一、登记信息（国家企业信用信息公示系统）", ("项目", "内容"), REGISTERED),
        ("二、股东及出资（国家企业信用信息公示系统）", ("股东", "认缴出资额", "实缴出资额", "认缴出资期限"), SHAREHOLDERS),
        ("三、变更信息（国家企业信用信息公示系统）", ("变更日期", "变更事项", "变更前", "变更后"), CHANGES),
        ("四、2025 年度报告（国家企业信用信息公示系统）", ("项目", "内容"), REPORT),
        ("五、被执行人信息（中国执行信息公开网）", ("案号", "立案时间", "执行标的", "状态"), ENFORCED),
        ("六、信用中国", ("项目", "内容"), [("行政处罚", "未查到"), ("严重失信主体名单", "未查到"), ("经营异常名录", "未查到")]),
    ]
    body = "".join(f"<h2>{title}</h2>{html_table(heads, rows)}" for title, heads, rows in tables)
    style = "@page{size:A4;margin:18mm} *{font:10.5pt 'Noto Sans CJK SC'} h1{font-size:15pt} h2{font-size:12pt} "
    style += "table{border-collapse:collapse;width:100%} th,td{border:0.5pt solid #555;padding:3pt 5pt;text-align:left} th{background:#dde6f0}"
    head = f"<h1>公开信息查询记录</h1><p>查询对象：{APPLICANT}　查询日期：2026-10-12　查询人：信用专员 赵例六</p>"
    return f"<html lang=zh-CN><head><title>公开信息查询记录</title><style>{style}</style></head><body>{head}{body}</body></html>"


def html_table(heads: Row, rows: Sequence[Row]) -> str:
    """Return a table in HTML; nothing in it needs escaping."""
    lines = ["".join(f"<th>{head}</th>" for head in heads)]
    lines += ["".join(f"<td>{value}</td>" for value in row) for row in rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def write_pdf() -> None:
    """Write the page as a PDF."""
    from weasyprint import HTML

    HTML(string=page()).write_pdf(FILES / "公开信息查询记录.pdf")


WRITERS = (write_application, write_orders, write_statements, write_archive, write_releases, write_contract, write_ledger, write_correspondence)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in (*WRITERS, write_pdf):
        write()
