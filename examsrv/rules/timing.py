"""How long a component must last: RULE-DURATION. The standard prints minimums only."""

from datetime import timedelta

from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component

RULE = "RULE-DURATION"


class DurationError(ExamError):
    """A planned duration is under the minimum."""


def require_duration(component: Component, planned: timedelta) -> None:
    """Refuse with `DurationError` a duration under the component's minimum; the minimum itself is enough."""
    if planned < component.minimum:
        values = {"component": component.name, "minimum": in_words(component.minimum), "given": in_words(planned), "rule": RULE}
        raise DurationError(Message(N_("%(component)s must last at least %(minimum)s (%(rule)s), %(given)s is planned"), values))


def in_words(duration: timedelta) -> Message:
    """Return whole minutes, with the seconds if there are any, so that 89 min 59 s never reads as 90."""
    minutes, rest = divmod(duration, timedelta(minutes=1))
    if not rest:
        return Message(N_("%(minutes)d min"), {"minutes": minutes})
    return Message(N_("%(minutes)d min %(seconds)d s"), {"minutes": minutes, "seconds": rest // timedelta(seconds=1)})
