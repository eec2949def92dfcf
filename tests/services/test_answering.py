"""The candidate's side: opening, appending, handing in. Retries, rivals, lateness and noise change nothing that was acknowledged."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from examsrv.domain.attempt import Phase
from examsrv.domain.canonical import digest
from examsrv.domain.receipt import receipt_code
from examsrv.domain.steps import Step, StepKind, final_responses
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.answering import (
    Acknowledged,
    Conflict,
    Differs,
    Finished,
    Gap,
    NotOpen,
    Opened,
    OtherMachine,
    Stale,
    TooEarly,
)
from examsrv.services.auditing import verify_chain
from examsrv.services.ledger import add_entry
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, AuditRow, StepRow
from tests.builders import GRACE, LIMIT, MINUTE, OFFICE, SECOND, Room, add_room, at
from tests.services.attempts import (
    DEVICE,
    OTHER_DEVICE,
    answer,
    attempt_row,
    closed,
    hand_in,
    incidents,
    kept_aside,
    open_at,
    require_sound_log,
    send,
    stored,
    taken_over,
)


@pytest.fixture
def room(database: Database) -> Room:
    """Give a room of two that was started at `at()`; the paper has six items."""
    with database.writing() as session:
        return add_room(session, started=True)


@pytest.fixture
def open_room(database: Database, room: Room) -> Room:
    """Give the same room, its first candidate with the paper open."""
    assert isinstance(open_at(database, room), Opened)
    return room


def add_time(database: Database, room: Room, kind: EntryKind, since: timedelta, attempt: str | None = None, amount: timedelta = timedelta()) -> None:
    with database.writing() as session:
        add_entry(session, room.id, kind, OFFICE, at(since), attempt=attempt, amount=amount, reason="other")


# ---------------------------------------------------------------- opening


def test_nothing_opens_before_the_room_starts(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session)
    assert open_at(database, room) == NotOpen("not_started")
    assert stored(database, room) == []


def test_nothing_opens_before_check_in(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session, checked_in=False, started=True)
    assert open_at(database, room) == NotOpen("not_checked_in")


def test_nothing_opens_for_a_voided_attempt(database: Database, room: Room) -> None:
    with database.writing() as session:
        session.get_one(AttemptRow, room.attempts[0]).phase = Phase.VOIDED
    assert open_at(database, room) == NotOpen("voided")


def test_step_0_freezes_paper_order_and_seat(database: Database, open_room: Room) -> None:
    (step,) = stored(database, open_room)
    assert (step.epoch, step.seq, step.kind) == (1, 0, StepKind.OPENED)
    assert step.value == {"paper": open_room.paper, "order_seed": 1001, "seat": 1}
    require_sound_log(database, open_room)


def test_opening_moves_no_time_and_late_comers_get_none(database: Database, room: Room) -> None:
    opened = open_at(database, room, at(25 * MINUTE))
    assert isinstance(opened, Opened)
    assert opened.time.remaining == LIMIT - 25 * MINUTE


def test_opening_again_on_the_same_device_goes_on_where_it_stood(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 1, "aa"), answer(2, 3, ["b", "c"]))
    again = open_at(database, open_room, at(9 * MINUTE))
    assert isinstance(again, Opened)
    assert (again.epoch, again.next_seq, again.answers) == (1, 3, {1: "aa", 3: ["b", "c"]})
    assert len(stored(database, open_room)) == 3


def test_another_device_waits_for_the_proctor(database: Database, open_room: Room) -> None:
    assert open_at(database, open_room, device=OTHER_DEVICE) == OtherMachine()
    assert attempt_row(database, open_room).wanted_device == OTHER_DEVICE
    assert len(stored(database, open_room)) == 1


def test_a_spare_seat_waits_for_the_proctor_even_at_the_first_opening(database: Database, room: Room) -> None:
    assert open_at(database, room, machine=3) == OtherMachine()
    assert taken_over(database, room)
    opened = open_at(database, room, machine=3)
    assert isinstance(opened, Opened)
    assert stored(database, room)[0].value["seat"] == 3
    require_sound_log(database, room)


def test_the_proctors_word_raises_the_epoch_and_cuts_the_old_machine_off(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1))
    open_at(database, open_room, device=OTHER_DEVICE)
    assert taken_over(database, open_room)
    opened = open_at(database, open_room, device=OTHER_DEVICE)
    assert isinstance(opened, Opened)
    assert (opened.epoch, opened.next_seq, opened.answers) == (2, 1, {1: "aa"})
    assert open_at(database, open_room, device=DEVICE) == OtherMachine()
    require_sound_log(database, open_room)


def test_nobody_is_let_in_when_no_machine_asks(database: Database, open_room: Room) -> None:
    assert not taken_over(database, open_room)
    assert attempt_row(database, open_room).epoch == 1


def test_the_holder_coming_back_ends_what_another_machine_asked_for(database: Database, open_room: Room) -> None:
    open_at(database, open_room, device=OTHER_DEVICE)
    assert isinstance(open_at(database, open_room), Opened)
    assert not taken_over(database, open_room)
    assert attempt_row(database, open_room).device == DEVICE


@pytest.mark.parametrize(("since", "opens"), [(LIMIT - SECOND, True), (LIMIT, False), (LIMIT + MINUTE, False)])
def test_an_absent_candidate_opens_nothing_once_time_is_over(database: Database, room: Room, since: timedelta, opens: bool) -> None:
    assert isinstance(open_at(database, room, at(since)), Opened) is opens
    assert attempt_row(database, room).phase == (Phase.RUNNING if opens else Phase.CREATED)


# ---------------------------------------------------------------- appending


def test_steps_are_acknowledged_up_to_the_last(database: Database, open_room: Room) -> None:
    outcome = send(database, open_room, answer(1), answer(2, 2, "bb"))
    assert isinstance(outcome, Acknowledged)
    assert (outcome.seq, outcome.time.remaining) == (2, LIMIT - 2 * MINUTE)
    require_sound_log(database, open_room)


def test_the_same_step_sent_again_gives_the_same_acknowledgement_and_one_row(database: Database, open_room: Room) -> None:
    first = send(database, open_room, answer(1), answer(2))
    assert send(database, open_room, answer(1), answer(2)) == first
    assert send(database, open_room, answer(1)) == first
    assert len(stored(database, open_room)) == 3


def test_a_retry_may_bring_more_than_was_sent_at_first(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1), answer(2))
    outcome = send(database, open_room, answer(1), answer(2), answer(3, 1, "zz"))
    assert isinstance(outcome, Acknowledged)
    assert outcome.seq == 3
    assert final_responses(stored(database, open_room)) == {1: "zz"}
    require_sound_log(database, open_room)


def test_a_retry_of_what_is_stored_is_acknowledged_even_after_the_grace(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1))
    outcome = send(database, open_room, answer(1), moment=at(LIMIT + GRACE + MINUTE))
    assert isinstance(outcome, Acknowledged)
    assert kept_aside(database, open_room) == []


def test_the_same_number_with_another_content_is_a_conflict_with_one_alarm(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 1, "aa"))
    for _time in range(3):
        assert send(database, open_room, answer(1, 1, "bb")) == Conflict(1)
    assert final_responses(stored(database, open_room)) == {1: "aa"}
    assert kept_aside(database, open_room) == [(1, 1, "conflict")]
    assert incidents(database, open_room) == ["step_conflict"]


@pytest.mark.parametrize("seqs", [(2,), (3, 4), (1, 3), (1, 2, 4), (1, 1)])
def test_a_gap_stores_nothing_and_asks_for_the_first_that_is_missing(database: Database, open_room: Room, seqs: tuple[int, ...]) -> None:
    assert send(database, open_room, *(answer(seq, 1, f"v{seq}") for seq in seqs)) == Gap(1)
    assert len(stored(database, open_room)) == 1
    assert isinstance(send(database, open_room, answer(1, 1, "v1")), Acknowledged)


@pytest.mark.parametrize(("device", "epoch"), [(OTHER_DEVICE, 1), (DEVICE, 0), (DEVICE, 2), (OTHER_DEVICE, 2)])
def test_a_stale_writer_is_kept_aside_once_and_never_merged(database: Database, open_room: Room, device: str, epoch: int) -> None:
    for _time in range(2):
        assert send(database, open_room, answer(1, 1, "xx", epoch), answer(2, 2, "yy", epoch), device=device) == Stale()
    assert kept_aside(database, open_room) == [(epoch, 1, "stale writer"), (epoch, 2, "stale writer")]
    assert final_responses(stored(database, open_room)) == {}
    assert incidents(database, open_room) == []


def test_what_the_old_machine_still_sends_is_kept_aside(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 1, "aa"))
    open_at(database, open_room, device=OTHER_DEVICE)
    taken_over(database, open_room)
    assert send(database, open_room, answer(1, 1, "aa"), answer(2, 1, "late")) == Stale()
    assert kept_aside(database, open_room) == [(1, 2, "stale writer")]
    assert isinstance(send(database, open_room, answer(1, 1, "new", epoch=2), device=OTHER_DEVICE), Acknowledged)
    assert final_responses(stored(database, open_room)) == {1: "new"}


def test_a_stale_writer_with_another_content_raises_no_alarm(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 1, "aa"))
    assert send(database, open_room, answer(1, 1, "bb"), device=OTHER_DEVICE) == Stale()
    assert incidents(database, open_room) == []


def test_a_message_that_holds_a_step_twice_is_kept_aside_once(database: Database, open_room: Room) -> None:
    assert send(database, open_room, answer(1), answer(1), device=OTHER_DEVICE) == Stale()
    assert kept_aside(database, open_room) == [(1, 1, "stale writer")]


@pytest.mark.parametrize(
    ("after_zero", "is_stored"),
    [
        (-timedelta(milliseconds=1), True),
        (timedelta(), True),
        (timedelta(milliseconds=1), True),
        (GRACE - timedelta(milliseconds=1), True),
        (GRACE, False),
        (GRACE + timedelta(milliseconds=1), False),
        (timedelta(hours=1), False),
    ],
)
def test_what_comes_late_counts_within_the_grace_and_is_kept_aside_beyond(
    database: Database, open_room: Room, after_zero: timedelta, is_stored: bool
) -> None:
    outcome = send(database, open_room, answer(1), moment=at(LIMIT + after_zero))
    assert isinstance(outcome, Acknowledged) if is_stored else outcome == NotOpen("over")
    assert final_responses(stored(database, open_room)) == ({1: "aa"} if is_stored else {})
    assert kept_aside(database, open_room) == ([] if is_stored else [(1, 1, "after the end")])


def test_answers_of_a_paused_seat_are_stored(database: Database, open_room: Room) -> None:
    """They were given before the pause and come after it: dropping them would lose them."""
    add_time(database, open_room, EntryKind.PAUSE, MINUTE)
    outcome = send(database, open_room, answer(1))
    assert isinstance(outcome, Acknowledged)
    assert outcome.time.paused


def test_after_the_hand_in_steps_are_kept_aside_and_the_receipt_comes_again(database: Database, open_room: Room) -> None:
    handed_in = hand_in(database, open_room, {})
    assert isinstance(handed_in, Finished)
    assert send(database, open_room, answer(1), answer(2), moment=at(4 * MINUTE)) == handed_in
    assert kept_aside(database, open_room) == [(1, 1, "after the end"), (1, 2, "after the end")]
    assert final_responses(stored(database, open_room)) == {}
    assert incidents(database, open_room) == []


def test_before_the_opening_nothing_is_written(database: Database, room: Room) -> None:
    assert send(database, room, answer(0)) == NotOpen("not_started")
    assert (stored(database, room), kept_aside(database, room)) == ([], [])


@pytest.mark.parametrize("item", [0, 7, 10**6])
def test_an_item_that_the_paper_does_not_have_is_refused(database: Database, open_room: Room, item: int) -> None:
    assert send(database, open_room, answer(1, item)) == NotOpen("unknown_item")
    assert len(stored(database, open_room)) == 1


@pytest.mark.parametrize("item", [1, 6])
def test_the_first_and_the_last_item_are_the_papers(database: Database, open_room: Room, item: int) -> None:
    assert isinstance(send(database, open_room, answer(1, item)), Acknowledged)


def test_nothing_to_send_is_acknowledged_as_far_as_the_log_goes(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1))
    outcome = send(database, open_room)
    assert isinstance(outcome, Acknowledged)
    assert outcome.seq == 1


def test_the_set_of_answered_items_follows_answers_and_clearings(database: Database, open_room: Room) -> None:
    counts = []
    for seq, (item, value) in enumerate([(1, "aa"), (6, True), (1, None), (3, ["a"]), (3, []), (5, False)], start=1):
        send(database, open_room, answer(seq, item, value))
        counts.append(int(attempt_row(database, open_room).answered, 16).bit_count())
        require_sound_log(database, open_room)
    assert counts == [1, 2, 1, 2, 1, 2]


def test_a_mark_for_review_is_no_answer_and_survives_a_reload(database: Database, open_room: Room) -> None:
    send(database, open_room, Step(1, 1, StepKind.MARKED, 4, True, 0))
    again = open_at(database, open_room)
    assert isinstance(again, Opened)
    assert (again.marked, again.answers) == (frozenset({4}), {})
    assert attempt_row(database, open_room).last_saved is None


def test_when_the_paper_was_opened_and_an_answer_saved_last_stays_through_all_that_follows(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1), moment=at(2 * MINUTE))
    send(database, open_room, Step(1, 2, StepKind.MARKED, 4, True, 0), moment=at(3 * MINUTE))
    open_at(database, open_room, at(4 * MINUTE), device=OTHER_DEVICE)
    taken_over(database, open_room, at(5 * MINUTE))
    closed(database, open_room, moment=at(6 * MINUTE))
    row = attempt_row(database, open_room)
    assert (row.opened, row.last_saved, row.finished) == (at(MINUTE).wall, at(2 * MINUTE).wall, at(6 * MINUTE).wall)


@pytest.mark.parametrize("value", ["考生", "\u0000", "👍🏽", '"]}', "a\\u0041", None, False, ["aa", "bb"], []])
def test_a_value_comes_back_as_it_was_sent(database: Database, open_room: Room, value: object) -> None:
    send(database, open_room, answer(1, 1, value))
    assert stored(database, open_room)[1].value == value
    require_sound_log(database, open_room)


# ---------------------------------------------------------------- handing in


def test_handing_in_gives_a_receipt_that_follows_from_the_log(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1), answer(2, 6, False))
    outcome = hand_in(database, open_room, {1: "aa", 6: False})
    assert isinstance(outcome, Finished)
    row = attempt_row(database, open_room)
    assert (row.phase, row.receipt) == (Phase.SUBMITTED, receipt_code(row.head))
    assert (outcome.receipt.code, outcome.receipt.answered, outcome.receipt.total, outcome.receipt.by) == (row.receipt, 2, 6, "candidate")
    assert outcome.receipt.handed_in == at(3 * MINUTE).wall
    require_sound_log(database, open_room)


def test_handing_in_twice_gives_one_receipt(database: Database, open_room: Room) -> None:
    first = hand_in(database, open_room, {})
    assert hand_in(database, open_room, {}, moment=at(8 * MINUTE)) == first
    assert [step.kind for step in stored(database, open_room)] == [StepKind.OPENED, StepKind.HANDED_IN]


def test_handing_in_brings_along_what_was_not_yet_sent(database: Database, open_room: Room) -> None:
    outcome = hand_in(database, open_room, {1: "aa", 2: "bb"}, answer(1), answer(2, 2, "bb"))
    assert isinstance(outcome, Finished)
    assert final_responses(stored(database, open_room)) == {1: "aa", 2: "bb"}


def test_a_hand_in_whose_answer_was_lost_is_repeated_with_the_same_steps(database: Database, open_room: Room) -> None:
    first = hand_in(database, open_room, {1: "aa"}, answer(1))
    assert hand_in(database, open_room, {1: "aa"}, answer(1)) == first
    assert kept_aside(database, open_room) == []


@pytest.mark.parametrize(
    ("shown", "items"),
    [({}, (1,)), ({1: "bb"}, (1,)), ({1: "aa", 2: "bb"}, (2,)), ({2: "bb"}, (1, 2)), ({1: ["aa"]}, (1,))],
)
def test_what_the_page_shows_has_to_be_what_is_stored(database: Database, open_room: Room, shown: dict[int, object], items: tuple[int, ...]) -> None:
    send(database, open_room, answer(1, 1, "aa"))
    assert hand_in(database, open_room, shown) == Differs(items)
    assert attempt_row(database, open_room).phase == Phase.RUNNING


def test_an_empty_answer_is_none(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 3, ["a"]), answer(2, 3, []))
    assert isinstance(hand_in(database, open_room, {3: [], 4: None}), Finished)


@pytest.mark.parametrize(("since", "wait"), [(29 * MINUTE, MINUTE), (30 * MINUTE - SECOND, SECOND), (30 * MINUTE, None), (31 * MINUTE, None)])
def test_handing_in_waits_for_the_earliest_leaving(database: Database, since: timedelta, wait: timedelta | None) -> None:
    with database.writing() as session:
        room = add_room(session, started=True, leave_after=30 * MINUTE)
    open_at(database, room)
    outcome = hand_in(database, room, {}, moment=at(since))
    assert outcome == TooEarly(wait) if wait else isinstance(outcome, Finished)


def test_once_time_is_over_nobody_waits_for_the_earliest_leaving(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session, started=True, leave_after=LIMIT + MINUTE)
    open_at(database, room)
    assert isinstance(hand_in(database, room, {}, moment=at(LIMIT)), Finished)


def test_steps_are_stored_even_when_the_hand_in_is_too_early_or_differs(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session, started=True, leave_after=30 * MINUTE)
    open_at(database, room)
    assert isinstance(hand_in(database, room, {1: "aa"}, answer(1)), TooEarly)
    assert hand_in(database, room, {}, answer(2, 2), moment=at(31 * MINUTE)) == Differs((1, 2))
    assert final_responses(stored(database, room)) == {1: "aa", 2: "aa"}


@pytest.mark.parametrize(("device", "epoch"), [(OTHER_DEVICE, 1), (DEVICE, 0), (DEVICE, 2)])
def test_a_stale_writer_hands_nothing_in(database: Database, open_room: Room, device: str, epoch: int) -> None:
    assert hand_in(database, open_room, {}, device=device, epoch=epoch) == Stale()
    assert attempt_row(database, open_room).phase == Phase.RUNNING


def test_a_gap_before_the_hand_in_is_asked_for(database: Database, open_room: Room) -> None:
    assert hand_in(database, open_room, {1: "aa"}, answer(2)) == Gap(1)
    assert attempt_row(database, open_room).phase == Phase.RUNNING


@pytest.mark.parametrize("save_first", [True, False])
def test_a_save_that_races_the_hand_in_counts_whole_or_is_kept_aside(database: Database, open_room: Room, save_first: bool) -> None:
    if save_first:
        send(database, open_room, answer(1))
        assert hand_in(database, open_room, {}) == Differs((1,))
    else:
        assert isinstance(hand_in(database, open_room, {}), Finished)
        assert isinstance(send(database, open_room, answer(1)), Finished)
        assert kept_aside(database, open_room) == [(1, 1, "after the end")]
    require_sound_log(database, open_room)


def test_before_the_opening_nothing_is_handed_in(database: Database, room: Room) -> None:
    assert hand_in(database, room, {}) == NotOpen("not_started")


@pytest.mark.parametrize("by_whom", ["time", "proctor"])
def test_an_attempt_closed_by_others_has_a_receipt_that_says_so(database: Database, open_room: Room, by_whom: str) -> None:
    send(database, open_room, answer(1))
    assert closed(database, open_room, by=by_whom)
    outcome = open_at(database, open_room)
    assert isinstance(outcome, Finished)
    assert (outcome.receipt.by, outcome.receipt.answered) == (by_whom, 1)
    require_sound_log(database, open_room)


def test_closing_twice_is_done_once(database: Database, open_room: Room) -> None:
    assert closed(database, open_room)
    before = attempt_row(database, open_room).receipt
    assert not closed(database, open_room)
    assert attempt_row(database, open_room).receipt == before


def test_the_head_of_the_log_enters_the_audit_chain(database: Database, open_room: Room) -> None:
    hand_in(database, open_room, {})
    with database.reading() as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.act == "attempt.handed_in")).one()
        assert entry.detail["head"] == attempt_row(database, open_room).head
        assert verify_chain(session).first_bad is None


def test_the_log_says_which_answers_the_candidate_handed_in(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 2, "bb"), answer(2, 1, "aa"))
    hand_in(database, open_room, {1: "aa", 2: "bb"})
    assert stored(database, open_room)[-1].value == {"answers": digest([[1, "aa"], [2, "bb"]]), "by": "candidate"}


def test_values_are_stored_as_plain_json(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1, 3, ["b", "a"]))
    with database.reading() as session:
        kept = session.scalars(select(StepRow.value).where(StepRow.seq == 1)).one()
    assert json.loads(kept) == ["b", "a"]
