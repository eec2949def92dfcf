"""The office's score sheets and exports: marks once settled, names once results are in force, files as asked for, each act in the audit."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from blueprints.admin import form_files
from examsrv.domain.attempt import Phase
from examsrv.domain.roles import Role
from examsrv.services import making_pdf, signing_in
from examsrv.services.candidates import candidate_of
from examsrv.storage.tables import AttemptRow, AuditRow, CandidateRow, SittingRow
from tests.builders import LIMIT, QUICK_HASHER, SECRET, add_person, at, start
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of
from tests.services.batch_of_results import add_run
from tests.web.office import Office, open_office, words

CANARY = 13
"""A total that nothing else comes to: the mark of a sheet whose colleagues are not in yet."""


@dataclass
class Desk:
    """An office with a group of two scripts: 107 is settled at 72.67, of 114 one sheet of three is in."""

    office: Office
    group: Assessment

    @property
    def page(self) -> str:
        return f"/admin/results/groups/{self.group.group}/forms"

    @property
    def batch(self) -> str:
        with self.office.server.database.reading() as session:
            return f"/admin/results/batches/{session.get_one(SittingRow, self.group.room.sitting).batch_id}"

    def apply(self) -> None:
        """Bring the results of both into force."""
        with self.office.server.database.writing() as session:
            people = [session.get_one(AttemptRow, each).candidate_id for each in self.group.attempts]
            add_run(session, self.group.room.sitting, dict.fromkeys(people, ("218/3", "pass")))

    def let_time_run_out(self) -> None:
        """Let the room have started so long ago that its time is just over."""
        with self.office.server.database.writing() as session:
            start(session, self.group.room, at(-LIMIT))

    def person(self) -> tuple[str, str]:
        """Return name and whole ID number of the first candidate."""
        with self.office.server.database.reading() as session:
            row = session.get_one(CandidateRow, session.get_one(AttemptRow, self.group.attempts[0]).candidate_id)
            details = candidate_of(SECRET, row)
        return details.name, details.id_number

    def acts(self) -> list[tuple[str, object]]:
        """Return what was printed, as the audit has it."""
        with self.office.server.database.reading() as session:
            rows = session.scalars(select(AuditRow).where(AuditRow.act.in_(["group.printed", "batch.exported"])).order_by(AuditRow.number))
            return [(row.act, row.detail.get("ids", row.detail.get("form"))) for row in rows]


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as office:
        with office.server.database.writing() as session:
            group = add_assessment(session)
            for place, total in enumerate((72, 75, 71), start=1):
                add_entry_of(session, group.attempts[0], place, group.examiners[place - 1], marks_of(group.task_set, total))
            add_entry_of(session, group.attempts[1], 1, group.examiners[0], marks_of(group.task_set, CANARY))
            add_person(session, "judge", (Role.EXAMINER, None))
        yield Desk(office, group)


def test_a_group_shows_which_scripts_are_settled_and_no_name_before_results_are_in_force(desk: Desk) -> None:
    page = desk.office.read(desk.page)
    assert "0107 – Settled 3" in page
    assert "0114 – The sheets are not all in –" in page
    desk.apply()
    assert f"0107 {desk.person()[0]} Settled 3" in desk.office.read(desk.page)


@pytest.mark.parametrize("then", [Desk.apply, Desk.let_time_run_out])
def test_nobody_is_absent_before_nothing_can_be_begun_any_more(desk: Desk, then: Callable[[Desk], None]) -> None:
    scripts = desk.page.removesuffix("/forms")
    with desk.office.server.database.writing() as session:
        session.get_one(AttemptRow, desk.group.attempts[1]).phase = Phase.CREATED
    assert ("0114 – Not begun" in desk.office.read(desk.page), "0114 Not begun" in desk.office.read(scripts)) == (True, True)
    with desk.office.server.database.writing() as session:
        session.get_one(AttemptRow, desk.group.attempts[0]).phase = Phase.RUNNING
    pages = (desk.office.read(desk.page), desk.office.read(scripts))
    assert ("0107 – Nothing handed in" in pages[0], "0107 Nothing handed in" in pages[1]) == (True, True)
    then(desk)
    assert ("Absent" in desk.office.read(desk.page), "0114 Absent" in desk.office.read(scripts)) == (True, True)


@pytest.mark.parametrize(("address", "form"), [("summary", {}), ("records", {}), ("records", {"script": "107"}), ("records", {"script": "114"})])
def test_nothing_shows_a_mark_of_a_script_that_is_not_settled(desk: Desk, address: str, form: dict[str, str]) -> None:
    answers = [desk.office.post(f"{desk.page}/{address}", **form).get_data(as_text=True), desk.office.client.get(desk.page).get_data(as_text=True)]
    assert not [answer for answer in answers if f">{CANARY}<" in answer]


def test_the_print_view_is_a_page_of_its_own_with_numbers_until_there_are_names(desk: Desk) -> None:
    before = desk.office.post(f"{desk.page}/summary")
    assert "css/forms.css" in before.get_data(as_text=True)
    assert 'rel="icon"' in before.get_data(as_text=True)
    assert "107 72 75 71 72.7 Passed" in words(before)
    assert desk.person()[0] not in words(before)
    desk.apply()
    assert f"0107 {desk.person()[0]}" in words(desk.office.post(f"{desk.page}/summary"))


def test_the_records_of_a_script_come_as_pdf_with_the_same_words(desk: Desk) -> None:
    answer = desk.office.post(f"{desk.page}/records", script="107", **{"as": "pdf"})
    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages).split())
    assert answer.headers["Content-Type"] == "application/pdf"
    assert text.count("Scorerecordofaskillsassessment") == 3
    assert "(72+75+71)/3=72.67" in text


def test_the_records_come_as_a_workbook_with_a_sheet_for_each(desk: Desk) -> None:
    answer = desk.office.post(f"{desk.page}/records", **{"as": "xlsx"})
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["0107-1", "0107-2", "0107-3"]


def test_a_script_without_a_settled_mark_has_no_record_and_is_told_so(desk: Desk) -> None:
    assert desk.office.post(f"{desk.page}/records", script="114").headers["Location"] == desk.page
    assert "Nothing of this is settled yet" in desk.office.read(desk.page)


def test_without_pango_the_page_says_so_and_offers_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.apply()
    assert ">PDF<" in desk.office.client.get(desk.page).get_data(as_text=True)
    monkeypatch.setattr(form_files, "lacking_for_pdf", lambda: making_pdf.NO_PANGO)
    for address in (desk.page, desk.batch):
        page = desk.office.client.get(address).get_data(as_text=True)
        assert ("Pango is not installed" in page, ">PDF<" in page, "Workbook (xlsx)" in page) == (True, False, True)


def test_a_pdf_that_takes_too_much_is_refused_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making_pdf, "CHILD_SECONDS", making_pdf.CHILD_SECONDS / 15000)
    assert desk.office.post(f"{desk.page}/summary", **{"as": "pdf"}).headers["Location"] == desk.page
    assert "takes too much time or memory" in desk.office.read(desk.page)
    assert desk.acts() == []


def test_the_results_leave_with_masked_ids_unless_the_office_chooses_otherwise(desk: Desk) -> None:
    desk.apply()
    _name, whole = desk.person()
    masked = openpyxl.load_workbook(io.BytesIO(desk.office.post(f"{desk.batch}/file", **{"as": "xlsx"}).data)).active
    assert whole not in [cell.value for row in masked for cell in row]
    chosen = openpyxl.load_workbook(io.BytesIO(desk.office.post(f"{desk.batch}/file", **{"as": "xlsx", "ids": "whole"}).data)).active
    assert [cell.value for row in chosen for cell in row].count(whole) == 1
    assert desk.acts() == [("batch.exported", "masked"), ("batch.exported", "whole")]


def test_the_list_of_results_is_printed_with_the_mark_that_is_shown(desk: Desk) -> None:
    desk.apply()
    assert "72.7 Still open" in words(desk.office.post(f"{desk.batch}/file"))
    desk.office.client.set_cookie("language", "zh_CN")
    kept = desk.office.post(f"{desk.batch}/file", **{"as": "pdf"})
    pdf = kept.data
    assert unquote(kept.headers["Content-Disposition"]).endswith("成绩汇总表.pdf")
    assert "72.7" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_what_is_printed_of_a_group_is_in_the_audit(desk: Desk) -> None:
    desk.office.post(f"{desk.page}/summary")
    desk.office.post(f"{desk.page}/records", **{"as": "xlsx"})
    assert desk.acts() == [("group.printed", "summary view"), ("group.printed", "records xlsx")]


def test_examiners_have_no_way_to_any_of_it(desk: Desk) -> None:
    judge = desk.office.sign_in("judge")
    assert [judge.get(each).status_code for each in (desk.page, desk.batch)] == [403, 403]


def test_the_sitting_leads_to_the_score_sheets_of_its_groups(desk: Desk) -> None:
    assert "Score sheets of 1 组" in desk.office.read(f"/admin/results/sittings/{desk.group.room.sitting}")
