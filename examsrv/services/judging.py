"""What a sitting's attempts earn as things are now: theory by keys, skills and review by examiners' sheets. Read, decided, nothing stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.canonical import digest
from examsrv.domain.marking import MarkedAttempt, MarkedItem, mark_attempt
from examsrv.domain.moment import Moment
from examsrv.domain.results import Result, result_of
from examsrv.domain.steps import final_responses
from examsrv.domain.time_ledger import time_state
from examsrv.services.attempt_logs import attempt_steps
from examsrv.services.ledger import room_ledger
from examsrv.services.paper_keys import key_digests, paper_keys
from examsrv.services.settled_marks import digest_of_sheets, settled_marks
from examsrv.services.standards import standard_of
from examsrv.storage.tables import AttemptRow, PackRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey

VERSION = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What a judgement rests on, in digests: the keys (rubrics too), the rules, the attempts' phases and logs, and sheets where examiners mark."""

    keys: str
    rules: str
    attempts: str
    sheets: str = ""


@dataclass(frozen=True, slots=True)
class JudgedAttempt:
    """An attempt's result with what each item earned; no items where nothing was marked."""

    attempt: str
    result: Result
    items: tuple[MarkedItem, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """All attempts of a sitting, by their ids."""

    sitting: int
    basis: Basis
    attempts: tuple[JudgedAttempt, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the canonical content: the same log, keys and rules give the same."""
        basis = [each for each in (self.basis.keys, self.basis.rules, self.basis.attempts, self.basis.sheets) if each]
        return digest({"version": VERSION, "sitting": self.sitting, "basis": basis, "attempts": [_plain(each) for each in self.attempts]})


def judge(session: Session, sitting: int) -> Judgement:
    """Mark every attempt of a sitting that was handed in, and decide on all.

    Refused while one is running, and, where examiners mark, while a script is not settled.
    """
    row = session.get_one(SittingRow, sitting)
    component = component_of(session, row)
    attempts = session.scalars(select(AttemptRow).where(AttemptRow.sitting_id == sitting).order_by(AttemptRow.id)).all()
    handed_in = [attempt for attempt in attempts if attempt.phase == Phase.SUBMITTED and attempt.paper is not None]
    marked = _marked_by_key(session, handed_in) if is_theory(row) else settled_marks(session, [attempt.id for attempt in handed_in])
    judged = tuple(_judged(component, attempt, marked.get(attempt.id)) for attempt in attempts)
    return Judgement(sitting, basis_of(session, sitting), judged)


def is_theory(sitting: SittingRow) -> bool:
    """Tell whether a sitting is marked by keys and not by examiners."""
    return sitting.component == ComponentKey.THEORY


def basis_of(session: Session, sitting: int) -> Basis:
    """Return what a judgement made now would rest on; quick, so that it can be compared inside a transaction that writes."""
    row = session.get_one(SittingRow, sitting)
    query = select(AttemptRow.id, AttemptRow.phase, AttemptRow.paper, AttemptRow.head).where(AttemptRow.sitting_id == sitting)
    attempts = session.execute(query.order_by(AttemptRow.id)).all()
    papers = {attempt.paper for attempt in attempts if attempt.paper is not None}
    standard = session.get_one(PackRow, row.occupation).standard_digest
    return Basis(
        keys=digest(key_digests(session, papers)),
        rules=digest([standard, row.level, row.component]),
        attempts=digest([[attempt.id, attempt.phase, attempt.paper, attempt.head] for attempt in attempts]),
        sheets="" if is_theory(row) else digest_of_sheets(session, sitting),
    )


def component_of(session: Session, sitting: SittingRow) -> Component:
    """Return the component that a sitting examines, with the pass mark of the standard."""
    return standard_of(session, sitting.occupation).component(ComponentKey(sitting.component))


def require_finished(session: Session, sitting: int, at: Moment) -> None:
    """Refuse to judge while somebody may still answer: a paper is open, or somebody checked in may open it; or nothing was started at all.

    A review keeps the panel's time, not a room's: there all that counts is that no hearing goes on and some were held.
    """
    row = session.get_one(SittingRow, sitting)
    columns = (AttemptRow.id, AttemptRow.phase, AttemptRow.sitting_room_id, AttemptRow.checked_in)
    attempts = session.execute(select(*columns).where(AttemptRow.sitting_id == sitting)).all()
    running = sum(attempt.phase == Phase.RUNNING for attempt in attempts)
    if running:
        raise ExamError(Message(N_("%(count)d candidates are still answering; marking begins when all have handed in."), {"count": running}))
    if row.component == ComponentKey.REVIEW:
        if all(attempt.phase == Phase.CREATED for attempt in attempts):
            raise ExamError(Message(N_("Nobody has been heard yet: there is nothing to mark.")))
        return
    ledgers = {room: room_ledger(session, room) for room in {attempt.sitting_room_id for attempt in attempts}}
    states = {attempt.id: time_state(ledgers[attempt.sitting_room_id], row.limit, at.exam, attempt.id) for attempt in attempts}
    if all(state.started is None for state in states.values()):
        raise ExamError(Message(N_("No room of this sitting has been started yet: there is nothing to mark.")))
    waiting = [each for each in attempts if each.phase == Phase.CREATED and each.checked_in is not None]
    able = sum(states[each.id].started is not None and not states[each.id].is_over for each in waiting)
    if able:
        text = N_("%(count)d candidates are checked in and may still open their paper; marking begins when their time is over.")
        raise ExamError(Message(text, {"count": able}))


def _marked_by_key(session: Session, attempts: Sequence[AttemptRow]) -> dict[str, MarkedAttempt]:
    keys = paper_keys(session, {str(attempt.paper) for attempt in attempts})
    return {
        attempt.id: mark_attempt(keys[str(attempt.paper)].lines, final_responses(attempt_steps(session.connection(), attempt.id)))
        for attempt in attempts
    }


def _judged(component: Component, attempt: AttemptRow, marked: MarkedAttempt | None) -> JudgedAttempt:
    result = result_of(component, Phase(attempt.phase), marked)
    return JudgedAttempt(attempt.id, result, marked.items if marked is not None else ())


def _plain(judged: JudgedAttempt) -> list[object]:
    result = judged.result
    sections = {section: str(mark) for section, mark in result.sections.items()}
    items = [[item.item, str(item.fraction), str(item.mark)] for item in judged.items]
    return [judged.attempt, str(result.decision), None if result.total is None else str(result.total), sections, items]
