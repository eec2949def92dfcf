"""RULE-SENIOR: who may examine which level."""

import pytest

from examsrv.rules.qualification import QualificationError, needs_senior, require_qualified
from tests.question_bank.builders import STANDARD


@pytest.mark.parametrize(("level", "is_needed"), [("L4", False), ("L3", False), ("L2", True), ("L1", True)])
def test_only_the_two_highest_levels_need_senior_examiners(level: str, is_needed: bool) -> None:
    assert needs_senior(STANDARD.level(level)) is is_needed


def test_who_is_not_senior_is_refused_by_name() -> None:
    with pytest.raises(QualificationError, match=r"王芳 is no senior examiner; 二级/技师 .*RULE-SENIOR"):
        require_qualified(STANDARD.level("L2"), "王芳", is_senior=False)


@pytest.mark.parametrize(("level", "is_senior"), [("L2", True), ("L1", True), ("L3", False), ("L3", True)])
def test_who_is_qualified_passes(level: str, is_senior: bool) -> None:
    require_qualified(STANDARD.level(level), "王芳", is_senior=is_senior)
