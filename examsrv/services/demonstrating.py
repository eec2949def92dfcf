"""A ready-made examination to try the program with: invented people, one sitting that waits to be started. Refused where real work is kept."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.roles import Role
from examsrv.services import equipping, papers, planning, publishing, rostering, staffing_rooms
from examsrv.services.auditing import record
from examsrv.services.banking import import_pack
from examsrv.services.managing_people import create_person, has_staff
from examsrv.services.roster_entries import read_roster
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AuditRow, PersonRow, SeatRow, SiteRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.pack import Pack

MADE = "demo.made"
PASSWORD = "examsrv-demo"  # noqa: S105 -- the one default password there is, for invented people in a demonstration only
SITE, INSTITUTION_PLACE = "示例考点", "示例市示例路 1 号"
ROOMS = (("01 考场", "实训楼 401", 31, 5, 6), ("02 考场", "实训楼 402", 6, 2, 4))
LEVEL, COMPONENT, FORMS = "L3", "theory", 2
SOON = timedelta(minutes=10)
FIVE_MINUTES = timedelta(minutes=5)
LIMIT, LATE, LEAVE = timedelta(minutes=90), timedelta(minutes=30), timedelta(minutes=30)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏"
GIVEN = ["明华", "晓燕", "志强", "丽娜", "建国", "文静", "海涛", "雪梅", "俊杰", "思远", "雅琴", "立新"]
REGION, BIRTH_YEARS, MONTHS, DAYS = "150102", range(1978, 1999), range(1, 13), range(1, 28)
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
FIRST_SERIAL = 101

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
DUTIES = (("proctor1", "proctor2", "proctor3"), ("proctor4", "proctor5"))


@dataclass(frozen=True, slots=True)
class Chance:
    """Where the demonstration's ids, seeds, keys and codes come from."""

    public_id: Callable[[], str]
    seed: Callable[[], int]
    key: Callable[[], bytes]
    code: Callable[[], str]


@dataclass(frozen=True, slots=True)
class CandidateWay:
    """How an invented candidate signs in."""

    name: str
    ticket: str
    id_number: str
    room: str
    seat: int
    seat_code: str


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
        site = _site(session, people["admin1"], chance, at)
    form_set = _sealed_forms(database, pack.code, people, chance, at)
    with database.writing() as session:
        return _fresh_sitting(session, secret, pack.code, site, form_set, people, chance, at)


def _require_demonstration(session: Session) -> None:
    is_demonstration = session.scalars(select(AuditRow.number).where(AuditRow.act == MADE).limit(1)).first() is not None
    if has_staff(session) and not is_demonstration:
        raise ExamError(Message(N_("This database is in real use; the demonstration would put invented people into it.")))


def _people(session: Session, at: Moment) -> dict[str, Actor]:
    known = {row.login: Actor(row.id, row.name) for row in session.scalars(select(PersonRow))}
    if known:
        return known
    for login, name, role, pin in STAFF:
        known[login] = Actor(create_person(session, login, name, PASSWORD, [(role, None)], SERVER, at, pin=pin), name)
    record(session, MADE, "demo", SERVER, at)
    return known


def _site(session: Session, by: Actor, chance: Chance, at: Moment) -> int:
    found = session.scalars(select(SiteRow.id).where(SiteRow.name == SITE)).first()
    if found is not None:
        return found
    site = equipping.create_site(session, SITE, INSTITUTION_PLACE, by, at)
    for name, place, seats, spares, columns in ROOMS:
        equipping.create_room(session, site, name, place, seats, spares, columns, chance.code, by, at)
    return site


def _sealed_forms(database: Database, pack: str, people: dict[str, Actor], chance: Chance, at: Moment) -> int:
    """Return sealed forms of the demonstration's level: those that are there, else new ones, which both administrators seal."""
    with database.reading() as session:
        sealed = [each.id for each in papers.form_sets(session) if each.is_sealed and (each.level, each.component) == (LEVEL, COMPONENT)]
        if sealed:
            return sealed[0]
        drawn = papers.draw(session, pack, LEVEL, COMPONENT, FORMS, chance.seed())
    with database.writing() as session:
        made = papers.keep_forms(session, pack, drawn, people["admin1"], at)
        papers.propose_seal(session, made, people["admin1"], at)
        papers.seal(session, made, papers.form_set(session, made).digest, people["admin2"], at)
    return made


def _fresh_sitting(
    session: Session, secret: Secret, pack: str, site: int, form_set: int, people: dict[str, Actor], chance: Chance, at: Moment
) -> Demonstration:
    by = people["admin1"]
    count = (session.scalar(select(func.count(SittingRow.id))) or 0) + 1
    planned = at.wall + SOON
    planned -= timedelta(minutes=planned.minute % (FIVE_MINUTES // timedelta(minutes=1)), seconds=planned.second, microseconds=planned.microsecond)
    name = f"信用管理师三级理论知识考试（演示第 {count} 场）"
    draft = planning.SittingDraft(name, site, pack, LEVEL, COMPONENT, planned, LIMIT, LATE, LEAVE, shows_mark=False)
    sitting = planning.create_sitting(session, draft, by, at)
    planning.choose_forms(session, sitting, form_set, by, at)
    ways = []
    codes = {}
    for (room_name, _place, seats, _spares, _columns), logins in zip(ROOMS, DUTIES, strict=True):
        room = next(each for each in equipping.rooms(session, [site]) if each.name == room_name)
        sitting_room = planning.add_room(session, sitting, room.id, by, at)
        duties = [people[login].person for login in logins]
        staffing_rooms.set_duties(session, sitting_room, [each for each in duties if each is not None], duties[0], by, at)
        seats_there = session.execute(select(SeatRow.number, SeatRow.code).where(SeatRow.room_id == room.id))
        codes[room_name] = {number: code for number, code in seats_there}  # noqa: C416 -- a row is no tuple to the type checker
        ways += [(room_name, seat) for seat in range(1, seats + 1)]
    candidates = tuple(_way(number, room, seat, codes[room][seat], count, at) for number, (room, seat) in enumerate(ways))
    roster = read_roster("demo.csv", _csv(candidates))
    rostering.import_roster(session, secret, sitting, roster, roster.digest, by, at, chance.public_id, chance.seed, chance.key)
    publishing.publish(session, sitting, by, at)
    return Demonstration(name, STAFF, candidates)


def _way(number: int, room: str, seat: int, code: str, sitting: int, at: Moment) -> CandidateWay:
    surname, given = SURNAMES[number % len(SURNAMES)], GIVEN[number % len(GIVEN)]
    ticket = f"{at.wall:%y%m}{sitting:04}{number + 1:04}"
    return CandidateWay(surname + given, ticket, _id_number(number), room, seat, code)


def _id_number(number: int) -> str:
    """Return an invented identity number with a right check digit."""
    year, month, day = (parts[number % len(parts)] for parts in (BIRTH_YEARS, MONTHS, DAYS))
    body = f"{REGION}{year}{month:02}{day:02}{FIRST_SERIAL + number:03}"
    total = sum(weight * int(digit) for weight, digit in zip(CHECK_WEIGHTS, body, strict=True))
    return body + CHECK_DIGITS[total % len(CHECK_DIGITS)]


def _csv(candidates: tuple[CandidateWay, ...]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["准考证号", "姓名", "证件号码", "考场", "座位"])
    writer.writerows([way.ticket, way.name, way.id_number, way.room, way.seat] for way in candidates)
    return out.getvalue().encode()
