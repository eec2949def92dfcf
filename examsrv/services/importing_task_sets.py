"""Bringing a pack's task sets into the database, with the files that go with them. Content that is there already stays as it is."""

from pathlib import PurePath

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.storage.tables import CaseFileRow, TaskSetRow
from question_bank.pack import Pack
from question_bank.task import TaskSet
from question_bank.task_record import record_of_set


def import_task_sets(session: Session, pack: Pack, by: Actor, at: Moment) -> int:
    """Bring a pack's task sets in; return how many are new or changed. A changed one stands beside the earlier, which papers may be made of."""
    fresh = [each for each in pack.task_sets if session.get(TaskSetRow, each.digest) is None]
    for task_set in fresh:
        _keep_files(session, pack, task_set)
        same_id = update(TaskSetRow).where(TaskSetRow.pack == pack.code, TaskSetRow.set_id == task_set.id)
        session.execute(same_id.values(is_current=False))
        session.add(_row(pack.code, task_set, at))
        session.flush()
        record(session, "task_set.imported", f"pack/{pack.code}", by, at, set=task_set.id, digest=task_set.digest)
    return len(fresh)


def _keep_files(session: Session, pack: Pack, task_set: TaskSet) -> None:
    for file in (file for task in task_set.tasks for file in task.files):
        if session.get(CaseFileRow, file.digest) is None:
            content = pack.case_files[file.digest].read_bytes()
            session.add(CaseFileRow(digest=file.digest, type=PurePath(file.name).suffix[1:], content=content))
            session.flush()


def _row(pack: str, task_set: TaskSet, at: Moment) -> TaskSetRow:
    return TaskSetRow(
        digest=task_set.digest,
        pack=pack,
        set_id=task_set.id,
        level=task_set.level,
        component=task_set.component,
        title=task_set.title,
        minutes=task_set.minutes,
        record=record_of_set(task_set),
        is_current=True,
        wall=at.wall,
    )
