"""The office's pages of a batch's results: counts, marks as they are shown, filter and order in the address, one person."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from examsrv.services import signing_in
from examsrv.services.candidates import candidate_of
from examsrv.storage.tables import CandidateRow
from tests.builders import QUICK_HASHER, SECRET
from tests.services.batch_of_results import add_batch, add_people, add_run, add_sitting, rename
from tests.web.marking_office import MarkingOffice, open_marking_office

BATCH = "/admin/results/batches/1"
NAMES = ("赵一", "钱二", "孙三", "李四")


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    """赵一 passes both, 钱二 has 59.95 in skills, 孙三 was absent there, 李四 has no skills yet."""
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        with opened.server.database.writing() as session:
            batch, people = add_batch(session), add_people(session, len(NAMES))
            for person, name in zip(people, NAMES, strict=True):
                rename(session, person, name)
            theory, skills = add_sitting(session, batch, people), add_sitting(session, batch, people[:3], "skills")
            add_run(session, theory, {person: (total, "pass") for person, total in zip(people, ("80", "70", "90", "61"), strict=True)})
            add_run(session, skills, dict(zip(people, [("60", "pass"), ("1199/20", "fail"), (None, "absent")], strict=False)))
        yield opened


def names_in_order(page: str) -> list[str]:
    return sorted((name for name in NAMES if name in page), key=page.index)


def address_of(office: MarkingOffice, name: str) -> str:
    with office.server.database.reading() as session:
        people = session.scalars(select(CandidateRow.id).order_by(CandidateRow.id.desc()).limit(len(NAMES))).all()
    return f"{BATCH}/4-05-06-02/L3/{people[len(NAMES) - 1 - NAMES.index(name)]}"


def test_a_batch_is_counted_and_shown_with_marks_never_on_the_other_side(office: MarkingOffice) -> None:
    page = office.read(BATCH)
    assert "Number of candidates 4 Passed 1 Failed 2 Still open 1" in page
    assert "钱二 CAN******902 信用管理师 三级/高级工 70.0 Passed 59.9 Failed Failed" in page
    assert "李四 CAN******904 信用管理师 三级/高级工 61.0 Passed No result yet Still open" in page


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("sort=theory", ["李四", "钱二", "赵一", "孙三"]),
        ("sort=-theory", ["孙三", "赵一", "钱二", "李四"]),
        ("sort=-skills", ["赵一", "钱二", "李四", "孙三"]),
        ("sort=nonsense", sorted(NAMES)),
        ("decision=fail&sort=theory", ["钱二", "孙三"]),
        ("text=孙", ["孙三"]),
        ("level=L2", []),
        ("page=99", sorted(NAMES)),
    ],
)
def test_what_is_looked_for_and_the_order_stand_in_the_address(office: MarkingOffice, question: str, expected: list[str]) -> None:
    found = names_in_order(office.read(f"{BATCH}?{question}"))
    assert found == expected


def test_a_person_is_told_each_mark_with_run_and_sitting_and_how_it_came_about(office: MarkingOffice) -> None:
    page = office.read(address_of(office, "钱二"))
    assert "59.9 60 Failed L3 skills" in page
    assert "技能考核: 59.9, not passed, the pass mark is 60" in page
    assert "Not every component is passed" in page


def test_what_is_missing_is_said_in_words(office: MarkingOffice) -> None:
    assert "no sitting of this batch has the candidate" in office.read(address_of(office, "李四"))


def test_no_page_shows_a_whole_id_number(office: MarkingOffice) -> None:
    with office.server.database.reading() as session:
        numbers = [candidate_of(SECRET, row).id_number for row in session.scalars(select(CandidateRow))]
    pages = [office.client.get(each).get_data(as_text=True) for each in (BATCH, address_of(office, "赵一"))]
    assert not [number for number in numbers for page in pages if number in page]


def test_the_results_lead_to_the_batch_and_say_what_belongs_to_none(office: MarkingOffice) -> None:
    page = office.read("/admin/results")
    assert "2026 年第 2 批 2 2" in page
    assert "1 sittings belong to no batch" in page


def test_an_office_of_another_site_does_not_find_it(office: MarkingOffice) -> None:
    elsewhere = office.sign_in("elsewhere")
    assert [elsewhere.get(each).status_code for each in (BATCH, address_of(office, "赵一"))] == [404, 404]
