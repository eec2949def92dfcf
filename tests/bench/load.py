"""The load generator. It runs in a process of its own, measures there, and returns values only: see `apart`.

Latencies of arrivals at a fixed rate count from the intended instant, so that a server that falls behind cannot hide it. A timer of the event
loop is late by up to a millisecond; that is in the figures.
"""

import asyncio
import gc
import json
import resource
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, TypeVar

from examsrv.domain.order import order_read
from examsrv.domain.paper import unfolded
from examsrv.rehearsal.client import JSON, Answer, NoAnswer, address_of, tls_of
from examsrv.rehearsal.measuring import Measured
from examsrv.rehearsal.people import API, Ground, Person, Step, VirtualCandidate
from examsrv.web.clock import stopwatch
from tests.bench.costs import Cost, Meter
from tests.bench.installation import Target

Result = TypeVar("Result")
WARM_SECONDS, HEAD_START = 1.0, 0.3
TURN_SECONDS, LEAD_IN_SECONDS = 1.0, 0.2
TOGETHER = 16
BOARD_EVERY = 2.0
RUSH_SECONDS = 1.0
PAPER = "/exam/paper"


@dataclass(slots=True)
class Load:
    """What was measured: latencies in seconds by what was asked, errors in words, the cost, and what the server acknowledged."""

    latencies: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    cost: Cost | None = None
    logs: list["SentLog"] = field(default_factory=list)
    bytes_of_paper: int = 0
    packed_with: str = ""
    last_answer: float = 0.0

    def note(self, what: str, seconds: float) -> None:
        """Keep a latency."""
        self.latencies.setdefault(what, []).append(seconds)

    def fail(self, what: str) -> None:
        """Keep that something went wrong."""
        self.errors[what] = self.errors.get(what, 0) + 1


@dataclass(frozen=True, slots=True)
class SentLog:
    """What a candidate sent, step by step as (epoch, seq, item, value, client_ms), up to which seq it was acknowledged, and the receipt."""

    attempt: str
    steps: Sequence[tuple[int, int, int, str, int]]
    acknowledged: Mapping[int, int]
    receipt: str | None


def apart(load: Callable[..., Result], *about: object) -> Result:
    """Run a load in a process of its own, and return what it measured."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=allow_connections) as pool:
        return pool.submit(load, *about).result()


def allow_connections() -> None:
    """Ask for as many open files as there may be: everybody keeps a connection."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


# ------------------------------------------------------------------ the loads


def closed_loops(targets: Sequence[Target], clients: int, seconds: float) -> list[Load]:
    """Let each of `clients` candidates of every server save one answer after the other, as fast as it answers, for `seconds`.

    The servers take turns of a second: what comes and goes on a machine that is shared meets each of them.
    """
    return asyncio.run(_closed_loops(targets, clients, seconds))


def steady(target: Target, rate: int, seconds: float, boards: int = 0) -> tuple[Load, Load]:
    """Let all candidates together save `rate` times a second; then go on while `boards` proctors look at their boards."""
    return asyncio.run(_steady(target, rate, seconds, boards))


def start_rush(target: Target) -> Load:
    """Let all candidates ask for their paper within one second, as their waiting pages do when the room has started."""
    return asyncio.run(_start_rush(target))


def hand_in_rush(target: Target, saved: int, unsaved: int) -> Load:
    """Let all candidates hand in within one second, each with `saved` answers on the server and `unsaved` that come with the hand-in."""
    return asyncio.run(_hand_in_rush(target, saved, unsaved))


async def _closed_loops(targets: Sequence[Target], clients: int, seconds: float) -> list[Load]:
    houses = [House(target, target.stage.seats[:clients]) for target in targets]
    for house in houses:
        await together(candidate.open() for candidate in house.candidates)
        await _turn(house, Load(), WARM_SECONDS)
    quiet_memory()
    loads: list[Load] = [Load() for _target in targets]
    for _turns in range(max(1, round(seconds / TURN_SECONDS))):
        for house, load in zip(houses, loads, strict=True):
            await _turn(house, load, TURN_SECONDS)
    for house, load in zip(houses, loads, strict=True):
        load.errors |= house.errors()
        house.leave(load)
    return loads


async def _turn(house: "House", load: Load, seconds: float) -> None:
    """Save for a moment that does not count, then for `seconds`: what is acknowledged within them counts."""
    counts, is_over = False, False

    async def save_on(candidate: VirtualCandidate) -> None:
        while not is_over:
            began = stopwatch()
            await house.save(candidate)
            if counts:
                load.note("save", stopwatch() - began)

    tasks = [asyncio.create_task(save_on(candidate)) for candidate in house.candidates]
    await asyncio.sleep(LEAD_IN_SECONDS)
    meter = Meter(house.target.roots)
    counts = True
    await asyncio.sleep(seconds)
    counts, is_over = False, True
    cost = meter.cost()
    load.cost = cost if load.cost is None else load.cost + cost
    await asyncio.gather(*tasks)


async def _steady(target: Target, rate: int, seconds: float, boards: int) -> tuple[Load, Load]:
    house = House(target, target.stage.seats)
    await together(candidate.open() for candidate in house.candidates)
    quiet_memory()
    await _saves(house, rate, WARM_SECONDS)
    without = await _saves(house, rate, seconds)
    proctors = house.proctors(boards)
    over = asyncio.Event()
    looking = [asyncio.create_task(_look(proctor, board, place / len(proctors), over)) for place, (proctor, board) in enumerate(proctors)]
    beside = Load()
    if proctors:
        await _saves(house, rate, WARM_SECONDS)
        beside = await _saves(house, rate, seconds)
    over.set()
    for looked in await asyncio.gather(*looking):
        beside.latencies.setdefault("board", []).extend(looked.latencies.get("board", []))
        beside.errors |= looked.errors
    house.leave(beside)
    return without, beside


async def _saves(house: "House", rate: int, seconds: float) -> Load:
    """Save at a constant rate, everybody in turn."""
    load, before = Load(), house.errors()
    start = stopwatch() + HEAD_START

    async def save_on(place: int, candidate: VirtualCandidate) -> None:
        for number in range(place, round(rate * seconds), len(house.candidates)):
            due = start + number / rate
            await until(due)
            await house.save(candidate)
            load.note("save", stopwatch() - due)

    meter = Meter(house.target.roots)
    await asyncio.gather(*(save_on(place, candidate) for place, candidate in enumerate(house.candidates)))
    load.cost = meter.cost()
    load.errors = dict(house.errors() - before)
    return load


async def _look(proctor: Person, board: str, phase: float, over: asyncio.Event) -> Load:
    """Fetch what is new of a board every two seconds, as its page does."""
    load, known = Load(), ""
    await asyncio.sleep(BOARD_EVERY * phase)
    while not over.is_set():
        due = stopwatch()
        answer = await asked(proctor, "GET", f"{board}?known={known}")
        load.note("board", stopwatch() - due)
        if answer is None or not answer.is_ok:
            load.fail(f"board: {answer and answer.status}")
        else:
            known = answer.json()["edition"]
        await asyncio.sleep(max(0.0, due + BOARD_EVERY - stopwatch()))
    return load


async def _start_rush(target: Target) -> Load:
    house = House(target, target.stage.seats)
    await together(_wait(candidate) for candidate in house.candidates)
    load, kept = Load(), []
    start = stopwatch() + HEAD_START
    chance = house.ground.chance("rush")

    async def ask_for_paper(candidate: VirtualCandidate, due: float) -> None:
        await until(due)
        page = await asked(candidate, "GET", PAPER)
        load.note("page", stopwatch() - due)
        began = stopwatch()
        opened = await asked(candidate, "POST", f"{API}open", {"device": candidate.device})
        load.note("open", stopwatch() - began)
        load.last_answer = max(load.last_answer, stopwatch() - start)
        kept.append((candidate, page, opened))

    quiet_memory()
    meter = Meter(target.roots)
    await asyncio.gather(*(ask_for_paper(candidate, start + RUSH_SECONDS * chance.random()) for candidate in house.candidates))
    load.cost = meter.cost()
    for candidate, page, opened in kept:  # understood afterwards: in the rush it would take the processor from the server
        _check_opened(load, target, candidate, page, opened)
    load.errors |= house.errors()
    house.leave(load)
    return load


def _check_opened(load: Load, target: Target, candidate: VirtualCandidate, page: Answer | None, opened: Answer | None) -> None:
    if page is None or not page.is_ok:
        load.fail(f"page: {page and page.status}")
    if opened is None or not opened.is_ok:
        load.fail(f"open: {opened and opened.status}")
        return
    told = opened.json()
    if len(order_read(unfolded(told["paper"]), told["order"])) != len(target.stage.choices[candidate.seat.paper]):
        load.fail("open: not the whole paper")
    candidate.epoch, candidate.next_seq = told["epoch"], told["next_seq"]
    load.bytes_of_paper = max(load.bytes_of_paper, len(opened.body))
    load.packed_with = opened.headers.get("content-encoding", "nothing")


async def _wait(candidate: VirtualCandidate) -> None:
    """Load the waiting page and ask once, as everybody has done who sits there."""
    await candidate.page("/exam/waiting")
    await asked(candidate, "GET", f"{API}state")


async def _hand_in_rush(target: Target, saved: int, unsaved: int) -> Load:
    house = House(target, target.stage.seats)
    await together(_answer(house, candidate, saved) for candidate in house.candidates)
    for candidate in house.candidates:
        for item in range(saved + 1, saved + unsaved + 1):
            candidate.answer(item, house.choice(candidate, item))
    load = Load()
    start = stopwatch() + HEAD_START
    chance = house.ground.chance("rush")

    async def hand_in(candidate: VirtualCandidate, due: float) -> None:
        await until(due)
        await candidate.hand_in_once()
        load.note("hand-in", stopwatch() - due)
        load.last_answer = max(load.last_answer, stopwatch() - start)

    quiet_memory()
    meter = Meter(target.roots)
    await asyncio.gather(*(hand_in(candidate, start + RUSH_SECONDS * chance.random()) for candidate in house.candidates))
    load.cost = meter.cost()
    load.errors |= house.errors()
    house.leave(load)
    return load


async def _answer(house: "House", candidate: VirtualCandidate, count: int) -> None:
    await candidate.open()
    for item in range(1, count + 1):
        candidate.answer(item, house.choice(candidate, item))
    if await candidate.deliver() != "ok":
        raise RuntimeError("the answers before the rush were not taken")


# ------------------------------------------------------------------ who is there


class House:
    """The virtual people at one server, signed in with the cookies of the stage."""

    def __init__(self, target: Target, seats: Sequence[Any]) -> None:
        self.target, self.stage = target, target.stage
        address = address_of(target.url)
        self.ground = Ground(address, Measured(), tls=tls_of(address, target.authority))
        self.chance = self.ground.chance("answers")
        self.candidates = [VirtualCandidate(self.ground, seat) for seat in seats]
        for candidate in self.candidates:
            sign_in(candidate, f"{target.prefix}candidate", self.stage.tokens[candidate.seat.attempt])

    def proctors(self, count: int) -> list[tuple[Person, str]]:
        """Return the lead proctors of the first rooms, each with the address of the board's living parts."""
        found = []
        for room in self.stage.rooms[:count]:
            proctor = Person(self.ground, room.proctors[0].login)
            sign_in(proctor, f"{self.target.prefix}staff", self.stage.tokens[room.proctors[0].login])
            found.append((proctor, f"/proctor/rooms/{room.id}/live"))
        return found

    async def save(self, candidate: VirtualCandidate) -> None:
        """Answer an item by chance, and send it."""
        item = self.chance.randrange(len(self.stage.choices[candidate.seat.paper])) + 1
        candidate.answer(item, self.choice(candidate, item))
        await candidate.flush()

    def choice(self, candidate: VirtualCandidate, item: int) -> object:
        """Choose something for an item, by chance."""
        return self.chance.choice(self.stage.choices[candidate.seat.paper][item])

    def errors(self) -> Counter[str]:
        """Return how often a request was answered otherwise than it should have been, or not at all."""
        return Counter(self.ground.measured.refused) + Counter({"unanswered": self.ground.measured.unanswered})

    def leave(self, load: Load) -> None:
        """Close all browsers; hand over what was acknowledged."""
        load.logs = [log_of(candidate) for candidate in self.candidates]
        for candidate in self.candidates:
            candidate.leave()


def sign_in(person: Person, cookie: str, token: str) -> None:
    """Give a browser the cookie of somebody who has signed in."""
    person.client._keep([f"{cookie}={token}"])


def log_of(candidate: VirtualCandidate) -> SentLog:
    """Return what a candidate sent and what was acknowledged."""
    steps = [_line(step) for step in candidate.log.sent.values()]
    return SentLog(candidate.seat.attempt, steps, dict(candidate.log.acknowledged), candidate.log.receipt)


def _line(step: Step) -> tuple[int, int, int, str, int]:
    return step.epoch, step.seq, step.item, json.dumps(step.value, ensure_ascii=False), step.client_ms


# ------------------------------------------------------------------ small ones


async def asked(person: Person, method: str, path: str, body: object = None) -> Answer | None:
    """Ask as the page does; the answer is not looked into. None: there was no answer."""
    head = f"Accept: application/json\r\nX-CSRFToken: {person.token}\r\n"
    try:
        if method == "GET":
            return await person.client.request("GET", path, more=head)
        return await person.client.post(path, json.dumps(body, separators=(",", ":")).encode(), JSON, head)
    except NoAnswer:
        return None


async def together(acts: Iterable[Awaitable[None]]) -> None:
    """Do all of it, a few at a time."""
    few = asyncio.Semaphore(TOGETHER)

    async def one(act: Awaitable[None]) -> None:
        async with few:
            await act

    await asyncio.gather(*(one(act) for act in acts))


async def until(due: float) -> None:
    """Wait until an instant of the stopwatch."""
    await asyncio.sleep(max(0.0, due - stopwatch()))


def quiet_memory() -> None:
    """Let the collector rest from here on: its pauses would be taken for the server's."""
    gc.collect()
    gc.freeze()
    gc.disable()
