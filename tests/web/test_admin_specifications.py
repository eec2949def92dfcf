"""The office's pages of specifications and of drawing: what may be changed, what may not whatever is sent, and what the page says of it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from examsrv.services import drawings, papers, signing_in, specifying
from examsrv.services.drawing import Wanted
from tests.builders import QUICK_HASHER
from tests.services.shipped_bank import OFFICE, add_bank
from tests.services.sittings_to_mark import COMPONENT, LEVEL, PACK
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import words


@pytest.fixture(scope="module")
def patched() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
        yield


@pytest.fixture
def bare(patched: None, sqlite_url: str) -> Iterator[MarkingOffice]:
    """Give an office whose bank has next to nothing: enough where it is not drawn from."""
    with open_marking_office(sqlite_url) as opened:
        yield opened


@pytest.fixture
def office(bare: MarkingOffice) -> MarkingOffice:
    """Give an office with the shipped bank."""
    with bare.server.database.writing() as session:
        add_bank(session)
    return bare


def line(office: MarkingOffice) -> specifying.SpecificationLine:
    with office.server.database.reading() as session:
        return specifying.usual_specification(session, PACK, LEVEL, COMPONENT)


def page_of(office: MarkingOffice) -> str:
    return f"/admin/specifications/{line(office).id}"


def entered(office: MarkingOffice, **values: object) -> dict[str, object]:
    kinds = {"items_single_choice": 60, "items_multiple_choice": 20, "items_true_false": 20}
    others = {"name": line(office).name, "minutes": 90, "kinds_in_sections": "even", "deviation": 5, "target": "none", "worked_on": 1}
    counts = {f"difficulty_{grade}": count for grade, count in zip(range(1, 6), (10, 30, 35, 20, 5), strict=True)}
    policies = {f"policy_{kind}": "all_or_nothing" for kind in ("single_choice", "multiple_choice", "true_false", "blank", "numeric")}
    policies |= {f"policy_{kind}": "all_or_nothing" for kind in ("matching", "ordering", "table")}
    return {**kinds, **others, **counts, **policies, **values}


def test_the_page_shows_the_locked_weights_and_what_the_bank_has(office: MarkingOffice) -> None:
    page = office.read(page_of(office))
    assert "客户资信管理 40 24 / " in page
    assert "The bank can give such a form." in page


def test_what_was_entered_is_saved_as_a_version(bare: MarkingOffice) -> None:
    more = {"overlap_max": 25, "exposure_max": "12.5", "point_share": 30, "target": "relative", "abilities": "-1，0、 1", "tolerance": "0.5"}
    assert bare.post(page_of(bare), **entered(bare, minutes=120, **more)).status_code == 302
    found = line(bare).specification
    assert (line(bare).version, found.minutes, found.overlap_max, found.exposure_max) == (2, 120, 25, Decimal("0.125"))
    assert (found.target.abilities, found.target.relative) == ((Decimal(-1), Decimal(0), Decimal(1)), Decimal(1))
    assert "Minutes 90 120" in bare.read(f"{page_of(bare)}/versions")


def test_forged_weights_change_nothing(office: MarkingOffice) -> None:
    forged = {"weight_ethics": 50, "sections": "ethics", "percent": 50, "level": "L1", "component": "skills", "occupation": "x"}
    office.post(page_of(office), **entered(office, minutes=120, **forged))
    assert "职业道德 5 3 / " in office.read(page_of(office))
    assert (line(office).specification.level, line(office).specification.component) == (LEVEL, COMPONENT)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"minutes": 89}, "RULE-DURATION"),
        ({"lower_level_share": 21}, "At most 20 percent may come from lower levels."),
        ({"items_single_choice": 59, "difficulty_5": 4}, "the full mark is 100"),
        ({"difficulty_5": 6}, "The difficulty profile counts 101 items"),
        ({"name": ""}, "Enter a name."),
        ({"minutes": "soon"}, "Not a valid integer value."),
        ({"policy_single_choice": "generous"}, "Not a valid choice."),
        ({"target": "absolute", "abilities": "0, 1", "information": "12"}, "1 figures for 2 abilities"),
        ({"target": "relative", "abilities": "high"}, "Enter figures separated by commas"),
        ({"target": "relative", "abilities": "NaN"}, "Enter figures separated by commas"),
        ({"exposure_max": "1e400"}, "A share from 0 to 100 percent."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(bare: MarkingOffice, values: dict[str, object], sentence: str) -> None:
    answer = bare.post(page_of(bare), **entered(bare, **{"overlap_max": 31, **values}))
    assert (answer.status_code, sentence in words(answer), 'value="31"' in answer.get_data(as_text=True)) == (422, True, True)
    assert line(bare).version == 1


@pytest.mark.parametrize("share", [0, 20])
def test_the_edges_of_lower_levels_are_accepted(bare: MarkingOffice, share: int) -> None:
    assert bare.post(page_of(bare), **entered(bare, minutes=91, lower_level_share=share)).status_code == 302


def test_the_later_of_two_windows_is_told_and_keeps_what_it_holds(bare: MarkingOffice) -> None:
    bare.post(page_of(bare), **entered(bare, minutes=120))
    answer = bare.post(page_of(bare), **entered(bare, minutes=95))
    assert (answer.status_code, "Version 2 was saved meanwhile" in words(answer)) == (409, True)
    assert 'value="95"' in answer.get_data(as_text=True)
    assert line(bare).specification.minutes == 120


def test_a_shortage_is_told_where_it_is_while_somebody_types(office: MarkingOffice) -> None:
    counts = {"difficulty_2": 5, "difficulty_3": 0, "difficulty_5": 65}
    answer = office.post(f"{page_of(office)}/check", **entered(office, **counts))
    assert "difficulty 5: 60 items needed, the bank has only" in words(answer)
    assert "The bank cannot give such a form" in words(answer)
    assert line(office).version == 1
    assert office.post(page_of(office), **entered(office, **counts)).status_code == 302


def test_what_more_forms_share_is_reckoned(office: MarkingOffice) -> None:
    assert "1 – – Yes 2 0 20 Yes 30 " in words(office.post(f"{page_of(office)}/check", **entered(office, forms=30)))


def test_what_cannot_be_reckoned_is_told_in_words(bare: MarkingOffice) -> None:
    page = words(bare.post(f"{page_of(bare)}/check", **entered(bare, minutes=89)))
    assert page.count("RULE-DURATION") >= 1


def test_a_copy_is_made_made_usual_and_retired(bare: MarkingOffice) -> None:
    first = page_of(bare)
    copy = bare.post(f"{first}/copy", name="A/B 卷").headers["Location"]
    assert bare.post(f"{first}/copy", name="A/B 卷").headers["Location"] == first
    assert "is called A/B 卷" in bare.read(first)
    bare.post(f"{copy}/usual")
    bare.post(f"{first}/retire")
    assert page_of(bare) == copy
    assert "is out of use: no forms are drawn for it" in bare.read(first)
    bare.post(f"{first}/revive")
    assert "In use" in bare.read("/admin/specifications")


def test_a_level_gets_a_new_specification(bare: MarkingOffice) -> None:
    made = bare.post(f"/admin/specifications/new/{PACK}/L2", name="新卷").headers["Location"]
    assert "新卷" in bare.read(made)
    assert "授信审批 25 15 / " in bare.read(made)


@pytest.mark.parametrize("address", ["/admin/specifications/99", "/admin/specifications/99/versions", "/admin/papers/drawings/99"])
def test_what_is_not_there_is_not_found(bare: MarkingOffice, address: str) -> None:
    assert bare.client.get(address).status_code == 404


def test_a_drawing_is_followed_and_stopped_by_its_page(office: MarkingOffice) -> None:
    answer = office.post("/admin/papers/draw", specification=line(office).id, forms=2000, seed=1)
    address = answer.headers["Location"]
    assert "2000" in office.read(address)
    told = office.client.get(f"{address}/progress").get_json()
    assert (told["running"], set(told["progress"])) == (True, {"phase", "count", "pace", "share"})
    office.post(f"{address}/stop")
    assert "Nothing of it was kept" in office.read(address)
    assert office.client.get(f"{address}/progress").get_json()["running"] is False
    office.post(f"{address}/stop")
    assert "ended already" in office.read(address)


def test_reserve_forms_are_drawn_beside_a_set_from_its_page(office: MarkingOffice) -> None:
    set_page = office.post("/admin/papers/draw", specification=line(office).id, forms=1, seed=1).headers["Location"]
    number = int(set_page.rsplit("/", 1)[1])
    assert "Draw reserve forms" in office.read(set_page)
    made = office.post(f"/admin/papers/draw?beside={number}", specification=line(office).id, forms=1, seed=2, is_disjoint="y").headers["Location"]
    assert f"Reserve forms for Set {number}" in office.read(made)
    with office.server.database.reading() as session:
        assert papers.form_set(session, number).reserves == (int(made.rsplit("/", 1)[1]),)


def test_a_drawing_cut_off_by_a_restart_says_so(bare: MarkingOffice) -> None:
    with bare.server.database.writing() as session:
        number = drawings.ask_for(session, Wanted(line(bare).id, 2, 1), OFFICE, bare.server.now())
    bare.server.drawings.clear_up()
    assert "The server was restarted" in bare.read(f"/admin/papers/drawings/{number}")
