"""An attempt goes to another machine and back; what the first still held from before must not be mixed in, also when the server was killed meanwhile.

Both machines have the candidate's session: what is tried is the attempt's own lock, not the door.
"""

import asyncio
import json
from pathlib import Path

from examsrv.rehearsal.people import VirtualCandidate, VirtualProctor
from examsrv.rehearsal.running import OwnServer
from tests.faults.crowd import Crowd, Fault, choices_of, hand_in
from tests.faults.judging import opened

ITEM, OTHER = 1, 2
STORED = "SELECT epoch, item, value FROM step WHERE attempt_id = ? AND kind = 'answered' ORDER BY epoch, seq"
ASIDE = "SELECT epoch, item, value FROM quarantined_step WHERE attempt_id = ? ORDER BY id"


async def go_there_and_back(folder: Path, server: OwnServer, crowd: Crowd) -> None:
    """Move a candidate from one machine to another and back, with an answer on its way from the first time until the end."""
    await crowd.begin()
    first = crowd.candidates[0]
    proctor = next(each for each in crowd.proctors if each.room.id == first.seat.room)
    values = choices_of(first.paper)
    first.answer(ITEM, values[ITEM][0])
    await first.deliver()
    server.kill()
    late = first.answer(ITEM, values[ITEM][1])
    if await first.flush() != "offline":
        raise Fault("a server that is gone answered")
    await asyncio.to_thread(server.start)
    other = await _moved(crowd, first, "another-machine", proctor)
    other.answer(OTHER, values[OTHER][0])
    await other.deliver()
    if (kind := await first.flush()) != "stale":
        raise Fault(f"a machine that has lost the attempt was told “{kind}” for what it sent")
    back = await _moved(crowd, first, first.device, proctor)
    back.answer(OTHER, values[OTHER][1])
    await back.deliver()
    first.has_ended = False
    if (kind := await first.flush()) != "stale":
        raise Fault(f"a step of epoch {late.epoch} was answered with “{kind}” in epoch {back.epoch}")
    await hand_in(back)
    _require_apart(folder, first.log.attempt, [(1, ITEM, values[ITEM][0]), (2, OTHER, values[OTHER][0]), (3, OTHER, values[OTHER][1])], late.value)


async def _moved(crowd: Crowd, candidate: VirtualCandidate, device: str, proctor: VirtualProctor) -> VirtualCandidate:
    """Let the candidate go on at a machine with this device id, once the proctor has confirmed it."""
    moved = VirtualCandidate(crowd.ground, candidate.seat)
    crowd.others.append(moved)
    moved.device = device
    moved.client.cookies |= candidate.client.cookies
    moved.client._keep([])
    await moved.page("/exam/paper")
    asked = await moved._call("POST", "open", {"device": device}, None)
    if asked.kind != "other_machine":
        raise Fault(f"another machine was answered with “{asked.kind}” before the proctor confirmed it")
    await proctor.page(proctor.board)
    await proctor.form(f"{proctor.board}/seats/{candidate.log.attempt}/machine", {})
    await moved.open()
    return moved


def _require_apart(folder: Path, attempt: str, wanted: list[tuple[int, int, object]], late: object) -> None:
    with opened(folder) as connection:
        stored, aside = ([(epoch, item, json.loads(value)) for epoch, item, value in connection.execute(each, [attempt])] for each in (STORED, ASIDE))
    if stored != wanted:
        raise Fault(f"stored is {stored}, and {wanted} was acknowledged")
    if aside != [(1, ITEM, late)]:
        raise Fault(f"kept aside is {aside}; the late answer was {late}")
