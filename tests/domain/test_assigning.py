"""Proposing examiners: legal or said in words, nobody barred, the load even."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.domain.assigning import Examiner, Proposed, Wanted, choose_lead, propose


def examiners(*loads: int, senior: bool = False) -> list[Examiner]:
    """Return examiners 1, 2 … with these loads."""
    return [Examiner(person, senior, load) for person, load in enumerate(loads, start=1)]


def wanted(group: int = 1, places: int = 3, reserves: int = 0, barred: frozenset[int] = frozenset()) -> Wanted:
    return Wanted(group, places, reserves, barred)


def people(found: list[Proposed]) -> list[int]:
    return [person for each in found for person in (*each.members, *each.reserves)]


@st.composite
def questions(draw, most_reserves: int = 2) -> tuple[list[Examiner], list[Wanted]]:
    loads = draw(st.lists(st.integers(0, 3), max_size=8))
    groups = [
        Wanted(number, draw(st.sampled_from([0, 1, 3])), draw(st.integers(0, most_reserves)), draw(st.frozensets(st.integers(1, 8), max_size=4)))
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    return examiners(*loads), groups


@given(questions())
def test_nobody_serves_twice_or_where_barred(asked) -> None:
    found = propose(*asked)
    barred = {each.group: each.barred for each in asked[1]}
    assert len(people(found)) == len(set(people(found)))
    assert not [person for each in found for person in (*each.members, *each.reserves) if person in barred[each.group]]


@given(questions())
def test_places_are_filled_whole_or_not_at_all_and_what_is_missing_is_said(asked) -> None:
    for each, group in zip(propose(*asked), asked[1], strict=True):
        assert len(each.members) in (0, group.places)
        assert each.missing == group.places - len(each.members)
        assert each.missing_reserves == group.reserves - len(each.reserves)


@given(questions())
def test_the_same_question_gets_the_same_answer_whatever_the_order_of_the_examiners(asked) -> None:
    assert propose(asked[0][::-1], asked[1]) == propose(*asked)


@given(questions(most_reserves=0))
def test_no_other_choice_of_examiners_has_less_load(asked) -> None:
    pool, groups = asked
    found = propose(pool, groups)
    filled = [each for each, proposed in zip(groups, found, strict=True) if not proposed.missing]
    load = {each.person: each.load for each in pool}
    least = min(
        sum(load[person] for person in chosen) for chosen in combinations(load, sum(each.places for each in filled)) if _can_serve(chosen, filled)
    )
    assert sum(load[person] for person in people(found)) == least


def _can_serve(chosen: tuple[int, ...], groups: list[Wanted]) -> bool:
    """Tell whether exactly these people can fill the groups; tried out, group by group."""
    if not groups:
        return not chosen
    fit = [person for person in chosen if person not in groups[0].barred]
    return any(_can_serve(tuple(set(chosen) - set(taken)), groups[1:]) for taken in combinations(fit, groups[0].places))


@given(st.integers(0, 9), st.integers(0, 9), st.lists(st.sampled_from([3, 5]), min_size=1, max_size=3))
def test_an_even_load_stays_even_to_one(fresh: int, used: int, places: list[int]) -> None:
    pool = examiners(*[0] * fresh, *[1] * used)
    members = {person for each in propose(pool, [wanted(number, count) for number, count in enumerate(places)]) for person in each.members}
    loads = [each.load + (each.person in members) for each in pool]
    assert not loads or max(loads) - min(loads) <= 1


def test_a_group_is_filled_by_moving_another_ones_member_on() -> None:
    found = propose(examiners(0, 0, 0, 0, 0, 0), [wanted(1), wanted(2, barred=frozenset({4, 5, 6}))])
    assert [set(each.members) for each in found] == [{4, 5, 6}, {1, 2, 3}]


@pytest.mark.parametrize(("free", "missing"), [(2, 3), (3, 0)])
def test_a_group_that_cannot_be_filled_is_left_empty(free: int, missing: int) -> None:
    assert propose(examiners(*[0] * free), [wanted()])[0].missing == missing


def test_reserves_are_spread_before_one_group_has_two() -> None:
    found = propose(examiners(*[0] * 8), [wanted(1, reserves=2), wanted(2, reserves=2)])
    assert [len(each.reserves) for each in found] == [1, 1]


def test_a_group_that_is_not_filled_gets_no_reserves_either() -> None:
    found = propose(examiners(*[0] * 5), [wanted(1, 3, 2), wanted(2, 7, 2)])
    assert [(len(each.members), len(each.reserves)) for each in found] == [(3, 2), (0, 0)]


def test_a_member_makes_room_so_that_a_reserve_can_be_named() -> None:
    found = propose(examiners(0, 0, 0, 1, senior=True), [wanted(1, 3, 0), wanted(2, 0, 1, barred=frozenset({4}))])
    assert 4 in found[0].members
    assert found[1].missing_reserves == 0


def test_a_senior_examiner_leads_then_who_has_done_least() -> None:
    assert choose_lead([Examiner(1, False, 0), Examiner(2, True, 2), Examiner(3, True, 1)]) == 3
