"""The formulas of level 3, by item, from the figures of each text."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from tests.question_bank.given import PERCENT, Computed, Given, Worth, column, days

ONE_DAY = timedelta(days=1)
MONTH, MONTHS_31 = 30, 31
TERM_ENDS = (0, 30, 60, 90)


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """Return how many percent of `whole` a part is."""
    return part / whole * PERCENT


def discount_cost(given: Given, *, net: str, paid: Fraction, span: Fraction) -> Fraction:
    """Return the yearly cost in percent of giving up a discount of 2 percent, `paid` being what is paid with it."""
    return given("2") / paid * given(net) / span * PERCENT


def countback(given: Given, september: int, august: int, july: int) -> Fraction:
    """Return DSO counted back over three months of so many days."""
    rest = given("1240") - given("620") - given("465")
    return september + august + rest / given("775") * july


def arrears(given: Given, *, first_principal: Fraction, second_principal: Fraction, skipped: int = 0) -> Fraction:
    """Return the penalty of L3-COL-N-001 in its two spans; `skipped` days are left out of the first."""
    due, part, rest = given.day("2026-03-31"), given.day("2026-05-15"), given.day("2026-06-30")
    first, second = days(due + ONE_DAY, part) - skipped, days(part + ONE_DAY, rest)
    return given.rate("万分之四") * (first_principal * first + second_principal * second)


def penalty_rows(given: Given, first: Fraction, second: Fraction, skipped: int = 0) -> dict[str, Worth]:
    """Return the rows of L3-COL-B-005: principal, days, penalty, and the sum."""
    due, part, today = given.day("2026-02-27"), given.day("2026-04-10"), given.day("2026-06-30")
    spans = (days(due + ONE_DAY, part) - skipped, days(part + ONE_DAY, today))
    sums = [principal * span * given.rate("万分之三") for principal, span in zip((first, second), spans, strict=True)]
    return {
        **column("B", first, second),
        **column("C", *map(Fraction, spans)),
        **column("D", *sums, sum(sums)),
    }


def weighted_scores(given: Given) -> list[Fraction]:
    """Return the weighted scores of L3-BAS-B-001."""
    return [given(weight) * given(score) for weight, score in [("30%", "80"), ("25%", "72"), ("20%", "75"), ("15%", "90"), ("10%", "60")]]


def grade(given: Given, score: Fraction) -> str:
    """Return the grade of a score."""
    bounds = [(given("85"), "A 级"), (given("70"), "B 级"), (given("55"), "C 级")]
    return next((name for least, name in bounds if score >= least), "D 级")


PROVISIONS = [("600", "1%"), ("240", "3%"), ("150", "10%"), ("60", "30%"), ("40", "60%")]
INVOICES = [
    ("2026-09-04", "100"),
    ("2026-08-10", "45"),
    ("2026-07-25", "30"),
    ("2026-06-28", "40"),
    ("2026-06-01", "25"),
    ("2026-04-20", "10"),
]


def provisions(given: Given) -> list[Fraction]:
    """Return the provisions of L3-BAS-B-002."""
    return [given(balance) * given(rate) for balance, rate in PROVISIONS]


def aged(given: Given, term: Fraction) -> dict[str, Worth]:
    """Return the ageing table of L3-COL-B-001 for a term of so many days."""
    today: date = given.day("2026-09-30")
    balances = [Fraction(0)] * (len(TERM_ENDS) + 1)
    for issued, amount in INVOICES:
        overdue = (today - given.day(issued)).days - term
        balances[sum(overdue > end for end in TERM_ENDS)] += given(amount)
    return {**column("B", *balances), **column("C", *(percent(balance, sum(balances)) for balance in balances))}


YEARS = (("1500", "1000", "2500", "1250", "400", "3600", "216"), ("1680", "1200", "2800", "1540", "500", "4000", "200"))


def ratios(given: Given) -> dict[str, Worth]:
    """Return the ratios of L3-CCM-B-001 for both years."""
    cells: dict[str, Worth] = {}
    for letter, figures in zip("BC", YEARS, strict=True):
        current, short, assets, debts, receivables, sales, profit = map(given, figures)
        cells |= column(letter, current / short, percent(debts, assets), percent(profit, sales), receivables / sales * given("360"))
    return {**cells, "C5": "减弱" if cells["C1"] < cells["B1"] else "增强"}


def two_quarters(given: Given) -> dict[str, Worth]:
    """Return DSO, its best possible value and the difference for both quarters of L3-COL-B-003."""
    cells: dict[str, Worth] = {}
    for letter, sales, receivables, current in (("B", "2520", "980", "700"), ("C", "2880", "1120", "640")):
        dso, best = (given(amount) / given(sales) * given("90") for amount in (receivables, current))
        cells |= column(letter, dso, best, dso - best)
    return {**cells, "C4": "恶化" if cells["C3"] > cells["B3"] else "好转"}


CUSTOMERS = (("360", "120", "80", "40"), ("120", "30", "0", "0"), ("40", "20", "30", "60"))
LOSS_RATES = ("1%", "5%", "10%", "30%")


def customers(given: Given, *, with_current: bool = True) -> dict[str, Worth]:
    """Return overdue, its share and the expected loss of the three customers of L3-CASE-01."""
    cells: dict[str, Worth] = {}
    for row, figures in enumerate(CUSTOMERS, start=1):
        amounts = [given(figure) for figure in figures]
        losses: Sequence[Fraction] = [amount * given(rate) for amount, rate in zip(amounts, LOSS_RATES, strict=True)]
        overdue = sum(amounts[1:])
        cells |= {f"B{row}": overdue, f"C{row}": percent(overdue, sum(amounts)), f"D{row}": sum(losses if with_current else losses[1:])}
    return cells


ORDERS = (("200", "120", "0", "30", "45"), ("150", "90", "10", "20", "45"), ("100", "60", "0", "15", "30"), ("80", "0", "0", "0", "80"))


def releases(given: Given, *, with_released: bool = True) -> dict[str, Worth]:
    """Return what is free of each limit of L3-CASE-03, and what becomes of the order."""
    cells: dict[str, Worth] = {}
    for row, figures in enumerate(ORDERS, start=1):
        limit, unpaid, overdue, released, order = map(given, figures)
        free = limit - unpaid - (released if with_released else 0)
        cells |= {f"B{row}": free, f"C{row}": "放行" if order <= free and not overdue else "冻结"}
    return cells


COMPUTED_3 = {
    "L3-BAS-N-001": Computed(
        lambda given: given("936") / given("2184") * given("91"),
        (lambda given: given("936") / given("2184") * 90, lambda given: given("936") / given("2184") * 365),
    ),
    "L3-BAS-N-002": Computed(
        lambda given: countback(given, MONTH, MONTHS_31, MONTHS_31),
        (
            lambda given: countback(given, MONTH, MONTH, MONTH),
            lambda given: given("1240") / (given("620") + given("465") + given("775")) * (MONTH + 2 * MONTHS_31),
        ),
    ),
    "L3-BAS-N-003": Computed(
        lambda given: discount_cost(given, net="360", paid=PERCENT - given("2"), span=given("45") - given("10")),
        (
            lambda given: discount_cost(given, net="360", paid=PERCENT - given("2"), span=given("45")),
            lambda given: discount_cost(given, net="360", paid=Fraction(PERCENT), span=given("45") - given("10")),
            lambda given: given("2") / (PERCENT - given("2")) * 365 / (given("45") - given("10")) * PERCENT,
        ),
    ),
    "L3-BAS-N-004": Computed(
        lambda given: given("56") / given("30") * (given("45") + given("12")),
        (lambda given: given("56") / given("30") * given("45"), lambda given: given("56") / given("30") * (given("45") - given("12"))),
    ),
    "L3-BAS-N-005": Computed(
        lambda given: given("146") * given("6%") * given("90") / given("365"),
        (lambda given: given("146") * given("6%") * given("90") / 360, lambda given: given("146") * given("6%")),
    ),
    "L3-BAS-N-006": Computed(
        lambda given: given("18") / given("4%"),
        (lambda given: given("18") / given("4%") + given("18"), lambda given: given("18") / (1 - given("4%"))),
    ),
    "L3-CCM-N-001": Computed(
        lambda given: (given("360") + given("120") + given("150")) / given("150"),
        (
            lambda given: (given("360") + given("120")) / given("150"),
            lambda given: (given("360") + given("150")) / given("150"),
            lambda given: given("360") / given("150"),
        ),
    ),
    "L3-CCM-N-002": Computed(
        lambda given: percent(given("1560"), given("3060") - given("1560") - given("200")),
        (
            lambda given: percent(given("1560"), given("3060") - given("1560")),
            lambda given: percent(given("1560"), given("3060") - given("200")),
        ),
    ),
    "L3-WPC-N-001": Computed(
        lambda given: given("180") - given("104.5") - given("32") - given("15") * given("50%"),
        (
            lambda given: given("180") - given("104.5") - given("32"),
            lambda given: given("180") - given("104.5") - given("32") - given("15"),
            lambda given: given("180") - given("104.5") - given("15") * given("50%"),
        ),
    ),
    "L3-WPC-N-002": Computed(
        lambda given: max(given("26"), given("118") + given("20") + given("45") - given("150")),
        (
            lambda given: given("26"),
            lambda given: given("118") + given("45") - given("150"),
            lambda given: given("26") + given("118") + given("20") + given("45") - given("150"),
        ),
    ),
    "L3-COL-N-001": Computed(
        lambda given: arrears(given, first_principal=given("480000"), second_principal=given("480000") - given("180000")),
        (
            lambda given: arrears(given, first_principal=given("480000"), second_principal=given("480000")),
            lambda given: arrears(given, first_principal=given("480000"), second_principal=given("480000") - given("180000"), skipped=1),
        ),
    ),
    "L3-COL-N-002": Computed(
        lambda given: (given("900") - given("520")) / given("1820") * given("91"),
        (lambda given: given("900") / given("1820") * given("91"), lambda given: given("520") / given("1820") * given("91")),
    ),
    "L3-CCM-N-003": Computed(
        lambda given: given("1300") / given("700"),
        (lambda given: given("2000") / given("700"), lambda given: given("800") / given("700"), lambda given: given("700") / given("1300")),
    ),
    "L3-WPC-N-003": Computed(
        lambda given: given("30") - (given("100") - given("60") - given("15")),
        (lambda given: given("30"), lambda given: given("60")),
    ),
    "L3-BAS-B-001": Computed(
        lambda given: {
            **column("D", *weighted_scores(given), sum(weighted_scores(given))),
            "D7": grade(given, sum(weighted_scores(given))),
        },
        (lambda given: {"D6": sum(map(given, ("80", "72", "75", "90", "60"))) / 5, **column("D", *map(given, ("80", "72", "75", "90", "60")))},),
    ),
    "L3-BAS-B-002": Computed(
        lambda given: column("D", *provisions(given), sum(provisions(given)), sum(provisions(given)) - given("52.7")),
        (lambda given: {"D7": sum(provisions(given))}, lambda given: {"D1": Fraction(0), "D6": sum(provisions(given)[1:])}),
    ),
    "L3-CCM-B-001": Computed(
        ratios,
        (
            lambda given: {"B1": given("1000") / given("1500"), "C1": given("1200") / given("1680"), "C5": "增强"},
            lambda given: {"B2": percent(given("1250"), given("2500") - given("1250")), "B4": given("3600") / given("400")},
        ),
    ),
    "L3-COL-B-001": Computed(lambda given: aged(given, given("45")), (lambda given: aged(given, Fraction(0)),)),
    "L3-COL-B-002": Computed(
        lambda given: {
            **column("B", Fraction(0), given("35000") + given("12800"), given("862400") - given("35000") - given("12800"), start=2),
            **column("C", given("48600"), given("6000"), given("772000") + given("48600") - given("6000"), start=2),
        },
        (
            lambda given: {
                **column("B", given("48600"), given("6000"), given("862400") + given("48600") - given("6000"), start=2),
                **column("C", Fraction(0), given("35000") + given("12800"), given("772000") - given("35000") - given("12800"), start=2),
            },
            lambda given: {"B3": given("35000"), "B4": given("862400") - given("35000")},
        ),
    ),
    "L3-COL-B-003": Computed(
        two_quarters,
        (lambda given: {"B3": given("700") / given("2520") * given("90"), "C2": given("1120") / given("2880") * given("90"), "C4": "不变"},),
    ),
    "L3-COL-B-004": Computed(
        customers,
        (
            lambda given: {cell: worth for cell, worth in customers(given, with_current=False).items() if cell.startswith("D")},
            lambda given: {"C1": percent(Fraction(240), given("900")), "C2": percent(Fraction(30), given("900"))},
        ),
    ),
    "L3-CCM-B-002": Computed(
        lambda given: column(
            "B",
            given("1200") / given("800"),
            (given("1200") - given("600")) / given("800"),
            percent(given("1300"), given("2000")),
            given("480") / given("3600") * given("360"),
            given("600") / given("2880") * given("360"),
        ),
        (
            lambda given: {"B2": given("1200") / given("800"), "B5": given("600") / given("3600") * given("360")},
            lambda given: {"B3": percent(given("1300"), given("700")), "B4": given("480") / given("2880") * given("360")},
        ),
    ),
    "L3-WPC-B-001": Computed(
        releases,
        (lambda given: {cell: worth for cell, worth in releases(given, with_released=False).items() if cell in {"B1", "B2", "B3", "C3"}},),
    ),
    "L3-COL-B-005": Computed(
        lambda given: penalty_rows(given, given("600000"), given("600000") - given("200000")),
        (
            lambda given: {
                cell: worth for cell, worth in penalty_rows(given, given("600000"), given("600000")).items() if cell in {"B2", "D2", "D3"}
            },
            lambda given: {
                cell: worth
                for cell, worth in penalty_rows(given, given("600000"), given("600000") - given("200000"), skipped=1).items()
                if cell in {"C1", "D1", "D3"}
            },
        ),
    ),
    "L3-BAS-F-001": Computed(
        lambda given: {"1": given("80") * (PERCENT - given("3")) / PERCENT, "2": given("80")},
        (lambda given: {"1": given("80"), "2": given("80") * (PERCENT - given("3")) / PERCENT},),
    ),
    "L3-CCM-F-001": Computed(
        lambda given: {
            "1": given("860") + given("140") - given("60") + given("100"),
            "2": given("860") + given("140") - given("60") + given("100") + given("960"),
        },
        (
            lambda given: {"1": given("860") + given("140") + given("100"), "2": given("860") + given("140") + given("100") + given("960")},
            lambda given: {"1": given("860") + given("140") - given("60"), "2": given("860") + given("140") - given("60") + given("960")},
        ),
    ),
    "L3-WPC-F-003": Computed(
        lambda given: {
            "1": given("150") - (given("90") - given("10")) - given("20"),
            "2": "放行" if given("150") - (given("90") - given("10")) - given("20") >= given("45") else "冻结",
        },
        (lambda given: {"1": given("150") - given("90") - given("20"), "2": "冻结"},),
    ),
}
