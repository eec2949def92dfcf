"""The states of a script in words, with the look of their badges: for leaders and for the office."""

from flask_babel import lazy_gettext

from examsrv.domain.panel_marking import State
from examsrv.services.comparing_sheets import ASIDE_NAMES

STATES = {
    State.WAITING: ("idle", "half", lazy_gettext("Waits for sheets")),
    State.DISPUTED: ("caution", "warn", lazy_gettext("In dispute")),
    State.SETTLED: ("good", "check", lazy_gettext("Settled")),
    None: ("idle", "dashed", lazy_gettext("Nothing handed in")),
}
ASIDES = ASIDE_NAMES
