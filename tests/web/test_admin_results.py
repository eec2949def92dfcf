"""The office's pages of results: preview, second person, export, explanation."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from sqlalchemy import select

from examsrv.services import signing_in
from examsrv.storage.tables import AttemptRow, AuditRow, ThrottleRow
from tests.builders import QUICK_HASHER
from tests.services.sittings_to_mark import PASSWORD
from tests.web.marking_office import MarkingOffice, digest_on, open_marking_office
from tests.web.office import words

SITTING, RUN, APPLY = "/admin/results/sittings/1", "/admin/results/runs/1", "/admin/results/runs/1/apply"


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        yield opened


@pytest.fixture
def previewed(office: MarkingOffice) -> MarkingOffice:
    assert office.post(SITTING, reason="first marking").headers["Location"] == RUN
    return office


@pytest.fixture
def proposed(previewed: MarkingOffice) -> MarkingOffice:
    assert previewed.post(f"{RUN}/propose").headers["Location"] == APPLY
    return previewed


def approve(office: MarkingOffice, login: str, password: str = PASSWORD, digest: str | None = None):
    shown = digest or digest_on(office.client.get(APPLY).get_data(as_text=True))
    return office.post(APPLY, digest=shown, login=login, password=password)


def acts(office: MarkingOffice) -> list[str]:
    with office.server.database.reading() as session:
        return list(session.scalars(select(AuditRow.act).where(AuditRow.act.startswith("run.")).order_by(AuditRow.number)))


def test_the_list_says_how_far_each_sitting_is(office: MarkingOffice) -> None:
    assert "Waits for marking" in office.read("/admin/results")
    office.post(SITTING, reason="first marking")
    assert "Preview waits for a decision" in office.read("/admin/results")


def test_a_preview_shows_sums_marks_and_that_nothing_is_in_force(previewed: MarkingOffice) -> None:
    page = previewed.read(RUN)
    assert "Not in force yet" in page
    assert "Number of candidates 3 Passed 1 Failed 1 Absent 1 Mean 50.0" in page
    assert "考生1 1501**********0001 01 01 40.0 0.0 0.0 0.0 60.0 100.0 Passed" in page
    assert "考生3 1501**********0003 01 03 – – – – – – Absent" in page
    assert "15010219900307" not in previewed.client.get(RUN).get_data(as_text=True)


def test_who_still_answers_is_counted_and_the_reason_stays(office: MarkingOffice) -> None:
    with office.server.database.writing() as session:
        session.get_one(AttemptRow, "attempt2").phase = "running"
    answer = office.post(SITTING, reason="my reason")
    assert answer.status_code == 422
    assert "1 candidates are still answering" in words(answer)
    assert 'value="my reason"' in answer.get_data(as_text=True)


def test_marking_needs_a_reason(office: MarkingOffice) -> None:
    answer = office.post(SITTING, reason="")
    assert (answer.status_code, "Enter a reason." in words(answer)) == (422, True)


def test_a_second_person_applies_on_the_firsts_browser(proposed: MarkingOffice) -> None:
    assert approve(proposed, "second").headers["Location"] == RUN
    assert "In force" in proposed.read(RUN)
    assert acts(proposed) == ["run.previewed", "run.apply.proposed", "run.apply.approved", "run.applied"]


@pytest.mark.parametrize(
    ("login", "sentence"),
    [
        ("first", "Another person has to approve"),
        ("elsewhere", "is no administrator here"),
        ("author", "is no administrator here"),
        ("nobody", "The name or the password is not right."),
    ],
)
def test_nobody_else_can(proposed: MarkingOffice, login: str, sentence: str) -> None:
    answer = approve(proposed, login)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert "Not in force yet" in proposed.read(RUN)


def test_a_wrong_password_counts_as_a_miss_and_slows_down(proposed: MarkingOffice) -> None:
    for _ in range(6):
        assert approve(proposed, "second", "wrong").status_code == 422
    with proposed.server.database.reading() as session:
        assert session.scalars(select(ThrottleRow)).one().misses == 6
    assert "Too many tries" in words(approve(proposed, "second"))


def test_what_was_not_shown_is_not_applied(proposed: MarkingOffice) -> None:
    answer = approve(proposed, "second", digest="0" * 64)
    assert (answer.status_code, "have changed since the preview" in words(answer)) == (422, True)


def test_a_run_that_nobody_proposed_has_no_page_for_the_second_person(previewed: MarkingOffice) -> None:
    assert previewed.client.get(APPLY).headers["Location"] == RUN


def test_a_proposal_can_be_taken_back_and_a_preview_cancelled(proposed: MarkingOffice) -> None:
    proposed.post(f"{RUN}/withdraw")
    assert "Propose to a second person" in proposed.read(RUN)
    proposed.post(f"{RUN}/cancel")
    assert "Cancelled" in proposed.read(RUN)
    assert "decided already" in words(proposed.client.post(f"{RUN}/cancel", data={"csrf_token": token(proposed)}, follow_redirects=True))


def token(office: MarkingOffice) -> str:
    return office.client.get(RUN).get_data(as_text=True).split('name="csrf-token" content="')[1].split('"')[0]


def test_only_an_applied_run_leaves_as_a_workbook(proposed: MarkingOffice) -> None:
    assert proposed.post(f"{RUN}/results.xlsx").headers["Location"] == RUN
    approve(proposed, "second")
    answer = proposed.post(f"{RUN}/results.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows()]
    assert ["261103020001", "考生1", "1501**********0001", 40, 0, 0, 0, 60, 100, "Passed"] in rows
    assert acts(proposed)[-1] == "run.exported"


def test_an_explanation_shows_every_item_and_the_look_is_in_the_audit(previewed: MarkingOffice) -> None:
    page = words(previewed.post(f"{RUN}/attempts/attempt1"))
    assert all(f"L3-00{number}" in page for number in range(1, 6))
    assert acts(previewed)[-1] == "run.explained"


@pytest.mark.parametrize(("login", "status"), [("elsewhere", 404), ("author", 403), ("auditor", 403), ("second", 200)])
@pytest.mark.parametrize("address", [SITTING, RUN])
def test_pages_of_a_run_are_for_administrators_of_its_site(previewed: MarkingOffice, login: str, status: int, address: str) -> None:
    assert previewed.sign_in(login).get(address).status_code == status


def test_another_site_sees_nothing_in_the_list(office: MarkingOffice) -> None:
    assert "三级理论第一场" not in words(office.sign_in("elsewhere").get("/admin/results"))


@pytest.mark.parametrize("address", ["/admin/results/runs/99", "/admin/results/sittings/99", "/admin/results/runs/99/apply"])
def test_what_is_not_there_is_not_found(office: MarkingOffice, address: str) -> None:
    assert office.client.get(address).status_code == 404


def test_an_attempt_of_no_run_is_not_explained(previewed: MarkingOffice) -> None:
    assert previewed.post(f"{RUN}/attempts/unknown").status_code == 404
