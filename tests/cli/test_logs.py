"""The server's log: JSON lines, and nothing of anybody's in them, whatever was sent and however it failed."""

import errno
import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import Rule

from examsrv.cli.logs import configure_logs
from examsrv.services import signing_in
from examsrv.storage.database import Database
from examsrv.web.server import Server
from question_bank.message import ExamError, Message
from tests.builders import QUICK_HASHER, FakeClock, add_room, candidate_name, id_number, make_app, make_server
from tests.cli.test_installation import SERVING_WITHIN_SECONDS, answers, free_port
from tests.web.visitors import Candidate, candidate

NAME, ID_NUMBER, ANSWER = "赵钱孙", "110101199003071234", "我的答案"
CANARIES = (NAME, ID_NUMBER, ANSWER)


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.CaptureFixture[str]]:
    """Log as the server does, and give what was written."""
    before = {name: list(logging.getLogger(name).handlers) for name in ("", "gunicorn.error")}
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    configure_logs()
    yield capsys
    structlog.reset_defaults()
    for name, handlers in before.items():
        logging.getLogger(name).handlers[:] = handlers
    logging.getLogger("gunicorn.error").propagate = True


def lines(log: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    written = log.readouterr().err
    assert not [canary for canary in (*CANARIES, json.dumps(NAME), json.dumps(ANSWER)) if canary in written]
    return [json.loads(line) for line in written.splitlines()]


class FullDisk(io.TextIOBase):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def raised(error: Exception) -> Exception:
    try:
        fail_with(error)
    except Exception as caught:  # noqa: BLE001 -- it is wanted with its traceback
        return caught


def fail_with(error: Exception) -> None:
    raise error


FAILURES = [
    (ValueError(f"{NAME} {ANSWER}"), "ValueError"),
    (IntegrityError("INSERT", {"name": NAME}, ValueError(f"Key (name)=({NAME}) exists")), "IntegrityError"),
    (ExamError(Message("%(name)s is taken", {"name": NAME})), "%(name)s is taken"),
    (FileNotFoundError(2, "No such file or directory", f"/tmp/{NAME}"), "No such file or directory"),
    (ExceptionGroup(NAME, [ValueError(ID_NUMBER), KeyError(ANSWER)]), "KeyError"),
]


@pytest.mark.parametrize(("error", "kind"), FAILURES)
def test_a_fault_is_one_line_with_its_kind_and_code_and_without_its_words(log: pytest.CaptureFixture[str], error: Exception, kind: str) -> None:
    structlog.get_logger().error("sweep", exc_info=raised(error))
    (line,) = lines(log)
    assert (line["event"], line["level"]) == ("sweep", "error")
    assert kind in line["exception"]
    assert "in raised" in line["exception"]


def test_a_fault_behind_a_fault_is_told_too(log: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            int(ID_NUMBER + NAME)
        except ValueError as error:
            raise KeyError(NAME) from error
    except KeyError:
        structlog.get_logger().error("fault", exc_info=True)
    (line,) = lines(log)
    assert line["exception"].index("ValueError") < line["exception"].index("KeyError")


def test_libraries_fill_in_numbers_alone(log: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("gunicorn.error").error("Worker %s: error handling %s at %d", 7, f"/x?name={NAME}", 3)
    logging.getLogger("alembic").warning("%(who)s", {"who": NAME})
    logging.getLogger("anything").error(ValueError(NAME), exc_info=raised(ValueError(ID_NUMBER)))
    filled_in = f"Invalid request from ip=127.0.0.1: '{NAME}'"
    logging.getLogger("gunicorn.error").warning(filled_in)
    found = lines(log)
    assert [line["event"] for line in found] == ["Worker 7: error handling … at 3", "%(who)s", "ValueError", "Invalid request from ip"]
    assert "ValueError" in found[2]["exception"]
    assert found[3]["at"].startswith("test_logs:")


def test_a_log_that_cannot_be_written_stops_nobody(log: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", FullDisk())
        structlog.get_logger().error("sweep", exc_info=raised(ValueError()))
        logging.getLogger("gunicorn.error").error("Worker failed to boot.")
    structlog.get_logger().error("there is room again")
    assert [line["event"] for line in lines(log)] == ["there is room again"]


def test_a_thread_that_fails_is_told_as_a_line(log: pytest.CaptureFixture[str]) -> None:
    failing = threading.Thread(target=int, args=(NAME,), name="failing")
    failing.start()
    failing.join()
    (line,) = lines(log)
    assert (line["event"], line["thread"]) == ("thread", "failing")


@pytest.fixture
def server(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    made = make_server(Database(sqlite_url), FakeClock())
    yield made
    made.stop()


@pytest.fixture
def sitter(server: Server) -> Candidate:
    with server.database.writing() as session:
        room = add_room(session, 1, started=True)
    sitter = candidate(make_app(server), room)
    sitter.open()
    return sitter


def fail_everywhere(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every write and every look-up of a page fail with what was sent in the error's words."""
    error = IntegrityError("INSERT", {"name": NAME, "number": ID_NUMBER}, ValueError(ANSWER))

    def fail(*_values: object) -> None:
        raise error

    monkeypatch.setattr(server.journal, "write", fail)
    for place in ("own_details", "own_state", "notices"):
        monkeypatch.setattr(f"examsrv.services.sitting_down.{place}", fail)


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_that_a_candidate_sends_to_any_route_is_logged(
    server: Server, sitter: Candidate, log: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    if broken:
        fail_everywhere(server, monkeypatch)
    sent = set()
    for rule in candidate_rules(sitter.client.application):
        for method in sorted(rule.methods & {"GET", "POST"}):
            for body in bodies(sitter):
                address = f"{rule.rule}?name={NAME}&number={ID_NUMBER}"
                headers = {"X-CSRFToken": sitter.token, "User-Agent": ID_NUMBER, "X-Name": "?"}
                sitter.client.open(address, method=method, headers=headers, **body)
                sent.add((rule.endpoint, method))
    faults = lines(log)
    assert len(sent) > 12
    assert bool(faults) is broken
    assert {line["event"] for line in faults} <= {"fault"}
    assert {line["route"] for line in faults} <= {rule.rule for rule in candidate_rules(sitter.client.application)}


def candidate_rules(app: Flask) -> list[Rule]:
    """Return the routes of the candidate; the one that signs out comes last."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("candidate.")]
    return sorted(found, key=lambda rule: (rule.endpoint == "candidate.sign_out", rule.rule))


def bodies(sitter: Candidate) -> list[dict[str, object]]:
    step = {"seq": 1, "kind": "answered", "item": 1, "value": ANSWER, "client_ms": 0}
    opened = {"device": sitter.device, "epoch": 1}
    return [
        {"data": {"ticket": ID_NUMBER, "id_number": ID_NUMBER, "code": NAME, "name": NAME, "csrf_token": sitter.token}},
        {"json": {**opened, "steps": [step], "answers": {"1": ANSWER}, "name": NAME}},
        {"json": {**opened, "steps": [step]}},
        {"json": {**opened, "steps": [], "answers": {"1": ANSWER}}},
        {"json": {"device": sitter.device}},
        {"json": {**opened, "unsaved": 1}},
        {"data": f"{{{ANSWER}".encode(), "content_type": "application/json"},
    ]


def test_a_sweep_that_fails_names_no_candidate(server: Server, sitter: Candidate, log: pytest.CaptureFixture[str], monkeypatch) -> None:
    def fail(*_values: object) -> None:
        raise IntegrityError("UPDATE", {"name": NAME}, ValueError(f"{candidate_name(1)} {id_number(1)}"))

    told = threading.Event()
    monkeypatch.setattr("examsrv.web.server.overdue", fail)
    monkeypatch.setattr("examsrv.web.server.SWEEP_EVERY", server.settings.clock_mark_every / 500)
    server.start_sweeping(lambda error: (structlog.get_logger().error("sweep", exc_info=error), told.set()))
    assert told.wait(5)
    server.stopping.set()
    for thread in server.threads:
        thread.join()
    assert "IntegrityError" in lines(log)[0]["exception"]


def test_what_gunicorn_itself_says_is_json_without_what_was_sent(sqlite_url: str, tmp_path: Path) -> None:
    """Requests that never reach the application, and a fault while the table of attempts is away."""
    port, settings = free_port(), {**os.environ, "EXAMSRV_DATABASE_URL": sqlite_url, "EXAMSRV_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "examsrv.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as serving:
        assert answers(port)
        execute(sqlite_url, "ALTER TABLE person RENAME TO gone")
        for request in (f"GET /{NAME} HTTP/9.9", f"{ID_NUMBER} {NAME}", f"GET /?{ID_NUMBER} HTTP/1.1\r\nA{NAME}: x", "GET / HTTP/1.0"):
            speak(port, request)
        serving.send_signal(signal.SIGTERM)
        output, errors = serving.communicate(timeout=SERVING_WITHIN_SECONDS)
    written = errors.decode()
    told = [json.loads(line) for line in written.splitlines()]
    assert not [canary for canary in CANARIES if canary in written or canary in output.decode()], written + output.decode()
    assert [line["event"] for line in told if "route" in line] == ["fault"]


def speak(port: int, request: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"{request}\r\n\r\n".encode())
        while connection.recv(4096):
            pass


def execute(url: str, statement: str) -> None:
    database = Database(url)
    with database.writing() as session:
        session.execute(text(statement))
    database.close()


def test_a_line_has_a_time_and_a_level(log: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("gunicorn.error").error("text")
    (told,) = lines(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", told["timestamp"])
    assert (told["level"], told["logger"]) == ("error", "gunicorn.error")
