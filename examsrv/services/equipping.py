"""Sites, their rooms, and the seats in them with the codes that bind a machine to a seat."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.storage.tables import AttemptRow, RoomRow, SeatBindingRow, SeatRow, SiteRow, SittingRoomRow, SittingRow
from question_bank.message import N_, ExamError, Message

NAME_LONGEST = 60
PLACE_LONGEST = 120
SEATS_MOST = 300  # a hall; larger places are planned as several rooms
COLUMNS_MOST = 30


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site with the number of its rooms."""

    id: int
    name: str
    address: str
    rooms: int


@dataclass(frozen=True, slots=True)
class DeskView:
    """A seat: its number on the desk, the code that binds a machine to it, whether it is kept as a spare, whether a machine is bound."""

    number: int
    code: str
    is_spare: bool
    is_bound: bool


@dataclass(frozen=True, slots=True)
class EquippedRoom:
    """A room with its seats in the order of their numbers. `is_published`: a published sitting uses it, so it cannot lose a seat."""

    id: int
    site_id: int
    site: str
    name: str
    place: str
    columns: int
    desks: tuple[DeskView, ...]
    is_published: bool

    @property
    def usable(self) -> int:
        """Return how many seats are not spare."""
        return sum(not desk.is_spare for desk in self.desks)

    @property
    def spare(self) -> int:
        """Return how many seats are spare."""
        return sum(desk.is_spare for desk in self.desks)


def sites(session: Session) -> list[SiteView]:
    """Return all sites by name."""
    counted = Counter(session.scalars(select(RoomRow.site_id)))
    return [SiteView(row.id, row.name, row.address, counted[row.id]) for row in session.scalars(select(SiteRow).order_by(SiteRow.name))]


def site(session: Session, number: int) -> SiteView:
    """Return one site; refuses a number that none has."""
    found = next((each for each in sites(session) if each.id == number), None)
    if found is None:
        raise ExamError(Message(N_("There is no such site.")))
    return found


def create_site(session: Session, name: str, address: str, by: Actor, at: Moment) -> int:
    """Add a site and return its number. Two sites never have the same name."""
    row = SiteRow(name=_site_name(session, name, None), address=_text(address))
    session.add(row)
    session.flush()
    record(session, "site.created", f"site/{row.id}", by, at)
    return row.id


def change_site(session: Session, number: int, name: str, address: str, by: Actor, at: Moment) -> None:
    """Change name and address."""
    row = session.get_one(SiteRow, number)
    row.name, row.address = _site_name(session, name, number), _text(address)
    record(session, "site.changed", f"site/{number}", by, at)


def rooms(session: Session, site_ids: Collection[int] | None = None) -> list[EquippedRoom]:
    """Return the rooms of some sites (None: of all), by site and name."""
    query = select(RoomRow.id).join(SiteRow, SiteRow.id == RoomRow.site_id).order_by(SiteRow.name, RoomRow.name)
    if site_ids is not None:
        query = query.where(RoomRow.site_id.in_(site_ids))
    return [room(session, number) for number in session.scalars(query).all()]


def room(session: Session, number: int) -> EquippedRoom:
    """Return one room; refuses a number that none has."""
    row = session.get(RoomRow, number)
    if row is None:
        raise ExamError(Message(N_("There is no such room.")))
    bound = set(session.scalars(select(SeatBindingRow.seat_id).join(SeatRow, SeatRow.id == SeatBindingRow.seat_id).where(SeatRow.room_id == number)))
    seats = session.scalars(select(SeatRow).where(SeatRow.room_id == number).order_by(SeatRow.number))
    desks = tuple(DeskView(seat.number, seat.code, seat.is_spare, seat.id in bound) for seat in seats)
    name = session.get_one(SiteRow, row.site_id).name
    return EquippedRoom(number, row.site_id, name, row.name, row.place, row.columns, desks, _is_published(session, number))


def site_of_room(session: Session, number: int) -> int | None:
    """Return the site that a room is at; None when there is no such room."""
    row = session.get(RoomRow, number)
    return row.site_id if row else None


def create_room(
    session: Session, site_id: int, name: str, place: str, seats: int, spares: int, columns: int, new_code: Callable[[], str], by: Actor, at: Moment
) -> int:
    """Add a room with `seats` seats and after them `spares` spare ones, numbered on from 1; return its number. `new_code` gives six digits."""
    if session.get(SiteRow, site_id) is None:
        raise ExamError(Message(N_("There is no such site.")))
    if seats <= 0:
        raise ExamError(Message(N_("A room has at least one seat that is not spare.")))
    row = RoomRow(site_id=site_id, name=_room_name(session, site_id, name, None), place=_text(place), columns=_columns(columns))
    session.add(row)
    session.flush()
    _add(session, row.id, seats, is_spare=False, new_code=new_code)
    _add(session, row.id, spares, is_spare=True, new_code=new_code)
    record(session, "room.created", f"room/{row.id}", by, at, seats=seats, spares=spares)
    return row.id


def change_room(session: Session, number: int, name: str, place: str, columns: int, by: Actor, at: Moment) -> None:
    """Change the name, where the room is and how its seats stand."""
    row = session.get_one(RoomRow, number)
    row.name, row.place, row.columns = _room_name(session, row.site_id, name, number), _text(place), _columns(columns)
    record(session, "room.changed", f"room/{number}", by, at)


def add_seats(session: Session, number: int, count: int, *, are_spare: bool, new_code: Callable[[], str], by: Actor, at: Moment) -> None:
    """Add seats after the last one, each with a code of its own."""
    if count <= 0:
        raise ExamError(Message(N_("Add at least one seat.")))
    _add(session, number, count, is_spare=are_spare, new_code=new_code)
    record(session, "room.seats_added", f"room/{number}", by, at, count=count, spare=are_spare)


def set_spares(session: Session, number: int, spares: Collection[int], by: Actor, at: Moment) -> None:
    """Make exactly these seats the spare ones. A seat where somebody of a published sitting still has to sit cannot become spare."""
    seats = session.scalars(select(SeatRow).where(SeatRow.room_id == number)).all()
    taken = _taken_seats(session, number)
    for seat in seats:
        if seat.number in spares and not seat.is_spare and seat.number in taken:
            raise ExamError(
                Message(N_("Seat %(seat)s is given to a candidate of a published sitting; it cannot become spare."), {"seat": seat.number})
            )
        seat.is_spare = seat.number in spares
    if all(seat.is_spare for seat in seats):
        raise ExamError(Message(N_("A room has at least one seat that is not spare.")))
    record(session, "room.spares", f"room/{number}", by, at, spares=" ".join(str(seat) for seat in sorted(spares)))


def remove_last_seats(session: Session, number: int, count: int, by: Actor, at: Moment) -> None:
    """Take the seats with the highest numbers away. Refused while a published sitting uses the room, and for the last seat in use."""
    if _is_published(session, number):
        raise ExamError(Message(N_("A published sitting uses this room; it cannot lose seats.")))
    seats = session.scalars(select(SeatRow).where(SeatRow.room_id == number).order_by(SeatRow.number.desc())).all()
    if not 0 < count < len(seats) or all(seat.is_spare for seat in seats[count:]):
        raise ExamError(Message(N_("A room has at least one seat that is not spare.")))
    gone = [seat.id for seat in seats[:count]]
    session.execute(delete(SeatBindingRow).where(SeatBindingRow.seat_id.in_(gone)))
    session.execute(delete(SeatRow).where(SeatRow.id.in_(gone)))
    record(session, "room.seats_removed", f"room/{number}", by, at, count=count)


def renew_codes(session: Session, number: int, new_code: Callable[[], str], by: Actor, at: Moment) -> int:
    """Give every seat a new code and unbind the machines, which have to be bound anew; return how many. Refused while candidates are answering."""
    answering = select(AttemptRow.id).join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
    if session.scalars(answering.where(SittingRoomRow.room_id == number, AttemptRow.phase == Phase.RUNNING).limit(1)).first() is not None:
        raise ExamError(Message(N_("Candidates are answering in this room; the codes can be renewed when they are done.")))
    seats = session.scalars(select(SeatRow).where(SeatRow.room_id == number)).all()
    codes = _fresh_codes(session, len(seats), new_code)
    for seat, code in zip(seats, codes, strict=True):
        seat.code = code
    session.execute(delete(SeatBindingRow).where(SeatBindingRow.seat_id.in_([seat.id for seat in seats])))
    record(session, "room.codes_renewed", f"room/{number}", by, at, seats=len(seats))
    return len(seats)


def _add(session: Session, number: int, count: int, *, is_spare: bool, new_code: Callable[[], str]) -> None:
    last = session.scalar(select(func.max(SeatRow.number)).where(SeatRow.room_id == number)) or 0
    if count < 0 or last + count > SEATS_MOST:
        raise ExamError(Message(N_("A room has at most %(most)d seats."), {"most": SEATS_MOST}))
    codes = _fresh_codes(session, count, new_code)
    session.add_all(SeatRow(room_id=number, number=last + place, code=code, is_spare=is_spare) for place, code in enumerate(codes, start=1))
    session.flush()


def _fresh_codes(session: Session, count: int, new_code: Callable[[], str]) -> list[str]:
    """Return codes that no seat has, nor had until now."""
    used = set(session.scalars(select(SeatRow.code)))
    fresh: list[str] = []
    while len(fresh) < count:
        code = new_code()
        if code not in used:
            used.add(code)
            fresh.append(code)
    return fresh


def _is_published(session: Session, number: int) -> bool:
    query = select(SittingRow.id).join(SittingRoomRow, SittingRoomRow.sitting_id == SittingRow.id)
    return session.scalars(query.where(SittingRoomRow.room_id == number, SittingRow.is_published).limit(1)).first() is not None


def _taken_seats(session: Session, number: int) -> set[int]:
    """Return the seats where somebody of a published sitting still has to sit."""
    query = (
        select(AttemptRow.seat)
        .join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
        .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
        .where(SittingRoomRow.room_id == number, SittingRow.is_published, AttemptRow.phase.in_((Phase.CREATED, Phase.RUNNING)))
    )
    return set(session.scalars(query))


def _site_name(session: Session, name: str, number: int | None) -> str:
    stripped = _name(name)
    other = session.scalars(select(SiteRow.id).where(SiteRow.name == stripped)).first()
    if other not in (None, number):
        raise ExamError(Message(N_("There is a site called %(name)s already."), {"name": stripped}))
    return stripped


def _room_name(session: Session, site_id: int, name: str, number: int | None) -> str:
    stripped = _name(name)
    other = session.scalars(select(RoomRow.id).where(RoomRow.site_id == site_id, RoomRow.name == stripped)).first()
    if other not in (None, number):
        raise ExamError(Message(N_("The site has a room called %(name)s already."), {"name": stripped}))
    return stripped


def _name(name: str) -> str:
    stripped = name.strip()
    if not stripped or len(stripped) > NAME_LONGEST:
        raise ExamError(Message(N_("A name has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    return stripped


def _text(text: str) -> str:
    stripped = text.strip()
    if len(stripped) > PLACE_LONGEST:
        raise ExamError(Message(N_("At most %(longest)d characters."), {"longest": PLACE_LONGEST}))
    return stripped


def _columns(columns: int) -> int:
    if not 0 < columns <= COLUMNS_MOST:
        raise ExamError(Message(N_("A room has 1 to %(most)d seats in a row."), {"most": COLUMNS_MOST}))
    return columns
