"""The formulas of the task sets L4-A, L2-A and L1-A: from the figures of the case files and texts."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import floor

from python_calamine import CalamineWorkbook
from stdnum.cn import uscc

from tests.question_bank.given import Given, Worth, column, only
from tests.question_bank.given_files import PACK, TASKS, Answer, Computed, tables_of, words_of

TODAY = date(2026, 10, 31)
LONG_CODE = 18


def path_of(task: str, name: str):
    """Return where a case file lies."""
    return next(PACK.case_files[file.digest] for file in TASKS[task].files if file.name == name)


@cache
def sheet(task: str, name: str, title: str) -> list[list]:
    """Return the rows of a sheet under its heads, whole numbers and fractions as `Fraction`; notes are left out."""
    rows = CalamineWorkbook.from_path(path_of(task, name)).get_sheet_by_name(title).to_python()
    return [[exact(cell) for cell in row] for row in rows[1:] if row[1] != ""]


def tables(task: str, name: str) -> list[list[list[str]]]:
    """Return the tables of a document, without their heads."""
    return tables_of(path_of(task, name))


@cache
def text(task: str, name: str = "") -> Given:
    """Return the figures of a task's text with its stems, or those of a document."""
    if name:
        return Given(name, words_of(path_of(task, name)))
    return Given(task, "\n".join([TASKS[task].case.text, *(part.item.stem for part in TASKS[task].parts)]))


def exact(cell: object) -> object:
    """Return a number of a cell without the noise of floats."""
    return Fraction(str(cell)) if isinstance(cell, int | float) else cell


def number(shown: str) -> Fraction:
    """Return the number that a cell's text begins with or says, such as `120 万元`, `1,845.2` or `回收额的 15%`."""
    digits = "".join(sign for sign in shown.replace(",", "") if sign.isdigit() or sign == ".")
    return Fraction(digits) / (100 if "%" in shown else 1)


def percent(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole * 100


# ---------------------------------------------------------------- L4-A


def codes() -> Answer:
    def judged(kind: str, code: str) -> str:
        if len(code) != LONG_CODE:
            return "位数不符"
        if set(code) & set("IOZSV"):
            return "含有不使用的字母"
        assert uscc.is_valid(code)
        return "形式正确" if code.startswith("92" if kind == "个体工商户" else "91") else "机构类别与组织形式不符"

    return column("B", *(judged(kind, code) for _number, _name, kind, code in sheet("L4-A.T1", "采集材料.xlsx", "代码登记")))


def adopted(official: tuple[str, ...] = ("国家企业信用信息公示系统", "中国执行信息公开网")) -> Answer:
    """The latest of the official sources; without `official`, simply the latest."""
    best: dict[str, tuple[date, object]] = {}
    for subject, source, day, content in sheet("L4-A.T1", "采集材料.xlsx", "采集摘录"):
        if (source in official or not official) and day >= best.get(subject, (date.min, ""))[0]:
            best[subject] = day, content
    return column("B", *(content.partition("（")[0] if isinstance(content, str) else content for _day, content in best.values()))


def index(month: int, is_inverse: bool = True) -> Fraction:
    rows = sheet("L4-A.T1", "采集材料.xlsx", "PMI分类指数")
    return sum((row[1] / 100 * (100 - row[month] if is_inverse and row[0] == "供应商配送时间" else row[month]) for row in rows), Fraction(0))


def indexes() -> Answer:
    months = index(2), index(3)
    trends = ["扩张" if each > 50 else "收缩" for each in months]
    return column("B", *months, *trends, "下降" if months[1] < months[0] else "上升")


def keyed() -> list[tuple[str, str, str]]:
    """Return what the papers say and what was keyed in, both in yuan, with the customer that it was keyed in for."""
    papers = tables("L4-A.T2", "待归档资料.docx")[0]
    entries = sheet("L4-A.T2", "系统录入清单.xlsx", "系统录入清单")
    found = []
    for (paper, _item, content), (_number, _name, entry) in zip(papers, entries, strict=True):
        source, is_money = content.rpartition("／")[2], "万元" in paper + content
        wanted = str(number(source) * 10_000) if is_money else source
        given, _, customer = str(entry).partition("，记入：")
        found.append((wanted, str(Fraction(given)) if is_money else given, customer))
    return found


def judged_entries() -> Answer:
    def judged(wanted: str, given: str, customer: str) -> str:
        if customer and customer != "柏川商贸有限公司":
            return "记错客户"
        if wanted == given:
            return "正确"
        if wanted.count("-") == 2:
            return "日期错"
        return "数字错位" if sorted(wanted) == sorted(given) else "金额单位错"

    return column("B", *(judged(*each) for each in keyed()))


def corrections() -> Answer:
    wanted = [each[0] for each in keyed()]
    return {"B1": wanted[0], "B2": Fraction(wanted[2]), "B3": wanted[4], "B4": Fraction(wanted[7])}


RECEIPT = {"FH-0914": (date(2026, 9, 15), Fraction(38), "乔立", "有")}
"""What can be read in the picture."""


def deliveries() -> dict[str, tuple]:
    """Return by delivery: signed on, pieces signed for, whether that counts, pieces and price invoiced, price of the contract."""
    book = ("L4-A.T3", "交易单据.xlsx")
    prices = {name.partition("：")[2]: price for name, price in sheet(*book, "合同与授信") if "：" in name}
    invoices = {row[0]: row[1:] for row in sheet(*book, "发票")}
    found = {}
    for row in sheet(*book, "签收单"):
        day, pieces, person, stamp = RECEIPT.get(row[0], row[1:5])
        goods, invoiced, price, _sum = invoices[row[0]]
        found[row[0]] = day, pieces, person in ("郝思源", "乔立") and stamp == "有", invoiced, price, prices[goods]
    return found


def matched() -> Answer:
    def judged(_day, pieces, is_signed, invoiced, price, agreed) -> str:
        if not is_signed:
            return "签收无效"
        return "数量不符" if pieces != invoiced else "单据一致" if price == agreed else "发票单价不符"

    return column("B", *(judged(*each) for each in deliveries().values()))


def due_days(shift: int = 0) -> Answer:
    term = next(int(number(value)) for name, value in sheet("L4-A.T3", "交易单据.xlsx", "合同与授信") if name == "信用期")
    found = deliveries()
    return column("B", *((found[each][0] + timedelta(term + shift)).isoformat() for each in ("FH-0901", "FH-0907", "FH-0928")))


def differences() -> Answer:
    ours = sheet("L4-A.T3", "交易单据.xlsx", "我方账")[-1][1] - sheet("L4-A.T3", "交易单据.xlsx", "客户对账单")[-1][1]
    booked = {row[0].partition(" ")[0]: row[1] for row in sheet("L4-A.T3", "交易单据.xlsx", "客户对账单")}
    each = [invoiced * price - booked[number] for number, (*_rest, invoiced, price, _agreed) in deliveries().items()]
    assert each[0] == 0
    assert sum(each) == ours
    return column("B", *each[1:], ours)


def proven(every: bool = False) -> Fraction:
    before, _booked, paid, _now = (row[1] for row in sheet("L4-A.T3", "交易单据.xlsx", "我方账"))
    return before + paid + sum(pieces * agreed for _day, pieces, is_signed, _count, _price, agreed in deliveries().values() if is_signed or every)


def open_invoices(is_paid: bool = True) -> list[tuple[str, int, Fraction]]:
    """Return number, days late and balance of each invoice that is not settled."""
    paid: dict[str, Fraction] = defaultdict(Fraction)
    for _day, _customer, invoice, amount in sheet("L4-A.T4", "应收明细.xlsx", "回款明细"):
        paid[invoice] += amount if is_paid else 0
    rows = sheet("L4-A.T4", "应收明细.xlsx", "发票明细")
    found = [(row[0], (TODAY - row[2]).days - int(row[3]), row[4] - paid[row[0]]) for row in rows]
    return [each for each in found if each[2]]


EDGES = (-10_000, 0, 30, 60, 90, 10_000)


def ages(is_paid: bool = True) -> Answer:
    found = open_invoices(is_paid)
    buckets = [sum((sum_ for _n, late, sum_ in found if low < late <= high), Fraction(0)) for low, high in pairwise(EDGES)]
    return column("B", *buckets, sum(buckets))


def overdue_rate(first_day: int = 1) -> Fraction:
    found = open_invoices()
    return percent(sum(each for _n, late, each in found if late >= first_day), sum(each for _n, _late, each in found))


def steps() -> Answer:
    late = {each: days for each, days, _balance in open_invoices()}
    names = ("到期提醒", "电话催收", "书面催款函", "外勤追账", "移交外委")
    chosen = [names[sum(late[each] > edge for edge in (0, 15, 45, 90))] for each in ("F2605", "F2602", "F2614", "F2608", "F2612")]
    return column("B", *chosen)


# ---------------------------------------------------------------- L2-A

STATEMENTS = ("L2-A.T1", "客户报表.xlsx")


def year(place: int = 3) -> dict[str, Fraction]:
    """Return the figures of one year, 3 being the last."""
    return {row[0]: row[place] for title in ("资产负债表", "利润与现金流量") for row in sheet(*STATEMENTS, title)}


def ratios() -> Answer:
    it = year()
    quick = it["货币资金"] + it["应收账款"] + it["其他流动资产"]
    short = it["短期借款"] + it["应付账款"] + it["其他流动负债"]
    debt = (short + it["长期借款"]) / it["资产总计"] * 100
    days = [365 / (it["营业收入"] / it["应收账款"]), 365 / (it["营业成本"] / it["存货"])]
    return column(
        "B", (quick + it["存货"]) / short, quick / short, debt, *days, it["息税前利润"] / it["利息费用"], it["经营活动现金净流量"] / it["净利润"]
    )


def wrong_ratios() -> Answer:
    it = year()
    mean = (it["应收账款"] + year(2)["应收账款"]) / 2
    current = it["流动资产合计"] / it["流动负债合计"]
    return {"B1": 1 / current, "B2": current, "B4": 365 * mean / it["营业收入"], "B5": 365 * it["存货"] / it["营业收入"], "B7": Fraction(4, 3)}


def features() -> Answer:
    rows = tables("L2-A.T2", "信用申请材料.docx")[1]
    score = sum((Fraction(weight) * Fraction(points) for _kind, _name, weight, points in rows), Fraction(0)) / 10
    first = sum(score < edge for edge in (80, 65, 50))
    second = first + (year()["经营活动现金净流量"] < 0 and year(2)["经营活动现金净流量"] < 0)
    return column("B", score, "ABCD"[first], "ABCD"[second], Fraction((90, 60, 30, 0)[second]))


def model_limit() -> Answer:
    it = year()
    assets = (it["流动资产合计"] - it["流动负债合计"] + it["净资产（所有者权益）"]) / 2
    own = it["净资产（所有者权益）"]
    current, quick = ratios()["B1"], ratios()["B2"]
    value = Fraction(round((current + quick - (it["流动负债合计"] + it["负债合计"]) / own) * 100), 100)
    given = text("L2-A.T2")
    share = given("15%") if Fraction("-1.09") <= value <= Fraction("-0.40") else Fraction(0)
    return column("B", assets, value, share * 100, assets * share, assets * share * given("70%"))


def granted(place: int = 1, days: Worth | None = None) -> Answer:
    """The limit; `place` is the column of the group's limits that counts (approved, not used)."""
    paper = dict(tables("L2-A.T2", "信用申请材料.docx")[0])
    term = features()["B4"] if days is None else days
    need = number(paper["预计月均采购额（含税）"]) * (term + number(paper["近 12 个月平均延付天数"])) / 30
    group = text("L2-A.T2")("40000") * text("L2-A.T2")("2%") - sum(number(row[place]) for row in tables("L2-A.T2", "信用申请材料.docx")[2])
    least = min(model_limit()["B5"], need, group, number(paper["申请赊销额度"]))
    return column("B", need, group, Fraction(floor(least / 10) * 10))


def warning(days: int | None = None) -> Answer:
    rows = sheet("L2-A.T3", "应收台账.xlsx", "应收明细")
    sales = sheet("L2-A.T3", "应收台账.xlsx", "赊销额")
    whole = sum(row[3] for row in rows)
    late = sum(row[3] for row in rows if row[2] < TODAY)
    a_day = sum(row[2] for row in sales) / (days or sum(row[1] for row in sales))
    return column("B", percent(late, whole), whole / a_day, (whole - late) / a_day, late / a_day)


def transfers() -> Answer:
    sales, loss, premium, survey, paid, taken, fee = (number(row[1]) for row in sheet("L2-A.T3", "应收台账.xlsx", "转移方案报价"))
    costs = {"全部自留": sales * loss, "信用保险": sales * premium + survey + sales * loss * (1 - paid)}
    costs["无追索权保理"] = sales * taken * fee + sales * (1 - taken) * loss
    return column("B", *costs.values(), min(costs, key=lambda name: costs[name]))


def releases() -> Answer:
    decided = []
    for name, limit, owed, coming, order, late in sheet("L2-A.T3", "应收台账.xlsx", "待放行订单"):
        invoices = [(row[2], row[3]) for row in sheet("L2-A.T3", "应收台账.xlsx", "应收明细") if row[1] == name]
        assert sum(amount for _day, amount in invoices) == owed
        assert max(0, *((TODAY - day).days for day, _amount in invoices)) == late
        left = limit - owed - coming
        decided.append(("冻结" if late > 15 else "全部放行" if order <= left else "部分放行", left))
    return column("B", decided[0][0], decided[1][0], decided[1][1], decided[2][0])


def claims(last: date = date(2026, 9, 17)) -> Answer:
    given = text("L2-A.T4", "逾期案卷.docx")
    given.require("每日万分之五", "the rate")
    asked, due = given.day("2025-06-20"), given.day("2026-07-15")
    owed = given("86")
    interest = owed * Fraction(5, 10_000) * (last - given.day("2026-06-10")).days
    return column(
        "B", asked.replace(year=asked.year + 3).isoformat(), due.replace(year=due.year + 1, month=due.month - 6).isoformat(), owed + interest
    )


def agencies(is_on_whole: bool = False) -> Answer:
    whole = text("L2-A.T4")("300")
    nets, best = [], ("", Fraction(0))
    for name, rate, fee, fixed, record in tables("L2-A.T4", "逾期案卷.docx")[0]:
        recovered = whole * number(rate)
        nets.append(recovered - (whole if is_on_whole else recovered) * number(fee) - number(fixed))
        best = (name, nets[-1]) if "行政处罚" not in record and nets[-1] > best[1] else best
    return column("B", *nets, best[0])


def late_interest(days: int = 60) -> Fraction:
    given = text("L2-A.T5", "采购付款检查.docx")
    late = given.day("2026-09-15") - (given.day("2026-06-01") + timedelta(days))
    return given("120") * Fraction(5, 10_000) * late.days


# ---------------------------------------------------------------- L1-A


def detection(is_mean: bool = True) -> Answer:
    rows = {row[0]: row[1:] for row in sheet("L1-A.T1", "资信核查.xlsx", "报表摘要")}
    last = {name: row[2] for name, row in rows.items()}

    def growth(name: str) -> Fraction:
        return rows[name][2] / rows[name][1] - 1

    def base(name: str) -> Fraction:
        return sum(rows[name][1:]) / 2 if is_mean else last[name]

    yields = [percent(last["利息收入"], base("货币资金")), percent(last["利息支出"], base("有息负债"))]
    stock = last["存货"] / (last["营业成本"] / 365)
    margin = percent(last["营业收入"] - last["营业成本"], last["营业收入"])
    gap = (growth("应收账款") - growth("营业收入")) * 100
    assert yields[0] < yields[1]
    return column("B", last["经营活动现金净流量"] / last["净利润"], gap, stock, margin, *yields, "货币资金的真实性或者受限情况存疑")


def providers(place: int = 4) -> Answer:
    rows = sheet("L1-A.T1", "资信核查.xlsx", "数据供应商试查")
    costs = {row[0]: row[1] / (row[place] / row[2]) for row in rows}
    lawful = [row[0] for row in rows if "授权链完整" in row[5]]
    return column("B", *costs.values(), min(lawful, key=lambda name: costs[name]))


def news() -> Answer:
    rows = sheet("L1-A.T1", "资信核查.xlsx", "舆情摘录")
    sum_ = sum(row[4] * row[5] for row in rows if row[2] == "泓远装备股份有限公司" and not str(row[6]).startswith("转载"))
    return column("B", sum_, ("绿色", "黄色", "橙色", "红色")[sum(sum_ >= edge for edge in (5, 15, 30))])


def scores(is_inverted: bool = True) -> Answer:
    both = [Fraction(0), Fraction(0)]
    for _name, way, own, median, old, new in sheet("L1-A.T2", "授信测算.xlsx", "评分模型"):
        share = min(median / own if way == "逆" and is_inverted else own / median, Fraction(3, 2))
        both = [both[0] + share * old, both[1] + share * new]
    return column("B", *both, ("从严", "一般", "优先")[sum(both[1] >= edge for edge in (70, 85))])


def extremes() -> Answer:
    own, soft, share, bought, term, slow, sold, wanted, owed = (
        number(cell) if isinstance(cell, str) else cell for _name, cell in sheet("L1-A.T2", "授信测算.xlsx", "额度测算")
    )
    three = [(own - soft) * share, wanted * sold / 365 - owed, bought / 365 * (term + slow)]
    return column("B", *three, min(three))


def discount(days: int = 365, base: Fraction = Fraction(98), wait: int = 30) -> Fraction:
    text("L1-A.T2").require("“2/15, n/45”", "the terms")
    return Fraction(2) / base * days / wait * 100


def presented() -> Answer:
    """Judge the papers by the dates, the amount and the words of the credit."""
    credit = dict(tables("L1-A.T3", "出口业务资料.docx")[0])
    paper = dict(tables("L1-A.T3", "出口业务资料.docx")[1])

    def day(name: str) -> date:
        found = paper[name]
        place = found.index("2026-")
        return date.fromisoformat(found[place : place + 10])

    amount = number(credit["Amount"])
    last = min(day("提单") + timedelta(15), date.fromisoformat(credit["Date of expiry"][:10]))
    fits = [
        number(paper["商业发票"].partition("USD")[2]) == amount,
        "prepaid" in credit["Documents required 2"] and "PREPAID" in paper["提单"],
        number(paper["保险单：金额和险别"].partition("，")[0]) == amount * Fraction(11, 10),
        day("保险单：日期") <= day("提单"),
        day("检验证书") <= day("提单"),
        day("交单") <= last,
    ]
    return {**column("B", *("相符" if each else "不符" for each in fits)), "last": last.isoformat()}


def insured(is_limited: bool = True) -> Answer:
    paper = dict(tables("L1-A.T3", "出口业务资料.docx")[2])
    owed, limit = number(paper["未付发票金额"]), number(paper["短期出口信用保险批复的买方信用限额"])
    paid = (min(owed, limit) if is_limited else owed) * number(paper["赔偿比例（破产）"].partition("，")[0])
    rate = number(paper["折算汇率"].partition("＝")[2])
    return {"B1": presented()["last"], "B2": paid, "B3": paid * rate / 10_000, "B4": owed - paid}


def abroad() -> Answer:
    text("L1-A.T3").require("120,000 美元", "the debt")
    nets = {}
    for name, rate, fee, fixed in tables("L1-A.T3", "出口业务资料.docx")[3]:
        recovered = Fraction(120_000) * number(rate)
        nets[name.partition("：")[0]] = recovered * (1 - number(fee)) - number(fixed)
    return column("B", *nets.values(), max(nets, key=lambda name: nets[name]))


def offers(is_excluded: bool = True) -> Answer:
    book = ("L1-A.T4", "系统选型与规则测试.xlsx")
    names = ("甲", "乙", "丙")
    skill = [sum(row[1] * row[2 + place] for row in sheet(*book, "技术评分")) / 100 for place in range(3)]
    cost = [sum(row[1 + place] * (5 if "每年" in row[0] else 1) for row in sheet(*book, "费用")) for place in range(3)]
    left = [place for place in range(3) if not is_excluded or all(row[1 + place] == "满足" for row in sheet(*book, "强制要求"))]
    cheapest = min(cost[place] for place in left)
    whole = [skill[place] * Fraction(6, 10) + cheapest / cost[place] * 40 for place in range(3)]
    return column("B", *skill[:2], *cost[:2], *whole[:2], names[max(left, key=lambda place: whole[place])])


def checkpoints() -> Answer:
    book = ("L1-A.T4", "系统选型与规则测试.xlsx")
    left: dict[str, Fraction] = {}
    for group, limit, _member, owed, coming in sheet(*book, "额度占用"):
        left[group] = left.get(group, limit) - owed - coming
    decided = []
    for _place, _name, group, amount, late, listed in sheet(*book, "测试订单"):
        is_free = listed == "无" and late <= 10 and amount <= left[group]
        left[group] -= amount if is_free else 0
        decided.append("拒绝" if listed != "无" else "自动放行" if is_free else "冻结待审批")
    return column("B", *decided)


def suppliers() -> Answer:
    rows = sheet("L1-A.T5", "重点领域.xlsx", "供应商评分")
    points = [sum(row[1] * row[2 + place] for row in rows) / 100 for place in range(3)]
    lawful = [place for place in range(3) for row in rows if row[0] == "合规" and row[2 + place] >= 60]
    return column("B", *points, "ABC"[max(lawful, key=lambda place: points[place])] + " 供应商")


def loans(moved: int = 120) -> Answer:
    rows = {row[0]: row[1] for row in sheet("L1-A.T5", "重点领域.xlsx", "贷款分类")}
    note = next(row[2] for row in sheet("L1-A.T5", "重点领域.xlsx", "贷款分类") if row[0] == "关注")
    assert "120 万元已逾期 95 天" in note
    book = CalamineWorkbook.from_path(path_of("L1-A.T5", "重点领域.xlsx")).get_sheet_by_name("贷款分类").to_python()
    reserve, whole = number(book[-1][0]), sum(rows.values())
    bad = whole - rows["正常"] - rows["关注"] + moved
    lost = sum(row[1] * number(row[2]) * number(row[3]) for row in sheet("L1-A.T5", "重点领域.xlsx", "贷款分段"))
    return column("B", percent(bad, whole), percent(reserve, bad), percent(reserve, whole), lost)


def reviews(seconds: int = 20, times: int = 3) -> Answer:
    rows = sheet("L1-A.T5", "重点领域.xlsx", "店铺评价")
    places = Counter(row[1] for row in rows)
    kept = [row for row in rows if row[2] >= seconds or places[row[1]] < times]

    def good(some: list[list]) -> Fraction:
        return percent(Fraction(sum(row[3] == "好评" for row in some)), Fraction(len(some)))

    return column("B", Fraction(len(rows) - len(kept)), good(rows), good(kept))


def budget(is_reserved: bool = True, has_hours: bool = True) -> Fraction:
    given = text("L1-A.T6")
    people, days = given("24"), given("6")
    direct = days * (given("3000") + given("800")) + people * given("120")
    hours = people * days * given("8") * given("45")
    return direct + (hours if has_hours else 0) + (direct * given("10%") if is_reserved else 0)


COMPUTED = {
    "L4-A.T1.1": Computed(codes),
    "L4-A.T1.4": Computed(adopted, (lambda: only(adopted(()), "B4", "B5"),)),
    "L4-A.T1.5": Computed(indexes, (lambda: {"B1": index(2, False), "B2": index(3, False)},)),
    "L4-A.T2.1": Computed(judged_entries),
    "L4-A.T2.2": Computed(corrections, (lambda: {"B2": Fraction("2360.5"), "B4": Fraction(687_000)},)),
    "L4-A.T3.1": Computed(matched),
    "L4-A.T3.2": Computed(due_days, (lambda: due_days(-1), lambda: due_days(1))),
    "L4-A.T3.3": Computed(differences),
    "L4-A.T3.4": Computed(proven, (lambda: proven(True), lambda: Fraction(297_400), lambda: Fraction(191_480))),
    "L4-A.T4.1": Computed(ages, (lambda: only(ages(False), "B2", "B3", "B4", "B6"),)),
    "L4-A.T4.2": Computed(overdue_rate, (lambda: overdue_rate(0), lambda: percent(Fraction("99.4"), Fraction("176.2")))),
    "L4-A.T4.3": Computed(steps),
    "L2-A.T1.1": Computed(ratios, (wrong_ratios,)),
    "L2-A.T2.1": Computed(features, (lambda: {"B1": Fraction(68), "B3": "B", "B4": Fraction(60)},)),
    "L2-A.T2.2": Computed(model_limit, (lambda: {"B2": Fraction("5.20"), "B4": Fraction(625), "B5": Fraction(375)},)),
    "L2-A.T2.3": Computed(granted, (lambda: only(granted(2), "B2"), lambda: only(granted(days=Fraction(60)), "B1", "B3"))),
    "L2-A.T3.1": Computed(warning, (lambda: only(warning(90), "B2", "B3", "B4"),)),
    "L2-A.T3.2": Computed(transfers, (lambda: {"B2": Fraction(33), "B3": Fraction("52.8")},)),
    "L2-A.T3.3": Computed(releases),
    "L2-A.T4.1": Computed(claims, (lambda: only(claims(TODAY), "B3"), lambda: only(claims(date(2026, 9, 18)), "B3"), lambda: {"B1": "2027-03-15"})),
    "L2-A.T4.3": Computed(agencies, (lambda: only(agencies(True), "B1", "B2", "B3"),)),
    "L2-A.T5.2": Computed(late_interest, (lambda: late_interest(30), lambda: late_interest(0))),
    "L1-A.T1.1": Computed(detection, (lambda: only(detection(False), "B5", "B6"),)),
    "L1-A.T1.2": Computed(providers, (lambda: only(providers(3), "B1", "B2", "B3", "B4"),)),
    "L1-A.T1.3": Computed(news, (lambda: {"B1": Fraction(33), "B2": "红色"},)),
    "L1-A.T2.1": Computed(scores, (lambda: scores(False),)),
    "L1-A.T2.2": Computed(extremes, (lambda: {"B1": Fraction(860), "B2": Fraction(11_000), "B3": Fraction(675)},)),
    "L1-A.T2.3": Computed(discount, (lambda: discount(360), lambda: discount(base=Fraction(100)), lambda: discount(wait=45))),
    "L1-A.T3.1": Computed(lambda: only(presented(), "B1", "B2", "B3", "B4", "B5", "B6")),
    "L1-A.T3.2": Computed(insured, (lambda: only(insured(False), "B2", "B3", "B4"), lambda: {"B1": "2026-09-08", "B4": Fraction(25_000)})),
    "L1-A.T3.3": Computed(abroad),
    "L1-A.T4.1": Computed(offers, (lambda: only(offers(False), "B5", "B6"),)),
    "L1-A.T4.2": Computed(checkpoints),
    "L1-A.T5.1": Computed(suppliers, (lambda: {"B4": "C 供应商"},)),
    "L1-A.T5.2": Computed(loans, (lambda: only(loans(0), "B1", "B2"),)),
    "L1-A.T5.3": Computed(reviews, (lambda: only(reviews(times=1), "B1", "B3"), lambda: only(reviews(seconds=10_000), "B1", "B3"))),
    "L1-A.T6.1": Computed(budget, (lambda: budget(False), lambda: budget(has_hours=False))),
}
JUDGED = {"L2-A.T5.1"}
"""A table that asks what the law says of five clauses; no figure decides it."""
