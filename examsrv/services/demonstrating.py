"""A ready-made examination to try the program with: invented people, one sitting that waits to be started. Refused where real work is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.roles import Role
from examsrv.services import equipping, planning, publishing, rostering, staffing_rooms
from examsrv.services.auditing import record
from examsrv.services.banking import import_pack
from examsrv.services.inventing import CandidateWay, Chance, id_number, roster_csv, sealed_forms
from examsrv.services.managing_people import create_person, has_staff
from examsrv.services.rehearsing import is_for_rehearsal
from examsrv.services.roster_entries import read_roster
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AuditRow, PersonRow, SeatRow, SiteRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.pack import Pack

MADE = "demo.made"
PASSWORD = "examsrv-demo"  # noqa: S105 -- the one default password there is, for invented people in a demonstration only
SITE, INSTITUTION_PLACE = "示例考点", "示例市示例路 1 号"
COMPONENT, FORMS = "theory", 2
SOON = timedelta(minutes=10)
FIVE_MINUTES = timedelta(minutes=5)
LIMIT, LATE, LEAVE = timedelta(minutes=90), timedelta(minutes=30), timedelta(minutes=30)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏"
GIVEN = ["明华", "晓燕", "志强", "丽娜", "建国", "文静", "海涛", "雪梅", "俊杰", "思远", "雅琴", "立新"]

STAFF = (
    ("admin1", "管理员甲", Role.ADMINISTRATOR, None),
    ("admin2", "管理员乙", Role.ADMINISTRATOR, None),
    ("proctor1", "监考员甲", Role.PROCTOR, "1001"),
    ("proctor2", "监考员乙", Role.PROCTOR, "1002"),
    ("proctor3", "监考员丙", Role.PROCTOR, "1003"),
    ("proctor4", "监考员丁", Role.PROCTOR, "1004"),
    ("proctor5", "监考员戊", Role.PROCTOR, "1005"),
    ("author", "命题员甲", Role.AUTHOR, None),
    ("reviewer", "审题员甲", Role.REVIEWER, None),
    ("auditor", "督导员甲", Role.AUDITOR, None),
)


@dataclass(frozen=True, slots=True)
class RoomOffered:
    """A room with its seats, and who proctors there."""

    name: str
    place: str
    seats: int
    spares: int
    columns: int
    proctors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelOffered:
    """A theory sitting: which level, in which rooms. `first` is the number of its first invented candidate."""

    level: str
    name: str
    rooms: tuple[RoomOffered, ...]
    first: int = 0


FIRST_LEVEL = LevelOffered(
    "L3",
    "三级",
    (
        RoomOffered("01 考场", "实训楼 401", 31, 5, 6, ("proctor1", "proctor2", "proctor3")),
        RoomOffered("02 考场", "实训楼 402", 6, 2, 4, ("proctor4", "proctor5")),
    ),
)
FURTHER_LEVELS = (
    LevelOffered("L4", "四级", (RoomOffered("04 考场", "实训楼 404", 4, 2, 3, ("proctor1", "proctor2")),), 100),
    LevelOffered("L2", "二级", (RoomOffered("05 考场", "实训楼 405", 4, 2, 3, ("proctor2", "proctor3")),), 200),
    LevelOffered("L1", "一级", (RoomOffered("06 考场", "实训楼 406", 4, 2, 3, ("proctor4", "proctor5")),), 300),
)
"""The other levels have a small sitting each, so that every level can be tried."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was made: the sitting, and how to sign in."""

    sitting: str
    staff: tuple[tuple[str, str, Role, str | None], ...]
    candidates: tuple[CandidateWay, ...]


def make_demonstration(database: Database, secret: Secret, pack: Pack, chance: Chance, at: Moment) -> Demonstration:
    """Make what is missing of the demonstration, and a fresh sitting. Refused in a database that somebody uses for real."""
    with database.reading() as session:
        _require_demonstration(session)
    with database.writing() as session:
        import_pack(session, pack, SERVER, at)
        people = _people(session, at)
    return _with_fresh_sitting(database, secret, pack, FIRST_LEVEL, people, chance, at)


def make_further_levels(database: Database, secret: Secret, pack: Pack, chance: Chance, at: Moment) -> list[Demonstration]:
    """Add a fresh sitting of each other level to a demonstration that was made; staff is the same."""
    with database.reading() as session:
        people = _known(session)
    made = [_with_fresh_sitting(database, secret, pack, offered, people, chance, at) for offered in FURTHER_LEVELS]
    return [replace(each, staff=()) for each in made]


def _with_fresh_sitting(
    database: Database, secret: Secret, pack: Pack, offered: LevelOffered, people: dict[str, Actor], chance: Chance, at: Moment
) -> Demonstration:
    with database.writing() as session:
        site = _site(session, offered.rooms, people["admin1"], chance, at)
    form_set = sealed_forms(database, pack.code, offered.level, COMPONENT, FORMS, (people["admin1"], people["admin2"]), chance.seed(), at)
    with database.writing() as session:
        return _fresh_sitting(session, secret, pack.code, site, offered, form_set, people, chance, at)


def _require_demonstration(session: Session) -> None:
    if is_for_rehearsal(session):
        raise ExamError(Message(N_("This database is marked for rehearsals only.")))
    is_demonstration = session.scalars(select(AuditRow.number).where(AuditRow.act == MADE).limit(1)).first() is not None
    if has_staff(session) and not is_demonstration:
        raise ExamError(Message(N_("This database is in real use; the demonstration would put invented people into it.")))


def _known(session: Session) -> dict[str, Actor]:
    return {row.login: Actor(row.id, row.name) for row in session.scalars(select(PersonRow))}


def _people(session: Session, at: Moment) -> dict[str, Actor]:
    known = _known(session)
    if known:
        return known
    for login, name, role, pin in STAFF:
        known[login] = Actor(create_person(session, login, name, PASSWORD, [(role, None)], SERVER, at, pin=pin), name)
    record(session, MADE, "demo", SERVER, at)
    return known


def _site(session: Session, rooms: Sequence[RoomOffered], by: Actor, chance: Chance, at: Moment) -> int:
    site = session.scalars(select(SiteRow.id).where(SiteRow.name == SITE)).first()
    if site is None:
        site = equipping.create_site(session, SITE, INSTITUTION_PLACE, by, at)
    there = {each.name for each in equipping.rooms(session, [site])}
    for room in rooms:
        if room.name not in there:
            equipping.create_room(session, site, room.name, room.place, room.seats, room.spares, room.columns, chance.code, by, at)
    return site


def _fresh_sitting(
    session: Session,
    secret: Secret,
    pack: str,
    site: int,
    offered: LevelOffered,
    form_set: int,
    people: dict[str, Actor],
    chance: Chance,
    at: Moment,
) -> Demonstration:
    by = people["admin1"]
    count = (session.scalar(select(func.count(SittingRow.id))) or 0) + 1
    name = f"信用管理师{offered.name}理论知识考试（演示第 {count} 场）"
    draft = planning.SittingDraft(name, site, pack, offered.level, COMPONENT, planned_soon(at), LIMIT, LATE, LEAVE, shows_mark=False)
    sitting = planning.create_sitting(session, draft, by, at)
    planning.choose_forms(session, sitting, form_set, by, at)
    ways = []
    codes = {}
    for place in offered.rooms:
        room = next(each for each in equipping.rooms(session, [site]) if each.name == place.name)
        sitting_room = planning.add_room(session, sitting, room.id, by, at)
        duties = [people[login].person for login in place.proctors]
        staffing_rooms.set_duties(session, sitting_room, [each for each in duties if each is not None], duties[0], by, at)
        seats_there = session.execute(select(SeatRow.number, SeatRow.code).where(SeatRow.room_id == room.id))
        codes[place.name] = {number: code for number, code in seats_there}  # noqa: C416 -- a row is no tuple to the type checker
        ways += [(place.name, seat) for seat in range(1, place.seats + 1)]
    candidates = tuple(way_of(offered.first + number, room, seat, codes[room][seat], count, at) for number, (room, seat) in enumerate(ways))
    roster = read_roster("demo.csv", roster_csv(candidates))
    rostering.import_roster(session, secret, sitting, roster, roster.digest, by, at, chance.public_id, chance.seed, chance.key)
    publishing.publish(session, sitting, by, at)
    return Demonstration(name, STAFF, candidates)


def planned_soon(at: Moment) -> datetime:
    """Return when a sitting that is about to start is planned: at a full five minutes."""
    planned = at.wall + SOON
    return planned - timedelta(
        minutes=planned.minute % (FIVE_MINUTES // timedelta(minutes=1)), seconds=planned.second, microseconds=planned.microsecond
    )


def way_of(number: int, room: str, seat: int, code: str, sitting: int, at: Moment) -> CandidateWay:
    """Return how the invented person of a number signs in at a seat of the demonstration's sitting number `sitting`."""
    surname, given = SURNAMES[number % len(SURNAMES)], GIVEN[number % len(GIVEN)]
    ticket = f"{at.wall:%y%m}{sitting:04}{number + 1:04}"
    return CandidateWay(surname + given, ticket, id_number(number), room, seat, code)
