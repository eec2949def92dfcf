"""What was measured: the latencies of each act, with when they happened, and what went wrong."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from examsrv.web.clock import stopwatch


class Act(StrEnum):
    """What a virtual person waits for. START is from the room's start until the paper is on the screen; everything else is one request or two."""

    SIGN_IN = "sign_in"
    START = "start"
    OPEN = "open"
    SAVE = "save"
    BEAT = "beat"
    WAITING = "waiting"
    HAND_IN = "hand_in"
    PAGE = "page"
    BOARD = "board"


@dataclass(slots=True)
class Measured:
    """Latencies in seconds by act, each with the second since `began` in which the act was done."""

    began: float = field(default_factory=stopwatch)
    seconds: dict[Act, list[float]] = field(default_factory=dict)
    at: dict[Act, list[float]] = field(default_factory=dict)
    requests: int = 0
    unanswered: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def note(self, act: Act, seconds: float) -> None:
        """Keep that `act` took so long."""
        self.seconds.setdefault(act, []).append(seconds)
        self.at.setdefault(act, []).append(stopwatch() - self.began)

    def refuse(self, what: str) -> None:
        """Keep that the server answered, but not as it should have."""
        self.refused[what] = self.refused.get(what, 0) + 1

    @property
    def errors(self) -> int:
        """Return how many requests were answered as they should not have been."""
        return sum(self.refused.values())


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` (0 to 1) of them do not exceed (nearest rank); 0 for none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
