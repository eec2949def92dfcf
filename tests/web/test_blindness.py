"""Nobody sees what colleagues gave before the own sheet is in, nor whose script it is: canaries, looked for in every answer of every route."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from examsrv.domain.roles import Role
from examsrv.storage.tables import AttemptRow, ScriptRow
from tests.builders import candidate_name, id_number
from tests.web.access_cells import Answer, Identity, addresses, ask, due, identities, methods
from tests.web.access_table import ANYBODY, TABLE, Line
from tests.web.two_sites import CANARY_COMMENT, CANARY_DIGEST, CANARY_MARK, CANARY_SECONDS, SCRIPT, TwoSites, two_sites

BLIND = frozenset({Role.EXAMINER, Role.PROCTOR, Role.CANDIDATE})
OF_SCRIPTS = frozenset(
    {
        "examiner.tasks",
        "examiner.script",
        "examiner.save_draft",
        "examiner.hand_in",
        "examiner.handed_file",
        "examiner.handed_file_shown",
        "examiner.handed_picture",
        "examiner.case_file",
        "examiner.case_file_shown",
        "examiner.group_scripts",
        "examiner.group_script",
        "examiner.call_reserves",
        "examiner.call_stand_in",
        "examiner.decide_script",
        "examiner.open_discussion",
        "examiner.group_agreement",
        "examiner.group_agreement_csv",
    }
)
"""Where candidates are numbers."""
CRITERIA = 6
CANARIES = [str(CANARY_MARK), str(CANARY_MARK * 2), str(CANARY_MARK * CRITERIA), CANARY_COMMENT, str(CANARY_SECONDS), CANARY_DIGEST]
"""A mark, the sum of a task, the total, a comment, a time, a digest."""


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TwoSites, list[Identity]]]:
    folder = tmp_path_factory.mktemp("blindness")
    file = sqlite_template.with_name("blindness.db")
    file.write_bytes(sqlite_template.read_bytes())
    with two_sites(f"sqlite:///{file}", folder) as made:
        people = identities(made)
        made.keep()
        yield made, people


def answers(made: TwoSites, people: list[Identity], lines: tuple[Line, ...] | list[Line]) -> Iterator[tuple[str, TestResponse]]:
    """Ask for everything that somebody blind may ask for."""
    for line in lines:
        for identity in people:
            if identity.role not in BLIND and line.who != ANYBODY:
                continue
            for address in addresses(made, line.thing):
                for method in methods(made, line.endpoint):
                    if method in ("HEAD", "OPTIONS") or due(line, identity, address) is not Answer.DONE:
                        continue
                    if method == "POST":
                        made.renew()
                    answer = ask(made, identity, line.endpoint, address.values, method)
                    yield f"{method} {line.endpoint} by {identity.name}", answer


def seen(answer: TestResponse, words: list[str]) -> list[str]:
    text = answer.get_data().decode("utf-8", errors="replace") + str(answer.headers)
    return [word for word in words if word in text]


def test_no_route_shows_what_colleagues_gave(built: tuple[TwoSites, list[Identity]]) -> None:
    made, people = built
    made.renew()
    found = [(where, seen(answer, CANARIES)) for where, answer in answers(made, people, TABLE)]
    assert len(found) > len(TABLE) // 2
    assert [(where, canaries) for where, canaries in found if canaries] == []


def test_the_script_of_which_the_canaries_are_is_really_opened_and_a_planted_one_found(built: tuple[TwoSites, list[Identity]]) -> None:
    made, people = built
    made.renew()
    examiner = next(each for each in people if each.name == "examiner")
    answer = ask(made, examiner, "examiner.script", {"sitting": made.scored, "number": SCRIPT}, "GET")
    assert (answer.status_code, seen(answer, ["0107"])) == (200, ["0107"])
    answer.set_data(f"{CANARY_MARK}")
    assert seen(answer, CANARIES) == [str(CANARY_MARK)]


def test_on_pages_of_scripts_candidates_are_numbers(built: tuple[TwoSites, list[Identity]]) -> None:
    made, people = built
    made.renew()
    with made.database.reading() as session:
        attempts = [session.get_one(AttemptRow, row.attempt_id) for row in session.query(ScriptRow)]
        names = [*(attempt.id for attempt in attempts), *(attempt.ticket for attempt in attempts)]
    names += [candidate_name(0)[:-1], id_number(0)[:-6], "考生.png"]
    lines = [line for line in TABLE if line.endpoint in OF_SCRIPTS]
    assert len(lines) == len(OF_SCRIPTS)
    assert [(where, found) for where, answer in answers(made, people, lines) if (found := seen(answer, names))] == []
