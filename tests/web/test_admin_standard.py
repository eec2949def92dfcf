"""The office's pages of standards."""

from collections.abc import Iterator

import pytest

from examsrv.services import signing_in
from tests.builders import QUICK_HASHER
from tests.web.marking_office import MarkingOffice, open_marking_office

LEVEL = "/admin/standard/4-05-06-02/L3"


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        yield opened


def test_the_occupations_with_their_levels(office: MarkingOffice) -> None:
    page = office.read("/admin/standard")
    assert all(level in page for level in ("四级/中级工", "三级/高级工", "二级/技师", "一级/高级技师"))


@pytest.mark.parametrize(("candidates", "proctors", "examiners"), [(0, 0, 0), (1, 2, 3), (30, 2, 3), (31, 3, 5), (46, 4, 5)])
def test_the_calculator_asks_the_rules(office: MarkingOffice, candidates: int, proctors: int, examiners: int) -> None:
    page = office.client.get(f"{LEVEL}?candidates={candidates}").get_data(as_text=True)
    figures = [part.split("</strong>")[0] for part in page.split('<td class="num"><strong>')[1:]]
    assert figures == [str(proctors), str(examiners)]


@pytest.mark.parametrize("candidates", ["many", "-5", "", "99999999999999999999"])
def test_odd_numbers_of_candidates_are_answered(office: MarkingOffice, candidates: str) -> None:
    assert office.client.get(f"{LEVEL}?candidates={candidates}").status_code == 200


def test_weights_times_and_conditions_are_those_of_the_standard(office: MarkingOffice) -> None:
    page = office.read(LEVEL)
    assert "客户资信管理 40" in page
    assert "90 minutes 100 60 included" in page
    assert "L3.E2" in page


def test_a_panel_is_asked_for_only_where_there_is_a_review(office: MarkingOffice) -> None:
    assert "Members of a review panel" in office.read("/admin/standard/4-05-06-02/L1").split("Tree of points")[0]
    assert "Members of a review panel" not in office.read(LEVEL).split("Tree of points")[0]


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [("author", LEVEL, 200), ("auditor", LEVEL, 403), ("first", "/admin/standard/4-05-06-02/L9", 404), ("first", "/admin/standard/unknown/L3", 404)],
)
def test_who_may_see_what(office: MarkingOffice, login: str, address: str, status: int) -> None:
    assert office.sign_in(login).get(address).status_code == status
