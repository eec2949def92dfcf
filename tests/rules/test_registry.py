"""Every rule is listed with the place of its only function, and says the figures of any standard."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from examsrv.rules.passing import is_pass
from examsrv.rules.registry import RULES, rule_by_id
from examsrv.rules.staffing import persons_required
from examsrv.rules.timing import require_duration
from examsrv.rules.weights import section_marks
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD, made_up_standard

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_place_told_is_where_the_function_starts(rule) -> None:
    line = (ROOT / rule.file).read_text(encoding="utf-8").splitlines()[rule.line - 1]

    assert line.startswith(f"def {rule.function.__name__}(")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_found_by_its_id_in_the_file_of_its_function(rule) -> None:
    assert rule.id in (ROOT / rule.file).read_text(encoding="utf-8")


def test_ids_are_unique_and_every_staffing_rule_of_the_standard_is_listed() -> None:
    ids = [rule.id for rule in RULES]

    assert len(set(ids)) == len(ids)
    assert {rule.rule for rule in STANDARD.staffing.rules} <= set(ids)


@pytest.mark.parametrize(
    ("rule", "level", "figures"),
    [
        ("RULE-PROCTORS", "L3", ["one for every 15 candidates or part of them, at least 2"]),
        ("RULE-EXAMINERS", "L3", ["one for every 10 candidates or part of them, at least 3, an odd number"]),
        ("RULE-PANEL", "L3", []),
        ("RULE-PANEL", "L2", ["at least 3, an odd number"]),
        ("RULE-DURATION", "L3", ["理论知识考试: at least 90 min", "技能考核: at least 60 min"]),
        ("RULE-PASS", "L3", ["理论知识考试: at least 60 of 100", "技能考核: at least 60 of 100"]),
    ],
)
def test_figures_come_from_the_standard(rule: str, level: str, figures: list[str]) -> None:
    assert [str(figure) for figure in rule_by_id(rule).figures(STANDARD, STANDARD.level(level))] == figures


@pytest.mark.parametrize("name", ["9-99-99-01", "without-levels"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_speaks_about_any_standard(rule, name: str) -> None:
    standard = made_up_standard(name)

    assert all(str(figure) for level in standard.levels for figure in rule.figures(standard, level))


@pytest.mark.parametrize("name", ["4-05-06-02", "9-99-99-01", "without-levels"])
def test_planning_weighing_and_passing_need_no_other_code_for_another_standard(name: str) -> None:
    standard = STANDARD if name == "4-05-06-02" else made_up_standard(name)
    for level in standard.levels:
        for key in level.components:
            component = standard.component(key)
            require_duration(component, component.minimum)
            assert persons_required(standard.staffing.by_component(key), 40) >= 2
            assert component.minimum > timedelta()
        assert sum(section_marks(standard, ComponentKey.THEORY, level.id, Decimal(100)).values()) == 100
        assert is_pass(standard, level.id, {key: standard.component(key).full_mark for key in level.components})
