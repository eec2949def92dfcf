"""Fixtures of the web's tests: a server with a clock to turn by hand, its application, and browsers."""

from collections.abc import Iterator

import pytest
from flask import Flask

from examsrv.services import signing_in
from examsrv.storage.database import Database
from examsrv.web.server import Server
from tests.builders import QUICK_HASHER, FakeClock, make_app, make_server


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make passwords cheap: what is tried here is who gets in, not how long guessing takes."""
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server(sqlite_url: str, clock: FakeClock) -> Iterator[Server]:
    """Give a running server that sweeps only when told."""
    made = make_server(Database(sqlite_url), clock)
    yield made
    made.stop()


@pytest.fixture
def app(server: Server) -> Flask:
    return make_app(server)
