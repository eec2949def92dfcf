"""The office's pages of a sitting's candidates: looked at, imported, moved, removed."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from examsrv.domain.roles import Role
from examsrv.services import seating, signing_in
from examsrv.services.seating import SeatedCandidate
from examsrv.storage.tables import AttemptRow
from tests.builders import QUICK_HASHER, SECRET, add_person
from tests.services.plans import add_proctors, add_sealed_forms
from tests.services.rosters import csv_roster, row, xlsx_roster
from tests.web.office import Office, open_office, post, words


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        yield opened


def people(count: int, **other: object) -> list[list[object]]:
    return [row(person, room="01", **other) for person in range(1, count + 1)]


def seated(office: Office) -> list[SeatedCandidate]:
    with office.server.database.reading() as session:
        return seating.seated_candidates(session, SECRET, 1)


def digest_on(office: Office, preview: str) -> str:
    found = re.search(r'name="digest" value="(\w+)"', office.client.get(preview).get_data(as_text=True))
    assert found
    return found[1]


def bring(office: Office, roster: bytes) -> None:
    """Look at a roster and import it."""
    preview = office.upload(roster).headers["Location"]
    assert office.post(preview, digest=digest_on(office, preview)).status_code == 302


def publish(office: Office) -> None:
    with office.server.database.writing() as session:
        add_sealed_forms(session)
        proctors = add_proctors(session, 2)
    office.post("/admin/sittings/1/forms", form_set=1)
    office.post("/admin/sitting-rooms/1/proctors", proctor=proctors)
    assert office.post("/admin/sittings/1/publish").status_code == 302


@pytest.mark.parametrize("file", [("r.csv", csv_roster), ("r.xlsx", xlsx_roster)])
def test_a_file_is_looked_at_before_it_is_imported(office: Office, file: tuple) -> None:
    name, written = file
    preview = office.upload(written(*people(3)), name).headers["Location"]
    assert "Rows 3 New 3 Changed 0 As before 0 Wrong 0" in office.read(preview)
    assert seated(office) == []
    office.server.held_ready["attempt"] = ("paper", 1, b"{}")
    office.post(preview, digest=digest_on(office, preview))
    assert office.server.held_ready == {}
    first = seated(office)[0]
    assert (first.ticket, first.name, first.room, first.seat) == ("0001", "考生1", "01", 1)


def test_every_bad_row_is_named_and_nothing_is_imported(office: Office) -> None:
    preview = office.upload(csv_roster(*people(2), row(3, room="99"), row(4, room="01", seat="41"), row(5, room="01", id_number="1"))).headers[
        "Location"
    ]
    page = office.read(preview)
    assert "3 rows are wrong, so nothing can be imported." in page
    assert [number for number in ("4", "5", "6") if f" {number} 000" in page] == ["4", "5", "6"]
    assert office.post(preview, digest="anything").status_code == 409
    assert seated(office) == []


def test_another_content_than_the_one_looked_at_is_refused(office: Office) -> None:
    preview = office.upload(csv_roster(*people(1))).headers["Location"]
    answer = office.post(preview, digest="0" * 64)
    assert (answer.status_code, seated(office)) == (409, [])


def test_the_file_is_kept_for_half_an_hour_and_for_who_sent_it(office: Office) -> None:
    with office.server.database.writing() as session:
        add_person(session, "second", (Role.ADMINISTRATOR, None))
    preview = office.upload(csv_roster(*people(1))).headers["Location"]
    assert office.sign_in("second").get(preview).status_code == 302
    office.clock.run(timedelta(minutes=30))
    assert office.client.get(preview).status_code == 200
    office.clock.run(timedelta(seconds=1))
    assert office.client.get(preview).status_code == 302


@pytest.mark.parametrize(("name", "sentence"), [("", "Choose a file."), ("r.txt", "An .xlsx or .csv file is needed.")])
def test_no_file_or_another_kind_is_refused_on_the_form(office: Office, name: str, sentence: str) -> None:
    answer = office.upload(b"x", name)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_file_that_cannot_be_read_says_why(office: Office) -> None:
    preview = office.upload(b"PK\x03\x04 nothing", "r.xlsx").headers["Location"]
    assert 'role="alert"' in office.client.get(preview).get_data(as_text=True)


def test_the_template_can_be_filled_in(office: Office) -> None:
    answer = office.client.get("/admin/roster-template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).active["A1"].value == "Ticket number"


@pytest.mark.parametrize(("language", "heading"), [("en", "Ticket number"), ("zh_CN", "准考证号")])
def test_the_template_speaks_the_language_of_the_page(office: Office, language: str, heading: str) -> None:
    office.client.set_cookie("language", language)
    answer = office.client.get("/admin/roster-template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).active["A1"].value == heading


def test_the_list_shows_masked_numbers_and_never_the_paper(office: Office) -> None:
    bring(office, csv_roster(*people(2)))
    publish(office)
    page = office.client.get("/admin/sittings/1/candidates").get_data(as_text=True)
    assert str(row(1)[2]) not in page
    assert "paper-1-" not in page
    assert "1501**********" in page


def test_the_list_is_filtered_sorted_and_paged_by_the_address(office: Office) -> None:
    bring(office, csv_roster(*people(31)))
    address = "/admin/sittings/1/candidates"
    assert "1 in all" in office.read(f"{address}?text=考生31")
    assert "No candidate fits" in office.read(f"{address}?room=99")
    page = office.read(f"{address}?sort=-ticket&page=99")
    assert page.index("0031") < page.index("0001")


def test_who_comes_after_publishing_gets_a_paper_at_once(office: Office) -> None:
    bring(office, csv_roster(*people(2)))
    publish(office)
    bring(office, csv_roster(*people(4)))
    with office.server.database.reading() as session:
        assert all(session.scalars(select(AttemptRow.paper)))


def test_a_candidate_is_moved_to_a_free_seat_only(office: Office) -> None:
    bring(office, csv_roster(*people(2)))
    address = f"/admin/candidates/{seated(office)[0].attempt}"
    assert office.post(address, place="1-2").status_code == 422
    assert office.post(address, place="1-40").status_code == 302
    assert [each.seat for each in seated(office)] == [2, 40]


def test_a_candidate_is_removed(office: Office) -> None:
    bring(office, csv_roster(*people(2)))
    office.post(f"/admin/candidates/{seated(office)[0].attempt}/remove")
    assert [each.ticket for each in seated(office)] == ["0002"]


def test_candidates_of_another_site_are_not_there(office: Office) -> None:
    bring(office, csv_roster(*people(1)))
    other, attempt = office.sign_in("elsewhere"), seated(office)[0].attempt
    assert other.get("/admin/sittings/1/candidates").status_code == 404
    assert other.get(f"/admin/candidates/{attempt}").status_code == 404
    assert post(other, f"/admin/candidates/{attempt}/remove").status_code == 404
