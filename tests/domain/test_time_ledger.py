"""Remaining time: tables of ledgers, and what holds for every ledger."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.domain.time_ledger import EntryKind, TimeEntry, TimeState, time_state

MINUTE = timedelta(minutes=1)
LIMIT = 90 * MINUTE
START, PAUSE, RESUME, GRANT = EntryKind.START, EntryKind.PAUSE, EntryKind.RESUME, EntryKind.GRANT
ME, OTHER, ROOM = "me", "other", None


def entry(kind: EntryKind, minute: float, attempt: str | None = ROOM, amount: float = 0) -> TimeEntry:
    return TimeEntry(kind, minute * MINUTE, attempt, amount * MINUTE)


def left(entries: list[TimeEntry], minute: float, attempt: str | None = ME) -> float:
    """Return the minutes left of 90."""
    return time_state(entries, LIMIT, minute * MINUTE, attempt).remaining / MINUTE


STARTED = [entry(START, 10)]
ROOM_PAUSE = [*STARTED, entry(PAUSE, 20), entry(RESUME, 30)]
SEAT_PAUSE = [*STARTED, entry(PAUSE, 20, ME), entry(RESUME, 30, ME)]


@pytest.mark.parametrize(
    ("case", "entries", "minute", "expected"),
    [
        ("nothing entered", [], 50, 90),
        ("before the start", STARTED, 9, 90),
        ("at the start", STARTED, 10, 90),
        ("running", STARTED, 11, 89),
        ("at zero", STARTED, 100, 0),
        ("after zero", STARTED, 101, -1),
        ("a second start starts nothing", [*STARTED, entry(START, 40)], 50, 50),
        ("as the room's pause begins", ROOM_PAUSE, 20, 80),
        ("in the room's pause", ROOM_PAUSE, 29, 80),
        ("as the room goes on", ROOM_PAUSE, 30, 80),
        ("after the room's pause", ROOM_PAUSE, 31, 79),
        ("in the seat's pause", SEAT_PAUSE, 29, 80),
        ("after the seat's pause", SEAT_PAUSE, 31, 79),
        ("overlapping, both", [*ROOM_PAUSE, entry(PAUSE, 25, ME), entry(RESUME, 40, ME)], 28, 80),
        ("overlapping, the seat alone", [*ROOM_PAUSE, entry(PAUSE, 25, ME), entry(RESUME, 40, ME)], 39, 80),
        ("overlapping, over", [*ROOM_PAUSE, entry(PAUSE, 25, ME), entry(RESUME, 40, ME)], 41, 79),
        ("the seat's pause inside the room's", [*ROOM_PAUSE, entry(PAUSE, 22, ME), entry(RESUME, 24, ME)], 31, 79),
        ("paused before the start", [entry(PAUSE, 5), *STARTED, entry(RESUME, 20)], 21, 89),
        ("a grant to the room", [*STARTED, entry(GRANT, 20, ROOM, 5)], 20, 85),
        ("a grant to the seat", [*STARTED, entry(GRANT, 20, ME, 0.5)], 20, 80.5),
        ("both grants", [*STARTED, entry(GRANT, 20, ME, 5), entry(GRANT, 20, ROOM, 7)], 20, 92),
        ("a grant before the start", [entry(GRANT, 1, ME, 5), *STARTED], 10, 95),
        ("a grant of later", [*STARTED, entry(GRANT, 20, ME, 5)], 19, 81),
        ("a grant after zero", [*STARTED, entry(GRANT, 101, ME, 5)], 101, 4),
        ("a grant in a pause", [*ROOM_PAUSE, entry(GRANT, 25, ME, 5)], 30, 85),
        ("another seat's pause", [*STARTED, entry(PAUSE, 20, OTHER)], 30, 70),
        ("another seat's grant", [*STARTED, entry(GRANT, 20, OTHER, 9)], 30, 70),
        ("pause and resume of one instant", [*STARTED, entry(PAUSE, 20), entry(RESUME, 20)], 30, 70),
        ("resume and pause of one instant", [*ROOM_PAUSE, entry(PAUSE, 30)], 40, 80),
        ("a pause that was entered afterwards", [*STARTED, entry(GRANT, 30, ME, 0), entry(PAUSE, 20)], 40, 80),
    ],
)
def test_remaining_is_limit_and_grants_without_the_time_that_ran(case: str, entries: list[TimeEntry], minute: float, expected: float) -> None:
    assert left(entries, minute) == expected, case


def test_the_room_as_such_does_not_look_at_seats() -> None:
    entries = [*STARTED, entry(PAUSE, 20, ME), entry(GRANT, 20, ME, 5)]
    assert time_state(entries, LIMIT, 30 * MINUTE) == TimeState(10 * MINUTE, False, 70 * MINUTE)


@pytest.mark.parametrize(("minute", "is_over"), [(9, False), (99.999, False), (100, True), (101, True)])
def test_time_is_over_at_zero_and_never_before_the_start(minute: float, is_over: bool) -> None:
    assert time_state(STARTED, LIMIT, minute * MINUTE, ME).is_over is is_over


def test_a_room_that_was_never_started_is_not_over_even_without_time() -> None:
    assert not time_state([], timedelta(), MINUTE).is_over


@pytest.mark.parametrize(("entries", "is_paused"), [(ROOM_PAUSE[:2], True), (ROOM_PAUSE, False), (SEAT_PAUSE[:2], True), (SEAT_PAUSE, False)])
def test_a_seat_stands_still_with_its_own_pause_and_with_the_rooms(entries: list[TimeEntry], is_paused: bool) -> None:
    assert time_state(entries, LIMIT, 35 * MINUTE, ME).paused is is_paused


moments = st.integers(0, 200).map(lambda minute: minute * MINUTE)
seats = st.sampled_from([ME, OTHER, ROOM])
entries_of_all_kinds = st.lists(
    st.builds(TimeEntry, st.sampled_from([PAUSE, RESUME, GRANT]), moments, seats, st.integers(1, 20).map(lambda minutes: minutes * MINUTE)),
    max_size=12,
).map(lambda entries: [TimeEntry(START, 10 * MINUTE), *entries])


def minutes_that_ran(entries: list[TimeEntry], until: timedelta) -> int:
    """Count the minutes of the room's time one by one: another way to the same figure, minute by minute."""
    ran = 0
    for minute in range(until // MINUTE):
        states = {ROOM: False, ME: False}
        for each in sorted(entries, key=lambda one: one.at):
            if each.at <= minute * MINUTE and each.attempt in states and each.kind in (PAUSE, RESUME):
                states[each.attempt] = each.kind is PAUSE
        ran += minute * MINUTE >= 10 * MINUTE and not any(states.values())
    return ran


@given(entries_of_all_kinds, moments)
def test_limit_and_grants_less_the_minutes_counted_one_by_one_remain(entries: list[TimeEntry], until: timedelta) -> None:
    given_time = sum((each.amount for each in entries if each.kind is GRANT and each.at <= until and each.attempt in (ME, ROOM)), timedelta())
    assert time_state(entries, LIMIT, until, ME).remaining == LIMIT + given_time - minutes_that_ran(entries, until) * MINUTE


@given(entries_of_all_kinds, moments, moments)
def test_pausing_and_going_on_neither_gives_nor_takes(entries: list[TimeEntry], one: timedelta, other: timedelta) -> None:
    now, then = sorted((one, other))
    before = time_state([each for each in entries if each.at <= now], LIMIT, now, ME)
    paused = [*(each for each in entries if each.at <= now), TimeEntry(PAUSE, now)]
    assert time_state(paused, LIMIT, now, ME).remaining == before.remaining
    assert time_state(paused, LIMIT, then, ME).remaining == before.remaining
    assert time_state([*paused, TimeEntry(RESUME, then)], LIMIT, then, ME).remaining == before.remaining


@given(entries_of_all_kinds, moments)
def test_the_same_ledger_gives_the_same_state_and_is_left_as_it_was(entries: list[TimeEntry], until: timedelta) -> None:
    kept = list(entries)
    assert time_state(iter(entries), LIMIT, until, ME) == time_state(entries, LIMIT, until, ME)
    assert entries == kept
