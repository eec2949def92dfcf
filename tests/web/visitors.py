"""People at their browsers: a candidate at a bound seat, a member of staff; what they send has the token of the page they see."""

import gzip
from dataclasses import dataclass
from typing import Any

import brotli
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from examsrv.domain.roles import Role
from examsrv.web.server import Server
from tests.builders import PASSWORD, Room, add_person, csrf_of, id_number


@dataclass
class Candidate:
    """A candidate's browser, with the token of the paper's page."""

    client: FlaskClient
    token: str
    device: str = "device-a"

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/exam/api/{path}")

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token, **options.pop("headers", {})}
        return self.client.post(f"/exam/api/{path}", json=body, headers=headers, **options)

    def open(self, **options: Any) -> TestResponse:
        return self.post("open", {"device": self.device}, **options)

    def answer(self, seq: int, item: int = 1, value: object = "aa", epoch: int = 1) -> TestResponse:
        return self.post("steps", {"device": self.device, "epoch": epoch, "steps": [step(seq, item, value)]})

    def hand_in(self, answers: dict[str, object], *steps: dict[str, object], epoch: int = 1) -> TestResponse:
        return self.post("hand-in", {"device": self.device, "epoch": epoch, "steps": list(steps), "answers": answers})


def unpacked(response: TestResponse) -> str:
    """Return an answer's content as the browser reads it."""
    unpack = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[response.headers.get("Content-Encoding")]
    return unpack(response.get_data()).decode(response.mimetype_params.get("charset", "utf-8"), errors="replace")


def step(seq: int, item: int = 1, value: object = "aa", **other: object) -> dict[str, object]:
    return {"seq": seq, "kind": "answered", "item": item, "value": value, "client_ms": 0, **other}


def seated(app: Flask, room: Room, seat: int = 1) -> FlaskClient:
    """Return a browser that is bound to a seat."""
    client = app.test_client()
    client.post("/exam/seat", data={"code": room.code(seat), "csrf_token": csrf_of(client, "/exam/seat")})
    return client


def sign_in(client: FlaskClient, room: Room, seat: int = 1, **typed: str) -> TestResponse:
    data = {"ticket": room.ticket(seat), "id_number": id_number(room.room * 1000 + seat), **typed}
    return client.post("/exam/sign-in", data={**data, "csrf_token": csrf_of(client, "/exam/sign-in")})


def candidate(app: Flask, room: Room, seat: int = 1, machine: int | None = None) -> Candidate:
    """Return a candidate who has signed in."""
    client = seated(app, room, seat if machine is None else machine)
    assert sign_in(client, room, seat).status_code == 302
    return Candidate(client, csrf_of(client, "/exam/paper"), f"device-{machine or seat}")


def staff(app: Flask, server: Server, login: str, *roles: tuple[Role, int | None]) -> FlaskClient:
    """Make a member of staff with these roles, signed in."""
    with server.database.writing() as session:
        add_person(session, login, *roles)
    return staff_in(app, login)


def staff_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    response = client.post("/sign-in", data={"login": login, "password": PASSWORD, "csrf_token": csrf_of(client, "/sign-in")})
    assert response.status_code == 302
    return client
