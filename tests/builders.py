"""Builders with good defaults: a clock to turn by hand, moments, a sitting with its room, candidates and paper. A test says only what it is about."""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from examsrv.app import create_app
from examsrv.domain.attempt import Phase
from examsrv.domain.canonical import digest
from examsrv.domain.exam_clock import ClockMark
from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.paper import compose
from examsrv.domain.roles import Role
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import candidates, managing_people, timekeeping
from examsrv.services.banking import import_pack, items_with_keys
from examsrv.services.ledger import add_entry
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    FormRow,
    FormSetRow,
    PaperKeyRow,
    PaperRow,
    PresenceRow,
    ProctorDutyRow,
    RoomRow,
    SeatRow,
    SiteRow,
    SittingRoomRow,
    SittingRow,
)
from examsrv.web.server import Server, Settings, begin
from question_bank.item import Item, Sample
from question_bank.kinds import KINDS
from tests.question_bank.builders import CODE, make_item, make_pack

SECRET = Secret(bytes(range(32)))
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2 is slow on purpose; a test puts this into `signing_in.STAFF_HASHER`."""
MORNING = datetime(2026, 11, 28, 1, tzinfo=UTC)
BEGIN = timedelta(hours=100)
LIMIT = timedelta(minutes=90)
GRACE = timedelta(seconds=30)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OFFICE = Actor(None, "office")
PASSWORD = "correct horse"
PIN = "2468"
SETTINGS = Settings(
    institution="考试中心",
    time_zone="Asia/Shanghai",
    grace=GRACE,
    clock_mark_every=timedelta(seconds=5),
    short_outage=timedelta(seconds=15),
    offline_after=timedelta(seconds=20),
    staff_session_age=timedelta(hours=12),
    secure_cookies=False,
)


@dataclass
class FakeClock:
    """A clock that stands still until a test turns it. `wall_at` may jump as it likes; `run` lets time pass."""

    wall_at: datetime = MORNING
    boot_at: timedelta = timedelta(hours=7)
    start: str = "first start"

    def wall(self) -> datetime:
        return self.wall_at

    def boot(self) -> timedelta:
        return self.boot_at

    def boot_id(self) -> str:
        return self.start

    def run(self, length: timedelta) -> None:
        """Let time pass."""
        self.wall_at += length
        self.boot_at += length

    def jump_to(self, wall: datetime) -> None:
        """Set the wall clock alone, as somebody or NTP does."""
        self.wall_at = wall

    def restart(self) -> None:
        """Start the machine anew: the boot clock begins again."""
        self.start, self.boot_at = f"after {self.start}", timedelta(minutes=1)


def at(since_begin: timedelta = timedelta()) -> Moment:
    """Return the moment so long after a room that started at `at()`."""
    return Moment(MORNING + since_begin, BEGIN + since_begin)


def id_number(person: int) -> str:
    """Return an identity number that is nobody's, another for each person."""
    return f"CANARY{person:06}"


def candidate_name(person: int) -> str:
    return f"考生金丝雀{person}"


@dataclass(frozen=True)
class Room:
    """A sitting's room as `add_room` made it; `attempts` stand in the order of the seats, from seat 1."""

    sitting: int
    room: int
    id: int
    attempts: list[str]
    paper: str
    items: int

    def ticket(self, seat: int) -> str:
        return f"T{self.id}-{seat:03}"

    def code(self, seat: int) -> str:
        return f"{self.room}{seat:05}"


@dataclass
class _Keys:
    """Keys that can be foretold, each another."""

    drawn: Iterator[int] = field(default_factory=lambda: iter(range(1, 1 << 30)))

    def __call__(self) -> bytes:
        return hashlib.sha256(str(next(self.drawn)).encode()).digest()


new_key = _Keys()


def make_items() -> list[Item]:
    """Return two items of each kind, in the order of a paper."""
    several = ("A", "C")
    return [
        make_item("S-1", key="B"),
        make_item("S-2", key="D", stem="商账追收的第二步是（　　）。"),
        make_item("M-1", kind="multiple_choice", key=several, samples=(Sample(several, Fraction(1)), Sample(("A",), Fraction(0)))),
        make_item("M-2", kind="multiple_choice", key=several, stem="客户资信的来源有（　　）。"),
        make_item("T-1", kind="true_false", key=True),
        make_item("T-2", kind="true_false", key=False, stem="授信额度一经确定不得调整。"),
    ]


def add_paper(session: Session, items: Sequence[Item] | None = None, seed: int = 7) -> tuple[str, int]:
    """Import the items as a pack and add a sealed paper of them; return its digest and the number of its set of forms."""
    items = make_items() if items is None else items
    import_pack(session, make_pack(*items), SERVER, at())
    forms = FormSetRow(
        pack=CODE, level="L3", component="theory", specification={}, seed=seed, bank_digest="", report={}, wall=MORNING, person_id=None
    )
    forms.sealed = MORNING
    session.add(forms)
    session.flush()
    form = FormRow(form_set_id=forms.id, name="A", items=[item.digest for item in items])
    session.add(form)
    session.flush()
    found = items_with_keys(session, [item.digest for item in items])
    made = compose("信用管理师 三级 · 理论知识", found, dict.fromkeys(KINDS, "1"), dict.fromkeys(KINDS, "all_or_nothing"), seed)
    secret = {str(number): asdict(line) for number, line in made.key.items()}
    session.add(PaperRow(digest=made.digest, form_id=form.id, content=gzip.compress(made.content, mtime=0), item_count=len(items)))
    session.add(PaperKeyRow(paper=made.digest, digest=digest(secret), secret=secret))
    session.flush()
    return made.digest, forms.id


def add_room(
    session: Session,
    candidates_assigned: int = 2,
    *,
    items: Sequence[Item] | None = None,
    paper: tuple[str, int] | None = None,
    name: str = "01 考场",
    checked_in: bool = True,
    started: bool = False,
    planned: datetime = MORNING,
    leave_after: timedelta = timedelta(),
) -> Room:
    """Add a published sitting in one room with `candidates_assigned` candidates and one spare seat at the end.

    They are checked in unless told otherwise; `started` starts the room's time at `at()`.
    """
    paper_digest, forms = add_paper(session, items) if paper is None else paper
    site = SiteRow(name=f"考点 {name}")
    session.add(site)
    session.flush()
    room = RoomRow(site_id=site.id, name=name, columns=8)
    sitting = SittingRow(
        site_id=site.id,
        name=f"三级理论 {name}",
        occupation=CODE,
        level="L3",
        component="theory",
        planned=planned,
        limit=LIMIT,
        late_limit=timedelta(minutes=30),
        leave_after=leave_after,
        form_set_id=forms,
        is_published=True,
    )
    session.add_all([room, sitting])
    session.flush()
    planned_room = SittingRoomRow(sitting_id=sitting.id, room_id=room.id)
    session.add(planned_room)
    session.flush()
    count = session.get_one(PaperRow, paper_digest).item_count
    made = Room(
        sitting.id, room.id, planned_room.id, [f"attempt-{planned_room.id}-{seat}" for seat in range(1, candidates_assigned + 1)], paper_digest, count
    )
    for seat in range(1, candidates_assigned + 2):
        session.add(SeatRow(room_id=room.id, number=seat, code=made.code(seat), is_spare=seat > candidates_assigned))
    for seat, attempt in enumerate(made.attempts, start=1):
        _add_attempt(session, made, seat, attempt, checked_in=checked_in)
    session.flush()
    if started:
        start(session, made)
    return made


def _add_attempt(session: Session, room: Room, seat: int, attempt: str, *, checked_in: bool) -> None:
    person = room.id * 1000 + seat
    candidate = candidates.add_candidate(session, SECRET, candidate_name(person), id_number(person), None, new_key)
    seen = MORNING if checked_in else None
    session.add(
        AttemptRow(
            id=attempt,
            sitting_id=room.sitting,
            sitting_room_id=room.id,
            candidate_id=candidate.id,
            ticket=room.ticket(seat),
            seat=seat,
            paper=room.paper,
            order_seed=1000 + seat,
            phase=Phase.CREATED,
            checked_in=seen,
            confirmed=seen,
        )
    )


def start(session: Session, room: Room, moment: Moment | None = None) -> None:
    """Start a room's time, whoever is present."""
    add_entry(session, room.id, EntryKind.START, SERVER, moment or at())


def add_person(session: Session, login: str, *roles: tuple[Role, int | None], pin: str | None = None) -> int:
    """Add a member of staff with `PASSWORD`; return the number."""
    return managing_people.create_person(session, login, f"{login} 同志", PASSWORD, roles, SERVER, at(), pin=pin)


def add_proctor(session: Session, room: Room, login: str, *, is_present: bool = False) -> int:
    """Add a proctor planned for the room, with `PIN`; return the number."""
    person = add_person(session, login, (Role.PROCTOR, None), pin=PIN)
    session.add(ProctorDutyRow(sitting_room_id=room.id, person_id=person))
    if is_present:
        session.add(PresenceRow(sitting_room_id=room.id, person_id=person, since=MORNING))
    session.flush()
    return person


def make_server(database: Database, clock: FakeClock | None = None, settings: Settings = SETTINGS) -> Server:
    """Return a running server on `database`, with a clock to turn by hand; `stop` it, which closes the database.

    On a new database its exam clock stands at `BEGIN`, the moment `at()`.
    """
    clock = clock or FakeClock()
    with database.writing() as session:
        if timekeeping.last_exam_time(session) == timedelta():
            timekeeping.keep_mark(session, ClockMark(clock.boot_id(), clock.boot(), BEGIN), clock.wall())
    return begin(database, SECRET, clock, settings)


def make_app(server: Server) -> Flask:
    return create_app(server)


def csrf_of(client: FlaskClient, page: str) -> str:
    """Return the CSRF token of a page that the client can see."""
    text = client.get(page).get_data(as_text=True)
    for mark in ('name="csrf-token" content="', 'name="csrf_token" type="hidden" value="', 'name="csrf_token" value="'):
        if mark in text:
            return text.split(mark)[1].split('"')[0]
    raise LookupError(f"no token on {page}")
