"""The log of an attempt: digests, the chain, and what follows from the steps."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.domain.canonical import canonical, chained, digest
from examsrv.domain.steps import FIRST_HEAD, Step, StepKind, answered_count, final_responses, marked_items, next_head, with_answer

STEP = Step(1, 3, StepKind.ANSWERED, 5, "abc", 1234)


def answered(item: int, value: object) -> Step:
    return Step(1, 1, StepKind.ANSWERED, item, value, 0)


def marked(item: int, value: object) -> Step:
    return Step(1, 1, StepKind.MARKED, item, value, 0)


def test_the_same_step_has_the_same_digest() -> None:
    assert STEP.digest == dataclasses.replace(STEP).digest


@pytest.mark.parametrize(
    "change",
    [{"epoch": 2}, {"seq": 4}, {"kind": StepKind.MARKED}, {"item": 6}, {"item": None}, {"value": "abd"}, {"value": ["abc"]}, {"client_ms": 1235}],
)
def test_any_other_content_has_another_digest(change: dict[str, object]) -> None:
    assert dataclasses.replace(STEP, **change).digest != STEP.digest


def test_the_head_depends_on_every_step_and_their_order() -> None:
    one, other = answered(1, "a").digest, answered(2, "b").digest
    heads = {next_head(next_head(FIRST_HEAD, one), other), next_head(next_head(FIRST_HEAD, other), one), next_head(FIRST_HEAD, one), FIRST_HEAD}
    assert len(heads) == 4


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], {}),
        ([answered(1, "a")], {1: "a"}),
        ([answered(1, "a"), answered(1, "b")], {1: "b"}),
        ([answered(1, "a"), answered(1, None)], {}),
        ([answered(1, ["a"]), answered(1, [])], {}),
        ([answered(1, None), answered(1, "a")], {1: "a"}),
        ([answered(1, False)], {1: False}),
        ([marked(1, True)], {}),
        ([answered(1, "a"), Step(2, 0, StepKind.TAKEN_OVER, None, {}, 0), Step(2, 1, StepKind.ANSWERED, 1, "b", 0)], {1: "b"}),
    ],
)
def test_the_last_saved_response_of_each_item_counts(steps: list[Step], expected: dict[int, object]) -> None:
    assert final_responses(steps) == expected


def test_responses_stand_in_the_order_the_log_was_written() -> None:
    assert list(final_responses([answered(1, "a"), answered(2, "b"), answered(1, "c")])) == [2, 1]


@pytest.mark.parametrize(("values", "is_marked"), [([], False), ([True], True), ([True, False], False), ([False, True], True)])
def test_the_last_mark_for_review_counts(values: list[bool], is_marked: bool) -> None:
    assert (7 in marked_items([marked(7, value) for value in values])) is is_marked


@given(st.lists(st.tuples(st.integers(1, 300), st.booleans())))
def test_the_set_of_answered_items_follows_every_answer_and_clearing(acts: list[tuple[int, bool]]) -> None:
    mask, held = "0", set()
    for item, is_answered in acts:
        mask = with_answer(mask, item, is_answered=is_answered)
        (held.add if is_answered else held.discard)(item)
    assert answered_count(mask) == len(held)
    assert int(mask, 16) == sum(1 << item for item in held)


def test_equal_values_are_spelled_alike_whatever_the_order_of_their_names() -> None:
    assert canonical({"b": 1, "a": "考"}) == canonical({"a": "考", "b": 1}) == '{"a":"考","b":1}'.encode()


def test_a_chain_tells_a_value_from_its_successor() -> None:
    assert len({digest("a"), chained("", "a"), chained(digest("a"), "a")}) == 2
