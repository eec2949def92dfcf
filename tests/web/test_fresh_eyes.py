"""What somebody met who had not built the program: numbers no column holds, notices told late, acts without words."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from blueprints.admin.acts import ACTS
from examsrv.exports.results import ResultsHead
from examsrv.exports.results_xlsx import results_workbook
from examsrv.services import demonstrating, signing_in
from examsrv.storage.tables import AttemptRow, RoomRow, SittingRoomRow
from examsrv.web.numbers import LARGEST, whole_number
from examsrv.web.translation import translator
from tests.builders import QUICK_HASHER
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import Office, open_office, words


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    with open_office(sqlite_url) as opened:
        yield opened


@pytest.fixture
def marking_office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        yield opened


@pytest.mark.parametrize("number", [LARGEST, LARGEST + 1, 10**19, 10**40])
@pytest.mark.parametrize("address", ["/admin/sittings/{}", "/admin/rooms/{}", "/admin/people/{}", "/admin/papers/{}", "/admin/results/runs/{}"])
def test_an_id_that_no_row_can_have_is_not_found(office: Office, address: str, number: int) -> None:
    assert office.client.get(address.format(number)).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/admin/audit?before={}", "/admin/bank?difficulty={}", "/admin/bank?page={}", "/admin/rooms?site={}", "/admin/sittings/1/candidates?room={}"],
)
@pytest.mark.parametrize("number", [10**19, -(10**19), 10**40])
def test_a_filter_beyond_every_column_is_as_good_as_none(office: Office, address: str, number: int) -> None:
    assert office.client.get(address.format(number)).status_code == 200


@pytest.mark.parametrize("name", ["room", "form_set"])
def test_a_form_with_an_id_beyond_every_column_is_refused(office: Office, name: str) -> None:
    place = {"room": "/admin/sittings/1/rooms", "form_set": "/admin/sittings/1/forms"}[name]
    assert office.post(place, **{name: str(10**19)}).status_code in {302, 404, 409, 422}


@pytest.mark.parametrize(("text", "found"), [("0", 0), (str(LARGEST), LARGEST), (str(-LARGEST), -LARGEST)])
def test_a_whole_number_that_a_column_holds_is_read(text: str, found: int) -> None:
    assert whole_number(text) == found


@pytest.mark.parametrize("text", [str(LARGEST + 1), str(-LARGEST - 1), "x", "", "1.5"])
def test_no_other_number_is_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        whole_number(text)


@pytest.mark.parametrize("act", [demonstrating.MADE, "incident"])
def test_an_act_without_a_full_stop_or_made_for_a_trial_has_words_too(act: str) -> None:
    assert act in ACTS


def test_a_machine_without_a_seat_does_not_say_that_there_is_no_examination(office: Office) -> None:
    page = words(office.client.get("/exam/seat"))
    assert "No examination today" not in page
    assert "To the candidate sign-in" not in page


def test_a_room_that_never_began_is_named_before_its_candidates_count_as_absent(marking_office: MarkingOffice) -> None:
    sentence = "09 has not been started: its 1 candidates count as absent."
    assert sentence not in marking_office.read("/admin/results/sittings/1")
    with marking_office.server.database.writing() as session:
        late = session.query(AttemptRow).filter(AttemptRow.checked_in.is_(None)).one()
        here = session.get_one(SittingRoomRow, late.sitting_room_id)
        room = RoomRow(site_id=session.get_one(RoomRow, here.room_id).site_id, name="09", place="", columns=6)
        session.add(room)
        session.flush()
        other = SittingRoomRow(sitting_id=here.sitting_id, room_id=room.id)
        session.add(other)
        session.flush()
        late.sitting_room_id = other.id
    assert sentence in marking_office.read("/admin/results/sittings/1")
    preview = marking_office.post("/admin/results/sittings/1", reason="first")
    assert sentence in marking_office.read(preview.location)


def test_the_sheet_of_exported_results_has_a_name_of_the_trade() -> None:
    head = ResultsHead("title", "sitting", "2026-11-22 09:00", 1, "ab12", datetime(2026, 11, 22, tzinfo=UTC))
    book = load_workbook(io.BytesIO(results_workbook([], [], head, translator())))
    assert book.sheetnames == ["成绩"]
