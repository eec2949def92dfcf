"""How the bank's pages tell states, acts and figures: words, and a shape beside each state."""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import ngettext

from examsrv.domain.item_life import STATE_NAMES, Act, ItemState
from examsrv.services.item_events import IMPORTED, WRITTEN
from question_bank.message import N_, Message

STATES: Mapping[ItemState, tuple[str, str, Message]] = {
    ItemState.DRAFT: ("idle", "dashed", STATE_NAMES[ItemState.DRAFT]),
    ItemState.IN_REVIEW: ("caution", "half", STATE_NAMES[ItemState.IN_REVIEW]),
    ItemState.RETURNED: ("alarm", "stop", STATE_NAMES[ItemState.RETURNED]),
    ItemState.APPROVED: ("good", "check", STATE_NAMES[ItemState.APPROVED]),
    ItemState.RETIRED: ("idle", "ring", STATE_NAMES[ItemState.RETIRED]),
}
"""By state the kind of a badge, its shape and its word."""

ACT_NAMES: Mapping[str, Message] = {
    WRITTEN: Message(N_("begun")),
    IMPORTED: Message(N_("imported")),
    Act.SAVE: Message(N_("changed")),
    Act.SEND: Message(N_("sent to review")),
    Act.TAKE_BACK: Message(N_("taken back")),
    Act.RETURN: Message(N_("sent back")),
    Act.APPROVE: Message(N_("approved")),
    Act.REVISE: Message(N_("revision begun")),
    Act.DISCARD: Message(N_("draft thrown away")),
    Act.RETIRE: Message(N_("retired")),
    Act.REVIVE: Message(N_("taken into use again")),
}
"""What happened to an item, as its page tells it."""

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NO_FIGURE = "–"


def two_decimals(figure: float | None) -> str:
    """Return a figure as the lists show it, such as 0.64 or −0.06; a dash for none."""
    return NO_FIGURE if figure is None else f"{figure:.2f}".replace("-", "−")


def waited(span: timedelta) -> str:
    """Return how long something waits, in whole days, hours or minutes."""
    if span >= DAY:
        return str(ngettext("one day", "%(num)d days", span // DAY))
    if span >= HOUR:
        return str(ngettext("one hour", "%(num)d hours", span // HOUR))
    return str(ngettext("one minute", "%(num)d minutes", max(0, span // MINUTE)))
