"""Makes the case files of this task set from the figures stated here: run it after a change and commit what it writes."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from question_bank.packs.case_files import Row, add_table, html_table, new_document, save_document, write_book

FILES = Path(__file__).with_name("files")
HEAD = "E6E0D4"

# 客户号、名称、近 12 个月采购额（万元）、档案内最近报告、报告日
TO_SEARCH: list[Row] = [
    ("K01", "示例市丰禾食品有限公司", 320, "深度", date(2025, 12, 20)),
    ("K02", "示例市谷香食品有限公司", 286, "深度", date(2026, 5, 18)),
    ("K03", "示例市乐果饮料有限公司", 245, "无", None),
    ("K04", "示例市星麦烘焙有限公司", 210, "标准", date(2026, 7, 2)),
    ("K05", "示例市海棠调味品有限公司", 199, "无", None),
    ("K06", "示例市云杉日化有限公司", 160, "标准", date(2026, 6, 11)),
    ("K07", "示例市槐安茶业有限公司", 142, "标准", date(2025, 10, 8)),
    ("K08", "示例市银杏药业有限公司", 120, "无", None),
    ("K09", "示例市桂圆乳品有限公司", 98, "深度", date(2026, 8, 1)),
    ("K10", "示例市芦苇水产有限公司", 86, "基本", date(2026, 7, 15)),
    ("K11", "示例市山岚米业有限公司", 75, "无", None),
    ("K12", "示例市晴川糖果有限公司", 60, "标准", date(2026, 3, 30)),
    ("K13", "示例市临江粮油有限公司", 50, "无", None),
    ("K14", "示例市半山豆制品厂", 49, "无", None),
    ("K15", "示例市小满面点有限公司", 44, "基本", date(2026, 1, 9)),
    ("K16", "示例市青竹酱园", 38, "无", None),
    ("K17", "示例市石榴蜜饯有限公司", 35, "无", None),
    ("K18", "示例市北窗咖啡有限公司", 31, "基本", date(2026, 4, 22)),
    ("K19", "示例市杏林保健品有限公司", 28, "无", None),
    ("K20", "示例市和味餐饮管理有限公司", 26, "无", None),
    ("K21", "示例市松果坚果有限公司", 22, "无", None),
    ("K22", "示例市白露酒业有限公司", 18, "无", None),
    ("K23", "示例市木桥冷饮有限公司", 12, "基本", date(2025, 11, 30)),
    ("K24", "示例市东篱菊茶社", 6, "无", None),
]
QUOTES: list[Row] = [
    ("甲一征信", "企业征信机构，已备案", 2800, 900, 0, "深度与标准合计 10 份及以上，总价 9 折", 7),
    ("乙二征信", "企业征信机构，已备案", 3200, 820, 1000, "另收年费 1000 元，不打折", 5),
    ("丙三数据", "未备案，不愿说明数据来源，附送高管通话记录", 1500, 500, 0, "不打折", 3),
    ("丁四咨询", "代理已备案机构的报告", 2600, 880, 0, "不打折", 15),
]

# 月份、申报产量（吨）、电费单用电量（千瓦时）
OUTPUT: list[Row] = [
    ("2025-09", 365, 50600),
    ("2025-10", 372, 51200),
    ("2025-11", 388, 52400),
    ("2025-12", 390, 51800),
    ("2026-01", 402, 53000),
    ("2026-02", 340, 38600),
    ("2026-03", 376, 47800),
    ("2026-04", 384, 49600),
    ("2026-05", 390, 50800),
    ("2026-06", 385, 50200),
    ("2026-07", 380, 49400),
    ("2026-08", 388, 51000),
]
# 品名、单位、单价（元）、账面数量、实盘数量、备注
STOCK: list[Row] = [
    ("小麦粉", "吨", 3600, 42, 38, ""),
    ("白砂糖", "吨", 6200, 18, 18, ""),
    ("棕榈油", "吨", 8400, 12, 9, ""),
    ("奶粉", "吨", 32000, 3, 3, ""),
    ("鸡蛋粉", "吨", 45000, 2, 2, ""),
    ("可可粉", "吨", 52000, 2, 1, ""),
    ("食盐", "吨", 1200, 5, 5, ""),
    ("膨松剂", "千克", 18, 600, 600, ""),
    ("包装膜", "千克", 16, 4200, 3900, ""),
    ("纸箱", "个", 4, 15000, 13500, ""),
    ("夹心饼干", "箱", 96, 1800, 1450, ""),
    ("苏打饼干", "箱", 88, 1500, 1500, ""),
    ("曲奇", "箱", 132, 900, 640, ""),
    ("蛋卷", "箱", 110, 700, 700, ""),
    ("威化", "箱", 102, 1100, 850, ""),
    ("沙琪玛", "箱", 90, 650, 650, ""),
    ("礼盒", "箱", 240, 400, 400, "代保管，属示例市星麦烘焙有限公司"),
    ("月饼", "箱", 260, 300, 300, "代保管，属示例市星麦烘焙有限公司"),
    ("锅巴", "箱", 76, 520, 500, ""),
    ("米饼", "箱", 70, 480, 480, ""),
]
CLAIMS: list[Row] = [
    ("1", "厂房为自有"),
    ("2", "三条生产线全部正常生产"),
    ("3", "在职员工 120 人"),
    ("4", "食品安全管理体系认证有效"),
    ("5", "仓库面积 3000 平方米"),
    ("6", "向两家大型超市长期供货"),
    ("7", "没有拖欠工资"),
    ("8", "银行借款余额 500 万元"),
]
VISIT: list[str] = [
    "走访时间：2026-09-08 9:30—11:40。走访人：信用专员 孔例一、曹例二（两人，事先电话预约，出示工作证）。接待人：总经理 严例三、财务经理 华例四。",
    "厂区：门卫室挂有“示例市东园置业厂房 3 号”牌。经同意查看租赁合同原件，出租方为示例市东园置业有限公司，租期至 2027-12-31，含厂房和仓库。",
    "车间：一号、二号线在生产；三号线拆下部分部件，设备表面有积尘，车间主任说“上半年起没开过”。",
    "人员：当班打卡机显示两班共 61 人；财务经理出示 2026 年 8 月社会保险缴费明细，64 人。",
    "证书：食品安全管理体系认证证书原件，有效期至 2028-05-30；当场在认证机构网站查询，状态有效。",
    "仓库：租赁合同所附平面图写明仓库 3000 平方米，实地丈量与图相符。货架上部分礼盒、月饼贴有“代保管”标签，与盘点表备注一致。",
    "销售：总经理说向两家大型超市长期供货，合同“在总部，不方便看”，没有出示合同、结算单。",
    "工资：分别向配料工、包装工、司机询问，都说每月 15 日发工资、没有拖欠；查看近三个月银行代发工资清单，与说法一致。",
    "借款：财务经理说银行借款 500 万元，没有提供借款合同，也没有签署征信查询授权。",
]
PHONE: list[str] = [
    "2026-09-11 电话，客户：示例市和味餐饮管理有限公司，接听人：采购负责人 金例五。",
    "对方一直款到发货，近 12 个月采购 26 万元，从未晚付。节前一个月备货时，自有资金紧，有时为等款推迟提货。",
    "我方建议申请信用额度。对方说：“填表要交一堆资料，太麻烦；我们小店的底细也不想让别人知道。再说，申请了不批，多没面子。”",
    "对方又说：“你们先口头答应放我 20 万，年底再补手续就行。”",
]

REPORT_HEAD: list[Row] = [
    ("Subject", "Fictia Feinkost Beispiel GmbH (fictitious company)"),
    ("Report type / date", "Full report, 21 September 2026"),
    ("Legal form", "GmbH (limited liability company)"),
    ("Registered", "Commercial register of Beispielstadt, HRB 00000-X, 14 March 2011"),
    ("Share capital", "EUR 250,000, fully paid"),
    ("Shareholders", "Muster Holding GmbH 70%; A. Beispiel 30%"),
    ("Managing director", "A. Beispiel (joint signature with a holder of procuration)"),
    ("Employees", "46"),
    ("Line of business", "Wholesale of packaged food"),
    ("Ordered by", "Example Yuanlan Packaging Co., Ltd., with the subject's consent"),
]
PAYMENT: list[Row] = [
    ("Payment index", "62"),
    ("Legend", "100 = before due date; 80 = on due date; 70 = 15 days beyond terms; 60 = 25 days; 50 = 30 days; 40 = 60 days"),
    ("Average days beyond terms (12 months)", "22"),
    ("Trend", "Six months ago the index was 71"),
    ("Trade references asked / answered", "9 / 7"),
    ("Largest overdue amount reported", "EUR 64,000"),
]
PUBLIC_RECORDS: list[Row] = [
    ("Judgments", "1 (12 May 2026, EUR 38,000, claimant: a supplier, status: open)"),
    ("Insolvency proceedings", "None found"),
    ("Charges", "Receivables assigned to a bank (global assignment), registered 2024"),
]
FOREIGN_FIGURES: list[Row] = [
    ("Cash", 520, 410),
    ("Trade receivables", 1080, 1260),
    ("Inventories", 890, 980),
    ("Other current assets", 130, 150),
    ("Total current assets", 2620, 2800),
    ("Fixed assets", 1760, 1700),
    ("Intangible assets", 320, 300),
    ("Total assets", 4700, 4800),
    ("Bank loans, short term", 480, 600),
    ("Trade payables", 910, 1000),
    ("Other current liabilities", 410, 400),
    ("Total current liabilities", 1800, 2000),
    ("Long-term loans", 1200, 1000),
    ("Total liabilities", 3000, 3000),
    ("Equity", 1700, 1800),
    ("Turnover", 9100, 9450),
    ("Cost of sales", 7190, 7560),
    ("Interest expense", 60, 54),
    ("Profit before tax", 310, 270),
    ("Net profit", 217, 189),
]
OPINION: list[Row] = [
    ("Risk class", "4 (1 = lowest risk, 6 = highest risk)"),
    ("Recommended credit limit", "EUR 45,000"),
    ("Financial statements", "2025 filed, unaudited (small company exemption)"),
]
TEMPLATE: list[Row] = [
    ("一、识别", "外文名称", ""),
    ("一、识别", "法律形式", ""),
    ("一、识别", "登记号、登记日期", ""),
    ("一、识别", "股东及持股比例", ""),
    ("一、识别", "负责人及签字权限", ""),
    ("二、经营", "行业、员工人数", ""),
    ("三、财务（2025 年，万元人民币）", "流动负债", ""),
    ("三、财务（2025 年，万元人民币）", "负债合计", ""),
    ("三、财务（2025 年，万元人民币）", "所有者权益", ""),
    ("三、财务（2025 年，万元人民币）", "净利润", ""),
    ("四、履约", "付款指数的含义和趋势、平均超期天数", ""),
    ("五、公共记录", "判决（日期、金额、状态）和破产程序", ""),
    ("五、公共记录", "担保、转让登记", ""),
    ("六、评估", "风险等级、建议额度（外币）、报表是否审计", ""),
    ("七、来源", "信息来源、报告日期、是否取得同意", ""),
    ("七、来源", "录入人、复核人、录入日期", ""),
]

# 客户号、额度、额度到期日、应收余额、其中逾期、最长逾期天数、最近订单日（金额：万元）
WATCHED: list[Row] = [
    ("G01", 120, date(2026, 12, 31), 86, 0, 0, date(2026, 9, 22)),
    ("G02", 200, date(2027, 3, 31), 214, 20, 12, date(2026, 9, 25)),
    ("G03", 80, date(2026, 12, 31), 45, 15, 42, date(2026, 8, 19)),
    ("G04", 150, date(2026, 12, 31), 60, 0, 0, date(2026, 9, 18)),
    ("G05", 60, date(2026, 8, 31), 32, 0, 0, date(2026, 9, 10)),
    ("G06", 100, date(2026, 12, 31), 38, 38, 75, date(2026, 6, 2)),
    ("G07", 50, date(2027, 6, 30), 0, 0, 0, date(2025, 8, 14)),
    ("G08", 90, date(2026, 12, 31), 90, 0, 0, date(2026, 9, 28)),
    ("G09", 40, date(2026, 11, 30), 12, 12, 60, date(2026, 7, 20)),
    ("G10", 70, date(2026, 12, 31), 26, 6, 30, date(2026, 9, 15)),
    ("G11", 110, date(2027, 1, 31), 72, 0, 0, date(2026, 9, 21)),
    ("G12", 30, date(2026, 12, 31), 8, 8, 61, date(2026, 5, 30)),
    ("G13", 160, date(2026, 12, 31), 134, 18, 22, date(2026, 9, 26)),
    ("G14", 45, date(2026, 9, 30), 20, 0, 0, date(2026, 9, 3)),
    ("G15", 85, date(2026, 12, 31), 0, 0, 0, date(2025, 9, 30)),
    ("G16", 65, date(2026, 10, 31), 41, 9, 18, date(2026, 9, 2)),
    ("G17", 95, date(2027, 2, 28), 58, 0, 0, date(2026, 9, 20)),
    ("G18", 55, date(2026, 12, 31), 33, 0, 0, date(2026, 9, 12)),
    ("G19", 140, date(2026, 12, 31), 97, 25, 35, date(2026, 9, 1)),
    ("G20", 75, date(2026, 12, 31), 44, 0, 0, date(2026, 9, 17)),
    ("G21", 180, date(2027, 3, 31), 150, 30, 28, date(2026, 9, 24)),
    ("G22", 100, date(2026, 12, 31), 60, 0, 0, date(2026, 9, 16)),
]
# 提货单号、客户号、签发日、有效期至、核准箱数、授权提货人
VOUCHERS: list[Row] = [
    ("V01", "G01", date(2026, 9, 1), date(2026, 10, 31), 500, "魏例六"),
    ("V02", "G04", date(2026, 8, 10), date(2026, 9, 20), 300, "陶例七"),
    ("V03", "G06", date(2026, 5, 25), date(2026, 12, 31), 400, "姜例八"),
    ("V04", "G08", date(2026, 9, 5), date(2026, 10, 15), 260, "戚例九"),
    ("V05", "G11", date(2026, 9, 8), date(2026, 10, 31), 350, "谢例十"),
    ("V06", "G13", date(2026, 9, 10), date(2026, 9, 30), 240, "邹例十一"),
    ("V07", "G12", date(2026, 5, 20), date(2026, 10, 31), 120, "喻例十二"),
    ("V08", "G16", date(2026, 8, 25), date(2026, 9, 25), 150, "柏例十三"),
    ("V09", "G17", date(2026, 9, 15), date(2026, 11, 15), 200, "水例十四"),
    ("V10", "G18", date(2026, 9, 10), date(2026, 10, 31), 130, "窦例十五"),
    ("V11", "G20", date(2026, 9, 14), date(2026, 10, 31), 180, "章例十六"),
    ("V12", "G21", date(2026, 9, 16), date(2026, 11, 30), 420, "云例十七"),
]
PICKED: list[Row] = [
    (date(2026, 5, 22), "V07", 70, "喻例十二"),
    (date(2026, 5, 30), "V07", 50, "喻例十二"),
    (date(2026, 6, 2), "V03", 150, "姜例八"),
    (date(2026, 8, 14), "V02", 100, "陶例七"),
    (date(2026, 9, 2), "V08", 60, "柏例十三"),
    (date(2026, 9, 3), "V01", 200, "魏例六"),
    (date(2026, 9, 7), "V04", 160, "戚例九"),
    (date(2026, 9, 9), "V05", 200, "谢例十"),
    (date(2026, 9, 11), "V02", 80, "陶例七"),
    (date(2026, 9, 12), "V10", 70, "窦例十五"),
    (date(2026, 9, 14), "V06", 120, "邹例十一"),
    (date(2026, 9, 17), "V11", 110, "章例十六"),
    (date(2026, 9, 18), "V04", 100, "戚例九"),
    (date(2026, 9, 18), "V12", 160, "云例十七"),
    (date(2026, 9, 20), "V09", 90, "苏例十八"),
    (date(2026, 9, 21), "V05", 180, "谢例十"),
    (date(2026, 9, 22), "V01", 200, "魏例六"),
    (date(2026, 9, 24), "V12", 140, "云例十七"),
    (date(2026, 9, 26), "V11", 40, "章例十六"),
    (date(2026, 9, 27), "V08", 50, "柏例十三"),
    (date(2026, 9, 28), "V10", 30, "窦例十五"),
]

OPENING = 268400
# 日期、凭证号、摘要、借方（增加）、贷方（减少）
OURS: list[Row] = [
    (date(2026, 7, 3), "X-052", "销售", 42300, 0),
    (date(2026, 7, 8), "S-031", "收款", 0, 68400),
    (date(2026, 7, 14), "X-057", "销售", 38600, 0),
    (date(2026, 7, 22), "X-061", "销售", 51200, 0),
    (date(2026, 7, 28), "S-034", "收款", 0, 80000),
    (date(2026, 8, 4), "X-066", "销售", 29800, 0),
    (date(2026, 8, 12), "S-038", "收款", 0, 92300),
    (date(2026, 8, 21), "X-071", "销售", 36500, 0),
    (date(2026, 8, 24), "X-071", "销售", 36500, 0),
    (date(2026, 8, 26), "X-075", "销售", 44100, 0),
    (date(2026, 8, 31), "S-041", "收款", 0, 70000),
    (date(2026, 9, 4), "X-079", "销售", 33900, 0),
    (date(2026, 9, 9), "X-083", "销售", 43700, 0),
    (date(2026, 9, 15), "S-045", "收款", 0, 58600),
    (date(2026, 9, 17), "X-088", "销售", 27400, 0),
    (date(2026, 9, 23), "X-093", "销售", 39500, 0),
    (date(2026, 9, 25), "Z-012", "价格折让", 0, 5000),
    (date(2026, 9, 30), "X-098", "销售", 54200, 0),
]
# 日期、对应单据、摘要、贷方（增加）、借方（减少）
THEIRS: list[Row] = [
    (date(2026, 7, 5), "X-052", "购货", 42300, 0),
    (date(2026, 7, 7), "S-031", "付款", 0, 68400),
    (date(2026, 7, 16), "X-057", "购货", 38600, 0),
    (date(2026, 7, 24), "X-061", "购货", 51200, 0),
    (date(2026, 7, 27), "S-034", "付款", 0, 80000),
    (date(2026, 8, 6), "X-066", "购货", 29800, 0),
    (date(2026, 8, 11), "S-038", "付款", 0, 92300),
    (date(2026, 8, 23), "X-071", "购货", 36500, 0),
    (date(2026, 8, 28), "X-075", "购货", 44100, 0),
    (date(2026, 8, 30), "S-041", "付款", 0, 70000),
    (date(2026, 9, 6), "X-079", "购货", 33900, 0),
    (date(2026, 9, 11), "X-083", "购货", 47300, 0),
    (date(2026, 9, 14), "S-045", "付款", 0, 58600),
    (date(2026, 9, 18), "T-007", "退货（远岚公司 9 月 18 日签收退货单）", 0, 12600),
    (date(2026, 9, 19), "X-088", "购货", 27400, 0),
    (date(2026, 9, 25), "X-093", "购货", 39500, 0),
    (date(2026, 9, 29), "F-029", "付款（9 月 29 日汇出）", 0, 86000),
]
QUALITY: list[str] = [
    (
        "合同摘录：检验期为签收之日起 7 日，有异议的应当书面提出；期满没有书面提出的，视为合格。产品应存放在干燥、遮阴的仓库。"
        "卖方送货上门，签收后的保管由买方负责。"
    ),
    (
        "第一批（SH-201，8 月 3 日签收）：8 月 5 日谷香公司书面异议并附照片，称膜厚不足。"
        "8 月 9 日双方共同抽样，检验结果为厚度低于合同标准，与出厂批次记录一致。"
    ),
    "第二批（SH-214，8 月 11 日签收）：9 月 15 日谷香公司来信称颜色不均。此前没有提出过异议，也没有送检。",
    (
        "第三批（SH-229，8 月 26 日签收，签收单注明外包装完好）：8 月 29 日谷香公司书面异议，称受潮。"
        "8 月 30 日双方到场，照片和监控显示货物签收后堆放在露天棚外，8 月 28 日遇雨。"
    ),
    "第四批（SH-240，9 月 10 日签收）：9 月 14 日谷香公司书面异议，称封口不牢。我方留样封口合格，对方样品不合格，双方还没有共同取样，各执一词。",
    "第五批（SH-251，9 月 22 日签收，货款 39500 元，发票 X-093）：至 9 月 30 日谷香公司没有提出异议，也没有按合同交回验收单。",
]

FORECAST: list[Row] = [
    ("销售回款", 620000, 585000, 540000, 640000, 560000),
    ("其他收入", 0, 6000, 0, 0, 4000),
    ("采购付款", 320000, 308000, 296000, 322000, 300000),
    ("工资社保", 98000, 98000, 98000, 104000, 98000),
    ("税费", 42000, 37000, 36000, 39000, 36000),
    ("银行还本付息", 40000, 40000, 40000, 40000, 40000),
]
OPENING_CASH = 60000
BAD_DEBTS: list[Row] = [
    ("H1", "示例市旧雨饮品厂", 36000, "法院裁定终结破产程序，无财产可供分配；裁定书、债权申报回执齐全"),
    ("H2", "示例市望月食品有限公司", 58000, "逾期 14 个月，电话不通；没有上门，没有起诉"),
    ("H3", "示例市双桥副食店", 9000, "营业执照已注销；法院对经营者的执行因无财产终结本次执行已满一年，裁定书、财产调查结果齐全"),
    ("H4", "示例市晴岚乳业有限公司", 84000, "逾期 8 个月，9 月签了分期还款协议，第一期已到账"),
]
EVIDENCE: list[Row] = [
    ("1", "买卖合同原件，双方盖章"),
    ("2", "送货单六张原件，合同授权的收货人签字并盖收货章，金额共 402000 元"),
    ("3", "第七批货（78000 元）的增值税专用发票复印件；没有送货单，对方口头否认收货"),
    ("4", "对方财务答应付款的聊天截图打印件，原手机已换，没有备份"),
    ("5", "对方 2026-06-30 盖章确认的对账单原件，欠款 480000 元，注明包括第七批货"),
    ("6", "与债务人同名的另一家公司写给他人的欠条复印件"),
    ("7", "2026-07-20 催款函底稿，没有寄送凭证"),
    ("8", "登门时私自翻拍的对方法定代表人家人的照片"),
]
TALKS: list[str] = [
    "债务人：示例市乐果饮料有限公司（下称“乐果公司”）。债务：货款 480000 元，最后一批于 2026-05-31 到期，2026-06-30 双方对账确认。",
    (
        "2026-10-09 登门，我方孔例一、曹例二两人，事先约定；对方总经理 范例十九、财务 彭例二十。"
        "对方承认欠款，称旺季过后资金紧，不能一次付清，愿意分期，出示了 2026-10 至 2027-02 的现金流预测。"
    ),
    (
        "双方谈妥的条件：2026-10-15 首付 96000 元；余款 384000 元分四期，2026-11-30、12-31、2027-01-31、02-28 各还本金 96000 元；"
        "每期另付利息，按该期期初欠付本金的月利率 0.5% 计，首付不计利息。"
    ),
    (
        "范例十九本人愿为全部债务提供连带责任保证；双方同意：任何一期逾期超过 5 日，未到期的全部提前到期，我方可以停止供货；"
        "争议由我方所在地人民法院管辖；协议不免除原合同的其他责任。"
    ),
]


def write_search() -> None:
    """Write the customers to look up and what the suppliers ask."""
    sheets: dict[str, list[Row]] = {
        "待查客户": [("客户号", "客户名称", "近 12 个月采购额（万元）", "档案内最近报告", "报告日"), *TO_SEARCH],
        "报价": [("供应商", "资质与来源", "深度报告（元／份）", "标准报告（元／份）", "年费（元）", "优惠", "交付（天）"), *QUOTES],
    }
    write_book(FILES / "征信采购询价.xlsx", sheets, HEAD)


def write_output() -> None:
    """Write output, electricity and the count of the stock."""
    sheets: dict[str, list[Row]] = {
        "产量与用电": [("月份", "申报产量（吨）", "电费单用电量（千瓦时）"), *OUTPUT],
        "存货盘点": [("品名", "单位", "单价（元）", "账面数量", "实盘数量", "备注"), *STOCK],
    }
    write_book(FILES / "丰禾公司产销与盘点.xlsx", sheets, HEAD)


def write_template() -> None:
    """Write the empty archive of a foreign customer."""
    write_book(FILES / "境外客户信用档案模板.xlsx", {"档案": [("栏目", "字段", "内容"), *TEMPLATE]}, HEAD)


def write_watch() -> None:
    """Write limits, vouchers and deliveries at the end of the month."""
    heads = ("客户号", "信用额度（万元）", "额度到期日", "应收余额（万元）", "其中逾期（万元）", "最长逾期天数", "最近订单日")
    sheets: dict[str, list[Row]] = {
        "客户": [heads, *WATCHED],
        "信用提货单": [("提货单号", "客户号", "签发日", "有效期至", "核准箱数", "授权提货人"), *VOUCHERS],
        "出库单": [("出库日", "提货单号", "箱数", "提货人"), *PICKED],
    }
    write_book(FILES / "信用监控底稿.xlsx", sheets, HEAD)


def write_accounts() -> None:
    """Write both sides' ledgers."""
    opening = (date(2026, 6, 30), "", "期初余额", None, None, OPENING)
    sheets: dict[str, list[Row]] = {
        "远岚公司应收账": [("日期", "凭证号", "摘要", "借方（元）", "贷方（元）", "余额（元）"), opening, *with_balance(OURS)],
        "谷香公司应付账": [("日期", "对应单据", "摘要", "贷方（元）", "借方（元）", "余额（元）"), opening, *with_balance(THEIRS)],
    }
    write_book(FILES / "往来对账.xlsx", sheets, HEAD)


def write_quality() -> None:
    """Write what is known of the five deliveries."""
    write_word("质量争议材料.docx", "与示例市谷香食品有限公司的质量争议材料", [("", QUALITY, [])])


def write_forecast() -> None:
    """Write the debtor's forecast of cash, and the debts to be written off."""
    months = ("项目（元）", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02")
    sheets: dict[str, list[Row]] = {
        "现金流预测": [months, ("期初现金（仅 10 月初）", OPENING_CASH, None, None, None, None), *FORECAST],
        "拟核销款项": [("编号", "债务人", "金额（元）", "现有证据和进展"), *BAD_DEBTS],
    }
    write_book(FILES / "还款能力与核销资料.xlsx", sheets, HEAD)


def write_debt() -> None:
    """Write the record of the talks and the list of evidence."""
    parts: list[tuple[str, Sequence[str], list[Row]]] = [
        ("一、登门谈判记录", TALKS, []),
        ("二、债权材料目录", [], [("序号", "材料"), *EVIDENCE]),
    ]
    write_word("乐果公司债权资料.docx", "示例市乐果饮料有限公司债权资料", parts)


def with_balance(rows: Sequence[Row]) -> list[Row]:
    """Return the entries of a ledger, each with the balance after it."""
    balance, result = OPENING, []
    for day, number, text, more, less in rows:
        balance += int(str(more)) - int(str(less))
        result.append((day, number, text, more or None, less or None, balance))
    return result


def write_visit() -> None:
    """Write the record of the visit with the claims of the application, and of the call to another customer."""
    parts: list[tuple[str, Sequence[str], list[Row]]] = [
        ("一、丰禾公司申请表摘录", [], [("序号", "申请人的陈述"), *CLAIMS]),
        ("二、实地走访记录", VISIT, []),
        ("三、另一客户的电话记录", PHONE, []),
    ]
    write_word("走访与电话记录.docx", "走访与电话记录", parts)


def write_word(name: str, title: str, parts: Sequence[tuple[str, Sequence[str], list[Row]]]) -> None:
    """Write a Word document of parts: a head, paragraphs, a table."""
    document = new_document(title)
    for head, paragraphs, rows in parts:
        if head:
            document.add_heading(head, level=2)
        for text in paragraphs:
            document.add_paragraph(text)
        if rows:
            add_table(document, rows[0], rows[1:])
    save_document(document, FILES / name)


def page() -> str:
    """Return the foreign business report in HTML."""
    figures: list[Row] = [(name, f"{before:,}", f"{now:,}") for name, before, now in FOREIGN_FIGURES]
    tables: list[tuple[str, Row, Sequence[Row]]] = [
        ("1 Identification", ("Item", "Information"), REPORT_HEAD),
        ("2 Payment experience", ("Item", "Information"), PAYMENT),
        ("3 Public records", ("Item", "Information"), PUBLIC_RECORDS),
        ("4 Financial figures (EUR thousand, year end 31 December)", ("Item", "2024", "2025"), figures),
        ("5 Assessment", ("Item", "Information"), OPINION),
    ]
    body = "".join(f"<h2>{title}</h2>{html_table(heads, rows)}" for title, heads, rows in tables)
    style = "@page{size:A4;margin:18mm} *{font:9.5pt 'DejaVu Sans'} h1{font-size:15pt} h2{font-size:11pt} table{border-collapse:collapse;width:100%}"
    style += "th,td{border:0.5pt solid #555;padding:2pt 5pt;text-align:left} th{background:#e6e0d4}"
    head = "<h1>BUSINESS INFORMATION REPORT</h1><p>Beispiel Credit Reports (fictitious agency). For the use of the subscriber only.</p>"
    return f"<html lang=en><head><title>Business information report</title><style>{style}</style></head><body>{head}{body}</body></html>"


def write_pdf() -> None:
    """Write the page as a PDF."""
    from weasyprint import HTML

    HTML(string=page()).write_pdf(FILES / "境外企业征信报告.pdf")


WRITERS = (write_search, write_output, write_visit, write_template, write_watch, write_accounts, write_quality, write_forecast, write_debt)

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for write in (*WRITERS, write_pdf):
        write()
