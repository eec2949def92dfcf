"""Which language a visitor sees, and how sentences and instants of the core look in it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from examsrv.domain.roles import Role
from examsrv.web.language import remaining, shown
from examsrv.web.server import Server
from question_bank.message import Message
from tests.builders import add_room, csrf_of
from tests.web.visitors import candidate, staff

EVERYWHERE = (Role.ADMINISTRATOR, None)


def test_the_language_is_the_visitors_then_the_accounts_then_chinese(app: Flask, server: Server) -> None:
    client = staff(app, server, "zhang", EVERYWHERE)

    def shown() -> str:
        return client.get("/account").get_data(as_text=True).split('lang="')[1].split('"')[0]

    found = [shown()]
    client.post("/language", data={"language": "en", "csrf_token": csrf_of(client, "/account")})
    found.append(shown())
    client.delete_cookie("language")
    found.append(shown())
    client.set_cookie("language", "xx")
    found.append(shown())
    assert [each[:2] for each in found] == ["zh", "en", "en", "en"]


@pytest.mark.parametrize(("language", "sentence"), [("zh_CN", None), ("en", "The room has been started already.")])
def test_a_sentence_of_the_core_is_shown_in_the_visitors_language(app: Flask, language: str, sentence: str | None) -> None:
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        found = shown(Message("The room has been started already."))
    assert found == sentence if sentence else not found.isascii()


def test_an_instant_in_a_sentence_is_told_in_the_sites_time(app: Flask) -> None:
    """Seven in the morning in Shanghai is still yesterday in UTC."""
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert shown(Message("On %(day)s.", {"day": datetime(2026, 11, 27, 23, tzinfo=UTC)})) == "On 2026-11-28 07:00."


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "00:00"), (0, "00:00"), (59.9, "00:59"), (60, "01:00"), (3599, "59:59"), (3600, "1:00:00"), (5400, "1:30:00")]
)
def test_time_left_is_written_as_a_clock_and_never_below_zero(seconds: float, text: str) -> None:
    assert remaining(timedelta(seconds=seconds)) == text


def test_a_signed_in_candidate_switches_the_language_from_the_own_page(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session, started=True)
    made = candidate(app, room)
    words = {"language": "en", "csrf_token": made.token}
    switched = made.client.post("/language", data=words, headers={"Referer": "http://localhost/exam/paper"})
    assert (switched.status_code, switched.headers.get("Location")) == (302, "http://localhost/exam/paper")
    assert 'lang="en"' in made.client.get("/exam/paper").get_data(as_text=True)
