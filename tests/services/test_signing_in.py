"""Who gets in, in which words others are refused, and how guessing gets slow without locking anybody else out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from examsrv.domain.moment import Moment
from examsrv.domain.roles import Role
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import managing_people, proctoring, signing_in
from examsrv.services.ledger import add_entry
from examsrv.services.signing_in import BoundSeat, SignInFailed, Throttled
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, CandidateSessionRow, SeatBindingRow, SittingRow, StaffSessionRow
from tests.builders import BEGIN, LIMIT, MORNING, OFFICE, PASSWORD, SECOND, SECRET, Room, add_paper, add_person, add_room, at, id_number, start

FAILED = "^Please check the ticket number and the identity document number.$"
STAFF_FAILED = "^The name or the password is not right.$"
AGE = timedelta(hours=12)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}


@pytest.fixture
def room(database: Database) -> Room:
    """Give a room of three candidates; seat 4 is spare."""
    with database.writing() as session:
        return add_room(session, 3)


def bound(database: Database, room: Room, seat: int = 1) -> BoundSeat:
    with database.writing() as session:
        return signing_in.bind_seat(session, room.code(seat), f"machine {seat} {room.id}", at())


def checked(database: Database, room: Room, seat: int = 1, machine: int = 1, moment: Moment | None = None, **typed: str) -> str:
    """Check ticket and identity number of the candidate of `seat` at a machine, or whatever was typed instead; a miss is counted."""
    place = bound(database, room, machine)
    ticket = typed.get("ticket", room.ticket(seat))
    number = typed.get("id_number", id_number(room.room * 1000 + seat))
    try:
        with database.reading() as session:
            return signing_in.check_candidate(session, SECRET, ticket, number, place, moment or at())
    except SignInFailed:
        with database.writing() as session:
            signing_in.count_miss(session, signing_in.candidate_throttle(ticket, place), moment or at(), ticket)
        raise


def miss(database: Database, room: Room, times: int, machine: int = 1, moment: Moment | None = None) -> None:
    for _time in range(times):
        with pytest.raises(SignInFailed):
            checked(database, room, machine=machine, moment=moment, id_number="wrong")


# ---------------------------------------------------------------- candidates


def test_ticket_and_identity_number_at_the_own_seat_let_in(database: Database, room: Room) -> None:
    assert checked(database, room) == room.attempts[0]


@pytest.mark.parametrize("typed", ["ＣＡＮＡＲＹ001001", " canary 001001 ", "Canary001001"])
def test_the_identity_number_may_be_typed_in_any_spelling(database: Database, room: Room, typed: str) -> None:
    assert id_number(room.room * 1000 + 1) == "CANARY001001"
    assert checked(database, room, id_number=typed) == room.attempts[0]


@pytest.mark.parametrize("spelled", [lambda ticket: f" {ticket[:2]} {ticket[2:]}\u3000", lambda ticket: ticket.translate(FULL_WIDTH)])
def test_the_ticket_may_be_typed_with_blanks_or_in_full_width(database: Database, room: Room, spelled: Callable[[str], str]) -> None:
    assert checked(database, room, ticket=spelled(room.ticket(1))) == room.attempts[0]


@pytest.mark.parametrize(
    "typed", [{"ticket": "unknown"}, {"id_number": "wrong"}, {"ticket": ""}, {"id_number": ""}, {"ticket": "x", "id_number": "y"}]
)
def test_every_failure_has_the_same_sentence(database: Database, room: Room, typed: dict[str, str]) -> None:
    with pytest.raises(SignInFailed, match=FAILED):
        checked(database, room, **typed)


def test_a_neighbours_number_does_not_open_the_own_ticket(database: Database, room: Room) -> None:
    with pytest.raises(SignInFailed, match=FAILED):
        checked(database, room, id_number=id_number(room.room * 1000 + 2))


def test_a_wrong_seat_is_told_with_the_right_one(database: Database, room: Room) -> None:
    with pytest.raises(SignInFailed, match=r"This is room 01 考场, seat 02\. Your place is room 01 考场, seat 01."):
        checked(database, room, machine=2)


def test_the_spare_seat_of_the_room_is_allowed(database: Database, room: Room) -> None:
    assert checked(database, room, machine=4) == room.attempts[0]


def test_the_spare_seat_of_another_room_is_not(database: Database, room: Room) -> None:
    with database.writing() as session:
        other = add_room(session, 1, name="02 考场", paper=add_paper(session, seed=9))
    place = bound(database, other, 2)
    with pytest.raises(SignInFailed, match="This is room 02 考场"), database.reading() as session:
        signing_in.check_candidate(session, SECRET, room.ticket(1), id_number(room.room * 1000 + 1), place, at())


@pytest.mark.parametrize("case", ["seat", "day", "unpublished"])
def test_place_and_day_are_told_with_the_right_numbers_only(database: Database, room: Room, case: str) -> None:
    moment = at(timedelta(days=3)) if case == "day" else at()
    if case == "unpublished":
        with database.writing() as session:
            session.get_one(SittingRow, room.sitting).is_published = False
    with pytest.raises(SignInFailed, match=FAILED):
        checked(database, room, machine=2 if case == "seat" else 1, moment=moment, id_number="wrong")
    with pytest.raises(SignInFailed, match=r"Your place|is planned for|not open yet"):
        checked(database, room, machine=2 if case == "seat" else 1, moment=moment)


@pytest.mark.parametrize(("hours", "is_near"), [(-24, True), (-24.01, False), (24, True), (24.01, False)])
def test_a_candidate_comes_within_a_day_of_the_plan(database: Database, room: Room, hours: float, is_near: bool) -> None:
    moment = Moment(MORNING + timedelta(hours=hours), BEGIN)
    if is_near:
        assert checked(database, room, moment=moment) == room.attempts[0]
    else:
        with pytest.raises(SignInFailed, match="planned for 2026-11-28"):
            checked(database, room, moment=moment)


@pytest.mark.parametrize("wall", [MORNING.replace(year=1970), MORNING + timedelta(days=1, hours=2)])
def test_while_the_room_runs_a_jump_of_the_wall_clock_keeps_nobody_out(database: Database, room: Room, wall: object) -> None:
    with database.writing() as session:
        start(session, room)
    assert checked(database, room, moment=Moment(wall, BEGIN + LIMIT - SECOND)) == room.attempts[0]
    with pytest.raises(SignInFailed, match="planned for"):
        checked(database, room, moment=Moment(wall, BEGIN + LIMIT))


def signed_in(database: Database, room: Room, token: str, seat: int = 1, machine: int = 1) -> None:
    attempt, place = checked(database, room, seat, machine), bound(database, room, machine)
    with database.writing() as session:
        signing_in.begin_candidate_session(session, attempt, room.ticket(seat), place, token, at())


def test_sessions_and_bindings_are_stored_as_digests(database: Database, room: Room) -> None:
    signed_in(database, room, "candidate token")
    with database.reading() as session:
        kept = [*session.scalars(select(CandidateSessionRow.digest)), *session.scalars(select(SeatBindingRow.digest))]
    assert signing_in.token_digest("candidate token") in kept
    assert all(len(digest) == 64 and "token" not in digest and "machine" not in digest for digest in kept)


def test_an_attempt_has_one_living_session_per_seat_and_another_seat_takes_none_away(database: Database, room: Room) -> None:
    signed_in(database, room, "first")
    signed_in(database, room, "spare", machine=4)
    signed_in(database, room, "second")
    with database.reading() as session:
        assert signing_in.candidate_session(session, "first") is None
        assert signing_in.candidate_session(session, "second") == signing_in.CandidateSession(room.attempts[0], 1)
        assert signing_in.candidate_session(session, "spare") == signing_in.CandidateSession(room.attempts[0], 4)


def test_signing_out_ends_the_session(database: Database, room: Room) -> None:
    signed_in(database, room, "token")
    with database.writing() as session:
        signing_in.end_candidate_session(session, "token")
        assert signing_in.candidate_session(session, "token") is None


# ---------------------------------------------------------------- misses


def test_the_sixth_miss_slows_down_and_then_even_the_right_numbers_wait(database: Database, room: Room) -> None:
    miss(database, room, 5)
    assert checked(database, room) == room.attempts[0]
    miss(database, room, 1)
    with pytest.raises(Throttled, match="the proctor can unlock"):
        checked(database, room)


@pytest.mark.parametrize(("since", "is_free"), [(timedelta(seconds=29), False), (timedelta(seconds=30), True)])
def test_the_delay_counts_in_exam_time_whatever_the_wall_clock_shows(database: Database, room: Room, since: timedelta, is_free: bool) -> None:
    miss(database, room, 6)
    moment = Moment(MORNING - timedelta(hours=1), BEGIN + since)
    if is_free:
        assert checked(database, room, moment=moment) == room.attempts[0]
    else:
        with pytest.raises(Throttled):
            checked(database, room, moment=moment)


def test_each_further_miss_doubles_the_delay_up_to_a_quarter_of_an_hour(database: Database) -> None:
    delays = []
    for _time in range(20):
        with database.writing() as session:
            signing_in.count_miss(session, "key", at())
            row = session.get_one(signing_in.ThrottleRow, "key")
            delays.append(max(timedelta(), row.until - BEGIN).total_seconds())
    assert delays[:12] == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]
    assert set(delays[12:]) == {900}


def test_a_neighbour_who_tries_a_ticket_locks_only_the_own_machine(database: Database, room: Room) -> None:
    miss(database, room, 6, machine=2)
    assert checked(database, room) == room.attempts[0]
    assert checked(database, room, 2, 2) == room.attempts[1]


def test_a_success_forgets_the_misses(database: Database, room: Room) -> None:
    miss(database, room, 5)
    signed_in(database, room, "token")
    miss(database, room, 5)
    assert checked(database, room) == room.attempts[0]


def test_the_proctor_unlocks(database: Database, room: Room) -> None:
    miss(database, room, 6)
    with database.writing() as session:
        proctoring.unlock(session, room.attempts[0], OFFICE, at())
    assert checked(database, room) == room.attempts[0]


# ---------------------------------------------------------------- seats


def test_the_newest_binding_of_a_seat_counts(database: Database, room: Room) -> None:
    with database.writing() as session:
        signing_in.bind_seat(session, room.code(1), "old", at())
        signing_in.bind_seat(session, f" {room.code(1)} ", "new", at())
        assert signing_in.bound_seat(session, "old") is None
        assert signing_in.bound_seat(session, "new").number == 1
        assert signing_in.bound_seat(session, None) is None


def test_the_seat_code_may_be_typed_as_the_desk_label_prints_it(database: Database, room: Room) -> None:
    code = room.code(2)
    with database.writing() as session:
        for typed in (f"{code[:3]} {code[3:]}", code.translate(FULL_WIDTH)):
            assert signing_in.bind_seat(session, typed, typed, at()).number == 2


def test_an_unknown_seat_code_is_refused(database: Database, room: Room) -> None:
    with pytest.raises(SignInFailed, match="No seat has this code"), database.writing() as session:
        signing_in.bind_seat(session, "000000", "token", at())


def test_todays_sittings_are_those_planned_in_this_room_and_published(database: Database, room: Room) -> None:
    with database.writing() as session:
        add_room(session, 1, name="02 考场", paper=add_paper(session, seed=9))
    day = (MORNING - timedelta(hours=1), MORNING + timedelta(hours=23))
    with database.reading() as session:
        assert [each.name for each in signing_in.todays_sittings(session, room.room, *day)] == ["三级理论 01 考场"]
    with database.writing() as session:
        session.get_one(SittingRow, room.sitting).is_published = False
        assert signing_in.todays_sittings(session, room.room, *day) == []


# ---------------------------------------------------------------- staff


@pytest.fixture
def member(database: Database) -> int:
    with database.writing() as session:
        return add_person(session, "zhang", (Role.ADMINISTRATOR, None))


def staff_in(database: Database, token: str = "token") -> None:
    with database.writing() as session:
        found = signing_in.check_staff(session, "zhang", PASSWORD, at())
        signing_in.begin_staff_session(session, found, token, at())


def is_signed_in(database: Database, moment: Moment | None = None, token: str = "token") -> bool:
    with database.reading() as session:
        return signing_in.staff_of(session, token, moment or at(), AGE) is not None


@pytest.mark.parametrize("login", ["zhang", " ZHANG "])
def test_name_and_password_let_staff_in_with_their_roles(database: Database, member: int, login: str) -> None:
    with database.reading() as session:
        found = signing_in.check_staff(session, login, PASSWORD, at())
    assert (found.id, found.roles) == (member, frozenset({("administrator", None)}))


@pytest.mark.parametrize(
    ("login", "password", "is_active"), [("nobody", PASSWORD, True), ("zhang", "wrong", True), ("zhang", PASSWORD, False), ("", "", True)]
)
def test_every_failure_of_staff_has_the_same_sentence(database: Database, member: int, login: str, password: str, is_active: bool) -> None:
    with database.writing() as session:
        add_person(session, "second", (Role.ADMINISTRATOR, None))
        managing_people.set_active(session, member, is_active=is_active, by=OFFICE, at=at())
    with pytest.raises(SignInFailed, match=STAFF_FAILED), database.reading() as session:
        signing_in.check_staff(session, login, password, at())


def test_an_unknown_name_costs_the_same_work_as_a_known_one() -> None:
    real = PasswordHasher()
    assert extract_parameters(signing_in.UNKNOWN_STAFF) == extract_parameters(real.hash("anything"))
    with pytest.raises(VerifyMismatchError):
        real.verify(signing_in.UNKNOWN_STAFF, "anything")


def test_guessing_a_staff_password_gets_slow_and_says_to_wait(database: Database, member: int) -> None:
    with database.writing() as session:
        for _time in range(6):
            signing_in.count_miss(session, signing_in.staff_throttle("Zhang "), at())
    with pytest.raises(Throttled, match="Please wait"), database.reading() as session:
        signing_in.check_staff(session, "zhang", PASSWORD, at())


@pytest.mark.parametrize(("exam", "is_in"), [(AGE, True), (AGE + timedelta(milliseconds=1), False)])
def test_a_staff_session_ends_by_exam_time_and_never_by_the_wall_clock(database: Database, member: int, exam: timedelta, is_in: bool) -> None:
    staff_in(database)
    for days in (-20_000, 0, 1, 400):
        assert is_signed_in(database, Moment(MORNING + timedelta(days=days), BEGIN + exam)) is is_in


def test_the_staff_token_is_stored_as_its_digest(database: Database, member: int) -> None:
    staff_in(database)
    with database.reading() as session:
        assert session.scalars(select(StaffSessionRow.digest)).all() == [signing_in.token_digest("token")]


def test_signing_out_ends_the_staff_session(database: Database, member: int) -> None:
    staff_in(database)
    with database.writing() as session:
        signing_in.end_staff_session(session, "token")
    assert not is_signed_in(database)


def test_whoever_is_deactivated_or_reset_is_signed_out(database: Database, member: int) -> None:
    with database.writing() as session:
        add_person(session, "second", (Role.ADMINISTRATOR, None))
    staff_in(database)
    with database.writing() as session:
        managing_people.reset_password(session, member, "another password", OFFICE, at())
    assert not is_signed_in(database)
    with database.writing() as session:
        signing_in.begin_staff_session(session, signing_in.check_staff(session, "zhang", "another password", at()), "again", at())
        managing_people.set_active(session, member, is_active=False, by=OFFICE, at=at())
    assert not is_signed_in(database, token="again")
    with database.writing() as session:
        managing_people.set_active(session, member, is_active=True, by=OFFICE, at=at())
    assert not is_signed_in(database, token="again")


def test_a_role_holds_at_its_site_or_everywhere() -> None:
    found = signing_in.StaffMember(1, "n", "l", frozenset({("proctor", 1), ("auditor", None)}), None, False)
    assert [found.has_at(Role.PROCTOR, 1), found.has_at(Role.PROCTOR, 2), found.has_at(Role.AUDITOR, 2)] == [True, False, True]
    assert [found.has(Role.PROCTOR), found.has(Role.ADMINISTRATOR)] == [True, False]


def test_a_paused_room_still_runs_for_whoever_signs_in(database: Database, room: Room) -> None:
    with database.writing() as session:
        start(session, room)
        add_entry(session, room.id, EntryKind.PAUSE, OFFICE, at(SECOND), reason="power")
        assert session.get_one(AttemptRow, room.attempts[0]).phase == "created"
    assert checked(database, room, moment=Moment(MORNING + timedelta(days=9), BEGIN + timedelta(days=9))) == room.attempts[0]
