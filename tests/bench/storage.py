"""How many bytes a whole attempt takes, from a hundred candidates to ten thousand: written through the services, as the journal does."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text

from examsrv.domain.moment import Moment
from examsrv.domain.steps import Step, StepKind
from examsrv.rehearsal.setting_up import VirtualSeat
from examsrv.services.answering import Acknowledged, Finished, HandIn, Open, Opened, Request, Save, carry_out
from examsrv.storage.database import Database
from examsrv.web.clock import MachineClock
from tests.bench.installation import Stage, installed
from tests.bench.stores import Store

TOGETHER = 500
"""Requests in a transaction: more than the journal takes, to be done sooner; what is stored is the same."""
GRACE = timedelta(seconds=30)
MILLI = 1000


def bytes_per_candidate(folder: Path, store: Store, candidates: Sequence[int]) -> dict[int, float]:
    """Return the bytes that each candidate adds to an installation with one, for each number of candidates: seat, sign-in, 100 answers, hand-in."""
    alone = size_with(folder / "alone", store, 1)
    return {count: (size_with(folder / f"with{count}", store, count) - alone) / (count - 1) for count in candidates}


def size_with(folder: Path, store: Store, candidates: int) -> int:
    """Return the bytes of an installation in which so many candidates have answered everything and handed in."""
    made = installed(folder, store, candidates)
    database = Database(made.template)
    try:
        write_attempts(database, made.stage)
        if database.dialect == "sqlite":
            with database.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
    size = store.size(made.template)
    store.drop(made.template)
    return size


def write_attempts(database: Database, stage: Stage) -> None:
    """Let everybody open the paper, answer one item after the other in turn with the others, and hand in."""
    chance, at = Random(1), Moment(MachineClock().wall(), timedelta(minutes=1))
    carry_out_all(database, [Open(seat.attempt, device(seat), seat.seat, at) for seat in stage.seats], Opened)
    given: dict[str, dict[int, object]] = {seat.attempt: {} for seat in stage.seats}
    for number in sorted(next(iter(stage.choices.values()))):
        saves: list[Request] = []
        for seat in stage.seats:
            value = given[seat.attempt][number] = chance.choice(stage.choices[seat.paper][number])
            step = Step(1, number, StepKind.ANSWERED, number, value, int(at.wall.timestamp() * MILLI))
            saves.append(Save(seat.attempt, device(seat), [step], at, GRACE))
        carry_out_all(database, saves, Acknowledged)
    handing = [HandIn(seat.attempt, device(seat), 1, [], given[seat.attempt], at, GRACE) for seat in stage.seats]
    carry_out_all(database, handing, Finished)
    require_all(database, len(stage.seats), sum(len(answers) for answers in given.values()))


def carry_out_all(database: Database, requests: Sequence[Request], wanted: type) -> None:
    """Carry requests out, many in a transaction; each has to be answered as wanted."""
    for batch in batches(requests):
        with database.appending() as connection:
            for outcome in carry_out(connection, batch):
                if not isinstance(outcome, wanted):
                    raise TypeError(outcome)


def batches(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """Yield requests, so many together."""
    waiting = iter(requests)
    while batch := list(itertools.islice(waiting, TOGETHER)):
        yield batch


def require_all(database: Database, attempts: int, answers: int) -> None:
    """Refuse a database that does not hold every answer and every receipt."""
    with database.reading() as session:
        stored = session.execute(text("SELECT count(*) FROM step WHERE kind = 'answered'")).scalar_one()
        receipts = session.execute(text("SELECT count(*) FROM attempt WHERE receipt IS NOT NULL")).scalar_one()
    if (stored, receipts) != (answers, attempts):
        raise ValueError(f"{stored} answers and {receipts} receipts are stored, not {answers} and {attempts}")


def device(seat: VirtualSeat) -> str:
    """Return the name of a candidate's machine."""
    return f"virtual-{seat.ticket}"
