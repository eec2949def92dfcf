"""The states of a script in words, with the look of their badges: for leaders and for the office."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from flask_babel import LazyString, lazy_gettext

from examsrv.domain.attempt import Phase
from examsrv.domain.panel_marking import State
from examsrv.services.comparing_sheets import ASIDE_NAMES, ScriptLine

Look: TypeAlias = tuple[str, str, LazyString]
STATES: Mapping[State, Look] = {
    State.WAITING: ("idle", "half", lazy_gettext("Waits for sheets")),
    State.DISPUTED: ("caution", "warn", lazy_gettext("In dispute")),
    State.SETTLED: ("good", "check", lazy_gettext("Settled")),
}
PHASES: Mapping[Phase, Look] = {
    Phase.CREATED: ("idle", "dashed", lazy_gettext("Not begun")),
    Phase.RUNNING: ("idle", "dashed", lazy_gettext("Nothing handed in")),
    Phase.SUBMITTED: STATES[State.WAITING],
    Phase.VOIDED: ("caution", "flag", lazy_gettext("Voided")),
}
"""Of a script of which no sheet is wanted."""
ABSENT: Look = ("idle", "dashed", lazy_gettext("Absent"))
ASIDES = ASIDE_NAMES


def looks_of(lines: Iterable[ScriptLine], absent: Collection[str]) -> dict[str, Look]:
    """Return how the scripts look, by attempt; `absent` are those of candidates who never came to begin."""
    return {line.attempt: _look(line, line.attempt in absent) for line in lines}


def _look(line: ScriptLine, is_absent: bool) -> Look:
    if line.state is not None:
        return STATES[line.state]
    return ABSENT if is_absent else PHASES[line.phase]
