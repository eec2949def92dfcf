"""Signing in and out: staff by name and password, candidates by ticket and identity number at a bound seat. Misses slow the next try down."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from examsrv.domain.identity import without_blanks
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.roles import Role
from examsrv.domain.time_ledger import time_state
from examsrv.services.auditing import record
from examsrv.services.candidates import identity_digest
from examsrv.services.ledger import room_ledger
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    CandidateRow,
    CandidateSessionRow,
    PersonRow,
    RoleGrantRow,
    RoomRow,
    SeatBindingRow,
    SeatRow,
    SittingRoomRow,
    SittingRow,
    StaffSessionRow,
    ThrottleRow,
)
from question_bank.message import N_, ExamError, Message

STAFF_HASHER = PasswordHasher()
FREE_MISSES = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
DOUBLING = 2
MOST_DOUBLINGS = 10
NEAR = timedelta(hours=24)
PASSWORD_LEAST = 10
PIN_LEAST = 4
UNKNOWN_STAFF = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$F1Vqvx0Ju1eAzfCWHBCgLzqLhuiiJq6MC7xgzs0nKfg"
SIGN_IN_FAILED = N_("Please check the ticket number and the identity document number.")
STAFF_SIGN_IN_FAILED = N_("The name or the password is not right.")
TOO_MANY = N_("Too many tries. Please raise your hand: the proctor can unlock the sign-in.")
TOO_MANY_WAIT = N_("Too many tries. Please wait a while, then try again.")


class SignInFailed(ExamError):
    """What was entered does not fit; the sentence is the same whatever was wrong. The miss has to be kept by the caller's `count_miss`."""


class Throttled(ExamError):
    """Too many misses; only time or a proctor helps."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the staff, with the roles held: role to the sites it holds at, where None means all."""

    id: int
    name: str
    login: str
    roles: frozenset[tuple[str, int | None]]
    language: str | None
    must_change_password: bool

    @property
    def actor(self) -> Actor:
        """Return this person as who acts."""
        return Actor(self.id, self.name)

    def has(self, role: Role) -> bool:
        """Tell whether the role is held anywhere."""
        return any(held == role for held, _site in self.roles)

    def has_at(self, role: Role, site: int) -> bool:
        """Tell whether the role is held at `site`."""
        return (role, site) in self.roles or (role, None) in self.roles


@dataclass(frozen=True, slots=True)
class BoundSeat:
    """The seat that a machine stands at."""

    seat_id: int
    room_id: int
    room: str
    number: int
    is_spare: bool


def token_digest(token: str) -> str:
    """Return what is stored of a cookie's value: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def password_hash(password: str) -> str:
    """Return the argon2 hash of a staff password or PIN."""
    return STAFF_HASHER.hash(password)


def password_fits(stored: str | None, given: str) -> bool:
    """Tell whether `given` fits; costs the same when there is nothing stored."""
    try:
        STAFF_HASHER.verify(stored or UNKNOWN_STAFF, given)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def check_staff(session: Session, login: str, password: str, at: Moment) -> StaffMember:
    """Return the active member of staff whom name and password name; refuses with one sentence for everything that does not fit."""
    require_not_throttled(session, staff_throttle(login), at)
    row = session.scalars(select(PersonRow).where(PersonRow.login == login.strip().lower())).one_or_none()
    fits = password_fits(row.password_hash if row else None, password)
    if row is None or not fits or not row.is_active:
        raise SignInFailed(Message(STAFF_SIGN_IN_FAILED))
    return staff_member(session, row)


def begin_staff_session(session: Session, member: StaffMember, token: str, at: Moment) -> None:
    """Sign a checked member of staff in with a fresh token."""
    forget_misses(session, staff_throttle(member.login))
    session.add(StaffSessionRow(digest=token_digest(token), person_id=member.id, began=at.exam, wall=at.wall))
    session.flush()
    record(session, "staff.signed_in", f"person/{member.id}", member.actor, at)


STAFF = (
    select(
        StaffSessionRow.began,
        PersonRow.id,
        PersonRow.name,
        PersonRow.login,
        PersonRow.language,
        PersonRow.must_change_password,
        RoleGrantRow.role,
        RoleGrantRow.site_id,
    )
    .join(PersonRow, PersonRow.id == StaffSessionRow.person_id)
    .outerjoin(RoleGrantRow, RoleGrantRow.person_id == PersonRow.id)
    .where(StaffSessionRow.digest == bindparam("digest"), PersonRow.is_active)
)


def staff_of(session: Session, token: str, at: Moment, age: timedelta) -> StaffMember | None:
    """Return who is signed in with `token`, or None; a session ends after `age` of exam time."""
    rows = session.execute(STAFF, {"digest": token_digest(token)}).all()
    if not rows or at.exam - rows[0].began > age:
        return None
    roles = frozenset((row.role, row.site_id) for row in rows if row.role is not None)
    return StaffMember(rows[0].id, rows[0].name, rows[0].login, roles, rows[0].language, rows[0].must_change_password)


def end_staff_session(session: Session, token: str) -> None:
    """Sign out."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.digest == token_digest(token)))


def staff_member(session: Session, row: PersonRow) -> StaffMember:
    """Return a person with the roles granted."""
    grants = session.execute(select(RoleGrantRow.role, RoleGrantRow.site_id).where(RoleGrantRow.person_id == row.id))
    roles = frozenset((grant.role, grant.site_id) for grant in grants)
    return StaffMember(row.id, row.name, row.login, roles, row.language, row.must_change_password)


def bind_seat(session: Session, code: str, token: str, at: Moment) -> BoundSeat:
    """Bind this machine's browser to the seat that shows `code`; an older binding of the seat ends."""
    seat = session.scalars(select(SeatRow).where(SeatRow.code == without_blanks(code))).one_or_none()
    if seat is None:
        raise SignInFailed(Message(N_("No seat has this code. Please look at the label on the desk.")))
    session.execute(delete(SeatBindingRow).where(SeatBindingRow.seat_id == seat.id))
    session.add(SeatBindingRow(digest=token_digest(token), seat_id=seat.id, wall=at.wall))
    session.flush()
    return _bound(session, seat)


def bound_seat(session: Session, token: str | None) -> BoundSeat | None:
    """Return the seat this machine is bound to."""
    binding = session.get(SeatBindingRow, token_digest(token)) if token else None
    seat = session.get(SeatRow, binding.seat_id) if binding else None
    return _bound(session, seat) if seat else None


def check_candidate(session: Session, secret: Secret, ticket: str, id_number: str, seat: BoundSeat, at: Moment) -> str:
    """Return the attempt of the candidate whom ticket and identity number name, if this machine stands at the right place.

    Both numbers are compared as keyed digests in constant time and the refusal is one sentence whatever was wrong. Only when they fit, a wrong
    room or seat is told with the right one.
    """
    require_not_throttled(session, candidate_throttle(ticket, seat), at, TOO_MANY)
    query = select(AttemptRow, CandidateRow).join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
    found = session.execute(query.where(AttemptRow.ticket == without_blanks(ticket))).one_or_none()
    given = identity_digest(secret, id_number)
    stored = found.CandidateRow.identity if found else secret.keyed("nobody", ticket)
    if not hmac.compare_digest(given, stored) or found is None:
        raise SignInFailed(Message(SIGN_IN_FAILED))
    attempt: AttemptRow = found.AttemptRow
    _require_place(session, attempt, seat, at)
    return attempt.id


def begin_candidate_session(session: Session, attempt: str, ticket: str, seat: BoundSeat, token: str, at: Moment) -> None:
    """Sign the candidate in at `seat`. A session at another seat stays: only the proctor's word takes the attempt away from that machine."""
    forget_misses(session, candidate_throttle(ticket, seat))
    session.execute(delete(CandidateSessionRow).where(CandidateSessionRow.attempt_id == attempt, CandidateSessionRow.seat == seat.number))
    session.add(CandidateSessionRow(digest=token_digest(token), attempt_id=attempt, seat=seat.number, began=at.exam, wall=at.wall))
    session.flush()
    record(session, "candidate.signed_in", f"attempt/{attempt}", Actor(None, "candidate"), at, seat=seat.number)


@dataclass(frozen=True, slots=True)
class CandidateSession:
    """A candidate's session: which attempt, at which seat's machine; cut off once the candidate was moved away from it."""

    attempt: str
    seat: int
    is_cut_off: bool = False


def candidate_session(session: Session, token: str) -> CandidateSession | None:
    """Return the candidate's session of `token`; it has no age, it ends with the attempt's clearing or another sign-in."""
    row = session.get(CandidateSessionRow, token_digest(token))
    return CandidateSession(row.attempt_id, row.seat, row.cut_off is not None) if row else None


def end_candidate_session(session: Session, token: str) -> None:
    """Sign the candidate out."""
    session.execute(delete(CandidateSessionRow).where(CandidateSessionRow.digest == token_digest(token)))


def staff_throttle(login: str) -> str:
    """Return the key under which a staff name's misses are counted."""
    return token_digest(f"staff/{login.strip().lower()}")


def candidate_throttle(ticket: str, seat: BoundSeat) -> str:
    """Return the key under which misses are counted: by ticket and seat, so that no neighbour can lock somebody out."""
    return token_digest(f"candidate/{without_blanks(ticket)}/{seat.seat_id}")


def require_not_throttled(session: Session, key: str, at: Moment, sentence: str = TOO_MANY_WAIT) -> None:
    """Refuse with `sentence` while the delay after earlier misses lasts."""
    row = session.get(ThrottleRow, key)
    if row is not None and row.until > at.exam:
        raise Throttled(Message(sentence))


def count_miss(session: Session, key: str, at: Moment, ticket: str | None = None) -> None:
    """Count a miss; from the sixth on the next try has to wait, each time twice as long. The ticket's proctor sees it."""
    row = session.get(ThrottleRow, key)
    if row is None:
        attempt = session.scalars(select(AttemptRow.id).where(AttemptRow.ticket == without_blanks(ticket))).one_or_none() if ticket else None
        row = ThrottleRow(key=key, misses=0, until=timedelta(), attempt_id=attempt)
        session.add(row)
    row.misses += 1
    over = row.misses - FREE_MISSES
    if over > 0:
        row.until = at.exam + min(LONGEST_DELAY, FIRST_DELAY * DOUBLING ** min(over - 1, MOST_DOUBLINGS))


def forget_misses(session: Session, key: str) -> None:
    """Forget the misses after a success."""
    session.execute(delete(ThrottleRow).where(ThrottleRow.key == key))


@dataclass(frozen=True, slots=True)
class PlannedSitting:
    """A sitting as the door of its room announces it."""

    name: str
    planned: datetime
    room: str


def todays_sittings(session: Session, room: int, since: datetime, until: datetime) -> list[PlannedSitting]:
    """Return the sittings planned in a room between two instants, the next first."""
    rows = session.execute(
        select(SittingRow.name, SittingRow.planned, RoomRow.name.label("room"))
        .join(SittingRoomRow, SittingRoomRow.sitting_id == SittingRow.id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(SittingRoomRow.room_id == room, SittingRow.planned.between(since, until), SittingRow.is_published)
        .order_by(SittingRow.planned)
    )
    return [PlannedSitting(row.name, row.planned, row.room) for row in rows]


def _bound(session: Session, seat: SeatRow) -> BoundSeat:
    room = session.get_one(RoomRow, seat.room_id)
    return BoundSeat(seat.id, room.id, room.name, seat.number, seat.is_spare)


def _require_place(session: Session, attempt: AttemptRow, seat: BoundSeat, at: Moment) -> None:
    sitting_room = session.get_one(SittingRoomRow, attempt.sitting_room_id)
    sitting = session.get_one(SittingRow, attempt.sitting_id)
    if not sitting.is_published:
        raise SignInFailed(Message(N_("This sitting is not open yet. Please ask the proctor.")))
    if abs(sitting.planned - at.wall) > NEAR and not _is_going_on(session, sitting_room.id, sitting, attempt, at):
        raise SignInFailed(Message(N_("Your sitting is planned for %(day)s."), {"day": sitting.planned}))
    right = session.get_one(RoomRow, sitting_room.room_id)
    if sitting_room.room_id != seat.room_id or not (seat.number == attempt.seat or seat.is_spare):
        text = N_("This is room %(room)s, seat %(seat)s. Your place is room %(right_room)s, seat %(right_seat)s.")
        values = {"room": seat.room, "seat": f"{seat.number:02}", "right_room": right.name, "right_seat": f"{attempt.seat:02}"}
        raise SignInFailed(Message(text, values))


def _is_going_on(session: Session, sitting_room: int, sitting: SittingRow, attempt: AttemptRow, at: Moment) -> bool:
    """Tell whether the room's time runs: then it is the day, whatever the wall clock has jumped to."""
    time = time_state(room_ledger(session, sitting_room), sitting.limit, at.exam, attempt.id)
    return time.started is not None and not time.is_over
