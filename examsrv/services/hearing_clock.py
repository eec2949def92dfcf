"""The entries of the panel's clock, as they are stored. What they come to is `domain/hearing.py`; who may enter what is `hearings`."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.hearing import HearingEntry, HearingKind, HearingState, hearing_state
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import keep_note, record
from examsrv.storage.tables import AttemptRow, HearingEntryRow


def add_hearing_entry(
    session: Session,
    attempt: str,
    kind: HearingKind,
    by: Actor,
    at: Moment,
    *,
    ground: str = "",
    note: str = "",
    when: timedelta | None = None,
) -> None:
    """Append an entry, at exam time `when` if it is given (else `at`), and enter it into the audit chain."""
    kept = keep_note(session, note)
    row = HearingEntryRow(attempt_id=attempt, kind=kind, at=at.exam if when is None else when, ground=ground, note=kept, wall=at.wall)
    row.person_id = by.person
    session.add(row)
    session.flush()
    record(session, f"hearing.{kind}", f"attempt/{attempt}", by, at, ground=ground, note=kept)


def hearing_states(session: Session, attempts: Collection[str], at: timedelta) -> dict[str, HearingState]:
    """Return where the hearing of each attempt stands at exam time `at`."""
    entries: dict[str, list[HearingEntry]] = {attempt: [] for attempt in attempts}
    query = select(HearingEntryRow.attempt_id, HearingEntryRow.kind, HearingEntryRow.at).where(HearingEntryRow.attempt_id.in_(attempts))
    for row in session.execute(query.order_by(HearingEntryRow.id)):
        entries[row.attempt_id].append(HearingEntry(HearingKind(row.kind), row.at))
    return {attempt: hearing_state(found, at) for attempt, found in entries.items()}


def running_hearings(session: Session, alive: timedelta) -> list[tuple[str, timedelta]]:
    """Return the hearings whose clock ran when the server was last known to live (exam time `alive`), and since when it has not been known to.

    That is `alive`, or a younger entry of the hearing.
    """
    query = (
        select(HearingEntryRow.attempt_id, func.max(HearingEntryRow.at).label("last"))
        .join(AttemptRow, AttemptRow.id == HearingEntryRow.attempt_id)
        .where(AttemptRow.phase == Phase.RUNNING)
        .group_by(HearingEntryRow.attempt_id)
        .order_by(HearingEntryRow.attempt_id)
    )
    found = []
    for attempt, last in session.execute(query).all():
        since = max(alive, last)
        state = hearing_states(session, [attempt], since)[attempt]
        if state.is_on and not state.paused:
            found.append((attempt, since))
    return found


def last_hearing_entry(session: Session) -> timedelta:
    """Return the exam time of the youngest entry of any hearing; zero when there is none."""
    return session.scalar(select(func.max(HearingEntryRow.at))) or timedelta()
