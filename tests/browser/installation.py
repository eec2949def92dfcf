"""An installation in a folder of its own with the shipped server on it, and people who speak to it without a browser.

The server is the shipped command in a process group of its own, on SQLite, with the machine's clock. The paper's interface is spoken to directly, so
that every acknowledgement is known.
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
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli

from examsrv.domain.paper import numbered, option_ids, unfolded
from examsrv.services.demonstrating import PASSWORD, Demonstration
from examsrv.services.inventing import CandidateWay
from examsrv.storage.certificates import places
from examsrv.storage.sealing import load_secret
from examsrv.storage.tls_folder import issue
from tests.builders import SECRET

START_WITHIN_SECONDS = 30
DEVICE = "one-machine"
PROCTORS = ("proctor4", "proctor5")
ROOT = Path(__file__).parents[2]
SERVE = (sys.executable, "-m", "examsrv.cli", "serve")
UNPACKED = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
REFUSED = (ConnectionError, http.client.HTTPException, TimeoutError)


@dataclass(frozen=True)
class Door:
    """Where a server on this machine is reached: its port, the name and the trust that a browser has if it is reached by TLS, and where from."""

    port: int
    name: str = "127.0.0.1"
    trust: ssl.SSLContext | None = None
    source: str = "127.0.0.1"

    def connection(self) -> http.client.HTTPConnection:
        return _Encrypted(self) if self.trust else http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)


class _Encrypted(http.client.HTTPConnection):
    """A connection that asks for the door's name, and finds it on this machine."""

    def __init__(self, door: Door) -> None:
        super().__init__(door.name, door.port, timeout=10)
        self._door = door

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self._door.port), self.timeout, (self._door.source, 0))
        self.sock = self._door.trust.wrap_socket(plain, server_hostname=self._door.name)


class Installation:
    """An installation's folder, and the server on it while it runs. `settings` are what its environment says beside folder and port."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.door = folder, Door(free_port())
        self.settings: dict[str, str] = {}
        folder.mkdir()
        shutil.copyfile(database, folder / "examsrv.db")
        self.execute("UPDATE sitting SET planned = ?", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}")  # it is to be held today
        load_secret(folder / "secret.key", lambda: SECRET.master)
        self.log = (folder / "log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    def encrypt(self, name: str) -> None:
        """Let the server end TLS itself, and be reached under `name` by who trusts its authority."""
        folder = self.folder / "tls"
        issue(folder, places([name], []), datetime.now(UTC))
        self.settings |= {"EXAMSRV_TLS_CERTIFICATE": str(folder / "server.crt"), "EXAMSRV_TLS_KEY": str(folder / "server.key")}
        self.door = Door(self.door.port, name, ssl.create_default_context(cafile=folder / "ca.crt"))

    def start(self, command: Sequence[str | Path] = SERVE) -> None:
        """Start the server and wait until it answers."""
        environment = {**os.environ, "EXAMSRV_DATA": str(self.folder), "EXAMSRV_PORT": str(self.door.port), **self.settings}
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

    def stop(self) -> tuple[int, float]:
        """Tell the server to stop, as systemd does; return its exit and how many seconds it took."""
        assert self.process is not None
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=START_WITHIN_SECONDS)
        self.process = None
        return code, time.monotonic() - begin

    def execute(self, statement: str, *values: object) -> None:
        """Change the database before the server is started."""
        with contextlib.closing(sqlite3.connect(self.folder / "examsrv.db")) as connection, connection:
            connection.execute(statement, values)

    def one(self, query: str) -> Any:
        """Return the one value that the database gives to a query."""
        return self.all(query)[0][0]

    def all(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "examsrv.db")) as connection:
            return connection.execute(query).fetchall()

    def _answers(self) -> bool:
        connection = self.door.connection()
        try:
            connection.request("GET", "/exam/seat")
            return connection.getresponse().status == HTTPStatus.OK
        except REFUSED:
            return False
        finally:
            connection.close()


class Client:
    """A browser without a screen: cookies and forms. `codings` says by address how the last answer was packed."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.cookies: dict[str, str] = {}
        self.headers = {"Accept-Encoding": "gzip, br" if door.trust else "gzip"}
        self.codings: dict[str, str] = {}

    def form(self, page: str, to: str | None = None, /, **fields: str) -> None:
        """Fill in a form of `page` and send it, `to` elsewhere if told so; it has to be taken."""
        status, text = self.fill_in(page, to, **fields)
        assert status == HTTPStatus.FOUND, text

    def fill_in(self, page: str, to: str | None = None, /, **fields: str) -> tuple[int, str]:
        """Fill in a form and send it; return what is answered."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", page)[1])
        if token is None:
            raise LookupError(f"no form on {page}")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", to or page, urlencode({"csrf_token": token.group(1), **fields}), headers)

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Send a request; return the status and the text of the answer."""
        connection = self.door.connection()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, {**self.headers, **(headers or {}), "Cookie": cookies})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.msg.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        self.codings[path] = answer.msg.get("Content-Encoding", "")
        return answer.status, UNPACKED[self.codings[path]](content).decode(answer.msg.get_content_charset("utf-8"))


class Paper(Client):
    """A candidate's page, and what the server has acknowledged to it: for each step number the item and the value."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
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
        values = {number: values_of(group["kind"], item) for number, group, item in numbered(unfolded(opened["paper"]))}
        return itertools.count(opened["next_seq"]), values

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


def values_of(kind: str, item: Mapping[str, Any]) -> list[object]:
    """Return values a page may send for an item."""
    if kind == "true_false":
        return [True, False]
    ids = sorted(option_ids(item))
    return [ids[:2], ids[1:3]] if kind == "multiple_choice" else ids


def start_room(installation: Installation, people: Demonstration, way: CandidateWay, door: Door | None = None) -> None:
    """Let both proctors of the candidate's room enter, check the candidate in and start."""
    office = Client(door or installation.door)
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
