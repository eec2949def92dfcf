"""What holds for every panel, and a second scorer that works all of it out anew from the sheets."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.panel_marking import Combination, State, combine
from examsrv.domain.sheets import Sheet, totals_of
from examsrv.rules.passing import is_component_passed
from question_bank.standard import ComponentKey
from question_bank.task import VetoScope
from tests.domain.panels import OTHER_VETO, SKILLS, TASK_VETO, WHOLE_VETO, combined, make_task_set
from tests.question_bank.builders import made_up_standard

TASK_SET = make_task_set("0.5")
CRITERIA = TASK_SET.criteria
VETOES = (TASK_VETO, OTHER_VETO, WHOLE_VETO)
OVER_SEVENTY = made_up_standard("9-99-99-01").component(ComponentKey.SKILLS)
PANELS = 1500

quickly = settings(max_examples=150, deadline=None, derandomize=True)


# ---------------------------------------------------------------- generated panels

marks = st.fixed_dictionaries({each.id: st.integers(0, int(each.marks / each.step)).map(each.step.__mul__) for each in CRITERIA})
high_marks = st.fixed_dictionaries({each.id: st.integers(int(each.marks), int(each.marks / each.step)).map(each.step.__mul__) for each in CRITERIA})
claims = st.sampled_from([(), (), (), (TASK_VETO,), (OTHER_VETO,), (WHOLE_VETO,), (TASK_VETO, OTHER_VETO)]).map(frozenset)


calls = st.sampled_from([0, 0, 2, 4])


@st.composite
def panels(draw, vetoes=claims, called=calls) -> tuple[int, int, list[Sheet]]:
    """Draw places, reserves called, and a sheet of each; sometimes all alike, so that panels agree."""
    places, reserves = draw(st.sampled_from([3, 5, 7])), draw(called)
    of_sheets = draw(st.sampled_from([marks, high_marks, st.just(draw(marks))]))
    return places, reserves, [Sheet(place, draw(of_sheets), draw(vetoes)) for place in range(1, places + reserves + 1)]


def outcome(panel: tuple[int, int, list[Sheet]], **changes) -> Combination:
    """Combine a drawn panel."""
    places, called, sheets = panel
    return combined(sheets, places, called=called, **{"task_set": TASK_SET, **changes})


# ---------------------------------------------------------------- what holds for all of them


@quickly
@given(panels(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_sheets_changes_nothing(panel, chance: Random, is_discussed: bool) -> None:
    places, called, sheets = panel
    shuffled = sheets[:]
    chance.shuffle(shuffled)
    assert outcome((places, called, shuffled), is_discussed=is_discussed) == outcome(panel, is_discussed=is_discussed)


@quickly
@given(panels(), st.permutations(range(7)), st.booleans())
def test_who_sits_where_changes_neither_the_mark_nor_the_state(panel, order: list[int], is_discussed: bool) -> None:
    places, called, sheets = panel
    moved = [replace(sheets[source], place=place) for place, source in enumerate([seat for seat in order if seat < places], start=1)]
    before, after = outcome(panel, is_discussed=is_discussed), outcome((places, called, moved + sheets[places:]), is_discussed=is_discussed)
    assert (after.state, after.total, after.vetoes) == (before.state, before.total, before.vetoes)


@quickly
@given(panels(), st.booleans(), st.none() | marks.map(lambda given_marks: Sheet(0, given_marks, frozenset({OTHER_VETO}))))
def test_criteria_add_up_to_sections_and_these_to_the_total_exactly(panel, is_discussed: bool, leader: Sheet | None) -> None:
    combination = outcome(panel, is_discussed=is_discussed, leader=leader)
    assume(combination.state is State.SETTLED)
    by_section: Counter[str] = Counter()
    for criterion in CRITERIA:
        by_section[criterion.section] += combination.criteria[criterion.id]
    assert dict(by_section) == combination.sections
    assert sum(combination.sections.values()) == combination.total


@quickly
@given(panels(), st.booleans(), st.none() | marks.map(lambda given_marks: Sheet(0, given_marks)))
def test_never_an_even_number_is_counted_and_never_anything_that_is_not_settled(panel, is_discussed: bool, leader: Sheet | None) -> None:
    combination = outcome(panel, is_discussed=is_discussed, leader=leader)
    assert len(combination.counted) % 2 == (combination.state is State.SETTLED)
    assert (combination.total is not None) is (combination.state is State.SETTLED)


@quickly
@given(panels(), st.data())
def test_a_missing_sheet_makes_everything_wait(panel, data) -> None:
    places, called, sheets = panel
    gone = data.draw(st.sampled_from(sheets))
    combination = outcome((places, called, [sheet for sheet in sheets if sheet is not gone]))
    assert (combination.state, combination.missing, combination.total, combination.vetoes) == (State.WAITING, (gone.place,), None, ())


@quickly
@given(panels(vetoes=st.just(frozenset()), called=st.just(0)), st.data())
def test_raising_one_mark_never_lowers_the_mean(panel, data) -> None:
    places, called, sheets = panel
    raised, criterion = data.draw(st.sampled_from(sheets)), data.draw(st.sampled_from(CRITERIA))
    better = data.draw(st.sampled_from([mark for mark in criterion.allowed if mark >= raised.marks[criterion.id]]))
    after = [replace(sheet, marks={**sheet.marks, criterion.id: better}) if sheet is raised else sheet for sheet in sheets]
    assert outcome((places, called, after), is_discussed=True).total >= outcome(panel, is_discussed=True).total


@quickly
@given(panels(vetoes=st.just(frozenset()), called=st.sampled_from([2, 4])), st.data())
def test_raising_one_mark_never_lowers_the_median(panel, data) -> None:
    places, called, sheets = panel
    raised, criterion = data.draw(st.sampled_from(sheets)), data.draw(st.sampled_from(CRITERIA))
    after = [replace(sheet, marks={**sheet.marks, criterion.id: criterion.marks}) if sheet is raised else sheet for sheet in sheets]
    assert outcome((places, called, after)).total >= outcome(panel).total


# ---------------------------------------------------------------- the explanation, read by somebody who has only a calculator

MEAN = re.compile(r"Mean \((?P<sum>[\d.+]+)\)/(?P<count>\d+) = (?P<mark>[\d.]+)")
MEDIAN = re.compile(r"Median of (?P<all>[\d., ]+) = (?P<mark>[\d.]+)")
LEADER = re.compile(r"Leader's sheet (?P<sum>[\d.+]+) = (?P<mark>[\d.]+)")


def recomputed(step: str) -> tuple[Fraction, Fraction]:
    """Return the mark that the numbers of a step come to, and the one it shows."""
    if found := MEAN.match(step):
        terms = [Fraction(term) for term in found["sum"].split("+")]
        assert len(terms) == int(found["count"])
        return sum(terms, Fraction(0)) / len(terms), Fraction(found["mark"])
    if found := MEDIAN.match(step):
        listed = [Fraction(term) for term in found["all"].split(", ")]
        assert listed == sorted(listed)
        return listed[len(listed) // 2], Fraction(found["mark"])
    found = LEADER.match(step)
    assert found, step
    return sum((Fraction(term) for term in found["sum"].split("+")), Fraction(0)), Fraction(found["mark"])


@quickly
@given(panels(), st.booleans(), st.none() | marks.map(lambda given_marks: Sheet(0, given_marks, frozenset({OTHER_VETO}))))
def test_the_last_step_recomputes_to_the_mark_and_says_what_it_decides(panel, is_discussed: bool, leader: Sheet | None) -> None:
    combination = outcome(panel, is_discussed=is_discussed, leader=leader)
    assume(combination.state is State.SETTLED)
    last = str(combination.steps[-1])
    worked_out, shown = recomputed(last)
    assert worked_out == combination.total
    assert abs(shown - combination.total) < Fraction(1, 100)
    assert is_component_passed(SKILLS, shown) is is_component_passed(SKILLS, combination.total) is (": passed" in last)


@quickly
@given(panels())
def test_the_totals_of_the_explanation_are_those_of_the_sheets(panel) -> None:
    combination = outcome(panel)
    listed = [str(step).removeprefix("Totals by place: ") for step in combination.steps if str(step).startswith("Totals by place")][-1]
    totals = {sheet.place: totals_of(TASK_SET, sheet, combination.vetoes).total for sheet in panel[2]}
    assert {int(place): Fraction(total) for place, total in (pair.split(": ") for pair in listed.split(", "))} == totals


# ---------------------------------------------------------------- the second scorer: slow, with its own idea of everything


class SecondScorer:
    """Works out a panel from the sheets and the rubric, knowing nothing of the code that is tried."""

    def __init__(self, sheets: Iterable[Sheet], places: int, called: int, rule: CombiningRule, passing: Fraction, *, itself_passes: bool) -> None:
        self.sheets = {sheet.place: sheet for sheet in sheets}
        self.places, self.called, self.rule = places, called, rule
        self.passing, self.itself_passes = passing, itself_passes

    def standing(self, seats: list[int]) -> list[str]:
        return [name for name in VETOES if sum(name in self.sheets[seat].vetoes for seat in seats) * 2 > len(seats)]

    def line(self, seat: int, standing: list[str]) -> dict[str, Fraction]:
        """Return a sheet's marks, one by one struck out by each veto that stands."""
        line = {name: Fraction(str(mark)) for name, mark in self.sheets[seat].marks.items()}
        for task in TASK_SET.tasks:
            for veto in task.vetoes:
                for name in line:
                    if veto.id in standing and (veto.scope is VetoScope.WHOLE or name.startswith(f"{task.id}.")):
                        line[name] = Fraction(0)
        return line

    def total(self, seat: int, standing: list[str]) -> Fraction:
        return sum(self.line(seat, standing).values(), Fraction(0))

    def passes(self, mark: Fraction) -> bool:
        return mark > self.passing or (self.itself_passes and mark == self.passing)

    def trimmed(self, totals: list[Fraction]) -> list[Fraction]:
        if self.rule.trim_from is None or len(totals) < self.rule.trim_from:
            return totals
        totals = totals[:]
        totals.remove(max(totals))
        totals.remove(min(totals))
        return totals

    def disputes(self) -> set[str]:
        seats = list(range(1, self.places + 1))
        totals = [self.total(seat, self.standing(seats)) for seat in seats]
        kept, found = self.trimmed(totals), set()
        if max(totals) - min(totals) > Fraction(self.rule.range_limits[5 if self.places >= 5 else 3]):
            found.add("range")
        is_split = any(self.passes(total) for total in totals) and not all(self.passes(total) for total in totals)
        if is_split and abs(sum(kept) / len(kept) - self.passing) <= Fraction(self.rule.near):
            found.add("sides")
        return found | {name for name in VETOES if len({name in self.sheets[seat].vetoes for seat in seats}) > 1}

    def mark(self, *, is_discussed: bool) -> Fraction | None:
        """Return the mark; None where the panel is in dispute and nothing has settled that."""
        if self.called:
            seats = list(range(1, self.places + self.called + 1))
            totals = sorted(self.total(seat, self.standing(seats)) for seat in seats)
            return totals[len(totals) // 2]
        if self.disputes() and not is_discussed:
            return None
        seats = list(range(1, self.places + 1))
        kept = self.trimmed([self.total(seat, self.standing(seats)) for seat in seats])
        return sum(kept, Fraction(0)) / len(kept)

    def criteria(self, counted: Iterable[int], standing: list[str]) -> dict[str, Fraction]:
        """Return the mean of every criterion over the seats that are said to be counted."""
        lines = [self.line(seat, standing) for seat in counted]
        return {name: sum((line[name] for line in lines), Fraction(0)) / len(lines) for name in lines[0]}


def random_sheet(chance: Random, place: int, ability: float, *, is_gross: bool) -> Sheet:
    """Return a sheet about `ability` (0 to 1), with the errors that examiners make; a few claim a veto."""
    given_marks = {}
    for criterion in CRITERIA:
        share = chance.random() if is_gross else min(1.0, max(0.0, chance.gauss(ability, 0.05)))
        given_marks[criterion.id] = criterion.allowed[round(share * (len(criterion.allowed) - 1))]
    return Sheet(place, given_marks, frozenset(veto for veto in VETOES if chance.random() < 0.04))


RULES = (
    CombiningRule(),
    CombiningRule(None, {3: Decimal(10), 5: Decimal(12)}, Decimal(1)),
    CombiningRule(3, {3: Decimal(20), 5: Decimal(20)}, Decimal("0.5")),
    CombiningRule(7, {3: Decimal(0), 5: Decimal(30)}, Decimal(0)),
)


@pytest.mark.parametrize("component", [SKILLS, OVER_SEVENTY])
def test_the_second_scorer_agrees_on_every_panel(component) -> None:
    chance, seen = Random(20260101), Counter()
    for _ in range(PANELS):
        places, called, rule = chance.choice([3, 3, 5, 7]), chance.choice([0, 0, 0, 2, 4]), chance.choice(RULES)
        ability = chance.choice([chance.uniform(0.3, 1.0), float(component.pass_mark) / 100])
        sheets = [random_sheet(chance, place, ability, is_gross=chance.random() < 0.05) for place in range(1, places + called + 1)]
        if chance.random() < 0.3:
            claimed = frozenset(veto for veto in VETOES if chance.random() < 0.3)
            sheets = [replace(sheet, vetoes=claimed) for sheet in sheets]
        is_discussed = not called and chance.random() < 0.2
        combination = combine(TASK_SET, component, rule, places, sheets, called, is_discussed=is_discussed)
        second = SecondScorer(sheets, places, called, rule, Fraction(component.pass_mark), itself_passes=component.pass_inclusive)
        assert combination.total == second.mark(is_discussed=is_discussed)
        assert len(combination.reasons) == len(second.disputes())
        standing = second.standing([sheet.place for sheet in sheets])
        assert list(combination.vetoes) == standing
        if combination.total is not None:
            assert combination.criteria == second.criteria(combination.counted, standing)
            assert sum(second.total(seat, standing) for seat in combination.counted) / len(combination.counted) == combination.total
        seen[combination.state, bool(called), bool(standing), bool(combination.reasons)] += 1
    assert len(seen) >= 9, seen
