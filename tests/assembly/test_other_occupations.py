"""A made-up occupation and a scheme without levels: other weights, full marks and levels, and the same code."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from examsrv.assembly.checker import violations
from examsrv.assembly.engine import assemble
from examsrv.assembly.shortages import ShortageError
from examsrv.assembly.terms import terms_of
from examsrv.domain.specification import FaultySpecificationError, Specification
from examsrv.domain.specification_file import read_specification
from question_bank.item import Item
from question_bank.standard import Standard
from question_bank.standard_reading import read_standard
from tests.assembly.made_up_bank import make_bank

STANDARDS = Path(__file__).parents[1] / "standards"


def standard_in(name: str) -> Standard:
    standard, faults = read_standard((STANDARDS / name).read_bytes())
    assert standard is not None, faults
    return standard


def specification_in(text: str) -> Specification:
    specification, faults = read_specification(text)
    assert specification is not None, faults
    return specification


LIGHTHOUSE = standard_in("9-99-99-01.yaml")
KEEPERS = specification_in("""
schema: specification/1
name: 灯塔看守员四级理论知识试卷
occupation: "9-99-99-01"
level: L4
component: theory
minutes: 120
kinds:
  true_false: {items: 60, marks: 0.5}
  single_choice: {items: 60, marks: 1.5}
  multiple_choice: {items: 20, marks: 1.5, partial_credit: each_right}
kinds_in_sections: free
difficulty: {counts: {1: 14, 2: 42, 3: 49, 4: 28, 5: 7}, deviation: 3}
""")
KEEPERS_MARKS = {"duty": Decimal(12), "lamp": Decimal("64.5"), "weather": Decimal("73.5")}
WITHOUT_LEVELS = standard_in("without-levels.yaml")
CERTIFICATE = specification_in("""
schema: specification/1
name: 理论考试
occupation: credit-certificate
level: ALL
component: theory
minutes: 60
kinds:
  single_choice: {items: 50, marks: 2}
difficulty: {counts: {1: 5, 2: 15, 3: 18, 4: 10, 5: 2}, deviation: 5}
overlap_max: 5
""")


def keepers_bank(level: str = "L4") -> list[Item]:
    kinds = ("true_false",) * 4 + ("single_choice",) * 4 + ("multiple_choice",) * 2
    return make_bank({"duty": 60, "lamp": 200, "weather": 200}, level=level, kinds=kinds)


@pytest.mark.parametrize("seed", range(5))
def test_half_marks_and_a_full_mark_of_150_come_out_exactly(seed: int) -> None:
    terms, bank = terms_of(LIGHTHOUSE, KEEPERS), keepers_bank()
    made = assemble(bank, KEEPERS, terms.sections, 2, seed)
    assert dict(made.report.forms[0].marks) == dict(terms.sections) == KEEPERS_MARKS
    assert violations(made.forms, bank, KEEPERS, terms.sections) == []


def test_the_section_is_named_as_its_own_standard_does() -> None:
    terms = terms_of(LIGHTHOUSE, KEEPERS)
    with pytest.raises(ShortageError, match=r"气象: 73\.5 marks needed, the items of the bank give only 0"):
        assemble(make_bank({"duty": 60, "lamp": 200}, level="L4"), KEEPERS, terms.sections, 1, 1, section_names=terms.section_names)


def test_only_levels_below_may_help_out() -> None:
    assert terms_of(LIGHTHOUSE, KEEPERS).lower_levels == {"L5"}
    generous = replace(KEEPERS, lower_level_share=Decimal("0.2"))
    terms = terms_of(LIGHTHOUSE, generous)
    bank = [item for item in keepers_bank() if item.section != "duty"] + keepers_bank("L5")
    made = assemble(bank, generous, terms.sections, 1, 1, lower_levels=terms.lower_levels)
    assert violations(made.forms, bank, generous, terms.sections, terms.lower_levels) == []
    assert {item.section for item in bank if item.id in made.forms[0].items and item.level == "L5"} == {"duty"}


def test_a_section_with_a_dash_at_the_level_gets_no_item() -> None:
    lowest = replace(KEEPERS, level="L5")
    terms, bank = terms_of(LIGHTHOUSE, lowest), keepers_bank("L5")
    made = assemble(bank, lowest, terms.sections, 1, 1)
    assert "weather" not in terms.sections
    assert not any("weather" in item for item in made.forms[0].items)


def test_a_scheme_without_levels_is_assembled_too() -> None:
    terms = terms_of(WITHOUT_LEVELS, CERTIFICATE)
    bank = make_bank({"credit": 120, "finance": 140}, level="ALL")
    with pytest.raises(ShortageError, match=r"信用基础: 45 marks needed, at most 44 fit|信用基础: at most 45 marks allowed"):
        assemble(bank, CERTIFICATE, terms.sections, 2, 1, section_names=terms.section_names)
    halves = replace(CERTIFICATE, kinds=(replace(CERTIFICATE.kinds[0], items=100, marks=Decimal(1)),), difficulty=(10, 30, 36, 20, 4))
    made = assemble(bank, replace(halves, overlap_max=100), terms.sections, 2, 1)
    assert violations(made.forms, bank, replace(halves, overlap_max=100), terms.sections) == []


@pytest.mark.parametrize(("changed", "place"), [({"minutes": 119}, "minutes"), ({"level": "L3"}, "level")])
def test_a_specification_that_does_not_fit_its_standard_is_refused(changed: dict[str, object], place: str) -> None:
    with pytest.raises(FaultySpecificationError) as refusal:
        terms_of(LIGHTHOUSE, replace(KEEPERS, **changed))
    assert [fault.place for fault in refusal.value.faults] == [place]
