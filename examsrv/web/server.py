"""The running server: database, journal, exam clock and secret, as one value that the application carries."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from examsrv.domain.exam_clock import ClockMark, exam_time
from examsrv.domain.moment import Moment
from examsrv.services import answering, timekeeping
from examsrv.services.closing import close_overdue, overdue
from examsrv.services.rehearsing import is_for_rehearsal
from examsrv.services.signing_in import CandidateSession
from examsrv.services.watching import Contact, Standing
from examsrv.storage.database import Database
from examsrv.storage.journal import Journal
from examsrv.storage.sealing import Secret
from examsrv.web.clock import Clock
from examsrv.web.living import LivingPage
from examsrv.web.spliced import Packed

SWEEP_EVERY = timedelta(milliseconds=500)
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
    held_ready: dict[str, tuple[str, int, Packed]] = field(default_factory=dict)
    standing: dict[int, Standing] = field(default_factory=dict)
    boards: dict[tuple[int, str], LivingPage] = field(default_factory=dict)
    left_to_say: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    is_for_rehearsal: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)
    sweeper: threading.Thread | None = None
    swept: timedelta | None = None

    def now(self) -> Moment:
        """Return the present moment."""
        return Moment(self.clock.wall(), exam_time(self.mark, self.clock.boot()))

    def start_clock(self) -> None:
        """Start the exam clock. Rooms that a short outage stopped run on from here, so it is the last thing done before requests are answered."""
        with self.database.writing() as session:
            clock = self.clock
            self.mark = timekeeping.begin(session, clock.boot_id(), clock.boot(), clock.wall(), self.settings.short_outage)

    def hear(self, attempt: str, unsaved: int = 0) -> None:
        """Note that a candidate's machine was heard."""
        self.beats[attempt] = Beat(self.clock.boot(), unsaved)

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

    def keep_mark(self) -> None:
        """Write down where the exam clock stands."""
        mark = ClockMark(self.mark.boot_id, self.clock.boot(), self.now().exam)
        with self.database.writing() as session:
            timekeeping.keep_mark(session, mark, self.clock.wall())

    def start_sweeping(self, report: Callable[[BaseException], None]) -> None:
        """Sweep twice a second and keep the clock's mark from a thread, until `stop`; what fails is reported and tried again."""

        def attempted(act: Callable[[], object]) -> bool:
            try:
                act()
            except Exception as error:  # noqa: BLE001 -- the sweep must go on whatever one round meets
                report(error)
                return False
            return True

        def run() -> None:
            marked = self.clock.boot()
            while not self.stopping.wait(SWEEP_EVERY.total_seconds()):
                attempted(self.sweep)
                heard = self.clock.boot()
                if heard - marked >= self.settings.clock_mark_every and attempted(self.keep_mark):
                    marked = heard

        self.sweeper = threading.Thread(target=run, name="sweeper", daemon=True)
        self.sweeper.start()

    def stop(self) -> None:
        """Stop in order: no more sweeps, the journal written out, the clock marked."""
        self.stopping.set()
        if self.sweeper is not None:
            self.sweeper.join()
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
    return Server(database, Journal(database, answering.carry_out), secret, clock, settings, mark, is_for_rehearsal=marked)
