"""Plain counts of what there is, for those who watch over the server."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.storage.tables import AttemptRow


def attempts_by_phase(session: Session) -> dict[Phase, int]:
    """Return how many attempts are in each phase, those of no attempt with 0."""
    rows = session.execute(select(AttemptRow.phase, func.count()).group_by(AttemptRow.phase))
    found = {row.phase: row[1] for row in rows}
    return {phase: found.get(phase, 0) for phase in Phase}
