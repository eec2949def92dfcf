"""Rosters: every bad row is named, an import is whole or nothing, and the same file again changes nothing."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.auditing import newest_entries, verify_chain
from examsrv.services.rostering import RosterChange, RosterPreview, candidate_of, import_roster, photo_of, preview, read_roster, roster_template
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, AuditRow, Base, CandidateRow, TimeEntryRow
from question_bank.message import ExamError
from tests.services.rosters import (
    AT,
    CHANCE,
    HEADINGS,
    OFFICE,
    SECRET,
    add_sitting,
    csv_roster,
    id_number,
    imported,
    looked_at,
    picture,
    row,
    xlsx_roster,
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def sitting(session: Session) -> int:
    return add_sitting(session)


def faults(seen: RosterPreview) -> dict[int, list[str]]:
    return {bad.number: [str(fault) for fault in bad.faults] for bad in seen.bad_rows}


def attempts(session: Session) -> list[tuple[str, str, int, str]]:
    query = select(AttemptRow, CandidateRow).join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id).order_by(AttemptRow.ticket)
    return [(a.ticket, candidate_of(SECRET, c).name, a.seat, a.phase) for a, c in session.execute(query)]


def attempt_of(session: Session, ticket: str) -> AttemptRow:
    return session.scalars(select(AttemptRow).where(AttemptRow.ticket == ticket)).one()


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "."), content)
    return out.getvalue()


def refusal(session: Session, sitting: int, content: bytes) -> str:
    with pytest.raises(ExamError) as refused:
        imported(session, sitting, content)
    return str(refused.value)


@pytest.mark.parametrize("make", [csv_roster, xlsx_roster])
def test_a_good_roster_is_shown_with_masked_numbers_and_then_imported(session: Session, sitting: int, make) -> None:
    content = make(row(1), row(2, room="02 考场", seat="7"))
    seen = looked_at(session, sitting, content)
    assert seen.can_import
    assert [(r.number, r.ticket, r.id_number, r.seat, r.change) for r in seen.rows] == [
        (2, "0001", "1501**********0010"[:14] + id_number(1)[-4:], "1", RosterChange.NEW),
        (3, "0002", "1501**********" + id_number(2)[-4:], "7", RosterChange.NEW),
    ]
    assert imported(session, sitting, content).new == 2
    assert attempts(session) == [("0001", "考生1", 1, "created"), ("0002", "考生2", 7, "created")]


@pytest.mark.parametrize(
    "headings",
    [
        ["ticket", "name", "id_number", "room", "seat"],
        ["Ticket number", "NAME", "ID number", "Room", "Seat"],
        ["准考证号码", " 姓 名 ", "身份证号*", "考场名称", "座位号"],
    ],
)
def test_headings_may_be_chinese_or_english_in_any_order(session: Session, sitting: int, headings: list[str]) -> None:
    order = [4, 2, 0, 3, 1]
    content = csv_roster([*(row(1)[i] for i in order), "x"], headings=[*(headings[i] for i in order), "备注"])
    assert looked_at(session, sitting, content).can_import


BAD_CELLS = [
    ({"ticket": ""}, "Ticket number is missing"),
    ({"name": " 　"}, "Name is missing"),
    ({"id_number": ""}, "ID number is missing"),
    ({"room": ""}, "Room is missing"),
    ({"seat": ""}, "Seat is missing"),
    ({"id_number": "150102199003070016"}, "check digit"),
    ({"id_number": "150102199002300018"}, "date of birth"),
    ({"id_number": "1.50102E+17"}, "lost digits"),
    ({"ticket": "00 01"}, "letters, digits and hyphens"),
    ({"ticket": "1" * 33}, "longer than 32"),
    ({"name": "长" * 61}, "longer than 60"),
    ({"name": "=HYPERLINK(1)"}, "begins like a formula"),
    ({"name": "+张"}, "begins like a formula"),
    ({"name": "-张"}, "begins like a formula"),
    ({"name": "@张"}, "begins like a formula"),
    ({"name": "\t张"}, "begins like a formula"),
    ({"name": "张\x07三"}, "U+0007"),
    ({"name": "张\u202e三"}, "U+202E"),
    ({"name": "张\u200b三"}, "U+200B"),
    ({"room": "03 考场"}, "Room 03 考场 is not planned"),
    ({"seat": "33"}, "has no seat 33"),
    ({"seat": "0"}, "has no seat 0"),
    ({"seat": "32"}, "is a spare"),
    ({"seat": "七"}, "The seat is no number"),
    ({"seat": "-7"}, "The seat is no number"),
]


@pytest.mark.parametrize(("cells", "words"), BAD_CELLS)
def test_a_bad_cell_is_named_with_its_row(session: Session, sitting: int, cells: dict[str, str], words: str) -> None:
    seen = looked_at(session, sitting, csv_roster(row(1), row(2, **cells), row(3)))
    assert list(faults(seen)) == [3]
    assert words in " ".join(faults(seen)[3])


def test_all_bad_rows_and_all_their_faults_are_named_at_once(session: Session, sitting: int) -> None:
    bad = [row(number, **cells) for number, (cells, _words) in enumerate(BAD_CELLS, start=2)]
    seen = looked_at(session, sitting, csv_roster(row(1), *bad, row(31, name="", seat="99")))
    assert [r.number for r in seen.rows if not r.faults] == [2]
    assert faults(seen)[len(bad) + 3] == ["Name is missing.", "Room 01 考场 has no seat 99."]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (row(2, ticket="0001"), "ticket number stands in row 2"),
        (row(2, id_number=id_number(1).lower()), "same person stands in row 2"),
        (row(2, id_number=f" {id_number(1)} "), "same person stands in row 2"),
        (row(2, seat="01"), "seat is given to row 2"),
        (row(2, room="０１考场", seat="1"), "seat is given to row 2"),
    ],
)
def test_what_stands_twice_in_the_file_is_named(session: Session, sitting: int, second: list[object], words: str) -> None:
    found = faults(looked_at(session, sitting, csv_roster(row(1), second)))
    assert list(found) == [3]
    assert words in found[3][0]


def test_the_same_seat_number_in_another_room_is_another_seat(session: Session, sitting: int) -> None:
    assert looked_at(session, sitting, csv_roster(row(1), row(2, room="02 考场", seat="1"))).can_import


def test_a_number_kept_by_the_spreadsheet_is_refused_for_identities_but_not_for_seats(session: Session, sitting: int) -> None:
    seen = looked_at(session, sitting, xlsx_roster(row(1, seat=1), row(2, id_number=int(id_number(3)[:-1] + "0")), row(3, id_number=12345678)))
    assert list(faults(seen)) == [3, 4]
    assert all("kept as a number" in " ".join(words) for words in faults(seen).values())


def test_a_row_with_more_cells_than_headings_is_named(session: Session, sitting: int) -> None:
    assert "more cells" in faults(looked_at(session, sitting, csv_roster([*row(1), "x"])))[2][0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_roster(headings=HEADINGS), "no candidate"),
        (csv_roster(row(1)[:-1], headings=HEADINGS[:-1]), "“Seat” is missing"),
        (csv_roster([*row(1), "x"], headings=[*HEADINGS, "姓名"]), "“Name” stands there twice"),
        (b"", "is empty"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_whole(session: Session, sitting: int, content: bytes, words: str) -> None:
    seen = looked_at(session, sitting, content)
    assert not seen.can_import
    assert words in str(seen.faults[0])
    assert words in refusal(session, sitting, content)


def test_all_missing_columns_are_named(session: Session, sitting: int) -> None:
    assert len(looked_at(session, sitting, b"a,b\n1,2").faults) == len(HEADINGS)


def test_an_unknown_sitting_is_refused(session: Session, sitting: int) -> None:
    with pytest.raises(ExamError, match="no such sitting"):
        looked_at(session, sitting + 1, csv_roster(row(1)))


def test_the_same_file_again_changes_nothing(session: Session, sitting: int) -> None:
    content = csv_roster(*(row(person) for person in range(1, 32)))
    imported(session, sitting, content)
    before = [(a.id, a.order_seed, c.sealed) for a, c in session.execute(select(AttemptRow, CandidateRow).join(CandidateRow))]
    assert {r.change for r in looked_at(session, sitting, content).rows} == {RosterChange.SAME}
    again = imported(session, sitting, content)
    assert (again.new, again.changed, again.same) == (0, 0, 31)
    assert [(a.id, a.order_seed, c.sealed) for a, c in session.execute(select(AttemptRow, CandidateRow).join(CandidateRow))] == before


@pytest.mark.parametrize("bad", range(5))
def test_one_bad_row_anywhere_imports_nothing(session: Session, sitting: int, bad: int) -> None:
    rows = [row(person, name="" if person == bad + 1 else "x") for person in range(1, 6)]
    assert "1 rows are wrong" in refusal(session, sitting, csv_roster(*rows))
    assert session.scalar(select(func.count()).select_from(CandidateRow)) == 0
    assert session.scalar(select(func.count()).select_from(AuditRow)) == 0


@pytest.mark.parametrize("broken", range(1, 5))
def test_a_failure_at_any_row_leaves_nothing_behind(database: Database, broken: int) -> None:
    with database.writing() as session:
        sitting = add_sitting(session)
    draws = iter(["a", "b", "c", "d"])

    def failing() -> str:
        drawn = next(draws)
        if drawn == "abcd"[broken - 1]:
            raise OSError("the power fails")
        return drawn

    with suppress(OSError), database.writing() as session:
        imported(session, sitting, csv_roster(*(row(person) for person in range(1, 5))), new_id=failing)
    with database.reading() as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (AttemptRow, CandidateRow, AuditRow)] == [0, 0, 0]


def test_only_the_file_that_was_looked_at_is_imported(session: Session, sitting: int) -> None:
    seen = looked_at(session, sitting, csv_roster(row(1)))
    other = read_roster("a.csv", csv_roster(row(2)))
    with pytest.raises(ExamError, match="not the file"):
        import_roster(session, SECRET, sitting, other, seen.digest, OFFICE, AT, CHANCE.id, CHANCE.seed, CHANCE.key)


def test_photos_are_part_of_what_was_looked_at() -> None:
    content = csv_roster(row(1))
    digests = {read_roster("a.csv", content, photos).digest for photos in (None, archive(a_jpg=picture()), archive(b_jpg=picture()))}
    assert len(digests) == 3


def test_an_import_is_in_the_audit_chain_without_names_or_numbers(session: Session, sitting: int) -> None:
    content = csv_roster(row(1))
    imported(session, sitting, content)
    entry = newest_entries(session, 1)[0]
    assert (entry.act, entry.subject) == ("roster.imported", f"sitting/{sitting}")
    assert entry.detail == {"rows": 1, "new": 1, "changed": 0, "digest": looked_at(session, sitting, content).digest}
    assert verify_chain(session).first_bad is None


def test_names_and_numbers_are_nowhere_in_the_tables_in_the_open(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1)))
    for table in Base.metadata.sorted_tables:
        stored = b"".join(repr(value).encode() + (value if isinstance(value, bytes) else b"") for r in session.execute(select(table)) for value in r)
        assert "考生1".encode() not in stored
        assert id_number(1).encode() not in stored


def test_without_the_secret_a_candidate_stays_unknown(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1)))
    candidate = session.scalars(select(CandidateRow)).one()
    assert candidate_of(SECRET, candidate).masked == "1501**********" + id_number(1)[-4:]
    with pytest.raises(InvalidTag):
        candidate_of(Secret(bytes(32)), candidate)


def test_a_person_who_is_known_is_used_again_and_a_new_name_is_told(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1)))
    other = add_sitting(session, "二级理论")
    content = csv_roster(row(1, ticket="A-1", name="考生一"))
    assert "was called 考生1" in str(looked_at(session, other, content).rows[0].notices[0])
    assert imported(session, other, content).new == 1
    assert attempts(session) == [("0001", "考生一", 1, "created"), ("A-1", "考生一", 1, "created")]


def test_a_ticket_of_another_sitting_is_refused(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1)))
    other = add_sitting(session, "二级理论")
    assert "used in another sitting" in faults(looked_at(session, other, csv_roster(row(2, ticket="0001"))))[2][0]


@pytest.mark.parametrize(("cells", "words"), [({"ticket": "0001"}, "ticket number belongs"), ({"seat": "1"}, "seat belongs")])
def test_who_is_not_in_the_file_keeps_ticket_and_seat(session: Session, sitting: int, cells: dict[str, str], words: str) -> None:
    imported(session, sitting, csv_roster(row(1)))
    seen = looked_at(session, sitting, csv_roster(row(2, **cells)))
    assert words in faults(seen)[2][0]
    assert "stay as they are: 1" in str(seen.notices[0])


def test_nobody_is_removed_by_a_later_file(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1), row(2)))
    imported(session, sitting, csv_roster(row(2), row(3)))
    assert [ticket for ticket, *_ in attempts(session)] == ["0001", "0002", "0003"]


def test_two_candidates_may_change_places_and_tickets(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1), row(2)))
    content = csv_roster(row(1, ticket="0002", seat="2"), row(2, ticket="0001", seat="1"))
    assert [r.change for r in looked_at(session, sitting, content).rows] == [RosterChange.CHANGED] * 2
    assert imported(session, sitting, content).changed == 2
    assert attempts(session) == [("0001", "考生2", 1, "created"), ("0002", "考生1", 2, "created")]


def test_a_seat_that_is_left_may_be_taken_in_the_same_file(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1)))
    imported(session, sitting, csv_roster(row(2, seat="1"), row(1, room="02 考场")))
    assert [(ticket, seat) for ticket, _name, seat, _phase in attempts(session)] == [("0001", 1), ("0002", 1)]


@pytest.mark.parametrize("cells", [{"seat": "9"}, {"ticket": "0009"}, {"name": "别人"}])
@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.SUBMITTED, Phase.VOIDED])
def test_an_examination_that_has_begun_is_not_changed(session: Session, sitting: int, phase: Phase, cells: dict[str, str]) -> None:
    imported(session, sitting, csv_roster(row(1)))
    attempt_of(session, "0001").phase = phase
    session.flush()
    assert looked_at(session, sitting, csv_roster(row(1), row(2))).can_import
    assert "has begun" in faults(looked_at(session, sitting, csv_roster(row(1, **cells))))[2][0]


@pytest.mark.parametrize(
    ("cells", "checked_in", "confirmed"),
    [({}, True, True), ({"name": "考生一"}, True, False), ({"ticket": "0009"}, True, False), ({"seat": "9"}, False, False)],
)
def test_a_change_is_confirmed_anew_and_another_seat_checked_in_anew(
    session: Session, sitting: int, cells: dict[str, str], checked_in: bool, confirmed: bool
) -> None:
    imported(session, sitting, csv_roster(row(1)))
    attempt = attempt_of(session, "0001")
    attempt.checked_in = attempt.confirmed = AT.wall
    imported(session, sitting, csv_roster(row(1, **cells)))
    assert (attempt.checked_in is not None, attempt.confirmed is not None) == (checked_in, confirmed)


def test_photos_are_found_by_ticket_or_by_the_photo_column(session: Session, sitting: int) -> None:
    content = csv_roster([*row(1), ""], [*row(2), "Zhang.PNG"], headings=[*HEADINGS, "照片"])
    photos = archive(**{"0001_JPG": picture(), "photos/zhang_png": picture(kind="PNG")})
    assert [r.has_photo for r in looked_at(session, sitting, content, photos).rows] == [True, True]
    imported(session, sitting, content, photos)
    kept = [photo_of(SECRET, candidate) for candidate in session.scalars(select(CandidateRow))]
    assert all(photo is not None and photo.startswith(b"\xff\xd8") for photo in kept)
    assert {r.change for r in looked_at(session, sitting, content, photos).rows} == {RosterChange.SAME}
    assert {r.change for r in looked_at(session, sitting, content).rows} == {RosterChange.SAME}


def test_a_photo_column_is_ignored_when_no_photos_are_sent(session: Session, sitting: int) -> None:
    assert looked_at(session, sitting, csv_roster([*row(1), "a.jpg"], headings=[*HEADINGS, "photo"])).can_import


TOLD = [*HEADINGS, "工作单位", "培训班"]


def known(session: Session) -> tuple[str, str]:
    details = candidate_of(SECRET, session.scalars(select(CandidateRow)).one())
    return details.employer, details.training_class


def test_employer_and_training_class_are_kept_sealed(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster([*row(1), " 甲公司 ", "2026秋"], headings=TOLD))
    assert known(session) == ("甲公司", "2026秋")
    assert "甲公司".encode() not in session.scalars(select(CandidateRow)).one().sealed


def test_a_file_without_these_columns_leaves_them_and_one_with_them_changes_them(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster([*row(1), "甲公司", "2026秋"], headings=TOLD))
    assert imported(session, sitting, csv_roster(row(1))).same == 1
    assert known(session) == ("甲公司", "2026秋")
    assert imported(session, sitting, csv_roster([*row(1), "", "2026冬"], headings=TOLD)).changed == 1
    assert known(session) == ("", "2026冬")


@pytest.mark.parametrize(("employer", "is_bad"), [("长" * 100, False), ("长" * 101, True), ("=1+1", True), ("甲\u200b公司", True), ("", False)])
def test_an_employer_is_looked_at_as_other_cells_are(session: Session, sitting: int, employer: str, is_bad: bool) -> None:
    assert looked_at(session, sitting, csv_roster([*row(1), employer, ""], headings=TOLD)).can_import is not is_bad


def test_bad_and_missing_photos_are_named_with_their_row_and_spare_ones_counted(session: Session, sitting: int) -> None:
    content = csv_roster([*row(1), ""], [*row(2), "b.jpg"], [*row(3), ""], headings=[*HEADINGS, "photo"])
    seen = looked_at(session, sitting, content, archive(**{"0001_jpg": b"GIF89a", "x_jpg": picture()}))
    assert {number: words[0][:20] for number, words in faults(seen).items()} == {2: "The photo is no read", 3: "The photo b.jpg is n"}
    assert str(seen.notices[0]) == "Photos that belong to no row: 1."


def test_the_template_is_a_roster_without_rows_whose_columns_are_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    assert [str(fault) for fault in read_roster("a.xlsx", roster_template()).faults] == ["There is no candidate under the headings."]
    assert all(column.number_format == "@" for column in book.worksheets[0].column_dimensions.values())
    assert "150102199003070015" in [cell.value for cells in book.worksheets[1] for cell in cells]


def test_a_filled_template_can_be_imported(session: Session, sitting: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    book.worksheets[0].append(row(1))
    out = io.BytesIO()
    book.save(out)
    assert looked_at(session, sitting, out.getvalue()).can_import


CELLS = st.one_of(
    st.sampled_from(["", "0001", "0002", id_number(1), id_number(2), "01 考场", "02 考场", "1", "32", "=1", "张三"]), st.text(max_size=12)
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, int]]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('rosters') / 'shared.db'}")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        sitting = add_sitting(session)
        imported(session, sitting, csv_roster(row(1)))
    yield database, sitting
    database.close()


@given(rows=st.lists(st.lists(CELLS, max_size=7), max_size=5), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_table_gives_a_preview_in_words(shared: tuple[Database, int], rows: list[list[str]], encoding: str) -> None:
    database, sitting = shared
    content = csv_roster(*rows).decode().encode(encoding, "replace")
    with database.reading() as session:
        seen = preview(session, SECRET, sitting, read_roster("a.csv", content))
    assert all(str(fault) for r in seen.rows for fault in r.faults)


@pytest.mark.parametrize("cells", [{"seat": "9"}, {"name": "新名"}], ids=["moved", "renamed"])
def test_a_roster_brings_nobody_into_or_out_of_a_room_that_was_started(session: Session, sitting: int, cells: dict[str, str]) -> None:
    imported(session, sitting, csv_roster(row(1)))
    start_room(session, attempt_of(session, "0001").sitting_room_id)
    seen = looked_at(session, sitting, csv_roster(row(1, **cells), row(2)))
    assert ["was started" in str(each) for line in seen.rows for each in line.faults] == [True, True]


def test_a_row_that_changes_nothing_may_stay_when_its_room_was_started(session: Session, sitting: int) -> None:
    imported(session, sitting, csv_roster(row(1)))
    start_room(session, attempt_of(session, "0001").sitting_room_id)
    assert looked_at(session, sitting, csv_roster(row(1))).can_import


def start_room(session: Session, sitting_room: int) -> None:
    entry = TimeEntryRow(
        sitting_room_id=sitting_room, kind=EntryKind.START, at=timedelta(), amount=timedelta(), reason="", wall=datetime(2026, 11, 22, tzinfo=UTC)
    )
    session.add(entry)
    session.flush()
