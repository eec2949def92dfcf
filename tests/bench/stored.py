"""After a load: what was acknowledged is what is stored, asked for in plain SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from tests.bench.load import SentLog

STEPS = "SELECT attempt_id, epoch, seq, item, value, client_ms FROM step WHERE kind IN ('answered', 'marked')"
RECEIPTS = "SELECT id, receipt FROM attempt WHERE receipt IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many steps were acknowledged and how many of them are stored just so; what is stored though nobody sent it, or twice; receipts alike."""

    acknowledged: int
    lost: int
    stored: int
    unsent: int
    doubled: int
    wrong_receipts: int

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is lost, doubled or made up."""
        return not (self.lost or self.unsent or self.doubled or self.wrong_receipts)


def compared(url: str, logs: Sequence[SentLog]) -> Comparison:
    """Compare what was acknowledged with the database at `url`."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(STEPS))]
            receipts = dict(tuple(row) for row in connection.execute(text(RECEIPTS)))
    finally:
        engine.dispose()
    stored = set(rows)
    sent = {(log.attempt, *step) for log in logs for step in log.steps}
    acknowledged = {(log.attempt, *step) for log in logs for step in log.steps if step[1] <= log.acknowledged.get(step[0], -1)}
    wrong = sum(receipts.get(log.attempt) != log.receipt for log in logs if log.receipt is not None)
    places = {row[:3] for row in rows}
    return Comparison(len(acknowledged), len(acknowledged - stored), len(rows), len(stored - sent), len(rows) - len(places), wrong)
