"""The formulas of the later items of level 2 (`calculation-2.yaml`, `cases-2.yaml`), by item, from the figures of each text."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from tests.question_bank.given import PERCENT, Computed, Given, Worth, column, days, only

ONE_DAY = timedelta(days=1)
WAN = 10_000
"""元 in 万元."""


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """Return how many percent of `whole` a part is."""
    return part / whole * PERCENT


def cash_cycle(given: Given, *, stock_by: str = "5475", sign: int = -1) -> Fraction:
    """Return the days from paying for stock to being paid, with stock and payables by this figure."""
    stock, owed_to_us, owed = (given("365") * given(amount) / given(by) for amount, by in (("1200", stock_by), ("1400", "7300"), ("900", stock_by)))
    return stock + owed_to_us + sign * owed


BANDS = (("1000", "1%"), ("800", "4%"), ("600", "10%"), ("400", "18%"))


def scored(given: Given, bands: Sequence[tuple[str, str]] = BANDS, *, is_chosen: bool = True, pays_always: bool = False) -> Fraction:
    """Return what the bands bring that are approved, in 万元: those that bring something, or all."""
    gains = []
    for people, bad in bands:
        good = Fraction(1) if pays_always else 1 - given(bad)
        gains.append(given(people) * (good * given("600") - given(bad) * given("4000")))
    return sum((gain for gain in gains if gain > 0 or not is_chosen), Fraction(0)) / WAN


def backups(given: Given, *, copies: int = 1, increments: int = 6) -> Fraction:
    """Return the monthly fee of so many copies."""
    return (given("400") + increments * given("20")) * given("4") * copies * given("0.3")


CUSTOMERS = ("420", "280", "160", "90", "50")


def ranked(given: Given, *, is_summed: bool = True) -> dict[str, Worth]:
    """Return the shares up to each customer and the classes; a wrong method takes each share by itself."""
    shares, whole = [], Fraction(0)
    for amount in CUSTOMERS:
        whole = whole + given(amount) if is_summed else given(amount)
        shares.append(percent(whole, given("1000")))
    kinds = ["A 类" if share <= given("70%") * PERCENT else "B 类" if share <= given("90%") * PERCENT else "C 类" for share in shares]
    return {**column("C", *shares[:-1]), **column("D", *kinds)}


def delayed(given: Given, begins: str, wait: str) -> Fraction:
    """Return the interest of L2-POL-N-001 where the time to pay runs from a day."""
    due = given.day(begins) + timedelta(int(given(wait)))
    return given("200") * Fraction(5, WAN) * days(due + ONE_DAY, given.day("2026-06-30"))


def inspected(given: Given) -> Fraction:
    """Return the same where it runs from the end of the time to inspect."""
    due = given.day("2026-03-02") + timedelta(int(given("10") + given("30")))
    return given("200") * Fraction(5, WAN) * days(due + ONE_DAY, given.day("2026-06-30"))


def second_rank(given: Given, *, has_costs: bool = True, by_share: bool = False) -> Fraction:
    """Return what the second mortgagee gets."""
    left = given("400") * (1 - (given("5%") if has_costs else 0))
    return left * given("180") / (given("180") + given("260")) if by_share else min(left - given("260"), given("180"))


def reset_limit(given: Given, factor: str, *, is_held: bool = True, paid: str = "540") -> Fraction:
    """Return the new limit of L2-WPC-N-006."""
    limit = given(paid) / given("6") * given("45") / given("30") * given(factor)
    return max(limit, given("180") * (1 - given("20%"))) if is_held else limit


DEBTS = (("6.5", "14", True), ("9", "20", True), ("30", "37", False), ("22", "40", True))
ONE_YEAR, THREE_YEARS = 12, 36


def deducted(given: Given, *, by_share: bool = True, by_books: bool = True) -> dict[str, Worth]:
    """Return which debts can be declared and their sum; wrong methods forget the share of the income, or the books."""
    income = given("8") * WAN
    small = max(Fraction(5), income / WAN if by_share else Fraction(0))
    can = []
    for amount, months, is_written_off in DEBTS:
        late = given(months)
        can.append((is_written_off or not by_books) and (late >= THREE_YEARS or (late >= ONE_YEAR and given(amount) <= small)))
    total = sum((given(amount) for (amount, _months, _books), each in zip(DEBTS, can, strict=True) if each), Fraction(0))
    return column("E", *("能" if each else "不能" for each in can), total)


SCORES = {"C": ("2", "1", "2", "4"), "D": ("3", "2", "4", "3"), "E": ("5", "4", "3", "3")}
WEIGHTS = ("30%", "25%", "30%", "15%")


def difficulty(given: Given, *, is_weighted: bool = True, hides: str = "D") -> dict[str, Worth]:
    """Return the scores and grades; who hides assets is of the third grade."""
    found: dict[str, Worth] = {}
    for letter, scores in SCORES.items():
        weights = map(given, WEIGHTS) if is_weighted else [Fraction(1, 4)] * len(scores)
        score = sum((weight * given(each) for weight, each in zip(weights, scores, strict=True)), Fraction(0))
        grade = "一级" if score <= given("2.5") else "二级" if score <= given("3.5") else "三级"
        found |= column(letter, score, "三级" if letter == hides else grade, start=5)
    return found


def still_owed(given: Given, first: Sequence[str]) -> Fraction:
    """Return principal and interest after the payment is set off against these, and then against the principal."""
    paid = given("60") - sum(given(each) for each in first)
    principal = given("100") - paid
    rest = sum((given(each) for each in ("8",) if each not in first), Fraction(0))
    return principal * (1 + given.rate("万分之四") * given("100")) + rest


YEAR = {"B": ("6000", "4800", "1000", "800", "300", "270"), "C": ("7800", "5850", "1690", "1300", "546", "78")}


def quality(given: Given, *, margin_by_sales: bool = True, stock_by_cost: bool = True) -> dict[str, Worth]:
    """Return the four indicators of L2-CASE-05 for both years."""
    found: dict[str, Worth] = {}
    for letter, figures in YEAR.items():
        sales, cost, owed, stock, profit, cash = map(given, figures)
        spans = given("365") * owed / sales, given("365") * stock / (cost if stock_by_cost else sales)
        found |= column(letter, percent(sales - cost, sales if margin_by_sales else cost), *spans, cash / profit)
    return found


def by_power(given: Given) -> Fraction:
    """Return the sales that the power used makes likely."""
    return given("6000") / given("400") * given("420")


CONTRACTS = (
    ("小型", "2026-03-10", None, "80", "2026-06-08"),
    ("微型", "2026-04-01", "45", "60", "2026-06-30"),
    ("大型", "2026-02-01", "30", "120", "2026-06-30"),
    ("中型", "2026-04-20", None, "100", "2026-06-30"),
    ("中型", "2026-05-15", "60", "90", "2026-06-30"),
)
TERM = 60
"""Days that the regulation gives a large company where nothing is agreed."""


def late_days(given: Given, term: int = TERM) -> list[int]:
    """Return for how many days each contract of L2-CASE-06 was or is late."""
    given.require("2026 年 6 月 30 日（含）", "the last day")
    found = []
    for _size, handed_over, agreed, _amount, paid in CONTRACTS:
        due = given.day(handed_over) + timedelta(int(given(agreed)) if agreed else term)
        last = given.day(paid) if paid == "2026-06-08" else given.day("2026-05-15").replace(month=6, day=30)
        found.append(max(days(due + ONE_DAY, last), 0))
    return found


def applies(given: Given, term: int = TERM) -> dict[str, Worth]:
    """Return where the regulation applies, by the size at the time of the contract, and the days."""
    cells: dict[str, Worth] = column("B", *("不适用" if size == "大型" else "适用" for size, *_rest in CONTRACTS))
    late = late_days(given, term)
    return {**cells, **{f"C{row}": Fraction(late[row - 1]) for row in (1, 2, 4, 5)}}


def late_interest(given: Given, which: Sequence[int]) -> Fraction:
    """Return the interest of some contracts, counted from 1."""
    late = late_days(given)
    return sum((given(CONTRACTS[each - 1][3]) * Fraction(5, WAN) * late[each - 1] for each in which), Fraction(0))


COMPUTED_2_PART_2 = {
    "L2-CCM-N-003": Computed(
        cash_cycle,
        (
            lambda given: cash_cycle(given, sign=1),
            lambda given: cash_cycle(given, sign=0),
            lambda given: cash_cycle(given, stock_by="7300"),
        ),
    ),
    "L2-CCM-N-004": Computed(
        lambda given: (given("2000") - given("200")) * given("150%") - given("2400"),
        (lambda given: given("2000") * given("150%") - given("2400"), lambda given: (given("2000") - given("200")) * given("150%")),
    ),
    "L2-CCM-N-005": Computed(
        scored,
        (
            lambda given: scored(given, is_chosen=False),
            lambda given: scored(given, BANDS[:3], pays_always=True),
            lambda given: scored(given, BANDS[:2]),
        ),
    ),
    "L2-CCM-N-006": Computed(
        backups, (lambda given: backups(given, copies=2), lambda given: backups(given, increments=0), lambda given: backups(given, increments=7))
    ),
    "L2-CCM-B-002": Computed(ranked, (lambda given: only(ranked(given, is_summed=False), "C2", "C3", "D3", "C4", "D4", "D5"),)),
    "L2-POL-N-001": Computed(inspected, (lambda given: delayed(given, "2026-05-20", "30"), lambda given: given("200") * Fraction(5, WAN) * 60)),
    "L2-WPC-N-005": Computed(second_rank, (lambda given: second_rank(given, by_share=True), lambda given: second_rank(given, has_costs=False))),
    "L2-WPC-N-006": Computed(
        lambda given: reset_limit(given, "1.0"),
        (
            lambda given: reset_limit(given, "1.0", is_held=False),
            lambda given: reset_limit(given, "1.2"),
            lambda given: reset_limit(given, "1.0", paid="600"),
        ),
    ),
    "L2-WPC-B-003": Computed(
        deducted,
        (
            lambda given: only(deducted(given, by_share=False), "E1", "E5"),
            lambda given: only(deducted(given, by_books=False), "E3", "E5"),
        ),
    ),
    "L2-COL-B-001": Computed(
        difficulty,
        (
            lambda given: only(difficulty(given, is_weighted=False), "C5", "D5", "E5"),
            lambda given: only(difficulty(given, hides=""), "D6"),
        ),
    ),
    "L2-COL-N-005": Computed(
        lambda given: given("320") * given("0.0175%") * days(given.day("2026-03-31") + ONE_DAY, given.day("2026-06-29")),
        (
            lambda given: given("320") * Fraction(5, WAN) * days(given.day("2026-03-31") + ONE_DAY, given.day("2026-06-29")),
            lambda given: given("320") * given("0.0175%") * days(given.day("2026-03-31"), given.day("2026-06-29")),
        ),
    ),
    "L2-COL-N-006": Computed(
        lambda given: still_owed(given, ("2", "8")), (lambda given: still_owed(given, ()), lambda given: still_owed(given, ("8",)))
    ),
    "L2-CCM-B-003": Computed(
        quality,
        (
            lambda given: only(quality(given, margin_by_sales=False), "B1", "C1"),
            lambda given: only(quality(given, stock_by_cost=False), "B3", "C3"),
        ),
    ),
    "L2-CCM-N-007": Computed(
        lambda given: percent(given("7800") - by_power(given), by_power(given)),
        (
            lambda given: percent(given("7800") - by_power(given), given("7800")),
            lambda given: percent(given("7800") - given("6000"), given("6000")),
            lambda given: percent(given("7800") / given("6000") - given("420") / given("400"), Fraction(1)),
        ),
    ),
    "L2-POL-B-001": Computed(applies, (lambda given: only(applies(given, 30), "C1", "C4"),)),
    "L2-POL-N-002": Computed(
        lambda given: late_interest(given, (1, 2, 4, 5)),
        (
            lambda given: late_interest(given, (1, 2, 3, 4, 5)),
            lambda given: late_interest(given, (1, 2, 5)),
            lambda given: late_interest(given, (2, 4, 5)),
        ),
    ),
}
