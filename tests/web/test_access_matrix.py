"""Role × route × object: every route does for everybody what the policy says, no more and no less; and what is planted wrong is found."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Blueprint, abort
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from examsrv.app import create_app
from examsrv.domain.roles import Role
from examsrv.services import equipping, signing_in
from examsrv.services.signing_in import StaffMember
from examsrv.storage.tables import PersonRow
from examsrv.web.access import Access, UndeclaredRoute, allow, declared
from tests.builders import PIN, at, candidate_name, id_number
from tests.web.access_cells import JSON_BODIES, Identity, addresses, ask, identities, methods, wrong_cells
from tests.web.access_table import ANYBODY, CANDIDATES, STAFF, TABLE, Line, Thing
from tests.web.two_sites import TwoSites, two_sites

BY_ENDPOINT = {line.endpoint: line for line in TABLE}
GUARDED = [line for line in TABLE if line.who != ANYBODY]
BEFORE_A_NEW_PASSWORD = {"auth.password", "auth.sign_out"}
OF_STAFF = [line for line in GUARDED if line.who != CANDIDATES and line.endpoint not in BEFORE_A_NEW_PASSWORD]
SCOPED = [line for line in TABLE if line.thing is not Thing.NOTHING and line.who != CANDIDATES]


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TwoSites, list[Identity]]]:
    folder = tmp_path_factory.mktemp("matrix")
    file = sqlite_template.with_name("matrix.db")
    file.write_bytes(sqlite_template.read_bytes())
    with two_sites(f"sqlite:///{file}", folder) as made:
        people = identities(made)
        made.keep()
        yield made, people


@pytest.fixture
def matrix(built: tuple[TwoSites, list[Identity]]) -> tuple[TwoSites, list[Identity]]:
    built[0].renew()
    return built


def test_the_table_has_every_route_once_and_no_other(matrix: tuple[TwoSites, list[Identity]]) -> None:
    routes = {rule.endpoint for rule in matrix[0].app.url_map.iter_rules()} - {"static"}
    assert sorted(line.endpoint for line in TABLE) == sorted(routes)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.endpoint)
def test_a_route_does_what_the_policy_says(matrix: tuple[TwoSites, list[Identity]], line: Line) -> None:
    made, people = matrix
    assert list(wrong_cells(made, people, line)) == []


@pytest.mark.parametrize("line", GUARDED, ids=lambda line: line.endpoint)
def test_a_route_that_is_opened_to_others_is_found(matrix: tuple[TwoSites, list[Identity]], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody of the staff is let in where only some may be, everybody at all where only staff or candidates may be."""
    made, people = matrix
    access = declared(made.app, line.endpoint)
    weak = Access(frozenset()) if line.who in (STAFF, CANDIDATES) else Access(frozenset(Role), access.scope)
    monkeypatch.setattr(made.app.view_functions[line.endpoint], "access", weak)
    assert is_found(made, people[::-1], line)


@pytest.mark.parametrize("line", SCOPED, ids=lambda line: line.endpoint)
def test_a_scope_that_always_says_yes_is_found(matrix: tuple[TwoSites, list[Identity]], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    made, people = matrix
    access = declared(made.app, line.endpoint)
    monkeypatch.setattr(made.app.view_functions[line.endpoint], "access", replace(access, scope=lambda *_seen, **_values: True))
    assert is_found(made, [identity for identity in people if identity.role in line.who], line)


def test_a_role_that_is_shut_out_is_found(matrix: tuple[TwoSites, list[Identity]], monkeypatch: pytest.MonkeyPatch) -> None:
    made, people = matrix
    monkeypatch.setattr(made.app.view_functions["admin.audit"], "access", Access(frozenset({Role.ADMINISTRATOR})))
    assert [fault.split(" by ")[1] for fault in wrong_cells(made, people, BY_ENDPOINT["admin.audit"])][:1] == ["auditor: 403, not done"]


def test_a_refused_request_that_changes_something_is_found(matrix: tuple[TwoSites, list[Identity]], monkeypatch: pytest.MonkeyPatch) -> None:
    made, people = matrix
    line = BY_ENDPOINT["admin.renew_codes"]
    access = declared(made.app, line.endpoint)

    def acts_and_says_no(session: Session, member: StaffMember, room: int) -> bool:
        with made.database.writing() as writing:
            signing_in.count_miss(writing, "somebody", at())
        return access.scope(session, member, room)

    monkeypatch.setattr(made.app.view_functions[line.endpoint], "access", replace(access, scope=acts_and_says_no))
    assert list(wrong_cells(made, people, line)) == ["admin.renew_codes: a refused request has changed something"]


def test_an_answer_that_tells_what_is_there_from_what_is_not_is_found(
    matrix: tuple[TwoSites, list[Identity]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, people = matrix
    line = BY_ENDPOINT["admin.room_labels"]
    access = declared(made.app, line.endpoint)

    def chatters(session: Session, member: StaffMember, room: int) -> bool:
        if not access.scope(session, member, room):
            response = made.app.make_response((f"no {equipping.site_of_room(session, room)}", 404))
            abort(response)
        return True

    monkeypatch.setattr(made.app.view_functions[line.endpoint], "access", replace(access, scope=chatters))
    faults = list(wrong_cells(made, people, line))
    assert faults == [f"admin.room_labels: {name} can tell what is there from what is not" for name in ("admin-a", "admin-b")]


def test_a_route_without_a_declaration_keeps_the_server_from_starting(
    matrix: tuple[TwoSites, list[Identity]], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", "page", lambda: "anything")
    monkeypatch.setattr("examsrv.app.register", lambda app: app.register_blueprint(forgotten))
    with pytest.raises(UndeclaredRoute, match=r"without an access rule: forgotten\.page"):
        create_app(matrix[0].server)


def test_a_declaration_without_a_role_is_refused() -> None:
    with pytest.raises(UndeclaredRoute):
        allow()


def test_a_candidate_reaches_the_own_attempt_alone(matrix: tuple[TwoSites, list[Identity]]) -> None:
    """Everything that a candidate can do is done by the one of seat 2: of the one of seat 1 nothing is shown, and nothing changed."""
    made, people = matrix
    first, second = made.running["A"].attempts[1]
    other = next(identity for identity in people if identity.name == "candidate of seat 2")
    before = written_of(made, first)
    told = [
        ask(made, other, line.endpoint, addresses(made, line.thing)[0].values, method).get_data()
        for line in TABLE
        if line.who == CANDIDATES and line.endpoint != "candidate.sign_out"
        for method in methods(made, line.endpoint)
    ]
    assert written_of(made, first) == before
    assert any(f"T-{second}".encode() in page for page in told)
    assert not [page for page in told for mark in (first, candidate_name(11), id_number(11)) if mark.encode() in page]


@pytest.mark.parametrize("endpoint", ["open_paper", "steps", "beat", "hand_in"])
def test_a_candidate_cannot_name_another_attempt(matrix: tuple[TwoSites, list[Identity]], endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, people = matrix
    first = made.running["A"].attempts[1][0]
    other = next(identity for identity in people if identity.name == "candidate of seat 2")
    name = f"candidate.{endpoint}"
    monkeypatch.setitem(JSON_BODIES, name, {**JSON_BODIES[name], "attempt": first})
    before = made.written()
    assert ask(made, other, name, {}, "POST").status_code == 400
    assert made.written() == before


BODIES = [
    ("admin-a", "admin.add_sitting_room", "planned", {"room": "3"}),
    ("admin-a", "admin.set_proctors", "planned", {"proctor": "8", "lead": "8"}),
    ("admin-a", "admin.new_sitting", None, {"site": "2"}),
    ("admin-a", "admin.edit_sitting", "planned", {"site": "2"}),
    ("admin-a", "admin.new_room", None, {"site": "2"}),
    ("admin-a", "admin.candidate", "attempt", {"place": "7-2"}),
    ("admin-a", "admin.candidate", "attempt", {"place": "2-4"}),
    ("proctor-a1", "proctor.sign_in", "duty", {"person": "7", "pin": PIN}),
    ("proctor-a1", "proctor.sign_in", "duty", {"person": "8", "pin": PIN}),
]
"""Who names what of somebody else in the body of a request; sites, rooms and people have the numbers in which `two_sites` adds them."""


@pytest.mark.parametrize(("name", "endpoint", "where", "form"), BODIES)
def test_what_a_body_names_has_to_be_ones_own_too(
    matrix: tuple[TwoSites, list[Identity]], name: str, endpoint: str, where: str | None, form: dict[str, str]
) -> None:
    made, people = matrix
    planned, running = made.planned["A"], made.running["A"]
    values = {
        None: {},
        "planned": {"sitting_room": planned.sitting_rooms[1]} if endpoint == "admin.set_proctors" else {"sitting": planned.id},
        "attempt": {"attempt": planned.attempts[1][0]},
        "duty": {"room": running.sitting_rooms[1]},
    }[where]
    somebody = next(identity for identity in people if identity.name == name)
    before = made.written()
    assert ask(made, somebody, endpoint, values, "POST", **form).status_code in {302, 409, 422}
    assert made.written() == before


@pytest.mark.parametrize(
    "line", [line for line in GUARDED if line.who != CANDIDATES and line.endpoint not in BEFORE_A_NEW_PASSWORD], ids=lambda line: line.endpoint
)
def test_a_first_password_opens_nothing_but_its_change(matrix: tuple[TwoSites, list[Identity]], line: Line) -> None:
    made, people = matrix
    everything = next(identity for identity in people if identity.name == "admin")
    with made.database.writing() as session:
        session.get_one(PersonRow, made.people["admin"]).must_change_password = True
    values = addresses(made, line.thing)[0].values
    method = methods(made, line.endpoint)[0]
    assert ask(made, everything, line.endpoint, values, method).location == "/account"


@pytest.mark.parametrize("name", ["admin", "proctor-a1", "auditor"])
def test_a_deactivated_account_is_a_stranger_at_once(matrix: tuple[TwoSites, list[Identity]], name: str) -> None:
    made, people = matrix
    somebody = next(identity for identity in people if identity.name == name)
    with made.database.writing() as session:
        session.get_one(PersonRow, made.people[name]).is_active = False
    assert ask(made, somebody, "auth.password", {}, "GET").location == "/sign-in"


def is_found(made: TwoSites, people: list[Identity], line: Line) -> bool:
    """Tell whether any cell is wrong. Pages that were never meant to be reached may break: that is kept out of the log, which is slow."""
    with capture_logs():
        return next(wrong_cells(made, people, line), None) is not None


def written_of(made: TwoSites, attempt: str) -> list[str]:
    return [line for line in made.written() if f"'{attempt}'" in line]
