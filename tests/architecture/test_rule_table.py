"""README lists every rule as the registry does, and each id leads to its file."""

import pytest

from examsrv.rules.registry import RULES, Rule
from tests.architecture.rule_table import table, with_table
from tests.architecture.sources import ROOT

README = (ROOT / "README.md").read_text()


def test_readme_lists_every_rule_as_it_is() -> None:
    assert with_table(README, table()) == README, "run: .venv/bin/python -m tests.architecture.rule_table"


def test_a_rule_that_changed_makes_another_table() -> None:
    assert with_table(README, table().replace(RULES[0].id, "RULE-OTHER")) != README


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_searching_for_a_rule_leads_to_its_file(rule: Rule) -> None:
    assert rule.id in (ROOT / rule.file).read_text()
