"""Acts that want two persons: one proposes, another one, signing in anew, decides. Bound to the digest of exactly what is approved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.storage.tables import ApprovalRow, PersonRow
from question_bank.message import N_, ExamError, Message

APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """A proposal as the second person sees it."""

    id: int
    act: str
    subject: str
    digest: str
    proposed_by: int
    proposer: str
    proposed: datetime


def propose(session: Session, act: str, subject: str, digest: str, by: Actor, at: Moment) -> int:
    """Propose an act on `subject` as it stands now (`digest`); an open proposal of the same act and subject is replaced. Return its number."""
    if by.person is None:
        raise ExamError(Message(N_("Only a person can propose this.")))
    for row in session.scalars(_open(act, subject)):
        row.decision, row.decided, row.decided_by = REFUSED, at.wall, by.person
    row = ApprovalRow(act=act, subject=subject, digest=digest, proposed_by=by.person, proposed=at.wall)
    session.add(row)
    session.flush()
    record(session, f"{act}.proposed", subject, by, at, digest=digest)
    return row.id


def approve(session: Session, act: str, subject: str, digest: str, by: Actor, at: Moment) -> None:
    """Approve the open proposal. Refused: the same person, nothing proposed, or a content that has changed since."""
    row = session.scalars(_open(act, subject)).one_or_none()
    if row is None:
        raise ExamError(Message(N_("Nothing is proposed here.")))
    if row.digest != digest:
        raise ExamError(Message(N_("The content has changed since it was proposed. It has to be proposed anew.")))
    if by.person is None or by.person == row.proposed_by:
        raise ExamError(Message(N_("Another person has to approve: not the one who proposed.")))
    row.decided_by, row.decided, row.decision = by.person, at.wall, APPROVED
    record(session, f"{act}.approved", subject, by, at, digest=digest)


def withdraw(session: Session, act: str, subject: str, by: Actor, at: Moment) -> None:
    """Refuse or take back the open proposal, if there is one."""
    for row in session.scalars(_open(act, subject)):
        row.decision, row.decided, row.decided_by = REFUSED, at.wall, by.person
        record(session, f"{act}.refused", subject, by, at, digest=row.digest)


def open_proposal(session: Session, act: str, subject: str) -> ApprovalView | None:
    """Return the proposal that waits, if any."""
    row = session.scalars(_open(act, subject)).one_or_none()
    if row is None:
        return None
    proposer = session.get(PersonRow, row.proposed_by)
    return ApprovalView(row.id, row.act, row.subject, row.digest, row.proposed_by, proposer.name if proposer else "", row.proposed)


def _open(act: str, subject: str) -> Select[ApprovalRow]:
    return select(ApprovalRow).where(ApprovalRow.act == act, ApprovalRow.subject == subject, ApprovalRow.decision.is_(None))
