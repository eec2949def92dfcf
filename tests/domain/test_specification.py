"""Reading a specification, what it says of itself, and whether it fits its standard."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.domain.form import form_name
from examsrv.domain.specification import FaultySpecificationError, KindsInSections, Specification, Target
from examsrv.domain.specification_file import load_specification, read_specification
from examsrv.domain.specification_fit import misfits
from question_bank.kinds import PartialCredit
from question_bank.message import ExamError
from question_bank.pack import PACKS, load_standard

FILE = PACKS / "4-05-06-02" / "specifications" / "theory-level-3.yaml"
TEXT = FILE.read_text(encoding="utf-8")
SPECIFICATION = load_specification(FILE)
STANDARD = load_standard("4-05-06-02")


def places(text: str) -> list[str]:
    specification, faults = read_specification(text)
    assert specification is None
    return [fault.place.partition(" ")[0] for fault in faults]


def read(text: str) -> Specification:
    specification, faults = read_specification(text)
    assert specification is not None, faults
    return specification


def test_the_shipped_specification_asks_for_a_hundred_items_of_one_mark() -> None:
    assert (SPECIFICATION.items, SPECIFICATION.marks, SPECIFICATION.minutes) == (100, Decimal(100), 90)
    assert [(kind.kind, kind.items) for kind in SPECIFICATION.kinds] == [("single_choice", 60), ("multiple_choice", 20), ("true_false", 20)]
    assert sum(SPECIFICATION.difficulty) == 100


def test_the_shipped_specification_fits_its_standard() -> None:
    assert misfits(SPECIFICATION, STANDARD) == []


def test_multiple_choice_is_all_or_nothing_unless_the_file_says_otherwise() -> None:
    silent = read(TEXT.replace(", partial_credit: all_or_nothing", ""))
    generous = read(TEXT.replace("items: 20, marks: 1, partial_credit: all_or_nothing", "items: 20, marks: 1, partial_credit: each_right", 1))
    assert silent.policy("multiple_choice") is PartialCredit.ALL_OR_NOTHING
    assert generous.policy("multiple_choice") is PartialCredit.EACH_RIGHT


def test_a_policy_is_refused_for_a_kind_that_the_paper_has_not() -> None:
    with pytest.raises(ExamError, match="essay"):
        SPECIFICATION.policy("essay")


def test_what_may_be_left_out_has_a_default() -> None:
    optional = ("kinds_in_sections", "lower_level_share", "overlap_max")
    short = read("\n".join(line for line in TEXT.splitlines() if not line.startswith(optional)))
    assert (short.kinds_in_sections, short.lower_level_share, short.overlap_max) == (KindsInSections.EVEN, 0, None)


def test_cases_are_none_unless_the_file_asks_for_them_and_then_change_the_digest() -> None:
    asking = read(f"{TEXT}cases: 2\n")
    assert (SPECIFICATION.cases, asking.cases) == (0, 2)
    assert SPECIFICATION.digest == read(f"{TEXT}cases: 0\n").digest != asking.digest


def test_limits_and_target_are_read_and_change_the_digest_only_where_they_say_something() -> None:
    text = f"{TEXT}point_share: 1\nexposure_max: 0.25\ntarget: {{theta: [-1, 0, 1], relative: 1.5}}\n"
    asking = read(text)
    assert (asking.point_share, asking.exposure_max) == (1, Decimal("0.25"))
    assert asking.target == Target((Decimal(-1), Decimal(0), Decimal(1)), Decimal("1.5"), None, Decimal("0.1"))
    assert asking.digest != SPECIFICATION.digest == read(f"{TEXT}point_share: 0\nexposure_max: null\ntarget: null\n").digest


def test_a_target_may_name_the_information_itself_at_the_edge_of_the_abilities() -> None:
    asking = read(f"{TEXT}target: {{theta: [-6, 6], information: [1, 2.5], tolerance: 1}}\n")
    assert asking.target == Target((Decimal(-6), Decimal(6)), None, (Decimal(1), Decimal("2.5")), Decimal(1))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("minutes: 90", "minutes: 90\ncases: 101", "cases"),
        ("minutes: 90", "minutes: 90\ncases: -1", "cases"),
        ("schema: specification/1", "schema: specification/2", "schema"),
        ("name: 信用管理师三级理论知识试卷", "name: ''", "name"),
        ("level: L3\n", "", "level"),
        ("minutes: 90", "minutes: 0", "minutes"),
        ("minutes: 90", "minutes: 90.5", "minutes"),
        ("true_false: {items: 20", "true_false: {items: 0", "kinds.true_false.items"),
        ("true_false: {items: 20, marks: 1", "true_false: {items: 20, marks: 0", "kinds.true_false.marks"),
        ("true_false: {items: 20, marks: 1", "true_false: {items: 20, marks: yes", "kinds.true_false.marks"),
        ("true_false:", "essay:", "kinds.essay"),
        ("true_false:", "single_choice:", "kinds"),
        ("all_or_nothing", "some", "kinds.single_choice.partial_credit"),
        ("kinds_in_sections: even", "kinds_in_sections: odd", "kinds_in_sections"),
        ("{1: 10,", "{1: 11,", "difficulty.counts"),
        ("{1: 10, 2: 30", "{2: 40", "difficulty.counts"),
        ("5: 5}", "5: 5, 6: 0}", "difficulty.counts.6"),
        ("deviation: 5", "deviation: -1", "difficulty.deviation"),
        ("lower_level_share: 0", "lower_level_share: 1.01", "lower_level_share"),
        ("lower_level_share: 0", "lower_level_share: -0.01", "lower_level_share"),
        ("overlap_max: null", "overlap_max: -1", "overlap_max"),
        ("minutes: 90", "minutes: 90\nsections: {ethics: 10}", "sections"),
        ("minutes: 90", "minutes: 90\npoint_share: 1.01", "point_share"),
        ("minutes: 90", "minutes: 90\nexposure_max: -0.01", "exposure_max"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0]}", "target"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [], relative: 1}", "target.theta"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0, 0.0], relative: 1}", "target.theta"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [6.01], relative: 1}", "target.theta"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0], relative: 0}", "target.relative"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0], relative: 1, information: [20]}", "target"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0, 1], information: [20]}", "target.information"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0], information: [0]}", "target.information"),
        ("minutes: 90", "minutes: 90\ntarget: {theta: [0], relative: 1, tolerance: 0}", "target.tolerance"),
    ],
)
def test_a_fault_is_found_at_its_place(old: str, new: str, place: str) -> None:
    assert old in TEXT
    assert place in places(TEXT.replace(old, new))


def test_every_fault_is_found_and_not_only_the_first() -> None:
    broken = TEXT.replace("minutes: 90", "minutes: 0").replace("deviation: 5", "deviation: x").replace("level: L3\n", "")
    assert set(places(broken)) == {"minutes", "difficulty.deviation", "level"}


def test_the_edges_of_a_share_are_accepted() -> None:
    assert read(TEXT.replace("lower_level_share: 0", "lower_level_share: 1")).lower_level_share == 1


@given(st.text() | st.sampled_from([TEXT[:cut] for cut in range(0, len(TEXT), 7)]))
def test_no_text_raises_anything(text: str) -> None:
    specification, faults = read_specification(text)
    assert (specification is None) == bool(faults)


def test_a_faulty_file_is_refused_with_all_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(TEXT.replace("minutes: 90", "minutes: 0").replace("level: L3\n", ""), encoding="utf-8")
    with pytest.raises(FaultySpecificationError) as refusal:
        load_specification(file)
    assert len(refusal.value.faults) == 2


def test_the_digest_depends_on_the_values_and_not_on_their_spelling() -> None:
    assert read(TEXT.replace("marks: 1,", "marks: 1.0,") + "\n# a remark").digest == SPECIFICATION.digest


@pytest.mark.parametrize(
    "changed",
    [{"minutes": 91}, {"level": "L2"}, {"difficulty_deviation": 6}, {"overlap_max": 20}, {"kinds": SPECIFICATION.kinds[::-1]}],
)
def test_every_value_changes_the_digest(changed: dict[str, object]) -> None:
    assert replace(SPECIFICATION, **changed).digest != SPECIFICATION.digest


@pytest.mark.parametrize(("forms", "most"), [(1, 20), (2, 20), (3, 40), (10, 40)])
def test_two_forms_share_at_most_twenty_items_and_more_forms_forty(forms: int, most: int) -> None:
    assert SPECIFICATION.largest_overlap(forms) == most


def test_the_limit_of_the_file_goes_before_the_default() -> None:
    assert replace(SPECIFICATION, overlap_max=0).largest_overlap(2) == 0


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"occupation": "4-05-06-03"}, "occupation"),
        ({"level": "L5"}, "level"),
        ({"component": "review"}, "component"),
        ({"component": "essay"}, "component"),
        ({"minutes": 89}, "minutes"),
        ({"kinds": SPECIFICATION.kinds[:2]}, "kinds"),
    ],
)
def test_what_contradicts_the_standard_is_told(changed: dict[str, object], place: str) -> None:
    assert [fault.place for fault in misfits(replace(SPECIFICATION, **changed), STANDARD)] == [place]


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")])
def test_forms_are_lettered_like_columns_of_a_sheet(number: int, name: str) -> None:
    assert form_name(number) == name
