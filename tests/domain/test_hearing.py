"""The panel's clock: tables of entries, what may follow, and the least that a review lasts (RULE-DURATION)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.domain.hearing import (
    HearingEntry,
    HearingError,
    HearingKind,
    HearingState,
    hearing_state,
    require_absence,
    require_begin,
    require_end,
    require_pause,
    require_resume,
)
from examsrv.rules.timing import DurationError
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD

BEGIN, PAUSE, RESUME, END, ABSENT = HearingKind
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
REVIEW = STANDARD.component(ComponentKey.REVIEW)

NOT_BEGUN = HearingState()
RUNNING = HearingState(10 * MINUTE, 5 * MINUTE)
PAUSED = HearingState(10 * MINUTE, 5 * MINUTE, paused=True)
OVER = HearingState(10 * MINUTE, 30 * MINUTE, is_over=True)


def entries(*pairs: tuple[HearingKind, float]) -> list[HearingEntry]:
    """Return entries of kinds at minutes."""
    return [HearingEntry(kind, minute * MINUTE) for kind, minute in pairs]


BEGUN = [(BEGIN, 10)]
WITH_PAUSE = [*BEGUN, (PAUSE, 20), (RESUME, 30)]


@pytest.mark.parametrize(
    ("given_entries", "is_absent", "elapsed"),
    [
        ([], False, 0),
        ([(ABSENT, 5)], True, 0),
        ([(ABSENT, 5), (BEGIN, 10)], False, 5),
        ([(ABSENT, 16)], False, 0),
        ([(BEGIN, 10), (ABSENT, 12)], False, 5),
    ],
)
def test_who_did_not_come_is_absent_until_the_hearing_begins(given_entries: list[tuple[HearingKind, float]], is_absent: bool, elapsed: int) -> None:
    found = hearing_state(entries(*given_entries), 15 * MINUTE)
    assert (found.is_absent, found.elapsed) == (is_absent, elapsed * MINUTE)


def test_nobody_is_absent_twice_or_once_the_hearing_has_begun() -> None:
    require_absence(NOT_BEGUN)
    for state, sentence in [(HearingState(is_absent=True), "absent already"), (RUNNING, "has begun already"), (OVER, "has begun already")]:
        with pytest.raises(HearingError, match=sentence):
            require_absence(state)


@pytest.mark.parametrize(
    ("case", "given_entries", "minute", "began", "elapsed", "paused", "is_over"),
    [
        ("nothing entered", [], 50, None, 0, False, False),
        ("before the begin", BEGUN, 9, None, 0, False, False),
        ("at the begin", BEGUN, 10, 10, 0, False, False),
        ("running", BEGUN, 25, 10, 15, False, False),
        ("a second begin begins nothing", [*BEGUN, (BEGIN, 20)], 25, 10, 15, False, False),
        ("as the pause begins", WITH_PAUSE, 20, 10, 10, True, False),
        ("in the pause", WITH_PAUSE, 29, 10, 10, True, False),
        ("as it goes on", WITH_PAUSE, 30, 10, 10, False, False),
        ("after the pause", WITH_PAUSE, 35, 10, 15, False, False),
        ("paused twice", [*BEGUN, (PAUSE, 20), (PAUSE, 25), (RESUME, 30)], 35, 10, 15, False, False),
        ("going on twice", [*WITH_PAUSE, (RESUME, 32)], 35, 10, 15, False, False),
        ("two pauses", [*WITH_PAUSE, (PAUSE, 40), (RESUME, 45)], 50, 10, 25, False, False),
        ("paused before the begin", [(PAUSE, 5), *BEGUN], 15, 10, 5, False, False),
        ("before the end", [*BEGUN, (END, 40)], 39, 10, 29, False, False),
        ("at the end", [*BEGUN, (END, 40)], 40, 10, 30, False, True),
        ("after the end", [*BEGUN, (END, 40)], 90, 10, 30, False, True),
        ("ended in a pause", [*BEGUN, (PAUSE, 20), (END, 40)], 90, 10, 10, False, True),
        ("an end before the begin ends nothing", [(END, 5), *BEGUN], 20, 10, 10, False, False),
        ("entries after the end", [*BEGUN, (END, 40), (PAUSE, 45), (END, 50)], 90, 10, 30, False, True),
        ("pause and going on of one instant", [*BEGUN, (PAUSE, 20), (RESUME, 20)], 30, 10, 20, False, False),
        ("a pause that was entered afterwards", [*BEGUN, (RESUME, 30), (PAUSE, 20)], 40, 10, 20, False, False),
    ],
)
def test_the_clock_runs_from_the_begin_to_the_end_outside_pauses(case, given_entries, minute, began, elapsed, paused, is_over) -> None:
    expected = HearingState(None if began is None else began * MINUTE, elapsed * MINUTE, paused, is_over)
    assert hearing_state(entries(*given_entries), minute * MINUTE) == expected, case


@pytest.mark.parametrize(
    ("require", "state", "words"),
    [
        (require_begin, NOT_BEGUN, None),
        (require_begin, RUNNING, "begun already"),
        (require_begin, PAUSED, "begun already"),
        (require_begin, OVER, "begun already"),
        (require_pause, NOT_BEGUN, "not begun yet"),
        (require_pause, RUNNING, None),
        (require_pause, PAUSED, "paused already"),
        (require_pause, OVER, "over already"),
        (require_resume, NOT_BEGUN, "not begun yet"),
        (require_resume, RUNNING, "not paused"),
        (require_resume, PAUSED, None),
        (require_resume, OVER, "over already"),
    ],
)
def test_an_entry_must_follow_from_where_the_hearing_stands(require, state: HearingState, words: str | None) -> None:
    if words is None:
        require(state)
    else:
        with pytest.raises(HearingError, match=words):
            require(state)


@pytest.mark.parametrize("elapsed", [30 * MINUTE, 30 * MINUTE + SECOND, 90 * MINUTE])
@pytest.mark.parametrize("paused", [False, True])
def test_a_review_may_end_when_it_has_lasted_the_minimum(elapsed: timedelta, paused: bool) -> None:
    require_end(REVIEW, HearingState(MINUTE, elapsed, paused))


@pytest.mark.parametrize(
    ("elapsed", "words"), [(30 * MINUTE - SECOND, "29 min 59 s"), (timedelta(), "0 min"), (30 * MINUTE - SECOND / 2, "29 min 59 s")]
)
@pytest.mark.parametrize("ground", ["", " \n", "　"])
def test_a_review_cannot_end_before_the_minimum_without_a_ground(elapsed: timedelta, words: str, ground: str) -> None:
    with pytest.raises(DurationError) as refusal:
        require_end(REVIEW, HearingState(MINUTE, elapsed), ground)
    assert str(refusal.value) == f"综合评审 lasts at least 30 min (RULE-DURATION), {words} are over. If the candidate has left, say why."


def test_a_review_may_end_at_once_when_the_candidate_has_left() -> None:
    require_end(REVIEW, HearingState(MINUTE, SECOND), "考生突发疾病离场")


@pytest.mark.parametrize(("state", "words"), [(NOT_BEGUN, "not begun yet"), (OVER, "over already")])
def test_no_ground_ends_what_is_not_on(state: HearingState, words: str) -> None:
    with pytest.raises(HearingError, match=words):
        require_end(REVIEW, state, "考生突发疾病离场")


@pytest.mark.parametrize(("state", "is_on"), [(NOT_BEGUN, False), (RUNNING, True), (PAUSED, True), (OVER, False)])
def test_a_hearing_is_on_from_its_begin_to_its_end_also_while_it_is_paused(state: HearingState, is_on: bool) -> None:
    assert state.is_on is is_on


minutes = st.integers(0, 60)
lists = st.lists(st.builds(lambda kind, minute: HearingEntry(kind, minute * MINUTE), st.sampled_from(HearingKind), minutes), max_size=8)


def minutes_that_ran(given_entries: list[HearingEntry], until: int) -> int:
    """Count the minutes one by one: another way to the same figure."""
    ran, state = 0, "before"
    follows = {("before", BEGIN): "on", ("on", PAUSE): "paused", ("paused", RESUME): "on", ("on", END): "over", ("paused", END): "over"}
    for minute in range(until + 1):
        for entry in given_entries:
            if entry.at == minute * MINUTE:
                state = follows.get((state, entry.kind), state)
        ran += state == "on" and minute < until
    return ran


@given(lists, minutes)
def test_the_time_is_that_of_the_minutes_counted_one_by_one(given_entries: list[HearingEntry], until: int) -> None:
    assert hearing_state(given_entries, until * MINUTE).elapsed == minutes_that_ran(given_entries, until) * MINUTE


@given(lists, minutes, minutes)
def test_the_clock_never_runs_backwards_nor_faster_than_time(given_entries: list[HearingEntry], one: int, other: int) -> None:
    now, then = sorted((one, other))
    passed = hearing_state(given_entries, then * MINUTE).elapsed - hearing_state(given_entries, now * MINUTE).elapsed
    assert timedelta() <= passed <= (then - now) * MINUTE
