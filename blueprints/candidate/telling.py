"""What a candidate's page is told, in the words of the interface."""

from datetime import datetime, timedelta
from typing import Any

from examsrv.domain.time_ledger import TimeState
from examsrv.services.answering import Opened, Receipt

MILLISECOND = timedelta(milliseconds=1)


def time_told(time: TimeState, leave_in: timedelta, local: datetime) -> dict[str, Any]:
    """Return an attempt's time as the page counts with it, in whole milliseconds; `local` is the wall time in the site's zone."""
    return {
        "remaining_ms": time.remaining // MILLISECOND,
        "paused": time.paused,
        "server_time": local.isoformat(timespec="seconds"),
        "leave_in_ms": leave_in // MILLISECOND,
    }


def opening_told(opened: Opened, local: datetime) -> dict[str, Any]:
    """Return how far the attempt is that was opened; the paper and what was held ready stand before it."""
    return {
        "attempt": opened.attempt,
        "epoch": opened.epoch,
        "next_seq": opened.next_seq,
        "answers": {str(item): value for item, value in opened.answers.items()},
        "marked": sorted(opened.marked),
        "time": time_told(opened.time, opened.leave_in, local),
    }


def receipt_told(receipt: Receipt, local: datetime) -> dict[str, Any]:
    """Return a receipt; `local` is when it was handed in, in the site's zone."""
    return {
        "code": receipt.code,
        "answered": receipt.answered,
        "total": receipt.total,
        "handed_in": local.isoformat(),
        "by": receipt.by,
        "mark": None,
    }
