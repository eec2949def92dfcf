"""Killing the server with -9 at random moments under load, and starting it again at once, as systemd does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from examsrv.config import Config
from examsrv.rehearsal.running import DidNotStart, OwnServer
from tests.faults.crowd import Crowd, Fault, boot_seconds, hand_in, patience, together
from tests.faults.judging import (
    Pause,
    Where,
    exam_ahead,
    pauses,
    require_all_kept,
    require_exact_time,
    require_nothing_aside,
    told_by_now,
)

BACK_WITHIN_SECONDS = 5.0
LIVES = (0.3, 1.3)
"""How long the server lives between two kills, in seconds."""
RUSH_SECONDS = 0.4
DYING_SECONDS = 0.3  # it may mark its clock once more while it is being killed
TWICE, UNBORN = 0.15, (0.2, 2.0)
"""How often it is killed once more while it starts, and how long after its start."""
MARK_SECONDS = (Config().clock_mark_every.total_seconds()) + 1  # looked at every second
SHORT_SECONDS = Config().short_outage.total_seconds()


@dataclass(frozen=True)
class Kill:
    """A kill and what came of it, in seconds: until a page was answered, until everybody had saved again, what a room was given back at most."""

    back: float
    all_saved: float
    given: float
    acknowledged: int


async def kill_often(where: Where, server: OwnServer, crowd: Crowd, kills: int, seed: int) -> list[Kill]:
    """Kill `kills` times, the last time while everybody hands in; refuse anything lost and any second that is not given back."""
    chance = Random(f"{seed}/kills")
    await crowd.begin()
    done = []
    async with crowd.answering():
        await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
        for _kill in range(kills - 1):
            await asyncio.sleep(chance.uniform(*LIVES))
            done.append(await _kill_and_judge(where, server, crowd, chance))
    await _hand_in_over_a_kill(server, crowd, chance)
    require_all_kept(where, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(where)
    return done


async def _kill_and_judge(where: Where, server: OwnServer, crowd: Crowd, chance: Random) -> Kill:
    ahead, known = exam_ahead(where), len(pauses(where))
    before, killed = told_by_now(crowd.candidates, ahead), boot_seconds()
    started = await _killed_and_started(server, chance)
    back = boot_seconds()
    if back - killed > patience(BACK_WITHIN_SECONDS) * (2 if started - killed > 1 else 1):
        raise Fault(f"the server was back only after {back - killed:.1f} s")
    stood = pauses(where)[known:]
    if any(pause.until is None for pause in stood):
        if back - killed + MARK_SECONDS <= SHORT_SECONDS:
            raise Fault("a room waits for its proctor after a short outage")
        await together(proctor.resume_if_paused() for proctor in crowd.proctors)
        stood = pauses(where)[known:]
    saved = await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
    await crowd.hear_the_time()
    require_exact_time(crowd.candidates, before, told_by_now(crowd.candidates, ahead), stood)
    kept = require_all_kept(where, crowd.plan, crowd.logs)
    given = _given(crowd, stood, (killed + ahead, started + ahead, boot_seconds() + ahead))
    return Kill(back - killed, back - killed + saved, given, kept)


async def _killed_and_started(server: OwnServer, chance: Random) -> float:
    """Kill the server, sometimes once more while it starts; return when its last start began."""
    server.kill()
    if chance.random() < TWICE:
        try:
            await asyncio.to_thread(server.start, chance.uniform(*UNBORN))
        except DidNotStart:
            if server.process is None or server.process.poll() is not None:
                raise
        server.kill()
    started = boot_seconds()
    await asyncio.to_thread(server.start)
    return started


def _given(crowd: Crowd, stood: Sequence[Pause], moments: tuple[float, float, float]) -> float:
    """Return what the rooms were given back; refuse pauses that do not begin at the last mark before the kill and end with the last start."""
    killed, started, now = moments
    for room in crowd.plan.rooms:
        own = [pause for pause in stood if pause.room == room.id]
        if (
            not own
            or not killed - patience(MARK_SECONDS) <= own[0].since <= killed + patience(DYING_SECONDS)
            or not started <= (own[-1].until or now) <= now
        ):
            raise Fault(f"killed at {killed:.2f}, started at {started:.2f}, but room {room.id} stood still for {own}")
    return max(sum((pause.until or now) - pause.since for pause in stood if pause.room == room.id) for room in crowd.plan.rooms)


async def _hand_in_over_a_kill(server: OwnServer, crowd: Crowd, chance: Random) -> None:
    handing_in = asyncio.gather(*map(hand_in, crowd.candidates))
    await asyncio.sleep(chance.uniform(0, RUSH_SECONDS))
    await _killed_and_started(server, chance)
    await handing_in
