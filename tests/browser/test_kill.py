"""Killing the server while a candidate answers: nothing acknowledged is lost, and the time it was away is given back."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from examsrv.services.demonstrating import Demonstration
from tests.browser.installation import REFUSED, Installation, Paper, start_room, stored_steps
from tests.browser.stage import SMALL_ROOM

KILLS, LEAST_ANSWERS = 5, 10
ANSWERING_SECONDS = 1.5
EXACT_SECONDS = 1.0


def test_killing_the_server_loses_nothing_acknowledged_and_takes_no_time(installation: Installation, prepared: tuple[Path, Demonstration]) -> None:
    people = prepared[1]
    way = next(each for each in people.candidates if each.room == SMALL_ROOM)
    installation.start()
    paper = Paper(installation.door)
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
