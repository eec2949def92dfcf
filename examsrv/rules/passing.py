"""Who has passed, and how a mark is shown: RULE-PASS and RULE-MARK-SHOWN. Exact marks decide; nothing is rounded, averaged or made up for."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey, Standard

Mark: TypeAlias = Decimal | Fraction
"""An exact mark. Binary floating point is none."""

DECIMALS_SHOWN = 1
HALF = Fraction(1, 2)


class MarkError(ExamError):
    """A mark is not possible."""


def is_pass(standard: Standard, level: str, marks: Mapping[ComponentKey, Mark]) -> bool:
    """Tell whether every component of the level has a mark and reaches its pass mark (皆达)."""
    return not components_not_passed(standard, level, marks)


def components_not_passed(standard: Standard, level: str, marks: Mapping[ComponentKey, Mark]) -> tuple[ComponentKey, ...]:
    """Return the components of the level that have no mark or do not reach their pass mark, in the level's order."""
    wanted = standard.level(level).components
    return tuple(key for key in wanted if key not in marks or not is_component_passed(standard.component(key), marks[key]))


def is_component_passed(component: Component, mark: Mark) -> bool:
    """Tell whether `mark` reaches the pass mark, which itself passes if the standard includes it. Refuses an impossible mark."""
    exact = require_mark(component, mark)
    passing = Fraction(component.pass_mark)
    return exact >= passing if component.pass_inclusive else exact > passing


def shown_mark(component: Component, mark: Mark, decimals: int = DECIMALS_SHOWN) -> str:
    """Return `mark` rounded half up to `decimals`, except that what is shown never stands on the other side of the pass mark: 59.96 is 59.9."""
    exact = require_mark(component, mark)
    shown = _in_steps(floor(exact * 10**decimals + HALF), decimals)
    passed = is_component_passed(component, exact)
    if is_component_passed(component, shown) != passed:
        shown = _in_steps((ceil if passed else floor)(exact * 10**decimals), decimals)
    return f"{shown:f}"


def require_mark(component: Component, mark: object) -> Fraction:
    """Return `mark` as a fraction; refuse with `MarkError` what is not exact or not from 0 to the full mark."""
    if not isinstance(mark, (Decimal, Fraction)) or (isinstance(mark, Decimal) and not mark.is_finite()):
        raise MarkError(Message(N_("A mark must be exact")))
    exact = Fraction(mark)
    if not 0 <= exact <= Fraction(component.full_mark):
        values = {"component": component.name, "full": f"{component.full_mark:f}"}
        raise MarkError(Message(N_("A mark of %(component)s lies between 0 and %(full)s"), values))
    return exact


def _in_steps(steps: int, decimals: int) -> Decimal:
    return Decimal(steps).scaleb(-decimals)
