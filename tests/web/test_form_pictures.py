"""The pictures of a set of forms: their figures are those of the forms, as a page, as a table and as files."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from blueprints.admin.form_plots import BOTTOM, LEFT, RIGHT, TOP, curves, difficulty_plot, use_bars
from blueprints.admin.likeness_map import MOST_CELLS, likeness_map
from examsrv.domain.moment import Actor
from examsrv.services import comparing_forms, signing_in
from examsrv.services.task_sets import compose_sets, task_sets
from examsrv.storage.tables import FormRow, FormSetRow, ItemVersionRow
from tests.builders import QUICK_HASHER, at
from tests.services.shipped_bank import add_forms
from tests.services.sittings_to_mark import PACK
from tests.web.marking_office import MarkingOffice, open_marking_office

PICTURES = "/admin/papers/2/pictures"
SECTIONS = ["职业道德", "基础知识", "客户资信管理", "全程信控", "商账追收"]


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        with opened.server.database.writing() as session:
            assert add_forms(session) == 2
        yield opened


def table(office: MarkingOffice, name: str) -> list[list[str]]:
    answer = office.client.get(f"{PICTURES}/{name}.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def items_of_forms(office: MarkingOffice) -> list[list[ItemVersionRow]]:
    with office.server.database.reading() as session:
        rows = {row.digest: row for row in session.scalars(select(ItemVersionRow))}
        return [[rows[digest] for digest in items] for items in session.scalars(select(FormRow.items).where(FormRow.form_set_id == 2))]


def test_the_page_shows_every_picture_with_its_figures(office: MarkingOffice) -> None:
    shared = table(office, "overlap")[2][1]
    source = office.client.get(PICTURES).get_data(as_text=True)
    assert f"<title>A / B: {shared}</title>" in source
    in_information, in_score = re.findall(r'<path class="cut" d="M([\d.]+) 14V270" />', source)
    assert in_information == in_score
    page = office.read(PICTURES)
    for title in ("Test information", "Expected score", "Items that two forms share", "Use of items", "Mean difficulty by section"):
        assert title in page
    assert "No item is calibrated yet" in page
    assert all(section in page for section in SECTIONS)
    assert f"Form A B A – B {shared} –" in page


def test_the_files_hold_the_figures_of_the_forms(office: MarkingOffice) -> None:
    forms = items_of_forms(office)
    shared = len({row.item_id for row in forms[0]} & {row.item_id for row in forms[1]})
    assert table(office, "overlap") == [["Form", "A", "B"], ["A", "100", str(shared)], ["B", str(shared), "100"]]
    uses = Counter(Counter(row.item_id for form in forms for row in form).values())
    found = dict(table(office, "exposure")[1:])
    assert {times: count for times, count in found.items() if times != "0"} == {str(times): str(count) for times, count in uses.items()}
    assert int(found["0"]) == 345 - sum(uses.values())
    difficulty = table(office, "difficulty")
    assert difficulty[0] == ["Form", *SECTIONS]
    ethics = [row.difficulty for row in forms[0] if row.section == "ethics"]
    assert float(difficulty[1][1]) == pytest.approx(sum(ethics) / len(ethics), abs=1e-4)


def test_the_curves_rise_and_fall_as_they_must(office: MarkingOffice) -> None:
    expected, information = table(office, "expected"), table(office, "information")
    assert expected[0][:2] == ["Form", "θ = -3"]
    for line in expected[1:]:
        assert all(one < other for one, other in pairwise(map(float, line[1:])))
    assert all(0 < float(each) <= 25 for line in information[1:] for each in line[1:])
    with office.server.database.reading() as session:
        passing = comparing_forms.compared(session, 2).at_pass_mark
    below = max(place for place in range(1, len(expected[0])) if sum(float(line[place]) for line in expected[1:]) < 2 * 60)
    low, high = (float(expected[0][place].removeprefix("θ = ")) for place in (below, below + 1))
    assert low <= passing.ability <= high
    assert passing.mean == pytest.approx(sum(float(line[place]) for line in information[1:] for place in (below, below + 1)) / 4, rel=0.01)


@pytest.mark.parametrize(("least", "largest"), [(7, 11), (9, 13)])
def test_the_spread_is_that_of_the_form_furthest_from_the_mean(least: float, largest: float) -> None:
    assert comparing_forms.AtPassMark(0, least, 10, largest).spread == pytest.approx(0.3)


def test_a_workbook_holds_all_figures(office: MarkingOffice) -> None:
    answer = office.client.get(f"{PICTURES}.xlsx")
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == ["Test information", "Expected score", "Items that two forms share", "Use of items", "Mean difficulty by section"]
    assert [cell.value for cell in book.worksheets[2][2]] == ["A", 100, int(table(office, "overlap")[1][2])]


def test_a_picture_that_there_is_not_leads_back_to_the_page(office: MarkingOffice) -> None:
    assert office.client.get(f"{PICTURES}/other.csv").headers["Location"] == PICTURES


def test_papers_of_task_sets_are_refused_in_words(office: MarkingOffice) -> None:
    with office.server.database.writing() as session:
        chosen = [each.digest for each in task_sets(session, PACK, "L3", "skills")]
        number = compose_sets(session, PACK, "L3", "skills", chosen, 1, Actor(1, "first"), at())
    for address in ("pictures", "pictures.xlsx", "pictures/overlap.csv"):
        answer = office.client.get(f"/admin/papers/{number}/{address}")
        assert answer.headers["Location"] == f"/admin/papers/{number}"
    assert "there is nothing to compare" in office.read(f"/admin/papers/{number}")


def test_targets_and_limits_are_those_of_the_specification_drawn_for(office: MarkingOffice) -> None:
    with office.server.database.writing() as session:
        row = session.get_one(FormSetRow, 2)
        row.report = row.report | {"target": {"theta": [-1, 0], "information": [18.5, 20]}}
        row.specification = row.specification | {"exposure_max": "0.5"}
        row.overlap_max = 33
    with office.server.database.reading() as session:
        found = comparing_forms.compared(session, 2)
    assert [(each.ability, each.information) for each in found.target] == [(-1, 18.5), (0, 20)]
    assert (found.allowed_uses, found.allowed_overlap) == (1, 33)
    assert "Circles: the target." in office.read(PICTURES)


# ---------------------------------------------------------------- coordinates


def test_few_forms_have_a_curve_each_and_many_a_band() -> None:
    def drawn(count: int):
        return curves([str(number) for number in range(count)], [-3, 0, 3], [[1, 2 + number / count, 1] for number in range(count)])

    assert (len(drawn(100).lines), drawn(100).band) == (100, "")
    assert drawn(101).lines == ()
    assert len(drawn(101).band.split()) == 6


def test_a_curve_stands_where_its_figures_are() -> None:
    found = curves(["A"], [-3, 0, 3], [[0, 50, 100]], top=100, target=[(-3, 50)], pass_at=(1.5, 100))
    ((_name, points),) = found.lines
    middle = ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2)
    assert [tuple(map(float, point)) for point in found.target] == [(LEFT, middle[1])]
    assert (float(found.pass_x), float(found.pass_y), found.pass_is_right) == (LEFT + (RIGHT - LEFT) * 3 / 4, TOP, True)
    assert not curves(["A"], [-3, 3], [[0, 1]], pass_at=(-1.5, 1)).pass_is_right
    assert [tuple(map(float, point.split(","))) for point in points.split()] == [(LEFT, BOTTOM), middle, (RIGHT, TOP)]


@pytest.mark.parametrize(("highest", "top"), [(0.4, "0.5"), (4.9, "5"), (5.1, "10"), (19, "25"), (26, "50"), (101, "125")])
def test_the_scale_reaches_the_highest_curve(highest: float, top: str) -> None:
    assert curves(["A"], [-3, 3], [[0, highest]]).scale[-1][0] == top


def test_every_use_is_in_one_bar() -> None:
    found = use_bars([1, 1, 2, 5], never=7, forms=10, allowed=10)
    assert [(bar.words, bar.count) for bar in found.bars] == [("0", 7), ("1", 2), ("2", 1), ("3", 0), ("4", 0), ("5", 1)]
    assert found.limit_x is None
    many = use_bars(range(100), never=1, forms=1000, allowed=120)
    assert (sum(bar.count for bar in many.bars), many.bars[0].words) == (101, "0–4")


def test_the_limit_of_use_stands_behind_the_last_bar_allowed() -> None:
    found = use_bars([1, 2, 3], never=0, forms=20, allowed=3)
    assert found.limit_x is not None
    last = found.bars[3]
    assert float(last.x) + float(last.width) < float(found.limit_x) < float(last.x) + float(last.width) + 3


def test_a_section_without_items_has_no_row_and_the_middle_form_is_marked() -> None:
    found = difficulty_plot(["A", "B", "C"], {"one": [1.0, 1.0, 4.0], "none": [float("nan")] * 3})
    assert [(row.name, row.least, row.mean, row.largest) for row in found.rows] == [("one", 1, 2, 4)]
    assert (found.rows[0].middle, dict(found.scale)[4]) == found.rows[0].span


def test_more_forms_than_rows_are_taken_together() -> None:
    names, count = [f"F{number}" for number in range(1, 1 + 2 * MOST_CELLS)], 2 * MOST_CELLS
    overlap = [[row + column for column in range(count)] for row in range(count)]
    found = likeness_map(names, overlap, 40)
    assert (found.block, len(found.pairs)) == (2, MOST_CELLS * (MOST_CELLS + 1) // 2)
    first = found.pairs[0]
    assert (first.one, first.other, first.count) == ("F1–F2", "F1–F2", 1)
