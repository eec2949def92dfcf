"""How a candidate's page is told the time."""

from datetime import datetime, timedelta
from typing import Any

from examsrv.domain.attempt import Phase
from examsrv.domain.time_ledger import TimeState

MILLISECOND = timedelta(milliseconds=1)


def time_told(time: TimeState, limit: timedelta, leave_in: timedelta, phase: Phase, local: datetime) -> dict[str, Any]:
    """Return an attempt's time as the page counts with it, in whole milliseconds; `local` is the wall time in the site's zone."""
    return {
        "remaining_ms": time.remaining // MILLISECOND,
        "paused": time.paused,
        "state": _word(phase, time),
        "server_time": local.isoformat(),
        "leave_in_ms": leave_in // MILLISECOND,
        "limit_ms": limit // MILLISECOND,
        "granted_ms": time.granted // MILLISECOND,
    }


def _word(phase: Phase, time: TimeState) -> str:
    if phase is Phase.SUBMITTED:
        return "submitted"
    if time.paused:
        return "paused"
    return "over" if time.is_over else "running"
