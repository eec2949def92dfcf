"""A moment, told to everything that acts: what the wall clock showed and what exam time it was."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """`wall` is aware UTC, only shown and logged. `exam` is the time since the installation's exam clock began: it decides."""

    wall: datetime
    exam: timedelta


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person's id, and the name for the log's reader. The server itself is person None."""

    person: int | None
    name: str


SERVER = Actor(None, "server")
