"""A sheet that was handed in is reopened: one person proposes with a reason, another one approves. It stays on record; its examiner hands in anew."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.moment import Actor, Moment
from examsrv.services import approving, scripts
from examsrv.services.approving import ApprovalView
from examsrv.services.auditing import keep_note, record
from examsrv.services.scripts import LEADER
from examsrv.services.settling import REASONS_LONGEST, require_not_in_force
from examsrv.storage.tables import ApprovalRow, EntryRow, NoteRow, PersonRow, ReopeningRow, ScriptRow
from question_bank.message import N_, ExamError, Message

REOPEN = "entry.reopen"


@dataclass(frozen=True, slots=True)
class ReopeningView:
    """An entry that somebody proposes to reopen, as the second person sees it. `digest` binds the entry and the reason."""

    entry: int
    attempt: str
    group: int
    number: int
    place: int
    edition: int
    examiner: str
    reason: str
    digest: str
    proposal: ApprovalView


def propose_reopening(session: Session, entry: int, reason: str, by: Actor, at: Moment) -> None:
    """Propose to reopen an entry. Refused without a reason, for an entry that counts no more, and for a script whose mark is in force."""
    row = _open_entry(session, entry)
    note = keep_note(session, reason) if len(reason.strip()) <= REASONS_LONGEST else None
    if note is None:
        raise ExamError(Message(N_("A reason has 1 to %(longest)d characters."), {"longest": REASONS_LONGEST}))
    withdraw_reopening(session, entry, by, at)
    approving.propose(session, REOPEN, _subject(entry, note), _digest(row, note), by, at)


def approve_reopening(session: Session, entry: int, shown_digest: str, by: Actor, at: Moment) -> None:
    """Set the entry aside: the second person's act, on exactly what was shown. Refused when it counts no more, or its mark came into force since."""
    row = _open_entry(session, entry)
    view = open_reopening(session, entry)
    if view is None or view.digest != shown_digest:
        raise ExamError(Message(N_("The content has changed since it was proposed. It has to be proposed anew.")))
    note = _note_of(view.proposal.subject)
    approving.approve(session, REOPEN, view.proposal.subject, _digest(row, note), by, at)
    session.add(
        ReopeningRow(
            attempt_id=row.attempt_id,
            place=row.place,
            edition=row.edition,
            note=note,
            proposed_by=view.proposal.proposed_by,
            approved_by=by.person or 0,
            wall=at.wall,
        )
    )
    session.flush()
    record(session, "entry.reopened", f"attempt/{row.attempt_id}", by, at, place=row.place, edition=row.edition, digest=row.digest, reason=note)


def withdraw_reopening(session: Session, entry: int, by: Actor, at: Moment) -> None:
    """Take the proposal back or refuse it, if there is one."""
    view = _open_proposal(session, entry)
    if view is not None:
        approving.withdraw(session, REOPEN, view.subject, by, at)


def open_reopening(session: Session, entry: int) -> ReopeningView | None:
    """Return what is proposed about an entry, if anything."""
    proposal, row = _open_proposal(session, entry), session.get(EntryRow, entry)
    if proposal is None or row is None:
        return None
    script = session.get_one(ScriptRow, row.attempt_id)
    reason = session.get_one(NoteRow, _note_of(proposal.subject)).text
    examiner = session.get_one(PersonRow, row.person_id).name
    bound = (proposal.digest, proposal)
    return ReopeningView(entry, row.attempt_id, script.group_id, script.number, row.place, row.edition, examiner, reason, *bound)


def group_of_entry(session: Session, entry: int) -> int | None:
    """Return the group that scores the script of an entry; None: there is no such entry."""
    query = select(ScriptRow.group_id).join(EntryRow, EntryRow.attempt_id == ScriptRow.attempt_id)
    return session.scalars(query.where(EntryRow.id == entry)).one_or_none()


def script_of_entry(session: Session, entry: int) -> tuple[int, int]:
    """Return the group and the number of the script of an entry that is there."""
    query = select(ScriptRow.group_id, ScriptRow.number).join(EntryRow, EntryRow.attempt_id == ScriptRow.attempt_id)
    row = session.execute(query.where(EntryRow.id == entry)).one()
    return row.group_id, row.number


def _open_entry(session: Session, entry: int) -> EntryRow:
    """Return an entry that can be reopened. What the leader decided goes first: it rests on the sheets."""
    row = session.get(EntryRow, entry)
    counted = scripts.counted_entries(session, row.attempt_id) if row is not None else {}
    if row is None or counted.get(row.place) is None or counted[row.place].id != entry:
        raise ExamError(Message(N_("This sheet does not count (any more): there is nothing to reopen.")))
    require_not_in_force(session, row.attempt_id)
    if row.place != LEADER and LEADER in counted:
        raise ExamError(Message(N_("The leader has decided on the sheets of this script: the leader's decision has to be reopened first.")))
    return row


def _subject(entry: int, note: str) -> str:
    return f"entry/{entry}/{note}"


def _note_of(subject: str) -> str:
    return subject.rpartition("/")[-1]


def _digest(row: EntryRow, note: str) -> str:
    return digest([row.id, row.digest, note])


def _open_proposal(session: Session, entry: int) -> ApprovalView | None:
    query = select(ApprovalRow.subject).where(ApprovalRow.act == REOPEN, ApprovalRow.decision.is_(None))
    subject = session.scalars(query.where(ApprovalRow.subject.startswith(_subject(entry, "")))).one_or_none()
    return None if subject is None else approving.open_proposal(session, REOPEN, subject)
