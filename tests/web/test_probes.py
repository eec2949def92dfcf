"""What machines ask of the server: alive, ready, figures; and who gets the figures."""

import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from examsrv.app import create_app
from examsrv.web.server import Server
from tests.builders import SETTINGS, FakeClock, add_room, candidate_name
from tests.web.visitors import candidate

SECOND = timedelta(seconds=1)
Usage = namedtuple("Usage", "total used free")


def figures(app: Flask) -> dict[tuple[str, ...], float]:
    """Return the figures by name and values of their labels, as Prometheus reads them."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_alive_is_answered_without_a_cookie_or_the_database(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json, answer.headers.getlist("Set-Cookie")) == (200, {"alive": True}, [])


def test_a_server_that_lacks_nothing_is_ready(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "lacking": []})


def told_by_readyz(app: Flask) -> str:
    client = app.test_client()
    client.set_cookie("language", "en")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    return " ".join(answer.json["lacking"])


def test_an_old_schema_and_a_database_that_does_not_answer_are_told(app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with server.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert told_by_readyz(app) == "The database does not have the present schema."
    monkeypatch.setattr("examsrv.web.readiness.is_current", lambda _database: server.database.engine.connect().execute(text("nonsense")))
    assert told_by_readyz(app) == "The database does not answer."


def test_a_journal_that_has_stopped_is_told(app: Flask, server: Server) -> None:
    server.journal.close()
    assert "journal" in told_by_readyz(app)


@pytest.mark.parametrize(("free", "status"), [(5, 200), (4, 503)])
def test_a_disk_below_the_alarm_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch, free: int, status: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(100, 100 - free, free))
    assert app.test_client().get("/readyz").status_code == status


FORWARDED = [
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Via": "1.1 nginx"},
    {"X-Forwarded-For": ""},
]


@pytest.mark.parametrize("headers", FORWARDED)
def test_figures_are_not_there_for_a_request_that_was_forwarded(app: Flask, headers: dict[str, str]) -> None:
    assert app.test_client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.1.20", 404), ("", 404), ("nonsense", 404)])
def test_figures_are_for_the_machine_itself(app: Flask, address: str, status: int) -> None:
    assert app.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == status


@pytest.mark.parametrize(("address", "status"), [("10.1.2.3", 200), ("10.2.0.1", 404)])
def test_figures_are_for_the_networks_that_are_set(server: Server, address: str, status: int) -> None:
    server.settings = replace(SETTINGS, metrics_networks=("10.1.0.0/16",))
    environ = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": address}
    assert create_app(server).test_client().get("/metrics", environ_overrides=environ).status_code == status


def test_requests_are_counted_by_template_and_never_by_what_somebody_typed(app: Flask) -> None:
    client = app.test_client()
    for path in ("/sign-in", "/sign-in", "/admin/people/7", "/赵钱孙", "/exam/paper?name=赵钱孙"):
        client.get(path)
    found = figures(app)
    assert found["examsrv_requests_total", "/sign-in", "200"] == 2
    assert found["examsrv_requests_total", "/admin/people/<int:person>", "302"] == 1
    assert found["examsrv_requests_total", "none", "404"] == 1
    assert "赵钱孙" not in client.get("/metrics").get_data(as_text=True)


def test_saves_are_timed_and_what_stands_is_told(app: Flask, server: Server, clock: FakeClock) -> None:
    with server.database.writing() as session:
        room = add_room(session, 2, started=True)
    sitter = candidate(app, room)
    assert [sitter.open().status_code, sitter.answer(1).status_code] == [200, 200]
    server.sweep()
    server.keep_mark()
    clock.run(3 * SECOND)
    found = figures(app)
    assert found["examsrv_save_seconds_count", "steps"] == 1
    assert found["examsrv_journal_batch_size_sum",] == found["examsrv_journal_batch_size_count",] == 2
    assert (found["examsrv_attempts", "running"], found["examsrv_attempts", "created"], found["examsrv_attempts", "voided"]) == (1, 1, 0)
    assert found["examsrv_candidates_connected",] == 1
    assert found["examsrv_sweep_age_seconds",] == found["examsrv_clock_mark_age_seconds",] == 3
    assert found["examsrv_journal_up",] == 1
    assert found["examsrv_disk_free_bytes",] > 0
    text_told = sitter.client.get("/metrics").get_data(as_text=True)
    assert not [mark for mark in (room.attempts[0], candidate_name(room.id * 1000 + 1), room.ticket(1), sitter.device) if mark in text_told]
    clock.run(SETTINGS.offline_after)
    assert figures(app)["examsrv_candidates_connected",] == 0
