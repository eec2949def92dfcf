"""The parts of the engine each by itself: rates of a tilted draw, pairs of swaps, the integer program that makes one form."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from examsrv.assembly.aim import aim_of
from examsrv.assembly.checker import broken_demands
from examsrv.assembly.engine import assemble_from
from examsrv.assembly.fallback import form_by_program
from examsrv.assembly.open_form import FormTable, OpenForm
from examsrv.assembly.pairs import Swaps, nearest_pairs
from examsrv.assembly.pool import pool_of
from examsrv.assembly.rates import Cells, rates
from examsrv.assembly.watching import StoppedError
from examsrv.domain.form import Form
from examsrv.domain.specification import Target
from tests.assembly.made_up_instance import ABILITIES, demands_of, make_instance

BANK = make_instance(3, 3)
NEAR = Target(ABILITIES, Decimal(1), tolerance=Decimal(1))
CELLS = Cells(np.repeat([0, 1], 50), np.array([50.0, 50.0]), np.array([10.0, 20.0]))
SHARES = np.random.default_rng(1).random((100, 2)) / 15


def test_even_rates_are_kept_where_they_are_near_the_goal() -> None:
    found = rates(CELLS, SHARES, np.repeat([0.2, 0.4], 50) @ SHARES + 0.005, 1.0)
    assert found.tolist() == [0.2] * 50 + [0.4] * 50


@pytest.mark.parametrize("most", [1.0, 0.6])
def test_tilted_rates_fill_the_cells_and_bring_the_mean_form_to_its_goal(most: float) -> None:
    goal = np.repeat([0.2, 0.4], 50) @ SHARES * [1.15, 0.9]
    found = rates(CELLS, SHARES, goal, most)
    assert found @ SHARES == pytest.approx(goal, abs=0.002)
    assert (found[:50].sum(), found[50:].sum(), found.max() <= most) == (pytest.approx(10), pytest.approx(20), True)


def test_the_nearest_pair_of_swaps_is_the_one_that_trying_all_finds() -> None:
    swaps = Swaps(np.arange(30), np.arange(30, 60))
    changes, wanted = SHARES[30:60] - SHARES[:30], np.array([0.03, -0.01])
    out, into, change = next(nearest_pairs(swaps, SHARES, wanted, 1.0))
    sums = [np.abs(changes[one] + changes[other] - wanted).max() for one in range(30) for other in range(one)]
    alone = [np.abs(each - wanted).max() for each in changes]
    assert np.abs(change - wanted).max() == pytest.approx(min(sums + alone))
    assert SHARES[list(into)].sum(axis=0) - SHARES[list(out)].sum(axis=0) == pytest.approx(change)


def test_no_pair_is_offered_that_is_no_nearer_than_asked() -> None:
    assert list(nearest_pairs(Swaps(np.arange(30), np.arange(30, 60)), SHARES, np.array([0.9, 0.9]), 0.01)) == []


def test_the_integer_program_makes_a_form_beside_others_that_breaks_nothing() -> None:
    demands = demands_of(BANK, 3, overlap_max=50, target=NEAR)
    earlier = [form.items for form in assemble_from(BANK, demands, 2, 1).forms]
    pool, aim = pool_of(BANK, demands), aim_of(BANK, demands)
    table = FormTable(pool, pool.places(earlier), 3, ())
    found = form_by_program(table, 2, demands, None, aim.shares(pool.items), np.ones(3), aim.tolerance)
    forms = [Form(name, items) for name, items in zip("AB", earlier, strict=True)]
    order = {"true_false": 0, "single_choice": 1, "multiple_choice": 2}
    items = sorted((pool.items[item] for item in found), key=lambda item: order[item.kind])
    assert broken_demands([*forms, Form("C", tuple(item.id for item in items))], BANK, demands) == []


def test_many_forms_are_counted_one_by_one_and_can_be_stopped_among_them() -> None:
    told: list[int] = []

    def watch(finished: int) -> bool:
        told.append(finished)
        return finished < 40

    with pytest.raises(StoppedError):
        assemble_from(BANK, replace(demands_of(BANK, 200), target=None), 200, 1, watch=watch)
    assert told == list(range(41))


def test_an_item_that_was_used_often_enough_and_enemies_of_what_is_held_are_not_free() -> None:
    demands = replace(demands_of(BANK, 3), uses_max=2)
    pool = pool_of(BANK, demands)
    hostile = pool.hostile_pairs[0]
    table = FormTable(pool, [[5], [5, 6]], 3, ())
    form = OpenForm(table, 2, [hostile[0]], demands, None)
    free = set(form.free.tolist())
    assert (5 in free, 6 in free, hostile[0] in free, hostile[1] in free) == (False, True, False, False)
