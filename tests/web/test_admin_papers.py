"""The office's pages of papers: drawing, looking, sealing by two persons."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from blueprints.admin.likeness_map import likeness_map, likeness_step
from examsrv.services import papers, reviewing_papers, signing_in, specifying
from examsrv.storage.tables import AuditRow, ItemVersionRow
from tests.builders import QUICK_HASHER
from tests.services.shipped_bank import add_bank, add_forms
from tests.services.sittings_to_mark import COMPONENT, LEVEL, PACK, PASSWORD
from tests.web.marking_office import MarkingOffice, digest_on, open_marking_office
from tests.web.office import words

WANTED = {"forms": 2, "seed": 20261108}


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        yield opened


@pytest.fixture
def drawn(office: MarkingOffice) -> MarkingOffice:
    with office.server.database.writing() as session:
        assert add_forms(session) == 2
    return office


def wanted(office: MarkingOffice) -> dict[str, object]:
    with office.server.database.reading() as session:
        return {**WANTED, "specification": specifying.usual_specification(session, PACK, LEVEL, COMPONENT).id}


def approve(office: MarkingOffice, login: str, password: str = PASSWORD):
    digest = digest_on(office.client.get("/admin/papers/2/seal").get_data(as_text=True))
    return office.post("/admin/papers/2/seal", digest=digest, login=login, password=password)


def form_of(office: MarkingOffice) -> int:
    with office.server.database.reading() as session:
        return papers.form_set(session, 2).forms[0].id


def test_forms_are_drawn_from_a_seed_and_stored(office: MarkingOffice) -> None:
    with office.server.database.writing() as session:
        add_bank(session)
    assert office.post("/admin/papers/draw", **wanted(office)).headers["Location"] == "/admin/papers/2"
    page = office.read("/admin/papers/2")
    assert "Drawn and checked" in page
    assert "Seed 20261108" in page


def test_a_bank_that_is_too_small_is_told_with_all_reasons_and_nothing_typed_is_lost(office: MarkingOffice) -> None:
    with office.server.database.writing() as session:
        add_bank(session)
        for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.kind == "multiple_choice")):
            row.is_current = False
    answer = office.post("/admin/papers/draw", **wanted(office))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("items needed, the bank has only 0") > 1
    assert 'value="20261108"' in page


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"forms": 0}, "Enter a number from 1 to 2000."),
        ({"forms": 2001}, "Enter a number from 1 to 2000."),
        ({"forms": "two"}, "Not a valid integer value."),
        ({"seed": -1}, "A seed is a whole number from 0"),
        ({"seed": 2**63}, "A seed is a whole number from 0 to 9223372036854775807."),
        ({"seed": "seed"}, "Not a valid integer value."),
        ({"specification": 99}, "Not a valid choice."),
    ],
)
def test_bad_input_is_told_beside_the_field(office: MarkingOffice, entered: dict[str, object], sentence: str) -> None:
    answer = office.post("/admin/papers/draw", **wanted(office) | entered)
    assert (answer.status_code, sentence in words(answer)) == (422, True)


def test_points_are_shown_once_or_from_the_fewest_to_the_most(drawn: MarkingOffice) -> None:
    with drawn.server.database.reading() as session:
        sections = reviewing_papers.report_of(session, 2).sections
    page = drawn.read("/admin/papers/2")
    for section in sections:
        span = "–".join(str(points) for points in sorted(set(section.points)))
        assert f"{section.name} {section.weight} {' '.join(section.marks)} Yes {span} / {section.points_of_bank} " in page


@pytest.mark.parametrize(
    ("shared", "allowed", "step"),
    [(0, 40, 0), (1, 40, 1), (8, 40, 1), (9, 40, 2), (32, 40, 4), (33, 40, 5), (40, 40, 5), (41, 40, 5), (0, 0, 0), (1, 0, 5)],
)
def test_the_ground_grows_darker_up_to_the_allowed_overlap(shared: int, allowed: int, step: int) -> None:
    assert likeness_step(shared, allowed) == step


@pytest.mark.parametrize(("forms", "has_figures"), [(2, True), (36, True), (37, False), (40, False)])
def test_every_two_forms_have_a_cell_and_narrow_cells_no_figure(forms: int, has_figures: bool) -> None:
    pictured = likeness_map([str(number) for number in range(forms)], [[7] * forms] * forms, 40)
    assert (len(pictured.pairs), pictured.has_figures) == (forms * (forms - 1) // 2, has_figures)
    assert {(pair.one, pair.other) for pair in pictured.pairs} == {(str(one), str(other)) for other in range(forms) for one in range(other)}


def test_the_scale_names_only_steps_that_a_count_can_have() -> None:
    assert likeness_map("AB", [[1, 1], [1, 1]], 40).scale == ((1, "1–8"), (2, "9–16"), (3, "17–24"), (4, "25–32"), (5, "33–40"))
    assert likeness_map("AB", [[1, 1], [1, 1]], 2).scale == ((3, "1"), (5, "2"))


def test_a_preview_is_without_the_key_and_the_key_goes_into_the_audit(drawn: MarkingOffice) -> None:
    address = f"/admin/papers/2/forms/{form_of(drawn)}"
    assert "L3-" not in drawn.read(address)
    assert "With the key" in words(drawn.post(f"{address}/key"))
    with drawn.server.database.reading() as session:
        assert session.scalars(select(AuditRow.act).order_by(AuditRow.number.desc())).first() == "paper.key_shown"


def test_a_second_person_seals(drawn: MarkingOffice) -> None:
    assert drawn.post("/admin/papers/2/propose").headers["Location"] == "/admin/papers/2/seal"
    assert approve(drawn, "first").status_code == 422
    assert approve(drawn, "second").headers["Location"] == "/admin/papers/2"
    with drawn.server.database.reading() as session:
        assert papers.form_set(session, 2).is_sealed
    assert "already" in words(drawn.client.post("/admin/papers/2/propose", data={"csrf_token": token(drawn)}, follow_redirects=True))


def token(office: MarkingOffice) -> str:
    return office.client.get("/admin/papers/2").get_data(as_text=True).split('name="csrf-token" content="')[1].split('"')[0]


def test_a_set_that_is_not_sealed_can_be_removed_and_a_sealed_one_not(drawn: MarkingOffice) -> None:
    assert drawn.post("/admin/papers/2/discard").headers["Location"] == "/admin/papers"
    assert drawn.client.get("/admin/papers/2").status_code == 404
    assert drawn.post("/admin/papers/1/discard").headers["Location"] == "/admin/papers/1"


@pytest.mark.parametrize("address", ["/admin/papers/99", "/admin/papers/1/forms/99", "/admin/specifications/99"])
def test_what_is_not_there_is_not_found(office: MarkingOffice, address: str) -> None:
    assert office.client.get(address).status_code == 404


@pytest.mark.parametrize("login", ["author", "auditor"])
@pytest.mark.parametrize("address", ["/admin/papers", "/admin/papers/1", "/admin/papers/draw"])
def test_papers_are_for_administrators(office: MarkingOffice, login: str, address: str) -> None:
    assert office.sign_in(login).get(address).status_code == 403
