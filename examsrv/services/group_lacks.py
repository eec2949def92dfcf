"""What the groups of a sitting of skills or a review still lack before it can be published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import Adjudication
from examsrv.services.assessment_groups import GroupView, groups_of_sitting
from examsrv.services.assigning_examiners import RESERVES_CALLED, number_faults, people_faults
from examsrv.services.batches import BatchView
from examsrv.services.distributing import without_group
from examsrv.services.task_sets import longest_minutes
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import FormSetRow, SittingRow
from question_bank.message import N_, Message
from question_bank.standard import ComponentKey


@dataclass(frozen=True, slots=True)
class GroupLack:
    """Something that is lacking; `group` when it concerns one."""

    message: Message
    group: int | None = None


def group_lacks(session: Session, secret: Secret | None, sitting: int, batch: BatchView | None) -> Iterator[GroupLack]:
    """Yield everything that the groups lack. Without the secret, bars by employer and class are not seen."""
    groups = groups_of_sitting(session, sitting)
    if not groups:
        yield GroupLack(Message(N_("There is no group of examiners.")))
        return
    waiting = len(without_group(session, sitting))
    if waiting:
        yield GroupLack(Message(N_("%(count)d candidates are in no group."), {"count": waiting}))
    for view in groups:
        for message in (*_of_members(view), *_of_reserves(view, batch), *people_faults(session, secret, view, view.people)):
            yield GroupLack(message, view.id)


def cautions(session: Session, sitting: int, batch: BatchView | None) -> Iterator[GroupLack]:
    """Yield what does not keep a sitting from being published but may end badly: tasks made for a longer time, too few reserves for who drops out."""
    yield from _of_time(session, sitting)
    if batch is None or batch.rule.adjudication is Adjudication.RESERVES:
        return
    for view in groups_of_sitting(session, sitting):
        if len(view.reserves) < RESERVES_CALLED:
            text = N_("%(group)s: %(reserves)d reserves are named; if more members drop out on the day, the group cannot start.")
            yield GroupLack(Message(text, {"group": view.name, "reserves": len(view.reserves)}), view.id)


def _of_time(session: Session, sitting: int) -> Iterator[GroupLack]:
    """Say how long the tasks of the papers should take at most, where a skills sitting is shorter."""
    row = session.get_one(SittingRow, sitting)
    if row.form_set_id is None or row.component != ComponentKey.SKILLS:
        return
    chosen = session.get_one(FormSetRow, row.form_set_id).specification.get("task_sets", [])
    longest = longest_minutes(session, chosen)
    if timedelta(minutes=longest) > row.limit:
        text = N_("The tasks of the chosen papers are meant to take %(tasks)d minutes; this sitting lasts %(minutes)d.")
        yield GroupLack(Message(text, {"tasks": longest, "minutes": row.limit // timedelta(minutes=1)}))


def _of_members(view: GroupView) -> Iterator[Message]:
    if not view.candidates:
        yield Message(N_("%(group)s: there are no candidates."), {"group": view.name})
        return
    yield from number_faults(view, len(view.members))
    if view.members and view.lead is None:
        yield Message(N_("%(group)s: nobody leads."), {"group": view.name})


def _of_reserves(view: GroupView, batch: BatchView | None) -> Iterator[Message]:
    if batch is not None and batch.rule.adjudication is Adjudication.RESERVES and len(view.reserves) < RESERVES_CALLED:
        text = N_("%(group)s: disputes of the batch are settled by %(needed)d reserves, %(reserves)d are named.")
        yield Message(text, {"group": view.name, "needed": RESERVES_CALLED, "reserves": len(view.reserves)})
