"""Scoring a script: whose it is to score now, the sheet as it is filled in, and handing it in. Nothing here tells what colleagues gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.canonical import digest
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.sheets import require_sheet
from examsrv.services.auditing import keep_note, record
from examsrv.services.bars import bars, declare_recusal
from examsrv.services.scripts import Script, counted_entries, counted_entries_of, place_for, places_for, script_numbered, scripts_of_group
from examsrv.services.task_sets import task_set_of_attempt
from examsrv.services.writable import require_text
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AssessmentGroupRow, AttemptRow, EntryRow, NoteRow, SheetDraftRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey
from question_bank.task import Task, TaskSet

COMMENT_LONGEST = 500
SECONDS_MOST = 24 * 60 * 60
NOT_YOURS = Message(N_("This script is not yours to score."))


class Stage(StrEnum):
    """How far a script is for the examiner who is to score it."""

    NOT_STARTED = "not_started"
    """The group has not started."""
    WAITING = "waiting"
    """The candidate has not handed in yet, and nothing of the script is scored while it is worked on."""
    RUNNING = "running"
    """The candidate is at work: what is observed, or heard, can be noted in the draft."""
    OPEN = "open"
    IN = "in"
    """The own sheet is handed in."""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """A sheet as it is filled in: marks by criterion, vetoes claimed, comments by criterion, seconds taken by task."""

    marks: Mapping[str, Decimal] = field(default_factory=dict)
    vetoes: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it in JSON types: equal sheets are spelled equally."""
        marks = {name: spelled(mark) for name, mark in sorted(self.marks.items())}
        comments = {name: text.strip() for name, text in sorted(self.comments.items()) if text.strip()}
        return {"marks": marks, "vetoes": sorted(self.vetoes), "comments": comments, "seconds": dict(sorted(self.seconds.items()))}


@dataclass(frozen=True, slots=True)
class Draft:
    """A sheet that is being filled in, in the given revision; 0: nothing was saved yet."""

    content: SheetContent
    revision: int
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft is stored in this revision."""

    revision: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class NewerDraft:
    """Another window saved meanwhile: nothing was written, and this is what stands there."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The sheet is in, for good, unless it is reopened."""

    edition: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Scored:
    """A script as one examiner is to score it: for which place, how far it is, and by which tasks."""

    script: Script
    person: int
    place: int
    stage: Stage
    task_set: TaskSet
    entry: EntryRow | None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks that can be scored now: while a candidate works on a skills set, only what is observed."""
        if self.stage is Stage.RUNNING and self.task_set.component is not ComponentKey.REVIEW:
            return tuple(task for task in self.task_set.tasks if task.is_observed)
        return self.task_set.tasks


def own_script(session: Session, secret: Secret | None, sitting: int, number: int, person: int) -> Script | None:
    """Return the script with a number if it is somebody's to score, or was scored by them; None: it is not there for them.

    Without the secret only declared bars are looked at.
    """
    script = script_numbered(session, sitting, number)
    if script is None or not session.get_one(SittingRow, sitting).is_published:
        return None
    return script if own_place(session, secret, script, person) is not None else None


def require_own(session: Session, sitting: int, number: int, person: int) -> Script:
    """Return the script with a number; refused unless it is somebody's to score."""
    script = own_script(session, None, sitting, number, person)
    if script is None:
        raise ExamError(NOT_YOURS)
    return script


def own_place(session: Session, secret: Secret | None, script: Script, person: int) -> int | None:
    """Return the place for which somebody is to score a script; None for whoever is barred, or where an earlier holder's sheet counts."""
    place = place_for(session, script.attempt, person)
    if place is None or is_barred(session, secret, script.attempt, person):
        return None
    entry = counted_entries(session, script.attempt).get(place)
    return place if entry is None or entry.person_id == person else None


def own_desk(session: Session, group: int, person: int) -> list[tuple[Script, EntryRow | None]]:
    """Return the scripts of a group that `own_place` gives somebody, each with their own entry that counts, all looked up at once."""
    scripts = scripts_of_group(session, group)
    attempts = [script.attempt for script in scripts]
    places = places_for(session, group, attempts, person)
    entries = counted_entries_of(session, group, attempts)
    query = select(AttemptRow.id, AttemptRow.candidate_id).where(AttemptRow.id.in_(attempts))
    candidates = {row.id: row.candidate_id for row in session.execute(query)}
    barred = bars(session, None, person, set(candidates.values()))
    own = [script for script in scripts if script.attempt in places and candidates[script.attempt] not in barred]
    desk = [(script, entries[script.attempt].get(places[script.attempt])) for script in own]
    return [(script, entry) for script, entry in desk if entry is None or entry.person_id == person]


def is_barred(session: Session, secret: Secret | None, attempt: str, person: int) -> bool:
    """Tell whether somebody may not score the candidate of an attempt."""
    candidate = session.get_one(AttemptRow, attempt).candidate_id
    return bool(bars(session, secret, person, [candidate]))


def scored(session: Session, script: Script, person: int) -> Scored:
    """Return a script as somebody is to score it; refused to everybody else."""
    place = own_place(session, None, script, person)
    if place is None:
        raise ExamError(NOT_YOURS)
    task_set = task_set_of_attempt(session, script.attempt)
    entry = counted_entries(session, script.attempt).get(place)
    return Scored(script, person, place, stage_of(session, script, entry), task_set, entry)


def stage_of(session: Session, script: Script, entry: EntryRow | None) -> Stage:
    """Return how far a script is for the examiner whose entry `entry` is."""
    return stages_of(session, script.group, [(script, entry)])[script.attempt]


def stages_of(session: Session, group: int, desk: Sequence[tuple[Script, EntryRow | None]]) -> dict[str, Stage]:
    """Return the same of many scripts of a group at once, by attempt."""
    is_started = session.get_one(AssessmentGroupRow, group).started is not None
    query = select(AttemptRow.id, AttemptRow.phase, AttemptRow.paper).where(AttemptRow.id.in_([script.attempt for script, _entry in desk]))
    attempts = {row.id: row for row in session.execute(query)}
    running = {row.paper: row.id for row in attempts.values() if Phase(row.phase) is Phase.RUNNING and is_started}
    watched = {paper for paper, attempt in running.items() if _is_watched(session, attempt)}
    stages = {}
    for script, entry in desk:
        row = attempts[script.attempt]
        now = _stage(Phase(row.phase), row.paper in watched) if is_started else Stage.NOT_STARTED
        stages[script.attempt] = now if entry is None else Stage.IN
    return stages


def draft_of(session: Session, attempt: str, person: int) -> Draft:
    """Return what somebody has filled in so far."""
    row = session.get(SheetDraftRow, (attempt, person))
    return Draft(SheetContent(), 0, None) if row is None else Draft(content_from(row.content), row.revision, row.changed)


def save_draft(session: Session, script: Script, person: int, revision: int, content: SheetContent, at: Moment) -> Saved | NewerDraft:
    """Store a sheet that was filled in on top of `revision`. The same content sent twice is acknowledged again."""
    found = scored(session, script, person)
    _require_stage(found.stage, {Stage.OPEN, Stage.RUNNING})
    _require_draft(found, content)
    return _kept(session, script.attempt, person, revision, content, at)


def hand_in(
    session: Session, secret: Secret | None, script: Script, person: int, revision: int, content: SheetContent, by: Actor, at: Moment
) -> HandedIn | NewerDraft:
    """Hand a complete sheet in: the next edition of the place. Sent twice it is acknowledged again; what differs from what is in is refused."""
    if is_barred(session, secret, script.attempt, person):
        raise ExamError(NOT_YOURS)
    found = scored(session, script, person)
    if found.entry is not None and _entered(session, found.entry).plain() == content.plain():
        return HandedIn(found.entry.edition, found.entry.wall)
    _require_stage(found.stage, {Stage.OPEN})
    _require_draft(found, content)
    require_sheet(found.task_set, content.marks, content.vetoes)
    kept = _kept(session, script.attempt, person, revision, content, at)
    return kept if isinstance(kept, NewerDraft) else _enter(session, found, content, by, at)


def own_sheet(session: Session, found: Scored) -> Draft:
    """Return the own sheet: as it was handed in, or as it is filled in so far."""
    if found.entry is None:
        return draft_of(session, found.script.attempt, found.person)
    return Draft(_entered(session, found.entry), draft_of(session, found.script.attempt, found.person).revision, found.entry.wall)


def recuse(session: Session, script: Script, person: int, ground: str, note: str, by: Actor, at: Moment) -> int:
    """Declare that one may not score the candidate of a script: it leaves the own list, and the leader and the office see it."""
    found = scored(session, script, person)
    if found.stage is Stage.IN:
        raise ExamError(Message(N_("Your sheet is handed in. Tell the leader of the group or the office that you should not have scored it.")))
    return declare_recusal(session, person, session.get_one(AttemptRow, script.attempt).candidate_id, ground, note, by, at)


def content_from(plain: Mapping[str, object]) -> SheetContent:
    """Return the sheet that `plain` made plain."""
    kept = {name: plain.get(name) or {} for name in ("marks", "comments", "seconds")}
    marks = {str(name): Decimal(str(mark)) for name, mark in _items(kept["marks"])}
    comments = {str(name): str(text) for name, text in _items(kept["comments"])}
    seconds = {str(name): int(str(count)) for name, count in _items(kept["seconds"])}
    vetoes = plain.get("vetoes")
    return SheetContent(marks, frozenset(map(str, vetoes if isinstance(vetoes, list) else ())), comments, seconds)


def spelled(mark: Decimal) -> str:
    """Return one spelling for equal marks: 4, 4.0 and 4.00 are 4."""
    return format(mark.normalize(), "f")


def _items(value: object) -> list[tuple[object, object]]:
    return list(value.items()) if isinstance(value, dict) else []


def _kept(session: Session, attempt: str, person: int, revision: int, content: SheetContent, at: Moment) -> Saved | NewerDraft:
    row = session.get(SheetDraftRow, (attempt, person))
    plain = content.plain()
    if row is None:
        row = SheetDraftRow(attempt_id=attempt, person_id=person, revision=0, content={}, changed=at.wall)
        session.add(row)
    elif row.content == plain:
        return Saved(row.revision, row.changed)
    if row.revision != revision:
        return NewerDraft(Draft(content_from(row.content), row.revision, row.changed))
    row.revision, row.content, row.changed = revision + 1, plain, at.wall
    session.flush()
    return Saved(row.revision, row.changed)


def _stage(phase: Phase, is_watched: bool) -> Stage:
    if phase is Phase.SUBMITTED:
        return Stage.OPEN
    return Stage.RUNNING if phase is Phase.RUNNING and is_watched else Stage.WAITING


def _is_watched(session: Session, attempt: str) -> bool:
    """Tell whether there is something to note while the candidate is at work."""
    task_set = task_set_of_attempt(session, attempt)
    return task_set.component is ComponentKey.REVIEW or any(task.is_observed for task in task_set.tasks)


def _require_stage(stage: Stage, wanted: set[Stage]) -> None:
    if stage in wanted:
        return
    texts = {
        Stage.NOT_STARTED: N_("The group has not started yet: nothing can be scored."),
        Stage.WAITING: N_("The candidate has not handed in yet."),
        Stage.RUNNING: N_("The candidate is still at work. The sheet can be handed in afterwards; the draft is kept."),
        Stage.IN: N_("This sheet was handed in already. Only two persons together can open it again."),
    }
    raise ExamError(Message(texts[stage]))


def _require_draft(found: Scored, content: SheetContent) -> None:
    """Refuse what the set does not know, marks outside of their steps, and texts that cannot be kept; criteria may be left out."""
    tasks = found.tasks
    criteria = {criterion.id: criterion for task in tasks for criterion in task.criteria}
    vetoes = {veto.id for task in tasks for veto in task.vetoes}
    unknown = [*(content.marks.keys() | content.comments.keys()) - criteria.keys(), *content.vetoes - vetoes]
    unknown += content.seconds.keys() - {task.id for task in tasks}
    if unknown:
        raise ExamError(Message(N_("The sheet names what is not scored here: %(names)s"), {"names": ", ".join(sorted(unknown))}))
    wrong = sorted(name for name, mark in content.marks.items() if mark not in criteria[name].allowed)
    if wrong:
        raise ExamError(Message(N_("A mark is not one of the steps: %(names)s"), {"names": ", ".join(wrong)}))
    for text in content.comments.values():
        require_text(text)
        if len(text) > COMMENT_LONGEST:
            raise ExamError(Message(N_("A comment has at most %(longest)d characters."), {"longest": COMMENT_LONGEST}))


def _enter(session: Session, found: Scored, content: SheetContent, by: Actor, at: Moment) -> HandedIn:
    attempt, place = found.script.attempt, found.place
    last = session.scalar(select(func.max(EntryRow.edition)).where(EntryRow.attempt_id == attempt, EntryRow.place == place)) or 0
    plain = content.plain()
    kept = {name: keep_note(session, text) for name, text in sorted(content.comments.items()) if text.strip()}
    signed = digest([attempt, place, last + 1, found.person, plain, at.wall.isoformat()])
    row = EntryRow(attempt_id=attempt, place=place, edition=last + 1, person_id=found.person, marks=plain["marks"], vetoes=plain["vetoes"])
    row.comments, row.seconds, row.digest, row.wall = kept, plain["seconds"], signed, at.wall
    session.add(row)
    session.flush()
    record(session, "sheet.handed_in", f"attempt/{attempt}", by, at, place=place, edition=row.edition, digest=signed)
    return HandedIn(row.edition, at.wall)


def _entered(session: Session, entry: EntryRow) -> SheetContent:
    """Return an entry as a sheet, with its comments in words."""
    digests = list(entry.comments.values())
    texts = {row.digest: row.text for row in session.scalars(select(NoteRow).where(NoteRow.digest.in_(digests)))} if digests else {}
    comments = {name: texts.get(note, "") for name, note in entry.comments.items()}
    return content_from({"marks": entry.marks, "vetoes": entry.vetoes, "comments": comments, "seconds": entry.seconds})
