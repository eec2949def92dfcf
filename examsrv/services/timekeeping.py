"""The exam clock across restarts: the mark that is kept, and the pause that a restart gives to running rooms."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.exam_clock import ClockMark, exam_time, restarted
from examsrv.domain.hearing import HearingKind
from examsrv.domain.moment import SERVER, Moment
from examsrv.domain.time_ledger import EntryKind, time_state
from examsrv.services.auditing import record
from examsrv.services.hearing_clock import add_hearing_entry, last_hearing_entry, running_hearings
from examsrv.services.ledger import add_entry, room_ledger
from examsrv.storage.tables import AttemptRow, ClockMarkRow, SittingRoomRow, SittingRow, TimeEntryRow

ONLY_ROW = 1
OUTAGE = "outage"
STARTED, STOOD_STILL = "server.started", "server.stood_still"
MILLI = 1000


def keep_mark(session: Session, mark: ClockMark, wall: datetime) -> None:
    """Write down where the exam clock stands."""
    session.merge(ClockMarkRow(id=ONLY_ROW, boot_id=mark.boot_id, boot=mark.boot, exam=mark.exam, wall=wall))


def last_exam_time(session: Session) -> timedelta:
    """Return the exam time of the last mark."""
    row = session.get(ClockMarkRow, ONLY_ROW)
    return row.exam if row is not None else timedelta()


@dataclass(frozen=True, slots=True)
class KeptMark:
    """The last mark with the wall time of its writing."""

    boot_id: str
    boot: timedelta
    wall: datetime


def kept_mark(session: Session) -> KeptMark | None:
    """Return the last mark, or None before the first server."""
    row = session.get(ClockMarkRow, ONLY_ROW)
    return KeptMark(row.boot_id, row.boot, row.wall) if row is not None else None


def begin(session: Session, boot_id: str, boot: timedelta, wall: datetime, short_outage: timedelta, act: str = STARTED) -> ClockMark:
    """Start the exam clock of a server that begins now, or that stood still, and return the mark it counts from. The audit log calls it `act`.

    Each running room is paused from the last mark, so that an outage takes nobody's time, and so is each hearing. An outage of at most
    `short_outage` resumes at once; a longer one, or one of unknown length since the machine itself was restarted, waits for the act of the proctor
    or of who leads the panel.
    """
    row = session.get(ClockMarkRow, ONLY_ROW)
    if row is None:
        mark = ClockMark(boot_id, boot, timedelta())
        keep_mark(session, mark, wall)
        return mark
    last = ClockMark(row.boot_id, row.boot, row.exam)
    if row.boot_id != boot_id:  # what was entered after the last mark is not to lie in the future of the new clock
        last = ClockMark(row.boot_id, row.boot, max(row.exam, _last_entry(session), last_hearing_entry(session)))
    restart = restarted(last, boot_id, boot)
    at = Moment(wall, exam_time(restart.mark, boot))
    resumes = restart.away is not None and restart.away <= short_outage
    for room, since in _running_rooms(session, last.exam):
        add_entry(session, room, EntryKind.PAUSE, SERVER, at, reason=OUTAGE, when=since)
        if resumes:
            add_entry(session, room, EntryKind.RESUME, SERVER, at, reason=OUTAGE)
    for attempt, since in running_hearings(session, last.exam):
        add_hearing_entry(session, attempt, HearingKind.PAUSE, SERVER, at, ground=OUTAGE, when=since)
        if resumes:
            add_hearing_entry(session, attempt, HearingKind.RESUME, SERVER, at, ground=OUTAGE)
    record(session, act, "server", SERVER, at, away_ms=None if restart.away is None else int(restart.away.total_seconds() * MILLI))
    keep_mark(session, ClockMark(boot_id, boot, at.exam), wall)
    return ClockMark(boot_id, boot, at.exam)


def _running_rooms(session: Session, alive: timedelta) -> list[tuple[int, timedelta]]:
    """Return the rooms in which time ran when the server was last known to live, and since when it has not been known to.

    That is the mark's exam time `alive`, or a younger entry of the room. A room over by then is meant only if somebody still answers.
    """
    answering = select(AttemptRow.sitting_room_id).where(AttemptRow.phase == Phase.RUNNING)
    busy = set(session.scalars(answering))
    found = []
    for room, limit in session.execute(select(SittingRoomRow.id, SittingRow.limit).join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)):
        entries = room_ledger(session, room)
        since = max([alive, *(entry.at for entry in entries)])
        state = time_state(entries, limit, since)
        if state.started is not None and not state.paused and (room in busy or not state.is_over):
            found.append((room, since))
    return found


def _last_entry(session: Session) -> timedelta:
    return session.scalar(select(func.max(TimeEntryRow.at))) or timedelta()
