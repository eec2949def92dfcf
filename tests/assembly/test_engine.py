"""Forms from many seeds and banks, every one judged by the independent checker."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsrv.assembly.checker import violations
from examsrv.assembly.engine import Assembly, assemble
from examsrv.assembly.shortages import ShortageError
from examsrv.domain.specification import KindRequirement, KindsInSections, Specification
from question_bank.item import Item
from question_bank.kinds import PartialCredit
from question_bank.message import ExamError, Message
from tests.assembly.made_up_bank import ITEMS_OF_A_SMALL_BANK, SECTIONS, SPECIFICATION, make_bank, make_item

BANK = make_bank()
LARGE_BANK = make_bank({section: count * 5 for section, count in ITEMS_OF_A_SMALL_BANK.items()}, enemies=120)
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", range(20))
def test_the_checker_finds_nothing_whatever_the_seed(seed: int) -> None:
    bank, forms = (BANK, 1 + seed % 4) if seed % 2 else (make_bank(enemies=seed), 1 + seed % 3)
    made = assemble(bank, SPECIFICATION, SECTIONS, forms, seed)
    assert violations(made.forms, bank, SPECIFICATION, SECTIONS) == []


@pytest.mark.parametrize("forms", [1, 5, 20])
def test_the_checker_finds_nothing_in_forms_of_a_large_bank_with_enemies(forms: int) -> None:
    made = assemble(LARGE_BANK, SPECIFICATION, SECTIONS, forms, 1)
    assert violations(made.forms, LARGE_BANK, SPECIFICATION, SECTIONS) == []


def test_the_same_seed_gives_the_same_forms_in_whatever_order_the_bank_is_read() -> None:
    once = assemble(BANK, SPECIFICATION, SECTIONS, 3, 5)
    again = assemble(BANK[::-1], SPECIFICATION, SECTIONS, 3, 5)
    assert once == again


def test_another_process_draws_the_same_forms() -> None:
    program = """
import json
from examsrv.assembly.engine import assemble
from tests.assembly.made_up_bank import SECTIONS, SPECIFICATION, make_bank
made = assemble(make_bank(enemies=30), SPECIFICATION, SECTIONS, 2, 9)
print(json.dumps([form.items for form in made.forms]))
"""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
        )
        for salt in ("1", "2")
    ]
    assert json.loads(outputs[0].stdout) == json.loads(outputs[1].stdout)


def test_another_seed_gives_other_forms() -> None:
    drawn = {assemble(BANK, SPECIFICATION, SECTIONS, 1, seed).forms[0].items for seed in range(5)}
    assert len(drawn) == 5


def test_a_form_groups_kinds_in_the_specification_s_order_then_sections_in_the_standard_s_then_ids() -> None:
    backwards = replace(SPECIFICATION, kinds=SPECIFICATION.kinds[::-1])
    form = assemble(BANK, backwards, SECTIONS, 1, 1).forms[0]
    kinds, sections = [kind.kind for kind in backwards.kinds], list(SECTIONS)
    items = {item.id: item for item in BANK}
    keys = [(kinds.index(items[each].kind), sections.index(items[each].section), each) for each in form.items]
    assert keys == sorted(keys)


def test_the_profile_is_met_exactly_where_the_bank_allows_it() -> None:
    assert list(assemble(BANK, SPECIFICATION, SECTIONS, 1, 1).report.forms[0].difficulty.values()) == list(SPECIFICATION.difficulty)


def test_a_bank_without_hard_items_comes_as_near_as_the_deviation_allows() -> None:
    bank = [item for item in BANK if item.difficulty < 5]
    assert assemble(bank, SPECIFICATION, SECTIONS, 1, 1).report.forms[0].difficulty[5] == 0
    with pytest.raises(ShortageError, match="difficulty 5: 1 items needed, the bank has only 0"):
        assemble(bank, replace(SPECIFICATION, difficulty_deviation=4), SECTIONS, 1, 1)


def test_no_point_is_asked_twice_while_a_swap_could_ask_another() -> None:
    form = assemble(BANK, SPECIFICATION, SECTIONS, 1, 3).forms[0]
    held = [item for item in BANK if item.id in form.items]
    spare = [item for item in BANK if item.id not in form.items]
    asked = Counter((item.section, item.point) for item in held)
    better = [
        (one.id, other.id)
        for one in held
        for other in spare
        if asked[one.section, one.point] > 1
        and not asked[other.section, other.point]
        and (one.section, one.kind, one.difficulty) == (other.section, other.kind, other.difficulty)
    ]
    assert better == []


def test_items_are_used_evenly_over_the_forms() -> None:
    made = assemble(LARGE_BANK, SPECIFICATION, SECTIONS, 20, 2)
    assert max(made.report.exposure.values()) <= 5
    assert made.report.largest_overlap <= 25


def test_five_forms_of_a_thousand_items_take_less_than_a_second() -> None:
    start = time.process_time()
    assemble(LARGE_BANK, SPECIFICATION, SECTIONS, 5, 1)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("forms", "overlap_max", "deviation"), [(2, 0, 1), (4, 38, 1)])
def test_relief_from_overlap_keeps_to_the_profile(forms: int, overlap_max: int, deviation: int) -> None:
    tight = replace(SPECIFICATION, overlap_max=overlap_max, difficulty_deviation=deviation)
    made = assemble(BANK, tight, SECTIONS, forms, 1)
    assert violations(made.forms, BANK, tight, SECTIONS) == []


def test_a_bank_of_a_thousand_items_is_dealt_out_into_ten_forms() -> None:
    alone = replace(SPECIFICATION, overlap_max=0)
    made = assemble(LARGE_BANK, alone, SECTIONS, 10, 1)
    assert violations(made.forms, LARGE_BANK, alone, SECTIONS) == []


def test_disjoint_forms_are_found_where_the_bank_has_them() -> None:
    bank = make_bank({section: int(marks) * 2 for section, marks in SECTIONS.items()})
    made = assemble(bank, replace(SPECIFICATION, overlap_max=0), SECTIONS, 2, 1)
    assert made.report.largest_overlap == 0
    assert len(made.report.exposure) == 200


def test_forms_may_have_names_of_their_own() -> None:
    made = assemble(BANK, SPECIFICATION, SECTIONS, 2, 1, names=["上午", "下午"])
    assert [form.name for form in made.forms] == ["上午", "下午"]


def test_lower_levels_help_out_only_as_far_as_the_specification_allows() -> None:
    bank = [item for item in BANK if (item.section, item.kind) != ("ethics", "true_false")] + make_bank(level="L4")
    generous = replace(SPECIFICATION, lower_level_share=Decimal("0.01"))
    made = assemble(bank, generous, SECTIONS, 1, 1, lower_levels=["L4"])
    assert violations(made.forms, bank, generous, SECTIONS, ["L4"]) == []
    assert sum(item.startswith("L4") for item in made.forms[0].items) == 1
    with pytest.raises(ShortageError, match="True or false: 1 items needed"):
        assemble(bank, SPECIFICATION, SECTIONS, 1, 1, lower_levels=["L4"])


def test_items_of_another_level_are_never_drawn() -> None:
    made = assemble(BANK + make_bank(level="L2"), SPECIFICATION, SECTIONS, 2, 1)
    assert all(item.startswith("L3") for form in made.forms for item in form.items)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"forms": 0}, "At least one form"),
        ({"seed": -1}, "A seed is a whole number"),
        ({"names": ["A", "A"]}, "2 forms need as many different names"),
        ({"names": ["A"]}, "2 forms need as many different names"),
        ({"sections": {**SECTIONS, "ethics": Decimal(6)}}, "give 100 marks, the sections have 101"),
        ({"items": [*BANK, BANK[0]]}, f"several items with the id {BANK[0].id}"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(changed: dict[str, object], words: str) -> None:
    request = {"items": BANK, "specification": SPECIFICATION, "sections": SECTIONS, "forms": 2, "seed": 1} | changed
    with pytest.raises(ExamError, match=words):
        assemble(**request)


def make_specification(items: list[Item], marks: dict[str, Decimal], **changes: object) -> tuple[Specification, dict[str, Decimal]]:
    """Return the specification, and the sections' marks, that exactly `items` fulfil."""
    kinds = tuple(
        KindRequirement(kind, sum(item.kind == kind for item in items), worth, PartialCredit.ALL_OR_NOTHING) for kind, worth in marks.items()
    )
    profile = tuple(sum(item.difficulty == difficulty for item in items) for difficulty in range(1, 6))
    sections = {section: sum((marks[item.kind] for item in items if item.section == section), Decimal(0)) for section in ("s1", "s2", "s3")}
    asked = tuple(kind for kind in kinds if kind.items)
    specification = replace(SPECIFICATION, kinds=asked, kinds_in_sections=KindsInSections.FREE, difficulty=profile, difficulty_deviation=0)
    return replace(specification, **changes), sections


PARTS = st.tuples(
    st.sampled_from(["s1", "s2", "s3"]),
    st.sampled_from(["single_choice", "multiple_choice", "true_false"]),
    st.integers(1, 5),
    st.sampled_from(["p", "q", "r"]),
)
MARKS = st.fixed_dictionaries(
    {kind: st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(2)]) for kind in ("single_choice", "multiple_choice", "true_false")}
)


@st.composite
def banks(draw: st.DrawFn) -> tuple[list[Item], list[Item]]:
    """Return a bank, and among its items a form in which no two are enemies."""
    items = [make_item(f"i{number:03}", *part) for number, part in enumerate(draw(st.lists(PARTS, min_size=2, max_size=30)))]
    planted = items[: draw(st.integers(1, len(items)))]
    pairs = draw(st.lists(st.tuples(st.sampled_from(items), st.sampled_from(items)), max_size=12))
    enemies = {one.id: other.id for one, other in pairs if not (one in planted and other in planted)}
    bank = [replace(item, enemies=(enemies[item.id],)) if item.id in enemies else item for item in items]
    return draw(st.permutations(bank)), planted


@settings(max_examples=60, deadline=None)
@given(banks(), MARKS, st.integers(0, 2**63))
def test_a_form_is_found_wherever_there_is_one(case: tuple[list[Item], list[Item]], marks: dict[str, Decimal], seed: int) -> None:
    bank, planted = case
    specification, sections = make_specification(planted, marks)
    made = assemble(bank, specification, sections, 1, seed)
    assert violations(made.forms, bank, specification, sections) == []


@settings(max_examples=60, deadline=None)
@given(banks(), MARKS, st.integers(1, 7), st.integers(0, 30), st.sampled_from(KindsInSections))
def test_forms_are_either_right_or_refused_in_words(
    case: tuple[list[Item], list[Item]], marks: dict[str, Decimal], forms: int, overlap_max: int, kinds_in_sections: KindsInSections
) -> None:
    bank, planted = case
    specification, sections = make_specification(planted, marks, overlap_max=overlap_max, kinds_in_sections=kinds_in_sections)
    made, shortages = made_or_refused(bank, specification, sections, forms)
    assert made is not None or (shortages and all(str(shortage) for shortage in shortages))
    assert made is None or violations(made.forms, bank, specification, sections) == []


def made_or_refused(
    bank: list[Item], specification: Specification, sections: dict[str, Decimal], forms: int
) -> tuple[Assembly | None, Sequence[Message]]:
    """Return the forms, or why there are none."""
    try:
        return assemble(bank, specification, sections, forms, 1), ()
    except ShortageError as refusal:
        return None, refusal.shortages
