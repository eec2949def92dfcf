"""Publishing a sitting: what it still lacks, in words; then every candidate gets a paper, neighbours different ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.rules.timing import require_duration
from examsrv.services.assessment_groups import EXAMINED, groups_of_sitting
from examsrv.services.auditing import record
from examsrv.services.batches import batch_of_sitting
from examsrv.services.group_lacks import group_lacks
from examsrv.services.listing_items import used_now
from examsrv.services.papers import form_set, sealed_papers
from examsrv.services.planning import require_limits, started_rooms, suitable_form_sets, was_started
from examsrv.services.reasons import MOVED
from examsrv.services.sitting_plans import RoomPlan, SittingView, sitting
from examsrv.services.standards import standard_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, IncidentRow, RoomRow, SeatRow, SittingRoomRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

ROW_SHIFT = 1
ROW_SHIFT_OF_MANY = 2  # with it, seats across a corner differ too; not with fewer than MANY_FORMS
MANY_FORMS = 4


class Mending(StrEnum):
    """Where something that is lacking can be mended."""

    SITTING = "sitting"
    FORMS = "forms"
    ROOMS = "rooms"
    PROCTORS = "proctors"
    ROSTER = "roster"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something without which a sitting cannot be published, and where it is mended; `sitting_room` or `group` when it concerns one."""

    message: Message
    mending: Mending
    sitting_room: int | None = None
    group: int | None = None


class NotReady(ExamError):
    """A sitting lacks something: `lacks` has everything."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(Message(N_("The sitting cannot be published yet: %(count)d points are open."), {"count": len(lacks)}))
        self.lacks = tuple(lacks)


def lacking(session: Session, view: SittingView, secret: Secret | None = None) -> tuple[Lack, ...]:
    """Return everything that a sitting still lacks, in the order in which one mends it.

    Without the secret of the installation candidates' employers and classes cannot be read, and which examiners are barred by them is not told.
    """
    return (*_of_time(session, view), *_of_forms(session, view), *_of_rooms(session, view), *_of_groups(session, view, secret))


def publish(session: Session, number: int, by: Actor, at: Moment, secret: Secret | None = None) -> None:
    """Publish a sitting and deal the papers out; refused with `NotReady` while anything is lacking. Only theory does without the secret."""
    view = sitting(session, number)
    if view.is_published:
        raise ExamError(Message(N_("The sitting is published already.")))
    if ComponentKey(view.component) in EXAMINED and secret is None:
        raise TypeError("whom examiners may not score can only be told with the secret of the installation")
    lacks = lacking(session, view, secret)
    if lacks:
        raise NotReady(lacks)
    session.get_one(SittingRow, number).is_published = True
    session.flush()
    dealt = deal_out(session, number)
    digest = form_set(session, view.form_set_id).digest if view.form_set_id is not None else ""
    if view.form_set_id is not None:
        used_now(session, view.form_set_id, view.planned)
    record(session, "sitting.published", f"sitting/{number}", by, at, candidates=dealt, forms=digest)


def unpublish(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Take a publication back, and the papers with it. Refused as soon as a room was started."""
    row = session.get_one(SittingRow, number)
    if not row.is_published:
        raise ExamError(Message(N_("The sitting is not published.")))
    if was_started(session, number):
        raise ExamError(Message(N_("A room of this sitting was started; it cannot be changed any more.")))
    if any(group.started is not None for group in groups_of_sitting(session, number)):
        raise ExamError(Message(N_("A group of this sitting has started; the publication stays.")))
    row.is_published = False
    for attempt in session.scalars(select(AttemptRow).where(AttemptRow.sitting_id == number)):
        attempt.paper = None
    session.flush()
    record(session, "sitting.unpublished", f"sitting/{number}", by, at)


def deal_out(session: Session, number: int) -> int:
    """Give every candidate of a published sitting a paper; return how many have one. Nothing happens before publishing.

    Where there are as many papers as candidates, nobody shares one; else the seat decides, see `form_place`.
    Call it in the transaction that adds or moves candidates. A started room takes nobody in any more: refused.
    """
    row = session.get_one(SittingRow, number)
    if not row.is_published or row.form_set_id is None:
        return 0
    papers = sealed_papers(session, row.form_set_id)
    query = select(SittingRoomRow.id, RoomRow.name, RoomRow.columns).join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
    rooms = {room.id: room for room in session.execute(query.where(SittingRoomRow.sitting_id == number))}
    started = started_rooms(session, list(rooms))
    attempts = session.scalars(
        select(AttemptRow)
        .where(AttemptRow.sitting_id == number, AttemptRow.phase != Phase.VOIDED)
        .order_by(AttemptRow.sitting_room_id, AttemptRow.seat)
    ).all()
    held = {attempt.paper for attempt in attempts if attempt.sitting_room_id in started}
    own = iter([paper for paper in papers if paper not in held] if len(papers) >= len(attempts) else ())
    for attempt in attempts:
        room = rooms[attempt.sitting_room_id]
        if room.id not in started:
            attempt.paper = next(own, None) or papers[form_place(attempt.seat, room.columns, len(papers))]
        elif attempt.paper is None:
            raise ExamError(Message(N_("The room %(room)s was started; nobody can be added there any more."), {"room": room.name}))
    session.flush()
    return len(attempts)


def form_place(seat: int, columns: int, forms: int) -> int:
    """Return which of `forms` forms the seat gets, counted from 0: with two or more, neighbours in a row and behind one another differ.

    Along a row the forms take turns; each row begins one form further than the row before, two from four forms on, so that then the seats across
    a corner differ too.
    """
    row, column = divmod(seat - 1, columns)
    shift = ROW_SHIFT_OF_MANY if forms >= MANY_FORMS else ROW_SHIFT
    return (row * shift + column) % forms


def _of_time(session: Session, view: SittingView) -> Iterator[Lack]:
    try:
        require_duration(standard_of(session, view.occupation).component(ComponentKey(view.component)), view.limit)
        require_limits(view.late_limit, view.leave_after, view.limit)
    except ExamError as error:
        yield Lack(error.message, Mending.SITTING)


def _of_forms(session: Session, view: SittingView) -> Iterator[Lack]:
    sealed = {each.id for each in suitable_form_sets(session, view.id)}
    if view.form_set_id in sealed:
        return
    if sealed:
        yield Lack(Message(N_("No papers are chosen.")), Mending.FORMS)
    else:
        yield Lack(Message(N_("There are no sealed papers for this examination; two persons have to assemble and seal them.")), Mending.FORMS)


def _of_rooms(session: Session, view: SittingView) -> Iterator[Lack]:
    if not view.rooms:
        yield Lack(Message(N_("No room is planned.")), Mending.ROOMS)
    for room in view.rooms:
        if not room.candidates:
            yield Lack(Message(N_("Room %(room)s: there are no candidates."), {"room": room.name}), Mending.ROSTER, room.id)
        elif room.missing:
            text = N_("Room %(room)s: %(candidates)d candidates need %(required)d proctors, %(planned)d are planned.")
            values = {"room": room.name, "candidates": room.candidates, "required": room.required, "planned": len(room.proctors)}
            yield Lack(Message(text, values), Mending.PROCTORS, room.id)
        yield from _of_seats(session, room)


def _of_groups(session: Session, view: SittingView, secret: Secret | None) -> Iterator[Lack]:
    """Say what a sitting lacks that examiners score."""
    if ComponentKey(view.component) not in EXAMINED:
        return
    batch = batch_of_sitting(session, view.id)
    if batch is None:
        yield Lack(Message(N_("No batch is chosen; it says how the marks of the examiners are combined.")), Mending.SITTING)
    for lack in group_lacks(session, secret, view.id, batch):
        yield Lack(lack.message, Mending.GROUPS, group=lack.group)


def _of_seats(session: Session, room: RoomPlan) -> Iterator[Lack]:
    """Say which candidates have a seat that the room no longer has, or that has become spare. Whom the room moved to a spare seat sits well there."""
    seats = session.execute(select(SeatRow.number, SeatRow.is_spare).where(SeatRow.room_id == room.room_id)).all()
    there, usable = {number for number, _is_spare in seats}, {number for number, is_spare in seats if not is_spare}
    was_moved = exists().where(IncidentRow.attempt_id == AttemptRow.id, IncidentRow.kind == MOVED)
    taken = select(AttemptRow.seat, was_moved).where(AttemptRow.sitting_room_id == room.id).order_by(AttemptRow.seat)
    for seat, is_moved in session.execute(taken):
        if seat not in (there if is_moved else usable):
            text = N_("Room %(room)s: seat %(seat)d is given to a candidate, but it is spare or not there.")
            yield Lack(Message(text, {"room": room.name, "seat": seat}), Mending.ROSTER, room.id)
