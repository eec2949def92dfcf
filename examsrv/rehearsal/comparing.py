"""Whether what was acknowledged is what is stored, and what was sent is what was marked. Pure: logs and rows in, findings out.

The marks are worked out in `scoring.py`, without the program's kinds and marking.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from examsrv.rehearsal.people import CandidateLog, Step
from examsrv.rehearsal.scoring import earned
from examsrv.rehearsal.stored import Stored, StoredStep
from examsrv.services.rehearsing import RehearsedItem

SUBMITTED = "submitted"
NOTHING = Fraction(0)


@dataclass(slots=True)
class Findings:
    """What was found; each list holds the place of every fault: attempt, epoch and seq of a step, attempt and item of an answer or a mark."""

    sent: int = 0
    acknowledged: int = 0
    stored: int = 0
    lost: list[tuple[str, int, int]] = field(default_factory=list)
    doubled: list[tuple[str, int, int]] = field(default_factory=list)
    different: list[tuple[str, int, int]] = field(default_factory=list)
    never_sent: list[tuple[str, int, int]] = field(default_factory=list)
    last_different: list[tuple[str, int]] = field(default_factory=list)
    not_handed_in: list[str] = field(default_factory=list)
    receipts_different: list[str] = field(default_factory=list)
    marks_compared: int = 0
    marks_wrong: list[tuple[str, int]] = field(default_factory=list)
    totals_wrong: list[str] = field(default_factory=list)


def compare(logs: Sequence[CandidateLog], stored: Stored, items: Mapping[str, Mapping[int, RehearsedItem]]) -> Findings:
    """Compare every candidate's log with what is stored of the attempt. `items` by paper and number."""
    found = Findings()
    rows: dict[str, list[StoredStep]] = {log.attempt: [] for log in logs}
    for row in stored.steps:
        rows.setdefault(row.attempt, []).append(row)
    for log in logs:
        _compare_steps(log, rows.pop(log.attempt), found)
        _compare_end(log, stored, found)
        _compare_marks(log, stored, items[log.paper], found)
    for strangers in rows.values():
        found.stored += len(strangers)
        found.never_sent += [(row.attempt, row.epoch, row.seq) for row in strangers]
    return found


def _compare_steps(log: CandidateLog, rows: Sequence[StoredStep], found: Findings) -> None:
    acknowledged = [(log.attempt, step.epoch, step.seq) for step in log.acknowledged_steps()]
    found.sent += len(log.sent)
    found.acknowledged += len(acknowledged)
    found.stored += len(rows)
    seen: set[tuple[str, int, int]] = set()
    for row in rows:
        place = (row.attempt, row.epoch, row.seq)
        sent = log.sent.get((row.epoch, row.seq))
        if place in seen:
            found.doubled.append(place)
        elif sent is None:
            found.never_sent.append(place)
        elif not _is_same(sent, row):
            found.different.append(place)
        seen.add(place)
    found.lost += [place for place in acknowledged if place not in seen]
    if log.receipt is not None:
        last = {row.item: row.value for row in sorted(rows, key=lambda row: (row.epoch, row.seq)) if row.kind == "answered"}
        found.last_different += [(log.attempt, item) for item in sorted(last.keys() | log.answers.keys()) if last.get(item) != log.answers.get(item)]


def _is_same(sent: Step, row: StoredStep) -> bool:
    return (sent.kind, sent.item, sent.value, sent.client_ms) == (row.kind, row.item, row.value, row.client_ms) and type(sent.value) is type(
        row.value
    )


def _compare_end(log: CandidateLog, stored: Stored, found: Findings) -> None:
    attempt = stored.attempts.get(log.attempt)
    if log.receipt is None or attempt is None or attempt.phase != SUBMITTED:
        found.not_handed_in.append(log.attempt)
    elif attempt.receipt != log.receipt:
        found.receipts_different.append(log.attempt)


def _compare_marks(log: CandidateLog, stored: Stored, items: Mapping[int, RehearsedItem], found: Findings) -> None:
    """Compare each item's mark and the sum with what the last answers earn; an item without a mark is a wrong one."""
    marks = stored.marks.get(log.attempt, {})
    own = {number: earned(item, log.answers.get(number)) for number, item in items.items()}
    found.marks_compared += len(own)
    found.marks_wrong += [(log.attempt, number) for number in sorted(own.keys() | marks.keys()) if own.get(number) != marks.get(number)]
    if stored.totals.get(log.attempt) != total(own.values()):
        found.totals_wrong.append(log.attempt)


def total(marks: Iterable[Fraction]) -> Fraction:
    """Return the sum of exact marks."""
    return sum(marks, NOTHING)
