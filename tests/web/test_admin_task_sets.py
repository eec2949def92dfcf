"""The office's pages of task sets: looking, with model answers on record only, and papers made of them."""

import hashlib
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from examsrv.services import papers, planning, signing_in
from examsrv.services.banking import import_pack
from examsrv.storage.tables import AuditRow, CaseFileRow, FormSetRow
from question_bank.pack import Pack
from question_bank.task_record import task_set_from
from tests.builders import OFFICE, QUICK_HASHER, at
from tests.panels import make_record, make_task_set
from tests.question_bank.builders import CODE, STANDARD
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import words
from tests.web.test_admin_sittings import NEW

NAME, CONTENT = "客户资料.xlsx", b"PK\x03\x04 a workbook"
FILE = hashlib.sha256(CONTENT).hexdigest()
MODEL, KEY = "逾期占比 30÷120=25%", "先核对，再催收"


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        record = make_record()
        record["tasks"][0]["files"] = [{"name": NAME, "title": "客户资料", "digest": FILE, "size": len(CONTENT)}]
        first, findings = task_set_from(record, {})
        assert first is not None, findings
        sets = (first, make_task_set(id="SET-B", title="题组乙"))
        with opened.server.database.writing() as session:
            session.add(CaseFileRow(digest=FILE, type="xlsx", content=CONTENT))
            session.flush()
            import_pack(session, Pack(CODE, STANDARD, (), (), (), task_sets=sets), OFFICE, at())
        opened.digests = [each.digest for each in sets]
        yield opened


def test_a_sitting_of_skills_leads_to_the_task_sets(office: MarkingOffice) -> None:
    made = office.post("/admin/sittings/new", **{**NEW, "examination": "4-05-06-02/L3/skills"})
    assert made.status_code == 302, words(made)
    assert '<a href="/admin/papers/task-sets">To the papers</a>' in office.client.get(made.headers["Location"]).get_data(as_text=True)


def compose(office: MarkingOffice, *digests: str):
    return office.post("/admin/papers/task-sets/compose", pack=CODE, level="L3", component="skills", sets=list(digests))


def test_the_list_names_the_sets_and_papers_lead_to_it(office: MarkingOffice) -> None:
    assert "/admin/papers/task-sets" in office.client.get("/admin/papers").get_data(as_text=True)
    page = office.read("/admin/papers/task-sets")
    assert ("题组甲" in page, "题组乙" in page) == (True, True)


def test_a_set_shows_its_rubric_and_hides_model_answers_and_keys(office: MarkingOffice) -> None:
    page = office.read(f"/admin/papers/task-sets/{office.digests[0]}")
    assert ("威胁、恐吓债务人" in page, "全部做到" in page, "L3.S1.1.1" in page, NAME in page) == (True, True, True, True)
    assert (MODEL in page, KEY in page) == (False, False)


def test_model_answers_and_keys_are_shown_on_record(office: MarkingOffice) -> None:
    page = office.post(f"/admin/papers/task-sets/{office.digests[0]}/key").get_data(as_text=True)
    assert (MODEL in page, KEY in page) == (True, True)
    with office.server.database.reading() as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.act == "task_set.key_shown")).one()
    assert entry.subject == f"task_set/{office.digests[0]}"


def test_files_of_a_set_are_sent_and_no_others(office: MarkingOffice) -> None:
    sent = office.client.get(f"/admin/papers/task-sets/{office.digests[0]}/files/{FILE}")
    assert (sent.status_code, sent.get_data()) == (200, CONTENT)
    assert office.client.get(f"/admin/papers/task-sets/{office.digests[1]}/files/{FILE}").status_code == 404


def test_papers_made_of_two_sets_are_shown_with_the_marks_of_each_section(office: MarkingOffice) -> None:
    address = compose(office, *office.digests).headers["Location"]
    page = office.read(address)
    assert ("题组甲" in page, "题组乙" in page, "Not sealed" in page) == (True, True, True)
    assert page.count("Equal to the weight") == 1
    assert "difficulty" not in page.lower()
    number = int(address.rsplit("/", 1)[1])
    with office.server.database.reading() as session:
        form = papers.form_set(session, number).forms[0]
    preview = office.read(f"/admin/papers/{number}/forms/{form.id}")
    assert ("25 minutes" in preview, NAME in preview, MODEL in preview) == (True, True, False)
    assert KEY in office.post(f"/admin/papers/{number}/forms/{form.id}/key").get_data(as_text=True)


@pytest.mark.parametrize("chosen", [(), ("nothing",), (0, 0)])
def test_a_wrong_choice_is_refused_in_words_and_makes_nothing(office: MarkingOffice, chosen: tuple[object, ...]) -> None:
    with office.server.database.reading() as session:
        before = len(session.scalars(select(FormSetRow.id)).all())
    answer = compose(office, *(office.digests[each] if isinstance(each, int) else each for each in chosen))
    assert answer.headers["Location"] == "/admin/papers/task-sets"
    assert "Choose one or more task sets" in office.read("/admin/papers/task-sets")
    with office.server.database.reading() as session:
        assert len(session.scalars(select(FormSetRow.id)).all()) == before


def test_forms_are_not_drawn_for_an_examination_without_a_specification(office: MarkingOffice) -> None:
    with office.server.database.reading() as session:
        assert "skills" in {each.component for each in planning.examinations(session)}
        assert {each.component for each in planning.drawn_examinations(session)} == {"theory"}
    assert "L3/skills" not in office.client.get("/admin/papers/draw").get_data(as_text=True)
    assert "/L3/skills" not in office.client.get("/admin/papers").get_data(as_text=True)
