"""The running server: database, journal, exam clock and secret, as one value that the application carries."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from examsrv.domain.exam_clock import ClockMark, exam_time
from examsrv.domain.moment import Moment
from examsrv.services import answering, timekeeping
from examsrv.services.closing import close_overdue, overdue
from examsrv.services.drawings import Drawings
from examsrv.services.holding_child import HoldingChild
from examsrv.services.rehearsing import is_for_rehearsal
from examsrv.services.signing_in import CandidateSession
from examsrv.services.watching import Contact, Standing
from examsrv.storage.ballast import give_up_ballast
from examsrv.storage.database import Database
from examsrv.storage.journal import Journal
from examsrv.storage.sealing import Secret
from examsrv.web.clock import Clock, stopwatch
from examsrv.web.living import LivingPage

log = structlog.get_logger()
SWEEP_EVERY = timedelta(milliseconds=500)
STANDS_STILL_AFTER = timedelta(seconds=10)
"""A server that could not write its clock's mark for so long stood still: it was held up itself, or its storage failed."""
MOST_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """What the pages need to know of an installation's configuration."""

    institution: str
    time_zone: str
    grace: timedelta
    clock_mark_every: timedelta
    short_outage: timedelta
    offline_after: timedelta
    staff_session_age: timedelta
    secure_cookies: bool
    data_folder: Path = Path()
    metrics_networks: tuple[str, ...] = ()


@dataclass(slots=True)
class Beat:
    """When a candidate's machine was heard last (boot clock), and how many answers it had not yet sent."""

    heard: timedelta
    unsaved: int = 0


@dataclass(slots=True)
class Server:
    """Everything a request needs. `begin` makes one that runs; tests pass a clock of their own and sweep by hand."""

    database: Database
    journal: Journal[answering.Request, answering.Outcome]
    secret: Secret
    clock: Clock
    settings: Settings
    mark: ClockMark
    beats: dict[str, Beat] = field(default_factory=dict)
    known_candidates: dict[str, CandidateSession] = field(default_factory=dict)
    led_on: set[str] = field(default_factory=set)
    shells: dict[str, str] = field(default_factory=dict)
    held_ready: dict[str, tuple[str, int, bytes]] = field(default_factory=dict)
    standing: dict[int, Standing] = field(default_factory=dict)
    boards: dict[tuple[int, str], LivingPage] = field(default_factory=dict)
    left_to_say: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    is_for_rehearsal: bool = False
    drawings: Drawings = field(init=False)
    holding: HoldingChild = field(default_factory=HoldingChild)
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    marked: float = field(default_factory=stopwatch)
    swept: timedelta | None = None

    def __post_init__(self) -> None:
        self.drawings = Drawings(self.database, self.now, stopwatch)

    def now(self) -> Moment:
        """Return the present moment."""
        return Moment(self.clock.wall(), exam_time(self.mark, self.clock.boot()))

    def start_clock(self, act: str = timekeeping.STARTED) -> None:
        """Start the exam clock. Rooms that a short outage stopped run on from here, so it is the last thing done before requests are answered."""
        with self.database.writing() as session:
            clock = self.clock
            self.mark = timekeeping.begin(session, clock.boot_id(), clock.boot(), clock.wall(), self.settings.short_outage, act)

    def hear(self, attempt: str, unsaved: int = 0) -> None:
        """Note that a candidate's machine was heard."""
        self.beats[attempt] = Beat(self.clock.boot(), unsaved)

    def cut_off(self, attempt: str) -> None:
        """Forget what is remembered of the machine that a candidate was moved away from."""
        self.beats.pop(attempt, None)
        self.held_ready.pop(attempt, None)
        self.led_on.discard(attempt)

    def contact(self, attempt: str) -> Contact | None:
        """Return how long a candidate's machine was not heard, and what it has not sent; None if it was never heard."""
        beat = self.beats.get(attempt)
        return Contact(self.clock.boot() - beat.heard, beat.unsaved) if beat else None

    def leave_to_say(self, whom: str, sentences: list[tuple[str, str]]) -> None:
        """Keep what a page left to be said to a browser by the next one, or forget it when nothing is left; the oldest go when too many wait."""
        self.left_to_say.pop(whom, None)
        if not sentences:
            return
        while len(self.left_to_say) >= MOST_WAITING:
            self.left_to_say.pop(next(iter(self.left_to_say)))
        self.left_to_say[whom] = sentences

    def sweep(self) -> int:
        """Close what is overdue, each attempt in a transaction of its own; return how many were closed.

        An attempt that cannot be closed does not keep its neighbours open: its error is raised after them.
        """
        with self.database.reading() as session:
            late = overdue(session, self.now(), self.settings.grace)
        closed, errors = 0, []
        for attempt in late:
            try:
                with self.database.writing() as session:
                    closed += close_overdue(session, attempt, self.now(), self.settings.grace)
            except Exception as error:  # noqa: BLE001 -- raised below, after the others
                errors.append(error)
        if errors:
            raise ExceptionGroup("attempts that could not be closed", errors)
        self.swept = self.clock.boot()
        return closed

    def sweep_if_alive(self) -> None:
        """Sweep, unless the server stood still: then the time is given back first."""
        if not self.stands_still:
            self.sweep()

    def keep_mark(self) -> None:
        """Write down where the exam clock stands."""
        mark = ClockMark(self.mark.boot_id, self.clock.boot(), self.now().exam)
        with self.database.writing() as session:
            timekeeping.keep_mark(session, mark, self.clock.wall())

    @property
    def stands_still(self) -> bool:
        """Tell whether the clock was not marked for long."""
        return stopwatch() - self.marked >= STANDS_STILL_AFTER.total_seconds()

    def live(self) -> None:
        """Mark the clock. Where that was not possible for long, rooms get the time back as after a restart. On a full disk give up the ballast."""
        begun = stopwatch()
        if self.database.is_failing and give_up_ballast(self.settings.data_folder):
            log.error("the disk is full, the ballast was given up")
        if self.stands_still:
            self.start_clock(timekeeping.STOOD_STILL)
        else:
            self.keep_mark()
        self.marked = begun

    def start_sweeping(self, report: Callable[[BaseException], None]) -> None:
        """Keep the clock's mark and sweep, each from a thread of its own, until `stop`; what fails is reported and tried again."""

        def regularly(act: Callable[[], None], every: timedelta) -> None:
            while not self.stopping.wait(every.total_seconds()):
                try:
                    act()
                except Exception as error:  # noqa: BLE001 -- it must go on whatever one round meets
                    report(error)

        self.marked = stopwatch()
        for name, act, every in (("clock", self.live, self.settings.clock_mark_every), ("sweeper", self.sweep_if_alive, SWEEP_EVERY)):
            self.threads.append(threading.Thread(target=regularly, args=(act, every), name=name, daemon=True))
            self.threads[-1].start()

    def stop(self) -> None:
        """Stop in order: no more sweeps, the journal written out, the clock marked."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        self.drawings.close()
        self.holding.close()
        self.journal.close()
        with contextlib.suppress(Exception):
            self.keep_mark()
        self.database.close()


def begin(database: Database, secret: Secret, clock: Clock, settings: Settings) -> Server:
    """Return a running server on a database of the present schema, its exam clock started."""
    made = prepare(database, secret, clock, settings)
    made.start_clock()
    return made


def prepare(database: Database, secret: Secret, clock: Clock, settings: Settings) -> Server:
    """Return a server whose exam clock stands until `start_clock`, which comes before the first request."""
    with database.reading() as session:
        mark = ClockMark(clock.boot_id(), clock.boot(), timekeeping.last_exam_time(session))
        marked = is_for_rehearsal(session)
    made = Server(database, Journal(database, answering.carry_out), secret, clock, settings, mark, is_for_rehearsal=marked)
    made.drawings.clear_up()
    return made
