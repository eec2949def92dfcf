"""Telling the server to stop, as a shutdown does: what was asked is answered and on disk, the exam clock is marked, the process gone in time."""

import socket
import threading
import time
from http import HTTPStatus
from pathlib import Path

import pytest

from examsrv.cli.serving import DRAIN_SECONDS, GRACEFUL_SECONDS
from examsrv.cli.transport import SILENCE_SECONDS
from examsrv.config import THREADS
from examsrv.services.demonstrating import Demonstration
from examsrv.services.inventing import CandidateWay
from tests.browser.deployed import unit_lines
from tests.browser.installation import REFUSED, Installation, Paper, start_room, stored_steps
from tests.browser.stage import SMALL_ROOM

NAME = "exam.institution.test"
ANSWERING_SECONDS = 1.0
LEAST_ANSWERS = 5
BETWEEN_MARKS_SECONDS = 3  # then none of the marks that are made every five seconds falls where the last one is looked for
PATIENCE_OF_SYSTEMD_SECONDS = int(unit_lines("examsrv.service", "TimeoutStopSec")[0])
BEGINNING_OF_A_GREETING = b"\x16\x03\x01\x02\x00"
MARKED = "SELECT max((julianday(wall) - 2440587.5) * 86400) FROM clock_mark"


@pytest.mark.parametrize("encrypted", [False, True])
def test_an_orderly_stop_answers_what_was_asked_keeps_it_and_marks_the_clock(
    installation: Installation, prepared: tuple[Path, Demonstration], encrypted: bool
) -> None:
    if encrypted:
        installation.encrypt(NAME)
    installation.start()
    paper, way = seated(installation, prepared[1])
    idle = installation.door.connection()
    idle.request("GET", "/exam/seat")
    idle.getresponse().read()
    answering = threading.Thread(target=answer_until_refused, args=[paper])
    answering.start()
    time.sleep(ANSWERING_SECONDS)
    told = time.time()
    code, seconds = installation.stop()
    answering.join()
    idle.close()
    assert (code, seconds < GRACEFUL_SECONDS) == (0, True)
    assert installation.one(MARKED) >= told
    stored = stored_steps(installation, way.ticket)
    assert {seq: stored.get(seq) for seq in paper.acknowledged} == paper.acknowledged
    assert len(paper.acknowledged) > LEAST_ANSWERS
    with pytest.raises(REFUSED):
        paper.time()


def test_a_client_that_falls_silent_in_its_request_keeps_nobody_from_stopping_in_time(installation: Installation) -> None:
    installation.start()
    with socket.create_connection(("127.0.0.1", installation.door.port)) as silent:
        silent.sendall(b"POST /exam/api/steps HTTP/1.1\r\nHost: ")
        time.sleep(BETWEEN_MARKS_SECONDS)
        told = time.time()
        code, seconds = installation.stop()
    assert (code, seconds < PATIENCE_OF_SYSTEMD_SECONDS) == (0, True)
    assert installation.one(MARKED) >= told + DRAIN_SECONDS - 0.5


def test_over_tls_silent_clients_do_not_hold_the_server_for_long(installation: Installation) -> None:
    installation.encrypt(NAME)
    installation.start()
    silent = [socket.create_connection(("127.0.0.1", installation.door.port)) for _ in range(THREADS)]
    for each in silent:
        each.sendall(BEGINNING_OF_A_GREETING)
    somebody = installation.door.connection()
    somebody.timeout = 2 * SILENCE_SECONDS
    somebody.request("GET", "/exam/seat")
    assert somebody.getresponse().status == HTTPStatus.OK
    for each in (*silent, somebody):
        each.close()


def seated(installation: Installation, people: Demonstration) -> tuple[Paper, CandidateWay]:
    """Let a candidate of the small room open the paper."""
    way = next(each for each in people.candidates if each.room == SMALL_ROOM)
    paper = Paper(installation.door)
    paper.sign_in(way)
    start_room(installation, people, way)
    return paper, way


def answer_until_refused(paper: Paper) -> None:
    numbers, values = paper.open()
    for seq in numbers:
        item = 1 + seq % len(values)
        try:
            paper.answer(seq, item, values[item][seq % len(values[item])])
        except REFUSED:
            return
