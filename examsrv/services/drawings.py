"""Drawings of forms that were asked for: each is remembered from the asking to its end, worked on beside the requests, and can be stopped.

What is chosen is chosen in a process of its own; papers are composed and stored one after the other, so that no answer waits for them. A set that is
not whole is nobody's to see. What a server that ended left behind is cleared away by the next one.
"""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.form import FORMS_MOST
from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.banking import bank_digest
from examsrv.services.drawing import Wanted, begin_set, finish_set, keep_paper, order_for, papers_of
from examsrv.services.drawing_child import CUT_OFF, DrawingStoppedError, Outcome, ShortBankError, drawn_apart
from examsrv.services.item_file_child import message_from, plain_message
from examsrv.services.papers import form_set, form_set_exists, remove_piece, unfinished_sets
from examsrv.services.specifying import SpecificationLine, line_at, line_of
from examsrv.storage.database import Database
from examsrv.storage.tables import DrawingRow, PersonRow
from question_bank.message import N_, ExamError, Message

log = structlog.get_logger()
PAPERS_PER_PIECE = 5
"""Papers that are removed in one transaction (DECISIONS 2)."""
PAUSE_S = 0.002
"""What is left to those who wait for the database between two papers that are stored."""
LEFT_BEHIND = Message(N_("The server was restarted while the forms were drawn. Nothing was stored; please draw them again."))
BROKEN = Message(N_("The drawing broke off. Nothing was stored; the log of the server says why."))


class DrawingState(StrEnum):
    """How a drawing stands."""

    RUNNING = "running"
    STORED = "stored"
    REFUSED = "refused"
    """The bank cannot give such forms."""
    STOPPED = "stopped"
    CUT_OFF = "cut_off"
    """The machine, the process or the server ended."""


class Phase(StrEnum):
    """What is done just now."""

    WAITING = "waiting"
    """Another drawing is worked on."""
    CHOOSING = "choosing"
    STORING = "storing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a drawing is: forms done of all in this phase, how many a second, the seconds left in it (None: not known yet)."""

    phase: Phase
    done: int
    total: int
    rate: float
    left_s: float | None


@dataclass(frozen=True, slots=True)
class DrawingView:
    """A drawing: what was asked for, by whom, and what became of it. `form_set` is there once it is stored and as long as it is kept."""

    id: int
    line: SpecificationLine
    wanted: Wanted
    state: DrawingState
    reasons: tuple[Message, ...]
    form_set: int | None
    by: str
    began: datetime
    ended: datetime | None

    @property
    def is_running(self) -> bool:
        """Tell whether it is worked on."""
        return self.state is DrawingState.RUNNING


def ask_for(session: Session, wanted: Wanted, by: Actor, at: Moment) -> int:
    """Enter that forms are wanted; return the drawing's number. Refused: a retired specification, reserve forms beside another examination's set."""
    line = line_of(session, wanted.specification)
    if line.is_retired:
        raise ExamError(Message(N_("This specification is out of use.")))
    if not 1 <= wanted.forms <= FORMS_MOST:
        raise ExamError(Message(N_("Enter a number from 1 to %(most)d."), {"most": FORMS_MOST}))
    if wanted.beside is not None:
        _require_same_examination(session, line, wanted.beside)
    row = DrawingRow(
        specification_id=line.id,
        version=line.version,
        forms=wanted.forms,
        seed=wanted.seed,
        is_disjoint=wanted.is_disjoint,
        beside_id=wanted.beside,
        state=DrawingState.RUNNING,
        reasons=[],
        person_id=by.person,
        wall=at.wall,
    )
    session.add(row)
    session.flush()
    detail = {"specification": line.id, "version": line.version, "beside": wanted.beside}
    record(session, "drawing.asked", f"drawing/{row.id}", by, at, forms=wanted.forms, seed=str(wanted.seed), disjoint=wanted.is_disjoint, **detail)
    return row.id


def stop_drawing(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Stop a drawing: nothing of it is kept. Refused when it has come to its end."""
    row = session.get_one(DrawingRow, number)
    if row.state != DrawingState.RUNNING:
        raise ExamError(Message(N_("This drawing has ended already.")))
    _end(session, row, DrawingState.STOPPED, (), by, at)


def drawing(session: Session, number: int) -> DrawingView:
    """Return one drawing."""
    row = session.get_one(DrawingRow, number)
    name = None if row.person_id is None else session.get_one(PersonRow, row.person_id).name
    return _view(session, row, name)


def drawing_exists(session: Session, number: int) -> bool:
    """Tell whether a drawing has this number."""
    return session.get(DrawingRow, number) is not None


def open_drawings(session: Session) -> list[DrawingView]:
    """Return the drawings that are worked on or wait for it, newest first."""
    query = select(DrawingRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == DrawingRow.person_id)
    rows = session.execute(query.where(DrawingRow.state == DrawingState.RUNNING).order_by(DrawingRow.id.desc())).all()
    return [_view(session, row, name) for row, name in rows]


@dataclass(slots=True)
class _Job:
    """A drawing that this server works on."""

    number: int
    wanted: Wanted
    by: Actor
    thread: threading.Thread | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    phase: Phase = Phase.WAITING
    done: int = 0
    since: float = 0.0


class Drawings:
    """The drawings that a server works on, one at a time. `now` tells the moment, `stopwatch` seconds from anywhere."""

    def __init__(self, database: Database, now: Callable[[], Moment], stopwatch: Callable[[], float]) -> None:
        self._database = database
        self._now = now
        self._stopwatch = stopwatch
        self._turn = threading.Lock()
        self._jobs: dict[int, _Job] = {}

    def begin(self, number: int, wanted: Wanted, by: Actor) -> None:
        """Begin to work on a drawing that was entered."""
        job = self._jobs[number] = _Job(number, wanted, by, since=self._stopwatch())
        job.thread = threading.Thread(target=self._work, args=(job,), name="drawing", daemon=True)
        job.thread.start()

    def wait(self, number: int, seconds: float) -> None:
        """Wait until a drawing has ended, but no longer than so many seconds."""
        job = self._jobs.get(number)
        if job is not None and job.thread is not None:
            job.thread.join(seconds)

    def stop(self, number: int) -> None:
        """Let the work on a drawing end that was stopped."""
        job = self._jobs.get(number)
        if job is not None:
            job.stopping.set()

    def progress(self, number: int) -> Progress | None:
        """Return how far a drawing is; None when nobody works on it."""
        job = self._jobs.get(number)
        if job is None:
            return None
        passed = self._stopwatch() - job.since
        rate = job.done / passed if job.done and passed > 0 else 0.0
        return Progress(job.phase, job.done, job.wanted.forms, rate, (job.wanted.forms - job.done) / rate if rate else None)

    def remove(self, number: int) -> None:
        """Remove what is stored of a set that is not whole, piece by piece."""
        is_left = True
        while is_left:
            with self._database.writing() as session:
                is_left = remove_piece(session, number, PAPERS_PER_PIECE)

    def clear_up(self) -> None:
        """End the drawings that an earlier server was cut off from, and remove what it left of them and of sets that were being removed."""
        with self._database.reading() as session:
            numbers = session.scalars(select(DrawingRow.id).where(DrawingRow.state == DrawingState.RUNNING)).all()
            left = unfinished_sets(session)
        for number in numbers:
            self._ended(number, DrawingState.CUT_OFF, (LEFT_BEHIND,))
        for number in left:
            self.remove(number)

    def close(self) -> None:
        """Break off what is worked on; the next server says so."""
        for job in list(self._jobs.values()):
            job.stopping.set()
        for job in list(self._jobs.values()):
            if job.thread is not None:
                job.thread.join()

    def _work(self, job: _Job) -> None:
        number = job.number
        try:
            with self._alone(job):
                self._draw(job)
        except DrawingStoppedError:
            pass  # who stopped it has entered it; a server that ends is told of by the next
        except ShortBankError as error:
            self._ended(number, DrawingState.REFUSED, error.reasons)
        except ExamError as error:
            self._ended(number, DrawingState.CUT_OFF if error.message == CUT_OFF else DrawingState.REFUSED, (error.message,))
        except Exception:
            log.exception("drawing", number=number)
            self._ended(number, DrawingState.CUT_OFF, (BROKEN,))
        finally:
            self._jobs.pop(number, None)

    @contextmanager
    def _alone(self, job: _Job) -> Any:
        """Wait until no other drawing is worked on."""
        while not self._turn.acquire(timeout=1):
            _require_going_on(job)
        try:
            yield
        finally:
            self._turn.release()

    def _draw(self, job: _Job) -> None:
        self._enter(job, Phase.CHOOSING)
        with self._database.reading() as session:
            row = session.get_one(DrawingRow, job.number)
            line = line_at(session, row.specification_id, row.version)
            order, bank = order_for(session, line, job.wanted), bank_digest(session, line.pack)

        def tell(finished: int) -> None:
            job.done = finished

        outcome = drawn_apart(order, tell, job.stopping.is_set)
        self._enter(job, Phase.STORING)
        with self._database.writing() as session:
            number = begin_set(session, line, job.wanted, outcome.report, bank, job.by, self._now())
        try:
            self._store(job, line, number, outcome)
        except BaseException:
            self.remove(number)
            raise

    def _store(self, job: _Job, line: SpecificationLine, number: int, outcome: Outcome) -> None:
        with self._database.reading() as session:
            papers = papers_of(session, line, outcome.forms, job.wanted.seed)
        for paper in papers:
            _require_going_on(job)
            with self._database.writing() as session:
                keep_paper(session, number, paper)
            job.done += 1
            job.stopping.wait(PAUSE_S)
        with self._database.writing() as session:
            row = session.get_one(DrawingRow, job.number)
            if row.state != DrawingState.RUNNING:
                raise DrawingStoppedError
            at = self._now()
            finish_set(session, number, job.by, at)
            row.state, row.ended, row.form_set_id = DrawingState.STORED, at.wall, number

    def _enter(self, job: _Job, phase: Phase) -> None:
        job.phase, job.done, job.since = phase, 0, self._stopwatch()

    def _ended(self, number: int, state: DrawingState, reasons: tuple[Message, ...]) -> None:
        with self._database.writing() as session:
            row = session.get_one(DrawingRow, number)
            if row.state == DrawingState.RUNNING:
                _end(session, row, state, reasons, SERVER, self._now())


def _require_going_on(job: _Job) -> None:
    if job.stopping.is_set():
        raise DrawingStoppedError


def _require_same_examination(session: Session, line: SpecificationLine, beside: int) -> None:
    if not form_set_exists(session, beside):
        raise ExamError(Message(N_("There is no such set of forms.")))
    view, specification = form_set(session, beside), line.specification
    if (view.pack, view.level, view.component) != (line.pack, specification.level, specification.component):
        raise ExamError(Message(N_("Reserve forms are drawn for the same examination as the set beside which they stand.")))
    if view.beside is not None:
        raise ExamError(Message(N_("These are reserve forms themselves. Draw further ones beside the set that they were drawn for.")))


def _end(session: Session, row: DrawingRow, state: DrawingState, reasons: tuple[Message, ...], by: Actor, at: Moment) -> None:
    row.state, row.ended, row.reasons = state, at.wall, [plain_message(reason) for reason in reasons]
    session.flush()
    record(session, f"drawing.{state}", f"drawing/{row.id}", by, at)


def _view(session: Session, row: DrawingRow, name: str | None) -> DrawingView:
    wanted = Wanted(row.specification_id, row.forms, row.seed, row.is_disjoint, row.beside_id)
    reasons = tuple(message_from(reason) for reason in row.reasons)
    line = line_at(session, row.specification_id, row.version)
    return DrawingView(row.id, line, wanted, DrawingState(row.state), reasons, row.form_set_id, name or "", row.wall, row.ended)
