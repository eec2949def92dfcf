"""An installation to load: candidates signed in, checked in and started by services, made once and copied for each run."""

import gzip
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from examsrv.config import THREADS
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.paper import numbered, option_ids, read_paper
from examsrv.rehearsal.running import LOOPBACK, OwnServer
from examsrv.rehearsal.setting_up import VirtualRoom, VirtualSeat, VirtualStaff, set_up
from examsrv.services import papers, proctoring, signing_in
from examsrv.services.inventing import Chance
from examsrv.services.rehearsing import mark_for_rehearsal
from examsrv.services.signing_in import UNKNOWN_STAFF, BoundSeat
from examsrv.storage.database import Database
from examsrv.storage.migrating import upgrade
from examsrv.storage.sealing import Secret, load_secret
from examsrv.storage.tables import PersonRow
from examsrv.web import chance
from examsrv.web.clock import MachineClock
from question_bank.pack import load_pack
from tests.bench.costs import prefer
from tests.bench.front import BEHIND, COOKIE_PREFIX, nginx
from tests.bench.stores import Store

ROOT = Path(__file__).parents[2]
PACK = "4-05-06-02"
CHANCE = Chance(chance.public_id, chance.seed, chance.key, chance.code)
CHILD = {"PYTHONPATH": str(ROOT)}
MEMORY = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True)
class Stage:
    """What the generator needs to know: who is signed in with which cookie, and what can be answered. `choices` by paper and item number."""

    seats: Sequence[VirtualSeat]
    tokens: Mapping[str, str]
    rooms: Sequence[VirtualRoom]
    choices: Mapping[str, Mapping[int, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Target:
    """What is loaded: the address, the process trees that answer there, the database; the cookies' prefix and the authority of its certificate."""

    url: str
    roots: Mapping[str, int]
    stage: Stage
    database: str
    prefix: str = ""
    authority: str | None = None


@dataclass(slots=True)
class Installation:
    """A finished database in `store` at `template`, copied for each run, and the secret that belongs to it in `folder`."""

    folder: Path
    store: Store
    template: str
    stage: Stage
    is_behind_nginx: bool = False
    nice: int = 0
    runs: int = 0

    @contextmanager
    def served(self, way: str = "as_is", environment: Mapping[str, str] | None = None) -> Iterator[Target]:
        """Serve a fresh copy in one of the `WAYS`; nothing is left of it afterwards."""
        self.runs += 1
        folder = self.folder / f"run{self.runs}"
        folder.mkdir()
        shutil.copyfile(self.folder / "secret.key", folder / "secret.key")
        url = self.store.copy(self.template, folder)
        behind = BEHIND if self.is_behind_nginx else {}
        server = OwnServer(folder, url, environment={**CHILD, **behind, **(environment or {})}, command=command_of(way))
        try:
            server.start()
            prefer(server.process.pid, self.nice)
            yield from self._reached(folder, server)
        finally:
            server.kill()  # its database is thrown away
            self.store.drop(url)
            shutil.rmtree(folder)

    def _reached(self, folder: Path, server: OwnServer) -> Iterator[Target]:
        roots = {"server": server.process.pid}
        if self.store.process is not None:
            roots["database"] = self.store.process
        if not self.is_behind_nginx:
            yield Target(server.url, roots, self.stage, server.database_url)
            return
        with nginx(folder, server.port) as front:
            prefer(front.process, self.nice)
            yield Target(front.url, {**roots, "nginx": front.process}, self.stage, server.database_url, COOKIE_PREFIX, front.authority)


def command_of(way: str) -> tuple[str, ...]:
    """Return the command before `--port`: the product's own, the same application under granian, or one of the bench's `variants`."""
    if way == "as_is":
        return (sys.executable, "-m", "examsrv.cli", "serve")
    if way == "granian":
        threads = str(THREADS)
        return (
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--blocking-threads",
            threads,
            "--host",
            LOOPBACK,
            "tests.bench.granian_app:app",
        )
    return (sys.executable, "-m", "tests.bench.variants", way)


def installed(folder: Path, store: Store, candidates: int, *, is_behind_nginx: bool = False, nice: int = 0) -> Installation:
    """Make the installation: everybody signed in, details confirmed, checked in; all rooms started at exam time zero, nobody has opened the paper."""
    folder.mkdir(parents=True)
    if store.process is not None:
        prefer(store.process, nice)
    template = store.fresh(folder)
    database = Database(template)
    try:
        upgrade(database)
        at = Moment(MachineClock().wall(), timedelta())
        with database.writing() as session:
            mark_for_rehearsal(session, at)
        secret = load_secret(folder / "secret.key", chance.key)
        stage = _staged(database, secret, candidates, at)
    finally:
        database.close()
    return Installation(folder, store, template, stage, is_behind_nginx, nice)


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
    return signing_in.staff_member(session, session.get_one(PersonRow, staff.person))


def _choices(session: Session, paper: str) -> dict[int, list[object]]:
    """Return what can be answered to each item, in the form in which the page sends it."""
    content = read_paper(gzip.decompress(papers.paper_content(session, paper)))
    return {number: _values(group["kind"], item) for number, group, item in numbered(content)}


def _values(kind: str, item: Mapping[str, Any]) -> list[object]:
    ids = option_ids(item)
    if kind == "true_false":
        return [True, False]
    return [*ids] if kind == "single_choice" else [list(pair) for pair in pairwise(ids)]


def require_disk(folder: Path) -> None:
    """Refuse a folder that lies in memory: what is measured there is not durable."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    kind = max((m for m in mounts if folder.resolve().is_relative_to(m[1])), key=lambda m: len(m[1]))[2]
    if kind in MEMORY:
        raise SystemExit(f"{folder} is in memory ({kind}); choose a folder on a disk with --folder")
