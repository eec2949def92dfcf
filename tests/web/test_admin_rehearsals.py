"""The office's pages of rehearsals: started in a process of its own, followed, stopped, looked at; never while a sitting needs the machine."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from examsrv.domain.attempt import Phase
from examsrv.services import rehearsal_child, rehearsing
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, AuditRow, SittingRow
from examsrv.web.server import Server
from tests.builders import FakeClock, at, make_app, make_server
from tests.rehearsal.reports import REPORT, kept
from tests.services.plans import add_candidates
from tests.web.office import Office, open_office, words

PAGE = "/admin/rehearsals"
SMALL = {"candidates": "2", "minutes": "0.1", "kills": "0"}


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    with open_office(sqlite_url) as opened:
        opened.server.settings = replace(opened.server.settings, data_folder=tmp_path)
        yield opened


def folder(office: Office) -> Path:
    return office.server.settings.data_folder / "rehearsals"


@pytest.mark.parametrize(
    "wrong",
    [
        {"candidates": "0"},
        {"candidates": "1001"},
        {"candidates": "many"},
        {"minutes": "0"},
        {"minutes": "31"},
        {"minutes": "nan"},
        {"kills": "-1"},
        {"kills": "21"},
        {"kills": ""},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_beside_its_field_and_nothing_starts(office: Office, wrong: dict[str, str]) -> None:
    answer = office.post(PAGE, **{**SMALL, **wrong})
    assert answer.status_code == 422
    assert "Please correct what is marked" in words(answer)
    assert not folder(office).exists()


@pytest.mark.parametrize(
    ("planned", "hinders"), [(timedelta(minutes=59), True), (timedelta(hours=1), False), (-timedelta(hours=12), True), (-timedelta(hours=13), False)]
)
def test_no_rehearsal_starts_while_a_published_sitting_is_near(office: Office, planned: timedelta, hinders: bool) -> None:
    with office.server.database.writing() as session:
        row = session.get_one(SittingRow, 1)
        row.is_published, row.planned = True, at().wall + planned
    assert ("is about to start" in office.read(PAGE)) is hinders
    if hinders:
        assert "is about to start" in words(office.post(PAGE, **SMALL))
        assert rehearsal_child.rehearsals(folder(office)) == []


def test_no_rehearsal_starts_while_somebody_is_answering(office: Office) -> None:
    with office.server.database.writing() as session:
        row = session.get_one(SittingRow, 1)
        row.is_published, row.planned = True, at().wall - timedelta(days=2)
        [attempt] = add_candidates(session, 1, 1)
        session.get_one(AttemptRow, attempt).phase = Phase.RUNNING
    assert "A sitting is running" in words(office.post(PAGE, **SMALL))
    assert rehearsal_child.rehearsals(folder(office)) == []


def test_one_rehearsal_runs_at_a_time_is_followed_and_stopped_and_touches_nothing_here(office: Office) -> None:
    before = contents(office)
    assert office.post(PAGE, **SMALL).status_code == 302
    assert "A rehearsal is running already" in words(office.post(PAGE, **SMALL))
    told = until(office, lambda state: state["progress"]["count"] != "")
    assert told["progress"]["phase"].startswith("1 of 7")
    assert "Stop the rehearsal" in office.read(PAGE)
    office.post(f"{PAGE}/stop")
    until(office, lambda state: not state["running"])
    assert "Stopped or broken off" in office.read(PAGE)
    assert "No rehearsal is running" in words(office.client.get(office.post(f"{PAGE}/stop").location))
    assert contents(office) == before
    assert [path.name for path in folder(office).glob("*/rehearsal-*")] == []
    with office.server.database.reading() as session:
        assert set(session.scalars(select(AuditRow.act).where(AuditRow.act.like("rehearsal.%")))) == {"rehearsal.started", "rehearsal.stopped"}


def contents(office: Office) -> list[tuple[int, str]]:
    with office.server.database.reading() as session:
        return [tuple(row) for row in session.execute(select(SittingRow.id, SittingRow.name))]


def until(office: Office, is_so: object) -> dict[str, object]:
    """Ask how far it is, as the page does, until it is so."""
    for _ in range(600):
        state = office.client.get(f"{PAGE}/progress").get_json()
        if is_so(state):
            return state
        time.sleep(0.05)
    raise AssertionError(state)


def test_a_report_says_in_words_and_pictures_what_came_of_it(office: Office) -> None:
    kept(folder(office), "20261128-010000", REPORT)
    assert "Everything right" in office.read(PAGE)
    assert "12.3" in office.read(PAGE)
    page = office.read(f"{PAGE}/report?of=20261128-010000")
    assert "6 of 7 steps acknowledged, 6 stored, none lost" in page
    assert "200 marks of items were worked out a second time" in page
    assert "a room got no time back" in page
    assert "12000.0" in page
    drawn = office.client.get(f"{PAGE}/report").get_data(as_text=True)
    assert drawn.count('<circle class="bar" cx=') == 1 + 2
    assert 'class="cut"' in drawn


def test_a_report_with_faults_names_each(office: Office) -> None:
    kept(folder(office), "20261128-010000", {**REPORT, "is_right": False, "faults": {"lost": 3, "marks_wrong": 1}})
    page = office.read(f"{PAGE}/report?of=20261128-010000")
    assert "3 acknowledged steps are not stored" in page
    assert "1 marks of items differ" in page
    assert "must not hold an examination" in page


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"version": 1}', '{"version": 2}', json.dumps({**REPORT, "acts": None})])
def test_a_damaged_report_is_one_that_broke_off(office: Office, damaged: str) -> None:
    kept(folder(office), "20261128-010000", damaged)
    assert "Stopped or broken off" in office.read(PAGE)
    assert office.client.get(f"{PAGE}/report?of=20261128-010000").status_code == 404


@pytest.mark.parametrize("name", ["20261128-010001", "..", "../../etc", ""])
def test_a_report_that_is_not_there_is_missing(office: Office, name: str) -> None:
    assert office.client.get(f"{PAGE}/report", query_string={"of": name}).status_code == 404
    assert office.client.get(f"{PAGE}/report").location == PAGE


def test_a_database_for_rehearsals_says_so_on_every_page_and_another_does_not(sqlite_url: str) -> None:
    assert "invented" not in door(make_server(Database(sqlite_url), FakeClock()))
    database = Database(sqlite_url)
    with database.writing() as session:
        rehearsing.mark_for_rehearsal(session, at())
    shown = door(make_server(database, FakeClock()))
    assert "No examination may be planned or held in this database" in shown


def door(server: Server) -> str:
    client = make_app(server).test_client()
    client.set_cookie("language", "en")
    shown = words(client.get("/exam/seat"))
    server.stop()
    return shown
