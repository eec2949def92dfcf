"""Who may not score whom (回避): the same employer or a class taught are seen by themselves; kinship and the rest are declared."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import keep_note, record
from examsrv.services.candidates import candidate_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import CandidateRow, NoteRow, PersonRow, RecusalRow
from question_bank.message import N_, ExamError, Message

NOTE_LONGEST = 500
BETWEEN_NAMES = str.maketrans({";": "\n", "；": "\n"})
"""Somebody who has worked for several employers names them with semicolons or on lines of their own."""


class Ground(StrEnum):
    """Why somebody may not score a candidate."""

    EMPLOYER = "employer"
    TAUGHT = "taught"
    KINSHIP = "kinship"
    OTHER = "other"


GROUND_NAMES = {
    Ground.EMPLOYER: Message(N_("same employer")),
    Ground.TAUGHT: Message(N_("taught the candidate")),
    Ground.KINSHIP: Message(N_("kinship")),
    Ground.OTHER: Message(N_("other relation")),
}

NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

Bars = Mapping[int, tuple[Ground, ...]]
"""By candidate, the grounds on which somebody may not score them; who is not in it may be scored."""


@dataclass(frozen=True, slots=True)
class Recusal:
    """A relation that was declared and stands."""

    id: int
    person: int
    name: str
    candidate: int
    ground: Ground
    note: str
    declared_by: str
    wall: datetime


def bars(session: Session, secret: Secret | None, person: int, candidates: Collection[int]) -> Bars:
    """Return which of `candidates` somebody may not score. Without the secret only what was declared is known."""
    return bars_of(session, secret, [person], candidates)[person]


def bars_of(session: Session, secret: Secret | None, persons: Collection[int], candidates: Collection[int]) -> dict[int, Bars]:
    """Return for each of `persons` which of `candidates` they may not score, as `bars` does."""
    declared = _declared(session, persons, candidates)
    relations = _relations(session, secret, candidates) if secret is not None else {}
    found: dict[int, Bars] = {}
    for row in session.scalars(select(PersonRow).where(PersonRow.id.in_(persons))):
        employers, classes = names_in(row.employer or ""), names_in(row.training_classes or "")
        mine = {
            candidate: (
                *([Ground.EMPLOYER] if employers & relations.get(candidate, NOTHING)[0] else []),
                *([Ground.TAUGHT] if classes & relations.get(candidate, NOTHING)[1] else []),
            )
            for candidate in candidates
        }
        for candidate, ground in declared.get(row.id, ()):
            mine[candidate] = tuple(dict.fromkeys((*mine[candidate], ground)))
        found[row.id] = {candidate: grounds for candidate, grounds in mine.items() if grounds}
    return found


def declare_recusal(session: Session, person: int, candidate: int, ground: str, note: str, by: Actor, at: Moment) -> int:
    """Enter that somebody may not score a candidate; return its number. `by` is the examiner or somebody of the office."""
    if ground not in set(Ground):
        raise ExamError(Message(N_("Please choose a reason.")))
    if len(note.strip()) > NOTE_LONGEST:
        raise ExamError(Message(N_("A note has at most %(longest)d characters."), {"longest": NOTE_LONGEST}))
    if ground == Ground.OTHER and not note.strip():
        raise ExamError(Message(N_("Please write down what the relation is.")))
    if by.person is None or session.get(PersonRow, person) is None or session.get(CandidateRow, candidate) is None:
        raise ExamError(Message(N_("There is no such person.")))
    same = select(RecusalRow.id).where(RecusalRow.person_id == person, RecusalRow.candidate_id == candidate, RecusalRow.ground == ground)
    if session.scalars(same.where(RecusalRow.lifted.is_(None))).first() is not None:
        raise ExamError(Message(N_("This is entered already.")))
    row = RecusalRow(person_id=person, candidate_id=candidate, ground=ground, note=keep_note(session, note), declared_by=by.person, wall=at.wall)
    session.add(row)
    session.flush()
    record(session, "recusal.declared", f"person/{person}", by, at, candidate=candidate, ground=ground)
    return row.id


def lift_recusal(session: Session, recusal: int, by: Actor, at: Moment) -> None:
    """Take back what was entered wrongly."""
    row = session.get(RecusalRow, recusal)
    if row is None or row.lifted is not None:
        raise ExamError(Message(N_("This is not entered any more.")))
    row.lifted, row.lifted_by = at.wall, by.person
    session.flush()
    record(session, "recusal.lifted", f"person/{row.person_id}", by, at, candidate=row.candidate_id, ground=row.ground)


def recusals(session: Session, candidates: Collection[int]) -> list[Recusal]:
    """Return what was declared about candidates and stands, in its order."""
    query = select(RecusalRow).where(RecusalRow.candidate_id.in_(candidates), RecusalRow.lifted.is_(None)).order_by(RecusalRow.id)
    rows = session.scalars(query).all()
    people = {row.person_id for row in rows} | {row.declared_by for row in rows}
    names = {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(people)))}
    notes = {row.digest: row.text for row in session.scalars(select(NoteRow).where(NoteRow.digest.in_([row.note for row in rows if row.note])))}
    return [
        Recusal(
            row.id,
            row.person_id,
            names[row.person_id],
            row.candidate_id,
            Ground(row.ground),
            notes.get(row.note or "", ""),
            names[row.declared_by],
            row.wall,
        )
        for row in rows
    ]


def names_in(text: str) -> frozenset[str]:
    """Return the names of employers or classes that a text lists, as they are compared."""
    return frozenset(name for name in (folded(each) for each in text.translate(BETWEEN_NAMES).splitlines()) if name)


def folded(name: str) -> str:
    """Return a name as it is compared: half-width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _relations(session: Session, secret: Secret, candidates: Collection[int]) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Return the employers and the training classes of candidates."""
    rows = session.scalars(select(CandidateRow).where(CandidateRow.id.in_(candidates)))
    opened = ((row.id, candidate_of(secret, row)) for row in rows)
    return {candidate: (names_in(details.employer), names_in(details.training_class)) for candidate, details in opened}


def _declared(session: Session, persons: Collection[int], candidates: Collection[int]) -> dict[int, list[tuple[int, Ground]]]:
    query = select(RecusalRow).where(RecusalRow.person_id.in_(persons), RecusalRow.candidate_id.in_(candidates), RecusalRow.lifted.is_(None))
    found: dict[int, list[tuple[int, Ground]]] = {}
    for row in session.scalars(query.order_by(RecusalRow.id)):
        found.setdefault(row.person_id, []).append((row.candidate_id, Ground(row.ground)))
    return found
