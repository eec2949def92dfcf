"""Who kills the server: with -9, at moments drawn from the seed, while candidates answer. It is started again at once, as a supervisor does."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from examsrv.rehearsal.running import OwnServer
from examsrv.web.clock import MachineClock

FIRST, LAST = 0.1, 0.8
"""Shares of the time for answering between which it strikes."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill, by the machine's boot clock: when the server was killed, when it answered again, and when the proctors had seen to it."""

    killed: timedelta
    back: timedelta
    seen_to: timedelta

    @property
    def outage(self) -> timedelta:
        """Return how long nobody was answered."""
        return self.back - self.killed


def moments(count: int, seconds: float, seed: int) -> list[float]:
    """Return when to strike, in seconds after the start of answering, in order."""
    chance = Random(f"{seed}/nemesis")  # noqa: S311 -- a rehearsal that can be repeated
    return sorted(chance.uniform(FIRST, LAST) * seconds for _ in range(count))


async def strike(server: OwnServer, at: list[float], after: Callable[[], Awaitable[None]]) -> list[Kill]:
    """Kill the server at these moments from now and start it again each time; `after` is awaited whenever it is back.

    A moment that falls into an outage comes when the outage is over.
    """
    clock, kills = MachineClock(), []
    began = clock.boot()
    for moment in at:
        await asyncio.sleep(max(0.0, moment - (clock.boot() - began).total_seconds()))
        killed = clock.boot()
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        back = clock.boot()
        await after()
        kills.append(Kill(killed, back, clock.boot()))
    return kills
