"""The shipped standard is read whole; every contradiction planted into it is found with its place; nothing makes a traceback."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.pack import PACKS
from question_bank.standard import ComponentKey, PointKind, UnknownPartError
from question_bank.standard_reading import read_standard
from tests.question_bank.builders import CODE, STANDARD, STANDARDS, made_up_standard

TEXT = (PACKS / CODE / "standard.yaml").read_text(encoding="utf-8")
SMALL = (STANDARDS / "9-99-99-01.yaml").read_text(encoding="utf-8")
WITHOUT_LEVELS = (STANDARDS / "without-levels.yaml").read_text(encoding="utf-8")


def test_the_shipped_standard_has_no_fault() -> None:
    assert read_standard(TEXT)[1] == []


@pytest.mark.parametrize(
    ("level", "theory", "skills"),
    [
        ("L4", [5, 20, 20, 15, 15, 15, 10], [25, 20, 20, 20, 15]),
        ("L3", [5, 15, 40, 15, 25], [50, 20, 30]),
        ("L2", [5, 10, 20, 15, 15, 25, 10], [20, 15, 15, 30, 15, 5]),
        ("L1", [5, 5, 15, 15, 15, 25, 20], [20, 15, 5, 15, 25, 20]),
    ],
)
def test_the_weights_are_those_of_tables_4_1_and_4_2(level: str, theory: list[int], skills: list[int]) -> None:
    assert [percent for _, percent in STANDARD.sections(ComponentKey.THEORY, level)] == theory
    assert [percent for _, percent in STANDARD.sections(ComponentKey.SKILLS, level)] == skills


def test_levels_stand_from_the_lowest_and_are_found_by_id_or_code() -> None:
    assert [level.id for level in STANDARD.levels] == ["L4", "L3", "L2", "L1"]
    assert STANDARD.level(3) is STANDARD.level("L3")
    with pytest.raises(UnknownPartError):
        STANDARD.level(5)


def test_components_hold_marks_and_times() -> None:
    theory = STANDARD.component(ComponentKey.THEORY)

    assert (theory.full_mark, theory.pass_mark, theory.minimum) == (Decimal(100), Decimal(60), timedelta(minutes=90))


def test_a_bare_heading_is_a_point_itself() -> None:
    assert STANDARD.points("L3")[0].id == "B2.1.1"


def test_a_point_without_a_printed_number_has_the_corrected_one() -> None:
    point = next(point for point in STANDARD.points("L4") if point.id == "L4.K2.2.1")

    assert (point.printed, point.code) == (None, "2.2.1")


def test_theory_asks_what_one_must_know_and_skills_what_one_must_do() -> None:
    assert {point.kind for point in STANDARD.points_of(ComponentKey.THEORY, "L2")} == {PointKind.BASIC, PointKind.KNOWLEDGE}
    assert {point.kind for point in STANDARD.points_of(ComponentKey.SKILLS, "L2")} == {PointKind.SKILL}


def test_a_function_without_theory_weight_is_asked_in_skills_only() -> None:
    keys = {component: {point.weight_key for point in STANDARD.points_of(component, "L2")} for component in ComponentKey}

    assert "training_guidance" not in keys[ComponentKey.THEORY]
    assert "training_guidance" in keys[ComponentKey.SKILLS]


def test_made_up_standards_are_read_by_the_same_schema() -> None:
    assert made_up_standard("9-99-99-01").staffing.proctors.candidates_per_person == 20
    assert not made_up_standard("without-levels").scheme.has_levels


def test_a_scheme_without_levels_has_one_without_a_name() -> None:
    level = made_up_standard("without-levels").level(None)

    assert (level.id, level.code, level.name) == ("ALL", None, None)


FIVE = "name_en: Level 5, components: [theory, skills]"
TWO_LEVELS = "levels:\n  - {id: B, code: null, rank: 2, name: null, name_en: null, components: [theory]}\n"
NO_STANDARD = ["", "[]", "7", "null", "- a", "a: 1", "levels: {}", b"\xff", "[" * 9000, "a: !!set {}", "x: 0x" + "f" * 5000, "9" * 5000]
PLANTED = [
    (SMALL, "L5: 88, L4: 43", "L5: 87, L4: 43", "weights.theory", "The column L5 sums to 99, not 100"),
    (SMALL, "L5: 100, L4: 65", "L5: 100, L4: 66", "weights.skills", "The column L4 sums to 101, not 100"),
    (SMALL, "L5: 12, L4: 8}", "L5: 12}", "weights.theory[0].L4", "missing"),
    (SMALL, "L5: 12, L4: 8}", "L5: 12, L4: 8, L9: 3}", "weights.theory[0].L9", "level L9 is not defined"),
    (SMALL, "L5: 12, L4: 8}", "L5: 12.5, L4: 8}", "weights.theory[0].L5", "whole number"),
    (SMALL, "L5: 88, L4: 43", "L5: 880, L4: 43", "weights.theory[1].L5", "880 is too large"),
    (SMALL, "{key: weather, name: 气象, L5: null, L4: 49}", "{key: lamp, name: 灯器, L5: null, L4: 49}", "weights.theory[2].key", "stands twice"),
    (SMALL, "weight_key: weather", "weight_key: lamp", "weights.theory[2].L4", "the tree has nothing under it"),
    (SMALL, "name: 气象, L5: null, L4: 49", "name: 气象, L5: 3, L4: 49", "weights.theory[2].L5", "weather carries marks at L5, but"),
    (SMALL, "weight_key: weather", "weight_key: storm", "tree[1].functions[1].weight_key", "in no weight table"),
    (SMALL, "weight_key: duty", "weight_key: lamp", "weights.theory[0].L5", "the tree has nothing under it"),
    (SMALL, "name: 气象\n", "name: 气候\n", "tree[1].functions[1].name", "differs"),
    (SMALL, "L5.S1.1.1,", "L5.K1.1.1,", "tree[0].functions[0].work_contents[0].skills[0].id", "The id L5.K1.1.1 stands twice"),
    (SMALL, "{id: L5.K1.1.1", "{id: L5.K1.1.2", "tree[0].functions[0].work_contents[0].knowledge[0].id", "does not end in the number 1.1.1"),
    (SMALL, 'code: null, code_norm: "2.1.1"', "code: null", "work_contents[0].knowledge[0].code_norm", "needs a corrected one"),
    (SMALL, "label: 换灯芯", "name: 换, label: 换灯芯", "skills[0]", "either a name or a label"),
    (SMALL, "number: 2", "number: 3", "tree[1].functions[1].number", "numbered 1, 2, 3"),
    (SMALL, "- level: L5", "- level: L4", "tree", "The level L5 has no functions"),
    (SMALL, "- level: L5", "- level: L7", "tree[0].level", "The level L7 is not defined"),
    (SMALL, "code: 5, rank: 1", "code: 3, rank: 1", "levels[1].code", "higher rank must have a smaller code"),
    (SMALL, "code: 5, rank: 1", "code: 4, rank: 1", "levels[1].code", "4 stands twice"),
    (SMALL, "code: 5, rank: 1", "code: 5, rank: 3", "levels[0].rank", "Ranks must run"),
    (SMALL, "code: 5, rank: 1", "code: null, rank: 1", "levels[0].code", "Only a scheme without levels"),
    (
        SMALL,
        FIVE,
        FIVE.replace("skills", "review"),
        "levels[0].components[1]",
        "review is not defined",
    ),
    (
        SMALL,
        FIVE,
        FIVE.replace("skills", "talk"),
        "levels[0].components[1]",
        "talk is not one of",
    ),
    (
        SMALL,
        FIVE,
        FIVE.replace("theory", "skills"),
        "levels[0].components[1]",
        "skills stands twice",
    ),
    (SMALL, "pass_mark: 90", "pass_mark: 151", "components.theory.pass_mark", "above the full mark"),
    (SMALL, "pass_inclusive: false", "pass_inclusive: 0", "components.skills.pass_inclusive", "true or false is wanted"),
    (SMALL, "min_minutes: 45", 'min_minutes: "45"', "components.skills.min_minutes", "whole number is wanted"),
    (SMALL, "min_minutes: 45", "min_minutes: 0", "components.skills.min_minutes", "0 is too small"),
    (SMALL, "assesses: [技能要求], ", "", "weights.skills", "exactly if it assesses"),
    (SMALL, "  skills: {places: [灯塔], needs: [灯]}\n", "", "venues.skills", "no venue"),
    (SMALL, "candidates_per_person: 20", "candidates_per_person: 21", "staffing.proctors.ratio", "contradict"),
    (SMALL, "candidates_per_person: 20, ", "", "staffing.proctors.candidates_per_person", "missing"),
    (SMALL, "least: 5, odd: true", "least: 6, odd: true", "staffing.examiners.least", "even"),
    (SMALL, "rule: RULE-EXAMINERS", "rule: RULE-PROCTORS", "staffing.examiners.rule", "RULE-EXAMINERS"),
    (SMALL, "component: skills, scope", "component: theory, scope", "staffing.examiners.component", "about skills"),
    (SMALL, "  examiners: {", "  helpers: {", "staffing.examiners", "needs this staffing rule"),
    (SMALL, "min: bachelor", "min: wizard", "eligibility.L4.any_of[0].degree.min", "wizard is not in degree_order"),
    (SMALL, "at_least_level: 5", "at_least_level: 4", "eligibility.L4.any_of[0].certificate.at_least_level", "lower level"),
    (SMALL, "at_least_level: 5", "at_least_level: 6", "eligibility.L4.any_of[0].certificate.at_least_level", "no level 6"),
    (SMALL, "after_certificate: false", "after_certificate: true", "eligibility.L5.any_of[0].experience.after_certificate", "no certificate"),
    (SMALL, "  L4:\n    any_of:", "  L2:\n    any_of:", "eligibility.L4", "missing"),
    (SMALL, "  L4:\n    any_of:", "  L2:\n    any_of:", "eligibility.L2", "The level L2 is not defined"),
    (SMALL, "majors: [own]", "majors: [any]", "eligibility.L4.any_of[0].degree.majors[0]", "any is not one of"),
    (SMALL, "own_occupation: [灯塔看守员]", "own_occupation: [渔民]", "definitions.own_occupation", "itself is missing"),
    (SMALL, "related_occupations: [船长]", "related_occupations: [灯塔看守员]", "definitions.related_occupations", "own and related"),
    (SMALL, "degree_order: [none, associate", "degree_order: [none, none, associate", "definitions.degree_order[1]", "none stands twice"),
    (SMALL, '"2026-01-15"', '"2026-02-30"', "occupation.promulgated_on", "not accepted"),
    (SMALL, '"9-99-99-01"', '"9-99-1"', "occupation.code", "written like"),
    (SMALL, "schema: occupation-standard/1", "schema: other/1", "schema", "other/1 is not one of"),
    (SMALL, "irregularities: []", "irregularities: []\nextra: 1", "extra", "unknown"),
    (SMALL, "irregularities: []", "irregularities:\n- {id: X1, where: [L5.F9], what: a, handling: b}", "irregularities[0].where[0]", "L5.F9"),
    (SMALL, "key: duty", "key: Duty!", "weights.theory[0].key", "not written as it should be"),
    (SMALL, 'edition: "2026"', 'edition: ""', "occupation.edition", "may not be empty"),
    (SMALL, "irregularities: []", "irregularities: []\nirregularities: []", "/", "The key irregularities stands twice"),
    (WITHOUT_LEVELS, "code: null, rank", "code: 3, rank", "levels[0].code", "leaves this empty"),
    (WITHOUT_LEVELS, "certificate_code: own", "certificate_code: national", "scheme.certificate_code", "needs a level"),
    (
        WITHOUT_LEVELS,
        "levels:\n",
        TWO_LEVELS,
        "levels",
        "exactly one entry",
    ),
]


@pytest.mark.parametrize(("text", "old", "new", "place", "words"), PLANTED)
def test_a_planted_fault_is_found_at_its_place(text: str, old: str, new: str, place: str, words: str) -> None:
    assert text.count(old) >= 1

    standard, faults = read_standard(text.replace(old, new, 1))

    assert standard is None
    assert any(place in fault.place and words in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_all_faults_are_told_not_only_the_first() -> None:
    text = SMALL.replace("least: 5, odd", "least: 6, odd").replace("L5: 88", "L5: 87").replace("pass_mark: 90", "pass_mark: many")

    places = {re.sub(r" \(line.*", "", fault.place) for fault in read_standard(text)[1]}

    assert places == {"staffing.examiners.least", "weights.theory", "components.theory.pass_mark"}


def test_a_fault_tells_its_line() -> None:
    line = next(number for number, row in enumerate(SMALL.splitlines(), start=1) if "rank: 1" in row)

    assert read_standard(SMALL.replace("rank: 1", "rank: x"))[1][0].place == f"levels[0].rank (line {line})"


@pytest.mark.parametrize("text", NO_STANDARD)
def test_what_is_no_standard_is_refused_in_words(text: str | bytes) -> None:
    standard, faults = read_standard(text)

    assert standard is None
    assert all(str(fault) for fault in faults)
    assert faults


STRANGE = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**17) | st.sampled_from(["L3", "L4", "theory", "own", "", "1:15", "基础", "2021-02-30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "key", "level", "components", "L4", "x"]), inner, max_size=3),
    max_leaves=6,
)


def places_in(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the place of every value inside `value`."""
    steps = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [place for step in steps for place in [(*path, step), *places_in(value[step], (*path, step))]]


PLACES = places_in(yaml.safe_load(SMALL))


def mangle(document: object, place: tuple[str | int, ...], change: Callable[[object, str | int], None]) -> None:
    """Apply `change` to the holder of `place`, if earlier changes have left one."""
    holder = document
    for step in place[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(holder, dict) if isinstance(place[-1], str) else isinstance(holder, list) and place[-1] < len(holder):
        change(holder, place[-1])


def replacing(value: object) -> Callable[[object, str | int], None]:
    """Return the change that puts `value` there."""
    return lambda holder, step: holder.__setitem__(step, value)


def deleting(holder: object, step: str | int) -> None:
    """Take away what stands there."""
    if isinstance(holder, list) or step in holder:
        del holder[step]


CHANGES = st.lists(st.tuples(st.sampled_from(PLACES), STRANGE.map(replacing) | st.just(deleting)), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_no_mangled_standard_makes_a_traceback(changes: list[tuple[tuple[str | int, ...], Callable[[object, str | int], None]]]) -> None:
    document = yaml.safe_load(SMALL)
    for place, change in changes:
        mangle(document, place, change)

    standard, faults = read_standard(yaml.safe_dump(document, allow_unicode=True))

    assert (standard is None) == bool([str(fault) for fault in faults])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, 200), st.text(alphabet="-:[]{}&*!|>'\"\\ \n\t#%@`x1", max_size=4))
def test_no_damaged_text_makes_a_traceback(start: int, length: int, filling: str) -> None:
    standard, faults = read_standard(SMALL[:start] + filling + SMALL[start + length :])

    assert (standard is None) == bool([str(fault) for fault in faults])
