"""What a living page sends to whom: the pieces alone, and the board of a room."""

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints.proctor import board
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.proctoring import give_time
from examsrv.storage.tables import TimeEntryRow
from examsrv.web.living import LivingPage, Part
from examsrv.web.server import Server
from tests.builders import MINUTE, OFFICE, Room, add_proctor, add_room, csrf_of, start
from tests.services.attempts import answer, hand_in, open_at, send
from tests.web.visitors import staff_in


def parts(**shown: object) -> list[Part]:
    return [Part(name, shows, lambda shows=shows: f"<p>{shows}</p>") for name, shows in shown.items()]


def test_only_what_changed_after_the_known_edition_is_sent() -> None:
    page = LivingPage("key")
    first, everything = page.show(parts(clock=1, log="a"), "")
    second, news = page.show(parts(clock=2, log="a"), first)
    third, nothing = page.show(parts(clock=2, log="a"), second)
    assert (everything, news, nothing) == ({"clock": "<p>1</p>", "log": "<p>a</p>"}, {"clock": "<p>2</p>"}, {})
    assert second == third


def test_two_who_look_in_turns_each_get_everything_that_is_new_to_them() -> None:
    page = LivingPage("key")
    early, _ = page.show(parts(clock=1, log="a"), "")
    late, _ = page.show(parts(clock=2, log="a"), "")
    assert page.show(parts(clock=2, log="b"), late)[1] == {"log": "<p>b</p>"}
    assert page.show(parts(clock=2, log="b"), early)[1] == {"clock": "<p>2</p>", "log": "<p>b</p>"}


@pytest.mark.parametrize("known", ["", "-", "other-1", "key", "key-", "key-x", "key-²", "key--1", "key-0", "key-1-1"])
def test_an_edition_that_is_none_of_the_pages_gets_everything(known: str) -> None:
    page = LivingPage("key")
    page.show(parts(clock=1), "")
    assert page.show(parts(clock=1), known)[1] == {"clock": "<p>1</p>"}


def test_nothing_is_made_twice_while_it_shows_the_same() -> None:
    made: list[int] = []
    page = LivingPage("key")
    for shows in (1, 1, 2, 2):
        page.show([Part("clock", shows, lambda shows=shows: made.append(shows))], "")
    assert made == [1, 2]


# ---------------------------------------------------------------- a board


@pytest.fixture
def room(server: Server) -> Room:
    with server.database.writing() as session:
        made = add_room(session)
        add_proctor(session, made, "zhao")
        start(session, made)
    open_at(server.database, made)
    server.hear(made.attempts[0])
    return made


def news(app: Flask, room: Room, known: str = "", seat: int | None = None) -> Mapping[str, dict]:
    proctor = staff_in(app, "zhao")
    return proctor.get(f"/proctor/rooms/{room.id}/live", query_string={"known": known} | ({"seat": seat} if seat else {})).get_json()


def test_a_save_sends_the_progress_of_its_seat_alone(app: Flask, server: Server, room: Room) -> None:
    first = news(app, room)
    assert set(first["parts"]) == {"live-bar", "live-alarms", "live-trouble", "live-counts", "live-log", "seat-1", "1", "seat-2", "2", "seat-3"}
    assert news(app, room, first["edition"])["parts"] == {}
    send(server.database, room, answer(1), answer(2, 2))
    later = news(app, room, first["edition"])
    assert {name: part[0] for name, part in later["parts"].items()} == {"1": 2}
    assert news(app, room, later["edition"])["parts"] == {}


def test_time_given_sends_the_clocks_that_end_later_and_the_event(app: Flask, server: Server, room: Room) -> None:
    first = news(app, room)
    with server.database.writing() as session:
        give_time(session, room.id, room.attempts[0], MINUTE, "terminal", "", OFFICE, server.now())
    later = news(app, room, first["edition"])
    assert set(later["parts"]) == {"seat-1", "live-log"}
    assert "补时" in later["parts"]["live-log"]


def test_a_chosen_seat_is_told_to_those_who_chose_it(app: Flask, room: Room) -> None:
    first = news(app, room, seat=1)
    assert "CAN******001" in first["parts"]["live-chosen"]
    assert "CAN******002" in news(app, room, first["edition"], seat=2)["parts"]["live-chosen"]
    assert "CAN******001" in news(app, room, first["edition"], seat=1)["parts"]["live-chosen"]
    assert "live-chosen" not in news(app, room)["parts"]


def test_the_clock_of_a_seat_that_handed_in_is_shown_no_more(app: Flask, server: Server, room: Room) -> None:
    assert "data-ends" in news(app, room, seat=1)["parts"]["live-chosen"]
    hand_in(server.database, room, {})
    assert "data-ends" not in news(app, room, seat=1)["parts"]["live-chosen"]


def test_each_language_has_its_own_board(app: Flask, room: Room) -> None:
    first = news(app, room)
    proctor = staff_in(app, "zhao")
    proctor.set_cookie("language", "en")
    english = proctor.get(f"/proctor/rooms/{room.id}/live", query_string={"known": first["edition"]}).get_json()
    assert "Answering" in english["parts"]["seat-1"]
    assert "答题中" in first["parts"]["seat-1"]


def test_the_oldest_boards_are_let_go_when_too_many_are_kept(app: Flask, server: Server, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST_BOARDS", 2)
    server.boards.update({(room.id + 1, "en"): LivingPage("one"), (room.id + 2, "en"): LivingPage("two")})
    news(app, room)
    assert list(server.boards) == [(room.id + 2, "en"), (room.id, "zh_CN")]


def test_what_goes_into_the_log_is_chosen_by_somebody(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session)
        add_proctor(session, room, "zhao", is_present=True)
        start(session, room)
    client, address = staff_in(app, "zhao"), f"/proctor/rooms/{room.id}"
    typed = {"csrf_token": csrf_of(client, address), "minutes": "5"}
    assert "selected" not in client.get(f"{address}?seat=1").get_data(as_text=True)
    for act, refusal in [("pause", "请选择原因。"), ("time", "请选择原因。"), ("seats/{}/time", "请选择原因。"), ("incident", "请选择发生的情况。")]:
        answer = client.post(f"{address}/{act.format(room.attempts[0])}", data=typed, follow_redirects=True)
        assert refusal in answer.get_data(as_text=True)
    with server.database.reading() as session:
        assert session.scalars(select(TimeEntryRow.kind)).all() == [EntryKind.START]


def test_a_wrong_pin_comes_back_to_the_open_question(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session)
        zhao = add_proctor(session, room, "zhao")
        qian = add_proctor(session, room, "qian")
    client, address = staff_in(app, "zhao"), f"/proctor/rooms/{room.id}"
    token = csrf_of(client, address)
    for pin in ("999999", ""):
        answer = client.post(f"{address}/present", data={"csrf_token": token, "person": qian, "pin": pin}, follow_redirects=True)
        page = answer.get_data(as_text=True)
        question = page[page.index('id="ask-present" data-open') :]
        assert ("PIN" in question.split('class="wrong"')[1][:200], f'<option selected value="{qian}">' in question) == (True, True)
        assert ("999999" not in page, "page-notices" not in page, f'value="{zhao}"' in question) == (True, True, True)
    assert "data-open" not in client.get(answer.request.full_path).get_data(as_text=True)
