"""The formulas of level 1, by item, from the figures of each text."""

from collections.abc import Sequence
from fractions import Fraction

from tests.question_bank.given import PERCENT, Computed, Given, Worth, column, only

YUAN = 10_000
"""Yuan in 万元, and 万元 in 亿元."""


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """Return how many percent of `whole` a part is."""
    return part / whole * PERCENT


def price_of_data(given: Given, turned_away: Fraction) -> Fraction:
    """Return what a query of L1-CCM-N-001 may cost in yuan, for a number of good customers refused."""
    saved = given("24") * given("1.8") - turned_away * given("0.15")
    return saved * YUAN / given("5000")


MATCHED = (("360", "350"), ("420", "380"), ("390", "372"))


def rules(given: Given, *, false: Fraction, missed: Fraction) -> dict[str, Worth]:
    """Return recall and cost of the rules of L1-CCM-B-001 for what a false and a missed pair cost, and the cheapest."""
    recall = [percent(given(right), given("400")) for _found, right in MATCHED]
    costs = [(given(found) - given(right)) * false + (given("400") - given(right)) * missed for found, right in MATCHED]
    cheapest = ("规则一", "规则二", "规则三")[costs.index(min(costs))]
    return {**column("D", *recall), **column("E", *costs, cheapest)}


def scaled(given: Given, odds: str, factor: Fraction | None = None) -> Fraction:
    """Return the score of L1-APP-N-001 for the logarithm of the odds."""
    step = factor or given("25") / given("0.6931")
    return given("580") + step * (given(odds) - given("2.9957"))


def discounting(given: Given, fee: Fraction, *, is_on_face: bool = False) -> Fraction:
    """Return the yearly cost of L1-APP-N-002 in percent for a fee."""
    costs = given("500") * (given("2.88%") * given("120") / given("360") + fee)
    return percent(costs, given("500") - (0 if is_on_face else costs)) * given("360") / given("120")


def odds_of_sale(given: Given, loss: Fraction) -> Fraction:
    """Return the chance of default at which L1-APP-N-003 earns nothing, for a loss as a share of the price."""
    gain = 1 - given("82%")
    return percent(gain, gain + loss)


def matrix(given: Given) -> list[list[Fraction]]:
    """Return the comparisons of L1-APP-B-001 as the text prints them."""
    rows = ("| 付款记录 | 1 | 2 | 5 |", "| 财务状况 | 1/2 | 1 | 3 |", "| 合作年限 | 1/5 | 1/3 | 1 |")
    for row in rows:
        given.require(row.replace("|", r"\|"), row)
    return [[Fraction(cell) for cell in row.strip("| ").split(" | ")[1:]] for row in rows]


def weights(given: Given) -> list[Fraction]:
    """Return the means of the rows after each column has been divided by its sum."""
    rows = matrix(given)
    sums = [sum(column_) for column_ in zip(*rows, strict=True)]
    return [sum(cell / whole for cell, whole in zip(row, sums, strict=True)) / len(rows) for row in rows]


def consistent(given: Given) -> dict[str, Worth]:
    """Return weights, the largest eigenvalue and what becomes of the comparisons."""
    found = weights(given)
    products = [sum(cell * weight for cell, weight in zip(row, found, strict=True)) for row in matrix(given)]
    value = sum(product / weight for product, weight in zip(products, found, strict=True)) / len(found)
    ratio = (value - len(found)) / 2 / given("0.58")
    return column("B", *found, value, "可以接受" if ratio < given("0.1") else "应当请专家重新比较")


def sums_of_rows(given: Given) -> dict[str, Worth]:
    """Return the shares of the sums of the rows, which are no weights."""
    sums = [sum(row) for row in matrix(given)]
    return column("B", *(each / sum(sums) for each in sums[:2]))


CUTOFFS = (("560", "30", "40"), ("580", "22", "90"), ("600", "16", "170"), ("620", "13", "300"))


def cutoffs(given: Given, bad: Fraction, good: Fraction) -> dict[str, Worth]:
    """Return the losses of L1-APP-B-002 in 万元 for the cost of either error, and the best cutoff."""
    losses = [(given(passed) * bad + given(refused) * good) / YUAN for _line, passed, refused in CUTOFFS]
    return column("D", *losses, CUTOFFS[losses.index(min(losses))][0])


def equal_debt(given: Given, first: Fraction, second: Fraction) -> Fraction:
    """Return the debt at which both ways of L1-INT-N-001 bring in the same, for what is kept of either recovery."""
    return given("32700") / (given("65%") * second - given("50%") * first)


def plan(given: Given, factors: Sequence[Fraction]) -> Fraction:
    """Return how much more the plan of L1-INT-N-002 is worth than the sale."""
    yearly = given("600000") * given("30%") / 3
    return sum(yearly * factor for factor in factors) - given("600000") * given("24%")


def payback(given: Given, *, running: Fraction, released: Fraction, spared: Fraction) -> Fraction:
    """Return the years of L1-INF-N-001 for the yearly cost, the share of the released money that is earned and the spared bad debts."""
    daily = given("7.3") * YUAN / given("365")
    yearly = daily * (given("62") - given("58")) * released + given("7.3") * YUAN * spared + given("40") - running
    return given("260") / yearly


def occupied(given: Given) -> dict[str, Worth]:
    """Return what is left of the limit of L1-INF-B-001 after each event, and what becomes of the order."""
    left = given("500") - given("260") - given("40") - given("60")
    after = []
    for change in (given("80"), -given("150"), 0, 0, 0):
        left += change
        after.append(left)
    return column("C", *after, "放行" if given("80") <= left else "冻结待审批")


def receivables_only(given: Given) -> dict[str, Worth]:
    """Return what is left if only receivables counted."""
    left = given("500") - given("260")
    return column("C", left + given("80"), left + given("80"), left + given("80"), left + given("80") - given("90"), left + given("60"), "放行")


def short_of(given: Given, *bases: tuple[Fraction, str]) -> Fraction:
    """Return what the reserve of L1-KEY-N-001 falls short of, in 亿元: the largest of these shares of these amounts."""
    return max(base * given(share) for base, share in bases) - given("14")


def dearer(given: Given, *, left: Fraction, fee: Fraction) -> Fraction:
    """Return by how many percent the purchases of L1-KEY-N-002 may become dearer, for the chance that is left and the yearly fee."""
    return percent(given("480") * (given("6%") - left) - fee, given("900"))


def settlement(given: Given, *, retained: Fraction, capital: Fraction, transfer: Fraction) -> dict[str, Worth]:
    """Return the costs of L1-CASE-01, for the retained share, the cost of money and the loss of transfer under collection."""
    amount = given("800000")
    ways = {
        "方式一": amount * given("2.2%") + given("3000"),
        "方式二": amount * (given("0.9%") + capital * given("90") / given("360") + (given("3%") + given("2%")) * retained),
        "方式三": amount * (capital * given("30") / given("360") + given("6%") * given("30%") + given("2%") * transfer),
    }
    return column("B", *ways.values(), min(ways, key=lambda way: ways[way]))


def premium(given: Given, *, retained: Fraction, capital: Fraction) -> Fraction:
    """Return the rate of the premium in percent at which the second way costs as much as the first."""
    whole = settlement(given, retained=retained, capital=capital, transfer=Fraction(0))
    return percent(whole["B1"] - whole["B2"] + given("800000") * given("0.9%"), given("800000"))


GROUPS = (("高分组", "3000", "9%", "1.2%", "20%"), ("中分组", "2000", "12%", "3.5%", "25%"), ("低分组", "1000", "16%", "9%", "40%"))


def returns(given: Given, loss: Fraction, *, is_charged: bool = True) -> dict[str, Worth]:
    """Return expected losses and returns on capital of L1-CASE-02 for a loss given default, and which group falls short."""
    losses, earned = [], []
    for _name, balance, rate, chance, capital in GROUPS:
        losses.append(given(balance) * given(chance) * loss)
        income = given(balance) * (given(rate) - given("4%") - given("2%")) - (losses[-1] if is_charged else 0)
        earned.append(percent(income, given(balance) * given(capital)))
    short = [group[0] for group, each in zip(GROUPS, earned, strict=True) if each < given("13%") * PERCENT]
    return {**column("B", *losses), **column("C", *earned, short[0] if len(short) == 1 else "三组都达到")}


COMPUTED_1 = {
    "L1-CCM-N-001": Computed(
        lambda given: price_of_data(given, given("60")),
        (lambda given: price_of_data(given, Fraction(0)), lambda given: price_of_data(given, -given("60"))),
    ),
    "L1-CCM-B-001": Computed(
        lambda given: rules(given, false=given("50"), missed=given("8")),
        (
            lambda given: only(rules(given, false=given("8"), missed=given("50")), "E1", "E2", "E3", "E4"),
            lambda given: column("D", *(percent(given(right), given(found)) for found, right in MATCHED)),
        ),
    ),
    "L1-APP-N-001": Computed(
        lambda given: scaled(given, "3.6636"),
        (lambda given: scaled(given, "3.6889"), lambda given: scaled(given, "3.6636", given("25"))),
    ),
    "L1-APP-N-002": Computed(
        lambda given: discounting(given, given("0.05%")),
        (
            lambda given: discounting(given, given("0.05%"), is_on_face=True),
            lambda given: discounting(given, Fraction(0)),
            lambda given: given("2.88%") * PERCENT,
        ),
    ),
    "L1-APP-N-003": Computed(
        lambda given: odds_of_sale(given, given("82%") - given("25%")),
        (
            lambda given: odds_of_sale(given, given("82%")),
            lambda given: odds_of_sale(given, given("82%") * (1 - given("25%"))),
            lambda given: percent(1 - given("82%"), given("82%") - given("25%")),
        ),
    ),
    "L1-APP-B-001": Computed(consistent, (sums_of_rows,)),
    "L1-APP-B-002": Computed(
        lambda given: cutoffs(given, given("6000"), given("400")),
        (
            lambda given: only(cutoffs(given, given("6000"), Fraction(0)), "D1", "D2", "D3", "D4", "D5"),
            lambda given: only(cutoffs(given, Fraction(1), Fraction(1)), "D5"),
        ),
    ),
    "L1-APP-F-001": Computed(
        lambda given: {"1": 2 * given("0.79") - 1, "2": (given("58%") - given("21%")) * PERCENT},
        (lambda given: {"1": given("0.79") - Fraction(1, 2), "2": (given("58%") + given("21%")) * PERCENT},),
    ),
    "L1-INT-N-001": Computed(
        lambda given: equal_debt(given, 1 - given("24%"), 1 - given("8%")),
        (
            lambda given: equal_debt(given, 1 - given("24%"), Fraction(1)),
            lambda given: equal_debt(given, Fraction(1), 1 - given("8%")),
            lambda given: equal_debt(given, Fraction(1), Fraction(1)),
        ),
    ),
    "L1-INT-N-002": Computed(
        lambda given: plan(given, [given(factor) for factor in ("0.9091", "0.8264", "0.7513")]),
        (lambda given: plan(given, [Fraction(1)] * 3), lambda given: plan(given, [given("0.7513")] * 3)),
    ),
    "L1-INF-N-001": Computed(
        lambda given: payback(given, running=given("36"), released=given("6%"), spared=given("0.05") / PERCENT),
        (
            lambda given: payback(given, running=Fraction(0), released=given("6%"), spared=given("0.05") / PERCENT),
            lambda given: payback(given, running=given("36"), released=Fraction(1), spared=given("0.05") / PERCENT),
            lambda given: payback(given, running=given("36"), released=given("6%"), spared=Fraction(0)),
        ),
    ),
    "L1-INF-B-001": Computed(
        occupied,
        (receivables_only, lambda given: {"C5": occupied(given)["C4"] + given("70"), "C6": "放行"}),
    ),
    "L1-KEY-N-001": Computed(
        lambda given: short_of(given, (given("8") + given("1.6"), "150%"), (given("500"), "3%")),
        (
            lambda given: short_of(given, (given("8") + given("1.6"), "150%")),
            lambda given: given("1.6") * given("150%"),
            lambda given: given("1.6") * given("14") / given("8"),
        ),
    ),
    "L1-KEY-N-002": Computed(
        lambda given: dearer(given, left=given("1%"), fee=given("6")),
        (
            lambda given: dearer(given, left=given("1%"), fee=Fraction(0)),
            lambda given: dearer(given, left=Fraction(0), fee=given("6")),
            lambda given: percent(given("480") * given("1%"), given("900")),
        ),
    ),
    "L1-INT-B-001": Computed(
        lambda given: settlement(given, retained=1 - given("90%"), capital=given("6%"), transfer=given("40%")),
        (
            lambda given: only(settlement(given, retained=1 - given("90%"), capital=given("6%"), transfer=Fraction(0)), "B3", "B4"),
            lambda given: only(settlement(given, retained=Fraction(1), capital=given("6%"), transfer=given("40%")), "B2"),
            lambda given: only(settlement(given, retained=1 - given("90%"), capital=Fraction(0), transfer=given("40%")), "B2", "B3", "B4"),
        ),
    ),
    "L1-INT-N-003": Computed(
        lambda given: premium(given, retained=1 - given("90%"), capital=given("6%")),
        (
            lambda given: premium(given, retained=Fraction(0), capital=given("6%")),
            lambda given: premium(given, retained=1 - given("90%"), capital=Fraction(0)),
        ),
    ),
    "L1-KEY-B-001": Computed(
        lambda given: returns(given, given("50%")),
        (
            lambda given: only(returns(given, Fraction(1)), "B1", "B2", "B3", "C1", "C2", "C3"),
            lambda given: only(returns(given, given("50%"), is_charged=False), "C1", "C2", "C3", "C4"),
        ),
    ),
    "L1-KEY-N-003": Computed(
        lambda given: given("9%") * PERCENT + (given("13%") * PERCENT - returns(given, given("50%"))["C1"]) * given("20%"),
        (
            lambda given: given("9%") * PERCENT + given("13%") * PERCENT - returns(given, given("50%"))["C1"],
            lambda given: (given("13%") + given("4%") + given("2%") + given("1.2%") * given("50%")) * PERCENT,
        ),
    ),
}
