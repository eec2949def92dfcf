"""Killing the server while a candidate answers: nothing acknowledged is lost, and the time it was away is given back.

The server is the shipped command in a process group of its own, on SQLite, with the machine's clock. No browser: the paper's interface is spoken
to directly, so that every acknowledgement is known.
"""

import contextlib
import gzip
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from examsrv.services.demonstrating import PASSWORD, Demonstration
from examsrv.services.inventing import CandidateWay
from examsrv.storage.sealing import load_secret
from tests.browser.stage import SMALL_ROOM
from tests.builders import SECRET

KILLS, LEAST_ANSWERS = 5, 10
ANSWERING_SECONDS = 1.5
START_WITHIN_SECONDS = 30
EXACT_SECONDS = 1.0
DEVICE = "one-machine"
PROCTORS = ("proctor4", "proctor5")
ROOT = Path(__file__).parents[2]
REFUSED = (ConnectionError, http.client.HTTPException, TimeoutError)


class Installation:
    """An installation's folder, and the server on it while it runs."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        shutil.copyfile(database, folder / "examsrv.db")
        with contextlib.closing(sqlite3.connect(folder / "examsrv.db")) as connection, connection:
            connection.execute("UPDATE sitting SET planned = ?", [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"])  # it is to be held today
        load_secret(folder / "secret.key", lambda: SECRET.master)
        self.log = (folder / "log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        environment = {**os.environ, "EXAMSRV_DATA": str(self.folder), "EXAMSRV_PORT": str(self.port)}
        command = [sys.executable, "-m", "examsrv.cli", "serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log, start_new_session=True)
        until = time.monotonic() + START_WITHIN_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the server with all its processes, as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def one(self, query: str) -> Any:
        """Return the one value that the database gives to a query."""
        return self.all(query)[0][0]

    def all(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "examsrv.db")) as connection:
            return connection.execute(query).fetchall()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/exam/seat")
            return connection.getresponse().status == HTTPStatus.OK
        except REFUSED:
            return False
        finally:
            connection.close()


class Client:
    """A browser without a screen: cookies and forms over plain HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def form(self, page: str, to: str | None = None, /, **fields: str) -> None:
        """Fill in a form of `page` and send it, `to` elsewhere if told so; it has to be taken."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", page)[1])
        if token is None:
            raise LookupError(f"no form on {page}")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, text = self.ask("POST", to or page, urlencode({"csrf_token": token.group(1), **fields}), headers)
        assert status == HTTPStatus.FOUND, text

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Send a request; return the status and the text of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, {**(headers or {}), "Cookie": cookies})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.msg.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        packed = answer.msg.get("Content-Encoding") == "gzip"
        return answer.status, (gzip.decompress(content) if packed else content).decode()


class Paper(Client):
    """A candidate's page, and what the server has acknowledged to it: for each step number the item and the value."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.token = ""
        self.epoch = 0
        self.acknowledged: dict[int, tuple[int, object]] = {}
        self.unsent: list[dict] = []

    def sign_in(self, way: CandidateWay) -> None:
        self.form("/exam/seat", code=way.seat_code)
        self.form("/exam/sign-in", ticket=way.ticket, id_number=way.id_number)
        self.form("/exam/details", action="confirm")

    def open(self) -> tuple[Iterator[int], dict[int, list[object]]]:
        """Open the paper; return the numbers of the steps to come, and for each item what may be chosen."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.ask("GET", "/exam/paper")[1])
        self.token = found.group(1) if found else ""
        opened = self.post("/exam/api/open", {"device": DEVICE})
        self.epoch = opened["epoch"]
        content = json.loads(self.ask("GET", "/exam/api/paper")[1])
        items = [item for group in content["groups"] for item in group["items"]]
        return itertools.count(opened["next_seq"]), {item["n"]: values_of(item) for item in items}

    def answer(self, seq: int, item: int, value: object) -> None:
        """Send a new step behind those that wait, and write down what is acknowledged."""
        self.unsent.append({"seq": seq, "kind": "answered", "item": item, "value": value, "client_ms": seq})
        done = self.post("/exam/api/steps", {"device": DEVICE, "epoch": self.epoch, "steps": self.unsent})
        for step in self.unsent:
            if step["seq"] <= done["acknowledged"]:
                self.acknowledged[step["seq"]] = (step["item"], step["value"])
        self.unsent = [step for step in self.unsent if step["seq"] > done["acknowledged"]]

    def time(self) -> dict:
        """Ask the server for the time."""
        return self.post("/exam/api/beat", {"device": DEVICE, "epoch": self.epoch, "unsaved": 0})["time"]

    def post(self, path: str, message: dict) -> dict:
        """Send a message; anything but success is an error."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        status, text = self.ask("POST", path, json.dumps(message), headers)
        assert status == HTTPStatus.OK, f"{status} from {path}: {text}"
        return json.loads(text)


def values_of(item: dict) -> list[object]:
    """Return values a page may send for an item."""
    if item["kind"] == "true_false":
        return [True, False]
    ids = sorted(option["id"] for option in item["options"])
    return [ids[:2], ids[1:3]] if item["kind"] == "multiple_choice" else ids


@pytest.fixture
def installation(tmp_path: Path, prepared: tuple[Path, Demonstration]) -> Iterator[Installation]:
    made = Installation(tmp_path / "installation", prepared[0])
    yield made
    made.kill()
    made.log.close()


def test_killing_the_server_loses_nothing_acknowledged_and_takes_no_time(installation: Installation, prepared: tuple[Path, Demonstration]) -> None:
    people = prepared[1]
    way = next(each for each in people.candidates if each.room == SMALL_ROOM)
    installation.start()
    paper = Paper(installation.port)
    paper.sign_in(way)
    start_room(installation, people, way)
    numbers, values = paper.open()
    for _time in range(KILLS):
        before, heard = paper.time(), time.time()
        outage = kill_while_answering(installation, paper, numbers, values)
        after, told = paper.time(), time.time()
        assert (after["state"], after["paused"]) == ("running", False)
        taken = (before["remaining_ms"] - after["remaining_ms"]) / 1000
        assert taken == pytest.approx(outage.counted(heard, told), abs=EXACT_SECONDS)
        assert outage.paused <= outage.killed
        assert outage.resumed >= outage.started

    answer(paper, numbers, values, until=lambda: True)
    stored = stored_steps(installation, way.ticket)
    assert {seq: each for seq, each in stored.items() if seq in paper.acknowledged} == paper.acknowledged
    assert sorted(stored) == list(range(len(stored)))
    assert len(paper.acknowledged) > KILLS * LEAST_ANSWERS


# ---- how


@dataclass(frozen=True)
class Outage:
    """An outage by the wall clock: when the server was killed and started again, and from when to when the room was paused for it."""

    killed: float
    started: float
    paused: float
    resumed: float

    def counted(self, heard: float, told: float) -> float:
        """Return how much time the room may take from a candidate between two moments before and after."""
        return (self.paused - heard) + (told - self.resumed)


def kill_while_answering(installation: Installation, paper: Paper, numbers: Iterator[int], values: dict[int, list[object]]) -> Outage:
    """Kill the server in the middle of answering, and start it again."""
    killing = threading.Timer(ANSWERING_SECONDS, installation.kill)
    killing.start()
    answer(paper, numbers, values, until=lambda: False)
    killing.join()
    killed = time.time()
    alive = installation.one("SELECT max((julianday(wall) - 2440587.5) * 86400) FROM (SELECT wall FROM clock_mark UNION SELECT wall FROM time_entry)")
    started = time.time()
    installation.start()
    resumed = installation.one("SELECT max((julianday(wall) - 2440587.5) * 86400) FROM time_entry WHERE kind = 'resume'")
    return Outage(killed, started, alive, resumed)


def answer(paper: Paper, numbers: Iterator[int], values: dict[int, list[object]], until: Callable[[], bool]) -> None:
    """Answer item after item until told or until the server is gone; what was not acknowledged then waits for the next time."""
    for seq in numbers:
        item = 1 + seq % len(values)
        try:
            paper.answer(seq, item, values[item][seq % len(values[item])])
        except REFUSED:
            return
        if until():
            return


def start_room(installation: Installation, people: Demonstration, way: CandidateWay) -> None:
    """Let both proctors of the candidate's room enter, check the candidate in and start."""
    office = Client(installation.port)
    office.form("/sign-in", login=PROCTORS[0], password=PASSWORD)
    number = installation.one(f"SELECT sitting_room_id FROM attempt WHERE ticket = '{way.ticket}'")
    board = f"/proctor/rooms/{number}"
    for login, _name, _role, pin in people.staff:
        if login in PROCTORS:
            person = installation.one(f"SELECT id FROM person WHERE login = '{login}'")
            office.form(board, f"{board}/present", person=str(person), pin=str(pin))
    office.form(board, f"{board}/check-in")
    office.form(board, f"{board}/start")


def stored_steps(installation: Installation, ticket: str) -> dict[int, tuple[int, object]]:
    """Return item and value of each step that the database holds, by number; step 0 opened the paper."""
    rows = installation.all(f"SELECT seq, item, value FROM step JOIN attempt ON attempt.id = attempt_id WHERE ticket = '{ticket}'")
    numbers = [seq for seq, _item, _value in rows]
    assert len(numbers) == len(set(numbers))
    return {seq: (item, json.loads(value)) for seq, item, value in rows}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
