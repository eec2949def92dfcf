"""One attempt of a run that examiners marked, step by step: the sheets, how they were settled, what each criterion earned. Looks are in the audit."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.results import Decision
from examsrv.services.candidates import candidate_of
from examsrv.services.comparing_sheets import OFFICE, SideBySide, side_by_side
from examsrv.services.judging import is_theory
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, ItemMarkRow, ResultRow, RunRow, ScriptRow, SittingRow


@dataclass(frozen=True, slots=True)
class SheetsExplained:
    """An attempt in a run. `marks` are those of the run by the criterion's number; `sides` is the script as it is now, None: nothing to mark.

    `is_changed`: the sheets come to something else by now.
    """

    run: int
    number: int
    ticket: str
    name: str
    masked: str
    decision: Decision
    total: Fraction | None
    marks: tuple[tuple[int, Fraction], ...]
    sides: SideBySide | None

    @property
    def is_changed(self) -> bool:
        """Tell whether the sheets as they are now come to another mark than the run has."""
        return self.total is not None and (self.sides is None or self.sides.combined.total != self.total)


def is_by_examiners(session: Session, run: int) -> bool:
    """Tell whether a run's marks are examiners'."""
    return not is_theory(session.get_one(SittingRow, session.get_one(RunRow, run).sitting_id))


def explanation(session: Session, secret: Secret, run: int, attempt: str) -> SheetsExplained:
    """Return how an attempt's mark in a run came about; after `explaining.record_look` only."""
    result, row = session.get_one(ResultRow, (run, attempt)), session.get_one(AttemptRow, attempt)
    details = candidate_of(secret, session.get_one(CandidateRow, row.candidate_id))
    stored = select(ItemMarkRow).where(ItemMarkRow.run_id == run, ItemMarkRow.attempt_id == attempt).order_by(ItemMarkRow.item)
    total = None if result.total is None else Fraction(result.total)
    is_scored = total is not None and session.get(ScriptRow, attempt) is not None
    return SheetsExplained(
        run=run,
        number=session.get_one(RunRow, run).number,
        ticket=row.ticket,
        name=details.name,
        masked=details.masked,
        decision=Decision(result.decision),
        total=total,
        marks=tuple((mark.item, Fraction(mark.mark)) for mark in session.scalars(stored)),
        sides=side_by_side(session, attempt, OFFICE) if is_scored else None,
    )
