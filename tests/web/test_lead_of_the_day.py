"""The lead runs the group's day: members arrive, one falls ill, a reserve steps in, and the group starts; or it cannot."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from examsrv.storage.tables import AssessmentGroupRow
from examsrv.web.server import Server
from tests.builders import PASSWORD, csrf_of
from tests.panels import Assessment, add_assessment
from tests.web.office import post, words


@pytest.fixture
def group(server: Server) -> Assessment:
    with server.database.writing() as session:
        return add_assessment(session, is_started=False)


@pytest.fixture
def lead(app: Flask, group: Assessment) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("language", "en")
    client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), "login": "examinera1", "password": PASSWORD})
    return client


def act(client: FlaskClient, group: Assessment, name: str, **values: object) -> str:
    answer = post(client, f"/examiner/groups/{group.group}/day/{name}", **values)
    return words(answer if answer.status_code != 302 else client.get(answer.headers["Location"]))


def is_started(server: Server) -> bool:
    with server.database.reading() as session:
        return session.scalars(select(AssessmentGroupRow.started)).one() is not None


def test_a_member_falls_ill_at_the_door_and_a_reserve_steps_in(server: Server, group: Assessment, lead: FlaskClient) -> None:
    for person in (group.examiners[0], group.examiners[1], group.reserves[0]):
        act(lead, group, "arrive", person=person)
    act(lead, group, "withdraw", person=group.examiners[2], ground="illness", note="发热")
    assert "cannot start yet" in act(lead, group, "start")
    assert not is_started(server)
    act(lead, group, "step-in", reserve=group.reserves[0], place=3)
    act(lead, group, "start")
    assert is_started(server)


def test_a_group_with_a_vacant_place_and_no_reserve_cannot_start(server: Server, group: Assessment, lead: FlaskClient) -> None:
    for person in group.reserves:
        act(lead, group, "withdraw", person=person, ground="absent", note="")
    act(lead, group, "withdraw", person=group.examiners[2], ground="illness", note="")
    assert "The office has to name a further one" in act(lead, group, "start")
    assert not is_started(server)


def test_a_lead_who_falls_ill_leads_no_more(group: Assessment, lead: FlaskClient) -> None:
    act(lead, group, "withdraw", person=group.examiners[0], ground="illness", note="")
    assert lead.get(f"/examiner/groups/{group.group}/day").status_code == 404


def test_a_reason_that_nobody_offers_is_refused(group: Assessment, lead: FlaskClient) -> None:
    assert "Please choose a reason" in act(lead, group, "withdraw", person=group.examiners[2], ground="whim", note="")
