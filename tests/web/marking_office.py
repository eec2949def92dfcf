"""An office with a sitting that was held, in a browser without scripts: two administrators, one of another site, an author, an auditor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from examsrv.domain.roles import Role
from examsrv.storage.database import Database
from examsrv.storage.tables import SiteRow
from examsrv.web.server import Server
from tests.builders import FakeClock, csrf_of, make_app, make_server
from tests.services.sittings_to_mark import PASSWORD, Exam, add_administrator, add_attempt, answer, make_exam, right
from tests.web.office import post, words


@dataclass
class MarkingOffice:
    """Seat 1 answered everything right, seat 2 nothing, seat 3 never came; `client` is signed in as first."""

    server: Server
    exam: Exam
    client: FlaskClient

    def sign_in(self, login: str) -> FlaskClient:
        """Return another browser in which somebody is signed in, in English."""
        client = self.client.application.test_client()
        client.set_cookie("language", "en")
        answer = client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), "login": login, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    def post(self, address: str, /, **values: object) -> TestResponse:
        """Post a form as first."""
        return post(self.client, address, **values)

    def read(self, address: str) -> str:
        """Return the words of a page."""
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return words(answer)


@contextmanager
def open_marking_office(url: str) -> Iterator[MarkingOffice]:
    """Run an office on a fresh database, three hours after the sitting's start."""
    clock = FakeClock()
    server = make_server(Database(url), clock)
    clock.run(timedelta(hours=3))
    exam = make_exam(server.database)
    answer(server.database, exam, 1, right(exam))
    answer(server.database, exam, 2, {})
    add_attempt(server.database, exam, 3, checked_in=False)
    with server.database.writing() as session:
        other = SiteRow(name="第二考点")
        session.add(other)
        session.flush()
        add_administrator(session, "elsewhere", other.id)
        add_administrator(session, "author", role=Role.AUTHOR)
        add_administrator(session, "auditor", role=Role.AUDITOR)
    office = MarkingOffice(server, exam, make_app(server).test_client())
    office.client = office.sign_in("first")
    yield office
    server.stop()


def digest_on(page: str) -> str:
    """Return the digest that a page for the second person holds."""
    return page.split('name="digest" type="hidden" value="')[1].split('"', maxsplit=1)[0]
