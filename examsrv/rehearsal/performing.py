"""One rehearsal from the first sign-in to the applied results: who does what when. What it comes to is judged elsewhere."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from examsrv.rehearsal.guessing import ability, answer_to, questions
from examsrv.rehearsal.measuring import Act
from examsrv.rehearsal.nemesis import Kill, moments, strike
from examsrv.rehearsal.people import BEAT, GATHER, LOOK, CandidateLog, Ground, VirtualAdministrator, VirtualCandidate, VirtualProctor
from examsrv.rehearsal.running import OwnServer
from examsrv.rehearsal.setting_up import Plan
from examsrv.web.clock import stopwatch

ARRIVAL_SECONDS, ARRIVAL_OF_ONE = 30.0, 0.15  # RELIABILITY F28: all seats sign in within 30 s
HAND_IN_SECONDS = 10.0  # RELIABILITY F29: all hand in within the last 10 s
LONGEST_SHARE_OF_HAND_IN = 0.25
AT_ONE_TIME = 4  # proctors who sign in at the same time: their passwords and PINs are costly on purpose
MARKING_PATIENCE_SECONDS = 600.0
SECOND_THOUGHTS, MARKS = 0.1, 0.05
THINKING = (0.5, 1.5)
"""Between which multiples of the mean a candidate thinks about an item."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a rehearsal does: how long candidates answer, how often the server is killed meanwhile."""

    seconds: float
    kills: int = 0


@dataclass(slots=True)
class Performance:
    """What happened, as the virtual people saw it. `runs` by sitting.

    `requests` and `server_cpu` (seconds; None where the server is not ours) from the first sign-in until everybody had handed in.
    """

    logs: list[CandidateLog] = field(default_factory=list)
    abilities: dict[str, float] = field(default_factory=dict)
    runs: dict[int, int] = field(default_factory=dict)
    kills: list[Kill] = field(default_factory=list)
    requests: int = 0
    server_cpu: float | None = None


class Stage:
    """What is told meanwhile: a phase of the rehearsal, how much of it is done, and how much there is."""

    def begin(self, phase: str, total: int) -> None:
        """A phase begins in which `total` things are to be done."""

    def step(self, done: int = 1) -> None:
        """So many more are done."""

    def end(self) -> None:
        """The phase is over."""


async def perform(plan: Plan, ground: Ground, course: Course, server: OwnServer | None, told: Stage) -> Performance:
    """Let the virtual people go the whole way. `server` is killed as often as the course says."""
    done = Performance()
    proctors = [VirtualProctor(ground, room) for room in plan.rooms]
    candidates = [VirtualCandidate(ground, seat) for seat in plan.candidates]
    done.logs = [candidate.log for candidate in candidates]
    done.abilities = {seat.attempt: ability(ground.seed, seat.ticket) for seat in plan.candidates}
    cpu = server.cpu_seconds() if server else 0.0
    try:
        await _enter_proctors(proctors, told)
        waiting = await _arrive(candidates, told)
        await _start(proctors, candidates, waiting, ground, told)
        await _answer(plan, ground, course, proctors, candidates, server, done, told)
        done.requests, done.server_cpu = ground.measured.requests, server.cpu_seconds() - cpu if server else None
        await _mark(plan, ground, done, told)
    finally:
        for person in (*proctors, *candidates):
            person.leave()
        await asyncio.sleep(0)
    return done


async def _enter_proctors(proctors: Sequence[VirtualProctor], told: Stage) -> None:
    told.begin("proctors", len(proctors))
    free = asyncio.Semaphore(AT_ONE_TIME)

    async def enter(proctor: VirtualProctor) -> None:
        async with free:
            await proctor.enter_all()
        told.step()

    await together(enter(proctor) for proctor in proctors)
    told.end()


async def _arrive(candidates: Sequence[VirtualCandidate], told: Stage) -> list[asyncio.Task[None]]:
    """Let everybody sign in within the time of arrival; return the waiting of each, once all have been told to wait."""
    told.begin("arriving", len(candidates))
    within = min(ARRIVAL_SECONDS, len(candidates) * ARRIVAL_OF_ONE)
    ready = [asyncio.Event() for _ in candidates]

    async def arrive(candidate: VirtualCandidate, is_ready: asyncio.Event) -> None:
        await asyncio.sleep(candidate.chance.uniform(0, within))
        await candidate.bind()
        await candidate.sign_in()
        await candidate.confirm()
        told.step()
        await candidate.wait_for_start(is_ready.set)

    waiting = [asyncio.create_task(arrive(candidate, event)) for candidate, event in zip(candidates, ready, strict=True)]
    everybody = asyncio.create_task(together(_happened(event) for event in ready))
    finished, _going_on = await asyncio.wait([everybody, *waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in finished:
        task.result()  # raises what kept somebody from the waiting room
    told.end()
    return waiting


async def _happened(event: asyncio.Event) -> None:
    await event.wait()


async def _start(
    proctors: Sequence[VirtualProctor], candidates: Sequence[VirtualCandidate], waiting: Sequence[asyncio.Task[None]], ground: Ground, told: Stage
) -> None:
    """Check everybody in and start all rooms at one moment; every candidate gets to the paper by the own waiting page."""
    await together(proctor.check_in_all() for proctor in proctors)
    told.begin("starting", len(candidates))
    began: dict[int, float] = {}

    async def start(proctor: VirtualProctor) -> None:
        began[proctor.room.id] = await proctor.start()

    async def enter(candidate: VirtualCandidate, way: asyncio.Task[None]) -> None:
        await way
        await candidate.open()
        ground.measured.note(Act.START, stopwatch() - began[candidate.seat.room])
        told.step()

    await together([*(start(proctor) for proctor in proctors), *(enter(*pair) for pair in zip(candidates, waiting, strict=True))])
    told.end()


async def _answer(
    plan: Plan,
    ground: Ground,
    course: Course,
    proctors: Sequence[VirtualProctor],
    candidates: Sequence[VirtualCandidate],
    server: OwnServer | None,
    done: Performance,
    told: Stage,
) -> None:
    """Let everybody answer the whole paper in the time of the course and hand in at its end, while proctors watch and the nemesis strikes."""
    told.begin("answering", sum(len(plan.items[candidate.seat.paper]) for candidate in candidates))
    watching = [asyncio.create_task(_watch(proctor)) for proctor in proctors]

    async def resume() -> None:
        await together(_resumed(proctor) for proctor in proctors)

    striking = asyncio.create_task(strike(server, moments(course.kills, course.seconds, ground.seed), resume)) if server else None
    try:
        await together(_sit(candidate, plan, ground, course, told) for candidate in candidates)
        done.kills = await striking if striking else []
    finally:
        await _cancelled([*watching, *([striking] if striking else [])])
    told.end()


async def _sit(candidate: VirtualCandidate, plan: Plan, ground: Ground, course: Course, told: Stage) -> None:
    """Answer item by item in the own order, sending as the page does, and hand in some time in the last seconds."""
    chance, items = candidate.chance, plan.items[candidate.seat.paper]
    able = ability(ground.seed, candidate.seat.ticket)
    until = stopwatch() + course.seconds - chance.uniform(0, min(HAND_IN_SECONDS, course.seconds * LONGEST_SHARE_OF_HAND_IN))
    noted, leaving = asyncio.Event(), asyncio.Event()
    sending = asyncio.create_task(together([_send(candidate, noted, leaving), _beat(candidate, leaving)]))
    asked = questions(candidate.paper, candidate.order)
    for place, (number, options) in enumerate(asked):
        mean = max(0.0, until - stopwatch()) / (len(asked) - place)
        await asyncio.sleep(mean * chance.uniform(*THINKING))
        candidate.answer(number, answer_to(items[number], options, able, chance))
        if chance.random() < MARKS:
            candidate.mark(number)
        if chance.random() < SECOND_THOUGHTS:
            again, choice = asked[chance.randint(0, place)]
            candidate.answer(again, answer_to(items[again], choice, able, chance))
        noted.set()
        told.step()
    await asyncio.sleep(max(0.0, until - stopwatch()))
    leaving.set()
    noted.set()
    await sending
    await candidate.hand_in()


async def _send(candidate: VirtualCandidate, noted: asyncio.Event, leaving: asyncio.Event) -> None:
    """Send what was noted a moment after the first of it, as the outbox does."""
    while not leaving.is_set():
        await noted.wait()
        await _happened_within(leaving, GATHER)
        noted.clear()
        await candidate.deliver()


async def _beat(candidate: VirtualCandidate, leaving: asyncio.Event) -> None:
    """Let the page be heard every few seconds, from a moment of its own on."""
    pause = candidate.chance.uniform(0, BEAT)
    while not await _happened_within(leaving, pause):
        await candidate.beat()
        pause = BEAT


async def _happened_within(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _watch(proctor: VirtualProctor) -> None:
    """Look at the board as its page does; a look that is not answered is followed by the next."""
    while True:
        await asyncio.sleep(LOOK)
        await proctor.try_to_look()


async def _resumed(proctor: VirtualProctor) -> None:
    """Let the room's time run on if it stands still after an outage."""
    await proctor.until_answered(proctor.resume_if_paused)


async def _mark(plan: Plan, ground: Ground, done: Performance, told: Stage) -> None:
    """Have every sitting marked by the first administrator and applied by the second."""
    told.begin("marking", len(plan.sittings))
    first, second = plan.administrators
    administrator = VirtualAdministrator(ground, first)
    administrator.client.patience = MARKING_PATIENCE_SECONDS
    try:
        await administrator.sign_in()
        for sitting in plan.sittings:
            done.runs[sitting] = await administrator.mark(sitting, "rehearsal")
            await administrator.apply(done.runs[sitting], second)
            told.step()
    finally:
        administrator.leave()
    told.end()


async def together(acts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of `acts` at once; the first that fails stops the others, and what it raised is raised."""
    async with asyncio.TaskGroup() as group:
        for act in acts:
            group.create_task(act)


async def _cancelled(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Stop what runs beside, and wait until it has stopped; what it failed with is raised."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome
