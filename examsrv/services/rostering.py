"""Rosters: a file of candidates is read, looked at row by row, and imported whole or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.identity import masked
from examsrv.domain.moment import Actor, Moment
from examsrv.exports.roster_template import roster_template_workbook
from examsrv.services.auditing import record
from examsrv.services.candidates import CandidateDetails, add_candidate, candidate_of, change_candidate, photo_of
from examsrv.services.roster_checks import (
    Person,
    SeenRows,
    double_faults,
    has_ticket,
    is_known_so,
    is_seated_so,
    person_of,
    room_faults,
    running_faults,
    taken_faults,
)
from examsrv.services.roster_columns import COLUMN_TITLES, NEEDED, TOLD
from examsrv.services.roster_entries import Entry, RosterFile, read_roster
from examsrv.services.roster_plan import SittingPlan, sitting_day, sitting_plan
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow
from question_bank.message import N_, ExamError, Message

__all__ = [
    "CandidateDetails",
    "RosterChange",
    "RosterFile",
    "RosterImport",
    "RosterPreview",
    "RosterRow",
    "candidate_of",
    "import_roster",
    "photo_of",
    "preview",
    "read_roster",
    "roster_template",
]

EXAMPLE = ("0001", "张三", "150102199003070015", "01", "1", "某某信用管理有限公司", "2026年秋季班")
TEMPLATE_NOTES = (
    Message(N_("One candidate in each row of the first sheet; the order of the columns does not matter.")),
    Message(N_("All columns are formatted as text, so that zeros in front and the 18 digits of ID numbers are kept.")),
    Message(N_("Room is the name of a room planned for the sitting; seat is a seat's number there that is no spare.")),
    Message(N_("Employer and training class may be left out; examiners of the same employer, or who taught the class, do not score the candidate.")),
    Message(N_("The same file may be imported again: candidates that are there already stay as they are, and nobody is removed.")),
    Message(N_("An example:")),
)


class RosterChange(StrEnum):
    """What importing a row would do."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row as it is shown before the import: `number` as in the spreadsheet, the ID number masked, everything that is wrong with it."""

    number: int
    ticket: str
    name: str
    id_number: str
    room: str
    seat: str
    has_photo: bool
    change: RosterChange
    faults: tuple[Message, ...]
    notices: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What a file would do to a sitting. `faults` concern the whole file; `notices` only tell. `digest` names the file by its content."""

    digest: str
    rows: tuple[RosterRow, ...]
    faults: tuple[Message, ...]
    notices: tuple[Message, ...]

    @property
    def can_import(self) -> bool:
        """Tell whether nothing at all is wrong."""
        return bool(self.rows) and not self.faults and not self.bad_rows

    @property
    def bad_rows(self) -> tuple[RosterRow, ...]:
        """Return the rows with something wrong."""
        return tuple(row for row in self.rows if row.faults)

    def count(self, change: RosterChange) -> int:
        """Return how many rows have this change."""
        return sum(row.change is change for row in self.rows)


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What an import did: how many candidates were added to the sitting, changed, and left as they were."""

    new: int
    changed: int
    same: int


def preview(session: Session, secret: Secret, sitting_id: int, roster: RosterFile) -> RosterPreview:
    """Say what importing the file into the sitting would do, naming every bad row; changes nothing. An unknown sitting raises ExamError."""
    plan, people = _against(session, secret, sitting_id, roster)
    return _preview(secret, roster, plan, people)


def import_roster(
    session: Session,
    secret: Secret,
    sitting_id: int,
    roster: RosterFile,
    digest: str,
    by: Actor,
    at: Moment,
    new_id: Callable[[], str],
    new_seed: Callable[[], int],
    new_key: Callable[[], bytes],
) -> RosterImport:
    """Import all rows of the file whose preview had `digest`; with one bad row nothing is changed and ExamError raised.

    The same file again changes nothing. Candidates of the sitting who are not in the file stay. `new_key` gives 32 bytes of chance.
    """
    if roster.digest != digest:
        raise ExamError(Message(N_("This is not the file that was looked at; look at it again before importing it.")))
    plan, people = _against(session, secret, sitting_id, roster)
    seen = _preview(secret, roster, plan, people)
    if not seen.can_import:
        raise ExamError(Message(N_("Nothing was imported: %(rows)d rows are wrong."), {"rows": len(seen.bad_rows)}) if seen.rows else seen.faults[0])
    changed = [(entry, person) for entry, person, row in zip(roster.entries, people, seen.rows, strict=True) if row.change is not RosterChange.SAME]
    moved = _released_places(session, plan, changed)
    for entry, person in changed:
        candidate = _kept_candidate(session, secret, plan, entry, person, new_key)
        attempt = plan.attempts.get(person.identity) or _new_attempt(session, plan, candidate, new_id(), new_seed())
        _place(plan, entry, attempt, moved)
    session.flush()
    done = RosterImport(seen.count(RosterChange.NEW), seen.count(RosterChange.CHANGED), seen.count(RosterChange.SAME))
    counts = {"rows": len(seen.rows), "new": done.new, "changed": done.changed}
    record(session, "roster.imported", f"sitting/{sitting_id}", by, at, digest=digest, **counts)
    return done


def roster_template(translate: Callable[[Message], str] = str) -> bytes:
    """Return an .xlsx workbook to fill in: headings, columns kept as text, and on a second sheet notes with an example."""
    headings = [translate(COLUMN_TITLES[column]) for column in (*NEEDED, *TOLD)]
    sheets = (translate(Message(N_("Candidates"))), translate(Message(N_("Notes"))))
    return roster_template_workbook(sheets, headings, EXAMPLE, [translate(note) for note in TEMPLATE_NOTES])


def _against(session: Session, secret: Secret, sitting_id: int, roster: RosterFile) -> tuple[SittingPlan, list[Person]]:
    on = sitting_day(session, sitting_id)
    people = [person_of(secret, entry, on) for entry in roster.entries]
    identities = {person.identity for person in people if person.identity}
    tickets = {entry.ticket for entry in roster.entries if has_ticket(entry)}
    return sitting_plan(session, sitting_id, identities, tickets), people


def _preview(secret: Secret, roster: RosterFile, plan: SittingPlan, people: Sequence[Person]) -> RosterPreview:
    in_file = {person.identity for person in people}
    others = [attempt for identity, attempt in plan.attempts.items() if identity not in in_file]
    seen = SeenRows()
    rows = tuple(_row(secret, plan, entry, person, seen, others) for entry, person in zip(roster.entries, people, strict=True))
    kept = Message(N_("Candidates of this sitting who are not in the file and stay as they are: %(count)d."), {"count": len(others)})
    return RosterPreview(roster.digest, rows, roster.faults, (*roster.notices, *([kept] if others and rows else [])))


def _row(secret: Secret, plan: SittingPlan, entry: Entry, person: Person, seen: SeenRows, others: Sequence[AttemptRow]) -> RosterRow:
    room = plan.room(entry.room)
    attempt = plan.attempts.get(person.identity)
    change = _change(secret, plan, entry, person)
    return RosterRow(
        number=entry.number,
        ticket=entry.ticket,
        name=entry.name,
        id_number=masked(entry.id_number),
        room=room.name if room else entry.room,
        seat=entry.seat_text,
        has_photo=entry.photo is not None,
        change=change,
        faults=(
            *entry.faults,
            *([person.fault] if person.fault else []),
            *room_faults(plan, entry),
            *double_faults(seen, entry, person, room),
            *taken_faults(plan, entry, room, others),
            *running_faults(plan, attempt, room, is_changed=change is not RosterChange.SAME),
        ),
        notices=tuple(_notices(secret, plan, entry, person)),
    )


def _change(secret: Secret, plan: SittingPlan, entry: Entry, person: Person) -> RosterChange:
    attempt = plan.attempts.get(person.identity)
    if attempt is None:
        return RosterChange.NEW
    is_same = is_seated_so(attempt, entry, plan.room(entry.room)) and is_known_so(secret, plan, entry, person)
    return RosterChange.SAME if is_same else RosterChange.CHANGED


def _notices(secret: Secret, plan: SittingPlan, entry: Entry, person: Person) -> Iterator[Message]:
    row = plan.people.get(person.identity)
    if row is not None and (name := candidate_of(secret, row).name) != entry.name:
        yield Message(N_("The person with this ID number was called %(name)s so far; the name will be changed."), {"name": name})


def _released_places(session: Session, plan: SittingPlan, changed: Sequence[tuple[Entry, Person]]) -> dict[str, tuple[int, int]]:
    """Take those who move off their tickets and seats, so that two of them may change places; return where each attempt was."""
    attempts = [plan.attempts[person.identity] for _entry, person in changed if person.identity in plan.attempts]
    places = {attempt.id: (attempt.sitting_room_id, attempt.seat) for attempt in attempts}
    for count, attempt in enumerate(attempts, start=1):
        attempt.ticket, attempt.seat = f"~{attempt.id}", -count  # no ticket begins so, no seat is negative
    session.flush()
    return places


def _kept_candidate(session: Session, secret: Secret, plan: SittingPlan, entry: Entry, person: Person, new_key: Callable[[], bytes]) -> CandidateRow:
    row = plan.people.get(person.identity)
    if row is None:
        told = (entry.employer or "", entry.training_class or "")
        return add_candidate(session, secret, entry.name, person.id_number, entry.photo, new_key, *told)
    if not is_known_so(secret, plan, entry, person):
        change_candidate(secret, row, entry.name, entry.photo, new_key, entry.employer, entry.training_class)
    return row


def _new_attempt(session: Session, plan: SittingPlan, candidate: CandidateRow, name: str, seed: int) -> AttemptRow:
    attempt = AttemptRow(id=name, sitting_id=plan.sitting, candidate_id=candidate.id, order_seed=seed, phase=Phase.CREATED)
    session.add(attempt)
    return attempt


def _place(plan: SittingPlan, entry: Entry, attempt: AttemptRow, moved: Mapping[str, tuple[int, int]]) -> None:
    """Give the attempt the row's ticket, room and seat. What the candidate confirmed is no longer what stands, so it is asked anew."""
    room = plan.room(entry.room)
    if room is None:
        raise LookupError(entry.room)  # the preview has refused such a row
    place = (room.sitting_room, entry.seat)
    if moved.get(attempt.id, place) != place:
        attempt.checked_in = None
    attempt.ticket, (attempt.sitting_room_id, attempt.seat) = entry.ticket, place
    attempt.confirmed = attempt.disputed = None
