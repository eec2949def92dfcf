"""The client reads whatever a server may send, and says plainly when an outcome is not known."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from examsrv.rehearsal.client import Address, Answer, Client, NoAnswer, address_of

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: seat=abc; Path=/; HttpOnly\r\n\r\nok"
IN_CHUNKS = b"HTTP/1.1 409 CONFLICT\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
CUT_OFF = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
FORGET = b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: seat=""; Max-Age=0\r\n\r\n'


def talked(answers: list[bytes], talk: Callable[[Client], Awaitable[object]], patience: float = 5.0) -> tuple[object, list[bytes]]:
    """Let `talk` happen with a server that gives these answers, one to each request, and closes after an empty or cut one; return what it heard."""
    heard: list[bytes] = []
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                heard.append(head)
                answer = answers.pop(0)
                writer.write(answer)
                if answer in (b"", CUT_OFF):
                    break
        writer.close()
        await writer.wait_closed()

    async def run() -> object:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            client = Client(Address("http", "127.0.0.1", server.sockets[0].getsockname()[1]), patience=patience)
            try:
                return await talk(client)
            finally:
                client.close()
                await asyncio.wait(served)

    with ThreadPoolExecutor(1) as thread:  # a browser of another test may hold this thread's loop
        return thread.submit(asyncio.run, run()).result(), heard


async def twice(client: Client) -> list[object]:
    return [await client.get("/a"), await client.get("/b")]


def test_bodies_come_by_length_and_in_chunks_over_one_connection() -> None:
    (first, second), _heard = talked([WHOLE, IN_CHUNKS], twice)
    assert (first.status, first.text, first.is_ok) == (200, "ok", True)
    assert (second.status, second.text, second.is_ok) == (409, "hello", False)
    assert first.seconds > 0


@pytest.mark.parametrize(
    ("kind", "body", "read"),
    [
        ("application/json", '"信用"'.encode(), "信用"),
        ("application/json; charset=gbk", '"信用"'.encode("gbk"), "信用"),
        ('application/json; Charset="UTF-8"', '"信用"'.encode(), "信用"),
    ],
)
def test_an_answer_is_read_by_its_own_encoding(kind: str, body: bytes, read: str) -> None:
    assert Answer(200, {"content-type": kind}, body, 0.0).json() == read


@pytest.mark.parametrize(("kind", "body"), [("application/json; charset=gbk", b'"\xd0"'), ("application/json; charset=none-such", b'"a"')])
def test_an_answer_in_a_broken_or_unknown_encoding_is_no_json(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"gbk|none-such"):
        Answer(200, {"content-type": kind}, body, 0.0).json()


def test_cookies_are_kept_and_forgotten_as_told() -> None:
    async def talk(client: Client) -> dict[str, str]:
        await client.get("/")
        await client.get("/")
        return client.cookies

    kept, heard = talked([WHOLE, FORGET], talk)
    assert b"Cookie: seat=abc" in heard[1]
    assert kept == {}


@pytest.mark.parametrize("answer", [b"", CUT_OFF, b"nonsense\r\n\r\n"])
def test_an_answer_that_is_not_whole_leaves_the_outcome_unknown(answer: bytes) -> None:
    with pytest.raises(NoAnswer):
        talked([answer], lambda client: client.get("/"))


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again_but_half_an_answer_is_never_asked_for_twice() -> None:
    (_first, second), heard = talked([WHOLE, b"", IN_CHUNKS], twice)
    assert (second.text, len(heard)) == ("hello", 3)
    with pytest.raises(NoAnswer):
        talked([WHOLE, CUT_OFF, IN_CHUNKS], twice)


def test_silence_ends_with_the_patience() -> None:
    async def talk(client: Client) -> None:
        await client.get("/")

    with pytest.raises(NoAnswer, match="in time"):
        talked([b"HTTP/1.1 200 OK\r\n"], talk, patience=0.05)


def test_an_address_is_http_or_https_with_a_host() -> None:
    assert address_of("https://exam.example:8443/x") == Address("https", "exam.example", 8443)
    assert address_of("http://127.0.0.1").host_header == "127.0.0.1"
    with pytest.raises(ValueError, match="ftp"):
        address_of("ftp://exam.example")


def test_two_that_ask_at_once_take_turns_on_the_one_connection() -> None:
    async def talk(client: Client) -> list[str]:
        return [answer.text for answer in await asyncio.gather(client.get("/a"), client.get("/b"))]

    told, heard = talked([WHOLE, IN_CHUNKS], talk)
    assert (told, [head.split()[1] for head in heard]) == (["ok", "hello"], [b"/a", b"/b"])


def test_the_answer_to_a_request_that_was_given_up_is_never_taken_for_the_next_one() -> None:
    async def talk(client: Client) -> str:
        given_up = asyncio.create_task(client.get("/a"))
        await asyncio.sleep(0.05)  # it is under way: its answer has begun
        given_up.cancel()
        return (await client.get("/b")).text

    told, heard = talked([WHOLE[:-2], IN_CHUNKS], talk)
    assert (told, len(heard)) == ("hello", 2)


def test_a_client_that_is_called_off_while_it_connects_goes_on_with_nothing() -> None:
    async def run() -> list[bool]:
        return [await is_called_off(after) for after in range(40)]

    async def is_called_off(after: int) -> bool:
        """Call a client off so many turns of the loop after it began; one that has its answer by then needs no calling off."""
        async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0) as server:
            client = Client(Address("http", "127.0.0.1", server.sockets[0].getsockname()[1]))
            asking = asyncio.create_task(client._connect())
            for _turn in range(after % 10):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.wait([asking])
            client.close()
            return asking.cancelled() or not asking.cancelling()

    with ThreadPoolExecutor(1) as thread:
        assert all(thread.submit(asyncio.run, run()).result())
