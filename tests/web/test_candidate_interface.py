"""The interface of the candidate's page: what it may send, what it is told, and that nothing of the key reaches it. Clock jumps change nothing."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from examsrv.domain.attempt import Phase
from examsrv.domain.order import candidate_order, order_read
from examsrv.domain.paper import unfolded
from examsrv.services.proctoring import check_in, confirm_details
from examsrv.storage.tables import AttemptRow, ItemKeyRow
from examsrv.web import server as module
from examsrv.web.server import Server, begin
from question_bank.item import Item, Sample
from tests.builders import BEGIN, GRACE, LIMIT, MINUTE, MORNING, OFFICE, PIN, SECOND, FakeClock, Room, add_proctor, add_room, at, csrf_of, make_items
from tests.web.visitors import Candidate, candidate, seated, sign_in, staff_in, step, unpacked


@pytest.fixture
def room(server: Server) -> Room:
    with server.database.writing() as session:
        return add_room(session, started=True)


@pytest.fixture
def sitter(app: Flask, room: Room) -> Candidate:
    """Give a candidate who has the paper open."""
    found = candidate(app, room)
    assert found.open().status_code == 200
    return found


def remaining(found: Candidate) -> int:
    return found.post("beat", {"device": found.device, "epoch": 1, "unsaved": 0}).get_json()["time"]["remaining_ms"]


def test_a_candidate_answers_and_hands_in(sitter: Candidate) -> None:
    assert sitter.answer(1).get_json()["acknowledged"] == 1
    response = sitter.hand_in({"1": "aa"})
    assert response.status_code == 200
    assert (response.get_json()["receipt"]["answered"], response.get_json()["receipt"]["total"]) == (1, 6)


def test_the_opening_tells_the_own_order_and_time(app: Flask, server: Server, room: Room) -> None:
    told = json.loads(unpacked(candidate(app, room).open()))
    assert (told["epoch"], told["next_seq"], told["answers"], told["time"]["remaining_ms"]) == (1, 1, {}, LIMIT // timedelta(milliseconds=1))
    paper = unfolded(told["paper"])
    with server.database.reading() as session:
        seed = session.get_one(AttemptRow, room.attempts[0]).order_seed
    assert list(order_read(paper, told["order"]).items()) == list(candidate_order(paper, seed).items())


def test_after_the_end_everything_answers_with_the_receipt(sitter: Candidate) -> None:
    receipt = sitter.hand_in({}).get_json()["receipt"]
    for response in (sitter.open(), sitter.answer(1), sitter.hand_in({}, step(1))):
        assert response.get_json()["receipt"] == receipt


GOOD = {"device": "device-1", "epoch": 1, "steps": [step(1)]}
BAD_STEPS = [
    {**GOOD, "more": 1},
    {**GOOD, "steps": [step(1, more=1)]},
    {**GOOD, "steps": [step(1, kind="opened")]},
    {**GOOD, "steps": [step(1, kind="closed")]},
    {**GOOD, "steps": [step(1, value={"a": 1})]},
    {**GOOD, "steps": [step(1, value=1)]},
    {**GOOD, "steps": [step(1, value="x" * 20_001)]},
    {**GOOD, "steps": [step(1, value={"1": "x" * 20_001})]},
    {**GOOD, "steps": [step(1, value={str(part): "x" for part in range(401)})]},
    {**GOOD, "steps": [step(1, value={"part": ["x"]})]},
    {**GOOD, "steps": [step(1, value={"partnames": "x"})]},
    {**GOOD, "steps": [step(1, value=["x" * 33])]},
    {**GOOD, "steps": [step(1, value=[{"name": "a.xlsx", "digest": "0" * 63, "size": 1}])]},
    {**GOOD, "steps": [step(1, value=[{"name": "a.xlsx", "digest": "0" * 64, "size": 0}])]},
    {**GOOD, "steps": [step(1, value=[{"name": f"{n}.xlsx", "digest": "0" * 64, "size": 1} for n in range(6)])]},
    {**GOOD, "steps": [step(1, value=["a"] * 17)]},
    {**GOOD, "steps": [step(-1)]},
    {**GOOD, "steps": [step(2**31)]},
    {**GOOD, "steps": [step(1, 2**31)]},
    {**GOOD, "steps": [step(1, client_ms=2**53 + 1)]},
    {**GOOD, "steps": [step("1")]},
    {**GOOD, "steps": [step(number) for number in range(201)]},
    {**GOOD, "epoch": 2**31},
    {**GOOD, "epoch": True},
    {**GOOD, "device": ""},
    {**GOOD, "device": "d" * 65},
    {**GOOD, "device": "a\u0000b"},
    {"device": "device-1", "epoch": 1},
    [],
    "text",
    None,
]


@pytest.mark.parametrize("body", BAD_STEPS)
def test_what_no_page_sends_is_refused_as_malformed(sitter: Candidate, body: Any) -> None:
    response = sitter.post("steps", body)
    assert (response.status_code, response.get_json()["error"]) == (400, "malformed")
    assert sitter.answer(1).status_code == 200


GOOD_VALUES = [
    "x" * 20_000,
    {str(part): "x" for part in range(400)},
    {"B1": "64.00", "C2": ""},
    ["a" * 32] * 16,
    [{"name": f"{n}.xlsx", "digest": "0" * 64, "size": 1} for n in range(5)],
    [],
    {},
    "",
    None,
]


@pytest.mark.parametrize("value", GOOD_VALUES)
def test_what_a_page_sends_of_any_kind_is_stored_as_it_was_sent(sitter: Candidate, value: Any) -> None:
    assert sitter.post("steps", {**GOOD, "steps": [step(1, value=value)]}).status_code == 200
    told = json.loads(unpacked(sitter.open()))
    assert told["answers"] == ({"1": value} if value else {})


@pytest.mark.parametrize("path", ["open", "steps", "beat", "hand-in"])
@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"device": "\\ud800"}', b"[" * 100_000])
def test_bytes_that_are_no_json_are_refused(sitter: Candidate, path: str, raw: bytes) -> None:
    headers = {"X-CSRFToken": sitter.token, "Content-Type": "application/json"}
    response = sitter.client.post(f"/exam/api/{path}", data=raw, headers=headers)
    assert response.status_code == 400
    assert response.is_json


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("open", {"device": "d", "more": 1}),
        ("beat", {"device": "d", "epoch": 1, "unsaved": 0, "more": 1}),
        ("hand-in", {**GOOD, "answers": {}, "more": 1}),
        ("hand-in", {**GOOD, "answers": {"a": 1}}),
        ("hand-in", GOOD),
    ],
)
def test_unknown_and_missing_fields_are_refused_everywhere(sitter: Candidate, path: str, body: Any) -> None:
    assert sitter.post(path, body).status_code == 400


def test_steps_come_in_any_order_within_a_message(sitter: Candidate) -> None:
    response = sitter.post("steps", {"device": sitter.device, "epoch": 1, "steps": [step(2), step(1)]})
    assert response.get_json()["acknowledged"] == 2


@pytest.mark.parametrize(("path", "method"), [("state", "GET"), ("open", "POST"), ("steps", "POST"), ("beat", "POST"), ("hand-in", "POST")])
def test_nobody_signed_in_gets_nothing(app: Flask, room: Room, path: str, method: str) -> None:
    client = seated(app, room)
    token = candidate(app, room).token
    response = client.open(f"/exam/api/{path}", method=method, json={} if method == "POST" else None, headers={"X-CSRFToken": token})
    assert response.status_code in (401, 403)
    assert response.is_json


def test_the_paper_is_not_sent_to_another_machine_nor_after_the_end(app: Flask, room: Room, sitter: Candidate) -> None:
    answers = [candidate(app, room, 1, machine=3).open()]
    sitter.hand_in({})
    answers.append(sitter.open())
    assert [answer.status_code for answer in answers] == [409, 410]
    assert not [answer for answer in answers if "groups" in received(answer)]


def test_signing_in_on_another_machine_takes_nothing_away_until_the_proctor_confirms(app: Flask, room: Room, sitter: Candidate) -> None:
    other = candidate(app, room, 1, machine=3)
    assert other.open().get_json()["error"] == "other_machine"
    assert sitter.answer(1).status_code == 200


def test_signing_in_anew_at_the_same_seat_ends_the_first_session_at_once(app: Flask, room: Room, sitter: Candidate) -> None:
    assert sitter.get("state").status_code == 200
    candidate(app, room)
    assert sitter.get("state").status_code == 401


# ---------------------------------------------------------------- F26: the wall clock


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1), timedelta(days=1), MORNING.replace(year=1970) - MORNING])
def test_a_jump_of_the_wall_clock_moves_no_time_closes_nobody_and_signs_nobody_out(
    app: Flask, server: Server, room: Room, sitter: Candidate, clock: FakeClock, jump: timedelta
) -> None:
    with server.database.writing() as session:
        add_proctor(session, room, "zhao")
    proctor = staff_in(app, "zhao")
    before = remaining(sitter)
    clock.jump_to(clock.wall() + jump)
    server.keep_mark()
    assert server.sweep() == 0
    assert remaining(sitter) == before
    assert sitter.answer(1).status_code == 200
    assert proctor.get(f"/proctor/rooms/{room.id}").status_code == 200
    clock.run(MINUTE)
    assert remaining(sitter) == before - 60_000


def test_closing_is_on_time_though_the_wall_clock_jumped(server: Server, room: Room, sitter: Candidate, clock: FakeClock) -> None:
    clock.jump_to(MORNING.replace(year=1970))
    clock.run(LIMIT + GRACE - SECOND)
    assert server.sweep() == 0
    clock.run(SECOND)
    assert server.sweep() == 1
    assert server.sweep() == 0


def test_exam_time_goes_on_where_it_stood_after_a_restart_of_the_machine(server: Server, clock: FakeClock) -> None:
    clock.run(10 * MINUTE)
    server.keep_mark()
    clock.restart()
    again = begin(server.database, server.secret, clock, server.settings)
    assert again.now().exam == BEGIN + 10 * MINUTE
    clock.run(MINUTE)
    assert again.now().exam == BEGIN + 11 * MINUTE
    again.journal.close()


def test_one_attempt_that_cannot_be_closed_does_not_keep_its_neighbours_open(
    app: Flask, server: Server, room: Room, sitter: Candidate, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate(app, room, 2).open()
    real = module.close_overdue

    def broken_for_one(session: Any, attempt: str, *arguments: Any) -> bool:
        if attempt == room.attempts[0]:
            raise LookupError(attempt)
        return real(session, attempt, *arguments)

    monkeypatch.setattr(module, "close_overdue", broken_for_one)
    clock.run(LIMIT + GRACE)
    with pytest.raises(ExceptionGroup):
        server.sweep()
    with server.database.reading() as session:
        assert [session.get_one(AttemptRow, attempt).phase for attempt in room.attempts] == [Phase.RUNNING, Phase.SUBMITTED]


# ---------------------------------------------------------------- A01: canaries


def planted() -> list[Item]:
    """Return the items of a made-up pack with canaries in everything that no candidate may see."""
    found = []
    for number, item in enumerate(make_items()):
        right = Sample(item.key, Fraction(1))
        found.append(
            replace(item, id=f"CANARYITEM-{number}", rationale=f"CANARYRATIONALE {number}", samples=(right,), enemies=(f"CANARYENEMY-{number}",))
        )
    return found


def received(response: Any) -> str:
    """Return every byte of an answer as text: its status, headers and content, decompressed."""
    return f"{response.status}\n{response.headers}\n{unpacked(response)}"


FORBIDDEN = ("CANARY", "collection", "L3.K3.2.3", '"key"', "rationale", "samples", "enemies", "importance", "difficulty", "paper_key", "CANARYITEM")


def test_nothing_of_key_rationale_samples_and_bank_reaches_a_candidate_or_a_proctor(app: Flask, server: Server, clock: FakeClock) -> None:
    items = planted()
    with server.database.writing() as session:
        room = add_room(session, items=items, checked_in=False)
        proctor = add_proctor(session, room, "zhao", is_present=True)
        add_proctor(session, room, "qian", is_present=True)
    seen: list[Any] = []
    client = seated(app, room)
    seen += [client.get(path) for path in ("/", "/exam/seat", "/exam/sign-in")]
    seen.append(sign_in(client, room))
    seen += [client.get(path) for path in ("/exam/details", "/exam/photo", "/exam/waiting", "/exam/paper", "/exam/api/state")]
    with server.database.writing() as session:
        confirm_details(session, room.attempts[0], at(), are_right=True)
        check_in(session, room.attempts[0], OFFICE, at())
    seen += [client.get("/exam/waiting")]
    chief = staff_in(app, "zhao")
    board = f"/proctor/rooms/{room.id}"
    chief.post(f"{board}/start", data={"csrf_token": csrf_of(chief, board)})
    clock.run(MINUTE)
    page = client.get("/exam/paper")
    sitter = Candidate(client, page.get_data(as_text=True).split('csrf-token" content="')[1].split('"')[0])
    paper_answer = None
    seen += [page, sitter.get("state"), paper_answer := sitter.open()]
    seen += [sitter.answer(1), sitter.answer(1, 1, "bb"), sitter.answer(9), sitter.answer(2, 99), sitter.post("steps", {"bad": 1})]
    seen += [sitter.post("beat", {"device": "device-a", "epoch": 1, "unsaved": 0}), sitter.hand_in({"2": "zz"}), sitter.hand_in({"1": "aa"})]
    seen += [sitter.open(), client.get("/exam/paper"), client.get("/exam/none"), client.post("/exam/sign-out")]
    boards = [chief.get(path) for path in ("/proctor/", board, f"{board}?seat=1", f"{board}/live", f"{board}/photo/{room.attempts[0]}")]
    assert paper_answer.status_code == 200
    assert [response.status_code for response in boards[:4]] == [200, 200, 200, 200]
    names = [f"CANARYITEM-{number}" for number in range(6)] + [item.digest for item in items]
    for response in [*seen, *boards]:
        text = received(response)
        for forbidden in (*FORBIDDEN, *names):
            assert forbidden not in re.sub(r"CAN\*+\d{3}", "", text), (response.request.path, forbidden)
    assert proctor
    assert (
        PIN
        not in "".join(received(response) for response in boards if response.status_code == 200 and response.request.path == board).split("csrf")[0]
    )


def test_the_canaries_are_where_they_were_planted(server: Server) -> None:
    with server.database.writing() as session:
        add_room(session, items=planted())
        kept = json.dumps([row.secret for row in session.scalars(select(ItemKeyRow))])
    assert kept.count("CANARYRATIONALE") == 6
