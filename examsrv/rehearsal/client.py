"""A small HTTP/1.1 client for load: one connection that is kept, cookies, TLS. It costs a small part of what the server spends on a request.

Latencies are from just before the request is written to the whole answer read; opening a connection is not part of them.
"""

import asyncio
import codecs
import gzip
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import brotli
import httptools
from werkzeug.http import parse_options_header

from examsrv.web.clock import stopwatch

PATIENCE_SECONDS = 10.0  # as static/js/candidate/api.js
REDIRECTS = 300
PORTS = {"http": 80, "https": 443}
ACCEPTED = {"http": "gzip", "https": "gzip, br"}  # as browsers: brotli over TLS only
UNPACKED: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}
KEPT_TYPES = 64
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class NoAnswer(Exception):
    """The server cannot be reached, or went away before its answer was complete: whether it did what was asked is not known."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is reached."""

    scheme: str
    host: str
    port: int

    @property
    def host_header(self) -> str:
        """Return the host as requests name it."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"


def address_of(url: str) -> Address:
    """Return the address that `url` names; raises ValueError for one that is no http or https address."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(url)
    return Address(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])


@lru_cache(maxsize=KEPT_TYPES)
def charset_of(content_type: str) -> str:
    """Return the encoding of an answer with this Content-Type; raises ValueError for one that nobody knows."""
    named = parse_options_header(content_type)[1].get("charset", "utf-8")
    try:
        return codecs.lookup(named).name
    except LookupError as error:
        raise ValueError(content_type) from error


def tls_of(address: Address, authority: str | None = None) -> ssl.SSLContext | None:
    """Return what `https` needs, None for `http`; `authority` is the file of a private CA's certificate."""
    return ssl.create_default_context(cafile=authority) if address.scheme == "https" else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case; `seconds` is the latency."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def is_ok(self) -> bool:
        """Tell whether the status is in the two hundreds."""
        return self.status < REDIRECTS

    @property
    def location(self) -> str:
        """Return where a redirect leads; empty without one."""
        return self.headers.get("location", "")

    @property
    def content(self) -> bytes:
        """Return the body unpacked."""
        return UNPACKED.get(self.headers.get("content-encoding", ""), bytes)(self.body)

    @property
    def text(self) -> str:
        """Return the body as text; raises ValueError where it is none."""
        return self.content.decode(charset_of(self.headers.get("content-type", "")))

    def json(self) -> Any:
        """Return the body as JSON; raises ValueError where it is none."""
        return json.loads(self.text)


class Client:
    """One browser's worth of a client: one connection, opened when needed, one request at a time; cookies are kept.

    `with_tls` is shared by all clients of an address (see `tls_of`). What was sent over a kept connection that the server had closed meanwhile is
    sent once more over a new one, as browsers do.
    """

    def __init__(self, address: Address, with_tls: ssl.SSLContext | None = None, patience: float = PATIENCE_SECONDS) -> None:
        self.address = address
        self.patience = patience
        self.cookies: dict[str, str] = {}
        self._tls = with_tls
        self._wire: _Wire | None = None
        self._turn = asyncio.Lock()
        self._fixed = f"Host: {address.host_header}\r\nAccept-Encoding: {ACCEPTED[address.scheme]}\r\nUser-Agent: examsrv-rehearsal\r\n"
        self._cookie_line = ""

    async def get(self, path: str) -> Answer:
        """Fetch a page."""
        return await self.request("GET", path)

    async def post(self, path: str, body: bytes, kind: str = FORM, more: str = "") -> Answer:
        """Send `body`; `more` are whole header lines, each with its end."""
        return await self.request("POST", path, body, f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}")

    async def request(self, method: str, path: str, body: bytes = b"", more: str = "") -> Answer:
        """Send a request and return the whole answer; raises NoAnswer. What is asked meanwhile waits for its turn."""
        async with self._turn:
            return await self._ask(method, path, body, more)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    async def _ask(self, method: str, path: str, body: bytes, more: str) -> Answer:
        data = f"{method} {path} HTTP/1.1\r\n{self._fixed}{self._cookie_line}{more}\r\n".encode() + body
        is_kept = self._wire is not None and self._wire.is_open
        wire = self._wire if is_kept and self._wire is not None else await self._connect()
        try:
            answer = await self._exchange(wire, data)
        except NoAnswer:
            if not is_kept or wire.has_heard:
                raise
            answer = await self._exchange(await self._connect(), data)
        if wire.set_cookies:
            self._keep(wire.set_cookies)
        return answer

    async def _exchange(self, wire: "_Wire", data: bytes) -> Answer:
        try:
            return await wire.exchange(data, self.patience)
        except (NoAnswer, asyncio.CancelledError):
            self.close()  # whatever still comes over it belongs to nobody
            raise

    async def _connect(self) -> "_Wire":
        self.close()
        loop = asyncio.get_running_loop()
        name = self.address.host if self._tls else None
        try:
            async with asyncio.timeout(self.patience):  # wait_for of Python 3.11 forgets a cancellation that meets the end of its waiting
                _transport, wire = await loop.create_connection(_Wire, self.address.host, self.address.port, ssl=self._tls, server_hostname=name)
        except (OSError, TimeoutError) as error:
            raise NoAnswer(str(error)) from error
        self._wire = wire
        return wire

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            pair = line.partition(";")[0]
            name, _, value = pair.partition("=")
            if value.strip('"'):
                self.cookies[name.strip()] = value
            else:
                self.cookies.pop(name.strip(), None)
        spelled = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._cookie_line = f"Cookie: {spelled}\r\n" if spelled else ""


class _Wire(asyncio.Protocol):
    """A connection with the one request that is under way on it."""

    def __init__(self) -> None:
        self.is_open = False
        self.has_heard = False
        self.set_cookies: list[str] = []
        self._transport: asyncio.Transport | None = None
        self._parser: Any = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._began = 0.0

    async def exchange(self, data: bytes, patience: float) -> Answer:
        if self._transport is None or not self.is_open:
            raise NoAnswer("closed")
        loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._headers, self._body, self.set_cookies, self.has_heard = {}, [], [], False
        self._waiting = loop.create_future()
        timer = loop.call_later(patience, self._fail, "no answer in time")
        self._began = stopwatch()
        self._transport.write(data)
        try:
            return await self._waiting
        finally:
            timer.cancel()

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's transport is one that writes
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        if self._waiting is None or self._waiting.done():  # a server that says goodbye on a connection nobody uses
            self.close()
            return
        self.has_heard = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._fail(str(exc or "closed"))

    def on_header(self, name: bytes, value: bytes) -> None:
        key = name.decode("latin-1").lower()
        if key == "set-cookie":
            self.set_cookies.append(value.decode("latin-1"))
        self._headers[key] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        seconds = stopwatch() - self._began
        if not self._parser.should_keep_alive():
            self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Answer(self._parser.get_status_code(), self._headers, b"".join(self._body), seconds))

    def _fail(self, why: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(NoAnswer(why))
