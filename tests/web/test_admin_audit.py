"""The office's page of the audit."""

import ast
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from blueprints.admin.acts import ACTS
from examsrv.domain.hearing import HearingKind
from examsrv.domain.steps import StepKind
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import signing_in
from examsrv.services.marking_runs import APPLY
from examsrv.services.papers import SEAL
from tests.architecture.sources import sources
from tests.builders import QUICK_HASHER
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import post, words


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        yield opened


def test_entries_are_shown_in_words_newest_first(office: MarkingOffice) -> None:
    page = office.client.get("/admin/audit").get_data(as_text=True).partition("<tbody>")[2]
    assert page.index("Staff signed in") < page.index("Account made") < page.index("Room started")


def test_what_is_looked_for_stands_in_the_address(office: MarkingOffice) -> None:
    page = office.client.get("/admin/audit?act=time.start&subject=sitting_room/1").get_data(as_text=True)
    assert page.count('<th class="num" scope="row">') == 1
    assert 'value="sitting_room/1"' in page


def test_an_unknown_act_is_shown_as_it_stands(office: MarkingOffice) -> None:
    from examsrv.domain.moment import SERVER
    from examsrv.services.auditing import record

    with office.server.database.writing() as session:
        record(session, "strange.act", "room/1", SERVER, office.server.now())
    assert "strange.act" in office.read("/admin/audit")


def test_a_chain_that_holds_says_so(office: MarkingOffice) -> None:
    assert "The whole chain holds" in words(office.post("/admin/audit/verify"))


def test_the_first_bad_entry_is_named(office: MarkingOffice) -> None:
    with office.server.database.engine.begin() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
        for name in connection.execute(text(triggers)).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit_entry SET subject = 'person/9' WHERE number = 2"))
    assert "The chain is broken at entry 2" in words(office.post("/admin/audit/verify"))


@pytest.mark.parametrize("query", ["before=0", "before=x", "act=nothing", "subject=%25", "before=99999999999"])
def test_odd_questions_are_answered(office: MarkingOffice, query: str) -> None:
    assert office.client.get(f"/admin/audit?{query}").status_code == 200


@pytest.mark.parametrize(("login", "status"), [("auditor", 200), ("first", 200), ("author", 403)])
def test_the_audit_is_for_administrators_and_auditors(office: MarkingOffice, login: str, status: int) -> None:
    client = office.sign_in(login)
    assert client.get("/admin/audit").status_code == status
    assert post(client, "/admin/audit/verify").status_code == status


def test_every_act_that_a_service_records_has_words() -> None:
    calls = (node for file in sources() if file.path.startswith("examsrv/services/") for node in ast.walk(file.tree) if isinstance(node, ast.Call))
    records = [call for call in calls if ast.unparse(call.func).split(".")[-1] == "record" and len(call.args) > 1]
    recorded = {node.value for call in records for node in ast.walk(call.args[1]) if isinstance(node, ast.Constant) and "." in node.value[1:-1]}
    recorded |= {f"hearing.{kind}" for kind in HearingKind}
    recorded |= {f"time.{kind}" for kind in EntryKind} | {f"attempt.{kind}" for kind in (StepKind.HANDED_IN, StepKind.CLOSED)}
    recorded |= {f"{act}.{step}" for act in (SEAL, APPLY) for step in ("proposed", "approved", "refused")}
    assert len(recorded) > len(EntryKind)
    assert recorded - ACTS.keys() == set()
