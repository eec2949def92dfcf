"""Everything a rehearsal needs, made by services alone: people, rooms, papers, published sittings. Only in a database marked for it."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.roles import Role
from examsrv.rules.staffing import persons_required
from examsrv.services import equipping, planning, publishing, rehearsing, rostering, staffing_rooms
from examsrv.services.banking import import_pack
from examsrv.services.inventing import CandidateWay, Chance, id_number, roster_csv, sealed_forms
from examsrv.services.managing_people import add_person, people
from examsrv.services.rehearsing import RehearsedItem
from examsrv.services.roster_entries import read_roster
from examsrv.services.signing_in import password_hash
from examsrv.services.standards import standard_of
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from question_bank.message import N_, ExamError, Message
from question_bank.pack import Pack

MOST_CANDIDATES = 10_000
SEATS, COLUMNS = 30, 6
ROOMS_OF_A_SITTING = 40  # a larger sitting is several: no roster has more rows than a file may have
SITE, ADDRESS, PLACE = "演练考点", "虚拟考点，仅供演练", "演练"
LEVEL, COMPONENT, FORMS = "L3", "theory", 2
LIMIT, NONE = timedelta(minutes=90), timedelta()
ADMINISTRATORS = ("yl-admin1", "yl-admin2")
PASSWORD_PURPOSE, PIN_PURPOSE = "rehearsal password", "rehearsal pin"
PASSWORD_LENGTH, PIN_LENGTH = 20, 8


@dataclass(frozen=True, slots=True)
class VirtualStaff:
    """How a virtual member of staff signs in; `pin` on the board of a room."""

    person: int
    name: str
    login: str
    password: str
    pin: str


@dataclass(frozen=True, slots=True)
class VirtualRoom:
    """A sitting in a room (`id` is the number in the address of its board), with the proctors that the rule asks for."""

    id: int
    name: str
    proctors: tuple[VirtualStaff, ...]


@dataclass(frozen=True, slots=True)
class VirtualSeat:
    """A virtual candidate: how to bind the seat and sign in, which attempt it is, which paper is dealt."""

    attempt: str
    ticket: str
    id_number: str
    seat_code: str
    room: int
    seat: int
    paper: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A rehearsal that is set up: everything its virtual people need to know, and what the check needs to judge. `items` by paper and number."""

    sittings: tuple[int, ...]
    rooms: tuple[VirtualRoom, ...]
    candidates: tuple[VirtualSeat, ...]
    administrators: tuple[VirtualStaff, VirtualStaff]
    items: Mapping[str, Mapping[int, RehearsedItem]]
    limit: timedelta


def set_up(
    database: Database,
    secret: Secret,
    pack: Pack,
    chance: Chance,
    candidates: int,
    at: Moment,
    *,
    seats: int = SEATS,
    hashed: Callable[[str], str] = password_hash,
    told: Callable[[int], None] = lambda _count: None,
) -> Plan:
    """Set up fresh sittings for `candidates` in rooms of `seats`, without an earliest leaving; what an earlier rehearsal left is used again.

    Refused in a database that is not marked for rehearsals. `hashed` hashes the one password and the one PIN of all virtual staff: a bench
    that is not about signing in may give a cheap one. `told` hears how many candidates are seated. The server may be running.
    """
    if not 0 < candidates <= MOST_CANDIDATES:
        raise ExamError(Message(N_("A rehearsal has 1 to %(most)d candidates."), {"most": MOST_CANDIDATES}))
    with database.writing() as session:
        rehearsing.require_rehearsal(session)
        import_pack(session, pack, SERVER, at)
    staff = _Staff(database, secret, hashed, at)
    administrators = staff.administrators()
    by = Actor(administrators[0].person, administrators[0].name)
    second = Actor(administrators[1].person, administrators[1].name)
    forms = sealed_forms(database, pack.code, LEVEL, COMPONENT, FORMS, (by, second), chance.seed(), at)
    sizes = [min(seats, candidates - first) for first in range(0, candidates, seats)]
    with database.reading() as session:
        rule = standard_of(session, pack.code).staffing.proctors
    needed = [persons_required(rule, size) for size in sizes]
    proctors = iter(staff.proctors(sum(needed)))
    rooms = _rooms(database, len(sizes), seats, chance, by, at)
    made = _Made([], [], [])
    for first in range(0, len(sizes), ROOMS_OF_A_SITTING):
        held = range(first, min(first + ROOMS_OF_A_SITTING, len(sizes)))
        planned = [_PlannedRoom(rooms[place], sizes[place], tuple(next(proctors) for _ in range(needed[place]))) for place in held]
        with database.writing() as session:
            _sitting(session, secret, pack.code, forms, planned, made, chance, by, at)
        told(len(made.candidates))
    with database.reading() as session:
        items = rehearsing.rehearsed_items(session, {seat.paper for seat in made.candidates})
    return Plan(tuple(made.sittings), tuple(made.rooms), tuple(made.candidates), administrators, items, LIMIT)


@dataclass(frozen=True, slots=True)
class _PlannedRoom:
    room: equipping.EquippedRoom
    candidates: int
    proctors: tuple[VirtualStaff, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    sittings: list[int]
    rooms: list[VirtualRoom]
    candidates: list[VirtualSeat]


class _Staff:
    """The virtual staff: one password and one PIN for all, known to whoever has the installation's secret, hashed once."""

    def __init__(self, database: Database, secret: Secret, hashed: Callable[[str], str], at: Moment) -> None:
        self.database, self.at = database, at
        self.password = secret.keyed(PASSWORD_PURPOSE, SITE)[:PASSWORD_LENGTH]
        self.pin = str(int(secret.keyed(PIN_PURPOSE, SITE), 16))[:PIN_LENGTH]
        self.hashes = (hashed(self.password), hashed(self.pin))
        with database.reading() as session:
            self.known = {person.login: person for person in people(session)}

    def administrators(self) -> tuple[VirtualStaff, VirtualStaff]:
        first, second = ADMINISTRATORS
        with self.database.writing() as session:
            return self._one(session, first, "演练管理员甲", Role.ADMINISTRATOR), self._one(session, second, "演练管理员乙", Role.ADMINISTRATOR)

    def proctors(self, count: int) -> list[VirtualStaff]:
        with self.database.writing() as session:
            return [self._one(session, f"yl-proctor{number}", f"演练监考员{number}", Role.PROCTOR) for number in range(1, count + 1)]

    def _one(self, session: Session, login: str, name: str, role: Role) -> VirtualStaff:
        found = self.known.get(login)
        person = found.id if found else add_person(session, login, name, *self.hashes, [(role, None)], SERVER, self.at)
        return VirtualStaff(person, name, login, self.password, self.pin)


def _rooms(database: Database, count: int, seats: int, chance: Chance, by: Actor, at: Moment) -> list[equipping.EquippedRoom]:
    """Return `count` rooms with enough seats, those of earlier rehearsals first."""
    with database.writing() as session:
        site = next((each.id for each in equipping.sites(session) if each.name == SITE), None)
        if site is None:
            site = equipping.create_site(session, SITE, ADDRESS, by, at)
        there = equipping.rooms(session, [site])
        found = [room for room in there if room.usable >= seats][:count]
        taken = {room.name for room in there}
        fresh = (name for number in itertools.count(1) if (name := f"{number:03} 考场") not in taken)
        while len(found) < count:
            made = equipping.create_room(session, site, next(fresh), PLACE, seats, 0, min(seats, COLUMNS), chance.code, by, at)
            found.append(equipping.room(session, made))
        return found


def _sitting(
    session: Session, secret: Secret, pack: str, forms: int, rooms: Sequence[_PlannedRoom], made: _Made, chance: Chance, by: Actor, at: Moment
) -> None:
    """Plan and publish one sitting in these rooms, and add what was made."""
    name = f"演练第 {len(made.sittings) + 1} 场（{sum(planned.candidates for planned in rooms)} 名虚拟考生）"
    draft = planning.SittingDraft(name, rooms[0].room.site_id, pack, LEVEL, COMPONENT, at.wall, LIMIT, NONE, NONE, shows_mark=False)
    sitting = planning.create_sitting(session, draft, by, at)
    planning.choose_forms(session, sitting, forms, by, at)
    ways: list[CandidateWay] = []
    for planned in rooms:
        held = planning.add_room(session, sitting, planned.room.id, by, at)
        persons = [proctor.person for proctor in planned.proctors]
        staffing_rooms.set_duties(session, held, persons, persons[0], by, at)
        made.rooms.append(VirtualRoom(held, planned.room.name, planned.proctors))
        first = len(made.candidates) + len(ways)
        ways += [_way(sitting, first + place, planned.room, desk) for place, desk in enumerate(planned.room.desks[: planned.candidates])]
    roster = read_roster("rehearsal.csv", roster_csv(ways))
    rostering.import_roster(session, secret, sitting, roster, roster.digest, by, at, chance.public_id, chance.seed, chance.key)
    publishing.publish(session, sitting, by, at)
    made.sittings.append(sitting)
    made.candidates.extend(_seats(session, sitting, ways))


def _way(sitting: int, number: int, room: equipping.EquippedRoom, desk: equipping.DeskView) -> CandidateWay:
    return CandidateWay(f"演练考生{number + 1:05}", f"YL{sitting:05}{number + 1:05}", id_number(number), room.name, desk.number, desk.code)


def _seats(session: Session, sitting: int, ways: Sequence[CandidateWay]) -> list[VirtualSeat]:
    dealt = rehearsing.dealt_out(session, sitting)
    found = []
    for way in ways:
        own = dealt[way.ticket]
        found.append(VirtualSeat(own.attempt, way.ticket, way.id_number, way.seat_code, own.sitting_room, way.seat, own.paper))
    return found
