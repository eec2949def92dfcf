"""What the sheets of a panel come to: both sides of every edge, and every way to settle a dispute (DECISIONS 25)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.panel_marking import Combination, PanelError, State
from examsrv.domain.sheets import Sheet, SheetError
from question_bank.pack import load_pack
from question_bank.standard import ComponentKey
from tests.domain.panels import OTHER_VETO, SKILLS, TASK_SET, TASK_VETO, WHOLE_VETO, combined, make_task_set, sheet, sheets
from tests.question_bank.builders import CODE, STANDARD, made_up_standard

WAITING, DISPUTED, SETTLED = State
OVER_SEVENTY = made_up_standard("9-99-99-01").component(ComponentKey.SKILLS)
"""A component whose pass mark, 70, itself fails."""


def words(combination: Combination) -> list[str]:
    """Return the steps as an English reader has them."""
    return [str(step) for step in combination.steps]


def test_a_panel_that_agrees_gets_the_mean_and_an_explanation_to_recompute() -> None:
    combination = combined(sheets(72, 75, 71))
    assert (combination.state, combination.total, combination.counted) == (SETTLED, Fraction(218, 3), (1, 2, 3))
    assert words(combination) == [
        "Totals by place: 1: 72, 2: 75, 3: 71",
        "Range 75 − 71 = 4: not more than 15",
        "Mean (72+75+71)/3 = 72.67: passed, the pass mark is 60",
    ]


@pytest.mark.parametrize(
    ("totals", "state"),
    [
        ((70, 80, 85), SETTLED),
        ((70, 80, "85.01"), DISPUTED),
        ((0, 5, 15), SETTLED),
        ((0, 5, "15.01"), DISPUTED),
        ((70, 75, 80, 85, 90), SETTLED),
        ((70, 75, 80, 85, "90.01"), DISPUTED),
        ((70, 75, 80, 80, 80, 85, 90), SETTLED),
        ((70, 75, 80, 80, 80, 85, "90.01"), DISPUTED),
    ],
)
def test_totals_may_lie_as_far_apart_as_the_limit_of_their_number_and_no_further(totals, state: State) -> None:
    combination = combined(sheets(*totals))
    assert (combination.state, bool(combination.reasons)) == (state, state is DISPUTED)


@pytest.mark.parametrize(
    ("totals", "state"),
    [
        (("59.99", "63", "63.01"), DISPUTED),  # 62.00
        (("59.99", "63.02", "63.02"), SETTLED),  # 62.01
        (("60", "63", "63"), SETTLED),  # all of them pass
        (("60.01", "55", "58.99"), DISPUTED),  # 58
        (("60.01", "55", "58.96"), SETTLED),  # 57.99
        (("60", "58", "58.5"), DISPUTED),  # 60 itself is a pass
        (("59.99", "58", "58.5"), SETTLED),  # none of them passes
        (("60", "60", "60"), SETTLED),
        (("59.99", "60", "60.01"), DISPUTED),
        (("55", "57", "59", "61", "63"), DISPUTED),
        (("59.9", "62", "62", "62", "79.9"), DISPUTED),  # without the highest and the lowest 62.00
        (("59.9", "62.01", "62", "62.02", "62.03"), SETTLED),  # 62.01
    ],
)
def test_a_panel_on_both_sides_of_the_pass_mark_is_in_dispute_near_it(totals, state: State) -> None:
    assert combined(sheets(*totals)).state is state


@pytest.mark.parametrize(("totals", "state"), [((70, "70.5", 71), DISPUTED), (("70.01", "70.5", 71), SETTLED), ((69, 70, 70), SETTLED)])
def test_the_pass_mark_and_its_side_are_the_standards(totals, state: State) -> None:
    assert combined(sheets(*totals), component=OVER_SEVENTY).state is state


def test_a_dispute_says_why_with_figures_and_what_follows_and_gives_no_mark() -> None:
    combination = combined(sheets(50, 66, 63))
    assert words(combination) == [
        "Totals by place: 1: 50, 2: 66, 3: 63",
        "Range 66 − 50 = 16: more than 15",
        "Totals on both sides of the pass mark 60. Mean (50+66+63)/3 = 59.67: at most 2 away from it",
        "Two reserves are called, the median of all counts",
    ]
    assert combination.reasons == combination.steps[1:3]
    assert (combination.total, combination.counted, combination.criteria, combination.sections) == (None, (), {}, {})


@pytest.mark.parametrize("adjudication", Adjudication)
def test_what_follows_a_dispute_is_the_batchs_choice(adjudication: Adjudication) -> None:
    follows = {"reserves": "Two reserves", "leader": "The leader decides", "discussion": "The panel discusses"}
    assert words(combined(sheets(50, 70, 70), rule=CombiningRule(adjudication=adjudication)))[-1].startswith(follows[adjudication])


def test_a_mean_is_shown_as_exactly_as_it_takes_to_see_that_it_is_not_near() -> None:
    rule = CombiningRule(range_limits={3: Decimal(100)})
    combination = combined(sheets("59.99", "63.01", "63.01"), rule=rule)  # 62.00333…
    assert (combination.state, words(combination)[2]) == (
        SETTLED,
        "Totals on both sides of the pass mark 60. Mean (59.99+63.01+63.01)/3 = 62.003: more than 2 away from it",
    )


@pytest.mark.parametrize(
    ("totals", "mean", "last"),
    [
        (("59.99", "59.99", "59.99"), "59.99", "Mean (59.99+59.99+59.99)/3 = 59.99: not passed, the pass mark is 60"),
        ((60, 60, 60), "60", "Mean (60+60+60)/3 = 60: passed, the pass mark is 60"),
        (("60", "60", "60.01"), "180.01/3", "Mean (60+60+60.01)/3 = 60.00: passed, the pass mark is 60"),
        ((0, 0, 0), "0", "Mean (0+0+0)/3 = 0: not passed, the pass mark is 60"),
        ((100, 100, 100), "100", "Mean (100+100+100)/3 = 100: passed, the pass mark is 60"),
        (("72.5", "72.5", "73"), "218/3", "Mean (72.5+72.5+73)/3 = 72.67: passed, the pass mark is 60"),
    ],
)
def test_the_exact_mean_decides_and_is_never_shown_on_the_other_side(totals, mean: str, last: str) -> None:
    top, _, bottom = mean.partition("/")
    combination = combined(sheets(*totals))
    assert (combination.total, words(combination)[-1]) == (Fraction(top) / int(bottom or 1), last)


def test_a_mean_just_under_the_pass_mark_is_not_rounded_up_to_it() -> None:
    combination = combined(sheets("59.99", "60", "59.99"), rule=CombiningRule(near=Decimal(0)))
    assert words(combination)[-1] == "Mean (59.99+60+59.99)/3 = 59.99: not passed, the pass mark is 60"


@pytest.mark.parametrize(
    ("totals", "trim_from", "counted", "total"),
    [
        ((71, 72, 76), 5, (1, 2, 3), "73"),
        ((71, 72, 76), 3, (2,), "72"),
        ((70, 71, 72, 76, 80), 5, (2, 3, 4), "73"),
        ((80, 76, 70, 72, 71), 5, (2, 4, 5), "73"),
        ((70, 71, 72, 77, 80), 7, (1, 2, 3, 4, 5), "74"),
        ((70, 71, 72, 77, 80), None, (1, 2, 3, 4, 5), "74"),
        ((70, 71, 72, 73, 74, 75, 90), 5, (2, 3, 4, 5, 6), "73"),
        ((80, 71, 72, 76, 80), 5, (1, 3, 4), "76"),  # two highest: the one of the later place is left out
        ((70, 80, 70, 72, 74), 5, (3, 4, 5), "72"),  # two lowest: the one of the earlier place
        ((75, 75, 75, 75, 75), 5, (2, 3, 4), "75"),
    ],
)
def test_from_a_number_on_one_highest_and_one_lowest_are_left_out(totals, trim_from: int | None, counted: tuple[int, ...], total: str) -> None:
    combination = combined(sheets(*totals), rule=CombiningRule(trim_from))
    assert (combination.counted, combination.total) == (counted, Fraction(total))


def test_the_explanation_names_what_is_left_out() -> None:
    assert "The highest total (80, place 5) and the lowest (70, place 1) are left out of the mean" in words(combined(sheets(70, 71, 72, 76, 80)))


def test_sections_and_criteria_are_means_of_those_that_are_counted() -> None:
    marks = [("40", "30", "5"), ("38", "30", "4"), ("30", "29.99", "10")]
    given = [Sheet(place, dict(zip(("T1.1", "T1.2", "T2.1"), map(Decimal, each), strict=True))) for place, each in enumerate(marks, start=1)]
    combination = combined(given)
    assert combination.criteria == {"T1.1": 36, "T1.2": Fraction("89.99") / 3, "T2.1": Fraction(19, 3)}
    assert combination.sections == {"customers": 36, "collection": Fraction("108.99") / 3}
    assert combination.total == Fraction("216.99") / 3


@pytest.mark.parametrize(("claims", "state", "stands"), [(0, SETTLED, False), (1, DISPUTED, False), (2, DISPUTED, True), (3, SETTLED, True)])
@pytest.mark.parametrize(("veto", "total"), [(TASK_VETO, 0), (OTHER_VETO, 70), (WHOLE_VETO, 0)])
def test_a_veto_stands_by_the_majority_and_is_in_dispute_unless_all_agree(claims: int, state: State, stands: bool, veto: str, total: int) -> None:
    combination = combined([sheet(place, 70, *[veto] * (place <= claims)) for place in (1, 2, 3)])
    assert (combination.state, combination.vetoes) == (state, (veto,) if stands else ())
    assert combination.total == (None if state is DISPUTED else total if stands else 70)


def test_a_veto_says_by_how_many_it_stands_and_what_it_costs() -> None:
    steps = words(combined([sheet(1, 90, TASK_VETO, WHOLE_VETO), sheet(2, 90, TASK_VETO), sheet(3, 90, TASK_VETO, OTHER_VETO)]))
    assert steps == [
        "Totals by place: 1: 20, 2: 20, 3: 20",
        "Veto T1.V (威胁债务人) is claimed by 3 of 3: it stands, task T1 earns 0",
        "Veto T2.V (伪造单据) is claimed by 1 of 3: it does not stand",
        "Veto T2.W (泄露客户资料) is claimed by 1 of 3: it does not stand",
        "Range 20 − 20 = 0: not more than 15",
        "Veto T2.V (伪造单据) is claimed by 1 of 3 only",
        "Veto T2.W (泄露客户资料) is claimed by 1 of 3 only",
        "Two reserves are called, the median of all counts",
    ]


def test_totals_are_those_under_the_vetoes_that_stand_for_every_sheet() -> None:
    combination = combined([sheet(1, 100, TASK_VETO), sheet(2, 72, TASK_VETO), sheet(3, 71, TASK_VETO)])
    assert (combination.state, str(combination.reasons[0])) == (DISPUTED, "Range 30 − 1 = 29: more than 15")


@pytest.mark.parametrize(
    ("claims", "total", "standing"),
    [((1,), 70, ()), ((1, 4), 70, ()), ((1, 4, 5), 0, (TASK_VETO,)), ((1, 2), 70, ()), ((1, 2, 3, 4, 5), 0, (TASK_VETO,))],
)
def test_with_reserves_the_majority_of_all_lifts_a_veto_or_lets_it_stand(claims, total: int, standing) -> None:
    combination = combined([sheet(place, 70, *[TASK_VETO] * (place in claims)) for place in range(1, 6)], called=2)
    assert (combination.state, combination.total, combination.vetoes) == (SETTLED, total, standing)


@pytest.mark.parametrize(
    ("totals", "called", "counted", "total"),
    [
        ((50, 66, 63, 61, 70), 2, (3,), "63"),
        ((50, 66, 63, 0, 0), 2, (1,), "50"),
        ((50, 66, 63, 100, 100), 2, (2,), "66"),
        ((50, 66, 63, 61, 70, 62, 59), 4, (6,), "62"),
        ((50, 66, 63, 66, 66), 2, (2,), "66"),  # three of one total, the upper ones of five: the first of them by its place
        ((40, 61, 62, 63, 80, 58, 59), 2, (2,), "61"),
    ],
)
def test_with_reserves_the_median_of_all_counts_with_that_sheets_own_marks(totals, called: int, counted: tuple[int, ...], total: str) -> None:
    combination = combined(sheets(*totals), called=called)
    assert (combination.state, combination.counted, combination.total) == (SETTLED, counted, Fraction(total))
    assert combination.criteria == {name: Fraction(mark) for name, mark in sheet(counted[0], total).marks.items()}


def test_with_reserves_nothing_is_in_dispute_again_and_the_reasons_stay() -> None:
    combination = combined(sheets(0, 100, 59, 60, 30), called=2)
    assert [str(reason) for reason in combination.reasons] == ["Range 100 − 0 = 100: more than 15"]
    assert words(combination)[-3:] == [
        "2 reserves were called: the median of all sheets counts",
        "Totals by place: 1: 0, 2: 100, 3: 59, 4: 60, 5: 30",
        "Median of 0, 30, 59, 60, 100 = 59: not passed, the pass mark is 60",
    ]


def test_the_leaders_sheet_counts_alone_with_its_own_vetoes() -> None:
    combination = combined([sheet(1, 50, WHOLE_VETO), sheet(2, 70, WHOLE_VETO), sheet(3, 66)], leader=sheet(2, "90.5", OTHER_VETO))
    assert (combination.state, combination.total, combination.counted, combination.vetoes) == (SETTLED, 70, (2,), (OTHER_VETO,))
    assert words(combination)[-3:] == [
        "The leader has decided: the leader's sheet alone counts",
        "Veto T2.V (伪造单据) is claimed by 1 of 1: it stands, task T2 earns 0",
        "Leader's sheet 40+30 = 70: passed, the pass mark is 60",
    ]


def test_the_leader_waits_for_no_reserve_but_for_the_panel() -> None:
    assert combined(sheets(50, 70, 66), 3, called=2, leader=sheet(0, 60)).total == 60
    assert combined(sheets(50, 70, 66, 80), 3, called=2, leader=sheet(0, 60)).total == 60
    assert combined(sheets(50, 70), 3, leader=sheet(0, 60)).missing == (3,)


def test_after_a_discussion_the_mean_counts_even_if_the_panel_still_stands_apart() -> None:
    combination = combined(sheets(50, 70, 66), is_discussed=True)
    assert (combination.state, combination.total, combination.counted, len(combination.reasons)) == (SETTLED, 62, (1, 2, 3), 2)
    assert words(combination)[0] == "The panel has discussed: its sheets as they are now count"
    assert words(combination)[-1] == "Mean (50+70+66)/3 = 62: passed, the pass mark is 60"


def test_after_a_discussion_the_mean_is_trimmed_as_ever_and_the_majority_decides_on_vetoes() -> None:
    given = [sheet(1, 0), sheet(2, 100, OTHER_VETO), sheet(3, 60, OTHER_VETO), sheet(4, 62), sheet(5, 64)]
    combination = combined(given, is_discussed=True)
    assert (combination.counted, combination.total, combination.vetoes) == ((3, 4, 5), 62, ())


@pytest.mark.parametrize(
    ("given", "places", "called", "missing"),
    [
        ([], 3, 0, (1, 2, 3)),
        (sheets(0, 100), 3, 0, (3,)),
        ([sheet(3, 50)], 3, 0, (1, 2)),
        (sheets(0, 100, 50), 3, 2, (4, 5)),
        (sheets(0, 100, 50, 60), 3, 2, (5,)),
        ([sheet(1, 0), sheet(2, 100), sheet(4, 50), sheet(5, 50)], 3, 2, (3,)),
    ],
)
def test_whoever_waits_learns_nothing_of_the_sheets_that_are_there(given, places: int, called: int, missing: tuple[int, ...]) -> None:
    combination = combined(given, places, called=called)
    expected = f"Waiting for the sheets of the places {', '.join(map(str, missing))}"
    assert (combination.state, combination.missing, words(combination)) == (WAITING, missing, [expected])
    assert replace(combination, missing=(), steps=()) == Combination(WAITING)


@pytest.mark.parametrize(
    ("given", "places", "called", "refusal"),
    [
        (sheets(50), 1, 0, "odd number of examiners are combined, at least 3, not of 1"),
        (sheets(50, 50), 2, 0, "not of 2"),
        (sheets(50, 50, 50, 50), 4, 0, "not of 4"),
        (sheets(50, 50, 50), -3, 0, "not of -3"),
        (sheets(50, 50, 50, 50), 3, 1, "in pairs, not 1 of them"),
        (sheets(50, 50, 50), 3, -2, "in pairs, not -2 of them"),
        ([*sheets(50, 50, 50), sheet(2, 50)], 3, 0, "Place 2 has two sheets"),
        (sheets(50, 50, 50, 50), 3, 0, "There is no place 4, the last one is 3"),
        ([sheet(0, 50)], 3, 0, "There is no place 0"),
    ],
)
def test_what_no_panel_can_be_is_refused(given, places: int, called: int, refusal: str) -> None:
    with pytest.raises(PanelError, match=refusal):
        combined(given, places, called=called)


@pytest.mark.parametrize("changes", [{"leader": Sheet(0, {})}, {}])
def test_a_sheet_that_is_not_complete_is_never_counted(changes) -> None:
    given = sheets(50, 50, 50) if changes else [*sheets(50, 50), Sheet(3, {"T1.1": Decimal(1)})]
    with pytest.raises(SheetError, match="Not marked yet"):
        combined(given, **changes)


def test_a_set_that_does_not_come_to_the_full_mark_is_refused() -> None:
    with pytest.raises(PanelError, match="The tasks of L3-A come to 99 marks, 技能考核 to 100"):
        combined([], 3, task_set=make_task_set(marks=(40, 30, 29)))


def test_a_review_is_combined_in_the_same_way() -> None:
    review = make_task_set(component=ComponentKey.REVIEW)
    given = [sheet(place, total, task_set=review) for place, total in ((1, 72), (2, 75), (3, 71))]
    combination = combined(given, task_set=review, component=STANDARD.component(ComponentKey.REVIEW))
    assert (combination.total, combination.sections) == (Fraction(218, 3), {"T1": 70, "T2": Fraction(8, 3)})


def test_a_hundred_sheets_of_tenths_have_an_exact_mean() -> None:
    tenths = make_task_set("0.1")
    combination = combined([sheet(place, "70.1", task_set=tenths) for place in range(1, 100)], task_set=tenths)
    assert (combination.total, SKILLS.full_mark, TASK_SET.marks) == (Fraction("70.1"), 100, 100)


def test_every_set_that_is_shipped_can_be_combined_and_comes_to_the_weights() -> None:
    for task_set in load_pack(CODE).task_sets:
        best = [Sheet(place, {criterion.id: criterion.marks for criterion in task_set.criteria}) for place in (1, 2, 3)]
        combination = combined(best, task_set=task_set, component=STANDARD.component(task_set.component))
        weights = {section.key: percent for section, percent in STANDARD.sections(task_set.component, task_set.level)}
        assert (combination.total, combination.sections) == (100, weights or {task.id: task.marks for task in task_set.tasks}), task_set.id
