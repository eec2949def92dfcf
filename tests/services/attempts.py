"""What the tests of an attempt's log have in common: opening, answering, and looking at what is stored."""

from sqlalchemy import Connection, func, select

from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.steps import FIRST_HEAD, Step, StepKind, answered_count, final_responses, next_head
from examsrv.services import answering
from examsrv.services.answering import HandIn, Open, Outcome, Request, Save
from examsrv.services.attempt_logs import attempt_steps
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, IncidentRow, QuarantinedStepRow, StepRow
from tests.builders import GRACE, MINUTE, Room, at

PROCTOR = Actor(None, "proctor")
DEVICE, OTHER_DEVICE = "device-a", "device-b"


def answer(seq: int, item: int = 1, value: object = "aa", epoch: int = 1, client_ms: int = 0) -> Step:
    return Step(epoch, seq, StepKind.ANSWERED, item, value, client_ms)


def one(connection: Connection, request: Request) -> Outcome:
    """Carry out one request by itself; return its outcome."""
    (outcome,) = answering.carry_out(connection, [request])
    return outcome


def open_at(database: Database, room: Room, moment: Moment | None = None, device: str = DEVICE, seat: int = 1, machine: int | None = None) -> object:
    """Open the paper of the candidate of `seat`, at the machine of that seat unless `machine` is another."""
    with database.appending() as connection:
        return one(connection, Open(room.attempts[seat - 1], device, seat if machine is None else machine, moment or at(MINUTE)))


def send(database: Database, room: Room, *steps: Step, moment: Moment | None = None, device: str = DEVICE, seat: int = 1) -> object:
    with database.appending() as connection:
        return one(connection, Save(room.attempts[seat - 1], device, steps, moment or at(2 * MINUTE), GRACE))


def hand_in(
    database: Database, room: Room, answers: dict[int, object], *steps: Step, moment: Moment | None = None, device: str = DEVICE, epoch: int = 1
) -> object:
    with database.appending() as connection:
        return one(connection, HandIn(room.attempts[0], device, epoch, steps, answers, moment or at(3 * MINUTE), GRACE))


def closed(database: Database, room: Room, seat: int = 1, moment: Moment | None = None, by: str = "time") -> bool:
    with database.appending() as connection:
        return answering.close(connection, room.attempts[seat - 1], by, SERVER, moment or at(5 * MINUTE))


def taken_over(database: Database, room: Room, moment: Moment | None = None) -> bool:
    with database.appending() as connection:
        return answering.take_over(connection, room.attempts[0], PROCTOR, moment or at(4 * MINUTE))


def attempt_row(database: Database, room: Room, seat: int = 1) -> AttemptRow:
    with database.reading() as session:
        row = session.get_one(AttemptRow, room.attempts[seat - 1])
        session.expunge(row)
        return row


def stored(database: Database, room: Room, seat: int = 1) -> list[Step]:
    with database.reading() as session:
        return attempt_steps(session.connection(), room.attempts[seat - 1])


def kept_aside(database: Database, room: Room) -> list[tuple[int, int, str]]:
    """Return epoch, seq and reason of what was kept aside, in order."""
    with database.reading() as session:
        rows = session.scalars(select(QuarantinedStepRow).where(QuarantinedStepRow.attempt_id.in_(room.attempts)).order_by(QuarantinedStepRow.id))
        return [(row.epoch, row.seq, row.reason) for row in rows]


def incidents(database: Database, room: Room) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(IncidentRow.kind).where(IncidentRow.sitting_room_id == room.id).order_by(IncidentRow.id)))


def require_sound_log(database: Database, room: Room, seat: int = 1) -> None:
    """Claim what holds of every log: numbered without gaps, each number once, chained, and the row beside it says the same."""
    steps, row = stored(database, room, seat), attempt_row(database, room, seat)
    seqs: dict[int, list[int]] = {}
    for step in steps:
        seqs.setdefault(step.epoch, []).append(step.seq)
    assert all(found == list(range(len(found))) for found in seqs.values())
    assert sorted(seqs) == list(range(1, row.epoch + 1)) if steps else row.epoch == 0
    head = FIRST_HEAD
    with database.reading() as session:
        for found in session.scalars(select(StepRow).where(StepRow.attempt_id == row.id).order_by(StepRow.epoch, StepRow.seq)):
            step = steps.pop(0)
            head = next_head(head, step.digest)
            assert (found.digest, found.head) == (step.digest, head)
        assert session.scalar(select(func.count()).where(StepRow.attempt_id == row.id)) == sum(map(len, seqs.values()))
    assert row.head == head
    assert answered_count(row.answered) == len(final_responses(stored(database, room, seat)))
    if seqs:
        assert row.last_seq == seqs[row.epoch][-1]
