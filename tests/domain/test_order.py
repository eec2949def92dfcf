"""A candidate's own order: drawn from a seed alone, and told as one number that brings back just this order."""

import json
import random
from base64 import b64decode
from typing import Any

import pytest

from examsrv.domain.canonical import canonical
from examsrv.domain.order import candidate_order, order_read, order_told, ordered_option_ids
from examsrv.domain.paper import OPTION_IDS, read_paper
from question_bank.kinds import KINDS
from tests.domain.test_paper import content, of_version_1, whole

SEEDS = [0, 1, 2**63 - 1]


def every_kind() -> Any:
    """Return what a paper of every kind and two cases says."""
    return read_paper(whole().content)


def large(singles: int = 60, options: int = 4) -> Any:
    """Return what a paper of many items says."""
    items = [{"stem": str(number), "options": ["甲"] * options} for number in range(singles)]
    return {"title": "", "groups": [{"kind": "single_choice", "marks": "1", "items": items}]}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_order_holds_every_item_once_each_kind_together(seed: int) -> None:
    numbers = list(candidate_order(content(), seed))
    assert [set(numbers[start : start + 2]) for start in (0, 2, 4)] == [{1, 2}, {3, 4}, {5, 6}]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_order_holds_every_option_once_and_none_of_true_and_false(seed: int) -> None:
    order = candidate_order(content(), seed)
    assert [sorted(order[number]) for number in range(1, 7)] == [list("abcd")] * 4 + [[]] * 2


def test_the_ids_of_options_come_by_item_in_the_candidates_order() -> None:
    order = {2: "dcba", 1: "abcd", 4: "cdab", 3: "badc", 6: "", 5: ""}
    assert ordered_option_ids(content(), order) == {1: list("abcd"), 2: list("dcba"), 3: list("badc"), 4: list("cdab"), 5: [], 6: []}


def test_the_same_seed_gives_the_same_order_and_others_differ() -> None:
    orders = [json.dumps(candidate_order(content(), seed)) for seed in (5, 5, 6, 7)]
    assert orders[0] == orders[1]
    assert len(set(orders)) == 3


def test_drawing_an_order_leaves_the_chance_of_others_alone() -> None:
    random.seed(1)
    before = random.getstate()
    candidate_order(content(), 5)
    assert random.getstate() == before


@pytest.mark.parametrize("seed", range(20))
def test_items_of_a_case_are_never_shuffled_but_their_options_are(seed: int) -> None:
    order = candidate_order(every_kind(), seed)
    count = len(KINDS)
    assert list(order)[count:] == [count + 1, count + 2, count + 3]
    assert sorted(order[count + 2]) == list("abcd")


def test_options_within_a_case_come_in_different_orders() -> None:
    assert len({candidate_order(every_kind(), seed)[len(KINDS) + 2] for seed in range(60)}) > 10


def test_a_candidate_has_an_older_paper_in_the_same_order_as_ever() -> None:
    read = read_paper(canonical(of_version_1()))
    order = candidate_order(read, 1001)
    drawn = {1: ["zz4hte", "a9qwen", "k7m2px"], 2: ["zz4hte", "a9qwen", "k7m2px"], 3: ["k7m2px", "a9qwen", "zz4hte"], 4: []}
    assert (list(order), ordered_option_ids(read, order)) == ([2, 3, 1, 4], drawn)


# ---------------------------------------------------------------- as one number


def test_the_number_answers_which_of_those_that_are_left_comes_next() -> None:
    paper = large(3, 2)
    answers = [(2, 3), (0, 2), (0, 1), (1, 2), (0, 1), (0, 2), (0, 1), (1, 2), (0, 1)]  # (place, left): 3, 1, 2; then ba, ab, ba
    number = 0
    for place, left in reversed(answers):
        number = number * left + place
    told = order_told(paper, {3: "ba", 1: "ab", 2: "ba"})
    assert int.from_bytes(b64decode(told), "big") == number == 2 + 3 * (0 + 2 * (1 + 2 * (0 + 2 * 1)))


@pytest.mark.parametrize("paper", [content(), every_kind(), large(), large(2, len(OPTION_IDS)), large(300), large(0), large(1, 0)])
@pytest.mark.parametrize("seed", range(10))
def test_what_a_page_is_told_brings_back_the_order(paper: Any, seed: int) -> None:
    order = candidate_order(paper, seed)
    assert list(order_read(paper, order_told(paper, order)).items()) == list(order.items())


@pytest.mark.parametrize("paper", [content(), every_kind(), large()])
def test_the_papers_own_order_is_told_by_nothing(paper: Any) -> None:
    own = order_read(paper, "")
    assert list(own) == sorted(own)
    assert all(letters == OPTION_IDS[: len(letters)] for letters in own.values())
    assert order_told(paper, own) == ""


def test_the_last_of_all_orders_is_the_largest_number() -> None:
    paper = large(5, 3)
    last = dict.fromkeys((5, 4, 3, 2, 1), "cba")
    assert int.from_bytes(b64decode(order_told(paper, last)), "big") == 120 * 6**5 - 1


def test_an_order_of_a_hundred_items_is_told_in_an_eighth_of_a_kilobyte() -> None:
    groups = [{"kind": kind, "marks": "1", "items": large(count, options)["groups"][0]["items"]} for kind, count, options in KINDS_OF_LEVEL_3]
    told = [order_told({"groups": groups}, candidate_order({"groups": groups}, seed)) for seed in range(50)]
    assert max(map(len, told)) <= 1024 // 8


KINDS_OF_LEVEL_3 = [("single_choice", 60, 4), ("multiple_choice", 20, 4), ("true_false", 20, 0)]


def test_each_candidate_is_told_an_order_of_his_own() -> None:
    assert len({order_told(large(), candidate_order(large(), seed)) for seed in range(200)}) == 200
