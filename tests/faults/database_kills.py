"""PostgreSQL itself goes, under load: its first process killed with -9, or stopped as in an emergency; and comes again. The server stays."""

import asyncio
import signal
from dataclasses import dataclass
from random import Random

from examsrv.rehearsal.running import OwnServer
from tests.databases import Cluster
from tests.faults.crowd import Crowd, Fault, acknowledged, boot_seconds, hand_in, patience
from tests.faults.full_disk import IN_WORDS, UNAVAILABLE, processes_of
from tests.faults.judging import exam_ahead, pauses, require_all_kept, require_exact_time, require_nothing_aside, told_by_now
from tests.faults.kills import BACK_WITHIN_SECONDS

LIVES = (0.3, 1.3)
DOWN, UNDER_WAY_SECONDS = (0.1, 1.0), 0.2
HOW = (signal.SIGKILL, signal.SIGQUIT)


@dataclass(frozen=True)
class DatabaseKill:
    """How many seconds after PostgreSQL's start everybody had saved again, and how much was acknowledged by then."""

    all_saved: float
    acknowledged: int


async def kill_the_database_often(cluster: Cluster, server: OwnServer, crowd: Crowd, kills: int, seed: int) -> list[DatabaseKill]:
    """Let PostgreSQL go `kills` times, the last time while everybody hands in; refuse anything lost, doubled, or answered without it."""
    chance = Random(f"{seed}/database kills")
    await crowd.begin()
    done = []
    async with crowd.answering():
        await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
        for kill in range(kills - 1):
            await asyncio.sleep(chance.uniform(*LIVES))
            done.append(await _kill_and_judge(cluster, server, crowd, HOW[kill % len(HOW)], chance.uniform(*DOWN)))
    handing_in = asyncio.gather(*map(hand_in, crowd.candidates))
    await asyncio.sleep(chance.uniform(*DOWN) / 2)
    cluster.stop(HOW[kills % len(HOW)])
    cluster.restart()
    await handing_in
    require_all_kept(server.database_url, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(server.database_url)
    return done


async def _kill_and_judge(cluster: Cluster, server: OwnServer, crowd: Crowd, how: signal.Signals, down: float) -> DatabaseKill:
    where, processes = server.database_url, processes_of(server)
    await crowd.hear_the_time()
    ahead, known = exam_ahead(where), len(pauses(where))
    before = told_by_now(crowd.candidates, ahead)
    cluster.stop(how)
    await asyncio.sleep(patience(UNDER_WAY_SECONDS))  # what was committed before is still told, and its processes may outlive the first by a moment
    told = sum(map(acknowledged, crowd.candidates))
    await asyncio.sleep(down)
    await _require_told(crowd)
    if sum(map(acknowledged, crowd.candidates)) != told:
        raise Fault("a save was acknowledged while there was no database")
    back = boot_seconds()
    cluster.restart()
    require_all_kept(where, crowd.plan, crowd.logs)
    await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
    saved = boot_seconds() - back
    if processes_of(server) != processes:
        raise Fault("the server did not recover by itself: it was started anew")
    await crowd.resume()
    await crowd.hear_the_time()
    require_exact_time(crowd.candidates, before, told_by_now(crowd.candidates, ahead), pauses(where)[known:])
    return DatabaseKill(saved, require_all_kept(where, crowd.plan, crowd.logs))


async def _require_told(crowd: Crowd) -> None:
    """Refuse a page and a readiness that do not say that there is no database."""
    page = await crowd.administrator.client.get("/admin/")
    if page.status != UNAVAILABLE or IN_WORDS not in page.text:
        raise Fault(f"without a database a page was answered with {page.status}")
    ready = await crowd.administrator.client.get("/readyz")
    if ready.status != UNAVAILABLE:
        raise Fault(f"readyz without a database answers {ready.status}")
