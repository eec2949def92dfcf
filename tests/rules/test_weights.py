"""RULE-WEIGHTS: marks per section follow the tables exactly (DOMAIN 1.5)."""

from decimal import Decimal

import pytest

from examsrv.rules.weights import WeightError, require_section_marks, section_marks
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD, made_up_standard

THEORY, SKILLS = ComponentKey.THEORY, ComponentKey.SKILLS
LEVEL_3 = {"ethics": 5, "basic_knowledge": 15, "customer_credit_management": 40, "whole_process_control": 15, "collection": 25}


@pytest.mark.parametrize("component", [THEORY, SKILLS])
@pytest.mark.parametrize("level", ["L4", "L3", "L2", "L1"])
@pytest.mark.parametrize("full_mark", [Decimal(100), Decimal(150), Decimal("99.9")])
def test_the_sections_share_out_the_full_mark(component: ComponentKey, level: str, full_mark: Decimal) -> None:
    assert sum(section_marks(STANDARD, component, level, full_mark).values()) == full_mark


def test_a_paper_of_a_hundred_marks_has_its_weights_as_marks() -> None:
    assert section_marks(STANDARD, THEORY, "L3", Decimal(100)) == LEVEL_3


def test_marks_are_exact_for_any_full_mark() -> None:
    assert section_marks(STANDARD, THEORY, "L3", Decimal(33))["ethics"] == Decimal("1.65")


def test_training_guidance_carries_skills_marks_and_no_theory_marks() -> None:
    assert "training_guidance" not in section_marks(STANDARD, THEORY, "L1", Decimal(100))
    assert section_marks(STANDARD, SKILLS, "L1", Decimal(100))["training_guidance"] == 5


def test_a_review_has_no_sections() -> None:
    assert section_marks(STANDARD, ComponentKey.REVIEW, "L1", Decimal(100)) == {}


@pytest.mark.parametrize(
    ("name", "level", "marks"),
    [
        ("9-99-99-01", "L4", {"duty": 12, "lamp": Decimal("64.5"), "weather": Decimal("73.5")}),
        ("without-levels", "ALL", {"credit": Decimal("67.5"), "finance": Decimal("82.5")}),
    ],
)
def test_another_standard_has_its_own_weights(name: str, level: str, marks: dict[str, Decimal]) -> None:
    assert section_marks(made_up_standard(name), THEORY, level, Decimal(150)) == marks


def test_a_paper_with_the_right_marks_is_accepted_whatever_its_full_mark() -> None:
    require_section_marks(STANDARD, THEORY, "L3", {key: Decimal(marks) / 2 for key, marks in LEVEL_3.items()})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ethics": 6, "collection": 24}, "职业道德 must carry 5 marks, it carries 6"),
        ({"ethics": 0, "collection": 30}, "职业道德 must carry 5 marks, it carries 0"),
        ({"collection": 20, "credit_approval": 5}, "商账追收 must carry 25 marks, it carries 20"),
        ({"ethics": Decimal("5.001"), "collection": Decimal("24.999")}, "职业道德 must carry 5 marks, it carries 5.001"),
    ],
)
def test_a_paper_that_shifts_marks_is_refused_with_both_figures(change, words: str) -> None:
    with pytest.raises(WeightError, match=words):
        require_section_marks(STANDARD, THEORY, "L3", {key: Decimal(marks) for key, marks in {**LEVEL_3, **change}.items()})
