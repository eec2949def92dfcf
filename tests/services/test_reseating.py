"""A proctor moves a candidate to another seat of the room: what goes along, who is cut off, and when it is refused."""

import pytest
from sqlalchemy import select

from examsrv.domain.steps import StepKind
from examsrv.services import messaging, proctoring, reseating, seating, signing_in, sitting_down, watching
from examsrv.services.answering import Acknowledged, Opened, OtherMachine, Stale
from examsrv.services.auditing import verify_chain
from examsrv.services.signing_in import BoundSeat
from examsrv.services.watching import SeatState
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, AuditRow, CandidateSessionRow, FormRow, PaperRow, SittingRow
from question_bank.message import ExamError
from tests.builders import LIMIT, MINUTE, OFFICE, SECOND, SECRET, Room, add_room, at, start
from tests.services.attempts import (
    DEVICE,
    OTHER_DEVICE,
    PROCTOR,
    answer,
    attempt_row,
    closed,
    incidents,
    kept_aside,
    open_at,
    require_sound_log,
    send,
    stored,
    taken_over,
)

SPARE = 3
MOVED = 4 * MINUTE


@pytest.fixture
def room(database: Database) -> Room:
    """Give a started room of two; the first has answered an item."""
    with database.writing() as session:
        made = add_room(session, started=True)
    open_at(database, made)
    send(database, made, answer(1))
    return made


def move(database: Database, room: Room, seat: int = SPARE, reason: str = "显示器故障", moment: object = None) -> None:
    with database.writing() as session:
        reseating.move_to_seat(session, room.attempts[0], seat, reason, PROCTOR, moment or at(MOVED))


def board(database: Database, room: Room) -> watching.RoomView:
    with database.reading() as session:
        return watching.room_view(session, SECRET, room.id, at(6 * MINUTE), lambda _attempt: None, 20 * SECOND, {})


def test_the_first_machine_at_the_new_seat_goes_on_where_the_old_one_was_cut_off(database: Database, room: Room) -> None:
    move(database, room)
    assert isinstance(send(database, room, answer(2, 2), moment=at(5 * MINUTE)), Stale)
    assert isinstance(open_at(database, room, at(5 * MINUTE), DEVICE, machine=1), OtherMachine)
    opened = open_at(database, room, at(5 * MINUTE), OTHER_DEVICE, machine=SPARE)
    assert isinstance(opened, Opened)
    assert (opened.epoch, opened.answers, opened.time.remaining) == (2, {1: "aa"}, LIMIT - 5 * MINUTE)
    assert isinstance(send(database, room, answer(opened.next_seq, 3, epoch=2), moment=at(6 * MINUTE), device=OTHER_DEVICE), Acknowledged)
    assert kept_aside(database, room) == [(1, 2, "stale writer")]
    assert [step.kind for step in stored(database, room)] == [StepKind.OPENED, StepKind.ANSWERED, StepKind.MOVED, StepKind.ANSWERED]
    require_sound_log(database, room)


def test_nobody_writes_between_the_move_and_the_new_machine(database: Database, room: Room) -> None:
    open_at(database, room, at(3 * MINUTE), OTHER_DEVICE, machine=SPARE)
    move(database, room)
    for device in (DEVICE, OTHER_DEVICE):
        assert isinstance(send(database, room, answer(1, 2, epoch=2), moment=at(5 * MINUTE), device=device), Stale)
    assert not taken_over(database, room, at(5 * MINUTE))


def test_log_board_and_audit_name_both_seats_and_the_reason(database: Database, room: Room) -> None:
    with database.writing() as session:
        proctoring.give_time(session, room.id, room.attempts[0], MINUTE, "terminal", "", PROCTOR, at(3 * MINUTE))
    move(database, room)
    with database.writing() as session:
        proctoring.give_time(session, room.id, room.attempts[0], 2 * MINUTE, "terminal", "", PROCTOR, at(5 * MINUTE))
    view = board(database, room)
    said = [str(event.text) for event in view.events]
    assert said[:3] == ["Seat 03 given 2 minutes: Machine fault", "Moved from seat 01 to seat 03", "Seat 01 given 1 minutes: Machine fault"]
    assert view.events[1].note == "显示器故障"
    assert [seat.state for seat in view.seats] == [SeatState.SPARE, SeatState.CHECKED_IN, SeatState.OFFLINE]
    with database.reading() as session:
        detail = session.scalars(select(AuditRow.detail).where(AuditRow.act == "attempt.moved")).one()
        assert (detail["from_seat"], detail["seat"], len(detail["reason"])) == (1, SPARE, 64)
        assert verify_chain(session).first_bad is None
        assert sitting_down.own_details(session, SECRET, room.attempts[0]).seat == SPARE


def test_sessions_of_the_old_seat_are_cut_off_and_one_at_the_new_seat_is_not(database: Database, room: Room) -> None:
    def sign_in(seat: int, token: str) -> None:
        with database.writing() as session:
            place = BoundSeat(seat, room.room, "", seat, is_spare=False)
            signing_in.begin_candidate_session(session, room.attempts[0], room.ticket(1), place, token, at())

    sign_in(1, "old")
    move(database, room)
    sign_in(SPARE, "new")
    with database.reading() as session:
        assert [signing_in.candidate_session(session, token).is_cut_off for token in ("old", "new")] == [True, False]


REFUSED = [
    (2, "换机", "not free"),
    (1, "换机", "not free"),
    (4, "换机", "no such seat"),
    (2**70, "换机", "no such seat"),
    (SPARE, "  ", "Write down why"),
    (SPARE, "x" * 501, "At most 500"),
]


def test_a_seat_that_is_taken_or_not_of_the_room_and_a_move_without_reason_are_refused_and_change_nothing(database: Database, room: Room) -> None:
    before = attempt_row(database, room)
    for seat, reason, sentence in REFUSED:
        with pytest.raises(ExamError, match=sentence):
            move(database, room, seat, reason)
    after = attempt_row(database, room)
    assert (after.seat, after.epoch, after.device) == (1, before.epoch, before.device)
    assert incidents(database, room) == []


def test_nobody_is_moved_once_time_is_over_or_the_paper_handed_in(database: Database, room: Room) -> None:
    with pytest.raises(ExamError, match="time is over"):
        move(database, room, moment=at(LIMIT))
    move(database, room, moment=at(LIMIT - SECOND))
    closed(database, room, moment=at(LIMIT - SECOND))
    with pytest.raises(ExamError, match="paper is closed"):
        move(database, room, 1, moment=at(LIMIT - SECOND))


def test_before_the_start_check_in_stands_and_whoever_was_moved_stays_in_the_sitting(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session)
        session.add(CandidateSessionRow(digest="old", attempt_id=room.attempts[0], seat=1, began=at().exam, wall=at().wall))
        session.get_one(AttemptRow, room.attempts[0]).checked_in = None
    move(database, room, moment=at())
    row = attempt_row(database, room)
    assert (row.seat, row.confirmed is not None, row.epoch, row.paper) == (SPARE, True, 0, room.paper)
    assert [seat.state for seat in board(database, room).seats] == [SeatState.SPARE, SeatState.CHECKED_IN, SeatState.CONFIRMED]
    with database.writing() as session, pytest.raises(ExamError, match="written down about this candidate"):
        seating.remove_candidate(session, room.attempts[0], OFFICE, at())
    with database.writing() as session:
        proctoring.check_in(session, room.attempts[0], PROCTOR, at())
        start(session, room)
    assert isinstance(open_at(database, room, at(MINUTE), OTHER_DEVICE, machine=SPARE), Opened)


def test_before_the_start_a_shared_paper_is_dealt_anew_and_an_own_one_goes_along(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session)
        first = session.get_one(PaperRow, room.paper)
        forms = session.get_one(SittingRow, room.sitting).form_set_id
        session.add(FormRow(id=900, form_set_id=forms, name="B", items=[]))
        session.flush()
        session.add(PaperRow(digest="b" * 64, form_id=900, content=first.content, item_count=first.item_count))
    move(database, room, moment=at())
    dealt = [attempt_row(database, room, seat).paper for seat in (1, 2)]
    assert sorted(dealt) == sorted([room.paper, "b" * 64])
    move(database, room, 1, moment=at())
    assert [attempt_row(database, room, seat).paper for seat in (1, 2)] == dealt


def told(database: Database, room: Room, seat: int) -> list[str]:
    with database.reading() as session:
        return [str(each.text) for each in sitting_down.notices(session, room.attempts[seat - 1])]


def tell(database: Database, room: Room, text: str, seat: int | None = None) -> None:
    with database.writing() as session:
        messaging.send_message(session, room.id, None if seat is None else room.attempts[seat - 1], text, PROCTOR, at(3 * MINUTE))


def test_a_message_reaches_the_room_or_one_seat_in_its_own_words_and_stands_in_log_and_audit(database: Database, room: Room) -> None:
    tell(database, room, " 第 100% 题\n图已更正 %(text)s <b>")
    tell(database, room, "请补签名", seat=2)
    assert told(database, room, 1) == ["第 100% 题 图已更正 %(text)s <b>"]
    assert told(database, room, 2) == ["第 100% 题 图已更正 %(text)s <b>", "请补签名"]
    assert [(str(event.text), event.note) for event in board(database, room).events[:2]] == [
        ("Message to seat 02", "请补签名"),
        ("Message to the room", "第 100% 题 图已更正 %(text)s <b>"),
    ]
    with database.reading() as session:
        details = session.scalars(select(AuditRow.detail).where(AuditRow.act == "message.sent").order_by(AuditRow.number)).all()
    assert [(detail["attempt"], len(detail["text"])) for detail in details] == [(None, 64), (room.attempts[1], 64)]


def test_a_message_has_1_to_200_characters(database: Database, room: Room) -> None:
    for text in ("", " \n ", "字" * 201):
        with pytest.raises(ExamError, match=r"Write the message|At most 200"):
            tell(database, room, text)
    for text in ("字", "字" * 200):
        tell(database, room, text)
    assert told(database, room, 1) == ["字", "字" * 200]


def test_whoever_has_handed_in_is_told_nothing_more(database: Database, room: Room) -> None:
    closed(database, room)
    with pytest.raises(ExamError, match="This candidate's paper is closed"):
        tell(database, room, "请补签名", seat=1)
    tell(database, room, "请安静")
    open_at(database, room, seat=2)
    closed(database, room, seat=2)
    with pytest.raises(ExamError, match="All papers of this room are closed"):
        tell(database, room, "请安静")
    assert told(database, room, 2) == ["请安静"]
