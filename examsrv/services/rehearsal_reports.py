"""What a rehearsal came to, as it is kept and shown: its report read back from JSON, with the words for everything in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from question_bank.message import N_, Message

VERSION = 1

PHASES = {
    "setting_up": Message(N_("Setting up (candidates)")),
    "proctors": Message(N_("Proctors sign in (rooms)")),
    "arriving": Message(N_("Candidates sign in")),
    "starting": Message(N_("The rooms start (papers opened)")),
    "answering": Message(N_("Answering (answers)")),
    "marking": Message(N_("Marking (sittings)")),
    "comparing": Message(N_("Comparing (candidates)")),
}
"""The phases of a rehearsal in their order, with what is counted in each."""

ACTS = {
    "sign_in": Message(N_("Sign-in")),
    "start": Message(N_("Start (room started until the paper is there)")),
    "open": Message(N_("Opening the paper")),
    "save": Message(N_("Saving")),
    "hand_in": Message(N_("Handing in")),
    "board": Message(N_("The board")),
}
"""The acts whose latencies are shown."""

FAULTS = {
    "lost": N_("%(count)d acknowledged steps are not stored"),
    "doubled": N_("%(count)d steps are stored twice"),
    "different": N_("%(count)d steps are stored otherwise than they were sent"),
    "never_sent": N_("%(count)d steps are stored that nobody sent"),
    "last_different": N_("%(count)d last answers differ from what the page showed"),
    "not_handed_in": N_("%(count)d candidates have no receipt, or their attempt is not handed in"),
    "receipts_different": N_("%(count)d receipts differ from the stored ones"),
    "marks_wrong": N_("%(count)d marks of items differ from those worked out from what was sent"),
    "totals_wrong": N_("%(count)d totals differ from those worked out from what was sent"),
    "aside": N_("%(count)d steps were kept aside instead of being stored"),
    "errors": N_("%(count)d requests were answered as they should not have been"),
    "chain": N_("The audit chain is broken"),
    "kills": N_("The server was killed %(count)d times fewer than asked for"),
    "given_back": N_("%(count)d times the time given back does not fit the outage"),
}
"""Every kind of fault."""


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long an act took, in milliseconds."""

    name: Message
    count: int
    p50: float
    p95: float
    p99: float
    longest: float


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is shown. `pairs` are ability and mark of each candidate, `expected` the mark that the model expects at some abilities.

    `faults` in words; none is a rehearsal in which everything was right. `rate` is requests per second of the server's processor time.
    """

    began: datetime
    candidates: int
    rooms: int
    minutes: float
    seed: int
    database: str
    machine: str
    acts: tuple[Latencies, ...]
    requests: int
    unanswered: int
    errors: int
    rate: float | None
    saves: tuple[int, ...]
    sent: int
    acknowledged: int
    stored: int
    marks: int
    pairs: tuple[tuple[float, float], ...]
    expected: tuple[tuple[float, float], ...]
    kills: tuple[Message, ...]
    faults: tuple[Message, ...]
    is_right: bool

    @property
    def saving(self) -> Latencies | None:
        """Return how long saving took."""
        return next((act for act in self.acts if act.name is ACTS["save"]), None)


def read_report(file: Path) -> Report | None:
    """Return the report in a file; None where there is none, or one that cannot be read."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return report_from(values) if values["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def report_from(values: Mapping[str, Any]) -> Report:
    """Return a report from the plain values that are kept of it (README documents them)."""
    return Report(
        began=datetime.fromisoformat(values["began"]),
        candidates=values["candidates"],
        rooms=values["rooms"],
        minutes=values["minutes"],
        seed=values["seed"],
        database=values["database"],
        machine=values["machine"],
        acts=tuple(_latencies(ACTS[act], values["acts"][act]) for act in ACTS if act in values["acts"]),
        requests=values["requests"],
        unanswered=values["unanswered"],
        errors=sum(values["errors"].values()),
        rate=values["requests_per_cpu_s"],
        saves=tuple(values["saves_each_second"]),
        **values["steps"],
        marks=values["marks_compared"],
        pairs=tuple((ability, mark) for ability, mark in values["abilities"]),
        expected=tuple((ability, mark) for ability, mark in values["expected"]),
        kills=tuple(kill_in_words(kill) for kill in values["kills"]),
        faults=tuple(Message(FAULTS[name], {"count": count}) for name, count in values["faults"].items()),
        is_right=values["is_right"],
    )


def kill_in_words(kill: Mapping[str, Any]) -> Message:
    """Return a kill as one sentence."""
    if kill["given_back_least_s"] is None:
        return Message(N_("Killed: %(outage)s s until a page was answered again; a room got no time back"), {"outage": kill["outage_s"]})
    text = N_("Killed: %(outage)s s until a page was answered again; %(least)s to %(most)s s given back")
    return Message(text, {"outage": kill["outage_s"], "least": kill["given_back_least_s"], "most": kill["given_back_most_s"]})


def _latencies(name: Message, values: Mapping[str, Any]) -> Latencies:
    return Latencies(name, values["count"], values["p50_ms"], values["p95_ms"], values["p99_ms"], values["max_ms"])
