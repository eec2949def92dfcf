"""Task sets: they are made into papers, and opened whole, with keys and rubric, for those who score. They come in by `importing_task_sets`."""

import gzip
import threading
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.form import form_name
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.task_paper import compose_tasks
from examsrv.services.auditing import record
from examsrv.services.drawing import BEST_COMPRESSION
from examsrv.services.papers import paper_title
from examsrv.storage.tables import AttemptRow, CaseFileRow, FormRow, FormSetRow, PaperKeyRow, PaperRow, TaskSetRow
from question_bank.message import N_, ExamError, Message
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from

KEPT = 16
_KNOWN: dict[str, tuple[str, TaskSet]] = {}
_KEEPING = threading.Lock()


@dataclass(frozen=True, slots=True)
class TaskSetView:
    """A task set without keys and rubric. `is_current` ones may be made into papers."""

    digest: str
    pack: str
    set_id: str
    level: str
    component: str
    title: str
    minutes: int
    is_current: bool
    came: datetime


def task_sets(session: Session, pack: str | None = None, level: str | None = None, component: str | None = None) -> list[TaskSetView]:
    """Return the task sets that may be used, of a pack, level and component or of all, by level and id."""
    query = select(TaskSetRow).where(TaskSetRow.is_current).order_by(TaskSetRow.pack, TaskSetRow.level.desc(), TaskSetRow.set_id)
    for column, wanted in ((TaskSetRow.pack, pack), (TaskSetRow.level, level), (TaskSetRow.component, component)):
        if wanted is not None:
            query = query.where(column == wanted)
    return [_view(row) for row in session.scalars(query)]


def longest_minutes(session: Session, digests: Collection[str]) -> int:
    """Return how many minutes the longest of some task sets is meant to take; 0 where there are none."""
    return session.scalar(select(func.max(TaskSetRow.minutes)).where(TaskSetRow.digest.in_(digests))) or 0


def task_set_with_keys(session: Session, set_digest: str) -> TaskSet:
    """Return a task set with everything: for those who score and review, never for what delivers a paper.

    A record is made into values once, and again as soon as a letter of it differs: scoring a group asks for the same few a thousand times.
    """
    text = session.scalar(select(cast(TaskSetRow.record, String)).where(TaskSetRow.digest == set_digest))
    if text is None:
        raise ExamError(Message(N_("There is no such task set.")))
    known = _KNOWN.get(set_digest)
    if known is not None and known[0] == text:
        return known[1]
    found, findings = task_set_from(session.get_one(TaskSetRow, set_digest).record, {})
    if found is None:
        raise ExamError(findings[0][1])
    with _KEEPING:
        if len(_KNOWN) >= KEPT:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[set_digest] = (text, found)
    return found


def task_set_of_paper(session: Session, paper: str) -> TaskSet:
    """Return the task set that a paper was made of."""
    items = session.scalars(select(FormRow.items).join(PaperRow, PaperRow.form_id == FormRow.id).where(PaperRow.digest == paper)).one()
    return task_set_with_keys(session, str(items[0]))


def task_set_of_attempt(session: Session, attempt: str) -> TaskSet:
    """Return the task set that an attempt works on; refused while no paper is dealt to it."""
    paper = session.scalars(select(AttemptRow.paper).where(AttemptRow.id == attempt)).one()
    if paper is None:
        raise ExamError(Message(N_("The papers have not been dealt out. An administrator has to publish the sitting.")))
    return task_set_of_paper(session, paper)


def case_file(session: Session, file_digest: str) -> bytes | None:
    """Return the content of a file that goes with a task; None where there is none."""
    row = session.get(CaseFileRow, file_digest)
    return None if row is None else row.content


def compose_sets(session: Session, pack: str, level: str, component: str, chosen: Sequence[str], seed: int, by: Actor, at: Moment) -> int:
    """Make one paper of each chosen task set, not yet sealed; return the number of the set of forms. Only sets of this examination can be chosen."""
    offered = {each.digest for each in task_sets(session, pack, level, component)}
    if not chosen or len(set(chosen)) < len(chosen) or not offered.issuperset(chosen):
        raise ExamError(Message(N_("Choose one or more task sets of this examination, each once.")))
    stored = FormSetRow(
        pack=pack,
        level=level,
        component=component,
        specification={"task_sets": list(chosen)},
        seed=seed,
        bank_digest=digest(list(chosen)),
        report={},
        wall=at.wall,
        person_id=by.person,
    )
    session.add(stored)
    session.flush()
    title = paper_title(session, pack, level, component)
    for place, set_digest in enumerate(chosen):
        _keep_paper(session, stored.id, form_name(place), title, task_set_with_keys(session, set_digest), seed + place)
    record(session, "forms.composed", f"form_set/{stored.id}", by, at, seed=str(seed), forms=len(chosen), sets=stored.bank_digest)
    return stored.id


def _keep_paper(session: Session, form_set: int, name: str, title: str, task_set: TaskSet, seed: int) -> None:
    """Store one paper and, apart, its key, whose digest covers the whole task set: who seals it seals rubric and model answers too."""
    paper = compose_tasks(title, task_set, seed)
    if session.get(PaperRow, paper.digest) is not None:
        raise ExamError(Message(N_("The very same paper was made of the task set %(set)s before."), {"set": task_set.id}))
    row = FormRow(form_set_id=form_set, name=name, items=[task_set.digest])
    session.add(row)
    session.flush()
    secret = {str(number): asdict(line) for number, line in paper.key.items()}
    content = gzip.compress(paper.content, compresslevel=BEST_COMPRESSION, mtime=0)
    session.add(PaperRow(digest=paper.digest, form_id=row.id, content=content, item_count=len(paper.key)))
    session.add(PaperKeyRow(paper=paper.digest, digest=digest([secret, task_set.digest]), secret=secret))
    session.flush()


def _view(row: TaskSetRow) -> TaskSetView:
    return TaskSetView(row.digest, row.pack, row.set_id, row.level, row.component, row.title, row.minutes, row.is_current, row.wall)
