"""The office's pages of sittings, and its start page."""

from collections.abc import Iterator

import pytest

from examsrv.domain.time_ledger import EntryKind
from examsrv.services import signing_in, sitting_plans
from examsrv.services.ledger import add_entry
from examsrv.services.sitting_plans import SittingView
from tests.builders import OFFICE, QUICK_HASHER
from tests.services.plans import add_candidates, add_proctors, add_sealed_forms
from tests.web.office import Office, open_office, post, words

NEW = {
    "name": "第二场",
    "examination": "4-05-06-02/L3/theory",
    "site": 1,
    "day": "2026-12-06",
    "time": "09:00",
    "minutes": 90,
    "late": 30,
    "leave": 30,
}


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        yield opened


def sitting(office: Office, number: int = 1) -> SittingView:
    with office.server.database.reading() as session:
        return sitting_plans.sitting(session, number)


def fill(office: Office, candidates: int, proctors: int) -> list[int]:
    """Give the sitting candidates and sealed papers to choose from; return proctors who are not yet planned."""
    with office.server.database.writing() as session:
        add_sealed_forms(session)
        add_candidates(session, 1, candidates)
        return add_proctors(session, proctors)


def test_a_sitting_is_planned_in_the_local_time_of_the_site(office: Office) -> None:
    assert office.post("/admin/sittings/new", **NEW).headers["Location"].endswith("/admin/sittings/2")
    assert sitting(office, 2).planned.isoformat() == "2026-12-06T01:00:00+00:00"
    assert "2026-12-06 09:00" in office.read("/admin/sittings/2")


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"minutes": 89}, "must last at least 90 min (RULE-DURATION), 89 min is planned"),
        ({"late": 31}, "Late comers must not be admitted after the first may leave"),
        ({"leave": 91}, "The earliest leaving is after the end of the time."),
        ({"name": ""}, "Enter a name."),
        ({"day": "0001-01-01", "time": "00:00"}, "This day is over."),
        ({"day": "9999-12-31"}, "This day is more than 1000 days ahead."),
        ({"day": "tomorrow"}, "Not a valid date value."),
        ({"time": "25:00"}, "Not a valid time value."),
        ({"minutes": "long"}, "Not a valid integer value."),
        ({"minutes": ""}, "Enter a whole number of minutes."),
        ({"examination": "4-05-06-02/L3/skills"}, "Not a valid choice"),
        ({"site": 99}, "Not a valid choice"),
    ],
)
def test_a_sitting_that_cannot_be_is_refused_on_the_form(office: Office, entered: dict[str, object], sentence: str) -> None:
    answer = office.post("/admin/sittings/new", **{**NEW, **entered})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "name" in entered or 'value="第二场"' in answer.get_data(as_text=True)


def test_from_nothing_to_published(office: Office) -> None:
    proctors = fill(office, 31, 3)
    assert "No papers are chosen." in office.read("/admin/sittings/1")
    office.post("/admin/sittings/1/forms", form_set=1)
    office.post("/admin/sitting-rooms/1/proctors", proctor=proctors[:2])
    refused = office.post("/admin/sittings/1/publish")
    assert refused.status_code == 409
    assert "Room 01: 31 candidates need 3 proctors, 2 are planned." in words(refused)
    office.post("/admin/sitting-rooms/1/proctors", proctor=proctors, lead=proctors[0])
    assert office.post("/admin/sittings/1/publish").status_code == 302
    assert sitting(office).is_published
    office.post("/admin/sittings/1/unpublish")
    assert not sitting(office).is_published


def test_each_open_point_links_to_where_it_is_mended(office: Office) -> None:
    page = office.client.get("/admin/sittings/1").get_data(as_text=True)
    assert '<a href="/admin/sittings/1#forms">' in page
    assert '<a href="/admin/sittings/1/candidates">' in page


def test_a_published_sitting_is_edited_without_what_stays(office: Office) -> None:
    proctors = fill(office, 1, 2)
    office.post("/admin/sittings/1/forms", form_set=1)
    office.post("/admin/sitting-rooms/1/proctors", proctor=proctors)
    office.post("/admin/sittings/1/publish")
    page = office.client.get("/admin/sittings/1/edit").get_data(as_text=True)
    assert 'name="minutes"' not in page
    assert office.post("/admin/sittings/1/edit", **{**NEW, "name": "改名", "minutes": 120}).status_code == 302
    assert (sitting(office).name, sitting(office).limit.total_seconds()) == ("改名", 5400)


def test_rooms_are_added_and_removed(office: Office) -> None:
    office.post("/admin/sitting-rooms/1/remove")
    assert sitting(office).rooms == ()
    assert office.post("/admin/sittings/1/rooms", room=99).status_code == 409
    office.post("/admin/sittings/1/rooms", room=1)
    assert [room.name for room in sitting(office).rooms] == ["01"]


def test_a_room_with_candidates_stays(office: Office) -> None:
    fill(office, 1, 0)
    assert "Candidates have seats in this room" in words(office.post("/admin/sitting-rooms/1/remove"))
    assert "The sitting has candidates" in words(office.post("/admin/sittings/1/discard"))


def test_a_sitting_is_removed(office: Office) -> None:
    office.post("/admin/sittings/1/discard")
    assert office.client.get("/admin/sittings/1").status_code == 404


def test_the_list_is_filtered_and_sorted_by_the_address(office: Office) -> None:
    office.post("/admin/sittings/new", **NEW)
    assert "1 found" in office.read("/admin/sittings?text=第二")
    assert "0 found" in office.read("/admin/sittings?state=published")
    page = office.read("/admin/sittings?sort=-planned")
    assert page.index("第二场") < page.index("第一场")


@pytest.mark.parametrize("order", ["nonsense", "-", "name", "-site", "candidates"])
def test_any_order_in_the_address_gives_a_list(office: Office, order: str) -> None:
    assert "第一场" in office.read(f"/admin/sittings?sort={order}")


def test_a_sitting_of_another_site_is_not_there(office: Office) -> None:
    other = office.sign_in("elsewhere")
    assert other.get("/admin/sittings/1").status_code == other.get("/admin/sittings/1/edit").status_code == 404
    for act in ("sittings/1/publish", "sittings/1/unpublish", "sittings/1/forms", "sittings/1/rooms", "sitting-rooms/1/proctors"):
        assert post(other, f"/admin/{act}").status_code == 404
    assert "第一场" not in words(other.get("/admin/sittings"))
    assert "第一场" not in words(other.get("/admin/"))


def test_the_start_page_says_what_the_next_sitting_lacks(office: Office) -> None:
    assert "No papers" in office.read("/admin/") or "no sealed papers" in office.read("/admin/")


def test_the_start_page_shows_a_running_room_that_is_short_of_proctors(office: Office) -> None:
    proctors = fill(office, 31, 3)
    office.post("/admin/sittings/1/forms", form_set=1)
    office.post("/admin/sitting-rooms/1/proctors", proctor=proctors)
    office.post("/admin/sittings/1/publish")
    office.clock.jump_to(sitting(office).planned)
    assert "0 present, 3 needed" in office.read("/admin/")
    with office.server.database.writing() as session:
        add_entry(session, 1, EntryKind.START, OFFICE, office.server.now())
    assert "3 proctors are needed, 0 present" in office.read("/admin/")
