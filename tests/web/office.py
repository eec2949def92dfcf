"""The examination office in a browser without scripts: somebody signed in, pages read as words, forms posted with their token."""

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from examsrv.domain.roles import Role
from examsrv.storage.database import Database
from examsrv.web.server import Server
from tests.builders import PASSWORD, FakeClock, add_person, csrf_of, make_app, make_server
from tests.services.plans import add_plan, add_site


@dataclass
class Office:
    """A running server with a sitting in room 01 (number 1, room 1, sitting room 1, site 1) and an administrator of all sites."""

    server: Server
    clock: FakeClock
    client: FlaskClient

    def sign_in(self, login: str) -> FlaskClient:
        """Return another browser in which somebody is signed in; English, so that the sentences of the code are seen."""
        client = self.client.application.test_client()
        client.set_cookie("language", "en")
        answer = client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), "login": login, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    def post(self, address: str, /, **values: object) -> TestResponse:
        """Post a form as the administrator."""
        return post(self.client, address, **values)

    def read(self, address: str) -> str:
        """Return the words of a page."""
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return words(answer)

    def upload(self, roster: bytes, name: str = "roster.csv") -> TestResponse:
        """Send a roster for the sitting."""
        return self.post("/admin/sittings/1/candidates", roster=(io.BytesIO(roster), name))


def post(client: FlaskClient, address: str, /, **values: object) -> TestResponse:
    return client.post(address, data={"csrf_token": csrf_of(client, "/account"), **values}, content_type="multipart/form-data")


def words(answer: TestResponse) -> str:
    """Return what a person reads in the main part of a page."""
    main = answer.get_data(as_text=True).partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@contextmanager
def open_office(url: str) -> Iterator[Office]:
    """Run an office on a fresh database."""
    clock = FakeClock()
    server = make_server(Database(url), clock)
    with server.database.writing() as session:
        add_plan(session)
        add_person(session, "office", (Role.ADMINISTRATOR, None))
        add_person(session, "elsewhere", (Role.ADMINISTRATOR, add_site(session, "第二考点")))
    office = Office(server, clock, make_app(server).test_client())
    office.client = office.sign_in("office")
    yield office
    server.stop()
