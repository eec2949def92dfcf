"""Leaders' pages of disputed scripts, and the office's: side by side once it may be seen, every way to settle, two persons for what was handed in."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.roles import Role
from examsrv.measurement.ratings_table import Row, read_ratings
from examsrv.services import scripts, signing_in
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, AuditRow, RecusalRow
from examsrv.web.server import Server
from tests.builders import MORNING, PASSWORD, QUICK_HASHER, FakeClock, add_person, csrf_of, make_app, make_server
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of
from tests.web.marking_office import digest_on
from tests.web.office import post, words

FIRST, SECOND = 107, 114
LEADER, MEMBER, RESERVE = "examinera1", "examinera2", "examinera4"


@dataclass
class Desk:
    """A group of three with two reserves and two scripts; two administrators."""

    server: Server
    group: Assessment
    client: FlaskClient

    def sign_in(self, login: str) -> FlaskClient:
        client = self.client.application.test_client()
        client.set_cookie("language", "en")
        answer = client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), "login": login, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    def give(self, script: int, *totals: int, edition: int = 1) -> None:
        with self.server.database.writing() as session:
            people = [*self.group.examiners, *self.group.reserves]
            for place, total in enumerate(totals, start=1):
                add_entry_of(session, self.group.attempts[script], place, people[place - 1], marks_of(self.group.task_set, total), edition=edition)

    def leaders(self, number: int = FIRST, act: str = "") -> str:
        return f"/examiner/groups/{self.group.group}/scripts/{number}" + (f"/{act}" if act else "")

    def offices(self, number: int = FIRST) -> str:
        return f"/admin/results/groups/{self.group.group}/scripts/{number}"

    def acts(self) -> list[str]:
        with self.server.database.reading() as session:
            return list(session.scalars(select(AuditRow.act).where(AuditRow.subject.startswith("attempt/")).order_by(AuditRow.number)))

    def total(self, script: int = 0) -> object:
        with self.server.database.reading() as session:
            return scripts.combination(session, self.group.attempts[script]).total


def open_desk(url: str, rule: CombiningRule, reserves: int = 2) -> Desk:
    clock = FakeClock()
    server = make_server(Database(url), clock)
    clock.run(timedelta(hours=3))
    with server.database.writing() as session:
        group = add_assessment(session, reserves=reserves, rule=rule)
        add_person(session, "office", (Role.ADMINISTRATOR, None))
        add_person(session, "second", (Role.ADMINISTRATOR, None))
    return Desk(server, group, make_app(server).test_client())


@pytest.fixture
def opened(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Desk]]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    desks: list[Desk] = []
    yield desks
    for desk in desks:
        desk.server.stop()


@pytest.fixture
def desk(sqlite_url: str, opened: list[Desk], request: pytest.FixtureRequest) -> Desk:
    way, reserves = getattr(request, "param", (Adjudication.RESERVES, 2))
    made = open_desk(sqlite_url, CombiningRule(adjudication=way), reserves)
    opened.append(made)
    return made


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words(answer)


def told(answer: TestResponse, client: FlaskClient) -> str:
    return read(client, answer.headers["Location"])


def test_no_page_of_a_leader_or_the_office_shows_a_mark_before_all_sheets_are_in(desk: Desk) -> None:
    desk.give(0, 73, 78)
    leader, office = desk.sign_in(LEADER), desk.sign_in("office")
    for client, pages in (
        (leader, [desk.leaders(), desk.leaders().rpartition("/scripts")[0]]),
        (office, [desk.offices(), "/admin/results/sittings/1"]),
    ):
        for page in pages:
            text = client.get(page).get_data(as_text=True)
            assert not any(f">{mark}<" in text or f" {mark} " in words(client.get(page)) for mark in (73, 78, 23, 28)), page
    assert "2/3" in read(leader, desk.leaders().rpartition("/scripts")[0])


def test_names_of_candidates_stand_on_no_page_of_the_leader(desk: Desk) -> None:
    desk.give(0, 57, 63, 60)
    leader = desk.sign_in(LEADER)
    for page in (desk.leaders(), desk.leaders().rpartition("/scripts")[0]):
        text = leader.get(page).get_data(as_text=True)
        assert [name for name in ("金丝雀", "CANARY", "T1-00") if name in text] == []


def test_the_leader_sees_the_dispute_with_reasons_and_calls_two_reserves(desk: Desk) -> None:
    desk.give(0, 57, 63, 60)
    leader = desk.sign_in(LEADER)
    page = read(leader, desk.leaders())
    assert "Totals on both sides of the pass mark 60. Mean (57+63+60)/3 = 60: at most 2 away from it" in page
    answer = post(leader, desk.leaders(act="reserves"))
    assert "2 reserves have been called" in told(answer, leader)
    assert "Sheets are still missing" in read(leader, desk.leaders())
    assert desk.acts() == ["script.reserve_called"] * 2


def test_a_script_that_is_settled_offers_nothing_to_settle_and_explains_itself(desk: Desk) -> None:
    desk.give(0, 72, 75, 71)
    page = read(desk.sign_in(LEADER), desk.leaders())
    assert "Settle the dispute" not in page
    assert "Mean (72+75+71)/3 = 72.67: passed, the pass mark is 60" in page
    assert "Means are explained with two decimals" in page


@pytest.mark.parametrize("desk", [(Adjudication.LEADER, 2), (Adjudication.RESERVES, 1)], indirect=True)
def test_the_leader_decides_on_the_page_and_signs_with_reasons(desk: Desk) -> None:
    desk.give(0, 50, 70, 65)
    leader = desk.sign_in(LEADER)
    assert "Reasons in writing" in read(leader, desk.leaders())
    marks = {f"mark-{name}": str(mark) for name, mark in marks_of(desk.group.task_set, 61).items()}
    answer = post(leader, desk.leaders(act="decide"), **marks, reasons="论据充分")
    page = told(answer, leader)
    assert "it is signed with your name" in page
    assert "论据充分" in page
    assert desk.total() == 61


@pytest.mark.parametrize("desk", [(Adjudication.LEADER, 2)], indirect=True)
@pytest.mark.parametrize("bad", [{"mark-T1.1": "999"}, {"mark-T1.1": "abc"}, {"reasons": ""}, {"mark-T1.1": "NaN"}, {"veto": "no such"}])
def test_a_decision_that_cannot_be_is_refused_and_nothing_typed_is_lost(desk: Desk, bad: dict[str, str]) -> None:
    desk.give(0, 50, 70, 65)
    leader = desk.sign_in(LEADER)
    marks = {f"mark-{name}": str(mark) for name, mark in marks_of(desk.group.task_set, 61).items()}
    answer = post(leader, desk.leaders(act="decide"), **{**marks, "reasons": "论据充分", **bad})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(r'name="mark-T2.2"[^>]*value="1"', text)
    assert desk.total() is None


@pytest.mark.parametrize("desk", [(Adjudication.DISCUSSION, 2)], indirect=True)
def test_a_discussion_shows_the_old_sheets_until_all_new_ones_are_in(desk: Desk) -> None:
    desk.give(0, 50, 70, 65)
    leader = desk.sign_in(LEADER)
    post(leader, desk.leaders(act="discussion"), reasons="第二题")
    desk.give(0, 61, 62, edition=2)
    page = read(leader, desk.leaders())
    assert "The panel is discussing" in page
    assert [mark for mark in (" 61 ", " 62 ") if mark in page] == []
    with desk.server.database.writing() as session:
        add_entry_of(session, desk.group.attempts[0], 3, desk.group.examiners[2], marks_of(desk.group.task_set, 63), edition=2)
    page = read(leader, desk.leaders())
    assert "Mean (61+62+63)/3 = 62" in page
    assert "Range 70 − 50 = 20: more than 15" in page
    assert "Set aside by a discussion" in page


@pytest.mark.parametrize("act", ["reserves", "decide", "discussion", "stand-in"])
def test_a_refusal_is_told_on_the_script_s_own_page(desk: Desk, act: str) -> None:
    desk.give(0, 72, 75, 71)
    answer = post(desk.sign_in(LEADER), desk.leaders(act=act), place="x", reasons="r")
    assert answer.status_code == 422
    assert "Nothing is in dispute" in words(answer) or "Nobody holds place 0" in words(answer)


def test_a_stand_in_is_called_for_who_may_not_score(desk: Desk) -> None:
    desk.give(0, 72, 75)
    with desk.server.database.writing() as session:
        candidate = session.get_one(AttemptRow, desk.group.attempts[0]).candidate_id
        person = desk.group.examiners[2]
        session.add(RecusalRow(person_id=person, candidate_id=candidate, ground="kinship", note=None, declared_by=person, wall=MORNING))
    leader = desk.sign_in(LEADER)
    assert "A reserve scores this script at place 3" in told(post(leader, desk.leaders(act="stand-in"), place="3"), leader)


@pytest.mark.parametrize(("login", "status"), [(LEADER, 200), (MEMBER, 404), (RESERVE, 404), ("office", 403)])
def test_leaders_pages_are_for_the_leader_of_that_group(desk: Desk, login: str, status: int) -> None:
    desk.give(0, 57, 63, 60)
    client = desk.sign_in(login)
    assert [client.get(page).status_code for page in (desk.leaders(), desk.leaders().rpartition("/scripts")[0])] == [status] * 2


# the office


def test_the_office_sees_how_far_each_group_is_and_marking_waits(desk: Desk) -> None:
    desk.give(0, 57, 63, 60)
    office = desk.sign_in("office")
    assert "1 组 2 1 1 0" in read(office, "/admin/results/sittings/1")
    answer = post(office, "/admin/results/sittings/1", reason="first")
    assert (answer.status_code, "1 scripts wait for sheets, 1 are in dispute" in words(answer)) == (422, True)


def test_two_persons_reopen_a_sheet_on_the_offices_page(desk: Desk) -> None:
    desk.give(0, 72, 75, 71)
    office = desk.sign_in("office")
    page = post(office, "/admin/results/entries/1/reopen", reason="录入有误").headers["Location"]
    assert "录入有误" in read(office, page)
    digest = digest_on(office.get(page).get_data(as_text=True))
    alone = post(office, page, digest=digest, login="office", password=PASSWORD)
    assert (alone.status_code, "Another person has to approve" in words(alone)) == (422, True)
    done = post(office, page, digest=digest, login="second", password=PASSWORD)
    assert "The sheet has been reopened" in told(done, office)
    assert desk.acts() == ["entry.reopened"]
    assert "Sheets are still missing" in read(office, desk.offices())


def test_reopening_needs_a_reason_and_can_be_taken_back(desk: Desk) -> None:
    desk.give(0, 72, 75, 71)
    office = desk.sign_in("office")
    assert "A reason has 1 to" in told(post(office, "/admin/results/entries/1/reopen", reason=" "), office)
    post(office, "/admin/results/entries/1/reopen", reason="理由")
    assert "proposed by office 同志: 理由" in read(office, desk.offices())
    post(office, "/admin/results/entries/1/withdraw")
    assert "It is not proposed to reopen this sheet" in told(office.get("/admin/results/entries/1/approve"), office)


def test_a_run_explains_a_mark_and_is_set_aside_by_two_before_a_sheet_can_be_reopened(desk: Desk) -> None:
    for script in (0, 1):
        desk.give(script, 72, 75, 71)
    office = desk.sign_in("office")
    run = post(office, "/admin/results/sittings/1", reason="first").headers["Location"]
    apply = post(office, f"{run}/propose").headers["Location"]
    post(office, apply, digest=digest_on(office.get(apply).get_data(as_text=True)), login="second", password=PASSWORD)
    explained = words(post(office, f"{run}/attempts/{desk.group.attempts[0]}"))
    assert "Mean (72+75+71)/3 = 72.67" in explained
    assert "Total 72.7" in explained
    assert "Marking run 1 has put this mark into force" in told(post(office, "/admin/results/entries/1/reopen", reason="理由"), office)
    aside = post(office, f"{run}/aside").headers["Location"]
    digest = digest_on(office.get(aside).get_data(as_text=True))
    assert post(office, aside, digest=digest, login="office", password=PASSWORD).status_code == 422
    assert "The run has been set aside" in told(post(office, aside, digest=digest, login="second", password=PASSWORD), office)
    assert "录入有误" in told(post(office, "/admin/results/entries/1/reopen", reason="录入有误"), office)


def test_a_theory_like_run_button_is_not_offered_for_a_preview(desk: Desk) -> None:
    for script in (0, 1):
        desk.give(script, 72, 75, 71)
    office = desk.sign_in("office")
    run = post(office, "/admin/results/sittings/1", reason="first").headers["Location"]
    assert "Set the run aside" not in read(office, run)
    assert "Only a run of examiners' marks that is in force" in told(post(office, f"{run}/aside"), office)


def test_reserves_are_called_by_the_office_too(desk: Desk) -> None:
    desk.give(0, 57, 63, 60)
    office = desk.sign_in("office")
    assert "2 reserves have been called" in told(post(office, f"{desk.offices()}/reserves"), office)
    assert "Nothing is in dispute" in told(post(office, f"{desk.offices()}/reserves"), office)


# agreement


@pytest.mark.parametrize("who", [LEADER, "office"])
def test_agreement_is_shown_when_all_scripts_are_settled_and_its_file_can_be_measured(desk: Desk, who: str) -> None:
    client, group = desk.sign_in(who), desk.group.group
    page = f"/examiner/groups/{group}/agreement" if who == LEADER else f"/admin/results/groups/{group}/agreement"
    desk.give(0, 72, 75, 71)
    assert "when all scripts of the group are settled" in told(client.get(page), client)
    assert "when all scripts of the group are settled" in told(post(client, f"{page}.csv"), client)
    desk.give(1, 80, 85, 79)
    text = read(client, page)
    assert all(f"ICC({form})" in text for form in ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k"))
    assert "examinera2 同志 2 +4.50" in text.replace(" ", " ")
    rows = list(csv.reader(io.StringIO(post(client, f"{page}.csv").get_data(as_text=True).removeprefix("\ufeff"))))
    ratings = read_ratings(rows[0], [Row(number, row) for number, row in enumerate(rows[1:], start=2)])
    assert len(ratings) == 2 * 3 * 6
    assert sum(rating.mark for rating in ratings if rating.script == "107" and rating.examiner.startswith("examinera1")) == 72
