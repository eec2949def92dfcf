"""What a virtual candidate makes of the server's answers: it goes on where the page would, and ends where what was acknowledged is gone."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from examsrv.rehearsal.client import Address
from examsrv.rehearsal.measuring import Measured
from examsrv.rehearsal.people import Ground, VirtualCandidate
from examsrv.rehearsal.setting_up import VirtualSeat

TIME = {"remaining_ms": 1000, "paused": False}
SEAT = VirtualSeat("x", "YL1", "1", "000000", 1, 1, "paper")


def acknowledged(seq: int) -> tuple[int, dict[str, object]]:
    return 200, {"acknowledged": seq, "time": TIME}


def talked(
    answers: list[tuple[int, dict[str, object]]], talk: Callable[[VirtualCandidate], Awaitable[object]]
) -> tuple[VirtualCandidate, list[dict]]:
    """Let a candidate whose paper is open talk to a server that gives these answers; return it with what was heard."""
    heard: list[dict] = []
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        while answers:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            heard.append(json.loads(await reader.readexactly(length)))
            status, body = answers.pop(0)
            text = json.dumps(body).encode()
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async def run() -> VirtualCandidate:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            ground = Ground(Address("http", "127.0.0.1", server.sockets[0].getsockname()[1]), Measured())
            candidate = VirtualCandidate(ground, SEAT)
            candidate.epoch, candidate.next_seq = 1, 1
            await talk(candidate)
            candidate.leave()
            await asyncio.wait(served)
            return candidate

    return asyncio.run(run()), heard


async def two_answers(candidate: VirtualCandidate) -> None:
    candidate.answer(1, "aa")
    candidate.answer(2, "bb")
    await candidate.deliver()


def test_a_step_keeps_its_number_until_it_is_acknowledged() -> None:
    candidate, heard = talked([(503, {}), acknowledged(2)], two_answers)
    assert heard[0] == heard[1]
    assert candidate.pending == []
    assert len(list(candidate.log.acknowledged_steps())) == 2


def test_what_the_server_has_already_is_not_sent_again() -> None:
    candidate, heard = talked([(409, {"error": "gap", "expected": 2}), acknowledged(2)], two_answers)
    assert [[step["seq"] for step in body["steps"]] for body in heard] == [[1, 2], [2]]
    assert not candidate.has_ended


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (409, {"error": "gap", "expected": 0}),
        (409, {"error": "conflict", "seq": 1}),
        (409, {"error": "stale"}),
        (409, {"error": "over"}),
        (401, {"error": "signed_out"}),
    ],
)
def test_what_cannot_be_mended_ends_the_attempt_instead_of_trying_for_ever(status: int, body: dict[str, object]) -> None:
    candidate, heard = talked([(status, body)], two_answers)
    assert (candidate.has_ended, len(heard), len(candidate.pending)) == (True, 1, 2)
    assert candidate.measured.errors == 1


def test_an_answer_that_is_not_stored_as_the_page_has_it_is_said_anew_at_the_hand_in() -> None:
    async def hand_in(candidate: VirtualCandidate) -> None:
        candidate.answer(1, "aa")
        await candidate.hand_in()

    receipt = {"receipt": {"code": "U8P3"}}
    candidate, heard = talked([acknowledged(1), (409, {"error": "differs", "items": [1]}), acknowledged(2), (200, receipt)], hand_in)
    assert heard[2]["steps"][0]["value"] == "aa"
    assert (candidate.log.receipt, candidate.measured.errors) == ("U8P3", 1)
