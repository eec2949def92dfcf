"""The pages of a review: the lead keeps the clock, members note questions that all see, nobody sees marks; the office brings documents in."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.admin.review_documents import LARGEST_UPLOAD
from examsrv.domain.roles import Role
from examsrv.services.scripts import scripts_of_group
from examsrv.web.server import Server
from tests.builders import MINUTE, PASSWORD, FakeClock, add_person, csrf_of
from tests.panels import Assessment, add_entry_of, marks_of
from tests.services.hearings import add_review
from tests.web.office import post, words

PDF = b"%PDF-1.7\nreport"
CANARY = "37.5"


@dataclass
class Panel:
    """A review with three candidates, its lead and a member in browsers of their own."""

    made: Assessment
    server: Server
    clock: FakeClock
    lead: FlaskClient
    member: FlaskClient
    office: FlaskClient

    def page(self, place: int = 0) -> str:
        return f"/examiner/hearings/{self.made.attempts[place]}"

    def live(self, client: FlaskClient, place: int = 0) -> dict[str, object]:
        return client.get(f"{self.page(place)}/live").get_json()

    def act(self, name: str, place: int = 0, **values: str) -> str:
        """Let the lead do something; return what the page says then."""
        answer = post(self.lead, f"{self.page(place)}/{name}", **values)
        assert answer.status_code == 302
        return words(self.lead.get(answer.location))

    def note(self, client: FlaskClient, text: object, place: int = 0) -> TestResponse:
        return client.post(f"{self.page(place)}/api/questions", json={"text": text}, headers={"X-CSRFToken": csrf_of(client, self.page(place))})


@pytest.fixture
def panel(server: Server, app: Flask, clock: FakeClock) -> Panel:
    with server.database.writing() as session:
        made = add_review(session)
        add_person(session, "office", (Role.ADMINISTRATOR, None))
    lead, member, office = (_signed_in(app, login) for login in ("examinera1", "examinera2", "office"))
    return Panel(made, server, clock, lead, member, office)


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("language", "en")
    answer = client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), "login": login, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_the_lead_hears_a_candidate_from_begin_to_end(panel: Panel) -> None:
    assert "Compare the candidate" in panel.act("begin")
    assert "the clock runs" in panel.act("begin", identified="yes")
    panel.clock.run(29 * MINUTE + timedelta(seconds=59))
    assert "29 min 59 s are over" in panel.act("end")
    panel.clock.run(timedelta(seconds=1))
    assert "The hearing is over" in panel.act("end")
    assert (panel.live(panel.member)["stage"], panel.live(panel.member)["elapsed"]) == ("heard", 30 * 60 * 1000)


def test_the_clock_is_the_servers_and_stands_still_in_a_pause(panel: Panel) -> None:
    panel.act("begin", identified="yes")
    panel.clock.run(5 * MINUTE)
    assert "stands still" in panel.act("pause", ground="break")
    panel.clock.run(5 * MINUTE)
    found = panel.live(panel.member)
    assert (found["stage"], found["runs"], found["elapsed"], found["minimum"]) == ("paused", False, 300_000, 1_800_000)
    assert "runs on" in panel.act("resume")
    panel.clock.run(MINUTE)
    assert "05:59" not in words(panel.lead.get(panel.page()))
    assert "06:00" in words(panel.lead.get(panel.page()))


def test_who_left_and_who_did_not_come(panel: Panel) -> None:
    assert "Write down that" in panel.act("absent")
    assert "Entered as absent" in panel.act("absent", note="三次点名未到")
    panel.act("begin", 1, identified="yes")
    assert "Write down what happened" in panel.act("left", 1, ground="illness")
    assert "has left" in panel.act("left", 1, ground="illness", note="低血糖")
    page = words(panel.lead.get(f"/examiner/panels/{panel.made.group}"))
    assert [page.count(state) for state in ("Absent", "Heard", "Next")] == [1, 1, 1]


def test_a_member_sees_the_hearing_but_does_not_keep_its_clock(panel: Panel) -> None:
    assert panel.member.get(panel.page()).status_code == 200
    for act in ("begin", "pause", "resume", "end", "left", "absent", "position"):
        assert post(panel.member, f"{panel.page()}/{act}").status_code == 404
    assert post(panel.member, f"/examiner/panels/{panel.made.group}/order").status_code == 404
    assert panel.live(panel.lead)["stage"] == "next"


def test_a_question_is_seen_by_the_whole_panel_at_once(panel: Panel) -> None:
    assert panel.note(panel.member, "问").status_code == 409
    panel.act("begin", identified="yes")
    assert panel.note(panel.member, "为何给予 90 天账期？").status_code == 200
    [asked] = panel.live(panel.lead)["questions"]
    assert (asked["name"], asked["text"], asked["at"]) == ("examinera2 同志", "为何给予 90 天账期？", "09:00:00")


@pytest.mark.parametrize("text", [None, 5, ["x"], {"a": 1}])
def test_what_is_no_question_is_refused(panel: Panel, text: object) -> None:
    panel.act("begin", identified="yes")
    assert panel.note(panel.member, text).status_code == 400
    assert panel.live(panel.lead)["questions"] == []


def test_no_page_of_the_panel_shows_a_mark_of_anybody(panel: Panel) -> None:
    panel.act("begin", identified="yes")
    attempt, examiner = panel.made.attempts[0], panel.made.examiners[1]
    with panel.server.database.writing() as session:
        marks = marks_of(panel.made.task_set, 70)
        add_entry_of(session, attempt, 2, examiner, dict.fromkeys(marks, CANARY))
    for address in (panel.page(), f"{panel.page()}/live", f"{panel.page()}/record", f"/examiner/panels/{panel.made.group}", "/examiner/panels"):
        assert CANARY not in panel.lead.get(address).get_data(as_text=True)


def test_the_order_is_drawn_and_moved_by_the_lead(panel: Panel) -> None:
    assert "has been drawn" in words(panel.lead.get(post(panel.lead, f"/examiner/panels/{panel.made.group}/order").location))
    with panel.server.database.reading() as session:
        last = scripts_of_group(session, panel.made.group)[-1].attempt
    assert post(panel.lead, f"/examiner/hearings/{last}/position", position="1", note="行动不便").status_code == 302
    with panel.server.database.reading() as session:
        assert scripts_of_group(session, panel.made.group)[0].attempt == last
    assert "Write down why" in words(panel.lead.get(post(panel.lead, f"/examiner/hearings/{last}/position", position="2").location))


def test_the_office_brings_documents_in_and_the_panel_reads_them(panel: Panel) -> None:
    address = f"/admin/candidates/{panel.made.attempts[0]}/documents"
    answer = panel.office.post(
        address,
        data={"csrf_token": csrf_of(panel.office, "/account"), "documents": [(io.BytesIO(PDF), "业绩.pdf"), (io.BytesIO(b"text"), "说明.txt")]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 409
    assert "1 document kept" in words(answer)
    assert "说明.txt: what is in the file is none of" in words(answer)
    shown = panel.member.get(f"{panel.page()}/documents/1")
    assert (shown.data, shown.mimetype) == (PDF, "application/pdf")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert panel.member.get(f"{panel.page()}/documents/1?save=1").headers["Content-Disposition"].startswith("attachment")
    assert panel.member.get(f"{panel.page(1)}/documents/1").status_code == 404
    assert post(panel.office, f"{address}/1/remove").status_code == 302
    assert panel.member.get(f"{panel.page()}/documents/1").status_code == 404


@pytest.mark.parametrize(("length", "code"), [(LARGEST_UPLOAD, 400), (LARGEST_UPLOAD + 1, 413)])
def test_documents_may_be_as_large_as_the_page_says(panel: Panel, length: int, code: int) -> None:
    address = f"/admin/candidates/{panel.made.attempts[0]}/documents"
    begun = {"content_type": "multipart/form-data; boundary=x", "environ_overrides": {"CONTENT_LENGTH": str(length)}}
    assert panel.office.post(address, **begun).status_code == code  # 400: it was read, and nothing came


def test_once_the_hearing_has_begun_the_office_changes_no_document(panel: Panel) -> None:
    address = f"/admin/candidates/{panel.made.attempts[0]}/documents"
    assert post(panel.office, address, documents=(io.BytesIO(PDF), "业绩.pdf")).status_code == 302
    panel.act("begin", identified="yes")
    for answer in (post(panel.office, f"{address}/1/remove"), post(panel.office, address, documents=(io.BytesIO(PDF + b"2"), "新.pdf"))):
        assert answer.status_code == 409
        assert "The hearing has begun" in words(answer)


def test_the_record_says_what_happened_and_who_signs(panel: Panel) -> None:
    panel.act("begin", identified="yes")
    panel.note(panel.member, "坏账如何计提？")
    panel.act("pause", ground="other", note="消防演习")
    for client, address in ((panel.lead, f"{panel.page()}/record"), (panel.office, f"/admin/candidates/{panel.made.attempts[0]}/hearing-record")):
        record = words(client.get(address))
        for text in ("坏账如何计提？", "消防演习", "examinera1 同志", "examinera2 同志", "examinera3 同志", "综合评审"):
            assert text in record


def test_the_office_sees_the_order_and_draws_it(panel: Panel) -> None:
    address = f"/admin/sittings/{panel.made.room.sitting}/review"
    assert "0 of 3 heard, at least 30 minutes each" in words(panel.office.get(address))
    answer = post(panel.office, f"/admin/groups/{panel.made.group}/speaking-order")
    assert "has been drawn" in words(panel.office.get(answer.location))
    with panel.server.database.reading() as session:
        first = scripts_of_group(session, panel.made.group)[0].attempt
    panel.act("absent", panel.made.attempts.index(first), note="未到")
    assert "called already" in words(post(panel.office, f"/admin/groups/{panel.made.group}/speaking-order"))
