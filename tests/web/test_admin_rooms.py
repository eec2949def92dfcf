"""The office's pages of sites and rooms."""

from collections.abc import Iterator

import pytest

from examsrv.services import equipping, signing_in
from tests.builders import QUICK_HASHER
from tests.web.office import Office, open_office, post, words


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        yield opened


def room(office: Office, number: int = 1) -> equipping.EquippedRoom:
    with office.server.database.reading() as session:
        return equipping.room(session, number)


NEW = {"site": 1, "name": "02", "place": "三楼", "seats": 30, "spares": 2, "columns": 6}


def test_a_room_is_added_with_seats_and_codes(office: Office) -> None:
    assert office.post("/admin/rooms/new", **NEW).status_code == 302
    made = room(office, 2)
    assert (made.usable, made.spare, made.columns) == (30, 2, 6)
    assert all(len(desk.code) == 6 and desk.code.isdecimal() for desk in made.desks)


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"name": "01"}, "The site has a room called 01 already."),
        ({"name": ""}, "Enter a name."),
        ({"seats": 0}, "Enter a number from 1 to 300."),
        ({"seats": "many"}, "Not a valid integer value."),
        ({"seats": ""}, "Enter a whole number."),
        ({"seats": 300, "spares": 1}, "A room has at most 300 seats."),
        ({"columns": 31}, "Enter a number from 1 to 30."),
        ({"site": 99}, "Not a valid choice"),
    ],
)
def test_a_room_that_cannot_be_is_refused_on_the_form(office: Office, entered: dict[str, object], sentence: str) -> None:
    answer = office.post("/admin/rooms/new", **{**NEW, **entered})
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_the_labels_show_every_seat_with_its_code(office: Office) -> None:
    page = office.read("/admin/rooms/1/labels")
    assert all(f"Seat {desk.number:02} {desk.code[:3]} {desk.code[3:]}" in page for desk in room(office).desks)


def test_seats_are_added_made_spare_and_removed(office: Office) -> None:
    office.post("/admin/rooms/1/seats", count=3, are_spare="y")
    office.post("/admin/rooms/1/spares", spare=[1, 2])
    office.post("/admin/rooms/1/seats/remove", count=5)
    assert [desk.number for desk in room(office).desks if desk.is_spare] == [1, 2]
    assert len(room(office).desks) == 40


def test_a_refusal_stands_on_the_page_of_the_room(office: Office) -> None:
    answer = office.post("/admin/rooms/1/seats/remove", count=42)
    assert answer.status_code == 409
    assert "A room has at least one seat that is not spare." in words(answer)


def test_codes_are_renewed(office: Office) -> None:
    before = {desk.code for desk in room(office).desks}
    office.post("/admin/rooms/1/codes")
    assert not before & {desk.code for desk in room(office).desks}


def test_a_room_is_changed(office: Office) -> None:
    office.post("/admin/rooms/1", name="第一考场", place="四楼", columns=5)
    assert (room(office).name, room(office).place, room(office).columns) == ("第一考场", "四楼", 5)


def test_sites_are_made_and_changed_by_administrators_of_all_sites_only(office: Office) -> None:
    office.post("/admin/sites/new", name="第三考点", address="某路")
    office.post("/admin/sites/1", name="老考点", address="")
    assert "第三考点" in office.read("/admin/rooms")
    assert "老考点" in office.read("/admin/rooms")
    assert "There is a site called 老考点 already." in words(office.post("/admin/sites/new", name="老考点"))
    assert office.sign_in("elsewhere").get("/admin/sites/1").status_code == 404


def test_a_room_of_another_site_is_not_there(office: Office) -> None:
    other = office.sign_in("elsewhere")
    assert other.get("/admin/rooms/1").status_code == other.get("/admin/rooms/1/labels").status_code == 404
    assert post(other, "/admin/rooms/1/codes").status_code == 404
    assert "第一考点" not in words(other.get("/admin/rooms"))
    assert post(other, "/admin/rooms/new", **NEW).status_code == 422
