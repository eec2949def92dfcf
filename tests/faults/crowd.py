"""Virtual candidates who answer fast, and their proctors: the load under which a server is made to suffer.

What each of them sent and what was acknowledged stands in the own log. They wait less between two tries than the page does, and now and then one
does not wait for the answer and sends again: then the server has it twice under way.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from examsrv.domain.paper import numbered, option_ids
from examsrv.rehearsal.client import address_of
from examsrv.rehearsal.measuring import Measured
from examsrv.rehearsal.people import CandidateLog, Ground, VirtualAdministrator, VirtualCandidate, VirtualProctor
from examsrv.rehearsal.setting_up import Plan
from examsrv.web.clock import MachineClock, stopwatch

BETWEEN_ANSWERS = (0.02, 0.12)
BETWEEN_TRIES = (0.2, 0.4)
IMPATIENT, HASTE_SECONDS = 0.02, 0.004
LOOK_SECONDS = 0.02
GIVE_UP_SECONDS = 60


class Fault(AssertionError):
    """The server did what it must not do, in words."""


class Crowd:
    """The people of a plan before one server. `begin` brings them to their papers."""

    def __init__(self, plan: Plan, url: str, seed: int) -> None:
        self.plan = plan
        self.ground = Ground(address_of(url), Measured(), seed)
        self.candidates = [VirtualCandidate(self.ground, seat) for seat in plan.candidates]
        self.proctors = [VirtualProctor(self.ground, room) for room in plan.rooms]
        self.administrator = VirtualAdministrator(self.ground, plan.administrators[0])
        self.others: list[VirtualCandidate] = []
        """Further machines at which somebody sat."""

    @property
    def logs(self) -> list[CandidateLog]:
        return [candidate.log for candidate in self.candidates]

    async def begin(self) -> None:
        """Bring everybody in: staff signed in, rooms started, papers open."""
        await together([*(proctor.enter_all() for proctor in self.proctors), self.administrator.sign_in(), *map(arrive, self.candidates)])
        await together(proctor.check_in_all() for proctor in self.proctors)
        await together(proctor.start() for proctor in self.proctors)
        await together(candidate.open() for candidate in self.candidates)

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Let everybody answer meanwhile; what drove somebody out is raised at the end."""
        tasks = [asyncio.create_task(keep_answering(candidate)) for candidate in self.candidates]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for candidate, outcome in zip(self.candidates, outcomes, strict=True):
            if not isinstance(outcome, asyncio.CancelledError):
                raise Fault(f"{candidate.seat.ticket} could not go on: {outcome!r}, {self.ground.measured.refused}")

    async def all_acknowledged(self, within: float) -> float:
        """Wait until everybody has had a save acknowledged that is not yet; return after how many seconds."""
        before = [acknowledged(candidate) for candidate in self.candidates]
        return await until(
            lambda: all(acknowledged(candidate) > old for candidate, old in zip(self.candidates, before, strict=True)),
            within,
            "nobody saves any more, or not everybody",
        )

    async def hear_the_time(self) -> None:
        """Let everybody ask for the time."""
        await together(hear(candidate) for candidate in self.candidates)

    async def resume(self) -> None:
        """Let time run on in every room that waits for its proctor."""
        await together(proctor.until_answered(proctor.resume_if_paused) for proctor in self.proctors)

    async def leave(self) -> None:
        """Close all browsers."""
        for person in (*self.candidates, *self.others, *self.proctors, self.administrator):
            person.leave()
        await asyncio.sleep(LOOK_SECONDS)


async def arrive(candidate: VirtualCandidate) -> None:
    await candidate.bind()
    await candidate.sign_in()
    await candidate.confirm()


async def keep_answering(candidate: VirtualCandidate) -> None:
    """Answer one item after another, drawn by chance, and send each; return only when the attempt has ended."""
    chance, choices = candidate.chance, choices_of(candidate.paper)
    while not candidate.has_ended:
        item = chance.choice(sorted(choices))
        candidate.answer(item, chance.choice(choices[item]))
        patience = candidate.client.patience
        candidate.client.patience = HASTE_SECONDS if chance.random() < IMPATIENT else patience
        try:
            kind = await candidate.flush()
        finally:
            candidate.client.patience = patience
        await asyncio.sleep(chance.uniform(*(BETWEEN_ANSWERS if kind == "ok" else BETWEEN_TRIES)))


async def hand_in(candidate: VirtualCandidate) -> None:
    """Send what waits and hand in, until there is a receipt."""
    async with asyncio.timeout(patience(GIVE_UP_SECONDS)):
        while candidate.log.receipt is None:
            await candidate.flush()
            await candidate.hand_in_once()
            if candidate.log.receipt is None:
                await asyncio.sleep(candidate.chance.uniform(*BETWEEN_TRIES))


async def hear(candidate: VirtualCandidate) -> None:
    async with asyncio.timeout(patience(GIVE_UP_SECONDS)):
        while (outcome := await candidate.beat()).kind != "ok":
            if outcome.kind not in {"offline", "server"}:
                raise Fault(f"{candidate.seat.ticket} asked for the time and was told: {outcome.kind}")
            await asyncio.sleep(candidate.chance.uniform(*BETWEEN_TRIES))


def acknowledged(candidate: VirtualCandidate) -> int:
    """Return the number of the last step that was acknowledged, counted over all epochs."""
    return sum(candidate.log.acknowledged.values())


def choices_of(paper: dict[str, Any]) -> dict[int, list[object]]:
    """Return, by item number, values that the page could send."""
    return {number: _values(group["kind"], item) for number, group, item in numbered(paper)}


def _values(kind: str, item: Mapping[str, Any]) -> list[object]:
    if kind == "true_false":
        return [True, False]
    ids = sorted(option_ids(item))
    return [ids[:2], ids[1:3], ids[:3], []] if kind == "multiple_choice" else [*ids, None]


def boot_seconds() -> float:
    """Return this machine's boot clock."""
    return MachineClock().boot().total_seconds()


def heard_at(candidate: VirtualCandidate) -> float:
    """Return when the candidate heard the time last, by the boot clock."""
    return boot_seconds() - (stopwatch() - candidate.time_heard)


def patience(seconds: float) -> float:
    """Return how long to wait for what takes `seconds` at most on an idle machine: so many times longer as the machine is overcommitted."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def until(claim: Callable[[], bool], within: float, otherwise: str) -> float:
    """Wait until a claim holds; return after how many seconds. Raises Fault with `otherwise` when it does not in time."""
    began = stopwatch()
    while not claim():
        if stopwatch() - began > within:
            raise Fault(f"{otherwise} (waited {within:.1f} s)")
        await asyncio.sleep(LOOK_SECONDS)
    return stopwatch() - began


async def together(acts: Iterable[Awaitable[Any]] | Sequence[Awaitable[Any]]) -> None:
    """Do all at once; the first that fails is raised."""
    await asyncio.gather(*acts)
