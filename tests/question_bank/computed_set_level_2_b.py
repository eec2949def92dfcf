"""The formulas of the task set L2-B: from the figures of the case files and texts."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil

from tests.question_bank.computed_tasks import number, percent, sheet, tables, text
from tests.question_bank.given import Worth, column, only
from tests.question_bank.given_files import Answer, Computed

TODAY = date(2026, 9, 30)
BUYING, DEALERS, RESULTS = "信息采购与客户清单.xlsx", "经销商授信材料.docx", "渠道业绩与赊销规模.xlsx"
RECEIVABLES, COLLECTION, RULES = "应收与担保.xlsx", "催收作业资料.xlsx", "合规与标准化资料.docx"
LATEST = 15
"""A source that is more days behind is not chosen."""
EDGES = (-10_000, 0, 30, 90, 10_000)
PERSON, SPOUSE = "骆行舟", "方岚"
MOST_LATE, LAST_DAYS = 30, 60
SHORTEST = {"轻微": 0, "一般": 3, "严重": 12}
"""Months for which a record is published at least."""
LONGEST = 36


# ---------------------------------------------------------------- T1


def trials(is_right_only: bool = True) -> Answer:
    """The trial of four suppliers; a wrong method divides by all that was found, right or not."""
    costs: dict[str, Fraction] = {}
    rates: dict[str, tuple[Fraction, Fraction]] = {}
    barred = set()
    for name, asked, found, right, price, late, licence in sheet("L2-B.T1", BUYING, "抽样回测"):
        costs[name] = asked * price / (right if is_right_only else found)
        rates[name] = percent(found, asked), percent(right, found)
        barred |= {name} if late > LATEST or "没有上游授权" in licence else set()
    assert barred == {"丙数据", "丁数据"}
    chosen = min(costs.keys() - barred, key=lambda name: costs[name])
    return column("B", *rates["乙数据"], costs["甲数据"], costs["乙数据"], costs["丁数据"], chosen)


def schemes(is_watched: bool = True) -> Answer:
    """The yearly costs; a wrong method forgets to pay for the monitoring."""
    *reports, (_name, customers, fee) = [row[:3] for row in sheet("L2-B.T1", BUYING, "年度需求")]
    bare = sum(count * price for _report, count, price in reports)
    watching = customers * fee if is_watched else Fraction(0)
    words = dict(sheet("L2-B.T1", BUYING, "采购方案"))
    for name, rule in (
        ("方案二 年度会员", "会费 30000 元；三种报告按单价的 70%"),
        ("方案三 包量套餐", "88000 元，含深度报告 20 份、普通报告 80 份、基本报告 300 份"),
    ):
        assert rule in words[name]
    assert "单价的 110%" in words["方案三 包量套餐"]
    beyond = sum(max(count - held, 0) * price for (_report, count, price), held in zip(reports, (20, 80, 300), strict=True))
    costs = {"方案一": bare + watching, "方案二": 30_000 + bare * Fraction(7, 10), "方案三": 88_000 + beyond * Fraction(11, 10) + watching}
    chosen = min(costs, key=lambda name: costs[name])
    assert costs[chosen] <= text("L2-B.T1")("12") * 10_000
    return column("B", *costs.values(), chosen)


def classes() -> Answer:
    def judged(score: Fraction, sales: Fraction, late: Fraction, record: str) -> str:
        if late > LAST_DAYS or "失信被执行人" in record:
            return "停止赊销"
        if score >= text("L2-B.T1")("70"):
            return "重点发展" if sales >= text("L2-B.T1")("300") else "培育"
        return "重点监控" if sales >= text("L2-B.T1")("300") else "转为现款"

    return column("B", *(judged(*row[1:]) for row in sheet("L2-B.T1", BUYING, "客户清单")))


# ---------------------------------------------------------------- T2


def shares() -> dict[tuple[str, str], Fraction]:
    return {(holder, held): number(share) for holder, held, share in tables("L2-B.T2", DEALERS)[0]}


def interest(held: str) -> Fraction:
    """Return what of a company belongs to the person in the end."""
    parts = [share * (1 if holder == PERSON else interest(holder)) for (holder, company), share in shares().items() if company == held]
    return sum(parts, Fraction(0))


def votes(held: str, depth: int = 0) -> Fraction:
    """Return the votes of the person and of the companies under control in a company."""
    found = Fraction(0)
    for (holder, company), share in shares().items():
        if company == held and (holder == PERSON or (depth < len(shares()) and votes(holder, depth + 1) > Fraction(1, 2))):
            found += share
    return found


def members() -> set[str]:
    """Return the dealers of the group."""
    found = {name for name, _limit, _note in tables("L2-B.T2", DEALERS)[1] if votes(name) > Fraction(1, 2)}
    for name, _limit, note in tables("L2-B.T2", DEALERS)[1]:
        if shares().get((SPOUSE, name), 0) > Fraction(1, 2) and "配偶" in note and any(f"代{member}" in note for member in found):
            found |= {name}
    return found


def group() -> Answer:
    own = members()
    limits = {name: Fraction(limit) for name, limit, _note in tables("L2-B.T2", DEALERS)[1]}
    joined = ["并入集团" if name in own else "不并入集团" for name in ("禾丰批发", "集美便利")]
    return column("B", interest("远帆副食") * 100, votes("远帆副食") * 100, *joined, sum(limits[name] for name in own))


def performance(is_capped: bool = True, has_deduction: bool = True, more: int = 0) -> dict[str, tuple[Fraction, Fraction]]:
    """Return the score and the limit before the cap of each dealer; `more` was paid in time by 远帆副食 besides."""
    given, found = text("L2-B.T2"), {}
    for name, target, taken, due, paid, sold, times, late, limit in sheet("L2-B.T2", RESULTS, "渠道业绩"):
        rates = [taken / target, (paid + (more if name == "远帆副食" else 0)) / due, sold / taken]
        parts = [min(rate, Fraction(1)) if is_capped else rate for rate in rates]
        score = 30 * parts[0] + 50 * parts[1] + 20 * parts[2] - (5 * times if has_deduction else 0)
        raised = 0 if late > MOST_LATE else given("20%")
        factor = 1 + raised if score >= given("90") else Fraction(1) if score >= given("75") else 1 - given("20%")
        assert score >= given("60")
        found[name] = score, limit * factor
    return found


def adjusted(is_capped: bool = True, has_deduction: bool = True) -> Answer:
    given, found = text("L2-B.T2"), performance(is_capped, has_deduction)
    most = given("25000") * given("2%")
    limits = {name: limit for name, (_score, limit) in found.items()}
    cut = max(sum(limits[name] for name in members()) - most, Fraction(0))
    scores = found["晴川商贸"][0], found["远帆副食"][0]
    return column("B", *scores, limits["远帆副食"], limits["禾丰批发"], most, limits["晴川商贸"] - cut)


def scale(has_loss: bool = True, year: int = 365) -> Answer:
    rows = sheet("L2-B.T2", RESULTS, "赊销规模")
    caps = [sales / year * days for _name, sales, days, _chance, _loss in rows]
    rates = [chance * (loss if has_loss else 1) for *_rest, chance, loss in rows]
    losses = [cap * rate for cap, rate in zip(caps, rates, strict=True)]
    last = (text("L2-B.T2")("36") - sum(losses[:-1])) / rates[-1]
    return column("B", sum(caps), sum(losses), last, last / rows[-1][2] * year)


# ---------------------------------------------------------------- T3


def ages(is_paid: bool = True, is_from_invoice: bool = False, first: int = 0) -> Answer:
    """The buckets and the provision; wrong methods forget what was paid, count from the invoice, or call the last day overdue."""
    sums = [Fraction(0)] * (len(EDGES) - 1)
    for _number, _customer, issued, term, amount, paid in sheet("L2-B.T3", RECEIVABLES, "应收明细"):
        late = (TODAY - issued).days - (0 if is_from_invoice else int(term)) + first
        place = next(place for place, (low, high) in enumerate(pairwise(EDGES)) if low < late <= high)
        sums[place] += amount - (paid if is_paid else 0)
    rates = [row[1] for row in sheet("L2-B.T3", RECEIVABLES, "损失率")]
    return column("B", *sums, sum(balance * rate for balance, rate in zip(sums, rates, strict=True)))


def securities(is_lawful: bool = True) -> Answer:
    """What the securities are worth; a wrong method counts what may not be mortgaged."""
    worth = {}
    for name, owner, value, share, before, state in sheet("L2-B.T3", RECEIVABLES, "担保物"):
        is_barred = "幼儿园" in owner or "查封" in state
        worth[name] = Fraction(0) if is_barred and is_lawful else value * share - before
    return column("B", worth["仓库一座（不动产）"], sum(worth.values()), "办理抵押登记时", "抵押合同生效时")


def watched() -> Answer:
    def judged(limit: Fraction, used: list[Fraction], late: Fraction, sued: Fraction, own: Fraction) -> str:
        if late > MOST_LATE or sued > own * text("L2-B.T3")("10%"):
            return "降额"
        return "提请增额" if not late and all(each >= limit * text("L2-B.T3")("80%") for each in used) else "维持"

    return column("B", *(judged(row[1], row[2:5], *row[5:]) for row in sheet("L2-B.T3", RECEIVABLES, "额度监控")))


# ---------------------------------------------------------------- T4


def seats(is_used: bool = True) -> Answer:
    hours = sum(accounts * times * minutes for _name, accounts, times, minutes in sheet("L2-B.T4", COLLECTION, "催收队列")) / 60
    days, daily, used = (number(row[1]) for row in sheet("L2-B.T4", COLLECTION, "座席参数"))
    one = days * daily * (used if is_used else 1)
    count = ceil(hours / one)
    return column("B", hours, one, Fraction(count), percent(hours, count * one))


def suits(has_lawyer: bool = True) -> Answer:
    nets, decided = [], []
    for _name, owed, won, found, court, lawyer, settled, due, note in sheet("L2-B.T4", COLLECTION, "诉讼测算"):
        recovered = owed * won * found
        nets.append(recovered * (1 - (lawyer if has_lawyer else 0)) - court)
        is_late = "从没有催告" in note and (due.replace(year=due.year + 3) - TODAY).days < LAST_DAYS
        decided.append("起诉" if nets[-1] > settled or (is_late and "拒绝书面确认" in note) else "和解")
    return column("B", *nets, decided[0], decided[2])


def commission(edge: int = 180, is_all: bool = False) -> Answer:
    given = text("L2-B.T4")
    counted, due = Fraction(0), Fraction(0)
    for _number, ordered, late, paid, amount, penalty, account in sheet("L2-B.T4", COLLECTION, "外委结算"):
        if is_all or (paid >= ordered and account == "本公司账户"):
            part = amount - (0 if is_all else penalty)
            counted += part
            due += part * (given("12%") if late <= edge else given("20%"))
    ((_name, claimed),) = sheet("L2-B.T4", COLLECTION, "机构申报")
    return column("B", counted, due, claimed - due)


# ---------------------------------------------------------------- T5


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; no day of the records is lacking in its month."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)


def repairs(is_from_duty: bool = False) -> Answer:
    """The first days of an application, and the last day of publication; a wrong method counts from the day on which the duty was done."""
    records = tables("L2-B.T5", RULES)[0]
    days: list[Worth] = []
    for _number, _who, grade, found, done in records[:-1]:
        begins = date.fromisoformat(done if is_from_duty else found)
        days.append(max(months_later(begins, SHORTEST[grade]), date.fromisoformat(done)).isoformat())
    return column("B", *days, months_later(date.fromisoformat(records[-1][3]), LONGEST).isoformat())


COMPUTED_2_B = {
    "L2-B.T1.1": Computed(trials, (lambda: only(trials(False), "B3", "B4", "B5"),)),
    "L2-B.T1.2": Computed(schemes, (lambda: only(schemes(False), "B1", "B3", "B4"),)),
    "L2-B.T1.3": Computed(classes),
    "L2-B.T2.1": Computed(group, (lambda: {"B2": interest("远帆副食") * 100, "B5": Fraction(320)},)),
    "L2-B.T2.2": Computed(
        adjusted,
        (lambda: only(adjusted(is_capped=False), "B1"), lambda: only(adjusted(has_deduction=False), "B2", "B3"), lambda: {"B6": Fraction(312)}),
    ),
    "L2-B.T2.3": Computed(scale, (lambda: only(scale(has_loss=False), "B2", "B3", "B4"), lambda: only(scale(year=360), "B1", "B2"))),
    "L2-B.T3.1": Computed(
        ages,
        (
            lambda: only(ages(is_paid=False), "B2", "B3", "B4", "B5"),
            lambda: only(ages(is_from_invoice=True), "B1", "B2", "B3", "B4", "B5"),
            lambda: only(ages(first=1), "B1", "B2", "B3", "B4", "B5"),
        ),
    ),
    "L2-B.T3.2": Computed(securities, (lambda: only(securities(False), "B2"),)),
    "L2-B.T3.3": Computed(watched),
    "L2-B.T4.1": Computed(seats, (lambda: only(seats(False), "B2", "B3", "B4"),)),
    "L2-B.T4.2": Computed(suits, (lambda: only(suits(False), "B1", "B2", "B3", "B4"),)),
    "L2-B.T4.3": Computed(commission, (lambda: only(commission(179), "B2", "B3"), lambda: only(commission(is_all=True), "B1", "B2", "B3"))),
    "L2-B.T5.1": Computed(repairs, (lambda: only(repairs(True), "B1", "B2"),)),
}
