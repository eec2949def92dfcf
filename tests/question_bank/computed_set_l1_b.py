"""The formulas of the task set L1-B: from the figures of its case files and texts."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from math import isqrt

from python_calamine import CalamineWorkbook

from tests.question_bank.computed_tasks import number, path_of, percent, sheet, tables, text
from tests.question_bank.given import Given, column, only
from tests.question_bank.given_files import Answer, Computed

HALF = Fraction(1, 2)
DAY = date(2026, 10, 31)
STOPPED, UNUSED, LOOKED_AT = "在列，停止新增赊销", "不采用该记录", "转人工复核"
LISTS = ("失信被执行人名单", "严重违法失信名单", "重大税收违法失信主体名单")
LABELLED = ("川麓商贸", "北屿食品", "安岭餐饮")


def note(task: str, name: str, title: str) -> Given:
    """Return the figures of the note under a sheet."""
    return Given(name, CalamineWorkbook.from_path(path_of(task, name)).get_sheet_by_name(title).to_python()[-1][0])


def screened(has_codes: bool = True, has_dates: bool = True) -> Answer:
    book = ("L1-B.T1", "客户与征信产品.xlsx")
    codes = {name: code for _number, name, code in sheet(*book, "客户")}

    def judged(name: str, code: str, kind: str, _listed: str, taken_off: str) -> str:
        if has_codes and codes[name] != code:
            return UNUSED
        is_on = kind in LISTS and not (has_dates and taken_off != "—" and date.fromisoformat(taken_off) <= DAY)
        return STOPPED if is_on else LOOKED_AT

    return column("B", *(judged(*row) for row in sheet(*book, "名单查询")))


def freshness(days: Fraction) -> Fraction:
    return Fraction(1) if days <= 90 else HALF if days <= 180 else Fraction(0)


def portraits(aged: Callable[[Fraction], Fraction] = freshness, whole: Fraction | None = None) -> Answer:
    """The scores; `whole` stands in for the sum of the weights that count."""
    rows = sheet("L1-B.T1", "客户与征信产品.xlsx", "画像标签")
    points = []
    for place in (2, 4, 6):
        weights = [row[1] * aged(row[place + 1]) for row in rows]
        points.append(sum(weight * row[place] for weight, row in zip(weights, rows, strict=True)) / (whole or sum(weights)))
    return column("B", *points, LABELLED[points.index(min(points))])


def products(place: int | None = None) -> Answer:
    """The recall of three products; `place` is the column that stands in for all bad customers of the sample."""
    book = ("L1-B.T1", "客户与征信产品.xlsx", "产品试用")
    rows, said = sheet(*book), note(*book)
    recall = [percent(row[5], row[place] if place else said("80")) for row in rows]
    precision = [percent(row[5], row[4]) for row in rows]
    cost = {row[0]: row[1] * said("500") / row[5] for row in rows}
    fit = [row[0] for row, found, right in zip(rows, recall, precision, strict=True) if found >= 60 and right >= 50]
    chosen = min(fit, key=lambda name: cost[name])
    return column("B", *recall, precision[2], chosen, cost[chosen])


def cash(shares: tuple[int, ...] = (60, 30, 10), has_debts: bool = True) -> Answer:
    book = ("L1-B.T2", "授信与评分.xlsx")
    quarters = sheet(*book, "近四季")
    rows = sheet_of_months()
    left, ends = note(*book, "现金预测")("420"), []
    for place in range(2, len(rows)):
        received = sum(Fraction(share, 100) * rows[place - back][1] for back, share in enumerate(shares))
        left += received - rows[place][2] - rows[place][3] - (rows[place][4] if has_debts else 0)
        ends.append(left)
    months = ("2026 年 11 月", "2026 年 12 月", "2027 年 1 月")
    first = next((month for month, end in zip(months, ends, strict=True) if end < 0), "三个月内没有")
    return column("B", sum(row[2] for row in quarters) / sum(row[1] for row in quarters), *ends[1:], first)


def sheet_of_months() -> list[list]:
    rows = sheet("L1-B.T2", "授信与评分.xlsx", "现金预测")
    assert [row[0] for row in rows] == ["2026 年 9 月", "2026 年 10 月", "2026 年 11 月", "2026 年 12 月", "2027 年 1 月"]
    return rows


def weights(sample: str = "保留样本", needs_falling: bool = True) -> Answer:
    rows = sheet("L1-B.T2", "授信与评分.xlsx", sample)

    def ks(bad: int) -> Fraction:
        sums = [list(accumulate(row[place] for row in rows)) for place in (bad, bad + 1)]
        return max(percent(one, sums[0][-1]) - percent(two, sums[1][-1]) for one, two in zip(*sums, strict=True))

    rates = [row[3] / (row[3] + row[4]) for row in rows]
    is_better = ks(3) - ks(1) >= 3 and (not needs_falling or rates == sorted(rates, reverse=True))
    return column("B", ks(1), ks(3), "采用新权数" if is_better else "暂不采用新权数")


def dearer(days: int = 45, loss: Fraction = Fraction("0.4")) -> Fraction:
    given = text("L1-B.T2")
    assert (given("75") - given("30"), (given("1.0%") - given("0.6%")) * 100) == (45, Fraction("0.4"))
    return given("7.3%") * 100 * days / given("365") + loss


def bankrupt(span: int = 90, has_services: bool = False, has_prepaid: bool = False) -> Answer:
    book = ("L1-B.T3", "国际业务资料.docx")
    debtor = dict(tables(*book)[1])
    asked = date.fromisoformat(debtor["程序"][:10])
    owed = [(kind, number(amount), date.fromisoformat(day[:10])) for _number, kind, amount, _sent, day in tables(*book)[2]]
    first = sum(amount for kind, amount, day in owed if asked - timedelta(20) <= day < asked and (has_services or kind == "货物"))
    rest = sum(amount for _kind, amount, _day in owed) - first
    paid = [(date.fromisoformat(day), number(amount), kind) for day, amount, kind in tables(*book)[3]]
    exposed = sum(amount for day, amount, kind in paid if day >= asked - timedelta(span) and (has_prepaid or "预付款" not in kind))
    rate, exchange = number(debtor["预计清偿率"].partition("债权")[2]), number(debtor["折算汇率"].partition("＝")[2])
    return column("B", first, rest, exposed, (first + rest * rate) * exchange / 10_000)


LEVELS = ("初始级", "受管理级", "稳健级", "量化管理级", "优化级")


def level(points: Fraction) -> int:
    return sum(points >= Fraction(edge, 10) for edge in (18, 26, 34, 42))


def maturity(is_weighted: bool = True) -> Answer:
    rows = sheet("L1-B.T4", "设施与合规.xlsx", "数据能力")
    assert sum(row[1] for row in rows) == 100
    points = sum((row[1] if is_weighted else Fraction(100, len(rows))) * row[2] for row in rows) / 100
    weakest = min(rows, key=lambda row: row[2])
    return column("B", points, LEVELS[level(points)], LEVELS[min(level(points), level(weakest[2]) + 1)], weakest[0])


def queries(most: int = 100) -> Answer:
    book = ("L1-B.T4", "设施与合规.xlsx")
    areas = dict(sheet(*book, "岗位权限"))
    consents = {name: purpose for name, purpose, _day in sheet(*book, "个人授权书")}

    def judged(_number, person, area, kind, consent, purpose, rows, approval) -> str:
        if areas[person] not in ("全国", area):
            return "超出可查区域"
        if kind == "个人" and consent not in consents:
            return "没有书面授权"
        if kind == "个人" and consents[consent] != purpose:
            return "用途与授权不一致"
        return "未经审批导出" if rows > most and approval == "—" else "合规"

    return column("B", *(judged(*row) for row in sheet(*book, "查询日志")))


def quality(width: int = 3) -> Answer:
    rows = sheet("L1-B.T4", "设施与合规.xlsx", "质量数据")
    batches = {row[1] for row in rows}
    assert len(batches) == 1
    mean = sum(row[2] for row in rows) / sum(row[1] for row in rows)
    square = mean * (1 - mean) / batches.pop()
    deviation = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    assert deviation**2 == square
    limit = mean + width * deviation
    (month,) = [row[0] for row in rows if row[2] / row[1] > limit]
    return column("B", mean * 100, limit * 100, month, sum(row[4] for row in rows) / (sum(row[3] for row in rows) / 100))


def classes(shares: tuple[int, ...] = (5, 3, 2)) -> Answer:
    def judged(_name: str, spent: Fraction, *points: Fraction) -> str:
        risk = sum(share * each for share, each in zip(shares, points, strict=True)) / sum(shares)
        return (("常规类", "瓶颈类"), ("杠杆类", "战略类"))[spent >= 10][risk >= 60]

    return column("B", *(judged(*row) for row in sheet("L1-B.T5", "重点领域业务.xlsx", "供应商")))


def prices(has_loss: bool = True, has_profit: bool = True) -> Answer:
    book = ("L1-B.T5", "重点领域业务.xlsx")
    costs = {name: number(value) * 100 for name, value in sheet(*book, "定价参数")}
    base = costs["资金成本率"] + costs["运营成本率"] + (costs["目标利润率"] if has_profit else 0)
    rates = [base + percent(failed, count) * (number(loss) if has_loss else 1) for _name, count, failed, loss in sheet(*book, "信贷等级")]
    above = sum(rate > costs["公司规定的年利率上限"] for rate in rates)
    return column("B", *rates, ("没有", "只有 C 级", "B 级和 C 级")[above])


def merchants(is_strict: bool = False) -> Answer:
    """The merchants after the clearing; `is_strict` takes the edges of the clearing for inside."""
    rows = sheet("L1-B.T5", "重点领域业务.xlsx", "商户")
    kept, best = [], 0
    for row in rows:
        rate = row[4] / row[3] * 100
        is_out = row[1] < 60 or rate > 2 or (is_strict and (row[1] <= 60 or rate >= 2))
        kept += [] if is_out else [row]
        best += row[1] >= 80 and rate <= HALF
    sales = sum(row[2] for row in rows)
    share = percent(sales - sum(row[2] for row in kept), sales)
    return column("B", Fraction(best), share, percent(sum(row[4] for row in kept), sum(row[3] for row in kept)))


def mean_rate() -> Answer:
    rates = [percent(row[4], row[3]) for row in sheet("L1-B.T5", "重点领域业务.xlsx", "商户") if row[1] >= 60]
    left = [rate for rate in rates if rate <= 2]
    return {"B3": sum(left) / len(left)}


NEEDS = (
    ("合同与担保", "4.0", "3.1", "18", "3"),
    ("财务报表识假", "4.0", "2.8", "12", "3"),
    ("数据合规", "3.5", "2.6", "24", "3"),
    ("国际结算", "3.0", "1.5", "6", "2"),
)


def needs(has_weight: bool = True) -> Answer:
    given = text("L1-B.T6")
    found = {}
    for name, wanted, has, people, weight in NEEDS:
        given.require(rf"\| {name} \| {wanted} \| {has} \| {people} \| {weight} \|", name)
        found[name] = (given(wanted) - given(has)) * given(people) * (given(weight) if has_weight else 1)
    chosen = max(found, key=lambda name: found[name])
    return {"B1": chosen, "B2": found[chosen]}


JUDGED_L1_B = {"L1-B.T3.1"}
"""A table that asks what a report says of a country; no figure decides it."""
COMPUTED_L1_B = {
    "L1-B.T1.1": Computed(screened, (lambda: only(screened(has_codes=False), "B2"), lambda: only(screened(has_dates=False), "B3"))),
    "L1-B.T1.2": Computed(
        portraits,
        (lambda: only(portraits(lambda _days: Fraction(1)), "B1", "B2", "B3"), lambda: only(portraits(whole=Fraction(100)), "B1", "B2", "B3")),
    ),
    "L1-B.T1.3": Computed(products, (lambda: only(products(3), "B1", "B2", "B3"), lambda: {"B5": "丙", "B6": Fraction(9 * 500, 64)})),
    "L1-B.T2.1": Computed(cash, (lambda: only(cash((100,)), "B2", "B3"), lambda: only(cash(has_debts=False), "B2", "B3", "B4"))),
    "L1-B.T2.2": Computed(weights, (lambda: only(weights("建模样本"), "B1", "B2", "B3"), lambda: only(weights(needs_falling=False), "B3"))),
    "L1-B.T2.3": Computed(dearer, (lambda: dearer(loss=Fraction(0)), lambda: dearer(75), lambda: dearer(75, Fraction(1)))),
    "L1-B.T3.2": Computed(
        bankrupt,
        (
            lambda: only(bankrupt(183), "B3"),
            lambda: only(bankrupt(has_services=True), "B1", "B2", "B4"),
            lambda: only(bankrupt(has_prepaid=True), "B3"),
        ),
    ),
    "L1-B.T4.1": Computed(maturity, (lambda: only(maturity(False), "B1"), lambda: {"B3": "稳健级"})),
    "L1-B.T4.2": Computed(queries, (lambda: only(queries(99), "B6"),)),
    "L1-B.T4.3": Computed(quality, (lambda: only(quality(1), "B2"),)),
    "L1-B.T5.1": Computed(classes, (lambda: only(classes((1, 1, 1)), "B4"),)),
    "L1-B.T5.2": Computed(prices, (lambda: only(prices(has_loss=False), "B1", "B2", "B3"), lambda: prices(has_profit=False))),
    "L1-B.T5.3": Computed(merchants, (lambda: only(merchants(True), "B2", "B3"), mean_rate)),
    "L1-B.T6.1": Computed(needs, (lambda: only(needs(False), "B2"), lambda: {"B1": "国际结算", "B2": Fraction(18)})),
}
