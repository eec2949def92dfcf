"""A whole server in this process with a clock that a test can move, and the people at its machines. Shared by the walkthroughs.

`Stage` is the server, `Machine` one browser of its own with somebody before it. What goes wrong in a browser is gathered and fails the test.
"""

import itertools
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from examsrv.app import create_app
from examsrv.domain.roles import Role
from examsrv.services.demonstrating import PASSWORD, Demonstration, make_demonstration, make_further_levels
from examsrv.services.inventing import CandidateWay, Chance
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, PersonRow, SittingRoomRow
from examsrv.web.server import Server, begin
from question_bank.pack import load_pack
from tests.builders import MORNING, SECRET, SETTINGS, at, new_key

PACK = "4-05-06-02"
POLL = 0.02  # how long the end of a test waits for its server
PATIENCE_MS = 12_000  # longer than a beat of the paper, the slowest thing a page waits for
ROOM, SMALL_ROOM = "01 考场", "02 考场"
SETTLED = "networkidle"
SERVER_FAULT = 500
LOOK = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    found => `${found.id} (${found.impact}) at ${found.nodes.map(node => node.target.join(" ")).join("; ")}`)"""
"""Every rule of axe, best practice too; says what breaks which one where."""
AXE = Path(__file__).with_name("axe.min.js")


class FlowingClock:
    """A clock that runs as the real one does, from a morning of its own, and can be moved ahead."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._moved = timedelta()

    def wall(self) -> datetime:
        return MORNING + self._passed()

    def boot(self) -> timedelta:
        return timedelta(hours=7) + self._passed()

    def boot_id(self) -> str:
        return "one start"

    def move(self, length: timedelta) -> None:
        """Let time jump ahead, on the wall and since the start alike."""
        self._moved += length

    def _passed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._begin) + self._moved


def demonstration(url: str) -> Demonstration:
    """Put the demonstration's examination into the empty database at `url`: the same people, codes and papers each time."""
    numbers = itertools.count(100_001)
    drawn = Chance(lambda: f"{next(numbers):032x}", lambda: next(numbers), new_key, lambda: str(next(numbers)))
    database = Database(url)
    try:
        return make_demonstration(database, SECRET, load_pack(PACK), drawn, at())
    finally:
        database.close()


def further_levels(url: str) -> list[Demonstration]:
    """Add to the demonstration at `url` its sittings of the other levels."""
    numbers = itertools.count(200_001)
    drawn = Chance(lambda: f"{next(numbers):032x}", lambda: next(numbers), new_key, lambda: str(next(numbers)))
    database = Database(url)
    try:
        return make_further_levels(database, SECRET, load_pack(PACK), drawn, at())
    finally:
        database.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 -- the library's name
        """Say nothing: pytest shows what the browser met."""


@dataclass
class Stage:
    """The server on a database. `people` is what the demonstration made, or None for an empty database."""

    url: str
    people: Demonstration | None = None
    clock: FlowingClock = field(default_factory=FlowingClock)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server: Server = begin(Database(self.url), SECRET, self.clock, SETTINGS)
        self.app = create_app(self.server)
        self._http = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": POLL}, daemon=True)
        self._thread.start()
        self.server.start_sweeping(lambda error: self.faults.append(f"sweeper: {error!r}"))

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self.server.stop()

    def candidate(self, seat: int, room: str = ROOM) -> CandidateWay:
        """Return how the candidate of a seat signs in."""
        if self.people is None:
            raise LookupError("an empty database has no candidates")
        return next(way for way in self.people.candidates if (way.room, way.seat) == (room, seat))

    def attempt(self, ticket: str) -> AttemptRow:
        """Return the attempt's row as the database has it now."""
        with self.server.database.reading() as session:
            row = session.scalars(select(AttemptRow).where(AttemptRow.ticket == ticket)).one()
            session.expunge(row)
            return row

    def room_of(self, ticket: str) -> SittingRoomRow:
        """Return the room, as planned for the sitting, in which a ticket's candidate sits."""
        with self.server.database.reading() as session:
            row = session.get_one(SittingRoomRow, self.attempt(ticket).sitting_room_id)
            session.expunge(row)
            return row

    def person(self, login: str) -> int:
        """Return the number of a member of staff."""
        with self.server.database.reading() as session:
            return session.scalars(select(PersonRow.id).where(PersonRow.login == login)).one()

    def name(self, login: str) -> str:
        """Return what a member of staff is called."""
        with self.server.database.reading() as session:
            return session.scalars(select(PersonRow.name).where(PersonRow.login == login)).one()

    def pin(self, login: str) -> str:
        """Return a demonstration proctor's PIN."""
        if self.people is None:
            raise LookupError("an empty database has no proctors")
        return next(pin for each, _name, role, pin in self.people.staff if each == login and role is Role.PROCTOR and pin)


@dataclass
class Machine:
    """A browser of its own, and somebody before it. `tolerated` are parts of what its console may say."""

    context: BrowserContext
    address: str
    shots: Path | None
    faults: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.new_page()

    def new_page(self) -> Page:
        """Open a further window; whatever goes wrong in it is written down."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"page error on {page.url}: {error}"))
        page.on("request", self._watch)
        page.on("response", self._judge)
        return page

    def tolerate(self, *parts: str) -> None:
        """Let the console say what contains one of `parts`: the browser itself reports each refusal there."""
        self.tolerated.extend(parts)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in self.tolerated):
            self.faults.append(f"console on {message.location.get('url')}: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.faults.append(f"request to elsewhere: {request.url}")

    def _judge(self, response: Response) -> None:
        if response.status >= SERVER_FAULT:
            self.faults.append(f"{response.status} from {response.url}")

    # ---- going about

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def look(self, name: str) -> None:
        """Let axe look at the page as it stands now, and keep a picture of the screen where `--shots` asks for it."""
        self.page.wait_for_load_state()  # a link that was just clicked leads to a page that has only begun
        if self.shots is not None:
            self.page.screenshot(path=self.shots / f"{name}.png")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))  # not as a script tag: the page's policy refuses every foreign script
        self.faults.extend(f"axe on {name}: {found}" for found in self.page.evaluate(LOOK))

    def press(self, words: str, within: str = "main") -> None:
        """Press the button with exactly these words."""
        self.page.locator(within).get_by_role("button", name=words, exact=True).click()

    # ---- staff

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        self.open("/sign-in")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        self.press("登录")
        expect(self.page.locator(".appbar")).to_be_visible()

    def enter_present(self, name: str, pin: str) -> None:
        """Enter a proctor as present on the board that is open."""
        self.page.click("button[data-asks=ask-present]")
        self.page.select_option("#person", label=name)
        self.page.fill("#pin", pin)
        self.page.click("#ask-present [data-do]")

    def start_room(self) -> None:
        self.page.locator("button[data-asks=ask-start]").click()
        self.press("开考", within="#ask-start")

    # ---- candidates

    def bind_seat(self, code: str) -> None:
        self.open("/exam/seat")
        self.page.fill("[name=code]", code)
        self.press("绑定座位")

    def come_in(self, way: CandidateWay) -> None:
        """Bind the machine to the candidate's seat, sign in, and stop at the details."""
        self.bind_seat(way.seat_code)
        self.give_ticket(way)
        self.page.wait_for_url("**/exam/details")

    def give_ticket(self, way: CandidateWay) -> None:
        self.page.fill("[name=ticket]", way.ticket)
        self.page.fill("[name=id_number]", way.id_number)
        self.press("登录")

    def confirm(self) -> None:
        """Say that all is right, and wait."""
        self.page.click("button[value=confirm]")
        self.page.wait_for_url("**/exam/waiting")


# ---- the paper

SAVED = re.compile(r"^已保存 \d\d:\d\d:\d\d$")
ITEM = re.compile(r"\d+")


def opened(page: Page) -> None:
    """Wait until the paper has opened by itself."""
    page.wait_for_url("**/exam/paper")
    expect(page.locator("#exam")).to_be_visible()


def saved(page: Page) -> None:
    """Wait until the page says that the server has everything."""
    expect(page.locator("#save-words")).to_have_text(SAVED)


def in_view(page: Page) -> tuple[str, list[str]]:
    """Return the stem's words and the options' words as they stand on the screen."""
    return words(page.inner_text("#stem")), [words(each) for each in page.locator("#options .option-text").all_inner_texts()]


def words(text: str) -> str:
    """Return a text without its blanks and line breaks."""
    return "".join(text.split())


def go_to(page: Page, number: int) -> None:
    """Turn to an item by the answer sheet."""
    page.locator("#cells .cell").nth(number - 1).click()


def choose(page: Page, letters: str) -> None:
    """Choose, in the item in view, the rows of these letters by the keyboard."""
    for letter in letters:
        page.keyboard.press(letter)


def pick(page: Page, name: str, *parts: str) -> None:
    """Choose the first option of a list that has all these words."""
    labels = page.locator(f"main select[name={name}] option").all_inner_texts()
    page.select_option(f"main select[name={name}]", label=next(each.strip() for each in labels if all(part in each for part in parts)))


def chosen(page: Page) -> str:
    """Return the letters that are chosen in the item in view."""
    return "".join(page.locator("#options .option.chosen .letter").all_inner_texts())


def answered(page: Page) -> int:
    """Return how many cells of the answer sheet are filled."""
    return page.locator("#cells .cell.answered").count()


def hand_in(page: Page) -> None:
    """Look through, then hand in."""
    page.click("#hand-in")
    page.click("#review-on")
    page.click("#confirm-yes")


def receipt(page: Page, title: str) -> str:
    """Wait for the receipt with this title and return its code."""
    expect(page.locator("#receipt-title")).to_have_text(title)
    return page.inner_text("#receipt-code")


def eventually(claim: Callable[[], bool], what: str, seconds: float = 12) -> None:
    """Wait until a claim about the server holds."""
    until = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > until:
            raise AssertionError(what)
        time.sleep(0.05)
