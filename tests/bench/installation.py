"""An installation to load: candidates signed in, checked in and started by services, made once and copied for each run."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.rehearsal.running import OwnServer
from examsrv.rehearsal.setting_up import VirtualRoom, VirtualSeat, VirtualStaff, set_up
from examsrv.services import papers, proctoring, signing_in
from examsrv.services.inventing import Chance
from examsrv.services.rehearsing import mark_for_rehearsal
from examsrv.services.signing_in import UNKNOWN_STAFF, BoundSeat
from examsrv.storage.database import Database
from examsrv.storage.migrating import upgrade
from examsrv.storage.sealing import Secret, load_secret
from examsrv.web import chance
from examsrv.web.clock import MachineClock
from question_bank.pack import load_pack
from tests.bench.costs import prefer

ROOT = Path(__file__).parents[2]
PACK = "4-05-06-02"
CHANCE = Chance(chance.public_id, chance.seed, chance.key, chance.code)
CHILD = {"PYTHONPATH": str(ROOT)}
TOKEN_OF_STAFF = "staff"
MEMORY = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True)
class Stage:
    """What the generator needs to know: who is signed in with which cookie, and what can be answered. `choices` by paper and item number."""

    seats: Sequence[VirtualSeat]
    tokens: Mapping[str, str]
    rooms: Sequence[VirtualRoom]
    choices: Mapping[str, Mapping[int, Sequence[object]]]


@dataclass(slots=True)
class Installation:
    """A folder with a secret and a finished database that is copied for each run; `store` copies it."""

    folder: Path
    store: "Store"
    stage: Stage
    nice: int = 0
    runs: int = 0

    @contextmanager
    def served(self, way: str = "as_is", environment: Mapping[str, str] | None = None) -> Iterator[OwnServer]:
        """Serve a fresh copy in one of the `variants`; what is left of it goes with the server."""
        self.runs += 1
        folder = self.folder / f"run{self.runs}"
        folder.mkdir()
        shutil.copyfile(self.folder / "secret.key", folder / "secret.key")
        url = self.store.copy(folder)
        command = way_to_serve(way)
        server = OwnServer(folder, url, environment={**CHILD, **(environment or {})}, command=command)
        try:
            server.start()
            prefer(server.process.pid, self.nice)
            yield server
        finally:
            server.stop()
            self.store.drop(folder)
            shutil.rmtree(folder)


def way_to_serve(way: str) -> tuple[str, ...]:
    """Return the command before `--port`: the product's own, or one of the variants that only the bench has."""
    import sys

    return (sys.executable, "-m", "examsrv.cli", "serve") if way == "as_is" else (sys.executable, "-m", "tests.bench.variants", way)


@dataclass(frozen=True, slots=True)
class Store:
    """Where databases are: `url` gives the address for a folder, `copy` makes the copy for one, `drop` removes it. Empty: the file in the folder."""

    template: str
    copy: Callable[[Path], str]
    drop: Callable[[Path], None]


def sqlite_store(folder: Path) -> Store:
    """Keep the databases as files in the folders of their servers."""
    template = folder / "template.db"

    def copy(run: Path) -> str:
        shutil.copyfile(template, run / "examsrv.db")
        return f"sqlite:///{run / 'examsrv.db'}"

    return Store(f"sqlite:///{template}", copy, lambda _run: None)


def installed(folder: Path, store: Store, candidates: int, nice: int = 0) -> Installation:
    """Make the installation: everybody signed in, details confirmed, checked in; all rooms started at exam time zero, nobody has opened the paper."""
    database = Database(store.template)
    try:
        upgrade(database)
        at = Moment(MachineClock().wall(), timedelta())
        with database.writing() as session:
            mark_for_rehearsal(session, at)
        secret = load_secret(folder / "secret.key", chance.key)
        stage = _staged(database, secret, candidates, at)
    finally:
        database.close()
    return Installation(folder, store, stage, nice)


def _staged(database: Database, secret: Secret, candidates: int, at: Moment) -> Stage:
    plan = set_up(database, secret, load_pack(PACK), CHANCE, candidates, at, hashed=lambda _password: UNKNOWN_STAFF)
    tokens = {seat.attempt: chance.token() for seat in plan.candidates} | {room.proctors[0].login: chance.token() for room in plan.rooms}
    for room in plan.rooms:
        with database.writing() as session:
            _sign_in(session, room, [seat for seat in plan.candidates if seat.room == room.id], tokens, at)
    with database.reading() as session:
        choices = {paper: _choices(session, paper) for paper in plan.items}
    return Stage(plan.candidates, tokens, plan.rooms, choices)


def _sign_in(session: Session, room: VirtualRoom, seats: Sequence[VirtualSeat], tokens: Mapping[str, str], at: Moment) -> None:
    lead = room.proctors[0]
    by = Actor(lead.person, lead.name)
    for seat in seats:
        signing_in.begin_candidate_session(session, seat.attempt, seat.ticket, BoundSeat(0, 0, "", seat.seat, False), tokens[seat.attempt], at)
        proctoring.confirm_details(session, seat.attempt, at, are_right=True)
    proctoring.check_in_everybody(session, room.id, by, at)
    for proctor in room.proctors:
        proctoring.sign_in_on_board(session, room.id, proctor.person, at)
    signing_in.begin_staff_session(session, _member(session, lead), tokens[lead.login], at)
    proctoring.start_room(session, room.id, by, at)


def _member(session: Session, staff: VirtualStaff) -> signing_in.StaffMember:
    from examsrv.storage.tables import PersonRow

    return signing_in.staff_member(session, session.get_one(PersonRow, staff.person))


def _choices(session: Session, paper: str) -> dict[int, list[object]]:
    """Return what can be answered to each item, in the form in which the page sends it."""
    content = json.loads(gzip.decompress(papers.paper_content(session, paper)))
    return {item["n"]: _values(group["kind"], item) for group in content["groups"] for item in group["items"]}


def _values(kind: str, item: Mapping[str, list[Mapping[str, str]]]) -> list[object]:
    ids = [option["id"] for option in item["options"]]
    if kind == "true_false":
        return [True, False]
    return [*ids] if kind == "single_choice" else [list(pair) for pair in pairwise(ids)]


def require_disk(folder: Path) -> None:
    """Refuse a folder that lies in memory: what is measured there is not durable."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    kind = max((m for m in mounts if folder.resolve().is_relative_to(m[1])), key=lambda m: len(m[1]))[2]
    if kind in MEMORY:
        raise SystemExit(f"{folder} is in memory ({kind}); choose a folder on a disk with --folder")
