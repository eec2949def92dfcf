"""Virtual people. They send what the pages send, in the same order and with the page's own token, and believe only what the server says.

A candidate keeps a log of every step sent and of what was acknowledged: the check compares it with the database.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode

from examsrv.domain.order import Order, order_read
from examsrv.domain.paper import unfolded
from examsrv.rehearsal.client import JSON, Address, Answer, Client, NoAnswer
from examsrv.rehearsal.measuring import Act, Measured
from examsrv.rehearsal.setting_up import VirtualRoom, VirtualSeat, VirtualStaff
from examsrv.web.clock import MachineClock, stopwatch

# As static/js/candidate has them: moments.js, outbox.js, waiting.js, session.js.
BACKOFF_LEAST, BACKOFF_MOST = 1.0, 15.0
DOUBLING, MOST_DOUBLINGS, HALF = 2.0, 10, 0.5
GATHER = 0.7
BATCH = 200
POLL, POLL_SPREAD = 2.0, 0.2
BEAT = 7.0
LOOK = 2.0
MILLI = 1000

API = "/exam/api/"
META_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
DIGEST = re.compile(r'name="digest"[^>]* value="([0-9a-f]{64})"')
RUN = re.compile(r"/results/runs/([0-9]+)")
MAY_PASS = frozenset({"offline", "server", "too_early"})
"""After these a candidate tries again; whatever else stands in the way ends the attempt, and the check finds what is missing."""
KINDS = {401: "signed_out", 403: "signed_out", 410: "submitted"}
REDIRECTS, CLIENT_ERRORS, CONFLICT = range(300, 400), 400, 409


class Misled(Exception):
    """A page did not answer as it does for a person who does everything right."""


def backoff(tries: int, chance: Random) -> float:
    """Return how many seconds to wait before try number `tries` (from 0), as moments.js does."""
    span = min(BACKOFF_MOST, BACKOFF_LEAST * DOUBLING ** min(tries, MOST_DOUBLINGS))
    return max(BACKOFF_LEAST, span * chance.uniform(HALF, 1))


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is sent; `epoch` and `seq` name it."""

    epoch: int
    seq: int
    kind: str
    item: int
    value: object
    client_ms: int


@dataclass(slots=True)
class CandidateLog:
    """What a candidate sent and what the server acknowledged. `answers` is what the page shows in the end."""

    attempt: str
    paper: str
    sent: dict[tuple[int, int], Step] = field(default_factory=dict)
    acknowledged: dict[int, int] = field(default_factory=dict)
    answers: dict[int, object] = field(default_factory=dict)
    receipt: str | None = None

    def acknowledge(self, epoch: int, seq: int) -> None:
        """Keep that the server has everything of `epoch` up to `seq`."""
        self.acknowledged[epoch] = max(seq, self.acknowledged.get(epoch, -1))

    def acknowledged_steps(self) -> Iterator[Step]:
        """Yield the steps of which the server said that it has them."""
        return (step for (epoch, seq), step in self.sent.items() if seq <= self.acknowledged.get(epoch, -1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer of the interface as api.js reads it: "ok", "submitted", "signed_out", "server", "offline", or the word given with 409."""

    kind: str
    data: dict[str, Any]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What virtual people have in common: where the server is, what is measured, and the seed of their chance."""

    address: Address
    measured: Measured
    seed: int = 1
    tls: SSLContext | None = None

    def client(self) -> Client:
        """Return a browser of its own."""
        return Client(self.address, self.tls)

    def chance(self, who: str) -> Random:
        """Return somebody's own chance: the same for the same seed."""
        return Random(f"{self.seed}/{who}")  # noqa: S311 -- a rehearsal that can be repeated


class Person:
    """Somebody at a browser, with the token of the page that is open."""

    def __init__(self, ground: Ground, who: str) -> None:
        self.measured = ground.measured
        self.client = ground.client()
        self.chance = ground.chance(who)
        self.token = ""

    async def page(self, path: str, act: Act = Act.PAGE) -> Answer:
        """Fetch a page, and take its token."""
        answer = await self._asked("GET", path)
        self.measured.note(act, answer.seconds)
        if answer.status in REDIRECTS:
            return answer
        if not answer.is_ok:
            self._misled(f"GET {path}", answer)
        text = answer.text
        found = META_TOKEN.search(text) or FORM_TOKEN.search(text)
        if found:
            self.token = found[1]
        return answer

    async def form(self, path: str, fields: dict[str, str], act: Act = Act.PAGE) -> Answer:
        """Send a form of the page that is open; a form that is not answered by leading on was refused, and raises Misled."""
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        answer = await self._asked("POST", path, body)
        self.measured.note(act, answer.seconds)
        if answer.status not in REDIRECTS:
            self._misled(f"POST {path}", answer)
        return answer

    async def until_answered(self, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask until there is an answer, waiting between tries as the page does."""
        tries = 0
        while True:
            try:
                await ask()
            except NoAnswer:
                await asyncio.sleep(backoff(tries, self.chance))
                tries += 1
            else:
                return

    def leave(self) -> None:
        """Close the browser."""
        self.client.close()

    async def _asked(self, method: str, path: str, body: bytes = b"") -> Answer:
        self.measured.requests += 1
        try:
            return await (self.client.post(path, body) if method == "POST" else self.client.get(path))
        except NoAnswer:
            self.measured.unanswered += 1
            raise

    def _misled(self, what: str, answer: Answer) -> None:
        self.measured.refuse(f"{what}: {answer.status}")
        raise Misled(f"{what}: {answer.status} {answer.location}")


class VirtualCandidate(Person):
    """A candidate at a seat. `answer` and `mark` only note; `flush` sends what is noted, as the page's outbox does."""

    def __init__(self, ground: Ground, seat: VirtualSeat) -> None:
        super().__init__(ground, seat.ticket)
        self.seat = seat
        self.device = f"virtual-{seat.ticket}"
        self.log = CandidateLog(seat.attempt, seat.paper)
        self.pending: list[Step] = []
        self.clock = MachineClock()
        self.epoch = self.next_seq = 0
        self.time: dict[str, Any] = {}
        self.time_heard = 0.0
        self.paper: dict[str, Any] = {}
        self.order: Order = {}
        self.has_ended = False
        self._sending = asyncio.Lock()

    # ------------------------------------------------------------------ before the paper

    async def bind(self) -> None:
        """Bind the machine to its seat by the code on the desk."""
        await self.page("/exam/seat")
        await self.form("/exam/seat", {"code": self.seat.seat_code})

    async def sign_in(self) -> None:
        """Sign in with ticket and ID number. Measured: from sending the form until the page of the own details is there."""
        await self.page("/exam/sign-in")
        began = stopwatch()
        answer = await self.form("/exam/sign-in", {"ticket": self.seat.ticket, "id_number": self.seat.id_number})
        await self.page(answer.location)
        self.measured.note(Act.SIGN_IN, stopwatch() - began)

    async def confirm(self) -> None:
        """Say that the details are right, and go to the waiting room."""
        answer = await self.form("/exam/details", {"action": "confirm"})
        await self.page(answer.location)

    async def wait_for_start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Ask every two seconds until the candidate is checked in and the room has started. `ready` is called at the first answer."""
        is_first = True
        while True:
            outcome = await self._call("GET", "state", None, Act.WAITING)
            if outcome.kind == "ok" and is_first:
                is_first = False
                ready()
            if outcome.kind == "ok" and outcome.data["checked_in"] and outcome.data["started"]:
                return
            if outcome.kind in {"signed_out", "submitted"}:
                raise Misled(f"state: {outcome.kind}")
            await asyncio.sleep(POLL * self.chance.uniform(1 - POLL_SPREAD, 1 + POLL_SPREAD))

    # ------------------------------------------------------------------ the paper

    async def open(self) -> None:
        """Load the paper's page and open the attempt on this device: the answer holds the paper. However long it takes."""
        began = stopwatch()
        await self.until_answered(lambda: self.page("/exam/paper"))
        opened = await self._until_ok("open", {"device": self.device})
        self.measured.note(Act.OPEN, stopwatch() - began)
        self.epoch, self.next_seq = opened.data["epoch"], opened.data["next_seq"]
        self.log.answers = {int(item): value for item, value in opened.data["answers"].items()}
        self._hear(opened)
        self.paper = unfolded(opened.data["paper"])
        self.order = order_read(self.paper, opened.data["order"])

    def answer(self, item: int, value: object) -> Step:
        """Note an answer; it is sent by the next `flush`."""
        self.log.answers[item] = value
        return self._note("answered", item, value)

    def mark(self, item: int, *, is_marked: bool = True) -> Step:
        """Note that an item is marked for a second look."""
        return self._note("marked", item, is_marked)

    async def flush(self) -> str:
        """Send what is noted, one request at a time; return "ok" when all is acknowledged, else what stood in the way. A step keeps its number."""
        async with self._sending:
            while self.pending and not self.has_ended:
                batch = self.pending[:BATCH]
                self._remember(batch)
                outcome = await self._call("POST", "steps", {"device": self.device, "epoch": self.epoch, "steps": plain(batch)}, Act.SAVE)
                if not self._understood(outcome):
                    return outcome.kind
        return "ok" if not self.pending else "ended"

    async def deliver(self) -> str:
        """Send what is noted until all is acknowledged or the attempt has ended, waiting between tries as the page does."""
        tries = 0
        while True:
            kind = await self.flush()
            if kind == "ok" or self.has_ended:
                return kind
            await asyncio.sleep(backoff(tries, self.chance))
            tries += 1

    async def beat(self) -> Outcome:
        """Tell the server that the page lives; hear the time."""
        unsaved = len({step.item for step in self.pending})
        remaining = int(self.remaining() * MILLI)
        body = {"device": self.device, "epoch": self.epoch, "unsaved": unsaved, "remaining_ms": remaining}
        outcome = await self._call("POST", "beat", body, Act.BEAT)
        if outcome.kind == "ok":
            self._hear(outcome)
        return outcome

    async def hand_in(self) -> str:
        """Hand in until the server has the paper; return "ok", or the word that ended the attempt otherwise."""
        tries = 0
        while True:
            await self.flush()
            outcome = await self.hand_in_once()
            if self.log.receipt is not None:
                return "ok"
            if self.has_ended:
                return outcome.kind
            await asyncio.sleep(backoff(tries, self.chance))
            tries += 1

    async def hand_in_once(self) -> Outcome:
        """Try once to hand in, with at most one request's worth of what is not yet sent."""
        unsent = self.pending[:BATCH]
        self._remember(unsent)
        answers = {str(item): value for item, value in self.log.answers.items() if value not in (None, [])}
        body = {"device": self.device, "epoch": self.epoch, "steps": plain(unsent), "answers": answers}
        outcome = await self._call("POST", "hand-in", body, Act.HAND_IN)
        if outcome.kind in {"ok", "submitted"}:
            self._finish(outcome, unsent)
        elif outcome.kind == "differs":
            for item in outcome.data["items"]:  # said anew, as the page does
                self.answer(item, self.log.answers.get(item))
        elif outcome.kind not in MAY_PASS and not self._mended(outcome):
            self.has_ended = True
        return outcome

    def remaining(self) -> float:
        """Return the seconds that the page's clock shows: the server's last word, counted on unless it is paused."""
        if not self.time:
            return 0.0
        passed = 0.0 if self.time["paused"] else stopwatch() - self.time_heard
        return float(self.time["remaining_ms"]) / MILLI - passed

    # ------------------------------------------------------------------ how the outbox understands the server

    def _note(self, kind: str, item: int, value: object) -> Step:
        step = Step(self.epoch, self.next_seq, kind, item, value, int(self.clock.wall().timestamp() * MILLI))
        self.next_seq += 1
        self.pending.append(step)
        return step

    def _remember(self, steps: Sequence[Step]) -> None:
        self.log.sent.update({(step.epoch, step.seq): step for step in steps})

    def _understood(self, outcome: Outcome) -> bool:
        """Tell whether the way is free for the next request."""
        if outcome.kind == "ok":
            self._acknowledge(outcome.data["acknowledged"])
            self._hear(outcome)
            return True
        if outcome.kind == "submitted":
            self._finish(outcome, [])
        elif self._mended(outcome):
            return True
        elif outcome.kind not in MAY_PASS:
            self.has_ended = True
        return False

    def _mended(self, outcome: Outcome) -> bool:
        """Tell whether a gap was closed: the server has what is sent again. One that is not means that what was acknowledged is gone."""
        return outcome.kind == "gap" and self._advance(outcome.data["expected"])

    def _acknowledge(self, seq: int) -> None:
        self.log.acknowledge(self.epoch, seq)
        self.pending = [step for step in self.pending if step.seq > seq]

    def _advance(self, expected: int) -> bool:
        """The server already has the steps before `expected`. False where it lacks some that were forgotten: they are lost."""
        if not self.pending or not self.pending[0].seq < expected <= self.next_seq:
            return False
        self._acknowledge(expected - 1)
        return True

    def _finish(self, outcome: Outcome, unsent: Sequence[Step]) -> None:
        if outcome.kind == "ok" and unsent:
            self._acknowledge(unsent[-1].seq)
        self.log.receipt = outcome.data["receipt"]["code"]
        self.has_ended = True

    def _hear(self, outcome: Outcome) -> None:
        self.time, self.time_heard = outcome.data["time"], stopwatch() - outcome.seconds * HALF

    # ------------------------------------------------------------------ requests

    async def _until_ok(self, path: str, body: object) -> Outcome:
        tries = 0
        while True:
            outcome = await self._call("GET" if body is None else "POST", path, body, None)
            if outcome.kind == "ok":
                return outcome
            if outcome.kind not in {"offline", "server"}:
                raise Misled(f"{path}: {outcome.kind}")
            await asyncio.sleep(backoff(tries, self.chance))
            tries += 1

    async def _call(self, method: str, path: str, body: object, act: Act | None) -> Outcome:
        """Ask the interface. Only an answer "ok" counts as a latency of `act`; what is wrong is counted, what is not answered too."""
        self.measured.requests += 1
        head = f"Accept: application/json\r\nX-CSRFToken: {self.token}\r\n"
        try:
            if method == "GET":
                answer = await self.client.request("GET", API + path, more=head)
            else:
                answer = await self.client.post(API + path, json.dumps(body, separators=(",", ":")).encode(), JSON, head)
        except NoAnswer:
            self.measured.unanswered += 1
            return Outcome("offline", {})
        outcome = understood(answer)
        if outcome.kind == "ok":
            if act is not None:
                self.measured.note(act, answer.seconds)
        elif outcome.kind != "submitted":
            self.measured.refuse(f"{path}: {outcome.kind} {answer.status}")
        return outcome


def understood(answer: Answer) -> Outcome:
    """Read an answer of the interface as api.js does."""
    if answer.status in REDIRECTS:
        return Outcome("signed_out", {}, answer.seconds)
    try:
        data = answer.json()
    except ValueError:
        return Outcome("server", {}, answer.seconds)
    if answer.is_ok:
        return Outcome("ok", data, answer.seconds)
    if answer.status == CONFLICT and data.get("error"):
        return Outcome(data["error"], data, answer.seconds)
    return Outcome(KINDS.get(answer.status, "server"), data, answer.seconds)


def plain(steps: Sequence[Step]) -> list[dict[str, object]]:
    """Return steps as they are sent."""
    return [{"seq": step.seq, "kind": step.kind, "item": step.item, "value": step.value, "client_ms": step.client_ms} for step in steps]


class VirtualStaffPerson(Person):
    """Somebody of the staff who signs in with name and password."""

    def __init__(self, ground: Ground, staff: VirtualStaff) -> None:
        super().__init__(ground, staff.login)
        self.staff = staff

    async def sign_in(self) -> None:
        """Sign in."""
        await self.page("/sign-in")
        await self.form("/sign-in", {"login": self.staff.login, "password": self.staff.password})


class VirtualProctor(VirtualStaffPerson):
    """The lead proctor of a room at the board, on which all proctors of the room enter as present."""

    def __init__(self, ground: Ground, room: VirtualRoom) -> None:
        super().__init__(ground, room.proctors[0])
        self.room = room
        self.board = f"/proctor/rooms/{room.id}"
        self.known = ""

    async def enter_all(self) -> None:
        """Sign in, open the board, and enter every proctor of the room as present with the PIN."""
        await self.sign_in()
        await self.page(self.board)
        for proctor in self.room.proctors:
            await self.form(f"{self.board}/present", {"person": str(proctor.person), "pin": proctor.pin})

    async def check_in_all(self) -> None:
        """Check in everybody who has confirmed the details."""
        await self.form(f"{self.board}/check-in", {})

    async def start(self) -> float:
        """Start the room; return the instant (perf_counter) just before it was asked."""
        began = stopwatch()
        await self.form(f"{self.board}/start", {})
        return began

    async def try_to_look(self) -> None:
        """Look at the board once; that nobody answers is told by the board and counted here."""
        with contextlib.suppress(NoAnswer):
            await self.look()

    async def look(self) -> None:
        """Fetch what is new of the board, as its page does every two seconds."""
        answer = await self.page(f"{self.board}/live?known={self.known}", Act.BOARD)
        if answer.is_ok:
            self.known = answer.json()["edition"]

    async def resume_if_paused(self) -> bool:
        """Look at the board's page; if the room stands still after an outage, let its time run on. Tell whether it stood still."""
        page = (await self.page(self.board)).text
        if f'action="{self.board}/resume"' not in page:
            return False
        await self.form(f"{self.board}/resume", {})
        return True


class VirtualAdministrator(VirtualStaffPerson):
    """An administrator who marks sittings and has the results applied by the second one."""

    async def mark(self, sitting: int, reason: str) -> int:
        """Mark a sitting as a preview; return the number of the run."""
        address = f"/admin/results/sittings/{sitting}"
        await self.page(address)
        answer = await self.form(address, {"reason": reason})
        found = RUN.search(answer.location)
        if found is None:
            raise Misled(f"POST {address}: {answer.location}")
        return int(found[1])

    async def apply(self, run: int, second: VirtualStaff) -> None:
        """Propose a run; the second person signs in anew on the page that follows, and applies it."""
        address = f"/admin/results/runs/{run}"
        await self.page(address)
        answer = await self.form(f"{address}/propose", {})
        shown = (await self.page(answer.location)).text
        digest = DIGEST.search(shown)
        if digest is None:
            raise Misled(f"GET {answer.location}: no digest")
        await self.form(f"{address}/apply", {"digest": digest[1], "login": second.login, "password": second.password})
