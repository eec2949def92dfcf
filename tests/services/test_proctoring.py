"""What a proctor may do: the ratio at the start, PINs, late comers, time, pauses, machines, forced hand-ins; and what the board then shows."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.roles import Role
from examsrv.domain.time_ledger import TimeState, time_state
from examsrv.services import board_watchers, equipping, managing_people, proctoring, signing_in, watching
from examsrv.services.attempt_logs import AttemptLogs
from examsrv.services.auditing import verify_chain
from examsrv.services.ledger import room_ledger
from examsrv.services.watching import Contact, SeatState
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, AuditRow, IncidentRow, PersonRow, ProctorDutyRow, SittingRoomRow, SittingRow, ThrottleRow
from question_bank.message import ExamError
from tests.builders import LIMIT, MINUTE, OFFICE, PIN, SECOND, SECRET, Room, add_paper, add_person, add_proctor, add_room, at, start
from tests.services.attempts import OTHER_DEVICE, answer, attempt_row, incidents, open_at, send

LATE = timedelta(minutes=30)
BY = Actor(None, "proctor")


@pytest.fixture
def room(database: Database) -> Room:
    with database.writing() as session:
        return add_room(session)


def act(database: Database, what: object, *arguments: object, **named: object) -> object:
    """Do one act of a proctor in a transaction of its own."""
    with database.writing() as session:
        return what(session, *arguments, **named)


def enter(database: Database, room: Room, person: int, pin: str = PIN, moment: Moment | None = None) -> None:
    """Enter a proctor as present, as the board does: the PIN first."""
    with database.reading() as session:
        proctoring.check_pin(session, room.id, person, pin, moment or at())
    act(database, proctoring.sign_in_on_board, room.id, person, moment or at())


def state(database: Database, room: Room, since: timedelta, attempt: str | None = None) -> TimeState:
    with database.reading() as session:
        return time_state(room_ledger(session, room.id), LIMIT, at(since).exam, attempt)


def audit_acts(database: Database) -> list[str]:
    with database.reading() as session:
        assert verify_chain(session).first_bad is None
        return list(session.scalars(select(AuditRow.act).order_by(AuditRow.number)))


# ---------------------------------------------------------------- present, start


def test_31_candidates_and_2_proctors_are_refused_with_figures_until_the_third_signs_in(database: Database) -> None:
    with database.writing() as session:
        room = add_room(session, 31)
        proctors = [add_proctor(session, room, login) for login in ("zhao", "qian", "sun")]
    for person in proctors[:2]:
        enter(database, room, person)
    with pytest.raises(ExamError, match=r"^3 proctors are required, 2 present$"):
        act(database, proctoring.start_room, room.id, BY, at())
    assert state(database, room, MINUTE).started is None
    enter(database, room, proctors[2])
    act(database, proctoring.start_room, room.id, BY, at())
    assert state(database, room, MINUTE).remaining == LIMIT - MINUTE


def test_a_proctor_who_left_no_longer_counts(database: Database, room: Room) -> None:
    with database.writing() as session:
        proctors = [add_proctor(session, room, login, is_present=True) for login in ("zhao", "qian")]
    act(database, proctoring.sign_out_from_board, room.id, proctors[0], at())
    with pytest.raises(ExamError, match="2 proctors are required, 1 present"):
        act(database, proctoring.start_room, room.id, BY, at())


def test_nobody_is_present_in_two_rooms_at_once(database: Database, room: Room) -> None:
    with database.writing() as session:
        other = add_room(session, 1, name="02 考场", paper=add_paper(session, seed=9))
        person = add_proctor(session, room, "zhao")
        session.add(ProctorDutyRow(sitting_room_id=other.id, person_id=person))
    for place in (room, other):
        enter(database, place, person)
    with database.reading() as session:
        assert [len(proctoring.present_proctors(session, place.id)) for place in (room, other)] == [0, 1]
    assert audit_acts(database)[-3:] == ["proctor.present", "proctor.left", "proctor.present"]


def test_a_room_starts_once(database: Database, room: Room) -> None:
    with database.writing() as session:
        for login in ("zhao", "qian"):
            add_proctor(session, room, login, is_present=True)
    act(database, proctoring.start_room, room.id, BY, at())
    with pytest.raises(ExamError, match="started already"):
        act(database, proctoring.start_room, room.id, BY, at(MINUTE))


@pytest.mark.parametrize(("candidates", "has_paper", "sentence"), [(0, True, "Nobody is assigned"), (2, False, "have not been dealt out")])
def test_a_room_without_candidates_or_papers_does_not_start(database: Database, candidates: int, has_paper: bool, sentence: str) -> None:
    with database.writing() as session:
        room = add_room(session, candidates)
        if not has_paper:
            session.get_one(AttemptRow, room.attempts[0]).paper = None
    with pytest.raises(ExamError, match=sentence):
        act(database, proctoring.start_room, room.id, BY, at())


def test_a_wrong_pin_is_refused_and_guessing_gets_slow(database: Database, room: Room) -> None:
    with database.writing() as session:
        person = add_proctor(session, room, "zhao")
    for _time in range(6):
        with pytest.raises(proctoring.WrongPin, match="not right"):
            enter(database, room, person, "0000", at())
        act(database, proctoring.count_pin_miss, person, at())
    with pytest.raises(signing_in.Throttled):
        enter(database, room, person)
    enter(database, room, person, PIN, at(30 * SECOND))
    with database.reading() as session:
        assert session.scalars(select(ThrottleRow)).all() == []


def test_only_planned_active_proctors_of_a_published_sitting_enter(database: Database, room: Room) -> None:
    with database.writing() as session:
        stranger = add_person(session, "stranger", (Role.PROCTOR, None), pin=PIN)
        idle, planned = (add_proctor(session, room, login) for login in ("idle", "planned"))
        managing_people.set_active(session, idle, is_active=False, by=OFFICE, at=at())
    for person in (stranger, idle, 9999):
        with pytest.raises(ExamError, match="not a proctor of this room"):
            enter(database, room, person)
    with database.writing() as session:
        session.get_one(SittingRow, room.sitting).is_published = False
    with pytest.raises(ExamError, match="not a proctor of this room"):
        enter(database, room, planned)


def test_a_proctor_enters_once_and_leaves_once(database: Database, room: Room) -> None:
    with database.writing() as session:
        person = add_proctor(session, room, "zhao")
    enter(database, room, person)
    with pytest.raises(ExamError, match="already entered"):
        enter(database, room, person)
    act(database, proctoring.sign_out_from_board, room.id, person, at())
    with pytest.raises(ExamError, match="not entered as present"):
        act(database, proctoring.sign_out_from_board, room.id, person, at())


# ---------------------------------------------------------------- check-in


@pytest.fixture
def waiting_room(database: Database) -> Room:
    """Give a started room of two who are not yet checked in; the first has confirmed the details."""
    with database.writing() as session:
        room = add_room(session, checked_in=False, started=True)
        proctoring.confirm_details(session, room.attempts[0], at(), are_right=True)
        return room


@pytest.mark.parametrize(("since", "is_late"), [(LATE, False), (LATE + timedelta(milliseconds=1), True)])
def test_after_the_late_limit_only_a_written_reason_admits(database: Database, waiting_room: Room, since: timedelta, is_late: bool) -> None:
    attempt = waiting_room.attempts[0]
    if is_late:
        for named in ({}, {"admits_late": True}, {"admits_late": True, "note": "  "}, {"note": "堵车"}):
            with pytest.raises(ExamError, match="more than 30 minutes ago"):
                act(database, proctoring.check_in, attempt, BY, at(since), **named)
        act(database, proctoring.check_in, attempt, BY, at(since), admits_late=True, note="堵车")
    else:
        act(database, proctoring.check_in, attempt, BY, at(since))
    assert attempt_row(database, waiting_room).checked_in is not None
    assert incidents(database, waiting_room) == (["admitted_late"] if is_late else [])


def test_nobody_is_checked_in_unseen_or_twice(database: Database, waiting_room: Room) -> None:
    with pytest.raises(ExamError, match="not yet signed in and confirmed"):
        act(database, proctoring.check_in, waiting_room.attempts[1], BY, at())
    act(database, proctoring.check_in, waiting_room.attempts[0], BY, at())
    with pytest.raises(ExamError, match="checked in already"):
        act(database, proctoring.check_in, waiting_room.attempts[0], BY, at())


def test_checking_everybody_in_takes_those_who_confirmed_and_do_not_dispute(database: Database, waiting_room: Room) -> None:
    act(database, proctoring.confirm_details, waiting_room.attempts[1], at(), are_right=False)
    assert act(database, proctoring.check_in_everybody, waiting_room.id, BY, at()) == 1
    act(database, proctoring.settle_dispute, waiting_room.attempts[1], BY, at())
    assert act(database, proctoring.check_in_everybody, waiting_room.id, BY, at()) == 1
    assert incidents(database, waiting_room) == ["details_settled"]


def test_saying_it_again_after_confirming_changes_nothing_and_leaves_no_entry(database: Database, waiting_room: Room) -> None:
    before = audit_acts(database)
    act(database, proctoring.confirm_details, waiting_room.attempts[0], at(), are_right=False)
    assert attempt_row(database, waiting_room).disputed is None
    assert audit_acts(database) == before


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("amount", "is_given"),
    [(timedelta(), False), (-MINUTE, False), (SECOND, True), (60 * MINUTE, True), (60 * MINUTE + SECOND, False)],
)
def test_a_grant_is_more_than_nothing_and_at_most_an_hour(database: Database, room: Room, amount: timedelta, is_given: bool) -> None:
    with database.writing() as session:
        start(session, room)
    if is_given:
        act(database, proctoring.give_time, room.id, None, amount, "terminal", "", BY, at(MINUTE))
    else:
        with pytest.raises(ExamError, match="At most 60 minutes"):
            act(database, proctoring.give_time, room.id, None, amount, "terminal", "", BY, at(MINUTE))
    assert state(database, room, MINUTE).granted == (amount if is_given else timedelta())


@pytest.mark.parametrize("case", ["reason", "note", "not started", "handed in"])
def test_time_is_not_given_without_reason_before_the_start_or_after_the_hand_in(database: Database, room: Room, case: str) -> None:
    if case != "not started":
        with database.writing() as session:
            start(session, room)
        open_at(database, room)
    if case == "handed in":
        act(database, proctoring.force_hand_in, room.attempts[0], "illness", "晕倒", BY, at(MINUTE))
    reason, note = ("", "") if case == "reason" else ("terminal", "x" * 501 if case == "note" else "")
    with pytest.raises(ExamError):
        act(database, proctoring.give_time, room.id, room.attempts[0], MINUTE, reason, note, BY, at(2 * MINUTE))
    assert state(database, room, 3 * MINUTE, room.attempts[0]).granted == timedelta()


def test_time_for_a_seat_is_that_seats_alone(database: Database, room: Room) -> None:
    with database.writing() as session:
        start(session, room)
    act(database, proctoring.give_time, room.id, room.attempts[0], 5 * MINUTE, "terminal", "键盘坏", BY, at(MINUTE))
    assert [state(database, room, MINUTE, attempt).granted for attempt in (*room.attempts, None)] == [5 * MINUTE, timedelta(), timedelta()]


def test_room_and_seat_are_paused_and_resumed_each_by_itself(database: Database, room: Room) -> None:
    with database.writing() as session:
        start(session, room)
    seat = room.attempts[0]
    with pytest.raises(ExamError, match="running already"):
        act(database, proctoring.resume, room.id, None, BY, at(MINUTE))
    act(database, proctoring.pause, room.id, None, "power", "", BY, at(MINUTE))
    with pytest.raises(ExamError, match="stopped already"):
        act(database, proctoring.pause, room.id, None, "power", "", BY, at(MINUTE))
    with pytest.raises(ExamError, match="running already"):
        act(database, proctoring.resume, room.id, seat, BY, at(MINUTE))
    act(database, proctoring.pause, room.id, seat, "illness", "", BY, at(2 * MINUTE))
    act(database, proctoring.resume, room.id, None, BY, at(3 * MINUTE))
    assert [state(database, room, 4 * MINUTE, attempt).paused for attempt in room.attempts] == [True, False]
    act(database, proctoring.resume, room.id, seat, BY, at(5 * MINUTE))
    assert [state(database, room, 6 * MINUTE, attempt).remaining for attempt in room.attempts] == [LIMIT - 2 * MINUTE, LIMIT - 4 * MINUTE]


def test_a_pause_needs_a_reason_and_a_started_room(database: Database, room: Room) -> None:
    with pytest.raises(ExamError, match="has not been started"):
        act(database, proctoring.pause, room.id, None, "power", "", BY, at())
    with database.writing() as session:
        start(session, room)
    with pytest.raises(ExamError, match="Choose a reason"):
        act(database, proctoring.pause, room.id, None, "whim", "", BY, at())


# ---------------------------------------------------------------- machines, hand-ins


@pytest.fixture
def open_room(database: Database, room: Room) -> Room:
    with database.writing() as session:
        start(session, room)
    open_at(database, room)
    return room


def test_another_machine_is_confirmed_once_and_only_when_it_asks(database: Database, open_room: Room) -> None:
    open_at(database, open_room, device=OTHER_DEVICE)
    act(database, proctoring.confirm_machine, open_room.attempts[0], BY, at(MINUTE))
    assert attempt_row(database, open_room).device == OTHER_DEVICE
    with pytest.raises(ExamError, match="No other machine asks"):
        act(database, proctoring.confirm_machine, open_room.attempts[0], BY, at(MINUTE))
    assert incidents(database, open_room) == ["machine_confirmed"]


@pytest.mark.parametrize(
    ("reason", "note", "sentence"), [("", "晕倒", "Choose a reason"), ("illness", "  ", "Write down why"), ("illness", "x" * 501, "At most 500")]
)
def test_a_forced_hand_in_needs_a_reason_and_a_note(database: Database, open_room: Room, reason: str, note: str, sentence: str) -> None:
    with pytest.raises(ExamError, match=sentence):
        act(database, proctoring.force_hand_in, open_room.attempts[0], reason, note, BY, at(MINUTE))
    assert attempt_row(database, open_room).phase == Phase.RUNNING


def test_a_forced_hand_in_closes_and_is_written_down_once(database: Database, open_room: Room) -> None:
    act(database, proctoring.force_hand_in, open_room.attempts[0], "illness", "晕倒", BY, at(MINUTE))
    assert attempt_row(database, open_room).phase == Phase.SUBMITTED
    with pytest.raises(ExamError, match="not answering"):
        act(database, proctoring.force_hand_in, open_room.attempts[0], "illness", "晕倒", BY, at(MINUTE))
    assert incidents(database, open_room) == ["forced_hand_in"]


def test_every_act_leaves_an_audit_entry_without_names(database: Database, open_room: Room) -> None:
    act(database, proctoring.give_time, open_room.id, None, MINUTE, "terminal", "考生金丝雀", BY, at(MINUTE))
    act(database, proctoring.write_incident, open_room.id, open_room.attempts[0], "warning", "考生金丝雀", BY, at(MINUTE))
    assert audit_acts(database)[-2:] == ["time.grant", "incident"]
    with database.reading() as session:
        said = [str(row.detail) + row.subject for row in session.scalars(select(AuditRow))]
        said += [str(row.note) for row in session.scalars(select(IncidentRow))]
    assert "金丝雀" not in "".join(said)


# ---------------------------------------------------------------- the board


def board(
    database: Database, room: Room, since: timedelta = MINUTE, silent: timedelta | None = timedelta(), unsaved: int = 0, known: dict | None = None
) -> watching.RoomView:
    heard = None if silent is None else Contact(silent, unsaved)
    with database.reading() as session:
        return watching.room_view(session, SECRET, room.id, at(since), lambda _attempt: heard, 20 * SECOND, {} if known is None else known)


@pytest.mark.parametrize(
    ("silent", "unsaved", "expected"),
    [
        (timedelta(), 0, SeatState.ANSWERING),
        (20 * SECOND, 0, SeatState.ANSWERING),
        (20.001 * SECOND, 0, SeatState.OFFLINE),
        (None, 0, SeatState.OFFLINE),
        (timedelta(), 3, SeatState.UNSAVED),
    ],
)
def test_the_board_shows_who_answers_and_who_is_not_heard(
    database: Database, open_room: Room, silent: timedelta | None, unsaved: int, expected: SeatState
) -> None:
    view = board(database, open_room, silent=silent, unsaved=unsaved)
    assert [seat.state for seat in view.seats] == [expected, SeatState.CHECKED_IN, SeatState.SPARE]
    assert [seat.number for seat in view.trouble] == ([1] if expected is not SeatState.ANSWERING else [])


def test_the_board_shows_progress_and_time_left(database: Database, open_room: Room) -> None:
    send(database, open_room, answer(1), answer(2, 2))
    act(database, proctoring.give_time, open_room.id, open_room.attempts[0], 90 * SECOND, "terminal", "", BY, at(MINUTE))
    view = board(database, open_room, 2 * MINUTE)
    seat = view.seats[0]
    assert (seat.answered, seat.total, seat.remaining, seat.last_saved) == (2, 6, LIMIT - 30 * SECOND, at(2 * MINUTE).wall)
    assert str(view.events[0].text) == "Seat 01 given 1.5 minutes: Machine fault"


@pytest.mark.parametrize("trouble", [SeatState.OTHER_MACHINE, SeatState.PAUSED, SeatState.SUBMITTED, SeatState.LOCKED])
def test_the_board_shows_what_became_of_a_seat(database: Database, open_room: Room, trouble: SeatState) -> None:
    attempt = open_room.attempts[0]
    if trouble is SeatState.OTHER_MACHINE:
        open_at(database, open_room, device=OTHER_DEVICE)
    elif trouble is SeatState.PAUSED:
        act(database, proctoring.pause, open_room.id, attempt, "illness", "", BY, at())
    elif trouble is SeatState.SUBMITTED:
        act(database, proctoring.force_hand_in, attempt, "illness", "晕倒", BY, at())
    else:
        for _time in range(6):
            act(database, signing_in.count_miss, "key", at(MINUTE), open_room.ticket(1))
    assert board(database, open_room).seats[0].state is trouble


def write_alarm(session: Session, room: Room) -> None:
    logs = AttemptLogs(session.connection(), [room.attempts[0]])
    logs.raise_alarm(logs.attempt(room.attempts[0]), "conflict", at(MINUTE))


def person_of(session: Session, login: str) -> int:
    return session.scalars(select(PersonRow.id).where(PersonRow.login == login)).one()


def place_of(session: Session, room: Room) -> int:
    return session.get_one(SittingRoomRow, room.id).room_id


LATER = (BY, at(MINUTE))
ACTS_SEEN_ON_THE_BOARD: Mapping[str, Callable[[Session, Room], object]] = {
    "an alarm": write_alarm,
    "an event": lambda session, room: proctoring.write_incident(session, room.id, None, "warning", "", *LATER),
    "time for all": lambda session, room: proctoring.give_time(session, room.id, None, MINUTE, "terminal", "", *LATER),
    "a pause": lambda session, room: proctoring.pause(session, room.id, None, "illness", "", *LATER),
    "a paused seat": lambda session, room: proctoring.pause(session, room.id, room.attempts[0], "illness", "", *LATER),
    "somebody comes": lambda session, room: proctoring.sign_in_on_board(session, room.id, person_of(session, "early"), at(MINUTE)),
    "somebody leaves": lambda session, room: proctoring.sign_out_from_board(session, room.id, person_of(session, "there"), at(MINUTE)),
    "another name": lambda session, room: managing_people.change_person(
        session, person_of(session, "there"), "李新名", is_senior_examiner=False, by=BY, at=at(MINUTE)
    ),
    "another room name": lambda session, room: equipping.change_room(session, place_of(session, room), "九号楼", "二层", 5, *LATER),
    "a machine more": lambda session, room: equipping.add_seats(
        session, place_of(session, room), 1, are_spare=True, new_code=lambda: "778899", by=BY, at=at(MINUTE)
    ),
}


@pytest.mark.parametrize("name", ACTS_SEEN_ON_THE_BOARD)
def test_a_board_that_is_kept_shows_every_act_that_comes_after(database: Database, open_room: Room, name: str) -> None:
    with database.writing() as session:
        proctoring.sign_in_on_board(session, open_room.id, add_proctor(session, open_room, "there"), at())
        add_proctor(session, open_room, "early")
    known: dict[int, watching.Standing] = {}
    before = board(database, open_room, known=known)
    act(database, ACTS_SEEN_ON_THE_BOARD[name], open_room)
    after = board(database, open_room, known=known)
    assert after != before
    assert after == board(database, open_room)


def test_the_board_masks_numbers_and_the_whole_view_has_none(database: Database, open_room: Room) -> None:
    view = board(database, open_room)
    assert view.seats[0].masked_id == "CAN******001"
    assert "CANARY" not in repr(view)


def test_a_proctor_sees_the_own_rooms_of_published_sittings(database: Database, room: Room) -> None:
    with database.writing() as session:
        person = add_proctor(session, room, "zhao")
        stranger = add_person(session, "stranger", (Role.PROCTOR, None))
    with database.reading() as session:
        assert [line.id for line in watching.rooms_of(session, person, at())] == [room.id]
        assert watching.rooms_of(session, stranger, at()) == []
        (line,) = watching.rooms_of(session, person, at())
    assert (line.staffing.required, line.staffing.missing, line.staffing.assigned) == (2, 2, 2)
    with database.writing() as session:
        session.get_one(SittingRow, room.sitting).is_published = False
        assert watching.rooms_of(session, person, at()) == []


def test_a_jump_of_the_wall_clock_moves_nobodys_time_on_the_board(database: Database, open_room: Room) -> None:
    moment = at(MINUTE)
    with database.reading() as session:
        view = watching.room_view(
            session, SECRET, open_room.id, Moment(moment.wall + timedelta(days=1), moment.exam), lambda _attempt: None, 20 * SECOND, {}
        )
    assert view.seats[0].remaining == LIMIT - MINUTE


@pytest.mark.parametrize(("grants", "is_let_in"), [([(Role.PROCTOR, None)], True), ([(Role.AUTHOR, None)], False), ([], False)])
def test_a_duty_counts_only_while_the_person_is_a_proctor_at_the_site(database: Database, room: Room, grants: list, is_let_in: bool) -> None:
    with database.writing() as session:
        person = add_proctor(session, room, "watch")
        managing_people.set_roles(session, person, grants, OFFICE, at())
        assert board_watchers.may_watch(session, person, room.id) is is_let_in
