"""How a batch combines its examiners' sheets: the figures and the way a dispute is settled (DECISIONS 25, MEASUREMENT d). Batches may differ."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from question_bank.message import N_, ExamError, Message

TRIM_FROM = 5
RANGE_LIMITS: Mapping[int, Decimal] = {3: Decimal(15), 5: Decimal(20)}
"""The range of several marks grows with their number: about 15 for three, 20 for five (MEASUREMENT d)."""
NEAR = Decimal(2)

LEAST_PLACES = 3
"""The fewest sheets that can be combined. How many a panel must have is the standard's to say."""
LARGEST_LIMIT = Decimal(100)
"""What is written beyond it is a slip that would switch a rule off unseen."""
DECIMALS = 2
LONGEST_NUMBER = 12
"""Characters in a number as it is written."""


class CombiningRuleError(ExamError):
    """Figures that cannot be meant."""


class Adjudication(StrEnum):
    """Who settles a dispute."""

    RESERVES = "reserves"
    """Two reserves score blind; the median of all sheets counts."""
    LEADER = "leader"
    """The leader's own sheet counts, with reasons in writing."""
    DISCUSSION = "discussion"
    """The panel talks; the sheets as they are afterwards count."""


ADJUDICATION_NAMES: Mapping[Adjudication, Message] = {
    Adjudication.RESERVES: Message(N_("Two reserves are called, the median of all counts")),
    Adjudication.LEADER: Message(N_("The leader decides, with reasons in writing")),
    Adjudication.DISCUSSION: Message(N_("The panel discusses, the mean of the sheets afterwards counts")),
}


@dataclass(frozen=True, slots=True)
class CombiningRule:
    """From `trim_from` sheets on (None: never) the highest and the lowest total are left out of the mean.

    A panel is in dispute if its totals lie further apart than the limit of the largest number in `range_limits` that is not above its number of
    places; or if they stand on both sides of the pass mark and their mean is at most `near` away from it. Raises `CombiningRuleError` for nonsense.
    """

    trim_from: int | None = TRIM_FROM
    range_limits: Mapping[int, Decimal] = field(default_factory=lambda: dict(RANGE_LIMITS))
    near: Decimal = NEAR
    adjudication: Adjudication = Adjudication.RESERVES

    def __post_init__(self) -> None:
        """Refuse what would leave no sheet over, or a panel without a limit."""
        if self.trim_from is not None and self.trim_from < LEAST_PLACES:
            text = N_("The highest and the lowest mark can be left out from %(least)d examiners on, not from %(given)d")
            raise CombiningRuleError(Message(text, {"least": LEAST_PLACES, "given": self.trim_from}))
        if any(number < 1 for number in self.range_limits):
            raise CombiningRuleError(Message(N_("A limit of the range is given for at least one examiner")))
        if LEAST_PLACES not in self.range_limits:
            raise CombiningRuleError(Message(N_("The limit of the range for %(places)d examiners is missing"), {"places": LEAST_PLACES}))
        for marks in (*self.range_limits.values(), self.near):
            _require_limit(marks)

    def range_limit(self, places: int) -> Decimal:
        """Return how far apart the totals of `places` sheets may lie, the limit itself included."""
        return self.range_limits[max(number for number in self.range_limits if number <= places)]

    def trims(self, places: int) -> bool:
        """Tell whether the highest and the lowest of `places` totals are left out."""
        return self.trim_from is not None and places >= self.trim_from

    def plain(self) -> dict[str, object]:
        """Return the rule in JSON types; marks are texts, so that nothing is lost."""
        return {
            "trim_from": self.trim_from,
            "range_limits": {str(places): _spelt(limit) for places, limit in sorted(self.range_limits.items())},
            "near": _spelt(self.near),
            "adjudication": str(self.adjudication),
        }

    @classmethod
    def from_plain(cls, raw: object) -> "CombiningRule":
        """Return the rule that `plain` wrote or a person sent; what is left out has its default. Raises `CombiningRuleError` for anything else."""
        table = _table(raw)
        unknown = ", ".join(str(name) for name in table if name not in {each.name for each in fields(cls)})
        if unknown:
            raise CombiningRuleError(Message(N_("The rule for combining marks has no setting called %(names)s"), {"names": unknown}))
        return cls(
            None if table.get("trim_from", TRIM_FROM) is None else _count(table.get("trim_from", TRIM_FROM)),
            {_count(places): _marks(limit) for places, limit in _table(table.get("range_limits", RANGE_LIMITS)).items()},
            _marks(table.get("near", NEAR)),
            _adjudication(table.get("adjudication", Adjudication.RESERVES)),
        )


def _spelt(marks: Decimal) -> str:
    return f"{marks.normalize():f}"


def _require_limit(marks: Decimal) -> None:
    if not marks.is_finite() or not 0 <= marks <= LARGEST_LIMIT or round(marks, DECIMALS) != marks:
        values = {"largest": f"{LARGEST_LIMIT:f}", "decimals": DECIMALS, "given": str(marks)}
        raise CombiningRuleError(
            Message(N_("A limit lies between 0 and %(largest)s marks with at most %(decimals)d decimals, not at %(given)s"), values)
        )


def _table(raw: object) -> Mapping[object, object]:
    if isinstance(raw, Mapping):
        return raw
    raise CombiningRuleError(Message(N_("The rule for combining marks is a table of settings, not %(given)s"), {"given": str(raw)}))


def _count(raw: object) -> int:
    """Return a whole number, also from its digits: JSON knows no other names of fields than texts."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.isdecimal() and len(raw) <= LONGEST_NUMBER:
        return int(raw)
    raise CombiningRuleError(Message(N_("A number of examiners is a whole number, not %(given)s"), {"given": str(raw)}))


def _marks(raw: object) -> Decimal:
    """Return marks as written in a text or as a whole number; a binary fraction has lost what was written."""
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, str) and len(raw) <= LONGEST_NUMBER:
        with suppress(InvalidOperation):
            return Decimal(raw)
    raise CombiningRuleError(Message(N_("Marks are written as a decimal number, not %(given)s"), {"given": str(raw)}))


def _adjudication(raw: object) -> Adjudication:
    if isinstance(raw, str) and raw in set(Adjudication):
        return Adjudication(raw)
    values = {"given": str(raw), "known": ", ".join(Adjudication)}
    raise CombiningRuleError(Message(N_("A dispute is settled by one of %(known)s, not by %(given)s"), values))
