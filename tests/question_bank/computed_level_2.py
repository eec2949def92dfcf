"""The formulas of level 2, by item, from the figures of each text."""

from datetime import timedelta
from fractions import Fraction

from tests.question_bank.given import PERCENT, Computed, Given, Worth, column, days, only

ONE_DAY = timedelta(days=1)
HALF = Fraction(1, 2)


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """Return how many percent of `whole` a part is."""
    return part / whole * PERCENT


def break_even(given: Given, variable: Fraction, capital: Fraction) -> Fraction:
    """Return the bad-debt rate in percent at which L2-APP-N-003 pays as much as before, for these rates of variable cost and capital."""
    now = given("3600") * (given("20%") - given("1%")) - given("3600") / given("360") * given("30") * variable * capital
    then = given("4320") * given("20%") - given("4320") / given("360") * given("60") * variable * capital
    return percent(then - now, given("4320"))


def z_score(given: Given, fourth: Fraction) -> Fraction:
    """Return Z with `fourth` as X4."""
    first, second, third, fifth = (given(amount) / given("5000") for amount in ("600", "900", "500", "5500"))
    return given("1.2") * first + given("1.4") * second + given("3.3") * third + given("0.6") * fourth + given("1.0") * fifth


def agencies(given: Given, fixed: Fraction) -> Fraction:
    """Return how much more the first agency brings in net."""
    one = given("120") * given("55%") * (1 - given("20%"))
    return one - (given("120") * given("48%") * (1 - given("12%")) - fixed)


ROLLS = ("12%", "30%", "50%", "60%")
BALANCES = ("2000", "500", "200", "100", "50")


def rolled(given: Given, last: Fraction) -> dict[str, Worth]:
    """Return the loss rates of L2-WPC-B-001 chained down to a last rate, and the provisions with their sum."""
    rates = [last]
    for roll in reversed(ROLLS):
        rates.insert(0, given(roll) * rates[0])
    sums = [given(balance) * rate for balance, rate in zip(BALANCES, rates, strict=True)]
    return {**column("C", *(rate * PERCENT for rate in rates[:-1])), **column("D", *sums, sum(sums))}


EXPOSURES = (("乙公司", "1.5%", "40%", "800"), ("丙公司", "4%", "45%", "300"), ("丁公司", "10%", "55%", "120"))


def expected_losses(given: Given) -> dict[str, Worth]:
    """Return the losses of L2-APP-B-001, their sum, and whose share of the exposure is largest."""
    losses = {name: given(chance) * given(loss) * given(exposure) for name, chance, loss, exposure in EXPOSURES}
    shares = {name: losses[name] / given(exposure) for name, _chance, _loss, exposure in EXPOSURES}
    return {**column("E", *losses.values(), sum(losses.values())), "E5": max(shares, key=lambda name: shares[name])}


SUPPLIERS = (("30%", "90", "70"), ("35%", "70", "90"), ("20%", "80", "75"), ("15%", "60", "50"))


def suppliers(given: Given) -> dict[str, Worth]:
    """Return the weighted scores of both suppliers of L2-CCM-B-001, their sums and who is chosen."""
    one = [given(weight) * given(score) for weight, score, _other in SUPPLIERS]
    two = [given(weight) * given(score) for weight, _other, score in SUPPLIERS]
    chosen = "供应商一" if sum(one) > sum(two) else "供应商二"
    return {**column("D", *one, sum(one)), **column("F", *two, sum(two), chosen)}


def value_of_assets(given: Given) -> list[Fraction]:
    """Return the four ratios of L2-CASE-01 and the value made of them."""
    current, quick = given("900") / given("600"), (given("900") - given("300")) / given("600")
    short, all_debts = given("600") / given("1000"), given("960") / given("1000")
    return [current, quick, short, all_debts, current + quick - short - all_debts]


def share_of_assets(given: Given) -> Fraction:
    """Return the share that belongs to the value."""
    value = value_of_assets(given)[-1]
    return given("25%") if value > given("1.0") else given("20%") if value > given("0.3") else given("17.5%")


def working_assets(given: Given) -> Fraction:
    """Return working capital and net assets together."""
    return given("900") - given("600") + given("1000")


def terms(given: Given, variable: Fraction, *, taken: Fraction, with_discount: bool = True) -> dict[str, Worth]:
    """Return the comparison of L2-CASE-02 for a rate of variable cost and a share of the sales that take the discount."""
    sales = given("5400")
    margin, daily = sales * given("25%"), sales / given("360")
    carried = [daily * given(span) * variable * given("8%") for span in ("44", "24")]
    discount = sales * taken * given("2") / PERCENT
    bad = [sales * given("1%"), sales * given("0.8%")]
    now = margin - carried[0] - bad[0] - given("25")
    then = margin - carried[1] - bad[1] - given("18") - (discount if with_discount else 0)
    choice = "采用拟改条件" if then > now else "保持现行条件"
    return {
        **column("B", margin, carried[0]),
        **column("C", margin, carried[1], discount),
        **column("B", bad[0], now, start=4),
        **column("C", bad[1], then, choice, start=4),
    }


QUARTERS = {"B": ("560", "160", "50", "30"), "C": ("600", "200", "120", "80")}


def structure(given: Given) -> dict[str, Worth]:
    """Return the three shares of L2-CASE-03 for both quarters, and which way they went."""
    cells: dict[str, Worth] = {}
    for letter, figures in QUARTERS.items():
        current, *late = map(given, figures)
        overdue, old, whole = sum(late), late[-1], current + sum(late)
        cells |= column(letter, percent(overdue, whole), percent(old, whole), percent(old, overdue))
    return {**cells, "C4": "变差" if all(cells[f"C{row}"] > cells[f"B{row}"] for row in (1, 2, 3)) else "变好"}


def claim(given: Given, more_days: int) -> Fraction:
    """Return what is owed to the creditor of L2-CASE-04 with interest to the day before the court's decision, or more days."""
    due, accepted = given.day("2026-02-10"), given.day("2026-05-20")
    span = days(due + ONE_DAY, accepted - ONE_DAY) + more_days
    return given("250") * (1 + given.rate("万分之四") * span)


def dividend(given: Given, *, secured: Fraction, later: tuple[str, ...] = ("180", "420", "350"), unsecured: Fraction) -> Fraction:
    """Return the percentage that ordinary claims get, `secured` being paid before all and `unsecured` being all ordinary claims."""
    return percent(given("2600") - secured - sum(map(given, later)), unsecured)


COMPUTED_2 = {
    "L2-APP-N-001": Computed(
        lambda given: percent(given("1"), PERCENT - given("1")) * given("365") / (given("50") - given("15")),
        (
            lambda given: given("1") * given("365") / (given("50") - given("15")),
            lambda given: percent(given("1"), PERCENT - given("1")) * given("365") / given("50"),
            lambda given: percent(given("1"), PERCENT - given("1")) * 360 / (given("50") - given("15")),
        ),
    ),
    "L2-APP-N-002": Computed(
        lambda given: given("9125") / given("365") * (given("57") - given("48")) * given("5.2%"),
        (
            lambda given: given("9125") / 360 * (given("57") - given("48")) * given("5.2%"),
            lambda given: given("9125") / given("365") * given("48") * given("5.2%"),
            lambda given: given("9125") / given("365") * (given("57") - given("48")),
        ),
    ),
    "L2-APP-N-003": Computed(
        lambda given: break_even(given, given("80%"), given("9%")),
        (
            lambda given: break_even(given, Fraction(1), given("9%")),
            lambda given: break_even(given, given("80%"), Fraction(0)),
            lambda given: break_even(given, given("80%"), given("9%")) * given("4320") / (given("4320") - given("3600")),
        ),
    ),
    "L2-APP-N-004": Computed(
        lambda given: z_score(given, given("3600") / given("2000")),
        (
            lambda given: z_score(given, (given("5000") - given("2000")) / given("2000")),
            lambda given: z_score(given, given("3600") / given("5000")),
        ),
    ),
    "L2-WPC-N-001": Computed(
        lambda given: given("600") * given("80%") * (1 - given("6.5%") * given("120") / given("360")) - given("600") * given("0.8%"),
        (
            lambda given: given("600") * given("80%") - given("600") * (given("6.5%") * given("120") / given("360") + given("0.8%")),
            lambda given: given("600") * given("80%") * (1 - given("6.5%") * given("120") / given("360") - given("0.8%")),
            lambda given: given("600") * given("80%") - given("600") * given("0.8%"),
        ),
    ),
    "L2-WPC-N-002": Computed(
        lambda given: given("210") - min(given("210"), given("150")) * given("85%"),
        (
            lambda given: given("150") * (1 - given("85%")),
            lambda given: given("210") * (1 - given("85%")),
            lambda given: given("210") - given("150"),
        ),
    ),
    "L2-COL-N-001": Computed(
        lambda given: agencies(given, given("1.5")),
        (
            lambda given: agencies(given, Fraction(0)),
            lambda given: given("120") * (given("55%") - given("48%")),
            lambda given: given("120") * (given("55%") - given("20%") - given("48%") + given("12%")) + given("1.5"),
        ),
    ),
    "L2-COL-N-002": Computed(
        lambda given: given("100") * given("18%") + (given("500") - given("100")) * given("15%") + (given("850") - given("500")) * given("12%"),
        (
            lambda given: given("850") * given("12%"),
            lambda given: given("850") * given("18%"),
            lambda given: given("100") * given("18%") + given("500") * given("15%") + (given("850") - given("500")) * given("12%"),
        ),
    ),
    "L2-CCM-N-001": Computed(
        lambda given: percent(given("84"), given("1400")) * given("1400") / given("1000") * given("1.6"),
        (
            lambda given: percent(given("84"), given("400")),
            lambda given: percent(given("84"), given("1400")) * given("1.6"),
            lambda given: percent(given("84"), given("1000")),
        ),
    ),
    "L2-CCM-N-002": Computed(
        lambda given: given("400") * given("6") / (given("400") * given("75%") * given("96%")),
        (
            lambda given: given("6") / given("75%"),
            lambda given: given("6") / given("96%"),
            lambda given: given("6") * given("75%") * given("96%"),
        ),
    ),
    "L2-APP-N-005": Computed(
        lambda given: working_assets(given) * HALF * share_of_assets(given),
        (
            lambda given: working_assets(given) * HALF * given("25%"),
            lambda given: given("1000") * share_of_assets(given),
            lambda given: working_assets(given) * share_of_assets(given),
        ),
    ),
    "L2-APP-N-006": Computed(
        lambda given: min(
            working_assets(given) * HALF * share_of_assets(given),
            given("48") * (given("60") + given("15")) / given("30"),
            given("150"),
        ),
        (
            lambda given: working_assets(given) * HALF * share_of_assets(given),
            lambda given: given("48") * given("60") / given("30"),
            lambda given: given("150"),
        ),
    ),
    "L2-APP-N-007": Computed(
        lambda given: percent(given("2"), PERCENT - given("2")) * given("360") / (given("40") - given("10")),
        (
            lambda given: given("2") * given("360") / (given("40") - given("10")),
            lambda given: percent(given("2"), PERCENT - given("2")) * given("360") / given("40"),
            lambda given: percent(given("2"), PERCENT - given("2")) * given("360") / given("24"),
        ),
    ),
    "L2-WPC-N-003": Computed(
        lambda given: sum((given(amount) / given("1000")) ** 2 for amount in ("400", "300", "200", "100")),
        (lambda given: given("400") / given("1000"), lambda given: (given("400") ** 2 + given("300") ** 2) / given("1000") ** 2),
    ),
    "L2-WPC-N-004": Computed(
        lambda given: percent(given("800") + given("1500") - given("1000"), given("800") + given("1500") - given("600")),
        (
            lambda given: percent(given("800") + given("1500") - given("1000"), given("800") + given("1500")),
            lambda given: percent(given("800") + given("1500") - given("1000"), given("800") + given("1500") - given("560")),
        ),
    ),
    "L2-COL-N-003": Computed(
        lambda given: claim(given, 0),
        (
            lambda given: claim(given, 1),
            lambda given: claim(given, days(given.day("2026-05-20"), given.day("2026-06-30"))),
            lambda given: given("250"),
        ),
    ),
    "L2-COL-N-004": Computed(
        lambda given: dividend(given, secured=given("900"), unsecured=given("2850") + given("1050") - given("900")),
        (
            lambda given: dividend(given, secured=given("900"), unsecured=given("2850")),
            lambda given: dividend(given, secured=given("1050"), unsecured=given("2850")),
            lambda given: dividend(given, secured=given("900"), later=("180",), unsecured=given("2850") + given("1050") - given("900")),
        ),
    ),
    "L2-WPC-B-001": Computed(
        lambda given: rolled(given, given("80%")),
        (
            lambda given: only(rolled(given, Fraction(1)), "C1", "D1", "C2", "D2", "C3", "D3", "C4", "D4", "D5", "D6"),
            lambda given: column("C", *(given(roll) * PERCENT for roll in ROLLS)),
        ),
    ),
    "L2-APP-B-001": Computed(
        expected_losses,
        (
            lambda given: column("E", *(given(chance) * given(exposure) for _name, chance, _loss, exposure in EXPOSURES)),
            lambda given: column("E", *(given(chance) * (1 - given(loss)) * given(exposure) for _name, chance, loss, exposure in EXPOSURES)),
        ),
    ),
    "L2-CCM-B-001": Computed(
        suppliers,
        (lambda given: {"D5": sum(given(one) for _w, one, _two in SUPPLIERS) / 4, "F5": sum(given(two) for _w, _one, two in SUPPLIERS) / 4},),
    ),
    "L2-APP-B-002": Computed(
        lambda given: column("B", *value_of_assets(given)),
        (
            lambda given: {"B5": sum(value_of_assets(given)[:4])},
            lambda given: {
                "B2": given("900") / given("600"),
                "B5": value_of_assets(given)[-1] + given("300") / given("600"),
            },
        ),
    ),
    "L2-APP-B-003": Computed(
        lambda given: terms(given, given("75%"), taken=given("60%")),
        (
            lambda given: only(terms(given, Fraction(1), taken=given("60%")), "B2", "C2", "B5", "C5"),
            lambda given: only(terms(given, given("75%"), taken=Fraction(1)), "C3", "C5"),
            lambda given: only(terms(given, given("75%"), taken=given("60%"), with_discount=False), "C5", "C6"),
        ),
    ),
    "L2-WPC-B-002": Computed(
        structure,
        (lambda given: {"B1": percent(given("800") - given("560"), given("560")), "C1": percent(given("1000") - given("600"), given("600"))},),
    ),
    "L2-WPC-F-002": Computed(
        lambda given: {"1": given("46") - given("18") + given("6"), "2": given("61") - given("46") + given("18") - given("6")},
        (
            lambda given: {"1": given("46") - given("18"), "2": given("61") - given("46") + given("18")},
            lambda given: {"2": given("61")},
        ),
    ),
    "L2-APP-F-001": Computed(
        lambda given: {"1": given("9") + 1, "2": given("10"), "3": given("50") * (PERCENT - given("2")) / PERCENT},
        (lambda given: {"1": given("9"), "2": given("12") + given("10"), "3": given("50")},),
    ),
}
